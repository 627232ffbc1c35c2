"""Comparison at ten significant digits, on arrays."""

from __future__ import annotations

import numpy as np

from greenpark.engine.shape import Bools, Floats, Ints
from greenpark.model.numbers import SIGNIFICANT, rounded
from greenpark.model.schemes import Operator

# Rounding moves a value by less than this part of it: only values this near to a limit need the exact rounding.
_NEAR = 10.0 ** (2 - SIGNIFICANT)
# At ten significant digits one plus a smaller growth is one.
NO_GROWTH = 10.0 ** (1 - SIGNIFICANT)


def side(values: Floats, limit: float) -> Ints:
    """-1 below, 0 at, 1 above the limit, both at ten significant digits; 0 for NaN, which callers leave out."""
    with np.errstate(invalid="ignore"):
        sides = np.nan_to_num(np.sign(values - limit)).astype(np.int64)
        near = (sides != 0) & (np.abs(values - limit) <= _NEAR * np.maximum(np.abs(values), abs(limit)))
    for index in np.flatnonzero(near):
        sides[index] = np.sign(rounded(float(values[index])) - rounded(limit))
    return sides


def compare(values: Floats, operator: Operator, limit: float) -> Bools:
    """Whether each value stands to the limit as the operator says; False for NaN."""
    sides = side(values, limit)
    holds = {"<=": sides <= 0, "<": sides < 0, ">=": sides >= 0, ">": sides > 0, "==": sides == 0}[operator]
    return np.asarray(holds & ~np.isnan(values), dtype=np.bool_)


def rounded_all(values: Floats) -> Floats:
    """Each value at ten significant digits; NaN stays NaN."""
    return np.array([value if np.isnan(value) else rounded(value) for value in values.tolist()], dtype=np.float64)
