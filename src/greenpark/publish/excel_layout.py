"""How a sheet of the workbook is stated: columns with widths, and rows; titles in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from greenpark.model.text import Text
from greenpark.publish.shown import Shown

Cells = Sequence[object]
# Label of a column and its width in characters.
Layout = tuple[tuple[str, int], ...]
NAME: Layout = (("reference", 12), ("name_zh", 30), ("name_en", 34))
# What a spreadsheet takes as the name of a sheet.
TAB_LENGTH = 31


@dataclass(frozen=True)
class SheetContent:
    """One sheet: its title, columns with widths, and rows; the first ``frozen`` columns stay in view."""

    id: str
    title: Text
    columns: tuple[tuple[Text, int], ...]
    rows: list[Cells]
    frozen: int = 1

    @property
    def tab(self) -> str:
        """The name on the tab: both languages, or Chinese alone where both do not fit."""
        name = both(self.title)
        return name if len(name) <= TAB_LENGTH else self.title.zh[:TAB_LENGTH]


def sheet_of(shown: Shown, identifier: str, layout: Layout, rows: list[Cells]) -> SheetContent:
    """The sheet with the titles of its columns."""
    columns = tuple((shown.names.say(f"publish.label.{label}"), width) for label, width in layout)
    return SheetContent(identifier, shown.names.say(f"publish.sheet.{identifier}"), columns, rows)


def both(text: Text) -> str:
    """Both languages in one cell, Chinese first."""
    return text.zh if text.zh == text.en else f"{text.zh} {text.en}"
