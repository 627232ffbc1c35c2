"""What is missing from the data of a unit and year, so that no total looks complete when it is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import ibis
import pyarrow as pa

from greenpark.account.activity import COUNTED
from greenpark.account.boundary import ALWAYS, Boundary
from greenpark.engine.connect import Engine
from greenpark.model.findings import Finding, Place, Severity

STAGE = "account"
PLACE = ("file", "sheet", "cell")
NAMED = 500
_COMPLETE = ("use_industrial", "use_other", "purchase", "sale", "transform_out", "transform_in", "recovery", "")
_YEAR_MARK = ("entity", "start", "end")
_SERIES = ["entity", "quantity", "carrier", "flow", "year"]
_ALL = ("energy", "co2", "ghg", "electricity", "heat")
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Gaps:
    """What is incomplete, with every level above, and why.

    ``computed``: entity, start, end and the family of figures (energy, co2 …); ``reported``: entity, start, end,
    quantity, item.
    ``overlapping``: entity, quantity, carrier, year of series that cover days twice; ``broken``: entity, carrier, year
    of energy that is left out of totals because it cannot be right.
    """

    computed: pa.Table
    reported: pa.Table
    findings: tuple[Finding, ...]
    overlapping: tuple[Mapping[str, Any], ...] = ()
    broken: pa.Table = field(default_factory=lambda: pa.table({}))


def find_gaps(
    observations: Any, facts: Any, counted: pa.Table, boundary: Boundary, lacking: Sequence[Mapping[str, Any]],
    traded: Sequence[str], engine: Engine, refused: Sequence[tuple[str, str, int]] = (),
) -> Gaps:  # fmt: skip
    """The series that do not fill their year or fill it twice.

    Parameters
    ----------
    facts
        quantity, over_time.
    counted
        carrier, flow: pairs that some method counts; other energy flows may be as they are.
    lacking
        entity, carrier, flow, year that are known to be missing for another reason.
    traded
        Carriers of power and heat that are bought and sold.
    refused
        (entity, quantity, year) of cells that could not be read: whatever rests on them is partial.
    """
    rows = engine.to_arrow(_uneven_series(observations, facts, counted, boundary, engine)).to_pylist()
    rows.sort(key=lambda row: (*(str(row[name]) for name in _SERIES),))
    short = [row for row in rows if row["covered"] < row["expected"]]
    twice = [row for row in rows if row["doubled"]]
    energy = [row for row in rows if row["quantity"] == "energy.amount"]
    computed = {
        (row["entity"], row["year"], family)
        for row in (*energy, *lacking)
        for family in _families(row["carrier"] in traded, row["flow"])
    }
    computed |= {
        (entity, year, family) for entity, quantity, year in refused if quantity == "energy.amount" for family in _ALL
    }
    others = {
        (row["entity"], row["year"], row["quantity"], row["carrier"])
        for row in rows
        if row["quantity"] != "energy.amount"
    }
    others |= {(entity, year, quantity, "") for entity, quantity, year in refused}
    above = _ancestors(boundary)
    findings = (
        *first_of("months_missing", [_series_finding("months_missing", "warning", row) for row in short]),
        *first_of("periods_overlap", [_series_finding("periods_overlap", "error", row) for row in twice]),
    )
    marks = _marks(computed, above, ("family",)), _marks(others, above, ("quantity", "item"))
    return Gaps(*marks, findings, tuple(twice))


def _families(traded: bool, flow: str) -> tuple[str, ...]:
    """The figures that a gap in a flow makes incomplete: emissions follow what is bought of power and heat, and what
    is used of fuels.
    """
    if not traded:
        return ("energy", "co2", "ghg")
    if flow in ("purchase", "sale"):
        return _ALL
    return ("energy", "electricity", "heat")


def _uneven_series(observations: Any, facts: Any, counted: pa.Table, boundary: Boundary, engine: Engine) -> Any:
    """One row per series of a year that covers less of it than it should, or covers days twice."""
    series = _series(observations, facts, engine.from_arrow(counted))
    limits = boundary.units.select(["entity", "since", "until"])
    if boundary.dated:
        member = engine.from_arrow(limits).rename(member="entity")
        series = series.left_join(member, [series.entity == member.member]).drop("member")
    else:
        series = series.mutate(since=ibis.literal(ALWAYS[0]), until=ibis.literal(ALWAYS[1]))
    year_start = series.start.truncate("Y").cast("date")
    year_end = (year_start + ibis.interval(years=1)).cast("date")
    inside = series.end <= year_end
    low = ibis.greatest(_day(year_start), _day(series.since.fill_null(ALWAYS[0])))
    high = ibis.least(_day(year_end), _day(series.until.fill_null(ALWAYS[1])))
    spans = series.mutate(
        low=low, high=high,
        from_day=ibis.ifelse(inside, _day(series.start), _day(year_start)),
        to_day=ibis.ifelse(inside, _day(series.end), _day(year_start)),
    )  # fmt: skip
    before = ibis.window(group_by=_SERIES, order_by=["from_day", "to_day"], preceding=(None, 1))
    spans = spans.mutate(reached=spans.to_day.max().over(before).fill_null(_days(ALWAYS[0])))
    begin = ibis.greatest(spans.from_day, spans.reached, spans.low)
    spans = spans.mutate(
        fresh=ibis.greatest(ibis.least(spans.to_day, spans.high) - begin, 0),
        doubled=(spans.from_day < spans.reached) & (spans.from_day < spans.to_day),
    )
    found = spans.group_by(_SERIES).aggregate(
        covered=spans.fresh.sum().cast("int64"),
        expected=ibis.greatest(spans.high.min() - spans.low.max(), 0).cast("int64"),
        doubled=spans.doubled.any(),
        **{name: spans[name].min() for name in PLACE},
    )
    return found.filter((found.covered < found.expected) | found.doubled)


def _series(observations: Any, facts: Any, counted: Any) -> Any:
    """The distinct periods of every series that should fill its year."""
    rows = observations.filter(observations.status.isin(COUNTED) & observations.start.notnull())
    rows = rows.mutate(
        carrier=rows.carrier.fill_null(""), flow=rows.flow.fill_null(""), year=rows.start.year().cast("int64")
    )
    summed = facts.filter((facts.over_time == "sum") & (facts.quantity != "energy.amount")).select("quantity")
    energy = rows.filter((rows.quantity == "energy.amount") & rows.flow.isin(list(_COMPLETE)))
    energy = energy.semi_join(counted, ["carrier", "flow"])
    every = energy.union(rows.semi_join(summed, "quantity"))
    return every.group_by([*_SERIES, "start", "end"]).aggregate(**{name: every[name].min() for name in PLACE})


def _ancestors(boundary: Boundary) -> dict[str, tuple[str, ...]]:
    pairs = boundary.closure.select(["entity", "ancestor"]).to_pylist()
    above: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        above[pair["entity"]] = (*above.get(pair["entity"], ()), pair["ancestor"])
    return above


def _marks(found: Any, above: Mapping[str, tuple[str, ...]], more: tuple[str, ...]) -> pa.Table:
    names = ("entity", "year", *more)
    every = sorted({(up, *rest) for entity, *rest in found for up in above.get(entity, (entity,))})
    rows = [dict(zip(names, each, strict=True)) for each in every]
    for row in rows:
        year = row.pop("year")
        row |= {"start": date(year, 1, 1), "end": date(year + 1, 1, 1)}
    dates = {"start": pa.date32(), "end": pa.date32()}
    schema = pa.schema([(name, dates.get(name, pa.string())) for name in (*_YEAR_MARK, *more)])
    return pa.Table.from_pylist(rows, schema=schema)


def _series_finding(rule: str, severity: Severity, row: Mapping[str, Any]) -> Finding:
    energy = row["quantity"] == "energy.amount"
    values = {
        "carrier": row["carrier"] if energy or row["carrier"] else row["quantity"],
        "flow": row["flow"] if energy else row["quantity"],
        "days": row["covered"], "expected": row["expected"],
    }  # fmt: skip
    return placed_finding(rule, severity, row, **values)


def placed_finding(rule: str, severity: Severity, row: Mapping[str, Any], **values: object) -> Finding:
    """A finding of this stage on an entity, carrier and year, at the first place of its rows."""
    place = Place(row.get("file") or "", row.get("sheet") or "", row.get("cell") or "")
    named = {"carrier": row.get("carrier") or "", "year": row.get("year"), **values}
    subject = row.get("carrier") or row.get("quantity") or ""
    return Finding(severity, STAGE, rule, f"account.{rule}", named, row.get("entity") or "", subject, place=place)


def first_of(rule: str, found: Sequence[Finding]) -> tuple[Finding, ...]:
    """The first findings of a rule, and one that says so where there are more."""
    if len(found) <= NAMED:
        return tuple(found)
    more = Finding("warning", STAGE, rule, "account.more_findings", {"named": NAMED, "all": len(found)})
    return (*found[:NAMED], more)


def first_place(rows: Any) -> dict[str, Any]:
    """The first place of a group, as a person would look for it."""
    return {name: rows[name].min() for name in PLACE}


def _day(column: Any) -> Any:
    return column.delta(ibis.literal(_EPOCH), unit="day").cast("int64")


def _days(day: date) -> int:
    return (day - _EPOCH).days
