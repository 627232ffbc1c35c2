"""Propagation of errors: eq. 3.1 for products, eq. 3.2 for sums, with a shared factor as one error.

A factor brings the error of everything that rests on it at once (Σ first, then × half width), so its part does not
shrink with the number of units. Ends below and above the value are carried apart; a negative term turns them round.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from greenpark.account.uncertainty.cells import Cells, Floats, Sources


@dataclass(frozen=True)
class Propagated:
    """The 95 % range of each target, and what each source brings to its variance.

    ``value``, ``low``, ``high`` per target. ``dependent`` [target, source] is what rests on each source; ``below`` and
    ``above`` the absolute half widths that it brings alone; ``share`` its part of the variance. ``activity_share``
    belongs to ``cells.parts``. A share below zero is a correlated factor that takes uncertainty away.
    """

    value: Floats
    low: Floats
    high: Floats
    dependent: Floats
    below: Floats
    above: Floats
    share: Floats
    activity_share: Floats


def propagate(cells: Cells) -> Propagated:
    """The range of every target by first-order propagation.

    U² = Σ over activities (half width × amount)² + Σ over factors (half width × Σ of what rests on it)², with the
    factors of a class of correlation ρ adding ρ (Σ ±half width × amount)² + (1 − ρ) Σ (half width × amount)².

    References
    ----------
    IPCC 2006 Guidelines, Vol. 1, ch. 3, equations 3.1 and 3.2 and section 3.2.2.4 on correlated inputs.
    """
    sources, parts = cells.sources, cells.parts
    dependent = cells.totals @ cells.uses
    rising = dependent >= 0
    size = np.abs(dependent)
    above = size * np.where(rising, sources.high, sources.low)
    below = size * np.where(rising, sources.low, sources.high)
    weight = _with_correlation(dependent, sources)
    targets = len(cells.totals)
    up = (above**2 * weight).sum(axis=1) + np.bincount(parts.target, weights=parts.up, minlength=targets)
    down = (below**2 * weight).sum(axis=1) + np.bincount(parts.target, weights=parts.down, minlength=targets)
    variance = up + down
    own = (above**2 + below**2) * weight
    whole = np.where(variance > 0, variance, 1.0)
    value = cells.values
    return Propagated(
        value, value - np.sqrt(np.maximum(down, 0)), value + np.sqrt(np.maximum(up, 0)), dependent, below, above,
        own / whole[:, None], (parts.up + parts.down) / whole[parts.target],
    )  # fmt: skip


def _with_correlation(dependent: Floats, sources: Sources) -> Floats:
    """What each squared half width is multiplied with, so that the sum holds the covariances of its class."""
    signed = dependent * sources.half
    weight: Floats = np.ones_like(dependent)
    for group, correlation in enumerate(sources.correlation):
        members = sources.group == group
        together = signed[:, members].sum(axis=1, keepdims=True)
        own = signed[:, members]
        ratio = np.divide(together, own, out=np.zeros_like(own), where=own != 0)
        weight[:, members] = correlation * ratio + (1 - correlation)
    return weight


def combine_product(half_widths: Floats) -> float:
    """Eq. 3.1: the half width of a product, U = sqrt(Σ U²), all as fractions."""
    return float(np.sqrt(np.sum(np.square(half_widths))))


def combine_sum(values: Floats, half_widths: Floats) -> float | None:
    """Eq. 3.2: the half width of a sum, U = sqrt(Σ (U x)²) / |Σ x|; None when the sum is zero."""
    total = float(np.sum(values))
    return float(np.sqrt(np.sum(np.square(values * half_widths)))) / abs(total) if total else None
