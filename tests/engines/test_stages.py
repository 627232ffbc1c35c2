"""The stages give the same rows on both engines, from observations to indicators."""

from __future__ import annotations

import pytest

from greenpark.catalog import load_packs
from greenpark.engine.connect import Engine
from tests.engines.comparing import differences
from tests.engines.stages import KINDS, Results, run_stages

TABLES = ("energy", "emissions", "totals", "figures", "indicators", "completeness", "estimates")

Both = tuple[Results, Results]


@pytest.fixture(scope="module")
def results(spark_master: str) -> Both:
    packs = load_packs(kinds=KINDS)
    found = []
    for name in ("duckdb", spark_master):
        engine = Engine(name)
        try:
            found.append(run_stages(packs, engine))
        finally:
            engine.close()
    return found[0], found[1]


@pytest.mark.parametrize("table", TABLES)
def test_a_stage_gives_the_same_rows(table: str, results: Both) -> None:
    on_duckdb, on_spark = (result.tables[table] for result in results)
    assert on_duckdb.num_rows
    assert differences(on_duckdb, on_spark) == []


def test_accounting_finds_the_same(results: Both) -> None:
    on_duckdb, on_spark = (result.findings for result in results)
    assert on_duckdb
    assert on_duckdb == on_spark


def test_the_park_takes_every_way(results: Both) -> None:
    tables = results[0].tables
    assert {"ok", "no_factor"} <= set(tables["emissions"].column("status").to_pylist())
    assert {"ok", "partial"} <= set(tables["figures"].column("status").to_pylist())
    assert {"ok", "not_evaluable"} <= set(tables["indicators"].column("status").to_pylist())
    assert "estimated" in tables["energy"].column("observed").to_pylist()
    assert "co2.internal_double_count" in tables["figures"].column("quantity").to_pylist()
