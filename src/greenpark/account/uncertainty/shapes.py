"""The distribution of a factor of a given range, as a function of a standard normal deviate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtr, ndtri

from greenpark.account.uncertainty.cells import SKEW, WIDE, Floats

Z95 = 1.959963984540054  # 97.5 % quantile of the standard normal distribution
Kind = Literal["exact", "normal", "lognormal_mean", "lognormal_ends", "truncated"]


@dataclass(frozen=True)
class Shape:
    """How a multiplier around 1 is distributed; ``mean`` is its expectation.

    ``normal``: narrow and even. ``lognormal_mean``: wide and even, with mean 1. ``lognormal_ends``: uneven, through
    both ends of the range, so that its mean is not 1. ``truncated``: a normal without its negative part, where the
    range reaches zero.
    """

    kind: Kind
    centre: float
    sigma: float
    mean: float

    def multipliers(self, deviates: Floats) -> Floats:
        """What the value is multiplied with, from standard normal deviates."""
        if self.kind == "exact":
            return np.ones_like(deviates)
        if self.kind == "normal":
            return np.asarray(1 + self.sigma * deviates)
        if self.kind == "truncated":
            cut = ndtr(-1 / self.sigma)
            return np.asarray(1 + self.sigma * ndtri(cut + ndtr(deviates) * (1 - cut)))
        return np.asarray(np.exp(self.centre + self.sigma * deviates))


def shape_of(low: float, high: float) -> Shape:
    """The distribution of a 95 % range whose ends lie ``low`` below and ``high`` above 1.

    References
    ----------
    IPCC 2006 Guidelines, Vol. 1, ch. 3.2.2.4: normal up to about ±30 %, else lognormal or truncated.
    """
    half = (low + high) / 2
    if half == 0:
        return Shape("exact", 0.0, 0.0, 1.0)
    sigma = half / Z95
    if abs(high - low) <= SKEW * (low + high):
        if half <= WIDE:
            return Shape("normal", 1.0, sigma, 1.0)
        spread = float(np.sqrt(np.log1p(sigma**2)))
        return Shape("lognormal_mean", -(spread**2) / 2, spread, 1.0)
    if low < 1:
        centre = float(np.log1p(high) + np.log1p(-low)) / 2
        spread = float(np.log1p(high) - np.log1p(-low)) / (2 * Z95)
        return Shape("lognormal_ends", centre, spread, float(np.exp(centre + spread**2 / 2)))
    sigma = high / Z95
    cut = -1 / sigma
    density = float(np.exp(-(cut**2) / 2) / np.sqrt(2 * np.pi))
    return Shape("truncated", 1.0, sigma, 1 + sigma * density / (1 - float(ndtr(cut))))
