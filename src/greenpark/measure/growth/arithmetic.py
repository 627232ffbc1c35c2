"""Growth, prices and intensities as Chinese statistics define them: plain arithmetic on fractions.

Every rate here is a fraction (0.05 is 5 %). What cannot be said is None, never zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod


def growth_of(now: float | None, base: float | None) -> float | None:
    """Now / base − 1; None where either is unknown, or where the base is zero or negative.

    A growth against a negative base has no meaning: its sign would say the opposite.
    """
    if now is None or base is None or base <= 0:
        return None
    return now / base - 1


def comparable_growth(now: float | None, base: float | None, price_index: float | None) -> float | None:
    """Growth at comparable prices: now / (price index) / base − 1.

    ``price_index`` is that of the period against the one compared with, as a ratio (1.02 for 上年=100 of 102).
    """
    if price_index is None or price_index <= 0:
        return None
    return growth_of(None if now is None else now / price_index, base)


def intensity_change(numerator_growth: float, denominator_growth: float) -> float | None:
    """Change of a ratio: (1 + growth above) / (1 + growth below) − 1, not the difference of the two."""
    return None if denominator_growth <= -1 else (1 + numerator_growth) / (1 + denominator_growth) - 1


def implied_growth(numerator_growth: float, change_of_intensity: float) -> float | None:
    """Growth below the line that follows from the growth above it and the change of the ratio."""
    return intensity_change(numerator_growth, change_of_intensity)


def fall_over_years(yearly_falls: Sequence[float]) -> float:
    """The fall over several years: 1 − Π (1 − fall of each year); a rise is a negative fall."""
    return 1 - prod(1 - each for each in yearly_falls)


def compound_rate(first: float, last: float, years: float) -> float | None:
    """Average yearly growth (last / first)^(1/years) − 1; None where it has no meaning."""
    if first <= 0 or last < 0 or years <= 0:
        return None
    return float((last / first) ** (1 / years) - 1)


def linked_levels(first: float, growths: Sequence[float]) -> tuple[float, ...]:
    """A series in the prices of its first year: levels linked by growth rates, across changes of the price base."""
    levels = [first]
    for each in growths:
        levels.append(levels[-1] * (1 + each))
    return tuple(levels)
