"""The form as greenpark writes it, filled in by a person, accounted by the commands alone, and compared with a pencil."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from greenpark.account.if97 import enthalpy_of_steam
from greenpark.account.uncounted import find_nowhere
from tests.cli.test_handing_in import greenpark
from tests.collect.conftest import code

STEEL, PLANT, CHIPS = code(1), code(2), code(3)
UNITS = [("PARK", "测试园区", "园区", ""), *((each, name, "法人单位", "PARK") for each, name in (
    (STEEL, "甲钢铁"), (PLANT, "乙热电"), (CHIPS, "丙电子")))]  # fmt: skip
FEED, INTO = "其中：用作原材料", "其中：加工转换投入"
JOB = """id: full
title: {zh: 测试园区, en: test park}
inputs: [{file: park.xlsx, kind: form, form: park_annual, year: 2024}]
boundary: PARK
profile: china_park_national
years: [2024]
schemes: [zero_carbon_park_2025]
"""


def energy(unit: str, carrier: str, measure: str, **amounts: float) -> dict[str, Any]:
    return {"单位名称": unit, "时期": "2024", "能源品种": carrier, "计量单位": measure, **amounts}


def used(unit: str, carrier: str, measure: str, amount: float, **more: float) -> dict[str, Any]:
    return energy(unit, carrier, measure, 购进量=amount, 工业生产消费量=amount, **more)


ENERGY = [
    energy(STEEL, "焦炭", "t", 期初库存量=100, 购进量=1000, 工业生产消费量=1050, 期末库存量=50),
    used(STEEL, "天然气", "万Nm3", 120, **{FEED: 20}),
    energy(STEEL, "高炉煤气", "万Nm3", 回收利用量=500, 工业生产消费量=500),
    used(STEEL, "压缩空气", "万Nm3", 30),
    used(STEEL, "电力", "万kWh", 2100),
    used(PLANT, "烟煤", "t", 50_000, **{INTO: 50_000}),
    used(PLANT, "生物质燃料", "t", 3000, **{INTO: 3000}),
    energy(PLANT, "电力", "万kWh", 加工转换产出=9000, 工业生产消费量=900, 销售量=8100),
    energy(PLANT, "热力", "GJ", 加工转换产出=300_000, 销售量=290_000),
    used(CHIPS, "蒸汽", "t", 1000, **{"蒸汽压力（绝压）": 1.0, "蒸汽或热水温度（℃）": 250}),
    used(CHIPS, "直供绿电", "万kWh", 500),
    used(CHIPS, "交易绿电", "万kWh", 300),
    used(CHIPS, "电力", "万kWh", 1000),
]
SHEETS: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "园区单位": [
        {"统一社会信用代码": entity, "单位名称": name, "类别": kind, "上级": above, "所在省份": "江苏省"}
        for entity, name, kind, above in UNITS
    ],
    "能源": ENERGY,
    "园区内部转供": [
        {"供方": PLANT, "受方": STEEL, "时期": "2024", "能源品种": "电力", "计量单位": "万kWh", "数量": 2100}
    ],
    "绿证": [
        {"单位名称": unit, "绿证编号": "GEC1", "使用（出售）时期": "2024", "使用电量": used, "电量生产年份": 2024}
        for unit, used in ((CHIPS, 2000), (STEEL, 1000))
    ],
    "产品与原料": [
        {"单位名称": STEEL, "时期": "2024", "产品或原料": item, "计量单位": "t", column: amount}
        for item, column, amount in (
            ("石灰", "产量", 500),
            ("碳酸钙（折纯）", "消耗量", 800),
            ("硝酸（高压法）", "产量", 100),
        )
    ],
}


def fill(file: Path) -> None:
    """Write into the columns of each sheet below their titles."""
    opened = openpyxl.load_workbook(file)
    for name, rows in SHEETS.items():
        sheet = next(each for each in opened if each.title.startswith(name))
        head = next(number for number in range(1, 9) if any("*" in str(cell.value) for cell in sheet[number]))
        place = {str(cell.value).split("\n")[0].rstrip(" *"): cell.column for cell in sheet[head] if cell.value}
        for line, row in enumerate(rows, start=head + 1):
            for title, value in row.items():
                sheet.cell(line, place[title]).value = value
    opened.save(file)


@pytest.fixture(scope="module")
def accounted(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[tuple[str, str, str], float], Mapping[str, Any]]:
    """The figures of the park by quantity, variant and item; the summary."""
    folder = tmp_path_factory.mktemp("form")
    greenpark("template", "park_annual", "-o", folder / "park.xlsx", "--year", "2024")
    fill(folder / "park.xlsx")
    checked = greenpark("check", folder / "park.xlsx", "--year", "2024").stdout
    assert "[错误]" not in checked
    job = folder / "job.yaml"
    job.write_text(JOB, encoding="utf-8")
    greenpark("run", job, "--workspace", folder / "w", "--output", folder / "out")
    files = (folder / "w").glob("**/figures/**/*.parquet")
    rows = [row for file in files for row in pq.read_table(file).to_pylist() if row["entity"] == "PARK"]
    summary = json.loads((folder / "out" / "summary.json").read_text("utf-8"))
    return {(row["quantity"], row["variant"], row["item"]): row["value"] for row in rows}, summary


CALORIFIC, PRIMARY = "basis=calorific", "basis=primary_energy"
STEAM = 1000 * ((enthalpy_of_steam(1.0, 250.0) or 0) - 83.74) / 1000  # GJ of 1,000 t


@pytest.mark.parametrize(
    ("quantity", "variant", "item", "expected"),
    [
        # By pencil: GB/T 2589, NDRC guidelines, announcement of power factors, heat 0.11 tCO2/GJ.
        ("co2.direct", "", "lime", 500 * 0.683),
        ("co2.direct", "", "calcium_carbonate", 800 * 0.43971),
        ("co2.combustion", "", "natural_gas", (120 - 20) * 389.31 * 0.0153 * 0.99 * 44 / 12),
        ("co2.combustion", "", "blast_furnace_gas", 0.0),  # recovered and burnt: its carbon came in as coke
        ("ghg.total", "view=location", "N2O", 100 * 0.009 * 265),
        ("co2.power_net", "view=location", "", (21_000 + 10_000 + 3_000 - 81_000) * 0.5306),
        ("co2.power_net", "view=market", "", (21_000 + 10_000 - 81_000) * 0.6096),
        ("co2.power_net", "view=zero_carbon_park", "", (21_000 + 10_000 - 81_000) * 0.8325),
        ("co2.internal_double_count", "view=location", "", 21_000 * 0.5306),
        ("co2.heat_net", "view=location", "", (STEAM - 290_000) * 0.11),
        ("electricity.imported", "", "", 10_000 + 5_000 + 3_000),
        ("electricity.exported", "", "", 81_000 - 21_000),
        ("electricity.direct_green", "", "", 5_000),
        ("heat.imported", "", "", STEAM),
        ("energy.feedstock", CALORIFIC, "", 20 * 389.31 / 29.3076),
        ("energy.recovered", CALORIFIC, "", 500 * 1.286),
        ("energy.working_media", PRIMARY, "", 30 * 0.4),
        ("energy.renewable", CALORIFIC, "", 8_000 * 0.1229 + 3000 * 0.3958),
    ],
)  # fmt: skip
def test_a_figure_is_what_a_pencil_gives(
    accounted: tuple[dict[tuple[str, str, str], float], Mapping[str, Any]],
    quantity: str, variant: str, item: str, expected: float,
) -> None:  # fmt: skip
    assert accounted[0][quantity, variant, item] == pytest.approx(expected, rel=2e-4, abs=1e-6)


def test_biogenic_carbon_and_working_media_are_in_no_total(
    accounted: tuple[dict[tuple[str, str, str], float], Mapping[str, Any]],
) -> None:
    figures, summary = accounted
    assert figures["co2.biogenic", "", "biomass"] > 0
    assert ("co2.direct", "", "biomass") not in figures
    assert ("energy.total", PRIMARY, "compressed_air") not in figures
    assert "account.not_counted" not in summary["findings_by_message"]


def test_one_certificate_is_credited_to_whoever_bought_the_power(
    accounted: tuple[dict[tuple[str, str, str], float], Mapping[str, Any]],
) -> None:
    figures, summary = accounted
    assert summary["findings_by_message"]["account.certificate_twice"] == 1
    assert ("green.not_credited", "", "") not in figures  # the second claim has no power behind it


def test_units_without_a_province_are_named_beside_the_factors_that_nobody_could_choose() -> None:
    matches = pa.table({"area": ["", "jiangsu"], "status": ["no_factor", "ok"]})
    units = pa.table(
        {"name": ["甲", "乙", "丙"], "kind": ["unit", "unit", "unregistered"], "area": ["", "jiangsu", ""]}
    )
    (found,) = find_nowhere(matches, units)
    assert (found.rule, found.values) == ("area_unknown", {"count": 1, "names": "甲"})
    assert find_nowhere(matches.slice(1), units) == ()
