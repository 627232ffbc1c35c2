"""How complete the data are, as it is printed: what was due, what is there, what was estimated, and the last day."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from greenpark.model.text import Text
from greenpark.publish.naming import NOTHING, plain
from greenpark.publish.shown import Number, Row, Shown, number_of, period_of

GAP_LIMIT = 200
_COUNTS = ("expected", "present", "estimated", "absent", "missing")


@dataclass(frozen=True)
class CoverageOf:
    """Counts of values due, for one entity or for all: how many are there, estimated, declared absent, missing."""

    entity: Text
    expected: int
    present: int
    estimated: int
    absent: int
    missing: int
    present_percent: Number
    last_day: str
    estimated_tce: Number
    estimated_co2: Number


@dataclass(frozen=True)
class GapLine:
    """One line of what was due: an entity, a quantity or carrier, a period."""

    reference: str
    entity: Text
    quantity: Text
    carrier: Text
    period: str
    expected: int
    present: int
    estimated: int
    absent: int
    missing: int
    notation: Text
    months: str
    missing_months: str
    last_day: str
    estimated_tce: Number
    estimated_co2: Number


@dataclass(frozen=True)
class Completeness:
    """The whole, each entity (those with gaps first), each period, and the lines where something is missing."""

    total: CoverageOf
    entities: tuple[CoverageOf, ...]
    periods: tuple[CoverageOf, ...]
    gaps: tuple[GapLine, ...]
    gaps_left_out: int


def completeness_of(shown: Shown) -> Completeness | None:
    """How complete the data of a release are; None where it was not looked at."""
    rows = shown.completeness
    if not rows:
        return None
    by_entity, by_period = _grouped(rows, lambda row: row["entity"]), _grouped(rows, period_of)
    entities = [_coverage(shown, shown.names.entity(entity), of) for entity, of in by_entity.items()]
    entities.sort(key=lambda line: (-line.missing, -line.estimated, line.entity.zh))
    gaps = [row for row in rows if row["missing"] or row["estimated"]]
    gaps.sort(key=lambda row: (-row["missing"], -(row["estimated_co2"] or 0.0), row["reference"]))
    return Completeness(
        total=_coverage(shown, shown.names.say("publish.all_items"), rows),
        entities=tuple(entities),
        periods=tuple(_coverage(shown, plain(period), of) for period, of in sorted(by_period.items())),
        gaps=tuple(gap_line(shown, row) for row in gaps[:GAP_LIMIT]),
        gaps_left_out=max(0, len(gaps) - GAP_LIMIT),
    )


def gap_line(shown: Shown, row: Row) -> GapLine:
    """One row as it is printed."""
    names = shown.names
    return GapLine(
        reference=row["reference"],
        entity=names.entity(row["entity"]),
        quantity=names.quantity(row["quantity"]),
        carrier=names.item(row["carrier"]) if row["carrier"] else plain(""),
        period=period_of(row),
        **{name: row[name] for name in _COUNTS},
        notation=names.word("notation", row["notation"]) if row["notation"] else plain(""),
        months=row["months"] or "",
        missing_months=_missing(row["months"] or ""),
        last_day=_day(row["last_day"]),
        estimated_tce=number_of(row["estimated_tce"], plain("tce"), row["reference"]),
        estimated_co2=number_of(row["estimated_co2"], plain("tCO2"), row["reference"]),
    )


def _missing(months: str) -> str:
    """The numbers of the missing months, like ``2, 10–12``."""
    runs = re.finditer("m+", months)
    return ", ".join(str(run.start() + 1) if len(run[0]) == 1 else f"{run.start() + 1}–{run.end()}" for run in runs)


def _grouped(rows: Iterable[Row], key: Callable[[Row], str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _coverage(shown: Shown, name: Text, rows: list[Row]) -> CoverageOf:
    counts = {column: sum(row[column] for row in rows) for column in _COUNTS}
    answered = counts["present"] + counts["absent"]
    days = [row["last_day"] for row in rows if row["last_day"]]
    return CoverageOf(
        entity=name,
        **counts,
        present_percent=number_of(100 * answered / counts["expected"] if counts["expected"] else None, plain("%")),
        last_day=_day(max(days, default=None)),
        estimated_tce=number_of(_sum(row["estimated_tce"] for row in rows), plain("tce")),
        estimated_co2=number_of(_sum(row["estimated_co2"] for row in rows), plain("tCO2")),
    )


def _sum(values: Iterable[float | None]) -> float | None:
    """The sum of what is known; nothing when nothing is known."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _day(day: date | None) -> str:
    return day.isoformat() if day else NOTHING
