"""Rows of a batch or run with their identity: sorted by key, and carrying the id that follows from their content."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from greenpark.engine.register import FileRecord, RunRecord
from greenpark.model.tables import Table


@dataclass
class RunHandle:
    """A run in work: what it has written becomes visible when it is closed; ``as_of`` a moment, or of now (None)."""

    record: RunRecord
    closed: bool
    written: dict[str, tuple[FileRecord, ...]] = field(default_factory=dict)
    as_of: datetime | None = None

    @property
    def id(self) -> str:
        """The run's id, which follows from what goes into it."""
        return self.record.id


def sort_rows(data: pa.Table, table: Table) -> pa.Table:
    """The rows in the order of the table's key, the batch left out."""
    return data.sort_by([(name, "ascending") for name in table.key if name != "batch"])


def with_id(data: pa.Table, table: Table, column: str, value: str) -> pa.Table:
    """The rows with one more column that holds the same text in each, in the order of the table."""
    ids = pa.array([value], pa.string()).take(pa.array([0] * data.num_rows, pa.int64()))
    return data.append_column(column, ids).select(list(table.names))


def same_content(known: str, content: str, short: str) -> str:
    """The short id, once it is sure that it stands for this content."""
    if known != content:
        raise RuntimeError(f"two contents share the id {short}")
    return short
