"""The workbook of figures that schemes ask for: filled in as people do, each figure arrives under its own quantity."""

from __future__ import annotations

from pathlib import Path

from greenpark.catalog.packs import Packs
from greenpark.collect.context import Context
from greenpark.collect.forms import collect_form
from tests.collect.conftest import rules, write_book

HEAD = ("园区名称", "时期", "指标", "数值", "计量单位")
ANSWERS = ("园区名称", "时期", "事项", "回答", "说明")
UNITS = (("统一社会信用代码", "单位名称", "类别"), ("PARK", "示范园区", "园区"))


def test_figures_of_a_zone_and_answers_are_read_with_their_units(
    tmp_path: Path, packs: Packs, context: Context
) -> None:
    zone = [
        ("示范园区", 2023, "研发经费内部支出", 3.2, "亿元"),
        ("示范园区", 2023, "当年发明专利授权数", 410, "件"),
        ("示范园区", 2023, "研发人员全时当量", 5600, "人年"),
        ("示范园区", 2023, "专家打分：园区创新创业氛围", 82, "分"),
    ]
    answers = [
        ("示范园区", 2023, "有余热回收网络方案", "是", None),
        ("示范园区", 2023, "总体规划体现生态工业园区要求", "否", None),
    ]
    book = {"园区单位": UNITS, "国家高新区指标": [HEAD, *zone], "国际框架是非项": [ANSWERS, *answers]}
    collected = collect_form(write_book(tmp_path / "f.xlsx", book), packs.forms["scheme_figures"], "", context)
    rows = collected.observations.select(["entity", "quantity", "value", "unit"]).to_pylist()
    assert {(row["quantity"], row["value"], row["unit"]) for row in rows} == {
        ("innovation.rd_expenditure", 32000.0, "万元"),
        ("innovation.patents_granted", 410.0, "个"),
        ("innovation.rd_staff_fte", 5600.0, "人年"),
        ("expert.startup_climate", 82.0, "分"),
        ("eip.heat_recovery_strategy", 1.0, "1"),
        ("eip.master_plan", 0.0, "1"),
    }
    assert {row["entity"] for row in rows} == {"PARK"}
    assert collected.cells.rejected == 0


def test_areas_and_value_added_of_near_names_do_not_run_together(
    tmp_path: Path, packs: Packs, context: Context
) -> None:
    land = [
        ("园区名称", "时期", "批准（核准）面积", "管辖面积", "建成区面积", "工业用地面积", "建设用地面积",
         "绿地面积", "绿化覆盖面积", "森林面积", "各类绿地总面积"),
        ("示范园区", 2023, 10, 42, 25, 9, 20, 5, 8, 6, 7),
    ]  # fmt: skip
    economy = [
        ("单位或园区名称", "时期", "工业增加值（现价）", "生产总值", "企业增加值（入统企业合计）", "园区全口径增加值"),
        ("示范园区", 2023, 800, 1500, 1100, 1400),
    ]
    book = {"园区单位": UNITS, "土地与绿地": land, "经济": economy}
    collected = collect_form(write_book(tmp_path / "p.xlsx", book), packs.forms["park_annual"], "", context)
    found = {row["quantity"]: row["value"] for row in collected.observations.to_pylist()}
    assert found == {
        "land.approved": 10, "land.managed": 42, "land.built_up": 25, "land.industrial": 9, "land.construction": 20,
        "green.area": 5, "green.coverage_area": 8, "green.forest_area": 6, "green.all_green_area": 7,
        "economy.industrial_value_added": 800, "economy.gdp": 1500, "economy.value_added_reporting_firms": 1100,
        "economy.value_added_whole_zone": 1400,
    }  # fmt: skip
    assert "unknown_column" not in rules(collected)
