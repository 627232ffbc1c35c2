"""Figures of quantities that are reported, not computed: output, water, waste, land, money, published figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import pyarrow as pa

from greenpark.account.activity import COUNTED
from greenpark.account.consolidate import DECIMALS, as_figures, rank_of
from greenpark.account.levels import Levels, climb, to_member_years
from greenpark.engine.connect import Engine
from greenpark.engine.coverage import coverage_code, gather
from greenpark.engine.sums import exact_sum
from greenpark.model.knowledge import Quantity

_KEYS = ["entity", "quantity", "item", "unit", "start", "end"]
_RULES = ["over_time", "over_entities"]
_ENERGY = "energy.amount"


def quantity_facts(quantities: Mapping[str, Quantity]) -> pa.Table:
    """quantity, over_time, over_entities: how each reported quantity adds up."""
    names = sorted(quantities)
    return pa.table(
        {
            "quantity": pa.array(names, pa.string()),
            "over_time": pa.array([quantities[name].over_time for name in names], pa.string()),
            "over_entities": pa.array([quantities[name].over_entities for name in names], pa.string()),
        }
    )


def reported_figures(
    observations: Any, facts: Any, levels: Levels, engine: Engine, rules: Mapping[str, str], cells: Any | None = None
) -> Any:
    """Reported quantities per entity and period, added over time and over entities as each quantity allows.

    Over time: sums add up; a state at a day (``last``) takes the newest day of the year; an average is the mean of
    its rows; what does not add up (``none``) keeps its own period, and has no value where rows contradict. A level
    above takes its own reported figure where it has one, and else the sum of what is reported below; of a unit and of
    a level between it and the one above only the level counts, for it holds the unit.

    Parameters
    ----------
    rules
        How each quantity that occurs adds up over time: only where one is a state at a day are days put in order.
    cells
        Cells of the same observations: what adds up over time is taken from them, and rows are looked at only where
        something does not. None: everything is taken from the rows.
    """
    newest = "last" in rules.values()
    if cells is None:
        found = _own_figures(observations, facts, levels, newest)
    else:
        found = _summed_figures(cells, facts)
        others = sorted(name for name, rule in rules.items() if rule != "sum" and name != _ENERGY)
        if others:
            rows = observations.filter(observations.quantity.isin(others))
            found = found.union(_own_figures(rows, facts, levels, newest).select(*found.columns))
    own = engine.cache(found)
    high = _sums_of_parts(own, levels)
    here = own.select(*_KEYS)
    # A period may be unstated, and an unstated one is the same as another.
    high = high.anti_join(here, [high[name].identical_to(here[name]) for name in _KEYS])
    if levels.wanted is not None:
        own = own.semi_join(levels.wanted, "entity")
    columns = [*_KEYS, "value", "size", "estimated", "rows", "unmatched", "rank", "coverage"]
    every = own.select(columns).union(high.select(columns))
    return as_figures(every.mutate(variant=ibis.literal("")))


def parts_and_wholes(observations: Any, facts: Any, levels: Levels, engine: Engine) -> Any:
    """entity, quantity, item, unit, start, end, whole, parts, count: levels that report a sum which parts report too.

    ``whole`` is what the level reports itself, ``parts`` the sum of the ``count`` figures reported below it.
    """
    own = engine.cache(_own_figures(observations, facts, levels, newest=True))
    high = _sums_of_parts(own, levels)
    below = high.filter(high.entity != high.part)
    sums = below.group_by(_KEYS).aggregate(parts=exact_sum(below.value, DECIMALS), count=below.count())
    wholes = own.select(*_KEYS, whole=own.value)
    both = sums.inner_join(wholes, [sums[name].identical_to(wholes[name]) for name in _KEYS])
    return both.select(*_KEYS, "whole", "parts", "count").filter(ibis._.whole.notnull() & ibis._.parts.notnull())


def _sums_of_parts(own: Any, levels: Levels) -> Any:
    """Own figures that add up, once for each level that they count for (``entity``); ``part`` reported them."""
    summed = own.filter(own.over_entities == "sum").mutate(part=own.entity)
    high = climb(summed, levels)
    inner = levels.closure.filter(levels.closure.entity != levels.closure.ancestor)
    # What a level reports itself stands for everything below it, so that nothing reaches the levels above twice.
    stands = summed.select(**{f"in_{name}": summed[name] for name in _KEYS})
    stands = stands.semi_join(inner, [stands.in_entity == inner.ancestor])
    within = inner.select(part="entity", middle="ancestor")
    covered = stands.inner_join(within, [stands.in_entity == within.middle])
    beyond = inner.select(middle="entity", top="ancestor")
    covered = covered.inner_join(beyond, "middle")
    same = [high[name].identical_to(covered[f"in_{name}"]) for name in _KEYS if name != "entity"]
    return high.anti_join(covered, [high.part == covered.part, high.entity == covered.top, *same])


def _own_figures(observations: Any, facts: Any, levels: Levels, newest: bool) -> Any:
    """One row per entity, quantity, item and year (and own period, where the membership of the entity has dates)."""
    counted = observations.filter(observations.status.isin(COUNTED) & (observations.quantity != _ENERGY))
    rows = counted.mutate(item=counted.carrier.fill_null(""), observed=counted.status).inner_join(facts, "quantity")
    rows = rows.mutate(own_start=rows.start, own_end=rows.end)
    years = to_member_years(rows, levels)
    keeps = years.over_time == "none"
    years = years.mutate(
        start=ibis.ifelse(keeps, years.own_start, years.start), end=ibis.ifelse(keeps, years.own_end, years.end)
    )
    # An average is one number of the year, whichever part of it the entity belonged to whom.
    whole = years.over_time == "average"
    years = years.mutate(
        first=ibis.ifelse(whole, ibis.null("date"), years["first"]),
        last=ibis.ifelse(whole, ibis.null("date"), years["last"]),
    )
    if newest:
        years = years.mutate(age=ibis.dense_rank().over(group_by=_KEYS, order_by=years.own_end.desc()))
        years = years.filter((years.over_time != "last") | (years.age == 0))
    found = years.group_by([*_KEYS, *_RULES, "first", "last"]).aggregate(
        total=exact_sum(years.value, DECIMALS),
        known=years.value.count(),
        least=years.value.min(),
        greatest=years.value.max(),
        estimated=exact_sum(ibis.ifelse(years.observed == "estimated", years.value, 0.0).abs(), DECIMALS),
        size=exact_sum(years.value.abs(), DECIMALS),
        rows=years.count(),
        unmatched=years.value.isnull().cast("int64").sum(),
        rank=rank_of(years.confidence).min(),
        coverage=gather(coverage_code(years.coverage)),
    )
    value = ibis.cases(
        (found.over_time == "average", found.total / found.known.nullif(0)),
        ((found.over_time == "none") & (found.least == found.greatest), found.least),
        (found.over_time == "none", ibis.null("float64")),
        else_=found.total,
    )
    return found.mutate(value=value).drop("total", "known", "least", "greatest")


def _summed_figures(cells: Any, facts: Any) -> Any:
    """The same of quantities that add up over time, from their cells.

    The share that is estimated is that of cells: it differs from that of rows only where signs within one differ.
    """
    rows = cells.filter(cells.quantity != _ENERGY).inner_join(facts, "quantity")
    rows = rows.filter(rows.over_time == "sum").mutate(item=rows.carrier)
    found = rows.group_by([*_KEYS, *_RULES, "first", "last"]).aggregate(
        estimated=exact_sum(ibis.ifelse(rows.estimated, rows.value, 0.0).abs(), DECIMALS),
        size=exact_sum(rows.value.abs(), DECIMALS),
        unmatched=(rows.rows - rows.known).sum().cast("int64"),
        rank=rows["rank"].min(),
        coverage=gather(coverage_code(rows.coverage)),
        value=exact_sum(rows.value, DECIMALS),
        rows=rows.rows.sum().cast("int64"),
    )
    names = ["estimated", "size", "rows", "unmatched", "rank", "coverage", "value"]
    return found.select(*_KEYS, *_RULES, "first", "last", *names)
