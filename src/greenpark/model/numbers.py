"""How a number is rounded and printed: once, the same way everywhere."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Context, Decimal

SIGNIFICANT = 10
# An uncertainty is itself known to two digits at most (JCGM 100:2008, 7.2.6); the third avoids rounding errors of readers.
SIGNIFICANT_OF_UNCERTAINTY = 3


def rounded(value: float, digits: int = SIGNIFICANT) -> float:
    """``value`` at ten (or ``digits``) significant digits: the form in which it is shown and compared with a limit.

    Raises
    ------
    ValueError
        When the value is not finite: such a value must have become a status before.
    """
    if not math.isfinite(value):
        raise ValueError(f"not a finite number: {value}")
    return float(Context(prec=digits, rounding=ROUND_HALF_EVEN).create_decimal(repr(value)))


def printed(value: float) -> str:
    """The full digits of ``value`` with thousands separators: the same string on page, sheet and terminal."""
    exact = Decimal(repr(rounded(value)))
    if exact == exact.to_integral_value():
        return f"{int(exact):,}"
    return f"{exact.normalize():,f}"


def unsigned(text: str) -> str:
    """A printed number without the sign of a zero: +0.00 and -0.00 are 0.00."""
    return text if any(digit in text for digit in "123456789") else text.lstrip("+-")
