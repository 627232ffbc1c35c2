"""Activity rows to park totals by gas and carrier: greenpark, hand-written SQL and pandas on the same file."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from bench.__main__ import peak_mb
from bench.activity_rows import Size, list_entities, write_rows
from greenpark.account import Accounts, Definitions, account, list_views
from greenpark.account.methods import Knowledge
from greenpark.account.totals import total_rows
from greenpark.catalog import Packs, load_packs
from greenpark.engine.connect import Engine
from greenpark.engine.units import Units
from greenpark.model.tables import OBSERVATIONS

SIZE = Size(parks=178, units=400, years=3)  # 10,252,800 rows: each of the 178 zones with three years of months
SEED = 7
ROUNDS = 3
TIMES_SQL, TIMES_PANDAS = 1.5, 10.0
PROFILE, VIEW = "china_park_province", "view=location"
HALF_UNIT = 0.5e-6  # greenpark rounds each row to 10^-6 t once, so that sums do not hang on their order
USED = ["entity", "quantity", "carrier", "flow", "start", "value", "status"]
COUNTED = ("reported", "corrected", "estimated")

Totals = dict[tuple[str, str, str], float]
SQL = """
    WITH units AS (
        SELECT unit.entity, unit.parent AS park, zone.area FROM entities AS unit JOIN entities AS zone ON unit.parent = zone.entity
    )
    SELECT park, gas, rows.carrier, sum(value * rate) AS t
    FROM read_parquet('{file}') AS rows
    JOIN units ON rows.entity = units.entity
    JOIN factors ON factors.quantity = rows.quantity AND factors.carrier = rows.carrier
        AND factors.flow = coalesce(rows.flow, '') AND factors.area = units.area AND factors.year = year(rows.start)
    WHERE status IN {counted}
    GROUP BY ALL
"""


@dataclass(frozen=True)
class Work:
    """The same task for all three: a file of rows, the registered entities, and what greenpark knows."""

    file: Path
    entities: pa.Table
    definitions: Definitions

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods whose rows enter the totals."""
        views = list_views(self.definitions.profiles, self.definitions.methods)
        return next(view.methods for view in views if view.variant == VIEW)


def targets() -> list[dict[str, Any]]:
    """The speed targets of accounting, against SQL and against pandas."""
    with tempfile.TemporaryDirectory() as folder:
        work = prepare(SIZE, Path(folder))
        factors = resolved_factors(work)
        mine, sql = _interleaved(lambda: by_greenpark(work), lambda: by_sql(work, factors))
        peak = peak_mb()
        given = _timed(lambda: by_pandas(work, factors, resolve=False))
        frames = _timed(lambda: by_pandas(work, factors))
    worst = max(compared(mine[1], other[1], SIZE) for other in (sql, given, frames))
    told = (
        f"pandas from the same file and factors; given the factors of each province ready, as the SQL, {given[0]:.2f} s"
    )
    return [
        _target("accounting_sql", "hand-written SQL, factors ready, same DuckDB", mine, sql, TIMES_SQL, peak, worst),
        _target("accounting_pandas", told, mine, frames, TIMES_PANDAS, peak_mb(), worst),
    ]


def prepare(size: Size, folder: Path) -> Work:
    """The rows written, the entities listed, the packs read."""
    packs = load_packs(kinds=["units", "quantities", "carriers", "factors", "methods", "places"])
    # In a process of its own, so that its memory is not counted here.
    writer = get_context("spawn").Process(target=write_rows, args=(size, SEED, folder / "rows.parquet"))
    writer.start()
    writer.join()
    if writer.exitcode:
        raise RuntimeError(f"the rows could not be written: exit code {writer.exitcode}")
    known = Knowledge(packs.carriers, packs.factor_sets, Units(packs.units.values()))
    profiles = [packs.profiles[PROFILE]]
    definitions = Definitions(known, packs.quantities, packs.methods, profiles, packs.areas)
    return Work(folder / "rows.parquet", list_entities(size, _provinces(packs)), definitions)


def _provinces(packs: Packs) -> list[str]:
    """The provinces that have a power factor, sorted."""
    factors = packs.factor_sets["cn_power_average"].factors
    known = {factor.area for factor in factors if factor.value is not None}
    return sorted(area.id for area in packs.areas.values() if area.kind == "province" and area.id in known)


def by_greenpark(work: Work) -> Totals:
    """Park totals [t] through greenpark: boundary, matching of factors, emission rows, totals; no row is stored."""
    engine = Engine("duckdb")
    try:
        accounts = _account(work, engine)
        rows = accounts.emissions.filter(accounts.emissions.method.isin(work.methods))
        found = engine.to_arrow(total_rows(rows, ["gas", "carrier"], "zone", accounts.boundary, engine))
    finally:
        engine.close()
    if any(found.column("rows_unmatched").to_pylist()):
        raise ValueError("the invented rows must all find their factor")
    return _totals(found.select(["entity", "gas", "carrier", "t"]))


def _account(work: Work, engine: Engine) -> Accounts:
    return account(engine.read_parquet([work.file], OBSERVATIONS), work.entities, work.definitions, engine)


