"""Which rate applies to which activity: one small table that activity rows are joined with.

For every combination of quantity, item, flow, area and year that occurs, and every method that counts it,
there is one row: a rate, or the status that says why there is none. Nothing is dropped by the join.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from greenpark.account.entries import MEMO, is_traded
from greenpark.account.methods import AMOUNT, HEAT_QUANTITY, METHODS, Knowledge, Rate
from greenpark.model.confidence import least
from greenpark.model.contents import ESTIMATED_FLOW
from greenpark.model.knowledge import Area, Method

MEMO_FLOWS = ("purchase", "sale", "transfer", "use_feedstock", "transform_in", "use_other", "use_industrial", "loss")
ROLES = {
    "use_industrial": "use", "use_other": "use_other", "transform_out": "output", "recovery": "recovery",
    "use_feedstock": "feedstock", "transform_in": "transform_in", "purchase": "purchase", "sale": "sale",
    "transfer": "internal", "loss": "loss",
}  # fmt: skip
# How flows stand in for a use that was not reported: use = opening stock + purchase − sale − loss − closing stock.
_BALANCE = {"stock_open": 1.0, "purchase": 1.0, "sale": -1.0, "loss": -1.0, "stock_close": -1.0}
_ENERGY = (AMOUNT, *HEAT_QUANTITY.values())
_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("quantity", "item", "flow", "area")),
        ("year", pa.int64()),
        *((name, pa.string()) for name in ("produces", "method", "category", "role", "view", "gas", "basis")),
        ("scope", pa.int64()),
        ("coefficient", pa.float64()),
        ("rate", pa.float64()),
        ("gwp", pa.float64()),
        *((name, pa.string()) for name in ("factor", "factor_area", "factor_definition", "factor_basis", "gwp_set")),
        ("factor_year", pa.int64()),
        *((name, pa.string()) for name in ("status", "confidence")),
    ]
)


@dataclass(frozen=True)
class Key:
    """One combination that occurs in the activity data."""

    quantity: str
    item: str
    flow: str
    area: str
    year: int


def match_rates(
    keys: Sequence[Key], methods: Sequence[Method], knowledge: Knowledge, areas: Mapping[str, Area],
    gwp: Mapping[str, float], gwp_set: str, own: Mapping[str, tuple[Mapping[str, float], str]] | None = None,
) -> pa.Table:  # fmt: skip
    """The match table.

    Parameters
    ----------
    gwp, gwp_set
        Warming potentials [tCO2e/t] and the name of their set.
    own
        The same for methods (by id) that use another set.

    Returns
    -------
    pyarrow.Table
        One row per key × method × gas: rate [t or tce per unit of the quantity], coefficient of the flow, factor with
        area, data year, definition and basis, GWP [tCO2e/t], status ok, no_factor, no_gwp or basis_mismatch.
    """
    rows: list[dict[str, object]] = []
    for method in methods:
        rates = _rates_by_item(METHODS[method.function](method, knowledge))
        orphans = _orphans(method, methods, knowledge)
        potentials = (own or {}).get(method.id, (gwp, gwp_set))
        for key in keys:
            rows.extend(_rows(key, method, rates, orphans, knowledge, areas, *potentials))
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def _orphans(method: Method, methods: Sequence[Method], knowledge: Knowledge) -> frozenset[str]:
    """The kinds of power or heat that no method of this view names: the view's first method must say so for them."""
    if method.function not in ("power", "heat"):
        return frozenset()
    kind = "electricity" if method.function == "power" else "heat"
    beside = [each for each in methods if each.view == method.view and each.function == method.function]
    if beside[0].id != method.id:
        return frozenset()
    named = {item for each in beside for item in each.carriers}
    traded = {each.id for each in knowledge.carriers.values() if each.kind == kind and is_traded(each)}
    return frozenset(traded - named)


