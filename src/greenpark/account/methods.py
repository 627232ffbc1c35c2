"""The accounting methods: functions in a table, found by a decorator.

Each turns the factors of its sets into rates: tonnes of gas, or tce, per unit of one item of activity.
Adding a method is a function here and a test with the published example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

from greenpark.engine.units import UnitError, Units
from greenpark.model.confidence import Confidence, least
from greenpark.model.knowledge import Carrier, Factor, FactorSet, Method

AMOUNT = "energy.amount"
HEAT_QUANTITY = {"gross": "energy.heat_gross", "net": "energy.heat_net"}
GAS_KINDS = {"co2": "CO2", "ch4": "CH4", "n2o": "N2O"}


@dataclass(frozen=True)
class Rate:
    """What one unit of activity gives: [t of gas] or [tce] per unit of the quantity."""

    item: str
    quantity: str
    value: float | None
    unit: str
    factor: str
    gas: str = ""
    area: str = ""
    since: date | None = None
    until: date | None = None
    data_year: int | None = None
    definition: str = ""
    basis: str = ""
    confidence: Confidence = "high"


@dataclass(frozen=True)
class Knowledge:
    """What methods look up: carriers, factor sets by id, and units."""

    carriers: Mapping[str, Carrier]
    factor_sets: Mapping[str, FactorSet]
    units: Units

    def factors(self, method: Method, kinds: Iterable[str]) -> Iterable[tuple[str, Factor]]:
        """The factors of the method's sets of the given kinds, with the set's id; first set first."""
        wanted = set(kinds)
        for set_id in method.factor_sets:
            for factor in self.factor_sets[set_id].factors:
                if factor.kind in wanted and (not method.definition or factor.definition in ("", method.definition)):
                    yield set_id, factor

    def scaled(self, factor: Factor, unit: str) -> float | None:
        """The factor's value in ``unit``; None when it has none or measures something else."""
        if factor.value is None:
            return None
        try:
            return factor.value * self.units.multiplier(factor.unit, unit)
        except UnitError:
            return None


MethodFunction = Callable[[Method, Knowledge], tuple[Rate, ...]]
METHODS: dict[str, MethodFunction] = {}


def accounting_method(function: MethodFunction) -> MethodFunction:
    """Enter a function into the table of methods under its own name."""
    METHODS[function.__name__] = function
    return function


@accounting_method
def standard_coal(method: Method, knowledge: Knowledge) -> tuple[Rate, ...]:
    """Energy on the calorific basis (当量值): tce = amount × conversion factor of GB/T 2589."""
    return _amount_rates(method, knowledge, ("standard_coal",), "tce")


@accounting_method
def primary_energy(method: Method, knowledge: Knowledge) -> tuple[Rate, ...]:
    """Energy on the primary-energy basis (等价值): its own factor where a carrier has one, else the calorific one."""
    own = _amount_rates(method, knowledge, ("primary_energy",), "tce")
    items = {rate.item for rate in own if rate.value is not None}
    rest = _amount_rates(method, knowledge, ("standard_coal",), "tce")
    carriers = knowledge.carriers
    fuels = [rate for rate in rest if rate.item not in items and not _needs_primary_energy(carriers, rate.item)]
    return (*own, *fuels)


@accounting_method
def combustion_net(method: Method, knowledge: Knowledge) -> tuple[Rate, ...]:
    """CO2 = amount × NCV × carbon content × oxidation × 44/12 (GB/T 32150), all on the net calorific basis.

    Net heat that is reported as such takes the place of amount × NCV.
    """
    ratio = method.parameters["carbon_to_co2"]
    rates: list[Rate] = []
    for item, kinds in _fuels(method, knowledge).items():
        rates.extend(_combustion_rate(item, chosen, ratio, knowledge) for chosen in _combinations(kinds))
        rates.extend(
            _net_heat_rate(item, chosen, ratio, knowledge)
            for chosen in product(kinds["carbon_content"], kinds["oxidation"])
        )
    return tuple(rates)


