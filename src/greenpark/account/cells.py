"""Cells: all rows of one unit, series and year in one row, from which totals and checks follow.

Rows are read once. A cell keeps what the checks ask about the rows behind it: how many there are, which months they
fill, how many have a value; so only what is odd is looked up among the rows again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis

from greenpark.account.activity import ACTIVITY_QUANTITIES
from greenpark.account.consolidate import DECIMALS, rank_of
from greenpark.account.kinds import LARGE, NOT_ZERO, Numbers, has_bit, is_too_large, with_kinds, with_series
from greenpark.engine.coverage import coverage_code, gather
from greenpark.engine.sums import exact_sum, fixed_sum

CELL_KEY = (
    "entity", "quantity", "carrier", "flow", "unit", "start", "end", "first", "last", "year", "coverage", "estimated", "kind",
)  # fmt: skip
NARROW_KEY = ("entity", "series", "year_number", "first", "last")


def narrow_cells(observations: Any, numbers: Numbers, dated: Any | None) -> Any:
    """The cells of counted observations, their words as numbers.

    Parameters
    ----------
    dated
        entity: units whose membership has dates; their rows stay apart by period. None: nobody's.

    Returns
    -------
    table
        entity, series, year_number; first, last; ``rows``; ``known``: those with a value; ``rank`` of the least
        confidence; ``mark``: bits of `kinds`; ``value``: the sum of those that fit, as whole numbers of the scale of
        their series, so that the amounts are sure to six decimals.
    """
    rows = _with_members(with_series(observations, numbers), dated)
    too_large = is_too_large(rows.value, rows.scale)
    mark = rows.mark + ibis.ifelse(rows.value != 0, NOT_ZERO, 0) + ibis.ifelse(too_large, LARGE, 0)
    keys = ["entity", "series", "year_number", *(("first", "last") if dated is not None else ())]
    found = rows.group_by(keys).aggregate(
        rows=rows.count(),
        known=rows.value.count(),
        rank=rank_of(rows.confidence).min(),
        mark=gather(mark.fill_null(rows.mark)),
        value=fixed_sum(rows.value * rows.scale, 0),
    )
    if dated is None:
        found = found.mutate(first=ibis.null("date"), last=ibis.null("date"))
    return found.select(*NARROW_KEY, "rows", "known", "rank", "mark", "value")


def put_in(cells: Any, more: Any) -> Any:
    """Narrow cells of some rows and of others as the cells of all of them."""
    every = cells.select(*more.columns).union(more)
    found = every.group_by(list(NARROW_KEY)).aggregate(
        rows=every.rows.sum().cast("int64"), known=every.known.sum().cast("int64"), rank=every["rank"].min(),
        mark=gather(every.mark), value=fixed_sum(every.value, 0),
    )  # fmt: skip
    return found.select(*more.columns)


def with_words(cells: Any, numbers: Numbers) -> Any:
    """Cells with their words: entity, quantity, carrier, flow (empty for none), unit, start, end and year of the year,
    first, last, coverage, estimated, kind, rows, known, rank, mark; ``value``, missing where one is too large to be
    summed; ``amount_1`` …: what the match in each slot makes of it.
    """
    named = with_kinds(cells, numbers).inner_join(numbers.series, "series")
    value = ibis.ifelse(has_bit(named.mark, LARGE), ibis.null("float64"), named.value / named.scale)
    named = named.mutate(value=value)
    named = named.inner_join(numbers.years, "year_number")
    amounts = {f"amount_{slot}": named.value * named[f"factor_{slot}"] for slot in range(1, numbers.slots + 1)}
    return named.select(
        "entity", "quantity", "carrier", "unit", "first", "last", "year", "coverage", "estimated", "kind", "rows", "known",
        "rank", "mark", "value", flow=named.flow_key, start=named.first_day, end=named.next_year, **amounts,
    )  # fmt: skip


def _with_members(rows: Any, dated: Any | None) -> Any:
    nothing = ibis.null("date")
    if dated is None:
        return rows.mutate(first=nothing, last=nothing)
    marked = rows.left_join(dated.select(dated_entity="entity"), [rows.entity == dated.entity])
    matters = marked.dated_entity.notnull()
    return marked.mutate(
        first=ibis.ifelse(matters, marked.start, nothing), last=ibis.ifelse(matters, marked.end, nothing)
    ).drop("dated_entity")


def summed_again(cells: Any, keys: Sequence[str]) -> Any:
    """Cells put together that agree in ``keys``."""
    sums = [name for name in cells.columns if name == "value" or name.startswith("amount_")]
    found = cells.group_by(list(keys)).aggregate(
        rows=cells.rows.sum().cast("int64"), known=cells.known.sum().cast("int64"), rank=cells["rank"].min(),
        mark=gather(cells.mark), **{name: exact_sum(cells[name], DECIMALS) for name in sums},
    )  # fmt: skip
    return found.select(*cells.columns)


def emission_cells(cells: Any, matches: Any, slots: int) -> Any:
    """Gas masses of units by year, method, category, gas and carrier, as `consolidate.sum_cells` makes them of rows."""
    joined = _matched(cells, matches.filter(matches.produces == "emissions"), slots)
    has_factor = joined.status.isin(["ok", "no_gwp"])
    no_mass = ibis.ifelse(has_factor, joined.rows - joined.known, joined.rows)
    return _summed(joined.mutate(no_mass=no_mass), "t", ("method", "category", "gas", "carrier"), "no_mass")


def energy_cells(cells: Any, matches: Any, slots: int) -> Any:
    """Energy [tce] of units by year, method, carrier and role."""
    joined = _matched(cells, matches.filter(matches.produces == "energy"), slots)
    missing = ibis.ifelse(joined.status == "ok", joined.rows - joined.known, joined.rows)
    return _summed(joined.mutate(missing=missing), "tce", ("method", "carrier", "role"), "missing")


def exchange_cells(cells: Any, carriers: Sequence[str]) -> Any:
    """Amounts of units by year, carrier and flow, in the carrier's unit."""
    rows = cells.filter((cells.quantity == "energy.amount") & cells.carrier.isin(list(carriers)))
    rows = rows.mutate(amount=rows.value, missing=rows.rows - rows.known)
    return _summed(rows, "amount", ("carrier", "flow"), "missing")


