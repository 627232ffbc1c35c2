"""How a table is stated: its columns, their kinds, its key; and the columns that several tables share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["string", "int64", "float64", "date", "boolean"]
Row = tuple[str, Kind, str] | tuple[str, Kind, str, bool]


@dataclass(frozen=True)
class Column:
    """One column: its kind, what it holds, and whether it may be empty."""

    name: str
    kind: Kind
    holds: str
    nullable: bool = False


@dataclass(frozen=True)
class Table:
    """A table's name, key and columns.

    ``sparse``: its files leave out columns that are empty throughout.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    sparse: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)


def columns_of(*rows: Row) -> tuple[Column, ...]:
    """Columns from (name, kind, what it holds) and, for one that may be empty, True."""
    return tuple(Column(*row) for row in rows)


PERIOD: tuple[Row, ...] = (
    ("start", "date", "first day of the period; empty when unstated", True),
    ("end", "date", "day after the period; empty when unstated", True),
)
PLACE: tuple[Row, ...] = (
    ("file", "string", "input file name", True),
    ("sheet", "string", "sheet of the workbook", True),
    ("cell", "string", "cell like D7; for text files the line like L12", True),
)
RESULT: tuple[Row, ...] = (("run", "string", "run id"),)
