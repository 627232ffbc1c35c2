"""The numbers behind a total, collapsed: what rests on the same factors is one cell, whatever the number of lines.

A total is Σ activity × product of its factors. Lines with the same set of factors (a *signature*) add up to one cell;
the errors of their activities are independent, so the squares of their half widths add up too. What N lines say is
then a total and a square per target and signature, and nothing is lost as long as the sum of many errors is normal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WIDE = 0.3  # IPCC 2006 Vol. 1 ch. 3: beyond about 30 % a normal distribution does not do
SKEW = 0.1  # share of a range by which its two sides may differ and still count as alike


@dataclass(frozen=True)
class Sources:
    """The factors of all totals: the fractions of their 95 % ranges below and above, and what goes together.

    ``group`` numbers the class of correlated factors of each (−1: none); ``groups`` are the names of the classes and
    ``correlation`` how closely their members go together.
    """

    names: tuple[str, ...]
    low: Floats
    high: Floats
    group: Ints
    groups: tuple[str, ...]
    correlation: Floats

    @property
    def half(self) -> Floats:
        """Half the width of each range."""
        half: Floats = (self.low + self.high) / 2
        return half


@dataclass(frozen=True)
class Joint:
    """One activity error that several signatures share, or one too wide or uneven to be normal.

    ``totals`` are what it brings to each of its ``signatures``; ``low`` and ``high`` the fractions of its range.
    """

    target: int
    signatures: Ints
    totals: Floats
    low: float
    high: float
    name: str = ""

    @property
    def is_normal(self) -> bool:
        """Whether a normal distribution does."""
        return max(self.low, self.high) <= WIDE and abs(self.high - self.low) <= SKEW * (self.low + self.high)


@dataclass(frozen=True)
class Parts:
    """What each label (a carrier) brings to each target by its activity: value and squared half widths below, above."""

    target: Ints
    label: Ints
    value: Floats
    down: Floats
    up: Floats
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Cells:
    """Totals [target, signature], squared half widths of independent activity errors, and the errors that are shared.

    ``uses`` says which source enters which signature [signature, source], and how often.
    """

    totals: Floats
    squares: Floats
    joint: tuple[Joint, ...]
    parts: Parts
    uses: Floats
    sources: Sources

    @property
    def values(self) -> Floats:
        """The deterministic value of each target."""
        values: Floats = self.totals.sum(axis=1)
        return values


def collapse_lines(
    target: Ints, signature: Ints, value: Floats, half_width: Floats, targets: int, uses: Floats, sources: Sources
) -> Cells:
    """Lines with independent activity errors as cells, in one pass over them.

    Parameters
    ----------
    target, signature
        Number of the target and of the set of factors of each line.
    value
        What each line brings, with its sign.
    half_width
        Half the 95 % range of each line's activity, as a fraction.
    """
    shape = (targets, len(uses))
    place = target * shape[1] + signature
    error = value * half_width
    totals = add_up(place, value, shape)
    squares = add_up(place, error * error, shape)
    by_target: Floats = squares.sum(axis=1)
    every = np.arange(targets)
    parts = Parts(every, np.zeros(targets, np.int64), totals.sum(axis=1), by_target, by_target, ("",))
    return Cells(totals, squares, (), parts, uses, sources)


def add_up(place: Ints, amounts: Floats, shape: tuple[int, int]) -> Floats:
    """The amounts added up by place in a table of this shape."""
    sums: Floats = np.bincount(place, weights=amounts, minlength=shape[0] * shape[1]).astype(np.float64)
    return sums.reshape(shape)


def signature_uses(signatures: Sequence[Sequence[int]], sources: int) -> Floats:
    """Which source enters which signature, as a table of counts."""
    uses: Floats = np.zeros((len(signatures), sources))
    for row, members in enumerate(signatures):
        for each in members:
            uses[row, each] += 1
    return uses
