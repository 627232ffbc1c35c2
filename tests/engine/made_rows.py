"""Invented rows for the tests of the store."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from greenpark.engine.schema import arrow_schema
from greenpark.engine.store import BatchSource
from greenpark.model.tables import EMISSIONS, ENTITIES, OBSERVATIONS, Table


def table_of(table: Table, rows: list[dict[str, Any]], without: tuple[str, ...]) -> pa.Table:
    """Rows as an Arrow table of the model."""
    schema = pa.schema([field for field in arrow_schema(table) if field.name not in without])
    return pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema)


def observations(count: int, mark: str = "a") -> pa.Table:
    """Observations of one unit; `mark` makes two batches differ."""
    rows = [
        {
            "line": line,
            "entity": f"unit_{mark}",
            "quantity": "energy.amount",
            "carrier": "raw_coal" if line % 2 else None,
            "flow": "purchase",
            "start": date(2024, 1, 1),
            "end": date(2025, 1, 1),
            "value": line + 0.5 if line % 3 else None,
            "unit": "t",
            "reported_value": f"{line + 0.5}",
            "coverage": "whole_park",
            "status": "reported" if line % 3 else "declared_absent",
            "confidence": "high",
            "file": "能源报表.xlsx",
            "cell": f"D{line}",
        }
        for line in range(1, count + 1)
    ]
    return table_of(OBSERVATIONS, rows, ("batch",))


def entities(mark: str = "a") -> pa.Table:
    """One unit."""
    row = {"entity": f"unit_{mark}", "kind": "unit", "parent": "park", "name": "某钢铁公司", "area": "hebei"}
    return table_of(ENTITIES, [row], ("batch",))


def emissions(count: int, batch: str = "b") -> pa.Table:
    """Emission rows of one unit."""
    rows = [
        {
            "batch": batch, "line": line, "entity": "unit_a", "carrier": "raw_coal", "category": "combustion", "scope": 1,
            "view": "direct", "gas": "co2", "t": line * 1.1, "co2e": line * 1.1, "method": "combustion 1", "observed": "reported",
            "status": "ok", "confidence": "high",
        }
        for line in range(1, count + 1)
    ]  # fmt: skip
    return table_of(EMISSIONS, rows, ("run",))


def source(mark: str = "a", entity: str = "park", period: str = "2024") -> BatchSource:
    """Where an invented batch comes from."""
    return BatchSource(f"能源报表_{mark}.xlsx", mark * 8, "park_year", "1", entity, period, "form")
