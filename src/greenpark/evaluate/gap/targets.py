"""The nearest value of an indicator at which its criterion is met: the rule's own limit, a yes, or found by bracketing."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from greenpark.evaluate.gap.trial import Row
from greenpark.model.numbers import SIGNIFICANT, rounded

# Bracketing looks this far: from the value itself to so many times its magnitude, on both sides.
FURTHEST = 1000.0
_STEPS = 40
_HALVINGS = 50
_FIRST = 1e-4

Passes = Callable[[float], bool]


@dataclass(frozen=True)
class Target:
    """A value that passes, in the unit of the rule, and how it was found."""

    value: float
    method: str


def nearest_target(row: Row, passes: Passes, is_yes_no: bool) -> Target | None:
    """The nearest value at which the criterion of ``row`` is met; None when none was found within the bounds.

    Parameters
    ----------
    row
        The criterion's row of ``scores``: value, limit, operator.
    passes
        Whether the criterion is met with a value: the scheme judged again.
    is_yes_no
        Whether the criterion asks for a yes or no: then there is nothing between the two.
    """
    if is_yes_no:
        answers = [answer for answer in (1.0, 0.0) if answer != row["value"]]
        return next((Target(answer, "yes_no") for answer in answers if passes(answer)), None)
    limit, operator = row["limit"], row["operator"]
    if limit is not None and operator:
        value = beyond(limit, operator)
        if passes(value) and _lies_between(row["value"], value, passes):
            return Target(value, "limit")
    if row["value"] is None:
        return None
    found = bracketed(row["value"], passes)
    return None if found is None else Target(found, "bracketed")


def beyond(limit: float, operator: str) -> float:
    """The first value that stands to the limit as the operator says, at ten significant digits."""
    at = rounded(limit)
    if operator not in ("<", ">"):
        return at
    step = 10.0 ** float(Decimal(repr(at)).adjusted() - SIGNIFICANT + 1) if at else 10.0**-SIGNIFICANT
    return rounded(at + step if operator == ">" else at - step)


def bracketed(value: float, passes: Passes) -> float | None:
    """The nearest value that passes, on either side, by widening steps and halving; None when none was met.

    A band of passing values narrower than a step can be missed: what is returned passes, and the value next to it on
    the way does not.
    """
    scale = abs(value) or 1.0
    growth = (FURTHEST / _FIRST) ** (1 / (_STEPS - 1))
    inside = [0.0, 0.0]
    for step in range(_STEPS):
        reach = scale * _FIRST * growth**step
        found = []
        for side, sign in enumerate((1.0, -1.0)):
            if passes(value + sign * reach):
                found.append(_halved(value, sign * inside[side], sign * reach, passes))
            inside[side] = reach
        if found:
            return min(found, key=lambda each: abs(each - value))
    return None


def _halved(value: float, fails: float, holds: float, passes: Passes) -> float:
    for _ in range(_HALVINGS):
        middle = (fails + holds) / 2
        if math.isclose(fails, holds, rel_tol=1e-12) or middle in (fails, holds):
            break
        fails, holds = (fails, middle) if passes(value + middle) else (middle, holds)
    return value + holds


def _lies_between(value: float | None, target: float, passes: Passes) -> bool:
    """Whether nothing nearer passes: halfway to the limit must still fail."""
    return value is None or not passes(value + (target - value) / 2)
