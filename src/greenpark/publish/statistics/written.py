"""Statistics written down: lines for the terminal, a workbook, and data for machines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from greenpark.model.text import Language, Text
from greenpark.publish.excel import number_format
from greenpark.publish.excel_layout import both
from greenpark.publish.naming import Names
from greenpark.publish.shown import Number
from greenpark.publish.statistics.content import Statistics, StatTable
from greenpark.publish.terminal import aligned

_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  the format has no time zone
_WIDE = frozenset({"quantity", "entity", "ratio", "source", "place", "how", "of", "variant"})
_FONT = "Microsoft YaHei"
_LINES = 25
# What fills the terminal without telling much; the workbook has it.
_LEFT_OUT = frozenset({"source", "place", "status", "vintage", "how", "left_out", "reference"})
_HEAD_ROW = 3


def statistics_text(statistics: Statistics, names: Names, language: Language) -> str:
    """The tables as lines; long ones end with how many rows follow in the workbook."""
    lines = [statistics.title.in_language(language), *(each.in_language(language) for each in statistics.remarks)]
    for table in statistics.tables:
        lines += ["", title_of(table, names).in_language(language)]
        columns = [each for each in table.columns if each not in _LEFT_OUT and _is_used(table, each)]
        heads = [label(each, names).in_language(language) for each in columns]
        rows = [[_text(row.get(each), language) for each in columns] for row in table.rows[:_LINES]]
        right = [
            place for place, each in enumerate(columns) if any(isinstance(r.get(each), Number) for r in table.rows)
        ]
        lines += aligned([heads, *rows], right)
        if len(table.rows) > _LINES:
            lines.append("  " + names.sentence("publish.more", language, count=len(table.rows) - _LINES))
    for finding in statistics.findings:
        place = str(finding.place)
        lines += ["", f"{place}  {names.sentence(finding.message, language, **finding.values)}"]
    return "\n".join(lines) + "\n"


def statistics_data(statistics: Statistics, names: Names) -> dict[str, Any]:
    """The tables for a machine: texts in both languages, numbers at full digits, what is not known as null."""
    return {
        "title": plain_cell(statistics.title),
        "internal": statistics.internal,
        "remarks": [plain_cell(each) for each in statistics.remarks],
        "tables": {
            table.id: {
                "title": plain_cell(title_of(table, names)),
                "restricted": table.restricted,
                "columns": {each: plain_cell(label(each, names)) for each in table.columns},
                "rows": [{each: plain_cell(row.get(each)) for each in table.columns} for row in table.rows],
            }
            for table in statistics.tables
        },
        "findings": [
            {
                "severity": each.severity,
                "place": str(each.place),
                "message": plain_cell(names.say(each.message, **each.values)),
            }
            for each in statistics.findings
        ],
    }


def write_statistics_excel(statistics: Statistics, names: Names, path: Path) -> None:
    """A workbook with one sheet for each table, headed in both languages, with full digits; the same bytes each time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"title": statistics.title.zh, "subject": statistics.title.en, "created": _CREATED})
    for table in statistics.tables:
        _write(book, table, statistics, names)
    if not statistics.tables:
        book.add_worksheet()
    book.close()


def title_of(table: StatTable, names: Names) -> Text:
    """The title of a table; a restricted one says so."""
    title = names.say(f"statistics.table.{table.id}")
    if not table.restricted:
        return title
    mark = names.say("statistics.restricted")
    return Text(zh=f"{title.zh}（{mark.zh}）", en=f"{title.en} ({mark.en})")


def label(column: str, names: Names) -> Text:
    """The title of a column."""
    return names.say(f"statistics.column.{column}")


def _write(book: Any, table: StatTable, statistics: Statistics, names: Names) -> None:
    sheet = book.add_worksheet(names.say(f"statistics.table.{table.id}").zh[:31])
    font: dict[str, object] = {"font_name": _FONT, "font_size": 10, "valign": "top"}
    sheet.write_string(
        0, 0, f"{both(title_of(table, names))} — {both(statistics.title)}", book.add_format({**font, "bold": True})
    )
    sheet.write_string(1, 0, "  ".join(both(each) for each in statistics.remarks),
                       book.add_format({**font, "bold": True, "font_color": "#9A1B1B"}))  # fmt: skip
    head = book.add_format({**font, "bold": True, "bg_color": "#E4EDE8", "bottom": 1, "text_wrap": True})
    formats: dict[str, Any] = {}
    for column, name in enumerate(table.columns):
        sheet.set_column(column, column, 28 if name in _WIDE else 14)
        sheet.write_string(_HEAD_ROW, column, both(label(name, names)), head)
        for line, row in enumerate(table.rows, start=_HEAD_ROW + 1):
            _write_cell(book, sheet, (line, column), row.get(name), formats, font)
    sheet.freeze_panes(_HEAD_ROW + 1, 2)
    sheet.autofilter(_HEAD_ROW, 0, _HEAD_ROW + max(len(table.rows), 1), len(table.columns) - 1)


def _write_cell(
    book: Any, sheet: Any, at: tuple[int, int], value: object, formats: dict[str, Any], font: Mapping[str, object]
) -> None:
    if isinstance(value, Number):
        if value.value is not None:
            form = number_format(value)
            formats.setdefault(form, book.add_format({**font, "num_format": form}))
            sheet.write_number(*at, value.value, formats[form])
    elif isinstance(value, int | float):
        formats.setdefault("", book.add_format(dict(font)))
        sheet.write_number(*at, value, formats[""])
    elif value:
        formats.setdefault("", book.add_format(dict(font)))
        sheet.write_string(*at, both(value) if isinstance(value, Text) else str(value), formats[""])


def _is_used(table: StatTable, column: str) -> bool:
    return any(_text(row.get(column), "en") not in ("", "—") for row in table.rows)


def _text(value: object, language: Language) -> str:
    if isinstance(value, Text):
        return value.in_language(language)
    if isinstance(value, Number):
        return value.text
    return "" if value is None else str(value)


def plain_cell(value: object) -> Any:
    """A cell for a machine: texts by language, numbers at full digits."""
    if isinstance(value, Text):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, Number):
        return value.value
    return value
