"""Invented activity rows of many parks, made by DuckDB into one Parquet file: the same for the same size."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from greenpark.engine.schema import arrow_schema
from greenpark.model.tables import ENTITIES, OBSERVATIONS

MONTHS = 12
SERIES_OF_UNIT = 4
# quantity, carrier or product, flow, unit, size of a monthly value
SERIES = (
    ("energy.amount", "anthracite", "use_industrial", "t", 400.0),
    ("energy.amount", "bituminous_coal", "use_industrial", "t", 900.0),
    ("energy.amount", "lignite", "use_industrial", "t", 300.0),
    ("energy.amount", "coke", "use_industrial", "t", 150.0),
    ("energy.amount", "coke_oven_gas", "use_industrial", "万Nm3", 20.0),
    ("energy.amount", "natural_gas", "use_industrial", "万Nm3", 8.0),
    ("energy.amount", "lng", "use_other", "t", 5.0),
    ("energy.amount", "diesel", "use_other", "t", 3.0),
    ("energy.amount", "gasoline", "use_other", "t", 2.0),
    ("energy.amount", "fuel_oil", "use_industrial", "t", 10.0),
    ("energy.amount", "electricity", "purchase", "MWh", 700.0),
    ("energy.amount", "electricity", "sale", "MWh", 60.0),
    ("energy.amount", "heat", "purchase", "GJ", 2500.0),
    ("output.product", "cement_clinker", None, "t", 8000.0),
    ("output.product", "nitric_acid_high_pressure", None, "t", 100.0),
)


@dataclass(frozen=True)
class Size:
    """How many parks, units of a park and years; each unit reports four of fifteen series every month."""

    parks: int
    units: int
    years: int = 1

    @property
    def rows(self) -> int:
        """Activity rows."""
        return self.parks * self.units * self.years * SERIES_OF_UNIT * MONTHS


def write_rows(size: Size, seed: int, file: Path) -> None:
    """Write the observations of all units into a Parquet file, in the order in which parks would submit them."""
    connection = duckdb.connect()
    connection.register("series", _series())
    columns = ", ".join(f'"{name}"' for name in OBSERVATIONS.names)
    connection.execute(f"COPY (SELECT {columns} FROM ({_query(size, seed)})) TO '{file.as_posix()}' (FORMAT parquet)")
    connection.close()


def list_entities(size: Size, areas: list[str]) -> pa.Table:
    """The parks, dealt out over the areas, and their units."""
    parks = [_entity(f"park_{park:03d}", None, "zone", areas[park % len(areas)]) for park in range(size.parks)]
    units = [
        _entity(f"91{park:06d}MA{unit:08d}", f"park_{park:03d}", "unit", None)
        for park in range(size.parks)
        for unit in range(size.units)
    ]
    return pa.Table.from_pylist([*parks, *units], schema=arrow_schema(ENTITIES))


def _entity(entity: str, parent: str | None, kind: str, area: str | None) -> dict[str, str | None]:
    return {"batch": "made", "entity": entity, "kind": kind, "parent": parent, "name": entity, "area": area}


def _series() -> pa.Table:
    names = ("quantity", "carrier", "flow", "unit", "scale")
    rows = [dict(zip(names, row, strict=True), number=number) for number, row in enumerate(SERIES)]
    return pa.Table.from_pylist(rows)


def _query(size: Size, seed: int) -> str:
    """Four different series of a unit start at a place of its own; a value lies between 0 and twice its scale."""
    return f"""
        WITH raw AS (
            SELECT i, i % {MONTHS} AS month, i // {MONTHS} % {SERIES_OF_UNIT} AS place,
                i // {MONTHS * SERIES_OF_UNIT} % {size.years} AS year,
                i // {MONTHS * SERIES_OF_UNIT * size.years} AS firm
            FROM range({size.rows}) AS numbers(i)
        )
        SELECT 'made' AS batch, i + 1 AS line,
            printf('91%06dMA%08d', firm // {size.units}, firm % {size.units}) AS entity,
            quantity, carrier, flow, NULL::VARCHAR AS counterparty,
            make_date(2023 - {size.years - 1} + year, month + 1, 1) AS start,
            (make_date(2023 - {size.years - 1} + year, month + 1, 1) + INTERVAL 1 MONTH)::DATE AS "end",
            round(hash(i, {seed}) / 18446744073709551615.0 * 2 * scale, 3) AS value, series.unit AS unit,
            value::VARCHAR AS reported_value, series.unit AS reported_unit, 'boundary' AS coverage,
            CASE WHEN hash(i, {seed + 1}) % 50 = 0 THEN 'estimated' ELSE 'reported' END AS status,
            NULL::VARCHAR AS notation,
            CASE WHEN hash(i, {seed + 2}) % 10 = 0 THEN 'medium' ELSE 'high' END AS confidence,
            printf('park_%03d.xlsx', firm // {size.units}) AS file, 'energy' AS sheet,
            'D' || (i % 100000 + 2)::VARCHAR AS cell
        FROM raw JOIN series ON series.number = (hash(firm, {seed + 3}) % {len(SERIES)} + place * 4) % {len(SERIES)}
        ORDER BY i
    """
