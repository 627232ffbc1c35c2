"""Invented facts of the demo park that are stated for the park as a whole."""

from __future__ import annotations

# In 10^4 yuan, of 2025; earlier years follow the park's growth.
ECONOMY_2025: dict[str, float] = {"gdp": 2_480_000.0}

LAND: dict[str, float] = {
    "approved": 18.6,
    "managed": 24.3,
    "built_up": 16.2,
    "industrial": 9.4,
    "green_area": 4.7,
    "green_coverage": 5.9,
    "forest": 2.1,
    "construction": 13.8,
    "all_green": 5.4,
}

FACTS: dict[str, tuple[float, str]] = {
    "economy.output_hightech_enterprises": (2_950_000.0, "万元"),
    "economy.output_hightech_industry": (2_610_000.0, "万元"),
    "economy.industrial_value_added_green": (498_000.0, "万元"),
    "economy.industrial_value_added_recycling": (41_000.0, "万元"),
    "economy.modern_service_value_added": (720_000.0, "万元"),
    "scrap.collected": (36_500.0, "t"),
    "scrap.recycled": (31_200.0, "t"),
    "waste_heat.available": (820_000.0, "GJ"),
    "waste_heat.recovered": (505_000.0, "GJ"),
    "building.public_new": (126_000.0, "m2"),
    "building.public_green": (98_000.0, "m2"),
    "transport.buses": (84.0, "辆"),
    "transport.buses_clean": (71.0, "辆"),
    "management.chain_projects": (7.0, "个"),
    "management.key_enterprises": (12.0, "个"),
    "management.audited_enterprises": (12.0, "个"),
    "management.disclosing_enterprises": (12.0, "个"),
    "management.incidents": (0.0, "个"),
    "management.events": (4.0, "个"),
    "management.environment_capacity": (100.0, "%"),
    "management.risk_system": (100.0, "%"),
    "management.information_platform": (92.0, "%"),
    "fact.plan_years": (2.0, "year"),
    "fact.water_class": (3.0, "1"),
}

FLAGS: dict[str, str] = {
    "fact.sources_compliant": "是",
    "fact.total_control_met": "是",
    "fact.waste_water_plant": "是",
    "fact.standard_system": "是",
    "fact.green_plan": "是",
    "fact.green_platform": "否",
    "fact.no_accidents": "是",
}

# By how much the value added of an industry outgrows that of the park in a year; the park's own growth stays as it is.
OUTGROWS: dict[str, float] = {
    "26": -0.03, "27": 0.02, "30": -0.05, "34": 0.0, "36": 0.01, "38": 0.03, "39": 0.04, "14": -0.01, "44": -0.02, "46": 0.0,
}  # fmt: skip
# All that lies in the zone beside its reporting firms, as a share of their value added.
WHOLE_ZONE = 1.06

# holder (empty: the park), title, stage, date
TITLES: tuple[tuple[str, str, str, str], ...] = (
    ("", "园区循环化改造示范试点", "批准建设或试点", "2016-10-20"),
    ("", "国家级绿色工业园区", "验收命名", "2024-01-15"),
    ("青禾电子甲公司（虚构）", "国家级绿色工厂", "验收命名", "2023-03-24"),
    ("青禾电子甲公司（虚构）", "绿色供应链管理企业", "验收命名", "2024-01-15"),
    ("青禾制药乙公司（虚构）", "国家级绿色工厂", "验收命名", "2024-01-15"),
)
