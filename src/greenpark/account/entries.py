"""Which cells enter which figure, with which sign: small tables computed from the definitions.

``level`` says where an entry counts: ``leaf`` for entities with nothing below them, ``above`` for the others, empty
for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from math import copysign
from typing import Any

import pyarrow as pa

from greenpark.account.methods import Knowledge
from greenpark.account.views import View, method_name
from greenpark.engine.units import UnitError
from greenpark.model.knowledge import Carrier, Method

TRADED_KINDS = ("electricity", "heat")
GREEN_ELECTRICITY = {
    "electricity.direct_green": "electricity_direct_green",
    "electricity.traded_green": "electricity_traded_green",
    "electricity.certificate_green": "electricity_certificate_green",
}
_EXCHANGED = {"electricity": "MWh", "heat": "GJ"}
MEMO = "memo_"
_APART = {"feedstock": "energy.feedstock", "recovery": "energy.recovered"}
SOLD = "energy.sold"
LEVEL_OF_LEAF = {True: "leaf", False: "above"}


@dataclass(frozen=True)
class EmissionEntry:
    """Cells of a method, category and gas enter a figure; ``amount`` is t or co2e."""

    method: str
    category: str
    gas: str
    quantity: str
    variant: str
    unit: str = "tCO2"
    item_by: str = ""
    item_is: str = ""
    amount: str = "t"
    sign: float = 1.0
    level: str = ""
    gwp: float | None = None

    @property
    def scale(self) -> float:
        """What a mass of gas [t] is multiplied with; NaN where the GWP set of the entry has none for the gas."""
        if self.amount != "co2e":
            return self.sign
        return self.sign * (float("nan") if self.gwp is None else self.gwp)


@dataclass(frozen=True)
class EnergyEntry:
    """Cells of a method, carrier and role enter a figure [tce]."""

    method: str
    carrier: str
    role: str
    quantity: str
    variant: str
    unit: str = "tce"
    item_is: str = ""
    sign: float = 1.0
    level: str = ""

    @property
    def scale(self) -> float:
        """What an energy [tce] is multiplied with."""
        return self.sign


@dataclass(frozen=True)
class ExchangeEntry:
    """Amounts of a carrier and flow enter a figure; ``sign`` is empty where the carrier's unit does not fit."""

    carrier: str
    flow: str
    quantity: str
    unit: str
    variant: str = ""
    item_is: str = ""
    sign: float | None = 1.0
    level: str = ""


def emission_entries(
    matches: pa.Table, views: Sequence[View], knowledge: Knowledge, methods: Mapping[str, Method]
) -> tuple[tuple[EmissionEntry, ...], ...]:
    """The entries of rows that a unit reports, and those of the transfer ledger.

    CO2 equivalents are made last, by the GWP set that the method names, else that of the view's profile. A row that
    found no factor has no gas: it enters what it would have entered, as unmatched.
    """
    own: list[EmissionEntry] = []
    between: list[EmissionEntry] = []
    named = {method_name(each): each.gwp_set for each in methods.values()}
    for row in _distinct(matches, "emissions", ("method", "category", "scope", "gas")):
        key = (row["method"], row["category"], row["gas"])
        for view in views:
            if row["method"] not in view.methods:
                continue
            if row["category"].endswith("_internal"):
                between += _ledger(key, view.variant) if row["gas"] in ("CO2", "") else ()
            elif not view.variant:
                own += _direct(key, row["scope"])
            elif row["scope"] in (1, 2):
                potentials = warming_potentials(knowledge, named.get(row["method"]) or view.gwp_set)
                own += _total(key, view.variant, potentials.get(row["gas"]))
    return tuple(own), tuple(between)


def _direct(key: tuple[str, str, str], scope: int) -> Iterable[EmissionEntry]:
    _, category, gas = key
    if gas not in ("CO2", ""):
        return
    quantities = ["co2.direct"] if scope == 1 else []
    if category in ("combustion", "process", "biogenic"):
        quantities.append(f"co2.{category}")
    for quantity in quantities:
        yield EmissionEntry(*key, quantity, "")
        yield EmissionEntry(*key, quantity, "", item_by="carrier")


