"""The report as a workbook: every figure with its reference, bilingual headers, full digits, the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import xlsxwriter

from greenpark.model.text import Text
from greenpark.publish.excel_layout import SheetContent, both
from greenpark.publish.excel_sheets import sheets_of
from greenpark.publish.internal import internal_of
from greenpark.publish.league import LeagueTable
from greenpark.publish.league_written import league_sheets
from greenpark.publish.naming import Names
from greenpark.publish.peers import PeerLine, peer_sheets
from greenpark.publish.programmes import TitleBook, readiness_sheets, title_sheets
from greenpark.publish.release import Release
from greenpark.publish.shown import Number, shown_of

# A workbook states when it was made; the same run must give the same bytes, so it states a fixed day.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  the format has no time zone
_ROWS = 1_048_570
_MOST_DECIMALS = 30
_HEADER_ROW = 2
_LABEL_COLUMN = 2  # beside the label of invented data
_FONT = "Microsoft YaHei"


@dataclass(frozen=True)
class _Formats:
    book: Any
    numbers: dict[str, Any] = field(default_factory=dict)

    def of(self, **properties: object) -> Any:
        look = {"font_name": _FONT, "font_size": 10, "valign": "top", **properties}
        return self.book.add_format(look)

    @cached_property
    def text(self) -> Any:
        return self.of(text_wrap=True)

    def number(self, shape: str) -> Any:
        if shape not in self.numbers:
            self.numbers[shape] = self.of(num_format=shape)
        return self.numbers[shape]


@dataclass(frozen=True)
class _Heading:
    """What stands above every sheet of a workbook."""

    title: Text
    invented: bool
    names: Names


def write_excel(release: Release, path: Path) -> None:
    """Write the workbook of ``release``."""
    shown = shown_of(release)
    heading = _Heading(release.job.title, release.job.invented, shown.names)
    _write_book(heading, sheets_of(shown), path)


def write_titles(book: TitleBook, release: Release | None, path: Path) -> None:
    """Write the titles of a day, and the readiness of a run where there is one."""
    own = readiness_sheets(shown_of(release)) if release else []
    title = book.names.say("publish.sheet.titles")
    _write_book(_Heading(title, bool(release and release.job.invented), book.names), [*title_sheets(book), *own], path)


def write_league(release: Release, tables: Sequence[LeagueTable], remark: Text, path: Path) -> None:
    """Write league tables, with what is to be said of their names in every row."""
    shown = shown_of(release)
    title = shown.names.say("publish.sheet.league")
    heading = _Heading(title, release.job.invented, shown.names)
    _write_book(heading, league_sheets(shown, tables, remark), path)


def write_peers(release: Release, lines: Sequence[PeerLine], remark: Text, path: Path) -> None:
    """Write where parks stand among their peers, with what is to be said of it in every row."""
    shown = shown_of(release)
    heading = _Heading(shown.names.say("publish.sheet.peers"), release.job.invented, shown.names)
    _write_book(heading, peer_sheets(shown, lines, remark), path)


def _write_book(heading: _Heading, sheets: Iterable[SheetContent], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"title": heading.title.zh, "subject": heading.title.en, "created": _CREATED})
    book.set_calc_mode("manual")
    formats = _Formats(book)
    for content in sheets:
        _write_sheet(book, formats, heading, content)
    book.close()


def _write_sheet(book: Any, formats: _Formats, heading: _Heading, content: SheetContent) -> None:
    sheet = book.add_worksheet(content.tab)
    _write_head(sheet, formats, heading, content)
    head = formats.of(bold=True, bg_color="#E4EDE8", bottom=1, text_wrap=True, valign="vcenter")
    for column, (title, width) in enumerate(content.columns):
        sheet.set_column(column, column, width)
        sheet.write_string(_HEADER_ROW, column, both(title), head)
    sheet.set_row(_HEADER_ROW, 32)
    last = _write_rows(sheet, formats, content.rows)
    if len(content.rows) > _ROWS:
        text = both(heading.names.say("publish.left_out", count=len(content.rows) - _ROWS))
        sheet.write_string(last + 1, 0, text, formats.of(bold=True))
    sheet.freeze_panes(_HEADER_ROW + 1, content.frozen)
    sheet.autofilter(_HEADER_ROW, 0, max(last, _HEADER_ROW + 1), len(content.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADER_ROW)


def _write_head(sheet: Any, formats: _Formats, heading: _Heading, content: SheetContent) -> None:
    sheet.write_string(0, 0, f"{both(content.title)} — {both(heading.title)}", formats.of(bold=True, font_size=13))
    label = formats.of(bold=True, font_color="#9A1B1B")
    if (internal := internal_of(heading.names)).zh:
        sheet.write_string(1, _LABEL_COLUMN, both(internal), label)
    if heading.invented:
        sheet.write_string(1, 0, both(heading.names.say("publish.invented")), label)
        sheet.set_header('&C&"-,Bold"' + both(heading.names.say("publish.invented")).replace("&", "&&"))


def _write_rows(sheet: Any, formats: _Formats, rows: Iterable[Sequence[object]]) -> int:
    line = _HEADER_ROW
    for line, row in enumerate(rows, start=_HEADER_ROW + 1):
        if line > _HEADER_ROW + _ROWS:
            return line - 1
        for column, value in enumerate(row):
            _write_cell(sheet, formats, line, column, value)
    return line


def _write_cell(sheet: Any, formats: _Formats, line: int, column: int, value: object) -> None:
    if isinstance(value, Number):
        if value.value is not None:
            sheet.write_number(line, column, value.value, formats.number(number_format(value)))
    elif isinstance(value, bool) or value is None or value == "":
        return
    elif isinstance(value, int):
        sheet.write_number(line, column, value, formats.number("#,##0"))
    else:
        sheet.write_string(line, column, str(value), formats.text)


def number_format(number: Number) -> str:
    """The format in which Excel shows the very digits of ``number.text``."""
    if number.decimals > _MOST_DECIMALS:
        return "0.000000000E+00"
    return "#,##0" + ("." + "0" * number.decimals if number.decimals else "")
