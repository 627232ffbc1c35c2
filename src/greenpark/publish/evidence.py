"""Where the rows behind a figure are: which table, and which of its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from greenpark.model.time import Period
from greenpark.publish.naming import Names

_MARK = re.compile(r"(\w+)=([\w.@]+)")
# What part of the emission rows enters a quantity.
_EMISSION_PARTS: dict[str, dict[str, object]] = {
    "co2.total": {"scope": (1, 2)},
    "ghg.total": {"scope": (1, 2)},
    "co2.direct": {"scope": 1},
    "co2.combustion": {"category": "combustion"},
    "co2.process": {"category": "process"},
    "co2.power_net": {"category": ("power_in", "power_out")},
    "co2.heat_net": {"category": ("heat_in", "heat_out")},
    "co2.biogenic": {"category": "biogenic"},
    "co2.enterprise_sum": {"scope": (1, 2)},
    "co2.internal_double_count": {"category": ("power_internal", "heat_internal")},
}
_OWN_ROLES = ("use", "use_other", "output", "recovery")
_EXCHANGE_ROLES = ("memo_purchase", "memo_sale")
_ENERGY_ROLES: dict[str, tuple[str, ...]] = {
    "energy.total": _OWN_ROLES,
    "energy.imported": _EXCHANGE_ROLES,
    "energy.final": ("use", "use_other", "memo_transform_in"),
    "energy.feedstock": ("memo_feedstock", "feedstock"),
    "energy.renewable": ("use", "use_other", "output"),
    "energy.clean": ("use", "use_other", "output", "memo_use_other"),
    "energy.sold": ("sale", "memo_sale"),
    "energy.recovered": ("recovery",),
    "energy.working_media": ("purchase", "sale", "memo_purchase", "memo_sale"),
}
# Amounts that are counted from the amounts of carriers of one kind.
_AMOUNT_PARTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "electricity.use": ("electricity", ("use_industrial", "use_other")),
    "electricity.imported": ("electricity", ("purchase",)),
    "electricity.exported": ("electricity", ("sale",)),
    "heat.imported": ("heat", ("purchase",)),
    "heat.exported": ("heat", ("sale",)),
}
# What stands beside the rows of units rests on these observations.
_CERTIFICATES: dict[str, object] = {"quantity": ("certificate.claimed", "certificate.sold", "certificate.year")}
_CERTIFIED: dict[str, object] = {
    "quantity": "energy.amount", "carrier": ("electricity_traded_green", "electricity_certificate_green"), "flow": "purchase",
}  # fmt: skip
_BESIDE: dict[str, dict[str, object]] = {
    **{
        f"electricity.{kind}": {
            "quantity": "energy.amount",
            "carrier": f"electricity_{kind}",
            "flow": ("use_industrial", "use_other"),
        }
        for kind in ("direct_green", "traded_green", "certificate_green")
    },
    "green.not_credited": _CERTIFICATES,
    "co2.green_denied": _CERTIFICATES,
    "green.unproven": _CERTIFIED,
    "co2.green_unproven": _CERTIFIED,
    "co2.network_loss": {"quantity": "energy.amount", "flow": "transfer"},
    "co2.conversion_oxidation": {"quantity": "energy.amount", "flow": ("transform_in", "transform_out")},
}


@dataclass(frozen=True)
class Evidence:
    """A question to a lookup: the rows behind a figure, and the column by which the largest come first."""

    table: str
    where: dict[str, object]
    order_by: str


def is_observed(quantity: str) -> bool:
    """Whether a figure of this quantity was reported as it is, not accounted from amounts of carriers."""
    return not any(quantity in parts for parts in (_EMISSION_PARTS, _ENERGY_ROLES, _AMOUNT_PARTS, _BESIDE))


def evidence_of(figure: Mapping[str, Any], names: Names) -> tuple[Evidence, ...]:
    """Where the rows behind a figure are: one question, or several whose answers belong together."""
    quantity = figure["quantity"]
    where = {**_entities(figure["entity"], names), **_period(figure)}
    if quantity in _EMISSION_PARTS:
        return (_emissions(figure, where, names),)
    if quantity in _ENERGY_ROLES:
        return tuple(_energy(figure, where, names))
    return (Evidence("observations", where | _observed(quantity, figure["item"], names), "value"),)


def _emissions(figure: Mapping[str, Any], where: dict[str, object], names: Names) -> Evidence:
    view, _, profile = _marks(figure).get("view", "").partition("@")
    where |= _EMISSION_PARTS[figure["quantity"]] | _item(figure["item"], names)
    where |= {"gas": "CO2"} if figure["quantity"].startswith("co2.") else {}
    where |= {"view": ("direct", view)} if view else {}
    methods = names.definitions.methods_of_view(view, profile)
    where |= {"method": methods} if methods else {}
    return Evidence("emissions", where, "co2e")


def _energy(figure: Mapping[str, Any], where: dict[str, object], names: Names) -> Iterator[Evidence]:
    """Of a unit: what it uses and makes. Of a level above: fuels of its units, and power and heat bought less sold."""
    quantity = figure["quantity"]
    basis, _, profile = _marks(figure).get("basis", "").partition("@")
    where |= {"basis": basis} if basis else {}
    methods = names.definitions.methods_of_basis(basis, profile)
    where |= {"method": methods} if methods else {}
    carriers = names.definitions.carriers.values()
    traded = {each.id for each in carriers if each.kind in ("electricity", "heat")}
    asked = {figure["item"]} if figure["item"] else {each.id for each in carriers}
    if quantity in ("energy.renewable", "energy.clean"):
        clean = names.definitions.clean_carriers(profile) if quantity == "energy.clean" else ()
        asked &= set(clean) or {each.id for each in carriers if each.renewable}
    parts = [(asked, _ENERGY_ROLES[quantity])]
    if quantity == "energy.imported":
        parts = [(asked & traded, _EXCHANGE_ROLES)]
    elif quantity == "energy.total" and names.inside(figure["entity"]):
        parts = [(asked - traded, (*_OWN_ROLES, "memo_loss")), (asked & traded, _EXCHANGE_ROLES)]
    for chosen, roles in parts:
        if chosen:
            yield Evidence("energy", where | {"carrier": tuple(sorted(chosen)), "role": roles}, "tce")


def _marks(figure: Mapping[str, Any]) -> dict[str, str]:
    return dict(_MARK.findall(figure["variant"] or ""))


def _observed(quantity: str, item: str | None, names: Names) -> dict[str, object]:
    if quantity in _BESIDE:
        named = bool(item) and item in names.definitions.carriers
        return _BESIDE[quantity] | ({"carrier": item} if named else {})
    if quantity in _AMOUNT_PARTS:
        kind, flows = _AMOUNT_PARTS[quantity]
        carriers = tuple(sorted(each.id for each in names.definitions.carriers.values() if each.kind == kind))
        return {"quantity": "energy.amount", "carrier": carriers, "flow": flows}
    observed: dict[str, object] = {"quantity": quantity}
    return observed | ({"carrier": item} if item else {})


def _entities(entity: str, names: Names) -> dict[str, object]:
    inside = names.inside(entity)
    if len(inside) + 1 >= len(names.entity_rows) and inside:
        return {}
    return {"entity": tuple(sorted((entity, *inside))) if inside else entity}


def _period(figure: Mapping[str, Any]) -> dict[str, object]:
    if figure["start"] is None or figure["end"] is None:
        return {"start": figure["start"], "end": figure["end"]}
    return {"within": Period(figure["start"], figure["end"])}


def _item(item: str | None, names: Names) -> dict[str, object]:
    if not item:
        return {}
    return {"carrier": item} if item in names.definitions.carriers else {"category": item}