def warming_potentials(knowledge: Knowledge, gwp_set: str) -> dict[str, float]:
    """The GWP [t CO2e/t] of each gas in a set."""
    return {
        factor.item: factor.value
        for each in knowledge.factor_sets.values()
        for factor in each.factors
        if factor.kind == "gwp" and factor.definition == gwp_set and factor.value is not None
    }


def _total(key: tuple[str, str, str], variant: str, gwp: float | None) -> Iterable[EmissionEntry]:
    _, category, gas = key
    for item in ("", gas) if gas else ("",):
        yield EmissionEntry(*key, "ghg.total", variant, "tCO2e", item_is=item, amount="co2e", gwp=gwp)
    if gas not in ("CO2", ""):
        return
    yield EmissionEntry(*key, "co2.total", variant)
    yield EmissionEntry(*key, "co2.total", variant, item_by="category")
    kind, _, direction = category.rpartition("_")
    if direction != "out":
        yield EmissionEntry(*key, "co2.enterprise_sum", variant)
    if kind in ("power", "heat"):
        item = {"in": "import", "out": "export"}[direction]
        yield EmissionEntry(*key, f"co2.{kind}_net", variant)
        yield EmissionEntry(*key, f"co2.{kind}_net", variant, item_is=item)


def _ledger(key: tuple[str, str, str], variant: str) -> Iterable[EmissionEntry]:
    """What is delivered inside a level was bought and sold inside it: it is neither import nor export."""
    kind = key[1].removesuffix("_internal")
    yield EmissionEntry(*key, "co2.internal_double_count", variant)
    yield EmissionEntry(*key, f"co2.{kind}_net", variant, item_is="import", sign=-1.0)
    yield EmissionEntry(*key, f"co2.{kind}_net", variant, item_is="export")


def energy_entries(
    matches: pa.Table, bases: Sequence[View], carriers: Mapping[str, Carrier]
) -> tuple[EnergyEntry, ...]:
    """The entries of energy rows.

    A unit's comprehensive energy is its use less what it makes and recovers (statistical form). That of a level above
    is the same for fuels, and for power and heat what is bought less what is sold and less what is used outside
    production: deliveries inside cancel, and where each unit's balance closes both ways give the same.
    """
    found: list[EnergyEntry] = []
    for row in _distinct(matches, "energy", ("method", "item", "role", "coefficient")):
        carrier = carriers.get(row["item"])
        if carrier is None:
            continue
        key = (row["method"], row["item"], row["role"])
        for basis in bases:
            if row["method"] in basis.methods:
                found += _energy_total(key, basis.variant, is_traded(carrier))
                found += _energy_parts(key, basis.variant, carrier, basis.clean, copysign(1.0, row["coefficient"]))
    return tuple(found)


def _energy_total(key: tuple[str, str, str], variant: str, traded: bool) -> Iterable[EnergyEntry]:
    _, item, role = key
    plain = role.removeprefix(MEMO)
    counted = not role.startswith(MEMO)
    signs: dict[str, float] = {}
    if counted:
        signs["leaf" if traded else ""] = 1.0
    if traded and plain in ("purchase", "sale"):
        signs["above"] = 1.0 if counted or plain == "purchase" else -1.0
    if traded and role == f"{MEMO}use_other":
        signs["above"] = -1.0
    # A fuel that a unit loses is used nowhere, and yet the level above got it.
    lost = not traded and role == f"{MEMO}loss"
    if lost:
        signs["above"] = 1.0
    for level, sign in signs.items():
        for item_is in ("", item):
            yield EnergyEntry(*key, "energy.total", variant, item_is=item_is, sign=sign, level=level)
            # What units got inside a level and did not use: its total less the sum of theirs.
            if traded or lost:
                loss = sign if level == "above" else -sign
                yield EnergyEntry(*key, "energy.loss", variant, item_is=item_is, sign=loss, level="above")
    if traded and plain in ("purchase", "sale"):
        sign = 1.0 if counted or plain == "purchase" else -1.0
        yield EnergyEntry(*key, "energy.imported", variant, sign=sign)


