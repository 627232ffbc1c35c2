"""Invented activity rows of many parks, made by DuckDB into one Parquet file: the same for the same size."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from greenpark.engine.schema import arrow_schema
from greenpark.model.tables import ENTITIES, OBSERVATIONS

MONTHS = 12
LAST_YEAR = 2023
SERIES_OF_UNIT = 4
# Every unit buys and uses power, and has one of the other pairs: quantity, carrier or product, flow, unit, size.
POWER = (
    ("energy.amount", "electricity", "purchase", "MWh", 700.0),
    ("energy.amount", "electricity", "use_industrial", "MWh", 700.0),
)
PAIRS = (
    (("energy.amount", "heat", "purchase", "GJ", 2500.0), ("energy.amount", "heat", "use_industrial", "GJ", 2500.0)),
    (
        ("energy.amount", "bituminous_coal", "use_industrial", "t", 900.0),
        ("energy.amount", "diesel", "use_other", "t", 3.0),
    ),
    (
        ("energy.amount", "anthracite", "use_industrial", "t", 400.0),
        ("output.product", "cement_clinker", None, "t", 8000.0),
    ),
    (
        ("energy.amount", "natural_gas", "use_industrial", "万Nm3", 8.0),
        ("energy.amount", "gasoline", "use_other", "t", 2.0),
    ),
    (
        ("energy.amount", "coke", "use_industrial", "t", 150.0),
        ("energy.amount", "coke_oven_gas", "use_industrial", "万Nm3", 20.0),
    ),
    (
        ("energy.amount", "lng", "use_other", "t", 5.0),
        ("output.product", "nitric_acid_high_pressure", None, "t", 100.0),
    ),
)


@dataclass(frozen=True)
class Size:
    """How many parks, units of a park and years; each unit reports four series every month."""

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
    connection.execute("SET enable_progress_bar = false")
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
    """The four series of a unit of each sort."""
    names = ("quantity", "carrier", "flow", "unit", "scale")
    rows = [
        dict(zip(names, series, strict=True), sort=sort, place=place)
        for sort, pair in enumerate(PAIRS)
        for place, series in enumerate((*POWER, *pair))
    ]
    return pa.Table.from_pylist(rows)


def _query(size: Size, seed: int) -> str:
    """A month uses what it buys: the value, between 0 and twice its size, hangs on unit, month and carrier."""
    return f"""
        WITH units AS (SELECT firm, hash(firm, {seed}) % {len(PAIRS)} AS sort FROM range({size.parks * size.units}) AS u(firm)),
        raw AS (
            SELECT *, ((firm * {SERIES_OF_UNIT} + place) * {size.years} + year) * {MONTHS} + month AS number
            FROM units JOIN series USING (sort), range({size.years}) AS y(year), range({MONTHS}) AS m(month)
        )
        SELECT 'made' AS batch, number + 1 AS line, printf('91%06dMA%08d', firm // {size.units}, firm % {size.units}) AS entity,
            quantity, carrier, flow, NULL::VARCHAR AS counterparty, make_date({LAST_YEAR + 1 - size.years} + year, month + 1, 1) AS start,
            (make_date({LAST_YEAR + 1 - size.years} + year, month + 1, 1) + INTERVAL 1 MONTH)::DATE AS "end",
            round(hash(firm, year, month, carrier, {seed}) / 18446744073709551615.0 * 2 * scale, 3) AS value, unit,
            value::VARCHAR AS reported_value, unit AS reported_unit, 'boundary' AS coverage,
            CASE WHEN hash(number, {seed}) % 50 = 0 THEN 'estimated' ELSE 'reported' END AS status, NULL::VARCHAR AS notation,
            CASE WHEN hash(number, {seed}) % 11 = 0 THEN 'medium' ELSE 'high' END AS confidence,
            printf('park_%03d.xlsx', firm // {size.units}) AS file, 'energy' AS sheet, 'D' || number % 100000 AS cell
        FROM raw ORDER BY number
    """
