"""The lists behind the drop-downs of a template: columns of a hidden sheet, each with a name."""

from __future__ import annotations

from typing import Any

import xlsxwriter

from greenpark.collect.forms import LISTS_SHEET
from greenpark.collect.grid import letters


class HiddenLists:
    """The hidden sheet of lists."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._sheet: Any = None
        self._count = 0
        self._names: set[str] = set()

    def attach(self) -> None:
        """Make the sheet, after all visible ones."""
        self._sheet = self._workbook.add_worksheet(LISTS_SHEET)
        self._sheet.hide()

    def add(self, name: str, entries: list[str]) -> str:
        """Write a list once; the source of a drop-down comes back."""
        if name not in self._names and entries:
            self._names.add(name)
            column = letters(self._count)
            self._sheet.write_column(0, self._count, [name, *entries])
            area = f"={LISTS_SHEET}!${column}$2:${column}${len(entries) + 1}"
            self._workbook.define_name(name, area)
            self._count += 1
        return f"={name}"
