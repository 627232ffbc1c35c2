"""A number as it is shown: one object, hence the same digits, unit and reference on page, sheet and terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from greenpark.model.numbers import printed, rounded
from greenpark.model.text import Text
from greenpark.publish.lookup import lookup_of
from greenpark.publish.naming import NOTHING, Names, period_text
from greenpark.publish.references import references
from greenpark.publish.release import Lookup, Release

Row = dict[str, Any]


@dataclass(frozen=True)
class Number:
    """A value with everything that stands beside it; ``value`` is None where there is none, which is never zero."""

    value: float | None
    unit: Text
    reference: str = ""
    status: str = "ok"
    confidence: str = ""
    coverage: str = ""

    @property
    def text(self) -> str:
        """The full digits, or a dash."""
        return NOTHING if self.value is None else printed(self.value)

    @property
    def decimals(self) -> int:
        """The digits after the decimal point that ``text`` shows."""
        return len(self.text.partition(".")[2])


def number_of(value: float | None, unit: Text, reference: str = "", **marks: str) -> Number:
    """The number, rounded as it is shown everywhere."""
    return Number(None if value is None else rounded(value), unit, reference, **marks)


_KEPT = "_shown"


class Shown:
    """The tables of a release as rows that know their reference, and the names of their ids."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.names = Names(release.definitions, release.entities, lambda: self.figures)

    @cached_property
    def lookup(self) -> Lookup:
        """All rows of the run."""
        return lookup_of(self.release)

    @cached_property
    def figures(self) -> list[Row]:
        """Figures in the order of their key, each with its ``reference``."""
        return self._rows("figures")

    @cached_property
    def figures_of(self) -> dict[tuple[str, date, date], list[Row]]:
        """The figures of each entity and period."""
        found: dict[tuple[str, date, date], list[Row]] = {}
        for row in self.figures:
            found.setdefault((row["entity"], row["start"], row["end"]), []).append(row)
        return found

    @cached_property
    def indicators(self) -> list[Row]:
        """Indicators in the order of their key."""
        return self._rows("indicators")

    @cached_property
    def scores(self) -> list[Row]:
        """Scores in the order of their key."""
        return self._rows("scores")

    @cached_property
    def progress(self) -> list[Row]:
        """Progress towards targets."""
        return self._rows("progress")

    @cached_property
    def findings(self) -> list[Row]:
        """Findings in the order of reports."""
        return self._rows("findings")

    @cached_property
    def growth(self) -> list[Row]:
        """Growth of totals, each in its kinds."""
        return self._rows("growth")

    @cached_property
    def drivers(self) -> list[Row]:
        """What moved totals."""
        return self._rows("drivers")

    @cached_property
    def uncertainty(self) -> list[Row]:
        """Uncertainty of totals, and what it comes from."""
        return self._rows("uncertainty")

    @cached_property
    def completeness(self) -> list[Row]:
        """What was due, and what is there."""
        return self._rows("completeness")

    def _rows(self, table: str) -> list[Row]:
        held = self.release.tables.get(table)
        if held is None:
            return []
        numbered = zip(held.to_pylist(), references(table, held), strict=True)
        # A finding has a name of its own, under which it is closed.
        rows = [{**row, "close_by": row.get("reference"), "reference": name} for row, name in numbered]
        return sorted(rows, key=lambda row: _order(table, row))

    def number(self, row: Mapping[str, Any], column: str = "value", unit: str | None = None) -> Number:
        """A column of a row as a shown number."""
        return number_of(
            row[column],
            self.names.unit(row.get("unit") if unit is None else unit),
            row.get("reference", ""),
            status=row.get("status") or row.get("state") or "ok",
            confidence=row.get("confidence") or "",
            coverage=row.get("coverage") or "",
        )

    def percent(self, row: Mapping[str, Any], column: str) -> Number:
        """A share of a row as a percentage."""
        share = row[column]
        return number_of(None if share is None else share * 100, self.names.unit("%"), row.get("reference", ""))

    @cached_property
    def focus(self) -> tuple[str, ...]:
        """The entities that the report is about: the job's boundary, else those without a parent that have figures."""
        with_figures = {row["entity"] for row in self.figures}
        if self.release.job.boundary:
            return (self.release.job.boundary,)
        known = self.names.entity_rows
        roots = {each for each in with_figures if (known.get(each) or {}).get("parent") not in known}
        return tuple(sorted(roots))

    @cached_property
    def years(self) -> list[str]:
        """The whole years of which there are figures of the focus, oldest first."""
        focus = set(self.focus)
        return sorted({period_of(row) for row in self.figures if row["entity"] in focus and is_year(row)})


def shown_of(release: Release) -> Shown:
    """The rows and names of a release, made once for all its outputs and kept with it."""
    kept: dict[str, Any] = release.__dict__
    if _KEPT not in kept:
        kept[_KEPT] = Shown(release)
    found: Shown = kept[_KEPT]
    return found


def period_of(row: Mapping[str, Any]) -> str:
    """The period of a row as ISO."""
    return period_text(row["start"], row["end"])


def is_year(row: Mapping[str, Any]) -> bool:
    """Whether the row's period is a calendar year."""
    return len(period_of(row)) == 4


def is_month(row: Mapping[str, Any]) -> bool:
    """Whether the row's period is one month."""
    text = period_of(row)
    return len(text) == 7 and "Q" not in text


def newest(rows: list[Row]) -> str:
    """The newest period among rows, whole years before others; empty when there are no rows."""
    years = [period_of(row) for row in rows if is_year(row)]
    return max(years or [period_of(row) for row in rows], default="")


def _order(table: str, row: Row) -> tuple[Any, ...]:
    if table == "findings":
        return (row["sort_key"],)
    names = {
        "figures": ("entity", "quantity", "item", "start", "end", "variant"),
        "indicators": ("entity", "indicator", "start", "end", "variant"),
        "progress": ("pack", "target", "entity"),
        "growth": ("entity", "quantity", "item", "start", "end", "variant", "kind"),
        "drivers": ("entity", "variant", "start", "base_start", "approach", "level", "item", "driver"),
        "uncertainty": ("entity", "quantity", "variant", "start", "end", "approach", "source"),
        "completeness": ("entity", "quantity", "carrier", "start", "end"),
        "scores": ("scheme", "entity", "start", "end", "variant", "node"),
    }[table]
    return tuple((row[name] is not None, row[name]) for name in names)
