"""What is unusual about a sheet's columns and rows: remarked, whether it is read or not."""

from __future__ import annotations

from greenpark.collect.docket import Docket
from greenpark.collect.grid import Grid, letters
from greenpark.collect.headers import Header
from greenpark.collect.lookups import label
from greenpark.collect.names import folded
from greenpark.model.forms import FormSheet


def remark_header(grid: Grid, sheet: FormSheet, header: Header, docket: Docket) -> None:
    """Say what is unusual about the columns: nothing that is left unread is left unsaid."""
    first = header.first_row
    ours = folded(label(sheet.title)) == folded(grid.text(0, 0))
    if first and not ours:
        docket.enter("header_lower", grid, first, 0, line=first + 1)
    if header.merged:
        docket.enter("merged_header", grid, first, min(header.columns))
    for rule, columns in (("unknown_column", header.unknown), ("duplicate_column", header.twice)):
        for column in columns:
            count = _filled_below(grid, header, column)
            docket.enter(rule, grid, header.last_row, column, title=header.titles[column], count=count)
    for column in range(grid.width):
        if column not in header.titles and (count := _filled_below(grid, header, column)):
            docket.enter("untitled_column", grid, header.last_row, column, column_name=letters(column), count=count)
    absent = [each.title.zh for each in sheet.columns if each.id not in header.columns.values() and not each.required]
    if absent:
        docket.enter("columns_absent", grid, header.last_row, 0, titles="、".join(absent))
    remark_hidden(grid, header, docket)


def remark_hidden(grid: Grid, header: Header, docket: Docket) -> None:
    """Say which data are hidden from whoever looks at the sheet; they are read like any others."""
    if grid.hidden:
        docket.enter("hidden_sheet", grid, 0, 0)
    rows = [row for row in grid.marks.hidden_rows if row > header.last_row and row < grid.height]
    if rows:
        docket.enter("hidden_rows", grid, rows[0], 0, count=len(rows), first=rows[0] + 1)
    columns = [column for column in grid.marks.hidden_columns if column in header.columns]
    if columns:
        titles = "、".join(header.titles[column] for column in columns)
        docket.enter("hidden_columns", grid, header.last_row, columns[0], titles=titles)


def _filled_below(grid: Grid, header: Header, column: int) -> int:
    """Filled cells of a column below the header."""
    below = grid.columns[column].slice(header.last_row + 1)
    return len(below) - int(below.null_count)
