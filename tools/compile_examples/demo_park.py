"""Write the workbooks of the invented demo park: 40 units, three years of months.

Everything is invented: names, codes (of an area that does not exist), figures. The seed makes every run the same.
Run by hand: ``python -m tools.compile_examples.demo_park``; the workbooks are kept in ``examples/demo_park``.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from pathlib import Path

from tools.compile_examples.demo_facts import ECONOMY_2025, FACTS, FLAGS, LAND, OUTGROWS, TITLES, WHOLE_ZONE
from tools.compile_examples.demo_write import write_workbook

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "demo_park"
SEED = 20260101
YEARS = (2023, 2024, 2025)
PARK, PARK_NAME = "demo_park", "青禾示范产业园（虚构）"
CHP = "青禾热电（虚构）"
GREEN_DIRECT, GREEN_TRADED = "直供绿电", "交易绿电"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_GROWTH = {2023: 1.0, 2024: 1.045, 2025: 1.09}
_SAVING = {2023: 1.0, 2024: 0.965, 2025: 0.93}
_WINTER = (1.25, 1.2, 1.1, 0.95, 0.85, 0.85, 0.9, 0.9, 0.85, 0.95, 1.1, 1.2)

# industry, how many, electricity [MWh/year], heat [GJ/year], gas [10^4 Nm3/year], value added [10^4 yuan/year]
_INDUSTRIES = (
    ("26", "化工", 6, 26000, 180000, 320, 42000),
    ("27", "制药", 4, 9000, 60000, 60, 52000),
    ("30", "建材", 3, 18000, 0, 500, 21000),
    ("34", "通用设备", 5, 6500, 12000, 40, 26000),
    ("36", "汽车零部件", 6, 8000, 15000, 80, 38000),
    ("38", "电气机械", 5, 5200, 8000, 20, 47000),
    ("39", "电子", 6, 15000, 20000, 15, 68000),
    ("14", "食品", 2, 4200, 45000, 35, 16000),
)


@dataclass(frozen=True)
class Unit:
    """One invented unit."""

    code: str
    name: str
    industry: str
    role: str
    power: float
    heat: float
    gas: float
    value_added: float
    lime: float = 0.0


def main() -> None:
    """Write one workbook a year."""
    rng = random.Random(SEED)
    units = _units(rng)
    for year in YEARS:
        sheets: dict[str, list[dict[str, object]]] = {
            "units": _unit_rows(units),
            "energy": [*_energy_rows(units, year, random.Random(SEED + year)), *_oddities(units, year)],
            "transfers": _transfer_rows(units, year, random.Random(SEED + year)),
            "certificates": _certificate_rows(units, year, random.Random(SEED + year)),
            "products": _product_rows(units, year),
            "economy": _economy_rows(units, year),
            "environment": _environment_rows(year),
            "land": _park_rows(LAND, year),
            "facts": _fact_rows(FACTS, year),
            "flags": [
                {"entity": PARK_NAME, "period": str(year), "quantity": name, "answer": answer}
                for name, answer in FLAGS.items()
            ],
            "titles": _title_rows() if year == YEARS[-1] else [],
        }
        write_workbook(FOLDER / f"park_{year}.xlsx", sheets)


def credit_code(number: int) -> str:
    """An 18-character code with a right check character; area 990000 does not exist, so no firm can have it."""
    body = f"91990000MA{number:07d}"[:17]
    total = sum(_LETTERS.index(letter) * weight for letter, weight in zip(body, _WEIGHTS, strict=True))
    return body + _LETTERS[(31 - total % 31) % 31]


def _units(rng: random.Random) -> list[Unit]:
    units = [Unit(credit_code(1), CHP, "44", "公用工程", 0, 0, 0, 15000)]
    number = 2
    for industry, word, count, power, heat, gas, value in _INDUSTRIES:
        for index in range(count):
            scale = math.exp(rng.gauss(0, 0.35))
            lime = 60000.0 if industry == "30" and index == 0 else 0.0
            name = f"青禾{word}{'甲乙丙丁戊己'[index]}公司（虚构）"
            amounts = (power * scale, heat * scale, gas * scale, value * scale, lime)
            units.append(Unit(credit_code(number), name, industry, "企业", *amounts))
            number += 1
    units.append(Unit(credit_code(number), "青禾污水处理厂（虚构）", "46", "公用工程", 5200, 0, 0, 2600))
    units.append(Unit(credit_code(number + 1), "青禾园区管委会后勤（虚构）", "78", "基础设施", 2400, 3000, 8, 0))
    return units


def _unit_rows(units: list[Unit]) -> list[dict[str, object]]:
    park: dict[str, object] = {"entity": PARK, "name": PARK_NAME, "kind": "园区", "area": "江苏", "note": "虚构"}
    return [park] + [
        {
            "entity": unit.code, "name": unit.name, "kind": "法人单位", "role": unit.role, "industry": unit.industry,
            "area": "江苏", "above_scale_since": "2020-01-01", "in_statistics_since": "2020-01-01",
            "since": "2018-06-01",
        }
        for unit in units
    ]  # fmt: skip


def _months(year: int) -> list[str]:
    return [f"{year}-{month:02d}" for month in range(1, 13)]


def _monthly(total: float, month: int, rng: random.Random, seasonal: bool) -> float:
    shape = _WINTER[month] if seasonal else 1.0
    norm = sum(_WINTER) if seasonal else 12.0
    return total * shape / norm * (1 + rng.uniform(-0.03, 0.03))


def _demand(units: list[Unit], year: int, rng: random.Random) -> dict[tuple[str, int], tuple[float, float]]:
    """Electricity [MWh] and heat [GJ] of each unit and month."""
    factor = _GROWTH[year] * _SAVING[year]
    return {
        (unit.code, month): (
            round(_monthly(unit.power * factor, month, rng, False), 1),
            round(_monthly(unit.heat * factor, month, rng, True), 0),
        )
        for unit in units
        for month in range(12)
    }


def _from_chp(power: float) -> float:
    """What a unit takes from the park's CHP plant [MWh]; the rest comes from the grid and green supply."""
    return round(power * 0.35, 1)