def resolved_factors(work: Work) -> pa.Table:
    """quantity, carrier, flow, area, year, gas, rate [t per unit] and factor_area: the factor of each province."""
    engine = Engine("duckdb")
    try:
        matches = _account(work, engine).matches
    finally:
        engine.close()
    rows = [
        {name: row[name] for name in ("quantity", "flow", "area", "year", "gas", "factor_area")}
        | {"carrier": row["item"], "rate": row["rate"] * row["coefficient"]}
        for row in matches.to_pylist()
        if row["method"] in work.methods and row["rate"] is not None
    ]
    return pa.Table.from_pylist(rows)


def by_sql(work: Work, factors: pa.Table) -> Totals:
    """Park totals [t] by one statement."""
    connection = duckdb.connect()
    connection.register("entities", work.entities)
    connection.register("factors", factors)
    query = SQL.format(file=work.file.as_posix(), counted=COUNTED)
    found = connection.sql(query).to_arrow_table()
    connection.close()
    return _totals(found)


def by_pandas(work: Work, factors: pa.Table, resolve: bool = True) -> Totals:
    """Park totals [t] as one would write them with pandas.

    With `resolve` it does what greenpark does: the factor of the province, else that of the nation. Without, it is
    given the factor of each province, as the SQL is.
    """
    entities = work.entities.select(["entity", "parent", "area"]).to_pandas()
    zones = entities[["entity", "area"]].rename(columns={"entity": "parent"})
    units = entities[["entity", "parent"]].merge(zones, on="parent")
    rows = pd.read_parquet(work.file, columns=USED)
    rows = rows[rows["status"].isin(COUNTED)]
    rows = rows.assign(flow=rows["flow"].fillna(""), year=pd.to_datetime(rows["start"]).dt.year)
    joined = _with_factors(rows.merge(units, on="entity"), factors.to_pandas(), resolve)
    joined["t"] = joined["value"] * joined["rate"]
    sums = joined.groupby(["parent", "gas", "carrier"])["t"].sum().reset_index()
    return _totals(pa.Table.from_pandas(sums, preserve_index=False))


def _with_factors(rows: pd.DataFrame, factors: pd.DataFrame, resolve: bool) -> pd.DataFrame:
    item = ["quantity", "carrier", "flow", "year"]
    if not resolve:
        return rows.merge(factors, on=[*item, "area"])
    is_own = factors["factor_area"] == factors["area"]
    own = factors.loc[is_own, [*item, "area", "gas", "rate"]]
    national = factors.loc[~is_own, [*item, "gas", "rate"]].drop_duplicates()
    joined = rows.merge(own, on=[*item, "area"], how="left").merge(
        national, on=item, how="left", suffixes=("", "_else")
    )
    return joined.assign(gas=joined["gas"].fillna(joined["gas_else"]), rate=joined["rate"].fillna(joined["rate_else"]))


def _totals(found: pa.Table) -> Totals:
    columns = [column.to_pylist() for column in found.columns]
    return {(park, gas, carrier): t for park, gas, carrier, t in zip(*columns, strict=True)}


def compared(mine: Totals, other: Totals, size: Size) -> float:
    """The largest relative difference.

    Raises
    ------
    ValueError
        When the totals are of other things, or differ by more than rounding each row explains.
    """
    if mine.keys() != other.keys():
        raise ValueError(f"totals of other parks, gases or carriers: {sorted(mine.keys() ^ other.keys())[:5]}")
    rounding = HALF_UNIT * size.rows / size.parks
    off = [key for key in mine if abs(mine[key] - other[key]) > max(1e-9 * abs(other[key]), rounding)]
    if off:
        raise ValueError(f"totals differ: {[(key, mine[key], other[key]) for key in off[:5]]}")
    return max(abs(mine[key] / other[key] - 1) for key in mine)


def _timed(work: Callable[[], Totals]) -> tuple[float, Totals]:
    start = time.perf_counter()
    totals = work()
    return time.perf_counter() - start, totals


def _interleaved(*works: Callable[[], Totals]) -> list[tuple[float, Totals]]:
    """The best of several rounds of each, in turns: whatever else the machine does meets both."""
    rounds = [[_timed(work) for work in works] for _ in range(ROUNDS)]
    return [min(taken, key=lambda each: each[0]) for taken in zip(*rounds, strict=True)]


def _target(
    name: str,
    reference: str,
    mine: tuple[float, Totals],
    other: tuple[float, Totals],
    target: float,
    peak: float,
    worst: float,
) -> dict[str, Any]:
    """The result: against SQL how many times as long, against pandas how many times as fast."""
    slower = name.endswith("sql")
    ratio = mine[0] / other[0] if slower else other[0] / mine[0]
    return {
        "id": name,
        "what": "activity rows to park totals by gas and carrier, without the checks of completeness",
        "target": target,
        "measured": round(ratio, 2),
        "unit": "times as long" if slower else "times as fast",
        "reference": f"{reference}: {other[0]:.2f} s against {mine[0]:.2f} s; totals differ by {worst:.0e} at most",
        "ratio": round(ratio, 2),
        "rows": SIZE.rows,
        "peak_mb": peak,
        "ok": ratio <= target if slower else ratio >= target,
    }
