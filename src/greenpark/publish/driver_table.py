"""The drivers of a table as lines, rows and sheets: the same numbers on the terminal, in JSON, CSV and Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import xlsxwriter

from greenpark.model.numbers import printed, rounded
from greenpark.model.text import Language, Messages

COLUMNS: tuple[str, ...] = ("base_period", "period", "group", "driver", "driver_value", "driver_points", "driver_ratio")
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  the format has no time zone: the same bytes each time
_SMALL = 1e-9


@dataclass(frozen=True)
class DriverRow:
    """One driver of one step: ``points`` per cent of the base; empty where there is none."""

    base: str
    end: str
    group: str
    driver: str
    value: float
    points: float | None
    ratio: float | None
    is_total: bool = False

    def as_json(self) -> dict[str, object]:
        """The row for machines."""
        return {
            "base": self.base, "end": self.end, "group": self.group, "driver": self.driver, "value": rounded(self.value),
            "points": None if self.points is None else rounded(self.points),
            "ratio": None if self.ratio is None else rounded(self.ratio),
        }  # fmt: skip


def table_text(rows: Sequence[DriverRow], messages: Messages, language: Language) -> str:
    """The rows aligned for a terminal, one block for each step."""
    blocks: list[str] = []
    for base, end in dict.fromkeys((row.base, row.end) for row in rows):
        own = [row for row in rows if (row.base, row.end) == (base, end)]
        cells = [[_said(row, messages, language), *_numbers(row)] for row in own]
        head = [messages.say(f"publish.label.{name}", language) for name in COLUMNS[3:]]
        wide = [max(_width(line[column]) for line in [head, *cells]) for column in range(len(head))]
        lines = [f"{base} → {end}"]
        for line in [head, *cells]:
            padded = [line[0] + " " * (wide[0] - _width(line[0]))]
            padded += [" " * (size - _width(text)) + text for text, size in zip(line[1:], wide[1:], strict=True)]
            lines.append("  " + "  ".join(padded).rstrip())
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def table_csv(rows: Sequence[DriverRow], messages: Messages, language: Language) -> str:
    """The rows as text with commas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([messages.say(f"publish.label.{name}", language) for name in COLUMNS])
    for row in rows:
        numbers = ["" if value is None else repr(rounded(value)) for value in (row.value, row.points, row.ratio)]
        writer.writerow([row.base, row.end, row.group, _said(row, messages, language, with_group=False), *numbers])
    return out.getvalue()


def write_table_excel(rows: Sequence[DriverRow], path: Path, messages: Messages, language: Language) -> None:
    """The rows as a workbook."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"created": _CREATED})
    sheet = book.add_worksheet(messages.say("publish.sheet.drivers", language))
    bold = book.add_format({"bold": True, "bg_color": "#E4EDE8", "bottom": 1})
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, messages.say(f"publish.label.{name}", language), bold)
    sheet.set_column(0, len(COLUMNS) - 1, 20)
    for line, row in enumerate(rows, start=1):
        words = (row.base, row.end, row.group, _said(row, messages, language, with_group=False))
        for column, text in enumerate(words):
            sheet.write_string(line, column, text)
        for column, value in enumerate((row.value, row.points, row.ratio), start=len(words)):
            if value is not None:
                sheet.write_number(line, column, rounded(value))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(rows)), len(COLUMNS) - 1)
    book.close()


def _said(row: DriverRow, messages: Messages, language: Language, with_group: bool = True) -> str:
    known = f"publish.driver.{row.driver}"
    name = messages.say(known, language) if row.is_total and known in messages else row.driver
    return f"{row.group}: {name}" if with_group and row.group else name


def _numbers(row: DriverRow) -> list[str]:
    def text(value: float | None) -> str:
        return "—" if value is None else printed(0.0 if abs(value) < _SMALL * abs(row.value or 1.0) else value)

    return [printed(row.value), text(row.points), text(row.ratio)]


def _width(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)
