"""What is missing from the data of a unit and year, so that no total looks complete when it is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from greenpark.account.activity import COUNTED
from greenpark.account.boundary import ALWAYS, Boundary
from greenpark.account.kinds import ALL_MONTHS, MONTHS, OTHER_PERIOD, WHOLE_YEAR, has_bit
from greenpark.engine.connect import Engine
from greenpark.engine.coverage import gather
from greenpark.model.findings import Finding, Place, Severity

STAGE = "account"
PLACE = ("file", "sheet", "cell")
NAMED = 500
_COMPLETE = ("use_industrial", "use_other", "purchase", "sale", "transform_out", "transform_in", "recovery", "")
_YEAR_MARK = ("entity", "start", "end")
_SERIES = ["entity", "quantity", "carrier", "flow", "year"]
_ALL = ("energy", "co2", "ghg", "electricity", "heat")
_EPOCH = date(1970, 1, 1)
Row = Mapping[str, Any]
# Rows of cells with the place of the first observation behind each.
Locate = Callable[[Sequence[Row]], list[Row]]
# What a gap in a flow makes incomplete, by whether the carrier is traded and the flow trade.
FAMILIES = {
    "traded": _ALL,
    "used": ("energy", "electricity", "heat"),
    "fuel": ("energy", "co2", "ghg"),
    "product": ("co2", "ghg"),
}


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
    cells: Any, observations: Any, summed: Sequence[str], boundary: Boundary, lacking: Sequence[Row],
    traded: Sequence[str], engine: Engine, refused: Sequence[tuple[str, str, int]] = (),
    wanted: pa.Array | None = None,
) -> Gaps:  # fmt: skip
    """The series that do not fill their year or fill it twice.

    Parameters
    ----------
    cells
        Cells of the observations; only where these are no plain months and years are the rows looked at.
    summed
        Reported quantities that add up over time, and therefore should fill their year.
    lacking
        entity, carrier, flow, year that are known to be missing for another reason, and perhaps the ``families`` of
        figures that are incomplete for it.
    traded
        Carriers of power and heat that are bought and sold.
    refused
        (entity, quantity, year) of cells that could not be read: whatever rests on them is partial.
    wanted
        The entities whose figures are asked for; None for all.
    """
    uneven = engine.cache(_uneven(cells, observations, summed, boundary, engine))
    short = uneven.filter(uneven.covered < uneven.expected)
    twice = uneven.filter(uneven.doubled)
    closure = (
        boundary.closure if wanted is None else boundary.closure.filter(pc.is_in(boundary.closure["ancestor"], wanted))
    )
    above = engine.from_arrow(closure.select(["entity", "ancestor"]))
    computed = {
        (row["ancestor"], row["year"], family)
        for row in engine.to_arrow(_families_of(uneven, traded, above)).to_pylist()
        for family in FAMILIES[row["touches"]]
    }
    others = {
        (row["ancestor"], row["year"], row["quantity"], row["carrier"])
        for row in engine.to_arrow(_others_of(uneven, above)).to_pylist()
    }
    computed |= _climbed(
        {(row["entity"], row["year"], family) for row in lacking for family in _families(row, traded)}
        | {
            (entity, year, family)
            for entity, quantity, year in refused
            if quantity == "energy.amount"
            for family in _ALL
        },
        closure,
    )
    others |= _climbed({(entity, year, quantity, "") for entity, quantity, year in refused}, closure)
    marks = _marks(computed, ("family",)), _marks(others, ("quantity", "item"))
    doubled = sorted(engine.to_arrow(twice).to_pylist(), key=_order)
    named, every = _first_rows(short, engine)

    def locate(rows: Sequence[Row]) -> list[Row]:
        return locate_rows(rows, observations, engine, _SERIES)

    findings = (
        *first_located(
            "months_missing", named, lambda row: _series_finding("months_missing", "warning", row), locate, every
        ),
        *first_located(
            "periods_overlap", doubled, lambda row: _series_finding("periods_overlap", "error", row), locate
        ),
    )
    return Gaps(*marks, findings, tuple(doubled))


def _order(row: Row) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in _SERIES)


def _first_rows(table: Any, engine: Engine) -> tuple[list[Row], int]:
    """The first rows in their order, as many as are named, and how many there are in all."""
    count = int(engine.to_arrow(table.aggregate(n=table.count())).column("n")[0].as_py())
    if not count:
        return [], 0
    return engine.to_arrow(table.order_by(_SERIES).limit(NAMED)).to_pylist(), count


def _touches(rows: Any, traded: Sequence[str]) -> Any:
    is_traded = rows.carrier.isin(list(traded))
    return ibis.cases(
        (is_traded & rows.flow.isin(["purchase", "sale"]), "traded"), (is_traded, "used"), else_="fuel"
    )  # fmt: skip


def _families(row: Row, traded: Sequence[str]) -> tuple[str, ...]:
    """The figures that a gap in a flow makes incomplete: emissions follow what is bought of power and heat, and what
    is used of fuels; or those that the row names itself.
    """
    if "families" in row:
        return tuple(row["families"])
    if row["carrier"] not in traded:
        return FAMILIES["fuel"]
    return FAMILIES["traded" if row["flow"] in ("purchase", "sale") else "used"]


def _families_of(uneven: Any, traded: Sequence[str], above: Any) -> Any:
    energy = uneven.filter(uneven.quantity == "energy.amount")
    found = energy.select("entity", "year", touches=_touches(energy, traded)).distinct()
    return found.inner_join(above, "entity").select("ancestor", "year", "touches").distinct()


def _others_of(uneven: Any, above: Any) -> Any:
    others = uneven.filter(uneven.quantity != "energy.amount")
    found = others.select("entity", "year", "quantity", "carrier").distinct()
    return found.inner_join(above, "entity").drop("entity").distinct()


def _climbed(found: set[tuple[Any, ...]], closure: pa.Table) -> set[tuple[Any, ...]]:
    """The same for every entity above."""
    if not found:
        return set()
    entities = pa.array(sorted({entity for entity, *_ in found}), pa.string())
    above: dict[str, list[str]] = {}
    for pair in closure.filter(pc.is_in(closure["entity"], entities)).select(["entity", "ancestor"]).to_pylist():
        above.setdefault(pair["entity"], []).append(pair["ancestor"])
    return {(up, *rest) for entity, *rest in found for up in above.get(entity, [entity])}


def _uneven(cells: Any, observations: Any, summed: Sequence[str], boundary: Boundary, engine: Engine) -> Any:
    """One row per series of a year that covers less of it than it should, or covers days twice."""
    series = _marked_series(cells, summed)
    odd = has_bit(series.mark, OTHER_PERIOD)
    if boundary.dated:
        odd = odd | series.entity.isin(list(boundary.dated))
    series = engine.cache(series.mutate(odd=odd))
    plain = _plain_series(series.filter(~series.odd))
    strange = series.filter(series.odd).select(*_SERIES)
    if not int(engine.to_arrow(strange.aggregate(n=strange.count())).column("n")[0].as_py()):
        return plain
    return plain.union(_uneven_series(observations, strange, boundary, engine).select(*plain.columns))


def _marked_series(cells: Any, summed: Sequence[str]) -> Any:
    """The series that should fill their year, with the periods that occur in each."""
    is_energy = cells.quantity == "energy.amount"
    # A cell has a kind where some method counts it; other energy flows may be as they are.
    due = (is_energy & cells.flow.isin(list(_COMPLETE)) & cells.kind.notnull()) | cells.quantity.isin(list(summed))
    every = cells.filter((cells.year > 0) & due)
    return every.group_by(_SERIES).aggregate(mark=gather(every.mark))


def _plain_series(series: Any) -> Any:
    """The uneven ones of series whose rows are all calendar months or whole years."""
    leap = ((series.year % 4 == 0) & (series.year % 100 != 0)) | (series.year % 400 == 0)
    days = ibis.ifelse(leap, 366, 365).cast("int64")
    whole = has_bit(series.mark, WHOLE_YEAR)
    months = series.mark % (ALL_MONTHS + 1)
    covered = ibis.literal(0, "int64")
    for month in range(MONTHS):
        length = (date(2023, month + 2, 1) if month < MONTHS - 1 else date(2024, 1, 1)) - date(2023, month + 1, 1)
        own = length.days + ibis.ifelse(leap, 1, 0) if month == 1 else length.days
        covered = covered + ibis.ifelse(has_bit(series.mark, 1 << month), own, 0)
    found = series.select(
        *_SERIES, covered=ibis.ifelse(whole, days, covered).cast("int64"), expected=days, doubled=whole & (months > 0)
    )
    return found.filter((found.covered < found.expected) | found.doubled)


def _uneven_series(observations: Any, strange: Any, boundary: Boundary, engine: Engine) -> Any:
    """The same for series with other periods, or of units that belong to the boundary for a time, from their rows."""
    series = _series(observations, strange)
    limits = boundary.units.select(["entity", "since", "until"])
    member = engine.from_arrow(limits).rename(member="entity")
    series = series.left_join(member, [series.entity == member.member]).drop("member")
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
    )
    return found.filter((found.covered < found.expected) | found.doubled)


def _series(observations: Any, strange: Any) -> Any:
    """The distinct periods of some series."""
    rows = observations.filter(observations.status.isin(COUNTED) & observations.start.notnull())
    rows = rows.select(
        "entity", "quantity", "start", "end",
        carrier=rows.carrier.fill_null(""), flow=rows.flow.fill_null(""), year=rows.start.year().cast("int64"),
    )  # fmt: skip
    return rows.semi_join(strange, _SERIES).distinct()


def _marks(found: set[tuple[Any, ...]], more: tuple[str, ...]) -> pa.Table:
    names = ("entity", "year", *more)
    rows = [dict(zip(names, each, strict=True)) for each in sorted(found)]
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


def row_of_source(row: Mapping[str, Any]) -> tuple[str | None, ...]:
    """The row of the source that an observation stands in: batch, file, sheet and the number in its cell."""
    number = "".join(character for character in row["cell"] or "" if character.isdigit())
    return row["batch"], row["file"], row["sheet"], number


def first_of(rule: str, found: Sequence[Finding]) -> tuple[Finding, ...]:
    """The first findings of a rule, and one that says so where there are more."""
    return (*found[:NAMED], *_more(rule, len(found)))


def first_located(
    rule: str, rows: Sequence[Row], make: Callable[[Row], Finding], locate: Locate, every: int | None = None
) -> tuple[Finding, ...]:
    """The findings of the first rows, each at its place, and one that says so where there are more.

    Parameters
    ----------
    every
        How many there are, where ``rows`` are the first of them only.
    """
    named = rows[:NAMED]
    found = [make(row) for row in locate(named)] if named else []
    return (*found, *_more(rule, len(rows) if every is None else every))


def _more(rule: str, count: int) -> tuple[Finding, ...]:
    values: dict[str, object] = {"named": NAMED, "all": count}
    return (Finding("warning", STAGE, rule, "account.more_findings", values),) if count > NAMED else ()


def locate_rows(rows: Sequence[Row], observations: Any, engine: Engine, by: Sequence[str]) -> list[Row]:
    """The rows with file, sheet and cell of the first counted observation that agrees with each in ``by``."""
    if not rows:
        return []
    entities = sorted({row["entity"] for row in rows})
    seen = observations.filter(observations.entity.isin(entities) & observations.status.isin(COUNTED))
    seen = seen.mutate(
        carrier=seen.carrier.fill_null(""), flow=seen.flow.fill_null(""), year=seen.start.year().cast("int64")
    )
    if "quantity" not in by:
        seen = seen.filter(seen.quantity == "energy.amount")
    found = engine.to_arrow(seen.group_by(list(by)).aggregate(**first_place(seen))).to_pylist()
    places = {tuple(row[name] for name in by): {name: row[name] for name in PLACE} for row in found}
    return [{**row, **places.get(tuple(row[name] for name in by), {})} for row in rows]


def first_place(rows: Any) -> dict[str, Any]:
    """The first place of a group, as a person would look for it."""
    return {name: rows[name].min() for name in PLACE}


def _day(column: Any) -> Any:
    return column.delta(ibis.literal(_EPOCH), unit="day").cast("int64")


def _days(day: date) -> int:
    return (day - _EPOCH).days