def coverage_of_cells(cells: Any) -> Any:
    """entity, start, end, coverage (as a number) of the activity of each year."""
    rows = cells.filter(cells.quantity.isin(ACTIVITY_QUANTITIES) & (cells.year > 0))
    return rows.group_by(["entity", "start", "end"]).aggregate(coverage=gather(coverage_code(rows.coverage)))


def _matched(cells: Any, matches: Any, slots: int) -> Any:
    matched = matches.select("kind", "slot", "method", "category", "role", "gas", "status", grade=matches.confidence)
    joined = cells.inner_join(matched, "kind")
    branches = [(joined.slot == slot, joined[f"amount_{slot}"]) for slot in range(1, slots + 1)]
    amount = ibis.cases(*branches, else_=ibis.null("float64")) if branches else ibis.null("float64")
    return joined.mutate(amount=amount, rank=ibis.least(joined["rank"], rank_of(joined.grade)))


def _summed(rows: Any, amount: str, by: tuple[str, ...], unmatched: str) -> Any:
    return rows.group_by(["entity", "start", "end", "first", "last", *by]).aggregate(
        **{amount: exact_sum(rows.amount, DECIMALS)},
        estimated=exact_sum(ibis.ifelse(rows.estimated, rows.amount, 0.0), DECIMALS),
        rows=rows.rows.sum().cast("int64"),
        rank=rows["rank"].min(),
        **{unmatched: rows[unmatched].sum().cast("int64")},
    )
