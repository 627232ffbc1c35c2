"""Green power that is claimed without any certificate: it counts as reported, and that nothing proves it is said."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from greenpark.account.brought import Beside, Rates, bring
from greenpark.account.gaps import Locate, first_located, placed_finding
from greenpark.account.green_power import CERTIFIED, DECIMALS, DENYING_VIEWS, GRID, OWN, Certificate, Denied, Power
from greenpark.account.views import View
from greenpark.model.findings import Finding

UNPROVEN_CO2, UNPROVEN_AMOUNT = "co2.green_unproven", "green.unproven"


@dataclass(frozen=True)
class Unproven:
    """Green power of an entity, year and carrier [MWh] for which no certificate is reported."""

    entity: str
    year: int
    carrier: str
    amount: float


def list_unproven(certificates: Sequence[Certificate], denied: Sequence[Denied], power: Power) -> tuple[Unproven, ...]:
    """Certified power bought beyond all certificates claimed, and own power used beyond what claims are left for.

    Claims stand for bought power first. What is denied already is not named again.
    """
    claims: dict[tuple[str, int], float] = {}
    for each in certificates:
        claims[each.entity, each.year] = claims.get((each.entity, each.year), 0.0) + each.claimed
    for lost in denied:
        if lost.reason == "own_certificate_sold":
            claims[lost.entity, lost.year] = claims.get((lost.entity, lost.year), 0.0) + lost.amount
    found = []
    for entity, year in sorted({(entity, year) for entity, year, *_ in power}):
        left = claims.get((entity, year), 0.0)
        for carrier, flows in (*((each, ("purchase",)) for each in CERTIFIED), (OWN, ("use_industrial", "use_other"))):
            amount = sum(power.get((entity, year, carrier, flow), 0.0) for flow in flows)
            proven = min(left, max(amount, 0.0))
            left -= proven
            if round(amount - proven, DECIMALS) > 0:
                found.append(Unproven(entity, year, carrier, round(amount - proven, DECIMALS)))
    return tuple(found)


def bring_unproven(
    unproven: Sequence[Unproven], rates: Rates, views: Sequence[View], dated: Collection[str], locate: Locate
) -> Beside:
    """What it would add if it counted as other bought power, in no total; a warning for each at its cell."""
    rows: list[dict[str, Any]] = []
    zero: dict[Unproven, list[str]] = {}
    for each in unproven:
        named = [view for view in views if view.variant]
        at_zero = [
            view for view in named if rates.of(each.entity, each.carrier, each.year, view.methods, ("power_",)) == 0
        ]
        zero[each] = [view.variant for view in at_zero]
        if each.carrier == OWN:
            continue
        rows += [
            bring(each.entity, each.year, UNPROVEN_AMOUNT, each.amount, "MWh", item=item, dated=dated)
            for item in ("", each.carrier)
        ]
        for view in at_zero:
            rate = rates.of(each.entity, GRID, each.year, view.methods, ("power_",))
            if rate is not None and view.variant.startswith(DENYING_VIEWS):
                more: dict[str, Any] = {"variant": view.variant, "dated": dated}
                rows.append(bring(each.entity, each.year, UNPROVEN_CO2, each.amount * rate, "tCO2", **more))
    found: list[Finding] = []
    for rule, own in (("green_without_certificate", False), ("own_power_without_certificate", True)):
        chosen = [each for each in unproven if (each.carrier == OWN) is own]
        found += _findings(rule, chosen, zero, locate)
    return Beside(tuple(rows), (), tuple(found))


def count_unproven(unproven: Sequence[Unproven]) -> Beside:
    """One warning for each year, where the figures of single units are not asked for."""
    found = []
    for year in sorted({each.year for each in unproven if each.carrier != OWN}):
        chosen = [each for each in unproven if each.year == year and each.carrier != OWN]
        values: dict[str, object] = {
            "year": year, "units": len({each.entity for each in chosen}),
            "amount": round(sum(each.amount for each in chosen), DECIMALS),
        }  # fmt: skip
        rule = "green_without_certificate"
        found.append(Finding("warning", "account", rule, "account.green_of_many_without_certificate", values))
    return Beside(findings=tuple(found))


def _findings(
    rule: str, unproven: Sequence[Unproven], zero: dict[Unproven, list[str]], locate: Locate
) -> tuple[Finding, ...]:
    places = [
        {**vars(each), "flow": "use_industrial" if each.carrier == OWN else "purchase", "zero": zero[each]}
        for each in unproven
    ]
    return first_located(
        rule, places, lambda row: placed_finding(rule, "warning", row, amount=row["amount"], zero=row["zero"]), locate
    )
