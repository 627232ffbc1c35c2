"""What the fast reader leaves out comes from the XML: both ways of reading it agree, and both agree with the values."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import fastexcel
import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenpark.collect.grid import Marks, column_of, letters
from greenpark.collect.marks import UnsafeXML, percent_styles, sheet_marks
from greenpark.collect.marks_scan import scanned_marks
from greenpark.collect.workbook import Workbook

ERRORS = ("#VALUE!", "#NUM!", "#N/A", "#DIV/0!", "#REF!", "#NAME?")
Sheet = dict[tuple[int, int], tuple[str, Any]]

cells = st.one_of(
    st.tuples(st.just("number"), st.floats(-1e12, 1e12, allow_nan=False).map(lambda value: float(f"{value:.12g}"))),
    st.tuples(st.just("text"), st.text("ab甲&<>\"' 12=", min_size=1, max_size=6).filter(lambda text: text.strip())),
    st.tuples(st.just("error"), st.sampled_from(ERRORS)),
    st.tuples(st.just("uncached"), st.sampled_from(["1+1", 'A1&"<"', "'S 1'!A1*2"])),
    st.tuples(st.just("cached"), st.floats(0, 1e6, allow_nan=False).map(lambda value: round(value, 3))),
    st.tuples(st.just("percent"), st.integers(-200, 200).map(lambda value: value / 8)),
    st.tuples(st.just("blank"), st.none()),
)
sheets = st.dictionaries(st.tuples(st.integers(0, 30), st.integers(0, 40)), cells, max_size=40)


def _write(path: Path, sheet: Sheet) -> None:
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_numbers": False})
    page, percent = book.add_worksheet("S"), book.add_format({"num_format": "0.0%"})
    for (row, column), (kind, value) in sheet.items():
        if kind in ("number", "percent"):
            page.write_number(row, column, value, percent if kind == "percent" else None)
        elif kind == "text":
            page.write_string(row, column, value)
        elif kind == "blank":
            page.write_blank(row, column, None, percent)
        else:
            result = {"error": value, "uncached": "", "cached": value}[kind]
            page.write_formula(row, column, f"={value}" if kind == "uncached" else "=1+1", None, result)
    book.close()


def _both(path: Path) -> tuple[Marks, Marks | None]:
    with zipfile.ZipFile(path) as archive:
        styles = percent_styles(archive.open("xl/styles.xml"))
        part = archive.read("xl/worksheets/sheet1.xml")
    return sheet_marks(io.BytesIO(part), styles), scanned_marks(io.BytesIO(part), styles)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sheet=sheets)
def test_every_cell_of_a_sheet_is_found_where_it_stands(tmp_path: Path, sheet: Sheet) -> None:
    """Cell by cell: values from the fast reader, errors and uncached formulas from the XML, nothing lost or moved."""
    path = tmp_path / "s.xlsx"
    _write(path, sheet)
    book = Workbook(path)
    grid = book.grid(book.sheets[0])
    expected = {place: _shown(kind, value) for place, (kind, value) in sheet.items() if kind != "blank"}
    found = {
        (row, column): grid.text(row, column)
        for row in range(grid.height)
        for column in range(grid.width)
        if grid.text(row, column)
    }
    assert found.keys() == expected.keys()
    for place, text in expected.items():
        same = float(found[place]) == text if isinstance(text, float) else found[place] == text
        assert same, (place, found[place], text)


def _same(scanned: Marks, parsed: Marks) -> bool:
    """Equal, but that the scan may count a last row without a value, and the parser takes any number for a long one."""
    first, second = (replace(marks, last_row=0, long_numbers=True) for marks in (scanned, parsed))
    return first == second and scanned.last_row >= parsed.last_row


def _shown(kind: str, value: Any) -> str | float:
    if kind == "percent":
        return f"{value * 100:g}%"
    if kind == "uncached":
        return f"={value}"
    return float(value) if kind in ("number", "cached") else str(value).strip()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sheet=sheets)
def test_the_scan_and_the_parser_see_the_same(tmp_path: Path, sheet: Sheet) -> None:
    path = tmp_path / "s.xlsx"
    _write(path, sheet)
    parsed, scanned = _both(path)
    assert scanned is None or _same(scanned, parsed)


def test_the_scan_is_used_for_what_spreadsheet_programs_write(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    _write(path, {(0, 0): ("text", "a"), (1, 1): ("error", "#N/A"), (2, 2): ("uncached", "1+1")})
    assert _both(path)[1] is not None
    book = openpyxl.Workbook()
    book.active.append(["a", 1, "=1+1", "#N/A"])
    book.active.merge_cells("A1:A3")
    book.active.row_dimensions[2].hidden = True
    book.active.column_dimensions["B"].hidden = True
    book.save(path)
    parsed, scanned = _both(path)
    assert scanned is not None
    assert _same(scanned, parsed)
    assert parsed.errors == {(0, 3): "#N/A"}
    assert parsed.uncached == {(0, 2): "=1+1"}
    assert (len(parsed.merges), parsed.hidden_rows, parsed.hidden_columns) == (1, (1,), (1,))


@pytest.mark.parametrize(
    "rows",
    [
        '<x:row r="1"><x:c r="B1" t="e"><x:v>#N/A</x:v></x:c></x:row>',
        "<row r='1'><c r='B1' t='e'><v>#N/A</v></c></row>",
        '<row><c/><c t="e"><v>#N/A</v></c></row>',
        '<row r="1"><!-- a note --><c r="B1" t="e"><v>#N/A</v></c></row>',
        '<row r="1"><c r="B1" t="e"><v><![CDATA[#N/A]]></v></c></row>',
        '<row r="1"><c t="e" r="B1"><v>#N/A</v></c></row>',
    ],
)
def test_unusual_xml_is_left_to_the_parser(rows: str) -> None:
    prefix = "x:" if rows.startswith("<x:") else ""
    name = f' xmlns{":x" if prefix else ""}="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    text = f"<{prefix}worksheet{name}><{prefix}sheetData>{rows}</{prefix}sheetData></{prefix}worksheet>".encode()
    assert scanned_marks(io.BytesIO(text), frozenset()) is None
    assert sheet_marks(io.BytesIO(text), frozenset()).errors == {(0, 1): "#N/A"}


def test_a_large_sheet_is_scanned_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("greenpark.collect.marks_scan._CHUNK", 256)
    path = tmp_path / "s.xlsx"
    _write(path, {(row, row % 5): (("error", "#REF!") if row % 7 == 0 else ("number", 1.5)) for row in range(60)})
    parsed, scanned = _both(path)
    assert scanned is not None
    assert _same(scanned, parsed)
    assert len(parsed.errors) == 9


def test_document_types_and_entities_are_refused() -> None:
    text = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "b">]><worksheet><sheetData/></worksheet>'
    assert scanned_marks(io.BytesIO(text), frozenset()) is None
    with pytest.raises(UnsafeXML):
        sheet_marks(io.BytesIO(text), frozenset())


def test_the_fast_reader_alone_would_lose_error_cells(tmp_path: Path) -> None:
    """Why the marks are needed: an error and an uncached formula come back as empty cells."""
    path = tmp_path / "s.xlsx"
    _write(
        path,
        {(0, 0): ("number", 1.0), (0, 1): ("error", "#VALUE!"), (0, 2): ("uncached", "1+1"), (0, 3): ("number", 2.0)},
    )
    values = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string").to_arrow()
    assert [column.to_pylist() for column in values.columns] == [["1"], [None], [None], ["2"]]


@given(st.integers(0, 16383))
def test_letters_and_numbers_of_columns_agree(column: int) -> None:
    assert column_of(letters(column)) == column


def test_small_and_long_numbers_keep_every_digit(tmp_path: Path) -> None:
    """The fast reader's texts have nine decimals; the values must not."""
    path = tmp_path / "s.xlsx"
    values = [0.1234567890123, 3.456789e-07, 1e-10, 1 / 3, 123.45678901234]
    book = openpyxl.Workbook()
    for value in values:
        book.active.append(["a", value])
    book.save(path)
    read = Workbook(path)
    grid = read.grid(read.sheets[0])
    assert [float(grid.text(row, 1)) for row in range(len(values))] == [
        pytest.approx(value, rel=1e-15) for value in values
    ]
