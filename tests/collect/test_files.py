"""Files that cannot be opened, or come in an unusual dress: one finding each, and never a crash."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from greenpark.collect import admission
from greenpark.collect.collected import CellCount
from greenpark.collect.context import Context
from greenpark.collect.forms import collect_form
from greenpark.model.forms import Form
from tests.collect.conftest import ENERGY, REGISTER, code, rules, write_book

ROW = ["甲厂", "2023-01", "烟煤", "t", 5, None, None]


def _changed(path: Path, part: str, content: bytes) -> Path:
    """The workbook with one part replaced."""
    kept = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(kept) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, content if name == part else source.read(name))
    return path


def _book(path: Path) -> Path:
    return write_book(path, {"园区单位": REGISTER, "能源": [ENERGY, ROW]})


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (None, "file_missing"),
        (b"", "file_empty"),
        (admission.OLE_SIGNATURE + b"\0" * 600, "file_encrypted"),
        (b"PK\x03\x04 not an archive", "file_broken"),
        (b"no workbook at all", "file_broken"),
    ],
)
def test_a_file_that_cannot_be_opened_gives_one_finding(
    tmp_path: Path, form: Form, context: Context, content: bytes | None, rule: str
) -> None:
    path = tmp_path / "b.xlsx"
    if content is not None:
        path.write_bytes(content)
    collected = collect_form(path, form, "", context)
    assert [finding.rule for finding in collected.findings] == [rule]
    assert collected.findings[0].place.file == "b.xlsx"
    assert collected.cells == CellCount()
    assert collected.observations.num_rows == 0


def test_a_truncated_workbook_is_broken(tmp_path: Path, form: Form, context: Context) -> None:
    path = _book(tmp_path / "b.xlsx")
    path.write_bytes(path.read_bytes()[:-400])
    assert rules(collect_form(path, form, "", context)) == ["file_broken"]


def test_broken_xml_in_one_sheet_leaves_the_others_readable(tmp_path: Path, form: Form, context: Context) -> None:
    path = _changed(_book(tmp_path / "b.xlsx"), "xl/worksheets/sheet2.xml", b"<worksheet><sheetData><row r=")
    collected = collect_form(path, form, "", context)
    assert "file_broken" in rules(collected)
    assert collected.entities.num_rows == 3
    assert next(f for f in collected.findings if f.rule == "file_broken").place.sheet == "能源"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet2.xml"])
def test_entities_are_refused(tmp_path: Path, form: Form, context: Context, part: str) -> None:
    text = b'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet>&a;</worksheet>'
    collected = collect_form(_changed(_book(tmp_path / "b.xlsx"), part, text), form, "", context)
    assert "file_unsafe" in rules(collected)


def test_an_archive_that_unpacks_to_far_too_much_is_refused(tmp_path: Path, form: Form, context: Context) -> None:
    path = _changed(_book(tmp_path / "b.xlsx"), "xl/styles.xml", b" " * (80 * 2**20))
    assert rules(collect_form(path, form, "", context)) == ["file_unpacks_too_large"]


def test_one_cell_in_the_last_corner_does_not_fill_the_memory(tmp_path: Path, form: Form, context: Context) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "能源"
    sheet["A1"], sheet["XFD1048576"] = 1, 2
    book.save(tmp_path / "b.xlsx")
    assert "file_unpacks_too_large" in rules(collect_form(tmp_path / "b.xlsx", form, "", context))


def test_a_file_over_the_size_limit_is_refused(
    tmp_path: Path, form: Form, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _book(tmp_path / "b.xlsx")
    monkeypatch.setattr(admission, "MOST_BYTES", 10)
    assert rules(collect_form(path, form, "", context)) == ["file_too_large"]


TEXT = (
    "单位名称,时期,能源品种,计量单位,购进量\n"
    "甲厂,2023-01,烟煤,t,5\n"
    '甲厂,2023-02,烟煤,t,"1,234.5"\n'
    '"甲\n厂",2023-03,烟煤,t,7\n'
    "甲厂,2023-04,烟煤,t,NU\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_files_of_any_encoding_and_separator_are_read(
    tmp_path: Path, form: Form, context: Context, encoding: str, separator: str
) -> None:
    path = tmp_path / "energy.csv"
    text = TEXT.replace(",", separator).replace(f"1{separator}234", "1,234")
    path.write_bytes(text.encode(encoding))
    collected = collect_form(path, form, "energy", context)
    assert collected.cells == CellCount(4, 3, 0, 1)
    assert collected.observations["value"].to_pylist() == [5.0, 1234.5, 7.0, None]
    assert collected.observations["cell"].to_pylist() == ["L2", "L3", "L4", "L6"]
    assert ("encoding_gb18030" in rules(collected)) == (encoding == "gb18030")
    assert {"thousands", "entities_unregistered"} <= set(rules(collected))


def test_a_text_file_without_a_named_sheet_finds_its_own(tmp_path: Path, form: Form, context: Context) -> None:
    path = tmp_path / "energy.csv"
    path.write_text(TEXT, encoding="utf-8")
    assert collect_form(path, form, "", context).cells.non_empty == 4


def test_bytes_of_no_known_encoding_are_refused(tmp_path: Path, form: Form, context: Context) -> None:
    path = tmp_path / "energy.csv"
    path.write_bytes(b"a,b\n\xff\xff\xff,\x81\n")
    assert rules(collect_form(path, form, "energy", context)) == ["file_encoding"]


def test_a_hidden_sheet_is_read_and_remarked(tmp_path: Path, form: Form, context: Context) -> None:
    def hide(book: openpyxl.Workbook) -> None:
        book["能源"].sheet_state = "hidden"

    path = write_book(tmp_path / "b.xlsx", {"园区单位": REGISTER, "能源": [ENERGY, ROW]}, hide)
    collected = collect_form(path, form, "", context)
    assert rules(collected) == ["hidden_sheet"]
    assert collected.observations.num_rows == 1


def test_sheets_of_others_are_named_and_not_read(tmp_path: Path, form: Form, context: Context) -> None:
    path = write_book(tmp_path / "b.xlsx", {"园区单位": REGISTER, "草稿": [["a"], [1]]})
    collected = collect_form(path, form, "", context)
    assert rules(collected) == ["sheet_unknown"]
    assert next(f for f in collected.findings if f.rule == "sheet_unknown").place.sheet == "草稿"


def test_a_workbook_of_another_kind_is_refused(tmp_path: Path, form: Form, context: Context) -> None:
    path = write_book(tmp_path / "b.xlsx", {"Sheet1": [["a"], [1]]})
    assert "no_sheet_of_form" in rules(collect_form(path, form, "", context))


def test_one_sheet_alone_may_be_asked_for(tmp_path: Path, form: Form, context: Context) -> None:
    path = _book(tmp_path / "b.xlsx")
    assert collect_form(path, form, "units", context).observations.num_rows == 0
    assert rules(collect_form(path, form, "land", context)) == ["sheet_missing"]


def test_units_of_an_earlier_file_are_known(tmp_path: Path, form: Form, context: Context) -> None:
    first = collect_form(_book(tmp_path / "b.xlsx"), form, "units", context)
    known = Context(context.units, context.quantities, context.carriers, context.areas, entities=first.entities)
    path = tmp_path / "energy.csv"
    path.write_text(TEXT, encoding="utf-8")
    collected = collect_form(path, form, "energy", known)
    assert set(collected.observations["entity"].to_pylist()) == {code(1)}
