"""Paces: compound yearly changes between values, and comparison at ten significant digits."""

from __future__ import annotations

from greenpark.model.numbers import rounded
from greenpark.model.schemes import Operator
from greenpark.model.time import Period

_MONTHS = 12


def years_between(first: Period, second: Period) -> float:
    """Years from the start of one period to the start of another."""
    months = (second.start.year - first.start.year) * _MONTHS + second.start.month - first.start.month
    return months / _MONTHS


def pace(first: float, last: float, years: float) -> float | None:
    """The compound yearly change [1/year], (last/first)^(1/years) − 1.

    None when no time lies between the values or one of them is not above zero.
    """
    if years <= 0 or first <= 0 or last <= 0:
        return None
    return float((last / first) ** (1 / years) - 1)


def after(value: float, yearly: float, years: float) -> float:
    """The value after some years at a yearly change."""
    return float(value * (1 + yearly) ** years)


def holds(value: float, operator: Operator, limit: float) -> bool:
    """Whether a value stands to a limit as the operator says, both at ten significant digits."""
    left, right = rounded(value), rounded(limit)
    return {
        "<=": left <= right,
        "<": left < right,
        ">=": left >= right,
        ">": left > right,
        "==": left == right,
    }[operator]