@accounting_method
def unoxidised(method: Method, knowledge: Knowledge) -> tuple[Rate, ...]:
    """CO2 that burning leaves out = amount × NCV × carbon content × (1 − oxidation) × 44/12: what full oxidation adds."""
    ratio = method.parameters["carbon_to_co2"]
    rates: list[Rate] = []
    for item, kinds in _fuels(method, knowledge).items():
        left = kinds | {"oxidation": [(set_id, _left_over(factor, knowledge)) for set_id, factor in kinds["oxidation"]]}
        rates.extend(_combustion_rate(item, chosen, ratio, knowledge) for chosen in _combinations(left))
    return tuple(rates)


@accounting_method
def combustion_direct(method: Method, knowledge: Knowledge) -> tuple[Rate, ...]:
    """Gas = heat × factor per heat, or amount × factor per amount, as the unit of the factor says.

    A factor per heat keeps its calorific basis: gross heat needs a gross factor.
    """
    rates = []
    for set_id, factor in knowledge.factors(method, GAS_KINDS):
        gas = GAS_KINDS[factor.kind]
        quantity = HEAT_QUANTITY.get(factor.basis, "")
        per_heat = _gas_per(factor, "GJ", knowledge)
        if quantity and (per_heat is not None or factor.value is None):
            rates.append(_rate(set_id, factor, factor.item, quantity, per_heat, "t/GJ", gas))
        carrier = knowledge.carriers.get(factor.item)
        per_amount = _gas_per(factor, carrier.unit, knowledge) if carrier else None
        if carrier and per_amount is not None and carrier.unit != "GJ":
            rates.append(_rate(set_id, factor, factor.item, AMOUNT, per_amount, f"t/{carrier.unit}", gas))
    return tuple(rates)


@accounting_method
def combustion_gases(method: Method, knowledge: Knowledge) -> tuple[Rate, ...]:
    """CH4 and N2O = amount × NCV × factor per net heat of the method's activity (2006 IPCC Guidelines, volume 2, 2.3).

    The calorific value is that of the first set of the method that has one; net heat reported as such takes the place
    of amount × NCV.
    """
    calorific: dict[str, tuple[str, Factor]] = {}
    for set_id, factor in knowledge.factors(method, ("ncv",)):
        if factor.value is not None:
            calorific.setdefault(factor.item, (set_id, factor))
    rates: list[Rate] = []
    for set_id, factor in knowledge.factors(method, ("ch4", "n2o")):
        carrier = knowledge.carriers.get(factor.item)
        per_heat = _gas_per(factor, "GJ", knowledge) if factor.basis == "net" else None
        if carrier is None or per_heat is None or factor.activity != method.activity:
            continue
        gas = GAS_KINDS[factor.kind]
        rates.append(_rate(set_id, factor, factor.item, HEAT_QUANTITY["net"], per_heat, "t/GJ", gas))
        if factor.item in calorific:
            parts = (calorific[factor.item], (set_id, factor))
            units = (f"GJ/{carrier.unit}", "t/GJ")
            made = _product_rate(factor.item, AMOUNT, parts, units, 1.0, f"t/{carrier.unit}", knowledge)
            rates.append(replace(made, gas=gas))
    return tuple(rates)


@accounting_method
def process_product(method: Method, knowledge: Knowledge) -> tuple[Rate, ...]:
    """Gas = amount of product made (or raw material used) × factor per tonne."""
    rates = []
    for set_id, factor in knowledge.factors(method, ("process",)):
        carrier = knowledge.carriers.get(factor.item)
        if carrier is None or (method.carriers and factor.item not in method.carriers):
            continue
        value = _gas_per(factor, carrier.unit, knowledge)
        quantity = _made_or_used(carrier)
        rates.append(_rate(set_id, factor, factor.item, quantity, value, f"t/{carrier.unit}", factor.gas))
    return tuple(rates)


