"""The tables of the model as schemas, and the doors of the engine."""

from __future__ import annotations

from pathlib import Path

import ibis
import pyarrow as pa
import pytest

from greenpark.engine.connect import Engine, connect
from greenpark.engine.schema import SchemaError, arrow_schema, check_table, conform, conform_expr, ibis_schema
from greenpark.model.tables import ENTITIES, SCORES, TABLES, Table
from tests.engine.made_rows import emissions, entities


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_both_schemas_have_the_columns_of_the_model_in_order(table: Table) -> None:
    assert tuple(arrow_schema(table).names) == table.names == tuple(ibis_schema(table).names)
    assert [field.nullable for field in arrow_schema(table)] == [column.nullable for column in table.columns]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_table_without_rows_passes_both_ways(table: Table, duckdb_engine: Engine) -> None:
    empty = arrow_schema(table).empty_table()
    assert conform(empty, table).schema.equals(arrow_schema(table))
    expr = duckdb_engine.from_arrow(empty)
    assert conform_expr(expr, table).schema() == check_table(expr, table).schema() == ibis_schema(table)


def test_a_check_names_everything_that_is_wrong_at_once(duckdb_engine: Engine) -> None:
    expr = duckdb_engine.from_arrow(emissions(2)).drop("gas").mutate(scope=ibis.literal("1"), extra=1)
    with pytest.raises(SchemaError) as refused:
        check_table(expr, TABLES["emissions"], without=("run",))
    assert str(refused.value) == "table emissions: gas is missing; extra is unknown; scope is string, not int64"


def test_repeated_keys_are_found_with_empty_parts_too() -> None:
    twice = pa.concat_tables([entities(), entities()])
    with pytest.raises(SchemaError, match="1 rows repeat the key entity, since"):
        conform(twice, ENTITIES, without=("batch",))


def test_truth_is_no_number_and_a_number_no_text() -> None:
    row = {column.name: ["x"] for column in SCORES.columns if not column.nullable and column.kind == "string"}
    assert conform(pa.table({**row, "provisional": [True]}), SCORES).num_rows == 1
    with pytest.raises(SchemaError, match="provisional is int64, not boolean"):
        conform(pa.table({**row, "provisional": [1]}), SCORES)
    with pytest.raises(SchemaError, match="node is int64, not string"):
        conform(pa.table({**row, "provisional": [True], "node": [1]}), SCORES)


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown engine"):
        connect("postgres")


def test_duckdb_takes_threads_memory_and_a_folder_for_the_rest_and_fetches_nothing(tmp_path: Path) -> None:
    backend = connect("duckdb", threads=1, memory_limit="512MB", temp=tmp_path)
    names = ("threads", "memory_limit", "temp_directory", "autoinstall_known_extensions")
    values = [backend.con.execute(f"SELECT current_setting('{name}')").fetchone()[0] for name in names]
    assert values == [1, "488.2 MiB", str(tmp_path), False]