def _rates_by_item(rates: tuple[Rate, ...]) -> dict[str, list[Rate]]:
    found: dict[str, list[Rate]] = {}
    for rate in rates:
        found.setdefault(rate.item, []).append(rate)
    return found


def _rows(
    key: Key, method: Method, rates: Mapping[str, list[Rate]], orphans: frozenset[str], knowledge: Knowledge,
    areas: Mapping[str, Area], gwp: Mapping[str, float], gwp_set: str,
) -> list[dict[str, object]]:  # fmt: skip
    coefficient, role = _coefficient(key, method, knowledge)
    if coefficient is None or key.item in method.without:
        return []
    candidates = rates.get(key.item, [])
    fitting = [rate for rate in candidates if rate.quantity == key.quantity]
    if not candidates and key.item not in orphans and not _concerns(method, key, knowledge):
        return []
    head = {
        **vars(key), "produces": method.produces, "method": f"{method.id}@{method.version}",
        "category": _category(method, key, knowledge), "role": role, "view": method.view or "direct", "basis": method.basis,
        "coefficient": coefficient, "scope": _scope(method, key, knowledge),
    }  # fmt: skip
    if not fitting:
        if candidates and not (key.quantity in _ENERGY and any(rate.quantity in _ENERGY for rate in candidates)):
            return []
        return [head | {"gas": "", "status": _misfit(key, candidates), "confidence": "low"}]
    return [head | _choice(group, key, method, areas, gwp, gwp_set) for group in _by_gas(fitting)]


def _misfit(key: Key, candidates: Sequence[Rate]) -> str:
    """Why rates of the item do not fit: heat of one calorific basis needs a factor of that basis."""
    on_heat = any(rate.quantity in HEAT_QUANTITY.values() for rate in candidates)
    return "basis_mismatch" if key.quantity in HEAT_QUANTITY.values() and on_heat else "no_factor"


def _by_gas(rates: list[Rate]) -> list[list[Rate]]:
    gases = sorted({rate.gas for rate in rates})
    return [[rate for rate in rates if rate.gas == gas] for gas in gases]


def _coefficient(key: Key, method: Method, knowledge: Knowledge) -> tuple[float | None, str]:
    """The sign with which a flow enters, and its role; None when the method does not look at the flow."""
    role = ROLES.get(key.flow, "")
    if not key.flow:
        return 1.0, "use"
    if key.flow.startswith(ESTIMATED_FLOW):
        return _stand_in(key, method)
    if method.flows.get(key.flow):
        return method.flows[key.flow], role
    if method.produces == "energy" and key.flow in MEMO_FLOWS and _memo_wanted(key, knowledge):
        return 1.0, f"{MEMO}{role}"
    if method.view in ("location", "market", "zero_carbon_park") and key.flow == "transfer":
        return 1.0, f"{MEMO}internal"
    return None, ""


def _stand_in(key: Key, method: Method) -> tuple[float | None, str]:
    sign = _BALANCE.get(key.flow.removeprefix(ESTIMATED_FLOW), 0.0) * method.flows.get("use_industrial", 0.0)
    return (sign, "use") if sign else (None, "")


def _memo_wanted(key: Key, knowledge: Knowledge) -> bool:
    """Sales of everything, as a line of their own; losses of fuels, for those of power and heat follow from what is bought
    and sold; purchases and deliveries of power and heat, and purchases of working media.
    """
    if key.flow == "loss":
        return not _traded(key.item, knowledge)
    if key.flow not in ("purchase", "transfer"):
        return True
    carrier = knowledge.carriers.get(key.item)
    bought = carrier is not None and carrier.kind == "working_medium" and key.flow == "purchase"
    return bought or _traded(key.item, knowledge)


def _traded(item: str, knowledge: Knowledge) -> bool:
    carrier = knowledge.carriers.get(item)
    return carrier is not None and is_traded(carrier)