@accounting_method
def cement_tier1(method: Method, knowledge: Knowledge) -> tuple[Rate, ...]:
    """CO2 of cement from the clinker in it, tier 1 of the 2006 IPCC Guidelines, volume 3, equation 2.1.

    CO2 = (Σ cement × clinker in it − clinker imported + clinker exported) × EF_clinker, where EF_clinker [t CO2/t]
    holds the correction for kiln dust. Each item is a product made or a material used; the method's parameters say
    how much clinker [t/t] one tonne of it stands for: the clinker fraction of a cement, −1 for clinker brought in,
    1 for clinker sent out. The factor is that of the item of kind ``process`` in the method's sets.
    """
    rates = []
    for set_id, factor in knowledge.factors(method, ("process",)):
        for item, clinker in sorted(method.parameters.items()):
            carrier = knowledge.carriers.get(item)
            per_clinker = _gas_per(factor, carrier.unit, knowledge) if carrier else None
            if carrier is None or (method.carriers and factor.item not in method.carriers):
                continue
            value = None if per_clinker is None else per_clinker * clinker
            rates.append(_rate(set_id, factor, item, _made_or_used(carrier), value, f"t/{carrier.unit}", factor.gas))
    return tuple(rates)


@accounting_method
def power(method: Method, knowledge: Knowledge) -> tuple[Rate, ...]:
    """CO2 = electricity × power factor of the method's definition, area and year rule."""
    return _bought_rates(method, knowledge, "power", "electricity")


@accounting_method
def heat(method: Method, knowledge: Knowledge) -> tuple[Rate, ...]:
    """CO2 = heat × heat factor."""
    return _bought_rates(method, knowledge, "heat", "heat")


def _made_or_used(carrier: Carrier) -> str:
    return "material.use" if carrier.kind == "material" else "output.product"


def replace_sets(method: Method, set_id: str) -> Method:
    """The method limited to one of its factor sets."""
    return method.model_copy(update={"factor_sets": (set_id,)})


def _amount_rates(method: Method, knowledge: Knowledge, kinds: tuple[str, ...], top: str) -> tuple[Rate, ...]:
    rates = []
    for set_id, factor in knowledge.factors(method, kinds):
        carrier = knowledge.carriers.get(factor.item)
        if carrier is not None:
            unit = f"{top}/{carrier.unit}"
            rates.append(_rate(set_id, factor, factor.item, AMOUNT, knowledge.scaled(factor, unit), unit, ""))
    return tuple(rates)


def _needs_primary_energy(carriers: Mapping[str, Carrier], item: str) -> bool:
    return item in carriers and carriers[item].kind == "electricity"


def _bought_rates(method: Method, knowledge: Knowledge, kind: str, carrier_kind: str) -> tuple[Rate, ...]:
    """Rates of bought energy; a factor of the plain carrier serves the kinds that the method lists."""
    rates = []
    for set_id, factor in knowledge.factors(method, (kind,)):
        for item in _served(method, factor, carrier_kind, knowledge):
            unit = knowledge.carriers[item].unit
            value = _gas_per(factor, unit, knowledge)
            rates.append(_rate(set_id, factor, item, AMOUNT, value, f"t/{unit}", factor.gas or "CO2"))
    return tuple(rates)


def _served(method: Method, factor: Factor, carrier_kind: str, knowledge: Knowledge) -> tuple[str, ...]:
    if factor.item != carrier_kind or not method.carriers:
        return (factor.item,) if factor.item in knowledge.carriers else ()
    own = {each.item for _, each in knowledge.factors(method, ("power", "heat")) if each.item != carrier_kind}
    return tuple(item for item in method.carriers if item in knowledge.carriers and item not in own)


