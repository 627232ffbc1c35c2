"""Published indices through the real stages: figures, measured and evaluated by the packs of this folder."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa

from greenpark.catalog import Packs, load_packs
from greenpark.engine.connect import Engine
from greenpark.engine.schema import arrow_schema
from greenpark.engine.units import Units
from greenpark.evaluate import evaluate
from greenpark.measure import measure
from greenpark.model.tables import FIGURES
from greenpark.model.time import Period

PACKS = Path(__file__).resolve().parent / "packs"
Figure = tuple[str, str, int, float]


def packs_with(*folders: Path) -> Packs:
    """The packs of this folder, with confirmations in others."""
    return load_packs((PACKS, *folders), kinds=("schemes",))


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a published table."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def scored(packs: Packs, scheme: str, figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """The scores of a scheme from (entity, quantity, year, value)."""
    units, engine = Units(packs.units.values()), Engine("duckdb")
    table = pa.Table.from_pylist([_row(packs, *each) for each in figures], schema=arrow_schema(FIGURES))
    entities = sorted(set(table.column("entity").to_pylist()))
    found = measure(engine.from_arrow(table), [packs.schemes[scheme]], packs.quantities, units, [], entities, engine)
    rows: list[dict[str, Any]] = evaluate(
        engine.to_arrow(found), [packs.schemes[scheme]], {}, {}, None, units
    ).to_pylist()
    engine.close()
    return rows


def by_key(rows: Iterable[dict[str, Any]], node: str) -> dict[tuple[str, int], dict[str, Any]]:
    """The rows of a node by entity and year."""
    return {(row["entity"], row["start"].year): row for row in rows if row["node"] == node}


def _row(packs: Packs, entity: str, quantity: str, year: int, value: float) -> dict[str, object]:
    period = Period.parse(str(year))
    return {
        "run": "published", "entity": entity, "quantity": quantity, "item": "", "start": period.start, "end": period.end,
        "variant": "", "value": value, "unit": packs.quantities[quantity].unit, "rows": 1, "rows_unmatched": 0,
        "estimated_share": 0.0, "coverage": "whole_park", "status": "ok", "confidence": "high",
    }  # fmt: skip
