"""Figures of quantities that are reported, not computed: output, water, waste, land, money, published figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ibis
import pyarrow as pa

from greenpark.account.activity import COUNTED
from greenpark.account.periods import to_years
from greenpark.engine.sums import exact_sum
from greenpark.model.knowledge import Quantity

_KEYS = ["entity", "quantity", "item", "unit", "start", "end"]


def quantity_facts(quantities: Mapping[str, Quantity]) -> pa.Table:
    """quantity, over_time, over_entities: how each reported quantity adds up."""
    names = sorted(quantities)
    return pa.table(
        {
            "quantity": names,
            "over_time": [quantities[name].over_time for name in names],
            "over_entities": [quantities[name].over_entities for name in names],
        }
    )


def reported_figures(observations: Any, closure: Any, facts: Any, keep: Callable[[Any], Any]) -> Any:
    """Reported quantities per entity and period, added over time and over entities as each quantity allows.

    A level above takes its own reported figure where it has one, and else the sum of the units below.
    """
    counted = observations.filter(observations.status.isin(COUNTED) & (observations.quantity != "energy.amount"))
    counted = counted.mutate(item=counted.carrier.fill_null(""), observed=counted.status)
    rows = counted.inner_join(facts, "quantity")
    own = keep(_over_time(rows))
    below = own.filter(own.over_entities == "sum")
    above = below.inner_join(closure.filter(closure.entity != closure.ancestor), "entity")
    above = above.drop("entity").rename(entity="ancestor")
    summed = _aggregate(above, exact_sum(above.value, 6), above.days.min())
    direct = own.select(*_KEYS)
    summed = summed.anti_join(direct, ["entity", "quantity", "item", "start", "end"])
    return _figures(own.select(*summed.columns).union(summed))


def _over_time(rows: Any) -> Any:
    rows = rows.mutate(first=rows.start, last=rows.end)
    yearly = to_years(rows.filter(rows.start.notnull()))
    sums = yearly.filter(yearly.over_time == "sum")
    lasts = yearly.filter(yearly.over_time == "last")
    means = yearly.filter(yearly.over_time == "average")
    kept = rows.filter((rows.over_time == "none") | rows.start.isnull())
    newest = lasts.mutate(order=ibis.dense_rank().over(group_by=_KEYS, order_by=lasts.last.desc()))
    newest = newest.filter(newest.order == 0)
    parts = [
        _aggregate_own(sums, exact_sum(sums.value, 6)),
        _aggregate_own(newest, exact_sum(newest.value, 6)),
        _aggregate_own(means, means.value.mean()),
        _aggregate_own(kept, exact_sum(kept.value, 6)),
    ]
    result = parts[0]
    for part in parts[1:]:
        result = result.union(part)
    return result


def _aggregate_own(rows: Any, value: Any) -> Any:
    days = rows.last.delta(rows.first, unit="day").cast("int64")
    spans = rows.select(*_KEYS, "first", "last").distinct()
    spans = spans.mutate(length=spans.last.delta(spans.first, unit="day").cast("int64"))
    length = spans.group_by(_KEYS).aggregate(days=spans.length.sum().cast("int64"))
    marked = rows.mutate(days_of_row=days)
    sums = marked.group_by([*_KEYS, "over_time", "over_entities"]).aggregate(
        value=value,
        rows=marked.count(),
        rows_unmatched=marked.value.isnull().sum(),
        estimated=exact_sum(ibis.ifelse(marked.observed == "estimated", marked.value, 0.0), 6),
        confidence=_rank(marked.confidence).min(),
        coverage_low=marked.coverage.min(),
        coverage_high=marked.coverage.max(),
    )
    return sums.left_join(
        length,
        [sums[name].identical_to(length[name]) for name in _KEYS],
    ).drop(*(f"{name}_right" for name in _KEYS))


def _aggregate(rows: Any, value: Any, days: Any) -> Any:
    return rows.group_by([*_KEYS, "over_time", "over_entities"]).aggregate(
        value=value,
        rows=rows.rows.sum().cast("int64"),
        rows_unmatched=rows.rows_unmatched.sum().cast("int64"),
        estimated=exact_sum(rows.estimated, 6),
        confidence=rows.confidence.min(),
        coverage_low=rows.coverage_low.min(),
        coverage_high=rows.coverage_high.max(),
        days=days,
    )


def _figures(rows: Any) -> Any:
    span = rows.end.delta(rows.start, unit="day").cast("int64")
    short = (rows.over_time == "sum") & (rows.days < span)
    return rows.select(
        "entity", "start", "end", "quantity", "item", "unit", "value",
        variant=ibis.literal(""),
        rows=rows.rows.cast("int64"),
        rows_unmatched=rows.rows_unmatched.cast("int64"),
        estimated_share=rows.estimated / rows.value.nullif(0),
        status=ibis.cases(
            (rows.value.isnull(), "not_evaluable"), ((rows.rows_unmatched > 0) | short, "partial"), else_="ok"
        ),
        confidence=ibis.cases((rows.confidence == 0, "low"), (rows.confidence == 1, "medium"), else_="high"),
        coverage=ibis.ifelse(
            rows.coverage_low == rows.coverage_high, rows.coverage_low, rows.coverage_low + "+" + rows.coverage_high
        ),
    )  # fmt: skip


def _rank(confidence: Any) -> Any:
    return ibis.cases((confidence == "low", 0), (confidence == "medium", 1), else_=2)
