"""From observations to rows of energy and emissions: one join with the match table, nothing dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import ibis

from greenpark.account.matching import Key
from greenpark.model.contents import ESTIMATED_FLOW

COUNTED = ("reported", "corrected", "estimated")
ACTIVITY_QUANTITIES = (
    "energy.amount", "energy.heat_gross", "energy.heat_net", "output.product", "material.use",
)  # fmt: skip


def select_activity(observations: Any, units: Any) -> Any:
    """The observations that accounting looks at, with the area and year that choose their factors.

    Doubtful and declared-absent rows count in nothing. A row whose period is not stated has no year.
    """
    counted = observations.filter(
        observations.quantity.isin(ACTIVITY_QUANTITIES)
        & observations.status.isin(COUNTED)
        & observations.carrier.notnull()
    )
    located = counted.left_join(units.select("entity", "area"), "entity")
    return located.mutate(
        area=located.area.fill_null(""),
        flow_key=located.flow.fill_null(""),
        year=located.start.year().cast("int64").fill_null(0),
    ).drop("entity_right")


def with_balances(activity: Any, balances: Any) -> Any:
    """The activity, and once more the purchases, sales and stocks that stand in for a use that was not reported.

    Parameters
    ----------
    balances
        entity, carrier, year whose use is opening stock + purchase − sale − loss − closing stock.
    """
    flows = activity.filter(activity.quantity == "energy.amount")
    standing_in = flows.semi_join(balances, ["entity", "carrier", "year"])
    return activity.union(standing_in.mutate(flow_key=ibis.literal(ESTIMATED_FLOW) + standing_in.flow_key))


def read_keys(rows: Sequence[Mapping[str, Any]], areas: Iterable[str]) -> tuple[Key, ...]:
    """The combinations that count, in each of the areas, as keys, sorted."""
    counted = {
        (row["quantity"], row["carrier"], row["flow"] or "", row["start"].year if row["start"] else 0)
        for row in rows
        if row["quantity"] in ACTIVITY_QUANTITIES and row["status"] in COUNTED and row["carrier"] is not None
    }
    places = sorted(set(areas))
    return tuple(Key(q, item, f, area, int(year)) for q, item, f, year in sorted(counted) for area in places)


def keys_of_balances(keys: Sequence[Key], derived: Sequence[Mapping[str, Any]]) -> tuple[Key, ...]:
    """The keys of the rows that `with_balances` adds."""
    known = {(row["carrier"], row["year"]) for row in derived}
    standing_in = [key for key in keys if key.quantity == "energy.amount" and (key.item, key.year) in known]
    return tuple(replace(key, flow=ESTIMATED_FLOW + key.flow) for key in standing_in)


def join_rates(activity: Any, matches: Any) -> Any:
    """Activity rows × the methods that count them, with ``amount`` = value × coefficient × rate [t or tce]."""
    renamed = matches.rename(carrier="item", flow_key="flow")
    joined = activity.inner_join(renamed, ["quantity", "carrier", "flow_key", "area", "year"])
    missing = joined.value.isnull() & joined.status_right.isin(["ok", "no_gwp"])
    return joined.mutate(
        amount=joined.value * joined.coefficient * joined.rate,
        row_status=ibis.ifelse(missing, "no_activity", joined.status_right),
        row_confidence=_lower(joined.confidence, joined.confidence_right),
        observed=ibis.ifelse(joined.flow_key.startswith(ESTIMATED_FLOW), "estimated", joined.status),
    )


def energy_rows(joined: Any) -> Any:
    """The rows of the table ``energy`` (without its run)."""
    rows = joined.filter(joined.produces == "energy")
    return rows.select(
        "batch", "line", "entity", "carrier", "flow", "start", "end", "basis", "role",
        tce=rows.amount, method=rows.method, factor=rows.factor, factor_value=rows.rate,
        factor_year=rows.factor_year, observed=rows.observed, status=rows.row_status,
        confidence=rows.row_confidence,
    )  # fmt: skip


def emission_rows(joined: Any) -> Any:
    """The rows of the table ``emissions`` (without its run)."""
    rows = joined.filter(joined.produces == "emissions")
    return rows.select(
        "batch", "line", "entity", "carrier", "flow", "start", "end", "category", "scope", "view", "gas",
        t=rows.amount, co2e=rows.amount * rows.gwp, method=rows.method, factor=rows.factor,
        factor_value=rows.rate, factor_area=rows.factor_area, factor_year=rows.factor_year,
        factor_definition=rows.factor_definition, factor_basis=rows.factor_basis, gwp_set=rows.gwp_set,
        observed=rows.observed, status=rows.row_status, confidence=rows.row_confidence,
    )  # fmt: skip


def _lower(left: Any, right: Any) -> Any:
    low = (left == "low") | (right == "low")
    medium = (left == "medium") | (right == "medium")
    return ibis.cases((low, "low"), (medium, "medium"), else_="high")
