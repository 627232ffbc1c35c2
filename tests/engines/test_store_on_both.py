"""The store, the doors of the engine and exact sums: the same on DuckDB and on the cluster, to the last digit."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest

from greenpark.engine.connect import Engine
from greenpark.engine.schema import SchemaError, arrow_schema, ibis_schema
from greenpark.engine.store import Store, open_store
from greenpark.engine.sums import exact_sum, overflows
from greenpark.model.tables import ENTITIES, OBSERVATIONS, TABLES
from tests.engine.made_rows import emissions, entities, observations, source

PACKS = {"factors_cn": ("1", "f" * 64)}


@pytest.fixture(scope="module")
def duckdb_engine() -> Iterator[Engine]:
    engine = Engine()
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def spark_engine(spark_master: str) -> Iterator[Engine]:
    engine = Engine(spark_master)
    yield engine
    engine.close()


@pytest.fixture(scope="module", params=["duckdb", "spark"])
def engine(request: pytest.FixtureRequest, duckdb_engine: Engine, spark_engine: Engine) -> Engine:
    return duckdb_engine if request.param == "duckdb" else spark_engine


@pytest.fixture
def store(tmp_path: Path, engine: Engine) -> Iterator[Store]:
    with open_store(tmp_path / "园区 [1] it's {x}*", engine) as opened:
        yield opened


def without_run(data: pa.Table) -> list[dict[str, object]]:
    return sorted(data.drop_columns("run").to_pylist(), key=lambda row: row["line"])


def test_arrow_tables_come_back_as_they_went_in(engine: Engine) -> None:
    for given in (observations(6), entities(), observations(0)):
        assert engine.to_arrow(engine.from_arrow(given)).equals(
            given.cast(pa.schema([f.with_nullable(True) for f in given.schema]))
        )


def test_the_edges_of_every_kind_survive(engine: Engine) -> None:
    given = pa.table(
        {
            "text": ["", "吨标准煤", None, "a'b\\n\"", "é"],
            "whole": pa.array([2**63 - 1, -(2**63), None, 0, 1], pa.int64()),
            "number": [5e-324, -0.0, None, 1.7976931348623157e308, 0.1],
            "day": [date(1, 1, 1), date(1582, 10, 15), None, date(9999, 12, 31), date(2024, 2, 29)],
            "truth": [True, False, None, True, False],
        }
    )
    assert engine.to_arrow(engine.from_arrow(given)).to_pylist() == given.to_pylist()


def test_what_one_engine_writes_both_read(
    engine: Engine, duckdb_engine: Engine, spark_engine: Engine, tmp_path: Path
) -> None:
    given = observations(50).append_column("batch", pa.array(["b"] * 50)).select(list(OBSERVATIONS.names))
    engine.write_parquet(engine.from_arrow(given), tmp_path / "out [x]")
    files = sorted((tmp_path / "out [x]").glob("*.parquet"))
    for reader in (duckdb_engine, spark_engine):
        read = reader.to_arrow(reader.read_parquet(files, OBSERVATIONS)).sort_by("line")
        assert read.to_pylist() == given.to_pylist()


def test_no_file_is_a_table_without_rows(engine: Engine) -> None:
    for table in TABLES.values():
        empty = engine.read_parquet([], table)
        assert empty.schema() == ibis_schema(table)
        assert engine.to_arrow(empty).num_rows == 0


def test_files_of_another_table_are_refused(engine: Engine, tmp_path: Path) -> None:
    engine.write_parquet(engine.from_arrow(entities()), tmp_path / "out")
    with pytest.raises(SchemaError, match="batch is missing"):
        engine.read_parquet(sorted((tmp_path / "out").glob("*.parquet")), ENTITIES)


def test_kept_rows_are_computed_once(engine: Engine) -> None:
    kept = engine.cache(engine.from_arrow(pa.table({"x": [1, 2, 3]})).mutate(chance=ibis.random()))
    assert engine.to_arrow(kept.order_by("x")).equals(engine.to_arrow(kept.order_by("x")))


def test_a_run_is_written_closed_and_read_again(store: Store) -> None:
    batches = [store.append(observations(5, mark), entities(mark), source(mark)) for mark in "abc"]
    store.pack()
    run = store.begin_run("job", "j", batches[:2], PACKS, "code")
    seen = store.read("observations", batches[:2])
    assert store.engine.to_arrow(seen).num_rows == 10
    store.write(
        run, "emissions", store.engine.from_arrow(emissions(7).drop_columns(["scope", "factor_year"])).mutate(scope=1)
    )
    store.write(
        run, "energy", store.engine.from_arrow(arrow_schema(TABLES["energy"]).empty_table().drop_columns("run"))
    )
    store.close_run(run)
    assert store.damaged_files() == ()
    assert without_run(store.engine.to_arrow(store.run_table(run.id, "emissions"))) == emissions(7).to_pylist()
    assert store.engine.to_arrow(store.run_table(run.id, "energy")).num_rows == 0
    left = {path.name for path in store.workspace.folder.rglob("*") if path.is_file() and path.suffix != ".parquet"}
    assert left == {"workspace.yaml", "register.sqlite", "register.sqlite-wal", "register.sqlite-shm"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda rows: rows.mutate(gas=ibis.null("string")), "gas is empty in 5 rows"),
        (lambda rows: rows.mutate(line=ibis.literal(1)), "4 rows repeat the key"),
        (lambda rows: rows.mutate(t=ibis.literal(math.nan)), "t is not a finite number in 5 rows"),
        (lambda rows: rows.mutate(t=-rows.t * 1e308), "t is not a finite number in 4 rows"),
    ],
)
def test_bad_rows_are_refused(store: Store, change: Any, told: str) -> None:
    run = store.begin_run("job", "j1", [], PACKS, "code")
    with pytest.raises(SchemaError, match=told):
        store.write(run, "emissions", change(store.engine.from_arrow(emissions(5))))


def test_sums_are_the_same_to_the_last_digit(duckdb_engine: Engine, spark_engine: Engine) -> None:
    chance = random.Random(11)
    count = 40_000
    ties = [number + 0.0000005 for number in range(-300, 300)]
    values: list[float | None] = [
        *ties,
        *(chance.uniform(-1, 1) * 10 ** chance.uniform(-9, 11.9) for _ in range(count)),
    ]
    groups = [f"g{number % 17}" for number in range(len(values))]
    values += [None, 1e12, 1e300, math.nan, math.inf, -5e11, -5e11]
    groups += ["none", "large", "huge", "nan", "inf", "negative", "negative"]
    results = []
    for engine in (duckdb_engine, spark_engine):
        rows = engine.from_arrow(pa.table({"g": groups, "x": pa.array(values, pa.float64())}))
        sums = [exact_sum(rows.x, decimals).name(f"s{decimals}") for decimals in (0, 3, 6)]
        results.append(engine.to_arrow(rows.group_by("g").aggregate(*sums, n=overflows(rows.x, 6)).order_by("g")))
    assert results[0].to_pylist() == results[1].to_pylist()
    by_group = {row["g"]: row for row in results[0].to_pylist()}
    assert [by_group[name]["s6"] for name in ("none", "large", "huge", "nan", "inf", "negative")] == [None] * 5 + [
        -1e12
    ]
    assert [by_group[name]["n"] for name in ("none", "large", "huge", "nan", "inf", "negative")] == [0, 1, 1, 1, 1, 0]
