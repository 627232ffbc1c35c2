"""Refused rows as they are given back: their keys and their refused cells, nothing that was accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from greenpark.collect.collected import RejectedCell, RejectedRow
from greenpark.collect.grid import Grid
from greenpark.model.findings import Finding


@dataclass(frozen=True)
class Layout:
    """Columns of a table that are given back: ``titles`` by column, and which of them hold values."""

    grid: Grid
    form_sheet: str
    titles: dict[int, str]
    values: frozenset[int]


def give_back(layouts: Sequence[Layout], rejected: Sequence[RejectedCell]) -> tuple[RejectedRow, ...]:
    """The rows with a refused cell, in the order of the file."""
    rows: list[RejectedRow] = []
    for layout in layouts:
        by_row: dict[int, dict[int, RejectedCell]] = {}
        for cell in rejected:
            if cell.form_sheet == layout.form_sheet and cell.place.sheet == layout.grid.sheet:
                by_row.setdefault(cell.row, {})[cell.column] = cell
        columns = sorted(layout.titles)
        rows += [_row(layout, row, columns, cells) for row, cells in sorted(by_row.items())]
    return tuple(rows)


def _row(layout: Layout, row: int, columns: list[int], cells: dict[int, RejectedCell]) -> RejectedRow:
    grid = layout.grid
    texts = ["" if column in layout.values and column not in cells else grid.text(row, column) for column in columns]
    marked: dict[int, tuple[Finding, ...]] = {}
    for number, column in enumerate(columns):
        here = grid.place(row, column)
        found = [cells[column].finding] if column in cells else []
        if grid.lines is None and column not in layout.values:
            # A key that refuses the whole row is marked where it stands.
            found += [
                each for each in {id(c.finding): c.finding for c in cells.values()}.values() if each.place == here
            ]
        if found:
            marked[number] = tuple(found)
    return RejectedRow(
        file=grid.file,
        sheet=grid.sheet,
        form_sheet=layout.form_sheet,
        row=row,
        titles=tuple(layout.titles[column] for column in columns),
        texts=tuple(texts),
        marked=marked,
    )