def _energy_rows(units: list[Unit], year: int, rng: random.Random) -> list[dict[str, object]]:
    demand = _demand(units, year, rng)
    rows: list[dict[str, object]] = []
    for month, period in enumerate(_months(year)):
        rows += _chp_rows(units, demand, month, period, year)
        for unit in units[1:]:
            rows += _unit_energy(unit, demand[unit.code, month], month, period, year, rng)
    return rows


def _oddities(units: list[Unit], year: int) -> list[dict[str, object]]:
    """What real returns hold: a number as text, the same row twice, and a value declared absent."""
    if year != YEARS[-1]:
        return []
    twice = _use(units[5], str(year), "汽油", "吨", 1.5)
    return [
        _use(units[3], str(year), "汽油", "千克", "1,250"),
        twice,
        dict(twice),
        {"entity": units[4].name, "period": str(year), "carrier": "汽油", "unit": "吨", "purchase": "未使用"},
    ]


def _chp_rows(
    units: list[Unit], demand: dict[tuple[str, int], tuple[float, float]], month: int, period: str, year: int
) -> list[dict[str, object]]:
    inside = round(sum(_from_chp(demand[unit.code, month][0]) for unit in units[1:]), 1)
    heat = round(sum(demand[unit.code, month][1] for unit in units[1:]), 0)
    outside = 2500.0
    own = round((inside + outside) * 0.08, 1)
    made = round(inside + outside + own, 1)
    coal = round((made * 3.6 + heat) / 0.72 / 23.2, 1)
    return [
        {
            "entity": CHP, "period": period, "carrier": "烟煤", "unit": "吨", "purchase": coal, "use_industrial": coal,
            "transform_in": coal,
        },
        {
            "entity": CHP, "period": period, "carrier": "电力", "unit": "兆瓦时", "transform_out": made,
            "use_industrial": own, "sale": round(inside + outside, 1),
        },
        {"entity": CHP, "period": period, "carrier": "热力", "unit": "吉焦", "transform_out": heat, "sale": heat},
    ]  # fmt: skip


def _unit_energy(
    unit: Unit, demand: tuple[float, float], month: int, period: str, year: int, rng: random.Random
) -> list[dict[str, object]]:
    power, heat = demand
    green = round(power * {2023: 0.05, 2024: 0.12, 2025: 0.2}[year], 1)
    traded = round(power * {2023: 0.0, 2024: 0.05, 2025: 0.1}[year], 1)
    plain = round(power - green - traded, 1)
    parts = (("电力", plain), (GREEN_DIRECT, green), (GREEN_TRADED, traded))
    rows: list[dict[str, object]] = [
        {
            "entity": unit.name, "period": period, "carrier": name, "unit": "万千瓦时",
            "purchase": round(amount / 10, 5), "use_industrial": round(amount / 10, 5),
        }
        for name, amount in parts
        if amount
    ]  # fmt: skip
    if heat:
        rows.append(_use(unit, period, "热力", "吉焦", heat))
    factor = _GROWTH[year] * _SAVING[year]
    if unit.gas:
        gas = round(_monthly(unit.gas * factor, month, rng, False), 3)
        rows.append(_use(unit, period, "天然气", "万标立方米", gas))
    if unit.role == "企业" and month % 3 == 0:
        quarter = f"{year}-Q{month // 3 + 1}"
        rows.append(_use(unit, quarter, "柴油", "吨", round(3 + rng.uniform(0, 4), 2)))
    if unit.lime:
        rows.append(_use(unit, period, "无烟煤", "吨", round(unit.lime / 12 * 0.16 * factor, 1)))
    return rows


def _use(unit: Unit, period: str, carrier: str, measure: str, amount: object) -> dict[str, object]:
    return {
        "entity": unit.name, "period": period, "carrier": carrier, "unit": measure, "purchase": amount,
        "use_industrial": amount,
    }  # fmt: skip


