"""Comparison at ten significant digits, on arrays."""

from __future__ import annotations

import numpy as np

from greenpark.engine.shape import Bools, Floats, Ints
from greenpark.model.numbers import SIGNIFICANT, rounded
from greenpark.model.schemes import Operator, Range

# Rounding moves a value by less than this part of it: only values this near to a limit need the exact rounding.
_NEAR = 10.0 ** (2 - SIGNIFICANT)
# Powers of ten up to this one are exact floats; nearer to a tie than this, scaling may have moved a value across it.
_EXACT = 22
_POWERS = np.array([float(10**power) for power in range(_EXACT + 1)])
_TIE = 1e-4
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
    """Each value at ten significant digits; NaN stays NaN.

    A whole number over a power of ten is the nearest float to that decimal; values too near to a tie, and powers that
    are not exact, are rounded one by one.
    """
    found = np.array(values, dtype=np.float64)
    at = np.flatnonzero(np.isfinite(found) & (found != 0))
    value = found[at]
    places = SIGNIFICANT - 1 - np.floor(np.log10(np.abs(value))).astype(np.int64)
    power = _POWERS[np.minimum(np.abs(places), _EXACT)]
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is rounded one by one
        scaled = np.where(places >= 0, value * power, value / power)
        whole = np.rint(scaled)
        found[at] = np.where(places >= 0, whole / power, whole * power)
        tie = np.abs(np.abs(scaled - np.floor(scaled)) - 0.5) < _TIE
    size = np.abs(whole)
    outside = (size >= 10.0**SIGNIFICANT) | (size < 10.0 ** (SIGNIFICANT - 1)) | (np.abs(places) > _EXACT)
    for index in at[tie | outside].tolist():
        found[index] = rounded(float(values[index]))
    return found
