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


def reported_figures(observations: Any, facts: Any, levels: Levels, engine: Engine, newest: bool = True) -> Any:
    """Reported quantities per entity and period, added over time and over entities as each quantity allows.

    Over time: sums add up; a state at a day (``last``) takes the newest day of the year; an average is the mean of
    its rows; what does not add up (``none``) keeps its own period, and has no value where rows contradict. A level
    above takes its own reported figure where it has one, and else the sum of the units below.

    Parameters
    ----------
    newest
        Whether any quantity that occurs is a state at a day: only then need the days be put in order.
    """
    own = engine.cache(_own_figures(observations, facts, levels, newest))
    high = climb(own.filter(own.over_entities == "sum"), levels)
    here = own.select(*_KEYS)
    # A period may be unstated, and an unstated one is the same as another.
    high = high.anti_join(here, [high[name].identical_to(here[name]) for name in _KEYS])
    if levels.wanted is not None:
        own = own.semi_join(levels.wanted, "entity")
    columns = [*_KEYS, "value", "size", "estimated", "rows", "unmatched", "rank", "coverage"]
    every = own.select(columns).union(high.select(columns))
    return as_figures(every.mutate(variant=ibis.literal("")))


def _own_figures(observations: Any, facts: Any, levels: Levels, newest: bool) -> Any:
    """One row per entity, quantity, item and year (and own period, where the membership of the entity has dates)."""
    counted = observations.filter(observations.status.isin(COUNTED) & (observations.quantity != "energy.amount"))
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