def _transfer_rows(units: list[Unit], year: int, rng: random.Random) -> list[dict[str, object]]:
    demand = _demand(units, year, rng)
    rows = []
    for month, period in enumerate(_months(year)):
        for unit in units[1:]:
            power, heat = demand[unit.code, month]
            amounts = (("电力", "兆瓦时", _from_chp(power)), ("热力", "吉焦", heat))
            rows += [
                {
                    "entity": CHP, "counterparty": unit.name, "period": period, "carrier": carrier, "unit": measure,
                    "amount": amount,
                }
                for carrier, measure, amount in amounts
                if amount
            ]  # fmt: skip
    return rows


def _certificate_rows(units: list[Unit], year: int, rng: random.Random) -> list[dict[str, object]]:
    """A certificate for the green power that each unit bought by trading; one unit has none for the last year."""
    bought: dict[object, float] = {}
    for row in _energy_rows(units, year, rng):
        if row["carrier"] == GREEN_TRADED:
            bought[row["entity"]] = bought.get(row["entity"], 0.0) + float(str(row["purchase"])) * 10
    return [
        {
            "entity": unit.name, "number": f"DEMO-{year}-{unit.code}", "period": str(year),
            "claimed": round(bought[unit.name], 4), "year": year,
        }
        for unit in units
        if unit.name in bought and (year, unit.name) != (YEARS[-1], units[-1].name)
    ]  # fmt: skip


def _product_rows(units: list[Unit], year: int) -> list[dict[str, object]]:
    return [
        {"entity": unit.name, "period": str(year), "carrier": "石灰", "unit": "吨", "output": unit.lime * _GROWTH[year]}
        for unit in units
        if unit.lime
    ]


def _economy_rows(units: list[Unit], year: int) -> list[dict[str, object]]:
    share = _GROWTH[year] / _GROWTH[2025]
    value_added = _value_added(units, year)
    rows: list[dict[str, object]] = [
        {
            "entity": unit.name, "period": str(year), "value_added": round(value_added[unit.code] * 1.01, 1),
            "value_added_comparable": round(value_added[unit.code], 1),
            "output": round(value_added[unit.code] * 4.1, 1), "revenue": round(value_added[unit.code] * 4.3, 1),
            "employees_industrial": round(unit.value_added / 38),
        }
        for unit in units
        if unit.value_added
    ]  # fmt: skip
    park = {name: round(value * share, 1) for name, value in ECONOMY_2025.items()}
    firms = sum(value_added.values()) * 1.01
    park |= {"value_added_firms": round(firms, 1), "value_added_zone": round(firms * WHOLE_ZONE, 1)}
    rows.append({"entity": PARK_NAME, "period": str(year), **park})
    return rows


def _value_added(units: list[Unit], year: int) -> dict[str, float]:
    """Value added of each unit at comparable prices: industries grow apart, their sum grows as the park does."""
    years = year - YEARS[-1]
    apart = {each.code: each.value_added * (1 + OUTGROWS.get(each.industry, 0.0)) ** years for each in units}
    whole = sum(each.value_added for each in units) * _GROWTH[year] / _GROWTH[YEARS[-1]]
    return {code: value * whole / sum(apart.values()) for code, value in apart.items()}


def _title_rows() -> list[dict[str, object]]:
    return [
        {
            "entity": holder or PARK_NAME,
            "title": title,
            "stage": stage,
            "period": when,
            "document": f"虚构〔{when[:4]}〕1号",
        }
        for holder, title, stage, when in TITLES
    ]


def _environment_rows(year: int) -> list[dict[str, object]]:
    share, saving = _GROWTH[year], _SAVING[year]
    return [
        {
            "entity": PARK_NAME, "period": str(year), "water_fresh": round(9_200_000 * share * saving),
            "water_reused": round(61_000_000 * share), "water_reclaimed": round(2_100_000 * share),
            "water_treated": round(6_400_000 * share), "water_waste": round(5_100_000 * share * saving),
            "waste_generated": round(82_000 * share * saving), "waste_used": round(79_000 * share * saving),
            "waste_used_previous": 600, "waste_disposed": round(3_600 * share * saving),
            "waste_disposed_previous": 0, "waste_hazardous": round(4_100 * share * saving),
            "cod": round(212 * share * saving**2, 2), "nh3n": round(16.4 * share * saving**2, 3),
            "so2": round(310 * share * saving**3, 2), "nox": round(420 * share * saving**2, 2),
            "voc": round(260 * share * saving**2, 2), "good_days": {2023: 296, 2024: 301, 2025: 307}[year],
            "days": {2023: 365, 2024: 366, 2025: 365}[year],
        }
    ]  # fmt: skip


def _park_rows(values: dict[str, float], year: int) -> list[dict[str, object]]:
    return [{"entity": PARK_NAME, "period": str(year), **values}]


def _fact_rows(facts: dict[str, tuple[float, str]], year: int) -> list[dict[str, object]]:
    return [
        {"entity": PARK_NAME, "period": str(year), "quantity": name, "value": value, "unit": unit}
        for name, (value, unit) in facts.items()
    ]


if __name__ == "__main__":
    main()
