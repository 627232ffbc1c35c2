"""The template: what people see, what it is filled with, and that it reads back."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest

from greenpark.catalog.packs import Packs
from greenpark.collect.collected import CellCount, Collected
from greenpark.collect.context import Context
from greenpark.collect.cover import COVER_SHEET
from greenpark.collect.forms import GUIDE_SHEET, LISTS_SHEET, collect_form, sheet_name
from greenpark.collect.template import FIRST_ROW, HEADER_ROW, UNITS_OF_PARK, write_template
from greenpark.collect.template_rows import TemplateContext
from greenpark.engine.units import Units
from greenpark.model.forms import Form
from greenpark.model.text import Messages
from tests.collect.conftest import ENERGY, REGISTER, code, rules, write_book

FIRST, HEADER = FIRST_ROW + 1, HEADER_ROW + 1


@pytest.fixture
def empty(packs: Packs, messages: Messages, units: Units) -> TemplateContext:
    return TemplateContext(messages, packs.quantities, packs.carriers, units, packs.areas)


@pytest.fixture
def last_year(tmp_path: Path, form: Form, context: Context) -> Collected:
    energy = [
        ["甲厂", "2023-01", "烟煤", "t", 5, 4.5, None],
        ["甲厂", "2023-01", "烟煤", "t", 1, None, None],
        ["乙热电", "2023-02", "电力", "万千瓦时", None, 2, None],
    ]
    facts = [["园区名称", "时期", "指标", "数值", "计量单位"], ["示范园区", 2023, "公交车总数", 84, "辆"]]
    book = {"园区单位": REGISTER, "能源": [ENERGY, *energy], "园区情况": facts}
    return collect_form(write_book(tmp_path / "last.xlsx", book), form, "", context)


def _sheet(book: Any, form: Form, identifier: str) -> Any:
    return book[sheet_name(next(sheet for sheet in form.sheets if sheet.id == identifier))]


def _columns(page: Any) -> dict[str, int]:
    return {str(cell.value).split("\n")[0].replace(" *", ""): cell.column for cell in page[HEADER] if cell.value}


def test_the_same_template_has_the_same_bytes(tmp_path: Path, form: Form, empty: TemplateContext) -> None:
    digests = set()
    for name in ("a.xlsx", "b.xlsx"):
        write_template(tmp_path / name, form, empty)
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1


def test_a_template_has_every_sheet_with_bilingual_titles_and_drop_downs(
    tmp_path: Path, form: Form, empty: TemplateContext
) -> None:
    write_template(tmp_path / "t.xlsx", form, empty)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == [GUIDE_SHEET, COVER_SHEET, *(sheet_name(sheet) for sheet in form.sheets), LISTS_SHEET]
    assert book[LISTS_SHEET].sheet_state == "hidden"
    assert UNITS_OF_PARK in book.defined_names
    for sheet in form.sheets:
        page = _sheet(book, form, sheet.id)
        assert [cell.value.split("\n")[-1] for cell in page[HEADER]] == [column.title.en for column in sheet.columns]
        assert page.freeze_panes is not None
        listed = {rule.formula1 for rule in page.data_validations.dataValidation if rule.type == "list"}
        wanted = {f"list_{column.code_list}" for column in sheet.columns if column.code_list}
        assert wanted <= listed
        assert {cell.coordinate for cell in page[HEADER] if cell.comment} == {
            page.cell(HEADER, number).coordinate for number, column in enumerate(sheet.columns, start=1) if column.help
        }
    energy = _sheet(book, form, "energy")
    sources = {rule.formula1 for rule in energy.data_validations.dataValidation if rule.type == "list"}
    assert {"carriers_energy", "measures_energy", UNITS_OF_PARK} <= sources


def test_every_entry_of_a_list_is_understood_by_the_reader(
    tmp_path: Path, form: Form, empty: TemplateContext, context: Context
) -> None:
    write_template(tmp_path / "t.xlsx", form, empty)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    lists = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in book[LISTS_SHEET].columns}
    assert len(lists["carriers_energy"]) == len(next(s for s in form.sheets if s.id == "energy").carriers)
    assert all(context.units.find(unit) for unit in lists["measures_energy"])
    titles = ["单位名称", "时期", "能源品种", "购进量"]
    rows = [["甲厂", "2023-01", carrier, 1] for carrier in lists["carriers_energy"]]
    register = [
        [*REGISTER[0], "行业（GB/T 4754）", "所在省份"],
        *[
            [code(number), f"单位{number}", None, industry, None]
            for number, industry in enumerate(lists["list_industry"], 3)
        ],
        *[[code(number), f"单位{number}", None, None, area] for number, area in enumerate(lists["list_areas"], 500)],
        [code(1), "甲厂", None, None, None],
    ]
    collected = collect_form(
        write_book(tmp_path / "b.xlsx", {"园区单位": register, "能源": [titles, *rows]}), form, "", context
    )
    assert collected.cells.rejected == 0
    assert collected.entities["industry"].drop_null().to_pylist()[:3] == ["A", "01", "02"]
    assert set(collected.observations["carrier"].to_pylist()) == set(
        next(sheet for sheet in form.sheets if sheet.id == "energy").carriers
    )


def test_an_empty_template_reads_back_without_a_value_or_an_error(
    tmp_path: Path, form: Form, empty: TemplateContext, context: Context
) -> None:
    write_template(tmp_path / "t.xlsx", form, empty)
    collected = collect_form(tmp_path / "t.xlsx", form, "", context)
    assert collected.cells == CellCount()
    assert set(rules(collected)) == {"rows_without_values"}


def test_last_years_values_stand_shaded_beside_the_rows_and_are_not_read(
    tmp_path: Path, form: Form, empty: TemplateContext, last_year: Collected, context: Context
) -> None:
    filled = TemplateContext(
        empty.messages, empty.quantities, empty.carriers, empty.units, empty.areas, last_year.entities,
        last_year.observations, 2024,
    )  # fmt: skip
    write_template(tmp_path / "t.xlsx", form, filled)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    energy = _sheet(book, form, "energy")
    columns = _columns(energy)
    first = {name: energy.cell(FIRST, column).value for name, column in columns.items()}
    assert (first["单位名称"], first["时期"], first["计量单位"]) == ("甲厂", "2024-01", "t")
    assert (first["上年 购进量"], first["上年 工业生产消费量"]) == (6, 4.5)
    assert first["购进量"] is None
    facts = _sheet(book, form, "facts")
    last = {row[2].value: row[len(_columns(facts)) - 1].value for row in facts.iter_rows(min_row=FIRST)}
    assert last["公交车总数 buses"] == 84
    collected = collect_form(tmp_path / "t.xlsx", form, "", context)
    assert collected.observations.num_rows == 0
    assert set(rules(collected)) == {"rows_without_values"}
    assert collected.entities["entity"].to_pylist() == ["PARK", code(1), code(2)]


def test_a_filled_template_reads_back_what_was_filled_in(
    tmp_path: Path, form: Form, empty: TemplateContext, last_year: Collected, context: Context
) -> None:
    filled = TemplateContext(
        empty.messages, empty.quantities, empty.carriers, empty.units, empty.areas, last_year.entities,
        last_year.observations, 2024,
    )  # fmt: skip
    path = tmp_path / "t.xlsx"
    write_template(path, form, filled)
    book = openpyxl.load_workbook(path)
    energy, land = _sheet(book, form, "energy"), _sheet(book, form, "land")
    columns = _columns(energy)
    energy.cell(FIRST, columns["购进量"]).value = 7.25
    energy.cell(FIRST + 1, columns["工业生产消费量"]).value = "NE"
    row = {"园区名称": "示范园区", "时期": date(2024, 1, 1), "绿地面积": 3}
    for name, value in row.items():
        land.cell(FIRST, _columns(land)[name]).value = value
    book.save(path)
    next_year = Context(context.units, context.quantities, context.carriers, context.areas, years=(2024,))
    collected = collect_form(path, form, "", next_year)
    table = collected.observations.select(["entity", "carrier", "flow", "value", "status"]).to_pylist()
    assert [tuple(row.values()) for row in table] == [
        (code(1), "bituminous_coal", "purchase", 7.25, "reported"),
        (code(2), "electricity", "use_industrial", None, "declared_absent"),
        ("PARK", None, None, 3.0, "reported"),
    ]
    assert collected.cells.rejected == 0
    assert {finding.severity for finding in collected.findings} == {"note"}


def test_last_year_without_units_shows_their_ids(
    tmp_path: Path, form: Form, empty: TemplateContext, last_year: Collected
) -> None:
    table: pa.Table = last_year.observations
    context = TemplateContext(
        empty.messages, empty.quantities, empty.carriers, empty.units, empty.areas, None, table, None
    )
    write_template(tmp_path / "t.xlsx", form, context)
    energy = _sheet(openpyxl.load_workbook(tmp_path / "t.xlsx"), form, "energy")
    assert energy.cell(FIRST, 1).value == code(1)
