"""Refused rows come back marked, and count exactly once when they are corrected."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pyarrow as pa

from greenpark.collect.context import Context
from greenpark.collect.forms import collect_form
from greenpark.collect.mappings import collect_mapping
from greenpark.collect.rejected import write_rejected
from greenpark.collect.template_style import RED
from greenpark.model.forms import Form, MappedValue, Mapping
from greenpark.model.text import Messages, Text
from tests.collect.conftest import ENERGY, REGISTER, write_book

ROWS = [
    ["甲厂", "2023-01", "烟煤", "t", 5, "12吨煤", None],
    ["甲厂", "2023-02", "烟煤", "t", 6, 4, None],
    ["乙热店", "2023-01", "电力", "万千瓦时", 3, None, None],
]


def _known(context: Context, entities: pa.Table) -> Context:
    return Context(context.units, context.quantities, context.carriers, context.areas, entities, (2023,))


def test_refused_cells_are_red_with_the_reason_in_both_languages(
    tmp_path: Path, form: Form, context: Context, messages: Messages
) -> None:
    collected = collect_form(
        write_book(tmp_path / "b.xlsx", {"园区单位": REGISTER, "能源": [ENERGY, *ROWS]}), form, "", context
    )
    write_rejected(tmp_path / "back.xlsx", collected, form, messages)
    page = openpyxl.load_workbook(tmp_path / "back.xlsx")["能源 Energy"]
    texts = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    assert texts == [
        ["甲厂", "2023-01", "烟煤", "t", None, "12吨煤", None],
        ["乙热店", "2023-01", "电力", "万千瓦时", 3, None, None],
    ]
    marked = {
        cell.coordinate for row in page.iter_rows(min_row=2) for cell in row if cell.fill.fgColor.rgb == f"FF{RED[1:]}"
    }
    assert marked == {"F2", "A3", "E3"}
    comment = page["F2"].comment.text
    assert "不是明确的数字" in comment
    assert "not clearly a number" in comment
    assert "F2" in comment


def test_a_corrected_row_adds_what_was_missing_and_nothing_twice(
    tmp_path: Path, form: Form, context: Context, messages: Messages
) -> None:
    first = collect_form(
        write_book(tmp_path / "b.xlsx", {"园区单位": REGISTER, "能源": [ENERGY, *ROWS]}), form, "", context
    )
    back = tmp_path / "back.xlsx"
    write_rejected(back, first, form, messages)
    book = openpyxl.load_workbook(back)
    page = book["能源 Energy"]
    page["F2"], page["A3"] = 12, "乙热电"
    book.save(back)
    second = collect_form(back, form, "", _known(context, first.entities))
    assert second.cells.rejected == 0
    whole = first.observations["value"].to_pylist() + second.observations["value"].to_pylist()
    assert sorted(whole) == [4.0, 5.0, 6.0, 12.0, 30.0]


def test_nothing_refused_says_so(tmp_path: Path, form: Form, context: Context, messages: Messages) -> None:
    collected = collect_form(write_book(tmp_path / "b.xlsx", {"园区单位": REGISTER}), form, "", context)
    write_rejected(tmp_path / "back.xlsx", collected, form, messages)
    book = openpyxl.load_workbook(tmp_path / "back.xlsx")
    assert "没有退回的单元格" in book.active["A1"].value


def test_rows_of_a_mapped_table_come_back_under_their_own_titles(
    tmp_path: Path, context: Context, messages: Messages
) -> None:
    mapping = Mapping(
        id="m",
        title=Text(zh="表", en="table"),
        source="own",
        entity_columns=("Id",),
        carrier_column="Fuel",
        period="2023",
        values=(MappedValue(column="Use", quantity="energy.amount", unit="t"),),
    )
    path = tmp_path / "t.csv"
    path.write_text("Id,Fuel,Use,Remark\n007,柴油,5,a\n008,柴油,n/a,b\n", encoding="utf-8")
    collected = collect_mapping(path, mapping, context)
    write_rejected(tmp_path / "back.xlsx", collected, None, messages)
    page = openpyxl.load_workbook(tmp_path / "back.xlsx").active
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["Id", "Fuel", "Use", "Remark"],
        ["008", "柴油", "n/a", "b"],
    ]
    again = collect_mapping(tmp_path / "back.xlsx", mapping, context)
    assert again.rejected[0].finding.rule == "unclear_mark"


def test_formulas_given_back_are_never_run(tmp_path: Path, form: Form, context: Context, messages: Messages) -> None:
    rows = [["=cmd|' /C calc'!A0", "2023-01", "烟煤", "t", '=HYPERLINK("http://x")', None, None]]
    path = write_book(tmp_path / "b.xlsx", {"园区单位": REGISTER, "能源": [ENERGY, *rows]})
    collected = collect_form(path, form, "", context)
    write_rejected(tmp_path / "back.xlsx", collected, form, messages)
    page = openpyxl.load_workbook(tmp_path / "back.xlsx")["能源 Energy"]
    assert {cell.data_type for row in page.iter_rows(min_row=2) for cell in row if cell.value} == {"s"}
