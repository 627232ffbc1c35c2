"""Rows of one run fetched from the store in small portions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

import pyarrow as pa

from greenpark.engine.digests import digest_of
from greenpark.engine.store import RunRecord, Store
from greenpark.engine.unfolding import UNFOLDED
from greenpark.model.tables import TABLES
from greenpark.model.time import Period
from greenpark.publish.references import digest_text, key_columns, key_of


class StoreLookup:
    """Looks up rows of a closed run and of the batches that went into it; its entities are the members it used."""

    def __init__(self, store: Store, run: RunRecord) -> None:
        self._store = store
        self._run = run

    def rows(self, table: str, where: Mapping[str, object], limit: int, order_by: str | None = None) -> pa.Table:
        """See ``publish.release.Lookup.rows``."""
        rows = self._table(table)
        columns = {name: value for name, value in where.items() if name != "reference"}
        conditions = [condition for name, value in columns.items() for condition in _conditions(rows, name, value)]
        kept = rows.filter(reduce(lambda left, right: left & right, conditions)) if conditions else rows
        magnitude = [kept[order_by].abs().desc(nulls_first=False)] if order_by else []
        ordered = kept.order_by([*magnitude, *(kept[name] for name in TABLES[_stored(table)].key if name != "run")])
        if "reference" not in where:
            return self._store.engine.to_arrow(ordered.limit(limit))
        return self._by_reference(ordered, table, str(where["reference"]), limit)

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

    def _table(self, table: str) -> Any:
        if table == "observations":
            return self._store.read(table, self._run.batches)
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
