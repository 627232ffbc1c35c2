"""How a number is rounded and printed: once, the same way everywhere."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Context, Decimal

SIGNIFICANT = 10
_CONTEXT = Context(prec=SIGNIFICANT, rounding=ROUND_HALF_EVEN)


def rounded(value: float) -> float:
    """``value`` at ten significant digits: the form in which it is shown and compared with a limit.

    Raises
    ------
    ValueError
        When the value is not finite: such a value must have become a status before.
    """
    if not math.isfinite(value):
        raise ValueError(f"not a finite number: {value}")
    return float(_CONTEXT.create_decimal(repr(value)))


def printed(value: float) -> str:
    """The full digits of ``value`` with thousands separators: the same string on page, sheet and terminal."""
    exact = Decimal(repr(rounded(value)))
    if exact == exact.to_integral_value():
        return f"{int(exact):,}"
    return f"{exact.normalize():,f}"
