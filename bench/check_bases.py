"""Real (and one invented) data on which checks are tried: each base with what may judge it.

Entities are split in two halves by the hash of their id: tolerances of the packs were chosen on the tuning half
(seed 1), everything that is published or asserted is measured on the other half (other seeds).
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from greenpark.catalog import Packs
from greenpark.collect import Context, collect_form
from greenpark.engine.units import Units
from greenpark.model.checks import BalanceRule, CheckRule, Term
from greenpark.model.text import Text
from greenpark.model.time import add_months

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"
Row = dict[str, Any]


@dataclass(frozen=True)
class Base:
    """A base of real rows: what is checked, what is known from before, and what may judge it."""

    id: str
    rows: tuple[Row, ...]
    rules: tuple[CheckRule, ...]
    history: tuple[Row, ...] = ()
    entities: tuple[Row, ...] = ()
    judged_by: str = "history"


def half(rows: Iterable[Row], tuning: bool) -> tuple[Row, ...]:
    """The rows of the tuning half, or of the other: by the hash of the entity, so that both have whole series."""
    return tuple(row for row in rows if _is_tuning(row["entity"]) == tuning)


def _is_tuning(entity: str) -> bool:
    return hashlib.sha256(entity.encode()).digest()[0] % 2 == 0


def plants(packs: Packs, tuning: bool) -> Base:
    """Heat and quantity of fuel of US plants, one year: no history, but a physical balance by fuel."""
    codes = {carrier.code: carrier for carrier in packs.carriers.values() if carrier.id.startswith("us_")}
    units = Units(packs.units.values())
    rows: list[Row] = []
    path = SHARED / "plant_fuel_co2_us" / "plant_fuel_2017_states_A_M.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for each in csv.DictReader(file):
            carrier = codes.get(each["Fuel Code"])
            if carrier is None or not each["Fuel Units"].strip():
                continue
            entity = "|".join(each[name] for name in ("Plant Code", "State", "Prime Mover", "Sector Code"))
            heat, amount = (
                _number(each[name]) for name in ("Total Fuel Consumption (MMBtu)", "Quantity of Fuel Consumed")
            )
            gj = None if heat is None else heat * units.multiplier("MMBtu", "GJ")
            for quantity, value, unit in (("energy.heat_gross", gj, "GJ"), ("energy.physical", amount, carrier.unit)):
                rows.append(_row(entity, quantity, carrier.id, "", 2017, value, unit))
    rules = (*_rules(packs, "park_statistics"), *_rules(packs, "us_plant_fuels"))
    return _numbered("plants_us", half(rows, tuning), rules, judged_by="balance")


def facilities(packs: Packs, tuning: bool, judged_by: str) -> Base:
    """Emissions of facilities in Washington by gas, 2012–2016: a history, and a total that is the sum of its gases."""
    rows: list[Row] = []
    with (SHARED / "facility_ghg_washington" / "wa_ghg_2012_2016.csv").open(encoding="utf-8", newline="") as file:
        for each in csv.DictReader(file):
            for name, text in each.items():
                if name.endswith("(MTCO2e)"):
                    carrier = name.removesuffix(" (MTCO2e)")
                    quantity = "ghg.total" if carrier.startswith("Total") else "co2.reported"
                    entity = f"{each['Reporter']}|{each['City']}"
                    rows.append(_row(entity, quantity, carrier, "", int(each["Year"]), _number(text), "tCO2e"))
    newest = 2015  # two years are checked, three are their history
    chosen = half(rows, tuning)
    history = () if judged_by in ("balance", "nothing") else tuple(row for row in chosen if row["start"].year < newest)
    rules = _rules(packs, "park_statistics")
    if judged_by in ("balance", "both"):
        rules = (*rules, _sum_of_gases())
    now = tuple(row for row in chosen if row["start"].year >= newest + (judged_by in ("balance", "nothing")))
    return _numbered(f"facilities_wa_{judged_by}", now, rules, history, judged_by=judged_by)


def _sum_of_gases() -> BalanceRule:
    text = Text(zh="合计等于各气体之和", en="the total is the sum of the gases")
    return BalanceRule(
        id="sum_of_gases", title=text, kind="balance", unit="tCO2e", tolerance=0.0, absolute=2.0, source="README",
        confidence="high", left=(Term(quantity="ghg.total"),), right=(Term(quantity="co2.reported"),),
    )  # fmt: skip


def park(packs: Packs, tuning: bool, judged_by: str) -> Base:
    """The invented park by month: 2025 with 2023 and 2024 as history, or alone."""
    form = packs.forms["park_annual"]
    rows: list[Row] = []
    entities: list[Row] = []
    for year in (2023, 2024, 2025):
        context = Context(Units(packs.units.values()), packs.quantities, packs.carriers, packs.areas, None, (year,))
        read = collect_form(ROOT / "examples" / "demo_park" / f"park_{year}.xlsx", form, "", context)
        rows += [row for row in read.observations.to_pylist() if row["start"]]
        entities = read.entities.to_pylist()
    chosen = half(rows, tuning)
    history = () if judged_by == "alone" else tuple(row for row in chosen if row["start"].year < 2025)
    now = tuple(row for row in chosen if row["start"].year == 2025)
    return _numbered(f"park_{judged_by}", now, _rules(packs, "park_statistics"), history, entities, judged_by)


def meters(packs: Packs, tuning: bool) -> Base:
    """Monthly energy of a steel works (2018) and of a campus (2013–2014): short real series, each its own history."""
    rows: list[Row] = []
    for folder, columns in (
        ("meter_steel_kr", {"kwh": "electricity"}),
        ("meter_campus_it", {"kwh_of_present_rows_first_of_duplicates": "electricity", "chiller_kwh": "chiller"}),
    ):
        with (SHARED / folder / "expected_monthly.csv").open(encoding="utf-8", newline="") as file:
            for each in csv.DictReader(file):
                start = date.fromisoformat(f"{each['month'][:7]}-01")
                for column, carrier in columns.items():
                    value = float(each[column]) / 1000
                    row = _row(folder, "energy.amount", carrier, "use_industrial", start.year, value, "MWh")
                    rows.append({**row, "start": start, "end": add_months(start, 1)})
    # Three series are too few to be split; no tolerance was chosen on them.
    return _numbered("meters", () if tuning else rows, _rules(packs, "park_statistics"))


def corporations(packs: Packs, tuning: bool) -> Base:
    """Scope 1, scope 2 and energy of Australian corporations, one year: nothing to compare with."""
    rows: list[Row] = []
    with (SHARED / "corporate_nger_au" / "nger_2021_22_a.csv").open(encoding="utf-8", newline="") as file:
        for each in csv.DictReader(file):
            entity = each["Organisation name"]
            for name, quantity, unit in (
                ("Total scope 1 emissions (t CO2-e)", "co2.reported", "tCO2e"),
                ("Net energy consumed (GJ)", "energy.heat_net", "GJ"),
            ):
                rows.append(_row(entity, quantity, "", "", 2021, _number(each[name]), unit))
    return _numbered("corporations_au", half(rows, tuning), _rules(packs, "park_statistics"), judged_by="nothing")


def _rules(packs: Packs, name: str) -> tuple[CheckRule, ...]:
    return packs.checks[name].rules


def _number(text: str | None) -> float | None:
    plain = (text or "").replace(",", "").strip()
    try:
        return float(plain)
    except ValueError:
        return None


def _row(entity: str, quantity: str, carrier: str, flow: str, year: int, value: float | None, unit: str) -> Row:
    return {
        "entity": entity, "quantity": quantity, "carrier": carrier or None, "flow": flow or None, "counterparty": None,
        "start": date(year, 1, 1), "end": date(year + 1, 1, 1), "value": value, "unit": unit,
        "reported_value": str(value), "reported_unit": unit, "coverage": "boundary", "status": "reported",
        "notation": None, "confidence": "high",
    }  # fmt: skip


def _numbered(
    name: str, rows: Sequence[Row], rules: Sequence[CheckRule], history: Sequence[Row] = (),
    entities: Sequence[Row] = (), judged_by: str = "history",
) -> Base:  # fmt: skip
    """The base with lines from 1 over history and rows, and its lines as cells."""
    lines = [
        {**row, "batch": name, "line": line, "file": name, "sheet": None, "cell": f"L{line}"}
        for line, row in enumerate([*history, *(row for row in rows if row["value"] is not None)], start=1)
    ]
    before = tuple(lines[: len(history)])
    return Base(name, tuple(lines[len(history) :]), tuple(rules), before, tuple(entities), judged_by)
