"""Fuels made of fuels: the carbon that a method takes as wholly oxidised, beyond what each fuel's own rate says.

A carbon balance of coking, refining or gas making holds all carbon that goes in and does not come out as a fuel.
Source: annex 4 of 发改环资〔2025〕910号, section 3 (oxidation of conversion is 100 %).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from greenpark.account.brought import Beside, Rates, bring, total_rows_of
from greenpark.account.entries import TRADED_KINDS
from greenpark.account.gaps import first_of, placed_finding
from greenpark.account.methods import Knowledge
from greenpark.account.views import View, method_name
from greenpark.engine.connect import Engine
from greenpark.engine.sums import exact_sum
from greenpark.model.findings import Finding
from greenpark.model.knowledge import Method

ITEM, LINE = "conversion_oxidation", "co2.conversion_oxidation"
DECIMALS = 6
_FLOWS = {"transform_in": 1.0, "transform_out": -1.0}
Row = Mapping[str, Any]


def read_converters(cells: Any, knowledge: Knowledge, engine: Engine) -> list[Row]:
    """What units that make fuels put into transformation and get of it: entity, year, carrier, flow, amount, mixed.

    ``mixed``: the unit makes power or heat too, and what it puts in is not divided between both.
    """
    fuels = sorted(each.id for each in knowledge.carriers.values() if each.kind == "fuel" and not each.biogenic)
    traded = sorted(each.id for each in knowledge.carriers.values() if each.kind in TRADED_KINDS)
    rows = cells.filter((cells.quantity == "energy.amount") & (cells.year > 0) & cells.flow.isin(list(_FLOWS)))
    made = rows.filter((rows.flow == "transform_out") & (rows.value > 0))
    makers = made.group_by(["entity", "year"]).aggregate(
        fuel=made.carrier.isin(fuels).any(), mixed=made.carrier.isin(traded).any()
    )
    own = rows.filter(rows.carrier.isin(fuels)).inner_join(makers.filter(makers.fuel), ["entity", "year"])
    sums = own.group_by(["entity", "year", "carrier", "flow", "mixed"]).aggregate(amount=exact_sum(own.value, DECIMALS))
    found: list[Row] = engine.to_arrow(sums).to_pylist()
    return sorted(found, key=lambda row: (row["entity"], row["year"], row["carrier"], row["flow"]))


def bring_oxidation(
    rows: Sequence[Row], rates: Rates, methods: Sequence[Method], views: Sequence[View], dated: Collection[str]
) -> Beside:
    """What full oxidation adds to the total of the methods' views [tCO2], as an item of its own and as a line."""
    named = {method_name(each) for each in methods}
    sums: dict[tuple[str, int], float] = {}
    mixed: dict[tuple[str, int], Row] = {}
    for row in rows:
        rate = rates.of(row["entity"], row["carrier"], row["year"], named, ("combustion",), produces="correction")
        key = (row["entity"], row["year"])
        if rate is None or row["amount"] is None:
            continue
        sums[key] = sums.get(key, 0.0) + _FLOWS[row["flow"]] * row["amount"] * rate
        if row["mixed"]:
            mixed.setdefault(key, row)
    brought: list[dict[str, Any]] = []
    for (entity, year), value in sorted(sums.items()):
        for view in views:
            if round(value, DECIMALS) and any(view.variant.startswith(f"view={each.view}") for each in methods):
                confidence = methods[0].confidence
                brought += total_rows_of(entity, year, "", value, view, ITEM, dated=dated, confidence=confidence)
                more: dict[str, Any] = {"variant": view.variant, "dated": dated, "confidence": confidence}
                brought.append(bring(entity, year, LINE, value, "tCO2", **more))
    told: list[Finding] = [
        placed_finding("conversion_mixed", "note", row, value=round(sums[key], DECIMALS))
        for key, row in sorted(mixed.items())
    ]
    return Beside(tuple(brought), (), first_of("conversion_mixed", told))
