"""A workbook as it was handed in, with what a reviewer said as comments at its cells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from greenpark.collect.admission import admit

_MARKED = PatternFill("solid", fgColor="FFF2CC")
_HEIGHT, _WIDTH = 120, 320  # of the box of a comment, in points
_FIRST = "A1"


def write_returned(
    original: Path, comments: Sequence[tuple[str, str, str]], by: str, target: Path | None
) -> tuple[str, ...]:
    """Write the workbook with comments (sheet, cell, text); the names of sheets that it does not have are returned.

    Without ``target``, or with an unknown sheet, nothing is written. A comment without a sheet is about the first one,
    one without a cell stands in its first cell. Values stay as they were. A text file has no cells to comment: its
    lines are written to a text file beside the original's text.
    """
    if admit(original) == "text":
        if target is not None:
            _write_text(original, comments, by, target)
        return ()
    if target is None:
        names = _sheet_names(original)
        return tuple(sorted({sheet for sheet, _, _ in comments if sheet and sheet not in names}))
    workbook = openpyxl.load_workbook(original)
    unknown = sorted({sheet for sheet, _, _ in comments if sheet and sheet not in workbook.sheetnames})
    if unknown:
        return tuple(unknown)
    for sheet, cell, text in comments:
        worksheet = workbook[sheet] if sheet else workbook.worksheets[0]
        _comment(worksheet[cell or _FIRST], text, by, marked=bool(cell))
    target.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(target)
    return ()


def _sheet_names(original: Path) -> list[str]:
    workbook = openpyxl.load_workbook(original, read_only=True)
    try:
        names: list[str] = workbook.sheetnames
        return names
    finally:
        workbook.close()


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
