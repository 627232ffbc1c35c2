"""A trial: the scheme judged once more with some values of one park changed. Everything said of gaps is tried this way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from greenpark.engine.shape import Arrow, Bools
from greenpark.evaluate.subjects import variant_parts

# Judges a whole table of indicators: the table ``scores`` without its run.
Judge = Callable[[Arrow], Arrow]
Row = dict[str, Any]
# What must be the same for a park judged alone to stand for the park judged among all.
_COMPARED = ("state", "value", "limit", "operator", "ratio", "score", "low", "high")


class NotReproducedError(ValueError):
    """Judging the stored indicators again does not give the stored scores: nothing may be said of changed ones."""


@dataclass(frozen=True)
class Subject:
    """A park in a year under one variant of a scheme."""

    scheme: str
    entity: str
    start: date
    end: date
    variant: str


class Trial:
    """Judges a subject with changed indicators; rows of other parks stay as they are.

    ``quick`` judges the same in less time, but for the ends of a score's range; it is used once ``judge`` has shown that
    the stored scores come out again.

    Raises
    ------
    NotReproducedError
        When the first judgement differs from the scores that are stored.
    """

    def __init__(
        self, indicators: Arrow, subject: Subject, judge: Judge, stored: Mapping[str, Row], quick: Judge | None = None
    ) -> None:
        self.subject = subject
        self._judge = judge
        self._indicators = indicators
        self._known: dict[tuple[tuple[str, float], ...], dict[str, Row]] = {}
        self.base = self.judged({})
        if not _same(self.base, stored):
            raise NotReproducedError(subject)
        if quick is not None:
            self._judge = quick
            self._known.clear()
            self.base = self.judged({})
        self._alone()

    def judged(self, changes: Mapping[str, float]) -> dict[str, Row]:
        """The rows of the subject by node, with these indicators (full id → value in its own unit) changed."""
        key = tuple(sorted(changes.items()))
        if key not in self._known:
            self._known[key] = self._judged(changes)
        return self._known[key]

    def _judged(self, changes: Mapping[str, float]) -> dict[str, Row]:
        table = self._indicators
        if changes:
            value = np.array(self._values)
            status = list(self._status)
            for name, number in changes.items():
                places = np.flatnonzero(self._places(name))
                value[places] = number
                for place in places:
                    status[place] = "ok" if status[place] == "not_evaluable" else status[place]
            table = _with(table, "value", pa.array(value, from_pandas=True))
            table = _with(table, "status", pa.array(status, pa.string()))
        return self._rows(self._judge(table))

    def has(self, indicator: str) -> bool:
        """Whether the subject has a row of this indicator, known or not."""
        return bool(self._places(indicator).any())

    def value_of(self, indicator: str) -> float | None:
        """The value of an indicator of the subject; None when it has none."""
        found = [value for value in self._values[self._places(indicator)].tolist() if not np.isnan(value)]
        return found[0] if found else None

    def _rows(self, scores: Arrow) -> dict[str, Row]:
        own = scores
        for name in ("scheme", "entity", "start", "end"):
            own = own.filter(pc.equal(own.column(name), pa.scalar(getattr(self.subject, name))))
        rows = [row for row in own.to_pylist() if (row["variant"] or "") == self.subject.variant]
        return {row["node"]: row for row in rows}

    def _alone(self) -> None:
        """Leave the other parks out where they do not matter: one park is judged in far less time than all."""
        every = self._indicators
        alone = every.filter(pc.equal(every.column("entity"), self.subject.entity))
        if alone.num_rows == every.num_rows:
            return
        if _same(self._rows(self._judge(alone)), self.base):
            self._indicators = alone
            for name in ("_values", "_status", "_own", "_names", "_variants"):
                self.__dict__.pop(name, None)

    @cached_property
    def _values(self) -> Any:
        return np.array(self._indicators.column("value").to_numpy(zero_copy_only=False), dtype=np.float64)

    @cached_property
    def _status(self) -> list[str]:
        found: list[str] = self._indicators.column("status").to_pylist()
        return found

    @cached_property
    def _names(self) -> Any:
        return np.array(self._indicators.column("indicator").to_pylist(), dtype=object)

    @cached_property
    def _own(self) -> Bools:
        """Rows of the park and year."""
        held = self._indicators
        mask = pc.and_(
            pc.equal(held.column("entity"), self.subject.entity),
            pc.and_(
                pc.equal(held.column("start"), pa.scalar(self.subject.start)),
                pc.equal(held.column("end"), pa.scalar(self.subject.end)),
            ),
        )
        return np.array(pc.fill_null(mask, False).to_numpy(zero_copy_only=False), dtype=np.bool_)

    @cached_property
    def _variants(self) -> Bools:
        """Rows that the subject's variant reads: each part of theirs is one of its own (of another switch, none is)."""
        wanted = variant_parts(self.subject.variant)
        held = [variant_parts(each or "") for each in self._indicators.column("variant").to_pylist()]
        fits = [all(wanted.get(key) == value for key, value in parts.items()) for parts in held]
        return np.array(fits, dtype=np.bool_)

    def _places(self, indicator: str) -> Bools:
        return np.asarray(self._own & self._variants & (self._names == indicator), dtype=np.bool_)


def _with(table: Arrow, name: str, values: Any) -> Arrow:
    place = table.schema.get_field_index(name)
    return table.set_column(place, table.schema.field(name), values)


def _same(first: Mapping[str, Row], second: Mapping[str, Row]) -> bool:
    if first.keys() != second.keys():
        return False
    return all(first[node].get(name) == second[node].get(name) for node in first for name in _COMPARED)
