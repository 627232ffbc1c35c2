"""Comparison at ten significant digits, on arrays."""

from __future__ import annotations

import numpy as np

from greenpark.engine.shape import Bools, Floats, Ints
from greenpark.model.numbers import SIGNIFICANT, rounded
from greenpark.model.schemes import Operator, Range

# Rounding moves a value by less than this part of it: only values this near to a limit need the exact rounding.
_NEAR = 10.0 ** (2 - SIGNIFICANT)
# At ten significant digits one plus a smaller growth is one.
NO_GROWTH = 10.0 ** (1 - SIGNIFICANT)


def side(values: Floats, limit: float | Floats) -> Ints:
    """-1 below, 0 at, 1 above the limit, both at ten significant digits; 0 for NaN, which callers leave out."""
    limits = np.broadcast_to(np.asarray(limit, dtype=np.float64), values.shape)
    with np.errstate(invalid="ignore"):
        sides = np.nan_to_num(np.sign(values - limits)).astype(np.int64)
        near = (sides != 0) & (np.abs(values - limits) <= _NEAR * np.maximum(np.abs(values), np.abs(limits)))
    for index in np.flatnonzero(near):
        sides[index] = np.sign(rounded(float(values[index])) - rounded(float(limits[index])))
    return sides


def compare(values: Floats, operator: Operator, limit: float | Floats) -> Bools:
    """Whether each value stands to the limit as the operator says; False for NaN."""
    sides = side(values, limit)
    holds = {"<=": sides <= 0, "<": sides < 0, ">=": sides >= 0, ">": sides > 0, "==": sides == 0}[operator]
    return np.asarray(holds & ~np.isnan(values) & ~np.isnan(np.asarray(limit)), dtype=np.bool_)


def inside_range(span: Range, value: Floats) -> Bools:
    """Which values lie in a range; NaN in none."""
    holds = ~np.isnan(value)
    if span.equals is not None:
        holds &= compare(value, "==", span.equals)
    if span.at_least is not None:
        holds &= compare(value, ">=", span.at_least)
    if span.above is not None:
        holds &= compare(value, ">", span.above)
    if span.below is not None:
        holds &= compare(value, "<", span.below)
    if span.at_most is not None:
        holds &= compare(value, "<=", span.at_most)
    return holds


def rounded_all(values: Floats) -> Floats:
    """Each value at ten significant digits; NaN stays NaN."""
    return np.array([value if np.isnan(value) else rounded(value) for value in values.tolist()], dtype=np.float64)
