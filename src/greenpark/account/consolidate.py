"""From rows of units to totals of every level of the boundary, without counting anything twice.

Park CO2 = direct emissions of all units + (bought − sold) power and heat, with what is delivered inside the park
taken out of both sides by the transfer ledger. Energy likewise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis

from greenpark.account.periods import to_years
from greenpark.engine.sums import exact_sum

DECIMALS = 6
_KEYS = ["entity", "start", "end"]
_OK = "ok"


def roll_up(rows: Any, amounts: Mapping[str, str], by: Sequence[str], closure: Any) -> Any:
    """Sum rows of units by ``by`` per year and carry them to every ancestor.

    Returns
    -------
    table
        entity (any level), start, end, *by, the amounts, rows, rows_unmatched, estimated (sum of the first amount
        over estimated rows), confidence (rank 0 to 2).
    """
    first = next(iter(amounts))
    years = to_years(rows)
    unmatched = years.status != _OK
    per_unit = years.group_by([*_KEYS, *by]).aggregate(
        **{name: exact_sum(years[column], DECIMALS) for name, column in amounts.items()},
        rows=years.count(),
        rows_unmatched=unmatched.sum(),
        estimated=exact_sum(ibis.ifelse(years.observed == "estimated", years[amounts[first]], 0.0), DECIMALS),
        confidence=_rank(years.confidence).min(),
    )
    return climb(per_unit, list(amounts), by, closure)


def climb(per_unit: Any, amounts: Sequence[str], by: Sequence[str], closure: Any) -> Any:
    """Carry unit totals to every ancestor."""
    above = per_unit.inner_join(closure, "entity").drop("entity").rename(entity="ancestor")
    return above.group_by([*_KEYS, *by]).aggregate(
        **{name: exact_sum(above[name], DECIMALS) for name in [*amounts, "estimated"]},
        rows=above.rows.sum(),
        rows_unmatched=above.rows_unmatched.sum(),
        confidence=above.confidence.min(),
    )


def internal_transfers(rows: Any, observations: Any, amounts: Mapping[str, str], by: Sequence[str], closure: Any) -> Any:
    """What is delivered between two units under one ancestor, per ancestor: the part that a total must not count.

    Parameters
    ----------
    rows
        Result rows of flow ``transfer`` (batch, line, entity = supplier).
    observations
        The observations, which name the receiver in ``counterparty``.
    """
    ledger = observations.filter(observations.flow == "transfer").select("batch", "line", "counterparty")
    named = rows.inner_join(ledger, ["batch", "line"])
    supplied = named.inner_join(closure, "entity").drop("entity").rename(entity="ancestor")
    received = closure.select(counterparty="entity", receiver_above="ancestor")
    inside = supplied.inner_join(received, "counterparty")
    inside = to_years(inside.filter((inside.entity == inside.receiver_above) & (inside.entity != inside.counterparty)))
    first = next(iter(amounts))
    return inside.group_by([*_KEYS, *by]).aggregate(
        **{name: exact_sum(inside[column], DECIMALS) for name, column in amounts.items()},
        rows=inside.count(),
        rows_unmatched=(inside.status != _OK).sum(),
        estimated=exact_sum(ibis.ifelse(inside.observed == "estimated", inside[amounts[first]], 0.0), DECIMALS),
        confidence=_rank(inside.confidence).min(),
    )


def as_figures(table: Any, quantity: str, unit: str, value: Any, item: Any = "", variant: Any = "") -> Any:
    """Rows of the table ``figures`` from rolled-up rows: one figure per entity, period, item and variant."""
    shaped = table.mutate(
        quantity=ibis.literal(quantity),
        item=ibis.literal(item) if isinstance(item, str) else item,
        variant=ibis.literal(variant) if isinstance(variant, str) else variant,
        figure=value,
        unit=ibis.literal(unit),
    )
    grouped = shaped.group_by([*_KEYS, "quantity", "item", "variant", "unit"]).aggregate(
        value=exact_sum(shaped.figure, DECIMALS),
        rows=shaped.rows.sum(),
        rows_unmatched=shaped.rows_unmatched.sum(),
        estimated=exact_sum(shaped.estimated, DECIMALS),
        confidence=shaped.confidence.min(),
    )
    return grouped.mutate(
        estimated_share=grouped.estimated / grouped.value.nullif(0),
        status=ibis.cases(
            (grouped.value.isnull(), "not_evaluable"), (grouped.rows_unmatched > 0, "partial"), else_=_OK
        ),
        confidence=ibis.cases((grouped.confidence == 0, "low"), (grouped.confidence == 1, "medium"), else_="high"),
        coverage=ibis.literal("boundary"),
        rows=grouped.rows.cast("int64"),
        rows_unmatched=grouped.rows_unmatched.cast("int64"),
    ).drop("estimated")


def _rank(confidence: Any) -> Any:
    return ibis.cases((confidence == "low", 0), (confidence == "medium", 1), else_=2)
