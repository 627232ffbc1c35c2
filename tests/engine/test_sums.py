"""Sums are exact in fixed point: no order of rows, no thread and no engine changes a digit."""

from __future__ import annotations

import math
import random
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpark.engine.connect import Engine
from greenpark.engine.sums import exact_sum, overflows

amounts = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)


def total(engine: Engine, values: list[float | None], decimals: int = 6) -> Any:
    rows = engine.from_arrow(pa.table({"x": pa.array(values, pa.float64())}))
    sums = rows.aggregate(sum=exact_sum(rows.x, decimals), too_large=overflows(rows.x, decimals))
    (row,) = engine.to_arrow(sums).to_pylist()
    return row["sum"], row["too_large"]


def by_hand(values: list[float], decimals: int) -> float:
    """The sum of each value times 10^decimals, rounded half away from zero, in integers of Python."""
    scale = 10.0**decimals
    whole = sum(int(Decimal(value * scale).to_integral_value(ROUND_HALF_UP)) for value in values)
    return float(whole) / scale


@settings(max_examples=60, deadline=None)
@given(values=st.lists(amounts, min_size=1, max_size=40), decimals=st.integers(0, 8))
def test_the_sum_is_that_of_integers(duckdb_engine: Engine, values: list[float], decimals: int) -> None:
    assert total(duckdb_engine, values, decimals) == (by_hand(values, decimals), 0)


@settings(max_examples=20, deadline=None)
@given(values=st.lists(amounts, min_size=1, max_size=30), seed=st.integers())
def test_what_goes_out_and_comes_in_cancels_in_any_order(duckdb_engine: Engine, values: list[float], seed: int) -> None:
    both = [*values, *(-value for value in values)]
    random.Random(seed).shuffle(both)
    assert total(duckdb_engine, both) == (0.0, 0)


def test_one_tenth_a_million_times_is_a_hundred_thousand(duckdb_engine: Engine) -> None:
    assert total(duckdb_engine, [0.1] * 1_000_000)[0] == 100_000.0


def test_ten_thousand_amounts_add_up_like_decimals(duckdb_engine: Engine) -> None:
    chance = random.Random(3)
    texts = [f"{chance.randint(0, 10**9)}.{chance.randint(0, 999_999):06d}" for _ in range(10_000)]
    assert total(duckdb_engine, [float(text) for text in texts])[0] == float(sum(Decimal(text) for text in texts))


def test_missing_values_are_left_out_and_a_sum_of_none_is_missing(duckdb_engine: Engine) -> None:
    assert total(duckdb_engine, [1.5, None]) == (1.5, 0)
    assert total(duckdb_engine, [None, None]) == (None, 0)
    assert total(duckdb_engine, []) == (None, 0)


@pytest.mark.parametrize("value", [1e12, -1e12, 1e300, math.inf, -math.inf, math.nan])
def test_a_value_that_does_not_fit_makes_the_sum_missing_and_is_counted(duckdb_engine: Engine, value: float) -> None:
    assert total(duckdb_engine, [1.0, value, None, value]) == (None, 2)


def test_large_totals_of_values_that_fit_are_right(duckdb_engine: Engine) -> None:
    assert total(duckdb_engine, [999_999_999_999.0] * 100_000)[0] == 999_999_999_999.0 * 100_000


@pytest.mark.parametrize("decimals", [-1, 16])
def test_decimals_outside_the_range_are_refused(duckdb_engine: Engine, decimals: int) -> None:
    with pytest.raises(ValueError, match="decimals"):
        total(duckdb_engine, [1.0], decimals)
