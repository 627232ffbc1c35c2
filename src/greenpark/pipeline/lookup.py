"""Rows of one run fetched from the store: of large tables in small portions, small ones whole and only once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

import pyarrow as pa

from greenpark.engine.digests import digest_of
from greenpark.engine.largest import Largest
from greenpark.engine.store import RunRecord, Store
from greenpark.engine.unfolding import NARROW, PARTS, UNFOLDED
from greenpark.model.tables import TABLES
from greenpark.model.time import Period
from greenpark.publish.lookup import TablesLookup
from greenpark.publish.references import digest_text, key_columns, key_of

# Tables of so many rows are read once: a question to the engine costs more than they do.
SMALL = 10_000


class StoreLookup:
    """Looks up rows of a closed run and of the batches that went into it; its entities are the members it used.

    Parameters
    ----------
    small
        Tables of at most so many rows are held in memory after the first question.
    """

    def __init__(self, store: Store, run: RunRecord, small: int = SMALL) -> None:
        self._store = store
        self._run = run
        self._peaks: Largest | None = None
        self._small = small
        self._held: dict[str, TablesLookup | None] = {}

    def rows(self, table: str, where: Mapping[str, object], limit: int, order_by: str | None = None) -> pa.Table:
        """See ``publish.release.Lookup.rows``."""
        if table not in self._held:
            self._held[table] = self._read_whole(table) if self._is_small(table) else None
        held = self._held[table]
        if held is not None:
            return held.rows(_stored(table), where, limit, order_by)
        columns = {name: value for name, value in where.items() if name != "reference"}

        def conditions(rows: Any) -> list[Any]:
            return [condition for name, value in columns.items() for condition in _conditions(rows, name, value)]

        few = self._largest(table) if order_by and columns == where else None
        rows = few.candidates(table, where, conditions, limit, order_by) if few and order_by else None
        rows = self._table(table, columns.get("batch")) if rows is None else rows
        kept = rows.filter(reduce(lambda left, right: left & right, asked)) if (asked := conditions(rows)) else rows
        magnitude = [kept[order_by].abs().desc(nulls_first=False)] if order_by else []
        ordered = kept.order_by([*magnitude, *(kept[name] for name in TABLES[_stored(table)].key if name != "run")])
        if "reference" not in where:
            return self._store.engine.to_arrow(ordered.limit(limit))
        return self._by_reference(ordered, table, str(where["reference"]), limit)

    def _largest(self, table: str) -> Largest | None:
        """Where the largest rows of a table that is not stored as such are found."""
        if table not in UNFOLDED or not self._store.register.run_files(self._run.id, NARROW[0]):
            return None
        if self._peaks is None:
            counted, matches = (self._store.run_table(self._run.id, name) for name in NARROW)
            self._peaks = Largest(counted, matches, self._store.engine)
        return self._peaks

    def _by_reference(self, rows: Any, table: str, reference: str, limit: int) -> pa.Table:
        """The rows whose reference begins so; of rows that may be many, keys are hashed where the rows are."""
        begins = reference.partition("-")[2].lower()
        key = list(key_columns(table))
        backend = self._store.engine
        if table in UNFOLDED:
            digest = digest_of([rows[name] for name in key])
            return backend.to_arrow(rows.filter(digest.startswith(begins)).limit(limit))
        keys = backend.to_arrow(rows.select(*key))
        found = [row for row in keys.to_pylist() if digest_text(key_of(table, row)).startswith(begins)][:limit]
        if not found:
            return backend.to_arrow(rows.limit(0))
        chosen = [reduce(lambda a, b: a & b, [_same(rows[name], row[name]) for name in key]) for row in found]
        return backend.to_arrow(rows.filter(reduce(lambda left, right: left | right, chosen)))

    def _read_whole(self, table: str) -> TablesLookup:
        return TablesLookup({_stored(table): self._store.engine.to_arrow(self._table(table))})

    def _is_small(self, table: str) -> bool:
        """Whether the files of the table, or of what it is unfolded from, have few rows and are all of this run."""
        register = self._store.register
        if table == "observations":
            files = register.batch_files(table, self._run.batches)
        elif table in UNFOLDED and register.run_files(self._run.id, PARTS):
            return False
        else:
            names = {_stored(table), NARROW[0]} if table in UNFOLDED else {_stored(table)}
            files = tuple(file for name in names for file in register.run_files(self._run.id, name))
        return sum(file.rows for file in files) <= self._small

    def _table(self, table: str, batch: object = None) -> Any:
        if table == "observations":
            # Of a nation's hundreds of files only those that can hold the row are opened.
            return self._store.read(table, [each for each in self._run.batches if batch in (None, each)])
        return self._store.run_table(self._run.id, _stored(table))


def _stored(table: str) -> str:
    """Where the rows lie that reports ask for by this name."""
    return "members" if table == "entities" else table


def _conditions(rows: Any, name: str, value: object) -> list[Any]:
    if isinstance(value, Period):
        return [rows.start >= value.start, rows.end <= value.end]
    if isinstance(value, tuple):
        return [rows[name].isin(list(value))]
    return [_same(rows[name], value)]


def _same(column: Any, value: object) -> Any:
    return column.isnull() if value is None else column == value