def _concerns(method: Method, key: Key, knowledge: Knowledge) -> bool:
    """Whether an activity without any factor is this method's business and must be marked."""
    carrier = knowledge.carriers.get(key.item)
    if carrier is None or key.quantity not in _ENERGY:
        return False
    if method.carriers:
        return key.item in method.carriers
    return carrier.kind in method.kinds


def _category(method: Method, key: Key, knowledge: Knowledge) -> str:
    if method.produces == "energy":
        return "energy"
    carrier = knowledge.carriers.get(key.item)
    if carrier is not None and carrier.biogenic and method.category == "combustion":
        return "biogenic"
    base = method.category.removesuffix("_in").removesuffix("_out")
    if base not in ("power", "heat"):
        return method.category
    return f"{base}_{ {'sale': 'out', 'transfer': 'internal'}.get(key.flow, 'in') }"


def _scope(method: Method, key: Key, knowledge: Knowledge) -> int:
    carrier = knowledge.carriers.get(key.item)
    biogenic = carrier is not None and carrier.biogenic and method.category == "combustion"
    if method.produces == "energy" or key.flow == "transfer" or biogenic:
        return 0
    return 1 if (method.view or "direct") == "direct" else 2


def _choice(
    rates: list[Rate], key: Key, method: Method, areas: Mapping[str, Area], gwp: Mapping[str, float], gwp_set: str
) -> dict[str, object]:
    rate = _best(rates, key, method, areas)
    gas = rates[0].gas
    if rate is None or rate.value is None:
        return {"gas": gas, "status": "no_factor", "confidence": "low", "factor": rate.factor if rate else None}
    known_gwp = gwp.get(gas)
    status = "no_gwp" if method.produces == "emissions" and known_gwp is None else "ok"
    return {
        "gas": gas, "status": status, "rate": rate.value, "factor": rate.factor, "factor_area": rate.area or None,
        "factor_definition": rate.definition or None, "factor_basis": rate.basis or None,
        "factor_year": rate.data_year, "gwp": known_gwp, "gwp_set": gwp_set if known_gwp is not None else None,
        "confidence": least((rate.confidence, method.confidence)),
    }  # fmt: skip


def _best(rates: list[Rate], key: Key, method: Method, areas: Mapping[str, Area]) -> Rate | None:
    """The most specific area first; within it the method's rule of years; the first set of the method first."""
    for area in _areas(key.area, method, areas):
        here = [rate for rate in rates if rate.area == area and _valid(rate, key.year)]
        if here:
            return _of_year([rate for rate in here if rate.value is not None] or here, key.year, method)
    return None


def _areas(area: str, method: Method, areas: Mapping[str, Area]) -> list[str]:
    """From the entity's own area upwards, starting at the level the method asks for; last, factors of no area."""
    order = {"province": 0, "region": 1, "nation": 2}
    levels = {"province": 0, "grid_region": 1, "nation": 2, "world": 3}
    start = order.get(method.area, 0)
    chain = []
    while area in areas:
        if levels[areas[area].kind] >= start:
            chain.append(area)
        area = areas[area].parent
    return [*chain, ""]


def _valid(rate: Rate, year: int) -> bool:
    return (rate.since is None or rate.since.year <= year) and (rate.until is None or rate.until.year > year)


def _of_year(rates: list[Rate], year: int, method: Method) -> Rate | None:
    """Same year, else the newest before it, else the oldest; ``latest_published`` takes the newest of all.

    An activity whose year is not stated (year 0) finds no dated factor.
    """
    dated = [rate for rate in rates if rate.data_year is not None]
    if dated and method.year is not None:
        return next((rate for rate in dated if rate.data_year == method.year), None)
    if not dated or method.year_rule in ("", "valid"):
        return rates[0]
    if method.year_rule == "latest_published":
        return max(dated, key=lambda rate: rate.data_year or 0)
    if year == 0:
        return None
    past = [rate for rate in dated if (rate.data_year or 0) <= year]
    return max(past, key=lambda rate: rate.data_year or 0) if past else min(dated, key=lambda r: r.data_year or 0)
