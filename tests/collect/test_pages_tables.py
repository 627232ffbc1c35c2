"""Tables that stand in pages as text; names and figures are invented."""

from __future__ import annotations

import pytest

from greenpark.collect.pages import read_page, read_page_with_findings
from tests.collect.page_vocabulary import vocabulary

Cell = tuple[str | None, float, str, str | None, str | None, str]

EMISSIONS: list[Cell] = [
    ("cod", 1234.5, "吨", "2021", None, "actual"),
    ("cod", 1100, "吨", "2022", None, "actual"),
    ("ammonia_nitrogen", 98.7, "吨", "2021", None, "actual"),
    ("ammonia_nitrogen", 85.3, "吨", "2022", None, "actual"),
]
TABLES: dict[str, tuple[str, list[Cell]]] = {
    "cells one to a line with trailing bars": (
        "北岭高新区企业情况\n|\n2019 |\n2020 |\n企业数(个) |\n812 |\n845 |\n营业总收入(亿元) |\n1203.5 |\n1377.9 |\n",
        [
            ("enterprises", 812, "个", "2019", "北岭高新区 enterprises", "actual"),
            ("enterprises", 845, "个", "2020", "北岭高新区 enterprises", "actual"),
            ("operating_revenue", 1203.5, "亿元", "2019", "北岭高新区 enterprises", "actual"),
            ("operating_revenue", 1377.9, "亿元", "2020", "北岭高新区 enterprises", "actual"),
        ],
    ),
    "cells one to a line without bars": (
        "指标\n2021\n2022\n用电量(亿千瓦时)\n12.3\n13.4\n天然气用量(亿立方米)\n0.82\n0.91",
        [
            ("electricity_use", 12.3, "亿千瓦时", "2021", None, "actual"),
            ("electricity_use", 13.4, "亿千瓦时", "2022", None, "actual"),
            ("gas_use", 0.82, "亿立方米", "2021", None, "actual"),
            ("gas_use", 0.91, "亿立方米", "2022", None, "actual"),
        ],
    ),
    "markdown with years in rows and a column of growth": (
        "| 年份 | 园区生产总值（亿元） | 比上年增长（%） | 企业数（家） |\n|---|---|---|---|\n"
        "| 2020 | 1,203.5 | 4.1 | 812 |\n| 2021 | 1,377.9 | -0.2 | — |\n",
        [
            ("zone_gdp", 1203.5, "亿元", "2020", None, "actual"),
            ("zone_gdp_growth", 4.1, "%", "2020", None, "growth"),
            ("enterprises", 812, "家", "2020", None, "actual"),
            ("zone_gdp", 1377.9, "亿元", "2021", None, "actual"),
            ("zone_gdp_growth", -0.2, "%", "2021", None, "growth"),
        ],
    ),
    "wide spaces, full-width digits, one unit for the table": (
        "表3　　主要污染物排放　　单位：吨\n指标　　2021年　　2022年\n化学需氧量　　1２３４.５　　1100\n氨氮　　98.7　　85.3",
        EMISSIONS,
    ),
    "tabs, the unit above, the year in the title": (
        "表1 各园区能耗情况（2022年）\n单位：万吨标准煤\n\n序号\t园区名称\t综合能耗\t其中:煤炭消费量\n"
        "1\t甲园区\t12.3\t8.8\n2\t乙园区\t45.1\t30.2",
        [
            ("energy_use", 12.3, "万吨标准煤", "2022", "甲园区", "actual"),
            ("coal_use", 8.8, "万吨标准煤", "2022", "甲园区", "actual"),
            ("energy_use", 45.1, "万吨标准煤", "2022", "乙园区", "actual"),
            ("coal_use", 30.2, "万吨标准煤", "2022", "乙园区", "actual"),
        ],
    ),
    "single spaces": (
        "年份 工业总产值(亿元) 出口总额(亿美元)\n2019 3200.5 45.1\n2020 3310.7 43.8",
        [
            ("gross_industrial_output", 3200.5, "亿元", "2019", None, "actual"),
            ("export", 45.1, "亿美元", "2019", None, "actual"),
            ("gross_industrial_output", 3310.7, "亿元", "2020", None, "actual"),
            ("export", 43.8, "亿美元", "2020", None, "actual"),
        ],
    ),
    "a column of units and a column of aims": (
        "| 指标 | 单位 | 2023年 | 2025年目标 |\n| 单位工业增加值综合能耗 | 吨标准煤/万元 | 0.41 | 0.36 |\n"
        "| 绿电占比 | % | 21.5 | 35 |\n| 绿色工厂 | 家 | 12 | 20 |",
        [
            ("energy_per_value_added", 0.41, "吨标准煤/万元", "2023", None, "actual"),
            ("energy_per_value_added", 0.36, "吨标准煤/万元", "2025", None, "target"),
            ("renewable_energy_share", 21.5, "%", "2023", None, "share"),
            ("renewable_energy_share", 35, "%", "2025", None, "target"),
            ("green_factories", 12, "家", "2023", None, "count"),
            ("green_factories", 20, "家", "2025", None, "target"),
        ],
    ),
    "English, areas in rows": (
        "| Zone | Energy use (10,000 tce) | CO2 emissions (Mt) | Year |\n| --- | --- | --- | --- |\n"
        "| North Park | 45.2 | 1.1 | 2021 |\n| South Park | 30.1 | 0.9 | 2021 |",
        [
            ("energy_use", 45.2, "10,000 tce", "2021", "North Park", "actual"),
            ("co2", 1.1, "Mt", "2021", "North Park", "actual"),
            ("energy_use", 30.1, "10,000 tce", "2021", "South Park", "actual"),
            ("co2", 0.9, "Mt", "2021", "South Park", "actual"),
        ],
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_each_cell_is_read_with_its_row_column_and_title(name: str) -> None:
    text, expected = TABLES[name]
    figures = read_page(text, vocabulary())
    assert [(one.quantity, one.value, one.unit, one.period, one.scope, one.kind) for one in figures] == expected


@pytest.mark.parametrize("cell", ["27446-3", "3O.2", "12.3.4", "1,23", "45..1", "7l.5"])
def test_a_damaged_cell_gives_no_figure_and_a_finding(cell: str) -> None:
    text = f"指标 |\n2021 |\n2022 |\n营业收入(亿元) |\n12.5 |\n{cell} |\n利润(亿元) |\n1.5 |\n1.7 |"
    reading = read_page_with_findings(text, vocabulary())
    assert [figure.value for figure in reading.figures] == [12.5, 1.5, 1.7]
    assert [(one.message, one.values["passage"]) for one in reading.findings] == [("pages.damaged_number", cell)]


@pytest.mark.parametrize("text", ["营业收入27446-3亿元", "用电量12.3.4亿千瓦时", "能耗3O.5万吨标准煤", "利润1,23亿元"])
def test_a_damaged_number_in_a_sentence_gives_no_figure_and_a_finding(text: str) -> None:
    reading = read_page_with_findings(text + "。", vocabulary())
    assert reading.figures == ()
    assert "pages.damaged_number" in [finding.message for finding in reading.findings]


def test_a_row_with_a_missing_cell_is_not_placed_by_guess() -> None:
    text = "指标 |\n2020 |\n2021 |\n2022 |\n产值(亿元) |\n1.1 |\n1.2 |\n1.3 |\n利润(亿元) |\n0.1 |\n0.3 |\n税收(亿元) |\n3 |\n4 |\n5 |"
    reading = read_page_with_findings(text, vocabulary())
    assert [figure.value for figure in reading.figures] == [1.1, 1.2, 1.3, 3, 4, 5]
    assert [finding.message for finding in reading.findings] == ["pages.row_does_not_fit"]


def test_a_number_without_quantity_and_unit_is_left_out_and_said_so() -> None:
    reading = read_page_with_findings("| 项 | 2021 |\n| 甲 | 12 |\n| 乙 | 13 |", vocabulary())
    assert reading.figures == ()
    assert [finding.message for finding in reading.findings][:2] == ["pages.number_without_meaning"] * 2


def test_a_range_in_a_cell_gives_both_ends_as_approximate() -> None:
    figures = read_page("| 指标 | 2021 | 2022 |\n| 能耗强度(吨标准煤/万元) | 0.20-0.25 | 0.19 |", vocabulary())
    assert [(figure.value, figure.approximate) for figure in figures] == [(0.2, True), (0.25, True), (0.19, False)]
