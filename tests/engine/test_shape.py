"""Long tables become dense arrays and back."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from greenpark.engine.schema import SchemaError
from greenpark.engine.shape import ABSENT, Coded, arrow_rows, arrow_table, reshape, rows_of
from greenpark.model.tables import PROGRESS, Column, Table

Y2023, Y2024 = (date(2023, 1, 1), date(2024, 1, 1)), (date(2024, 1, 1), date(2025, 1, 1))


def long_table(rows: list[tuple[object, ...]]) -> pa.Table:
    names = ("entity", "indicator", "start", "end", "variant", "value", "status", "confidence", "missing")
    kinds = (
        pa.string(),
        pa.string(),
        pa.date32(),
        pa.date32(),
        pa.string(),
        pa.float64(),
        pa.string(),
        pa.string(),
        pa.string(),
    )
    columns = list(zip(*rows, strict=True)) if rows else [[] for _ in names]
    return pa.table(
        {name: pa.array(list(column), kind) for name, column, kind in zip(names, columns, kinds, strict=True)}
    )


ROWS: list[tuple[object, ...]] = [
    ("b", "s.x", *Y2024, "", 1.5, "ok", "high", None),
    ("a", "s.x", *Y2023, "", None, "not_evaluable", "low", "q"),
    ("a", "s.y", *Y2024, "basis=calorific", 2.0, "partial", "medium", None),
    ("a", "s.y", None, None, "", 9.0, "ok", "high", None),
    ("a", "other", *Y2024, "", 9.0, "ok", "high", None),
]


def test_a_cube_holds_each_row_at_its_place_and_nothing_else() -> None:
    cube = reshape(long_table(ROWS), "indicator", ["s.y", "s.x", "s.z"], "missing")
    assert cube.entities == ("a", "b")
    assert cube.periods == (Y2023, Y2024)
    assert cube.variants == ("", "basis=calorific")
    assert cube.items == ("s.x", "s.y", "s.z")
    assert cube.value.shape == (2, 2, 2, 3)
    assert cube.value[1, 1, 0, 0] == 1.5
    assert cube.value[0, 1, 1, 1] == 2.0
    assert np.isfinite(cube.value).sum() == 2
    assert (cube.status != ABSENT).sum() == 3
    assert (cube.status[0, 0, 0, 0], cube.confidence[0, 0, 0, 0]) == (2, 0)
    assert cube.remarks[cube.remark[0, 0, 0, 0]] == "q"
    assert cube.remarks[cube.remark[1, 1, 0, 0]] == ""


def test_the_order_of_rows_does_not_change_a_cube() -> None:
    first, second = (reshape(long_table(rows), "indicator", ["s.x", "s.y"]) for rows in (ROWS, ROWS[::-1]))
    assert np.array_equal(first.value, second.value, equal_nan=True)
    assert np.array_equal(first.status, second.status)


def test_an_empty_table_is_an_empty_cube() -> None:
    cube = reshape(long_table([]), "indicator", ["s.x"])
    assert cube.entities == ()
    assert cube.value.shape == (0, 0, 0, 1)


def test_the_same_key_twice_or_an_unknown_status_is_refused() -> None:
    with pytest.raises(ValueError, match="repeat the key"):
        reshape(long_table([ROWS[0], ROWS[0]]), "indicator", ["s.x"])
    with pytest.raises(ValueError, match="fine"):
        reshape(long_table([(*ROWS[0][:6], "fine", "high", None)]), "indicator", ["s.x"])


def test_columns_become_a_table_with_empty_cells_where_there_is_nothing() -> None:
    table = Table(
        "t", ("a",), (Column("a", "string", ""), Column("b", "string", "", True), Column("c", "float64", "", True))
    )
    columns = {
        "a": Coded(np.array([1, 0]), ("x", "y")),
        "b": Coded(np.array([-1, 0]), ("z",)),
        "c": np.array([np.nan, 2.0]),
    }
    assert arrow_table(columns, table).to_pylist() == [{"a": "y", "b": None, "c": None}, {"a": "x", "b": "z", "c": 2.0}]
    with pytest.raises(SchemaError):
        arrow_table({"a": Coded(np.array([-1]), ("x",)), "b": [None], "c": [None]}, table)


def test_a_small_selection_is_read_as_rows() -> None:
    assert [each["value"] for each in rows_of(long_table(ROWS), "indicator", ["other"])] == [9.0]
    assert arrow_rows([], PROGRESS).num_rows == 0
