"""Sums that do not depend on the order of rows, on threads or on the engine."""

from __future__ import annotations

from typing import Any

import ibis

# A fixed-point number of 18 digits fits a machine word, so DuckDB and Spark add it exactly and fast.
_FIXED = "decimal(18, 0)"
MAX_DECIMALS = 15

Value = Any  # an Ibis column or scalar of float64


def exact_sum(column: Value, decimals: int) -> Value:
    """The sum of a float64 column as an Ibis expression of float64, added as integers of 10^-`decimals`.

    Each value is rounded once, half away from zero, to `decimals` places; the integers are added exactly, so the
    result is the same on DuckDB and Spark for every order of rows. Missing values are left out; a sum of none is
    missing. When a value does not fit (10^(18 - `decimals`) and more, or not finite) the whole sum is missing:
    `overflows` counts such values, for a finding.

    Raises
    ------
    ValueError
        When `decimals` is not between 0 and 15.
    """
    fixed = _fixed(column, decimals)
    # Through text: casting whole numbers beyond 2^53 to doubles, DuckDB 1.5 is a digit off for negative ones.
    total = fixed.sum().cast("string").cast("float64") / _scale(decimals)
    return (fixed.count() == column.count()).ifelse(total, None)


def fixed_sum(column: Value, decimals: int) -> Value:
    """Like `exact_sum` for a caller who sees to it that every value fits: one that does not is left out."""
    return _fixed(column, decimals).sum().cast("string").cast("float64") / _scale(decimals)


def overflows(column: Value, decimals: int) -> Value:
    """How many values `exact_sum` cannot hold, as an Ibis expression of int64."""
    return column.count() - _fixed(column, decimals).count()


def _fixed(column: Value, decimals: int) -> Value:
    # Both engines round doubles alike, but do not cast them alike to decimals: hence round first, and take the way
    # through whole numbers, on which they agree.
    return _nearest_whole(column * _scale(decimals)).try_cast("int64").try_cast(_FIXED)


def _round(value: float) -> float:  # type: ignore[empty-body]  # the engine's own function
    """`value` rounded half away from zero, as a double: Ibis' own `round(0)` is a cast that fails on large values."""


_nearest_whole = ibis.udf.scalar.builtin(_round, name="round")


def _scale(decimals: int) -> float:
    if not 0 <= decimals <= MAX_DECIMALS:
        raise ValueError(f"decimals must lie between 0 and {MAX_DECIMALS}, not {decimals}")
    return 10.0**decimals
