"""A sheet or text file as a rectangle of texts, with what only the sheet's XML tells about its cells."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from greenpark.model.findings import Place

Cell = tuple[int, int]


@dataclass(frozen=True)
class Block:
    """A merged range; rows and columns from 0, both ends inside."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Marks:
    """What a sheet's XML says beside the values.

    ``errors``: error value by cell; ``uncached``: formulas without a stored result, by cell; ``percents``: numbers
    shown as per cent; ``first_column`` to ``last_column``: where cells with a value stand (-1: there are none).
    ``long_numbers``: whether a number may have more than nine decimals.
    """

    errors: dict[Cell, str] = field(default_factory=dict)
    uncached: dict[Cell, str] = field(default_factory=dict)
    percents: frozenset[Cell] = frozenset()
    merges: tuple[Block, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    first_column: int = -1
    last_column: int = -1
    last_row: int = -1
    long_numbers: bool = True


@dataclass(frozen=True)
class Grid:
    """Cells as text; an empty cell is null. Rows and columns count from 0 at the sheet's corner.

    ``lines`` holds the line of each row in a text file, ``fields`` how many fields it has there, and ``separator`` the
    sign between them; a sheet has none of these.
    """

    file: str
    sheet: str
    columns: tuple[pa.StringArray, ...]
    height: int
    marks: Marks = field(default_factory=Marks)
    lines: npt.NDArray[np.int64] | None = None
    hidden: bool = False
    separator: str = ""
    fields: npt.NDArray[np.int64] | None = None

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.columns)

    def text(self, row: int, column: int) -> str:
        """The text of one cell; empty when the cell is."""
        if not (0 <= row < self.height and 0 <= column < self.width):
            return ""
        return self.columns[column][row].as_py() or ""

    def line(self, row: int) -> int:
        """The number of a row as a person counts it."""
        return int(self.lines[row]) if self.lines is not None else row + 1

    def place(self, row: int, column: int) -> Place:
        """Where a cell stands: like D7, or like L12 in a text file."""
        if self.lines is not None:
            return Place(self.file, self.sheet, f"L{self.line(row)}")
        return Place(self.file, self.sheet, f"{letters(column)}{self.line(row)}")

    def places(self, rows: npt.NDArray[np.int64], column: int) -> pa.StringArray:
        """The cell names of many rows in one column."""
        if self.lines is not None:
            return pc.binary_join_element_wise("L", pa.array(self.lines[rows]).cast(pa.string()), "")
        return pc.binary_join_element_wise(letters(column), pa.array(rows + 1).cast(pa.string()), "")


def letters(column: int) -> str:
    """The name of a column: A, B, … AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def column_of(name: str) -> int:
    """The number of a column from its letters, from 0."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def trimmed(column: pa.StringArray) -> pa.StringArray:
    """The column without outer spaces; cells with nothing else become null."""
    stripped = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(stripped, ""), pa.scalar(None, pa.string()), stripped)


def taken(values: pa.Array, at: npt.NDArray[np.int64]) -> pa.Array:
    """The values at ascending positions; a slice where these have no gap."""
    if len(at) and at[-1] - at[0] + 1 == len(at):
        return values.slice(int(at[0]), len(at))
    return values.take(pa.array(at))
