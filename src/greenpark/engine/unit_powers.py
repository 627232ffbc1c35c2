"""The unit of a product, quotient or power of units."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from greenpark.engine.units import DIMENSIONLESS


def combined(left: str, right: str, sign: int) -> str:
    """The unit of left × right (sign 1) or left ÷ right (sign −1)."""
    powers = dict(_powers(left))
    for name, power in _powers(right):
        powers[name] = powers.get(name, Fraction(0)) + sign * power
    return _expression(powers)


def raised(unit: str, exponent: int) -> str:
    """The unit to a whole power."""
    return _expression({name: power * exponent for name, power in _powers(unit)})


def _powers(unit: str) -> tuple[tuple[str, Fraction], ...]:
    powers: dict[str, Fraction] = {}
    sign = 1
    for part in unit.replace("*", " * ").replace("/", " / ").split():
        if part in "*/":
            sign = 1 if part == "*" else -1
            continue
        name, _, exponent = part.partition("^")
        if name != DIMENSIONLESS:
            powers[name] = powers.get(name, Fraction(0)) + sign * Fraction(exponent or "1")
    return tuple(powers.items())


def _expression(powers: Mapping[str, Fraction]) -> str:
    parts = [name if power == 1 else f"{name}^{power}" for name, power in sorted(powers.items()) if power]
    return "*".join(parts) or DIMENSIONLESS
