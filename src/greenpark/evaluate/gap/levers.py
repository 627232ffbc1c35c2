"""What one quantity alone would have to be for an indicator to reach a value: in closed form where there is one."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from greenpark.evaluate.gap.recipes import Recipe
from greenpark.evaluate.gap.targets import bracketed

# Where a formula is tried before it is taken for linear or a ratio in a quantity: three points and two to check.
_POINTS = (1.0, 1.1, 1.25, 0.9, 1.6)
_FIT = 1e-9
Shape = tuple[float, float, float, float]


@dataclass(frozen=True)
class Needed:
    """The value that a quantity needs in its own unit, how it was found, and whether it can be had."""

    value: float | None
    method: str | None
    status: str


def value_needed(recipe: Recipe, quantity: str, target: float, reaches: Callable[[float | None], bool]) -> Needed:
    """The nearest value of a quantity that brings the indicator to ``target`` [unit of the indicator].

    A formula in which the quantity x enters as (a·x + b) / (c·x + d) is solved as x = (b − d·t) / (c·t − a); any other
    is bracketed.

    Parameters
    ----------
    reaches
        Whether a value of the indicator counts as having reached the target.
    """
    now = next(value for leaf, value in recipe.values.items() if leaf.name == quantity and not leaf.lag)
    if now is None:
        return Needed(None, None, "not_recomputed")

    def indicator(value: float) -> float | None:
        return recipe.value_with({quantity: value})

    shape = _ratio(indicator, now)
    if shape is not None:
        solved = _solved(shape, target)
        if solved is None:
            return Needed(None, "closed", "none_within_bounds")
        if (quantity in recipe.non_negative and solved < 0) or not _reached(indicator, solved, target):
            return Needed(None, "closed", "not_possible")
        return Needed(solved, "closed", "ok")

    def passes(value: float) -> bool:
        return not (quantity in recipe.non_negative and value < 0) and reaches(indicator(value))

    found = bracketed(now, passes)
    return Needed(found, "bracketed", "none_within_bounds" if found is None else "ok")


def _ratio(indicator: Callable[[float], float | None], now: float) -> Shape | None:
    """a, b, c, d of (a·x + b) / (c·x + d), where the formula is of that shape around the present value."""
    scale = abs(now) or 1.0
    points = np.array([now + scale * (factor - 1.0) for factor in _POINTS])
    found = [indicator(float(point)) for point in points]
    if any(each is None for each in found):
        return None
    values = np.array(found, dtype=np.float64)
    size = float(np.max(np.abs(values))) or 1.0
    x, f = points / scale, values / size
    if float(np.max(f) - np.min(f)) <= _FIT:
        return 0.0, float(values[0]), 0.0, 1.0
    a, b, c, d = np.linalg.svd(np.column_stack([x, np.ones(len(x)), -x * f, -f]))[2][-1]
    below = c * x + d
    if np.any(np.abs(below) < _FIT) or float(np.max(np.abs((a * x + b) / below - f))) > _FIT:
        return None
    return float(a * size / scale), float(b * size), float(c / scale), float(d)


def _solved(shape: Shape, target: float) -> float | None:
    a, b, c, d = shape
    below = c * target - a
    if abs(below) <= _FIT * max(abs(c * target), abs(a)) or not math.isfinite(below):
        return None
    return (b - target * d) / below


def _reached(indicator: Callable[[float], float | None], value: float, target: float) -> bool:
    """Whether the formula itself gives the target there: beyond a limit of its own it may be another."""
    found = indicator(value)
    return found is not None and abs(found - target) <= 1e-7 * max(abs(found), abs(target), 1e-12)