def _gas_per(factor: Factor, unit: str, knowledge: Knowledge) -> float | None:
    """The factor as tonnes of gas per ``unit``, whichever mass of gas its own unit counts in."""
    for top in ("tCO2", "t", "tCO2e"):
        value = knowledge.scaled(factor, f"{top}/{unit}")
        if value is not None:
            return value
    return None


def _rate(set_id: str, factor: Factor, item: str, quantity: str, value: float | None, unit: str, gas: str) -> Rate:
    return Rate(
        item=item, quantity=quantity, value=value, unit=unit, factor=f"{set_id}/{factor.id}", gas=gas,
        area=factor.area, since=factor.since, until=factor.until, data_year=factor.data_year,
        definition=factor.definition, basis=factor.basis, confidence=factor.confidence,
    )  # fmt: skip


def _by_item(
    knowledge: Knowledge, method: Method, kinds: tuple[str, ...]
) -> dict[str, dict[str, list[tuple[str, Factor]]]]:
    found: dict[str, dict[str, list[tuple[str, Factor]]]] = {}
    for set_id, factor in knowledge.factors(method, kinds):
        if factor.value is not None:
            found.setdefault(factor.item, {}).setdefault(factor.kind, []).append((set_id, factor))
    return found


def _fuels(method: Method, knowledge: Knowledge) -> dict[str, dict[str, list[tuple[str, Factor]]]]:
    """Calorific value, carbon content and oxidation of each carrier, from the first set of the method that has all."""
    found: dict[str, dict[str, list[tuple[str, Factor]]]] = {}
    for set_id in method.factor_sets:
        parts = _by_item(knowledge, replace_sets(method, set_id), ("ncv", "carbon_content", "oxidation"))
        for item, kinds in parts.items():
            if item in knowledge.carriers and len(kinds) == 3:
                found.setdefault(item, kinds)
    return found


def _left_over(factor: Factor, knowledge: Knowledge) -> Factor:
    oxidised = knowledge.scaled(factor, "1")
    return factor.model_copy(update={"value": None if oxidised is None else 1.0 - oxidised, "unit": "1"})


def _combinations(kinds: dict[str, list[tuple[str, Factor]]]) -> Iterable[tuple[tuple[str, Factor], ...]]:
    return product(kinds["ncv"], kinds["carbon_content"], kinds["oxidation"])


def _combustion_rate(item: str, parts: tuple[tuple[str, Factor], ...], ratio: float, knowledge: Knowledge) -> Rate:
    unit = knowledge.carriers[item].unit
    return _product_rate(item, AMOUNT, parts, (f"GJ/{unit}", "tC/GJ", "1"), ratio, f"t/{unit}", knowledge)


def _net_heat_rate(item: str, parts: tuple[tuple[str, Factor], ...], ratio: float, knowledge: Knowledge) -> Rate:
    return _product_rate(item, HEAT_QUANTITY["net"], parts, ("tC/GJ", "1"), ratio, "t/GJ", knowledge)


def _product_rate(
    item: str, quantity: str, parts: tuple[tuple[str, Factor], ...], units: tuple[str, ...], ratio: float,
    unit: str, knowledge: Knowledge,
) -> Rate:  # fmt: skip
    """The rate made of several factors, valid while all are; no value where one has none or its basis is not net."""
    value: float | None = 1.0
    for (_, factor), wanted in zip(parts, units, strict=True):
        scaled = knowledge.scaled(factor, wanted)
        value = None if value is None or scaled is None else value * scaled
    value = None if value is None else value * ratio
    is_net = {factor.basis for _, factor in parts if factor.basis} <= {"net"}
    return replace(
        _rate(parts[0][0], parts[0][1], item, quantity, value if is_net else None, unit, "CO2"),
        factor="+".join(f"{set_id}/{factor.id}" for set_id, factor in parts),
        basis="net" if is_net else "mixed",
        since=max((factor.since for _, factor in parts if factor.since), default=None),
        until=min((factor.until for _, factor in parts if factor.until), default=None),
        confidence=least(factor.confidence for _, factor in parts),
    )
