"""Rows of observations → one cell per unit, quantity, carrier, flow, partner and period, block by block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from greenpark.engine.connect import Engine
from greenpark.engine.sums import exact_sum

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# Rows of one block: with some hundred bytes a cell and a dozen copies, under two gigabytes.
BLOCK = 1_500_000
KEYS = ("entity", "quantity", "carrier", "flow", "counterparty", "unit", "batch")
_COUNTED = ("reported", "corrected", "estimated", "doubtful")
DECIMALS = 6  # a sum must not hang on the order of rows
_EPOCH_MONTH = 1970 * 12


@dataclass(frozen=True)
class Cells:
    """Cells as columns: codes of the sorted ``names`` of each key, periods, values.

    ``first`` is the month number of the period's first day (year * 12 + month - 1), ``months`` its whole months
    (0 when it does not begin or end with a month), ``start`` and ``end`` the days since 1970. ``declared`` marks what
    was declared absent, ``checked`` what may be told of (not history).
    """

    codes: dict[str, Ints]
    names: dict[str, list[str]]
    start: Ints
    end: Ints
    first: Ints
    months: Ints
    value: Floats
    declared: Bools
    checked: Bools
    line: Ints

    def __len__(self) -> int:
        return len(self.value)

    @property
    def recent(self) -> Bools:
        """What is checked, and the year of history before it: a value may look wrong because the last one is."""
        if self.checked.all() or not self.checked.any():
            return self.checked
        return np.asarray(self.checked | (self.first >= self.first[self.checked].min() - 12))

    def name(self, key: str, index: int) -> str:
        """The name that a cell has under a key."""
        return self.names[key][int(self.codes[key][index])]

    def among(self, key: str, wanted: tuple[str, ...]) -> Bools:
        """Which cells have one of these names; all when none is wanted."""
        if not wanted:
            return np.ones(len(self), dtype=bool)
        chosen = np.array([name in wanted for name in self.names[key]], dtype=bool)
        return np.asarray(chosen[self.codes[key]], dtype=bool)

    def group(self, *keys: str) -> Ints:
        """A number for each combination of keys; ``start``, ``end``, ``months`` may be among them."""
        number = np.zeros(len(self), dtype=np.int64)
        for key in keys:
            codes = self.codes[key] if key in self.codes else getattr(self, key)
            low = codes.min(initial=0)
            number = number * (int(codes.max(initial=0) - low) + 1) + (codes - low)
            number = np.unique(number, return_inverse=True)[1].astype(np.int64)
        return number


def read_blocks(observations: Any, history: Any | None, engine: Engine, block: int = BLOCK) -> Iterator[Cells]:
    """The cells of all units, some units at a time, so that memory does not grow with their number."""
    rows = _joined(observations, history)
    counted = rows.group_by("entity").aggregate(rows=rows.count())
    counts = engine.to_arrow(counted).sort_by("entity")
    entities, sizes = counts.column("entity").to_pylist(), counts.column("rows").to_pylist()
    bounds = list(_bounds(sizes, block))
    for first, last in bounds:
        chosen = rows
        if len(bounds) > 1:
            chosen = rows.filter((rows.entity >= entities[first]) & (rows.entity <= entities[last]))
        yield _cells(engine.to_arrow(_aggregated(chosen)))


def _bounds(sizes: list[int], block: int) -> Iterator[tuple[int, int]]:
    first, held = 0, 0
    for index, size in enumerate(sizes):
        if held and held + size > block:
            yield first, index - 1
            first, held = index, 0
        held += size
    if sizes:
        yield first, len(sizes) - 1


def _joined(observations: Any, history: Any | None) -> Any:
    columns = [*KEYS, "start", "end", "value", "status", "line"]
    rows = observations.filter(observations.start.notnull()).select(*columns)
    rows = rows.mutate(checked=True)
    if history is not None:
        before = history.filter(history.start.notnull()).select(*columns)
        rows = rows.union(before.mutate(checked=False))
    rows = rows.filter(rows.status.isin([*_COUNTED, "declared_absent"]))
    return rows.mutate(**{key: rows[key].fill_null("") for key in ("carrier", "flow", "counterparty")})


def _aggregated(rows: Any) -> Any:
    declared = rows.status == "declared_absent"
    marked = rows.mutate(declared=declared)
    return marked.group_by([*KEYS, "start", "end", "declared", "checked"]).aggregate(
        value=exact_sum(marked.value, DECIMALS), line=marked.line.min()
    )


def _cells(rows: pa.Table) -> Cells:
    codes, names = {}, {}
    for key in KEYS:
        codes[key], names[key] = _coded(rows.column(key))
    start, end = (_days(rows.column(name)) for name in ("start", "end"))
    first, months = _months(start, end)
    found = Cells(
        codes, names, start, end, first, months,
        np.asarray(rows.column("value").to_numpy(), dtype=np.float64),
        np.asarray(rows.column("declared").to_numpy(), dtype=bool),
        np.asarray(rows.column("checked").to_numpy(), dtype=bool),
        np.asarray(rows.column("line").to_numpy(), dtype=np.int64),
    )  # fmt: skip
    order = np.lexsort((found.line, codes["batch"], end, start, *(codes[key] for key in reversed(KEYS[:5]))))
    return _taken(found, order)


def _taken(cells: Cells, order: Ints) -> Cells:
    columns = ("start", "end", "first", "months", "value", "declared", "checked", "line")
    chosen = {name: getattr(cells, name)[order] for name in columns}
    return replace(cells, codes={key: codes[order] for key, codes in cells.codes.items()}, **chosen)


def _coded(column: pa.ChunkedArray) -> tuple[Ints, list[str]]:
    """Codes by the sorted names, so that nothing depends on the order of rows."""
    encoded = pc.dictionary_encode(column.combine_chunks())
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    names = encoded.dictionary.to_pylist()
    order = sorted(range(len(names)), key=lambda place: names[place])
    rank = np.empty(len(names), dtype=np.int64)
    rank[order] = np.arange(len(names))
    indices = np.asarray(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    return rank[indices] if len(names) else indices, [names[place] for place in order]


def _days(column: pa.ChunkedArray) -> Ints:
    return np.asarray(column.cast(pa.int32()).to_numpy(), dtype=np.int64)


def _months(start: Ints, end: Ints) -> tuple[Ints, Ints]:
    first, after = (_month_of(days) for days in (start, end))
    whole = (_day_in_month(start) == 0) & (_day_in_month(end) == 0)
    return first, np.where(whole, after - first, 0)


def _month_of(days: Ints) -> Ints:
    return np.asarray(days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + _EPOCH_MONTH)


def _day_in_month(days: Ints) -> Ints:
    dates = days.astype("datetime64[D]")
    return np.asarray((dates - dates.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64))
