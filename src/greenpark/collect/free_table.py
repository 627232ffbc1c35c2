"""A table that somebody brings: titles in the first full row, numbers and words below, each cell with its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from greenpark.collect.admission import FileRefused, admit
from greenpark.collect.delimited import read_delimited
from greenpark.collect.grid import Grid
from greenpark.collect.text_numbers import SCALES, read_text_number
from greenpark.collect.workbook import Workbook
from greenpark.model.findings import Place

PERIOD_TITLES = ("year", "period", "年", "年份", "年度", "时期", "期间", "Year", "Period")
_FEWEST_TITLES = 2


class TableRefused(Exception):
    """A file that holds no table that can be read: the message id and its values say why."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values_told = values


@dataclass(frozen=True)
class FreeTable:
    """Titles, the cells of a file, and the rows of it that hold data."""

    titles: tuple[str, ...]
    grid: Grid
    rows: npt.NDArray[np.int64]

    def place(self, row: int, title: str) -> Place:
        """Where a value stands; ``row`` counts the rows of data."""
        return self.grid.place(int(self.rows[row]), self.titles.index(title))

    def texts(self, title: str) -> pa.StringArray:
        """The words of a column."""
        return self.grid.columns[self.titles.index(title)].take(pa.array(self.rows))

    @property
    def period_title(self) -> str:
        """The title of the first column that is called like one of periods; empty when none is."""
        return next((title for title in self.titles if title in PERIOD_TITLES), "")

    def holds_words(self, title: str) -> bool:
        """Whether more cells of a column are words than numbers."""
        values, wrong, _ = self.numbers(title)
        return len(wrong) > int(np.isfinite(values).sum())

    def numbers(self, title: str) -> tuple[npt.NDArray[np.float64], dict[int, str], tuple[int, ...]]:
        """The numbers of a column, NaN where there is none; the texts that are no numbers by row; the empty rows."""
        texts = self.texts(title)
        plain = pc.match_substring_regex(texts, r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$")
        safe = pc.if_else(plain, texts, pa.scalar(None, pa.string()))
        values = np.asarray(pc.cast(safe, pa.float64()).to_numpy(zero_copy_only=False), dtype=float)
        wrong: dict[int, str] = {}
        for row in np.flatnonzero(np.isnan(values) & ~np.asarray(pc.is_null(texts))):
            text = texts[int(row)].as_py()
            number = _number(text)
            if number is None or not np.isfinite(number):
                wrong[int(row)] = text
            else:
                values[row] = number
        endless = np.isinf(values)
        wrong |= {int(row): texts[int(row)].as_py() for row in np.flatnonzero(endless)}
        gaps = tuple(np.flatnonzero(np.asarray(pc.is_null(texts))).tolist())
        return np.where(endless, np.nan, values), wrong, gaps


def read_free_table(path: Path, sheet: str = "") -> FreeTable:
    """The table of a text file, or of a sheet of a workbook (the first that holds one).

    Raises
    ------
    TableRefused
        When the file cannot be opened, or holds no row of titles with rows below it, or a title twice.
    """
    try:
        grids = _grids(path, sheet)
    except FileRefused as refusal:
        raise TableRefused(f"collect.{refusal.rule}", **refusal.values) from refusal
    for grid in grids:
        head = next((row for row in range(grid.height) if _filled(grid, row) >= _FEWEST_TITLES), None)
        if head is not None and head + 1 < grid.height:
            return _table(grid, head)
    raise TableRefused("collect.table_without_rows", sheet=sheet or "*")


def _grids(path: Path, sheet: str) -> list[Grid]:
    if admit(path) == "text":
        return [read_delimited(path)[0]]
    book = Workbook(path)
    return [book.grid(each) for each in book.sheets if sheet in ("", each.name)]


def _filled(grid: Grid, row: int) -> int:
    return sum(bool(grid.text(row, column)) for column in range(grid.width))


def _table(grid: Grid, head: int) -> FreeTable:
    titles = tuple(grid.text(head, column) for column in range(grid.width))
    named = [title for title in titles if title]
    twice = sorted({title for title in named if named.count(title) > 1})
    if twice:
        raise TableRefused("collect.table_title_twice", titles=", ".join(twice), place=str(grid.place(head, 0)))
    some = np.zeros(grid.height, dtype=bool)
    for column in grid.columns:
        some |= np.asarray(pc.is_valid(column))
    some[: head + 1] = False
    return FreeTable(titles, grid, np.flatnonzero(some))


def _number(text: str) -> float | None:
    found = read_text_number(text)
    if found is None or (found.rest and found.rest not in SCALES):
        return None
    return float(found.number) * SCALES.get(found.rest, 1)
