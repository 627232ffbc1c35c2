"""What reading a file gives: observations, entities, findings, and every cell that was refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from greenpark.model.findings import Finding, Place
from greenpark.model.tables import ENTITIES, OBSERVATIONS, Kind, Table

_ARROW: dict[Kind, pa.DataType] = {
    "string": pa.string(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "date": pa.date32(),
    "boolean": pa.bool_(),
}


@dataclass(frozen=True)
class CellCount:
    """Cells that hold data: each is exactly one of accepted, rejected and declared absent."""

    non_empty: int = 0
    accepted: int = 0
    rejected: int = 0
    declared_absent: int = 0

    def __add__(self, other: CellCount) -> CellCount:
        return CellCount(
            self.non_empty + other.non_empty,
            self.accepted + other.accepted,
            self.rejected + other.rejected,
            self.declared_absent + other.declared_absent,
        )


@dataclass(frozen=True)
class RejectedCell:
    """One refused cell with the finding that says why.

    ``row`` and ``column`` count from 0 in the file; ``form_sheet`` is the sheet's id in the form.
    """

    place: Place
    form_sheet: str
    row: int
    column: int
    text: str
    finding: Finding


@dataclass(frozen=True)
class RejectedRow:
    """A row with refused cells, as it must be given back: titles and texts, and which of them are marked.

    Accepted values of the row are left out, so that the corrected row can be read again without counting them twice.
    """

    file: str
    sheet: str
    form_sheet: str
    row: int
    titles: tuple[str, ...]
    texts: tuple[str, ...]
    marked: dict[int, tuple[Finding, ...]]


@dataclass(frozen=True)
class Collected:
    """The outcome of reading one file."""

    observations: pa.Table
    entities: pa.Table
    findings: tuple[Finding, ...] = ()
    rejected: tuple[RejectedCell, ...] = ()
    cells: CellCount = CellCount()
    rejected_rows: tuple[RejectedRow, ...] = ()
    measures: tuple[Mapping[str, Any], ...] = ()  # rows of an action plan's ledger


def schema_of(table: Table) -> pa.Schema:
    """The Arrow schema of a table as a reader gives it: without its batch."""
    return pa.schema([(column.name, _ARROW[column.kind]) for column in table.columns if column.name != "batch"])


def no_observations() -> pa.Table:
    """An empty table of observations."""
    return schema_of(OBSERVATIONS).empty_table()


def no_entities() -> pa.Table:
    """An empty table of entities."""
    return schema_of(ENTITIES).empty_table()