def _energy_parts(
    key: tuple[str, str, str], variant: str, carrier: Carrier, clean: Sequence[str], sign: float
) -> Iterable[EnergyEntry]:
    """Final energy, and the parts that are renewable or clean; feedstock, recovered and sold energy, working media bought.

    What is sold was deducted when it was made or recovered, or never counted: the line shows it and deducts nothing again.
    """
    plain = key[2].removeprefix(MEMO)
    if carrier.kind == "working_medium":
        if plain in ("purchase", "sale"):
            yield EnergyEntry(*key, "energy.working_media", variant, sign=-1.0 if key[2] == f"{MEMO}sale" else 1.0)
        return
    if plain in ("use", "use_other"):
        yield EnergyEntry(*key, "energy.final", variant)
    # As in the total, what was made is deducted: what it was made of counts already. What was recovered is used all the same.
    if plain in ("use", "use_other", "output"):
        if carrier.id in clean or (not clean and carrier.renewable):
            yield EnergyEntry(*key, "energy.clean", variant)
        if carrier.renewable and not key[2].startswith(MEMO):
            yield EnergyEntry(*key, "energy.renewable", variant)
    if plain == "transform_in":
        yield EnergyEntry(*key, "energy.final", variant, sign=-sign)
    if plain == "sale":
        for item_is in ("", carrier.id):
            yield EnergyEntry(*key, SOLD, variant, item_is=item_is, sign=sign)
    if plain in _APART:
        yield EnergyEntry(*key, _APART[plain], variant, sign=sign)


def exchange_entries(knowledge: Knowledge) -> tuple[tuple[ExchangeEntry, ...], tuple[ExchangeEntry, ...]]:
    """Power [MWh] and heat [GJ] used, bought and sold, and what the transfer ledger takes out of the last two."""
    own: list[ExchangeEntry] = []
    between: list[ExchangeEntry] = []
    for carrier in knowledge.carriers.values():
        if carrier.kind not in TRADED_KINDS:
            continue
        unit = _EXCHANGED[carrier.kind]
        sign = multiplier_of(knowledge, carrier.unit, unit)
        if carrier.kind == "electricity":
            own += [
                ExchangeEntry(carrier.id, f, "electricity.use", unit, sign=sign)
                for f in ("use_industrial", "use_other")
            ]
            # Own power that is handed on as power of another kind is used by whoever gets it.
            if carrier.self_generated:
                minus = None if sign is None else -sign
                own.append(ExchangeEntry(carrier.id, "transform_in", "electricity.use", unit, sign=minus))
        if not is_traded(carrier):
            continue
        own.append(ExchangeEntry(carrier.id, "loss", f"{carrier.kind}.loss", unit, sign=sign))
        for quantity, flow in ((f"{carrier.kind}.imported", "purchase"), (f"{carrier.kind}.exported", "sale")):
            own.append(ExchangeEntry(carrier.id, flow, quantity, unit, sign=sign))
            minus = None if sign is None else -sign
            between.append(ExchangeEntry(carrier.id, "transfer", quantity, unit, sign=minus))
        # By use: what is bought and sold on, or delivered from one unit to the next, is green power once.
        own += [
            ExchangeEntry(carrier.id, flow, quantity, unit, sign=sign)
            for quantity, green in GREEN_ELECTRICITY.items()
            for flow in ("use_industrial", "use_other")
            if green == carrier.id
        ]
    return tuple(own), tuple(between)


def is_traded(carrier: Carrier) -> bool:
    """Whether the carrier is power or heat that is bought and sold."""
    return carrier.kind in TRADED_KINDS and not carrier.self_generated


def entries_table(kind: type, entries: Sequence[Any]) -> pa.Table:
    """Entries as a table to be joined with cells."""
    schema = pa.schema(
        [(each.name, pa.float64() if each.name in ("sign", "gwp") else pa.string()) for each in fields(kind)]
    )
    return pa.Table.from_pylist([asdict(each) for each in entries], schema=schema)


def multiplier_of(knowledge: Knowledge, source: str, target: str) -> float | None:
    """What turns an amount into another unit; None where it cannot be turned, like a mass of steam into heat."""
    try:
        return knowledge.units.multiplier(source, target)
    except UnitError:
        return None


def _distinct(matches: pa.Table, produces: str, names: Sequence[str]) -> list[dict[str, Any]]:
    rows = matches.select(["produces", *names]).to_pylist()
    found = {tuple(row[name] for name in names) for row in rows if row["produces"] == produces}
    return [dict(zip(names, each, strict=True)) for each in sorted(found, key=str)]
