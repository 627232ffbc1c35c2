"""A workbook as it was handed in, with what a reviewer said as comments at its cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from greenpark.collect.admission import admit
from greenpark.collect.names import folded

_MARKED = PatternFill("solid", fgColor="FFF2CC")
_HEIGHT, _WIDTH = 120, 320  # of the box of a comment, in points
_FIRST = "A1"
_BILINGUAL = re.compile(r"^(.*[一-鿿]\S*)\s+([^一-鿿]+)$")


def sheets_of(original: Path) -> tuple[str, ...]:
    """The names of the sheets of a workbook; a text file has none."""
    if admit(original) == "text":
        return ()
    workbook = openpyxl.load_workbook(original, read_only=True)
    try:
        return tuple(workbook.sheetnames)
    finally:
        workbook.close()


def find_sheet(named: str, sheets: Sequence[str]) -> str | None:
    """The sheet of this name, or the only one of which it is the Chinese or the other part: 能源 of 能源 Energy."""
    wanted = folded(named)
    whole = [sheet for sheet in sheets if folded(sheet) == wanted]
    found = whole or [sheet for sheet in sheets if wanted in _parts_of(sheet)]
    return found[0] if len(found) == 1 else None


def write_returned(original: Path, comments: Sequence[tuple[str, str, str]], by: str, target: Path) -> None:
    """Write the workbook with comments (sheet, cell, text); values stay as they were.

    A comment without a sheet is about the first one, one without a cell stands in its first cell. A text file has no
    cells to comment: its lines are written to a text file beside the original's text.
    """
    if admit(original) == "text":
        _write_text(original, comments, by, target)
        return
    workbook = openpyxl.load_workbook(original)
    for sheet, cell, text in comments:
        worksheet = workbook[sheet] if sheet else workbook.worksheets[0]
        _comment(worksheet[cell or _FIRST], text, by, marked=bool(cell))
    target.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(target)


def _parts_of(sheet: str) -> set[str]:
    """The two parts of a bilingual name, Chinese first; none of another name."""
    found = _BILINGUAL.match(sheet.strip())
    return {folded(part) for part in found.groups()} if found else set()


def _comment(cell: Any, text: str, by: str, *, marked: bool) -> None:
    """Say it at a cell, below what is said there already."""
    before = f"{cell.comment.text}\n" if cell.comment else ""
    comment = Comment(f"{before}{by}: {text}", by)
    comment.height, comment.width = _HEIGHT, _WIDTH
    cell.comment = comment
    if marked:
        cell.fill = _MARKED


def _write_text(original: Path, comments: Sequence[tuple[str, str, str]], by: str, target: Path) -> None:
    said = [f"# {by} {cell}: {text}" for _, cell, text in comments]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes("\n".join([*said, ""]).encode() + original.read_bytes())
