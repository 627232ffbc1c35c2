"""Plants that make power and heat from fuel: their fuel CO2 split between both, and the factors of their buyers.

The split moves what buyers are told, never the total of the park.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from greenpark.account.activity import COUNTED
from greenpark.account.brought import Beside, Rates, bring, figure
from greenpark.account.entries import TRADED_KINDS
from greenpark.account.gaps import first_of, placed_finding
from greenpark.account.methods import Knowledge
from greenpark.account.transfers import Transfers
from greenpark.account.views import View
from greenpark.engine.connect import Engine
from greenpark.engine.sums import exact_sum
from greenpark.model.knowledge import Method

# Amounts are multiplied by factors of fuels, so they are summed to more decimals than the CO2 that they become.
DECIMALS = 8
BOILER = "chp.boiler_heat"
ALLOCATION = "allocation="
# By which split a plant's own factor replaces the fixed one where power is sent out.
EXPORT_SPLIT = "chp_efficiency"
_SOLD = ("electricity", "sale")


@dataclass(frozen=True)
class Plant:
    """A plant in a year: fuel CO2 [t]; power and heat made [GJ]; heat raised by its boilers [GJ], where reported; and
    power of the grid's kind that it sells [MWh].
    """

    entity: str
    year: int
    co2: float | None
    power: float
    heat: float
    boiler: float | None
    sold: float = 0.0


Split = Callable[[Plant, Mapping[str, float]], float]
SPLITS: dict[str, Split] = {}


def split(function: Split) -> Split:
    """Enter a function into the table of splits under its own name: the share of heat in the fuel CO2, 0 to 1."""
    SPLITS[function.__name__] = function
    return function


@split
def chp_heat_quantity(plant: Plant, _: Mapping[str, float]) -> float:
    """Heat supplied over heat raised by the boilers (供热比); over heat and power supplied where that is unknown."""
    raised = plant.boiler or plant.heat + plant.power
    return min(plant.heat / raised, 1.0)


@split
def chp_efficiency(plant: Plant, parameters: Mapping[str, float]) -> float:
    """Share of heat = (H/e_H) / (H/e_H + P/e_P): by the fuel that separate plants of these efficiencies would need."""
    heat = plant.heat / parameters["heat_efficiency"]
    return heat / (heat + plant.power / parameters["power_efficiency"])


@split
def chp_exergy(plant: Plant, parameters: Mapping[str, float]) -> float:
    """Share of heat = H × c / (H × c + P), with c the Carnot efficiency of the heat."""
    heat = plant.heat * parameters["carnot"]
    return heat / (heat + plant.power)


def read_plants(
    observations: Any, methods: Collection[str], rates: Rates, knowledge: Knowledge, engine: Engine
) -> tuple[tuple[Plant, ...], tuple[Mapping[str, Any], ...]]:
    """The plants that report fuel put in and power or heat made, and those of which a fuel has no factor.

    A fuel made beside (gas of a coke oven) takes its carbon along.
    """
    traded = sorted(each.id for each in knowledge.carriers.values() if each.kind in TRADED_KINDS)
    rows = observations.filter(observations.status.isin(COUNTED) & observations.start.notnull())
    made = rows.filter((rows.quantity == "energy.amount") & (rows.flow == "transform_out") & rows.carrier.isin(traded))
    asked = rows.filter(rows.flow.isin(["transform_in", "transform_out", "sale"]) | (rows.quantity == BOILER))
    asked = asked.semi_join(made.select("entity").distinct(), "entity")
    asked = asked.mutate(year=asked.start.year().cast("int64"))
    keys = ["entity", "year", "quantity", "carrier", "flow"]
    found = engine.to_arrow(asked.group_by(keys).aggregate(amount=exact_sum(asked.value, DECIMALS))).to_pylist()
    groups: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for row in sorted(found, key=lambda row: tuple(str(row[name]) for name in keys)):
        groups.setdefault((row["entity"], row["year"]), []).append(row)
    plants, unknown = [], []
    for (entity, year), own in sorted(groups.items()):
        co2, lacking = _fuel_co2(entity, year, own, methods, rates, knowledge)
        unknown += [{"entity": entity, "year": year, "carrier": carrier} for carrier in lacking]
        if co2 is not None or lacking:
            plants.append(_plant(entity, year, None if lacking else co2, own, knowledge))
    return tuple(plants), tuple(unknown)


def _plant(entity: str, year: int, co2: float | None, rows: Sequence[Mapping[str, Any]], knowledge: Knowledge) -> Plant:
    power, heat = (_made(rows, kind, knowledge) for kind in TRADED_KINDS)
    boiler = sum(row["amount"] or 0.0 for row in rows if row["quantity"] == BOILER)
    sold = sum(row["amount"] or 0.0 for row in rows if (row["carrier"], row["flow"]) == _SOLD)
    return Plant(entity, year, co2, power, heat, boiler or None, sold)


def allocate(
    plants: Sequence[Plant], unknown: Sequence[Mapping[str, Any]], splits: Sequence[Method], transfers: Transfers,
    views: Sequence[View], rates: Rates, knowledge: Knowledge, dated: Collection[str],
) -> Beside:  # fmt: skip
    """Fuel CO2 of each plant by every split with its buyers' factors; and what netting at the default factor leaves.

    ``co2.unallocated`` of a level = what its plants deliver inside × (default factor − the plant's own factor): what
    buyers report by the default beyond what the plant's fuel gave. It is shown, and hidden in no total.
    """
    brought: list[dict[str, Any]] = []
    figures: list[dict[str, Any]] = []
    for plant in plants:
        if plant.co2 is None or plant.power + plant.heat <= 0:
            continue
        brought.append(bring(plant.entity, plant.year, "chp.fuel_co2", plant.co2, "tCO2", dated=dated))
        for method in splits:
            share = SPLITS[method.function](plant, method.parameters)
            variant = f"{ALLOCATION}{method.id.removeprefix('chp_')}"
            parts = {"electricity": (1 - share) * plant.co2, "heat": share * plant.co2}
            factors = _factors(plant, parts, knowledge)
            for kind, name in (("electricity", "power"), ("heat", "heat")):
                more: dict[str, Any] = {"variant": variant, "dated": dated, "confidence": method.confidence}
                brought.append(bring(plant.entity, plant.year, f"chp.co2_{name}", parts[kind], "tCO2", **more))
                unit = "tCO2/MWh" if kind == "electricity" else "tCO2/GJ"
                factor = (plant.entity, plant.year, f"chp.{name}_factor", factors[kind], unit, variant)
                figures.append(figure(*factor, method.confidence))
            brought += _unallocated(plant, factors, variant, transfers, views, rates, knowledge, dated)
            if method.id == EXPORT_SPLIT:
                brought += _export(plant, factors, transfers, views, rates, knowledge, dated)
    findings = first_of("chp_fuel_unknown", [placed_finding("chp_fuel_unknown", "warning", row) for row in unknown])
    return Beside(tuple(brought), tuple(figures), findings)


def _fuel_co2(
    entity: str, year: int, rows: Sequence[Mapping[str, Any]], methods: Collection[str], rates: Rates,
    knowledge: Knowledge,
) -> tuple[float | None, list[str]]:  # fmt: skip
    """CO2 of the fuel put in less that in fuel made [t]; None where no fuel is put in; fuels without a factor."""
    total, any_fuel = 0.0, False
    # What is made but not stated is no zero: nothing can be split.
    lacking = [row["carrier"] or row["quantity"] for row in rows if row["amount"] is None]
    for row in rows:
        carrier = knowledge.carriers.get(row["carrier"] or "")
        if carrier is None or carrier.kind != "fuel" or carrier.biogenic or row["flow"] == "sale":
            continue
        any_fuel |= row["flow"] == "transform_in"
        rate = rates.of(entity, carrier.id, year, methods, ("combustion",))
        if rate is None or row["amount"] is None:
            lacking.append(carrier.id)
            continue
        total += (rate if row["flow"] == "transform_in" else -abs(rate)) * row["amount"]
    return (total if any_fuel else None), sorted(set(lacking)) if any_fuel else []


def _made(rows: Sequence[Mapping[str, Any]], kind: str, knowledge: Knowledge) -> float:
    """Power or heat made from fuel [GJ]; a mass of steam without a state has no heat, green power no fuel."""
    total = 0.0
    for row in rows:
        carrier = knowledge.carriers.get(row["carrier"] or "")
        if carrier is None or carrier.kind != kind or carrier.renewable or row["flow"] != "transform_out":
            continue
        if carrier.unit in ("MWh", "GJ"):
            total += (row["amount"] or 0.0) * knowledge.units.multiplier(carrier.unit, "GJ")
    return total


def _factors(plant: Plant, parts: Mapping[str, float], knowledge: Knowledge) -> dict[str, float | None]:
    """Factors [tCO2/MWh] of power and [tCO2/GJ] of heat; None for a product that the plant does not make."""
    power = plant.power * knowledge.units.multiplier("GJ", "MWh")
    return {
        "electricity": parts["electricity"] / power if power else None,
        "heat": parts["heat"] / plant.heat if plant.heat else None,
    }


def _unallocated(
    plant: Plant, factors: Mapping[str, float | None], variant: str, transfers: Transfers, views: Sequence[View],
    rates: Rates, knowledge: Knowledge, dated: Collection[str],
) -> list[dict[str, Any]]:  # fmt: skip
    view = next((view for view in views if view.variant), None)
    rows = []
    for row in transfers.moved:
        carrier = knowledge.carriers.get(row["carrier"])
        own = factors.get(carrier.kind) if carrier and not carrier.renewable else None
        if view is None or (row["entity"], row["year"]) != (plant.entity, plant.year) or own is None or carrier is None:
            continue
        default = rates.of(row["entity"], carrier.id, plant.year, view.methods, ("power_", "heat_"))
        if default is None:
            continue
        value = (row["moved"] or 0.0) * (default - own)
        more: dict[str, Any] = {"variant": variant, "counterparty": row["counterparty"], "dated": dated}
        rows += [
            bring(plant.entity, plant.year, "co2.unallocated", value, "tCO2", item=item, **more)
            for item in ("", carrier.id)
        ]
    return rows


def _export(
    plant: Plant, factors: Mapping[str, float | None], transfers: Transfers, views: Sequence[View], rates: Rates,
    knowledge: Knowledge, dated: Collection[str],
) -> list[dict[str, Any]]:  # fmt: skip
    """What the zero-carbon-park total would gain if the plant's power sent out were deducted at its own factor."""
    view = next((view for view in views if "zero_carbon_park" in view.variant), None)
    own = factors["electricity"]
    fixed = rates.of(plant.entity, "electricity", plant.year, view.methods, ("power_",)) if view else None
    if own is None or fixed is None:
        return []
    side = (plant.entity, "electricity", plant.year)
    outside = plant.sold - transfers.moved_by_year("entity").get(side, 0.0)
    value = max(outside, 0.0) * (fixed - own)
    return [bring(plant.entity, plant.year, "co2.export_at_plant_factor", value, "tCO2", dated=dated)]
