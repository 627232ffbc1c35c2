"""One test for each thing that can be wrong with a row: units, carriers, periods, totals, repeats."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from greenpark.collect.collected import Collected
from greenpark.collect.context import Context
from greenpark.collect.forms import collect_form
from greenpark.model.forms import Form
from tests.collect.conftest import ENERGY, REGISTER, code, rules, write_book

Read = Callable[..., Collected]
GOOD: list[Any] = ["甲厂", "2023-01", "烟煤", "t", 5, None, None]


def _with(**changes: Any) -> list[Any]:
    places = {"entity": 0, "period": 1, "carrier": 2, "unit": 3, "purchase": 4, "use": 5, "note": 6}
    row = list(GOOD)
    for name, value in changes.items():
        row[places[name]] = value
    return row


@pytest.mark.parametrize(
    ("changes", "rule", "cell"),
    [
        ({"entity": "丙厂矿"}, "unknown_entity", "A2"),
        ({"entity": "乙热店"}, "unknown_entity_like", "A2"),
        ({"entity": None}, "missing_key", "A2"),
        ({"carrier": "龙涎香"}, "unknown_carrier", "C2"),
        ({"carrier": "天然汽"}, "unknown_carrier_like", "C2"),
        ({"carrier": "水泥熟料"}, "unknown_carrier", "C2"),
        ({"carrier": None}, "missing_key", "C2"),
        ({"period": "去年"}, "unreadable_period", "B2"),
        ({"period": 2023.1}, "unreadable_period", "B2"),
        ({"period": "2023-13"}, "unreadable_period", "B2"),
        ({"period": None}, "missing_key", "B2"),
        ({"entity": "合 计"}, "total_row", "A2"),
        ({"entity": "小计："}, "total_row", "A2"),
        ({"entity": "Total"}, "total_row", "A2"),
    ],
)
def test_a_row_that_cannot_be_placed_refuses_its_values(
    read_energy: Read, changes: dict[str, Any], rule: str, cell: str
) -> None:
    collected = read_energy([_with(use=7, **changes), _with(period="2023-02")])
    assert rule in rules(collected)
    assert [finding.place.cell for finding in collected.findings if finding.rule == rule] == [cell]
    assert [refused.place.cell for refused in collected.rejected] == ["E2", "F2"]
    assert {refused.finding.rule for refused in collected.rejected} == {rule}
    assert collected.observations.num_rows == 1


def test_a_nearest_name_is_suggested(read_energy: Read) -> None:
    collected = read_energy([_with(carrier="天然汽")])
    assert next(f for f in collected.findings if f.rule == "unknown_carrier_like").values["suggestion"] == "天然气"


def test_a_bare_month_takes_the_year_of_the_file(read_energy: Read) -> None:
    collected = read_energy([_with(period=3), _with(period="4月")])
    assert [str(day) for day in collected.observations["start"].to_pylist()] == ["2023-03-01", "2023-04-01"]


def test_a_bare_month_without_a_year_is_refused(tmp_path: Path, form: Form, context: Context) -> None:
    book = write_book(tmp_path / "b.xlsx", {"园区单位": REGISTER, "能源": [ENERGY, _with(period="4月")]})
    open_context = Context(context.units, context.quantities, context.carriers, context.areas)
    collected = collect_form(book, form, "", open_context)
    assert collected.rejected[0].finding.rule == "month_without_year"


def test_the_year_above_the_header_completes_months(tmp_path: Path, form: Form, context: Context) -> None:
    rows = [["某园区2022年能源表"], ENERGY, _with(period="4月")]
    book = write_book(tmp_path / "b.xlsx", {"园区单位": REGISTER, "能源": rows})
    open_context = Context(context.units, context.quantities, context.carriers, context.areas)
    collected = collect_form(book, form, "", open_context)
    assert str(collected.observations["start"][0]) == "2022-04-01"
    assert "header_lower" in rules(collected)


def test_a_date_that_lost_its_format_is_read_and_remarked(read_energy: Read) -> None:
    collected = read_energy([_with(period=44986)])
    assert rules(collected) == ["date_as_number"]
    assert str(collected.observations["start"][0]) == "2023-03-01"


def test_a_period_of_another_year_is_read_and_remarked(read_energy: Read) -> None:
    collected = read_energy([_with(), _with(period="2032-02")])
    assert rules(collected) == ["other_year"]
    assert collected.observations.num_rows == 2


def test_rows_that_say_the_same_add_up_with_a_note(read_energy: Read) -> None:
    """Five rows for one category: their sum."""
    collected = read_energy([_with(purchase=value) for value in (1, 2, 3, 4, 5)])
    assert sum(collected.observations["value"].to_pylist()) == 15
    assert rules(collected) == ["repeated_rows"]
    finding = collected.findings[-1]
    assert (finding.severity, finding.place.cell, finding.values["rows"]) == ("note", "E2", "2、3、4、5、6")


def test_identical_rows_still_add_up_with_a_warning(read_energy: Read) -> None:
    collected = read_energy([_with(), _with(), _with(period="2023-02")])
    assert sum(collected.observations["value"].to_pylist()) == 15
    assert rules(collected) == ["repeated_identical"]
    assert collected.findings[-1].severity == "warning"


def test_data_below_a_total_are_read_and_remarked(read_energy: Read) -> None:
    collected = read_energy([_with(), _with(entity="合计"), _with(period="2023-02")])
    assert rules(collected) == ["below_total", "total_row"]
    assert collected.observations.num_rows == 2


def test_rows_without_values_are_counted_not_read_as_zero(read_energy: Read) -> None:
    collected = read_energy([_with(), _with(purchase=None), _with(purchase=None, period="2023-05")])
    assert rules(collected) == ["rows_without_values"]
    assert collected.findings[-1].values["count"] == 2
    assert collected.observations.num_rows == 1


def test_a_key_merged_downwards_holds_for_its_rows(read_energy: Read) -> None:
    def merge(book: openpyxl.Workbook) -> None:
        book["能源"].merge_cells("A2:A3")

    collected = read_energy([_with(), _with(entity=None, period="2023-02")], merge)
    assert collected.observations["entity"].to_pylist() == [code(1), code(1)]
    assert rules(collected) == ["merged_key"]


def test_hidden_rows_and_columns_are_read_and_remarked(read_energy: Read) -> None:
    def hide(book: openpyxl.Workbook) -> None:
        book["能源"].row_dimensions[3].hidden = True
        book["能源"].column_dimensions["E"].hidden = True

    collected = read_energy([_with(), _with(period="2023-02")], hide)
    assert collected.observations.num_rows == 2
    assert sorted(rules(collected)) == ["hidden_columns", "hidden_rows"]


def test_negative_value_added_needs_its_reason(tmp_path: Path, form: Form, context: Context) -> None:
    rows = [["单位名称", "时期", "工业增加值", "说明"], ["甲厂", 2023, -5, None], ["乙热电", 2023, -6, "停产检修"]]
    collected = collect_form(write_book(tmp_path / "b.xlsx", {"园区单位": REGISTER, "经济": rows}), form, "", context)
    assert [refused.finding.rule for refused in collected.rejected] == ["negative_without_reason"]
    assert collected.observations["value"].to_pylist() == [-6.0]


def test_a_level_stated_twice_is_a_warning(tmp_path: Path, form: Form, context: Context) -> None:
    rows = [["单位名称", "时期", "年末从业人员"], ["甲厂", 2023, 100], ["甲厂", 2023, 90]]
    collected = collect_form(write_book(tmp_path / "b.xlsx", {"园区单位": REGISTER, "经济": rows}), form, "", context)
    assert rules(collected) == ["repeated_level"]


def test_persons_in_ten_thousands_are_converted(tmp_path: Path, form: Form, context: Context) -> None:
    rows = [["单位名称", "时期", "年末从业人员（万人）", "营业收入"], ["示范园区", 2023, 1.25, "3亿元"]]
    collected = collect_form(write_book(tmp_path / "b.xlsx", {"园区单位": REGISTER, "经济": rows}), form, "", context)
    assert dict(
        zip(collected.observations["quantity"].to_pylist(), collected.observations["value"].to_pylist(), strict=True)
    ) == {
        "economy.employees": 12500.0,
        "economy.revenue": 30000.0,
    }


def test_the_receiver_of_a_transfer_must_be_registered(tmp_path: Path, form: Form, context: Context) -> None:
    titles = ["供方", "受方", "时期", "能源品种", "计量单位", "数量"]
    rows = [
        titles,
        ["乙热电", "甲厂", "2023-01", "热力", "GJ", 100],
        ["乙热电", "丁公司店", "2023-01", "热力", "GJ", 7],
    ]
    collected = collect_form(
        write_book(tmp_path / "b.xlsx", {"园区单位": REGISTER, "园区内部转供": rows}), form, "", context
    )
    transfer = collected.observations.select(["entity", "counterparty", "flow", "value"]).to_pylist()
    assert transfer == [{"entity": code(2), "counterparty": code(1), "flow": "transfer", "value": 100.0}]
    assert collected.rejected[0].finding.rule == "unknown_counterparty"


def test_yes_and_no_are_one_and_zero(tmp_path: Path, form: Form, context: Context) -> None:
    titles = ["园区名称", "时期", "事项", "回答"]
    items = ["编制绿色园区发展规划", "具备污水集中处理设施", "三年内无重大安全环保事故"]
    rows = [["示范园区", 2023, item, answer] for item, answer in zip(items, ("是", "no", "也许"), strict=True)]
    collected = collect_form(
        write_book(tmp_path / "b.xlsx", {"园区单位": REGISTER, "园区是非项": [titles, *rows]}), form, "", context
    )
    assert collected.observations["value"].to_pylist() == [1.0, 0.0]
    assert collected.rejected[0].finding.rule == "unknown_code"


def test_coverage_travels_with_each_value(tmp_path: Path, form: Form, context: Context) -> None:
    rows = [["单位名称", "时期", "口径", "利润总额"], ["示范园区", 2023, "规上工业", 5], ["甲厂", 2023, None, 5]]
    collected = collect_form(write_book(tmp_path / "b.xlsx", {"园区单位": REGISTER, "经济": rows}), form, "", context)
    assert collected.observations["coverage"].to_pylist() == ["above_scale", "whole_park"]
