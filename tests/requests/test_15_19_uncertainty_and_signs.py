"""Requests 15 and 19: Monte Carlo agrees with the deterministic value or says why not; negative values, full digits."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from greenpark.catalog import Packs
from greenpark.pipeline import Published
from tests.requests.small_park import Park, command, messages_of, read, table

BIG = 123456789.125  # tonnes of petrol, so that totals have many digits
LOSS = -1234567.89125  # 万元 of value added, negative for a reason


# ---------------------------------------------------------------- 15: Monte Carlo and the deterministic value
def simulated(published: Published) -> list[tuple[float, float, float]]:
    """Mean, value and standard error of the mean [by the width of the interval] of every simulated total."""
    values = {
        (row["entity"], row["quantity"], row["variant"], row["start"]): row["value"]
        for row in table(published, "figures")
        if not row["item"]
    }
    found = []
    for row in table(published, "uncertainty"):
        if row["approach"] == "monte_carlo" and not row["source"]:
            error = (row["high"] - row["low"]) / 2 / 1.96 / math.sqrt(row["draws"])
            found.append((row["value"], values[row["entity"], row["quantity"], row["variant"], row["start"]], error))
    return found


def test_15_the_mean_is_within_three_standard_errors_where_ranges_are_even(park: Park) -> None:
    park.rows = [("甲厂", "2023", "电力", "万千瓦时", 100, 100), ("乙厂", "2023", "电力", "万千瓦时", 50, 50)]
    park.more += "uncertainty: {draws: 4000, seed: 3}\n"
    published = park.run()
    totals = simulated(published)
    assert len(totals) >= 4
    for mean, value, error in totals:
        assert abs(mean - value) <= 3 * error + 1e-9 * abs(value)
    assert not [message for message in messages_of(published) if message.startswith("account.uncertainty_mean")]


def test_15_where_uneven_ranges_move_the_mean_a_finding_says_so_and_names_the_factor(park: Park) -> None:
    """Heat contents of which the job says that they may well be too low: −30 % to +100 %."""
    park.rows = [("甲厂", "2023", "烟煤", "吨", 1000, 1000)]
    uneven = "{factor: cn_fuels_ndrc/ndrc.bituminous_coal.ncv, low: 0.3, high: 1.0, note: a test}"
    park.more += f"uncertainty: {{draws: 4000, seed: 3, stated: [{uneven}]}}\n"
    published = park.run()
    far = [mean for mean, value, error in simulated(published) if abs(mean - value) > 3.3 * error]
    told = [row for row in table(published, "findings") if row["message"].startswith("account.uncertainty_mean")]
    assert far
    assert {row["message"] for row in told} == {"account.uncertainty_mean_skewed"}
    assert "bituminous_coal" in told[0]["values"]


# ---------------------------------------------------------------- 19: negative values and full digits
def _with_loss(park: Park, note: str) -> None:
    park.rows = [
        ("甲厂", "2023", "汽油", "吨", BIG, BIG),
        ("乙厂", "2023", "天然气", "万标准立方米", 1000, 1000),
    ]
    park.sheets = {
        "经济": [("单位或园区名称", "时期", "工业增加值（现价）（万元）", "说明"), ("甲厂", "2023", LOSS, note)],
        "园区情况": [
            ("园区名称", "时期", "指标", "数值", "计量单位", "说明"),
            ("示例园区", "2023", "co2.sink", -12.5, "tCO2", "采伐后为净排放"),
        ],
    }


def test_19_a_negative_value_needs_a_reason(park: Park, packs: Packs) -> None:
    _with_loss(park, "")
    park.write()
    (refused,) = [each for each in read(park.workbook, packs).findings if each.severity == "error"]
    assert (refused.rule, refused.place.sheet, refused.place.cell) == ("negative_without_reason", "经济", "C2")


def test_19_with_its_reason_it_is_printed_with_its_sign_and_all_digits_everywhere(park: Park) -> None:
    _with_loss(park, "停产检修，当年亏损")
    done = command("run", park.write(), "--output", park.folder / "out", "--workspace", park.folder / "w")
    assert done.exit_code == 0, done.output
    page = (park.folder / "out" / "report.html").read_text(encoding="utf-8")
    for text in ("-1,234,567.891", "-12.5"):
        assert f'<span class="digits">{text}</span>' in page, text
    assert any("-1,234,567.891" in line for line in done.output.splitlines())
    _no_short_form(page, done.output)
    cells = [cell.value for cell in _column(park.folder / "out" / "report.xlsx", "数值")]
    assert -1234567.891 in cells
    assert -12.5 in cells


def test_19_what_is_sold_outside_is_deducted_and_shown_as_a_negative_line(park: Park) -> None:
    published = _with_export(park)
    export = figure_of(published, "co2.power_net", "export", "view=location")
    assert export["value"] < 0
    total = figure_of(published, "co2.power_net", "", "view=location")
    imported = figure_of(published, "co2.power_net", "import", "view=location")
    assert total["value"] == pytest.approx(imported["value"] + export["value"], rel=1e-9)


def _with_export(park: Park) -> Published:
    """乙厂 makes power of gas and sells it to the grid."""
    park.write()
    book = openpyxl.load_workbook(park.workbook)
    del book["能源"]
    sheet = book.create_sheet("能源")
    sheet.append(
        (
            "单位名称",
            "时期",
            "能源品种",
            "计量单位",
            "购进量",
            "工业生产消费量",
            "其中：加工转换投入",
            "加工转换产出",
            "销售量",
        )
    )
    sheet.append(("甲厂", "2023", "电力", "万千瓦时", 10, 10))
    sheet.append(("乙厂", "2023", "天然气", "万标准立方米", 100, 100, 100))
    sheet.append(("乙厂", "2023", "电力", "万千瓦时", None, None, None, 400, 400))
    book.save(park.workbook)
    return park.run_written()


def figure_of(published: Published, quantity: str, item: str, variant: str) -> dict[str, Any]:
    rows = [row for row in table(published, "figures") if row["variant"] == variant and row["entity"] == "park"]
    (row,) = [row for row in rows if (row["quantity"], row["item"]) == (quantity, item)]
    return row


def _no_short_form(*texts: str) -> None:
    """No total is written as 1.2 亿, 3.6 Mt or 3.6e8."""
    for text in texts:
        plain = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", text, flags=re.DOTALL)
        assert not re.search(r"\d[\d,.]*\s?(亿|[kMG]t\b|e\+\d)", plain)
        assert re.search(r"\d{3},\d{3},\d{3}", plain)


def _column(path: Path, title: str) -> list[Any]:
    sheet = openpyxl.load_workbook(path)["统计量 Figures"]
    at = next(place for place, cell in enumerate(sheet[3]) if str(cell.value or "").startswith(title))
    return [row[at] for row in sheet.iter_rows(min_row=4)]
