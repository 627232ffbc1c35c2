"""Write rows into a workbook laid out like the form: titles as the template has them, the same bytes every time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter

from greenpark.catalog import load_packs

CREATED = datetime(2026, 1, 1, tzinfo=UTC)


def write_workbook(path: Path, sheets: Mapping[str, Sequence[Mapping[str, object]]]) -> None:
    """Write one workbook of the form ``park_annual``; ``sheets`` maps a sheet id to rows by column id."""
    form = load_packs(kinds=["forms"]).forms["park_annual"]
    book = xlsxwriter.Workbook(path, {"strings_to_numbers": False})
    book.set_properties({"created": CREATED, "title": "greenpark demo", "comments": "虚构数据 invented data"})
    head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#DDEBE3", "border": 1})
    for sheet in form.sheets:
        page = book.add_worksheet(sheet.title.zh)
        page.freeze_panes(1, 1)
        for column, each in enumerate(sheet.columns):
            page.set_column(column, column, each.width)
            unit = f"（{each.unit}）" if each.unit else ""
            page.write_string(0, column, f"{each.title.zh}{unit}\n{each.title.en}", head)
        for row, values in enumerate(sheets.get(sheet.id, ()), start=1):
            for column, each in enumerate(sheet.columns):
                if each.id in values:
                    page.write(row, column, values[each.id])
    book.close()
