"""Lookups over tables in memory, and one that asks another only once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from greenpark.model.tables import TABLES
from greenpark.model.time import Period
from greenpark.publish.references import digest_text, key_of
from greenpark.publish.release import Lookup, Release

# Of these a release holds at most an extract.
EXTRACTS = ("energy", "emissions", "observations")


class TablesLookup:
    """A lookup over pyarrow tables held in memory."""

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self._tables = tables
        self._held: dict[str, list[dict[str, Any]]] = {}
        self._digests: dict[str, list[str]] = {}

    def rows(self, table: str, where: Mapping[str, object], limit: int, order_by: str | None = None) -> pa.Table:
        """See ``Lookup.rows``; a table that is not held has no rows."""
        if table not in self._tables:
            return _empty(table)
        rows = self._rows(table)
        columns = {name: value for name, value in where.items() if name != "reference"}
        kept = [number for number, row in enumerate(rows) if _satisfies(row, columns)]
        if "reference" in where:
            begins = str(where["reference"]).partition("-")[2].lower()
            digests = self._digests_of(table)
            kept = [number for number in kept if digests[number].startswith(begins)]
        key = TABLES[table].key
        kept.sort(key=lambda each: (_magnitude(rows[each], order_by), _sortable(rows[each], key)))
        return self._tables[table].take(pa.array(kept[:limit], pa.int64()))

    def _rows(self, table: str) -> list[dict[str, Any]]:
        if table not in self._held:
            self._held[table] = self._tables[table].to_pylist()
        return self._held[table]

    def _digests_of(self, table: str) -> list[str]:
        if table not in self._digests:
            self._digests[table] = [digest_text(key_of(table, row)) for row in self._rows(table)]
        return self._digests[table]


class RememberingLookup:
    """Asks another lookup, and remembers the answers."""

    def __init__(self, asked: Lookup) -> None:
        self._asked = asked
        self._answers: dict[tuple[object, ...], pa.Table] = {}

    def rows(self, table: str, where: Mapping[str, object], limit: int, order_by: str | None = None) -> pa.Table:
        """See ``Lookup.rows``."""
        question = (table, tuple(sorted((name, str(value)) for name, value in where.items())), limit, order_by)
        if question not in self._answers:
            self._answers[question] = self._asked.rows(table, where, limit, order_by)
        return self._answers[question]


class HeldLookup:
    """Answers from tables in memory where they are held in full, and asks another lookup for the others."""

    def __init__(self, held: Mapping[str, pa.Table], asked: Lookup) -> None:
        self._held = TablesLookup(held)
        self._names = frozenset(held)
        self._asked = asked

    def rows(self, table: str, where: Mapping[str, object], limit: int, order_by: str | None = None) -> pa.Table:
        """See ``Lookup.rows``."""
        found: Lookup = self._held if table in self._names else self._asked
        return found.rows(table, where, limit, order_by)


def lookup_of(release: Release) -> Lookup:
    """The release's own lookup for what it does not hold in full, else one over the tables it holds."""
    held = {**release.tables, "entities": release.entities}
    if release.lookup is None:
        return RememberingLookup(TablesLookup(held))
    return RememberingLookup(HeldLookup({name: held[name] for name in held if name not in EXTRACTS}, release.lookup))


def as_lookup(tables: Mapping[str, pa.Table] | Lookup) -> Lookup:
    """A lookup over what is given."""
    return TablesLookup(tables) if isinstance(tables, Mapping) else tables


def _empty(table: str) -> pa.Table:
    return pa.table({name: pa.array([], pa.string()) for name in TABLES[table].names})


def _satisfies(row: Mapping[str, Any], where: Mapping[str, object]) -> bool:
    for name, wanted in where.items():
        if isinstance(wanted, Period):
            if row["start"] is None or row["start"] < wanted.start or row["end"] > wanted.end:
                return False
        elif isinstance(wanted, tuple):
            if row[name] not in wanted:
                return False
        elif row[name] != wanted:
            return False
    return True


def _magnitude(row: Mapping[str, Any], order_by: str | None) -> float:
    if order_by is None:
        return 0.0
    value = row[order_by]
    return 1.0 if value is None else -abs(float(value))


def _sortable(row: Mapping[str, Any], names: tuple[str, ...]) -> tuple[tuple[bool, Any], ...]:
    return tuple((row.get(name) is None, row.get(name)) for name in names)
