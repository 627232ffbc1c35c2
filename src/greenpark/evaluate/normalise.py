"""Normalisation: values of different kinds made comparable over all entities of a year."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from greenpark.engine.shape import Bools, Floats, Ints
from greenpark.evaluate.peers import each_class
from greenpark.model.scheme_rules import Better
from greenpark.model.scheme_verdicts import Normalisation

# Half a point for the mean, a tenth for each standard deviation: 50 + 10 z of a hundred.
_MEAN, _STEP = 0.5, 0.1


def normalise(
    value: Floats, members: Bools, classes: Ints, method: Normalisation, better: Better
) -> tuple[Floats, Bools]:
    """The normalised value of each member in its class, and where all values of the class are equal.

    NaN where the method is undefined: a constant column for min–max and z-score, fewer than two values, a best or mean
    of zero, and values of zero or less where the best is the lowest.

    Parameters
    ----------
    method
        ``min_max``: (x − min)/(max − min); ``z_score``: 0.5 + 0.1 (x − mean)/standard deviation (of the population);
        ``percent_rank``: share of the others that are worse, ties count half; ``ratio_to_best``: x/max, or min/x where
        lower is better; ``ratio_to_mean``: x/mean, or mean/x where lower is better.
    """
    found = np.full(len(value), np.nan)
    constant = np.zeros(len(value), dtype=np.bool_)
    for part in each_class(classes, members):
        values = value[part]
        constant[part] = bool((values == values[0]).all())
        if len(part) > 1:
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                ratio = _METHODS[method](values, better == "higher")
            found[part] = np.where(np.isfinite(ratio), ratio, np.nan)
    return found, constant


def _min_max(values: Floats, higher: bool) -> Floats:
    low, high = values.min(), values.max()
    span = high - low if high > low else np.nan
    return np.asarray((values - low) / span if higher else (high - values) / span, dtype=np.float64)


def _z_score(values: Floats, higher: bool) -> Floats:
    spread = values.std() if values.max() > values.min() else np.nan
    z = (values - values.mean()) / spread
    return np.asarray(_MEAN + _STEP * (z if higher else -z), dtype=np.float64)


def _percent_rank(values: Floats, higher: bool) -> Floats:
    ordered = np.sort(values if higher else -values)
    own = values if higher else -values
    below, upto = np.searchsorted(ordered, own, side="left"), np.searchsorted(ordered, own, side="right")
    return np.asarray((below + (upto - below - 1) / 2) / (len(values) - 1), dtype=np.float64)


def _ratio_to_best(values: Floats, higher: bool) -> Floats:
    if higher:
        return values / values.max() if values.max() > 0 else np.full(len(values), np.nan)
    return np.where(values > 0, values.min() / values, np.nan) if values.min() > 0 else np.full(len(values), np.nan)


def _ratio_to_mean(values: Floats, higher: bool) -> Floats:
    mean = values.mean()
    if mean <= 0:
        return np.full(len(values), np.nan)
    return values / mean if higher else np.where(values > 0, mean / values, np.nan)


_METHODS: dict[Normalisation, Callable[[Floats, bool], Floats]] = {
    "min_max": _min_max,
    "z_score": _z_score,
    "percent_rank": _percent_rank,
    "ratio_to_best": _ratio_to_best,
    "ratio_to_mean": _ratio_to_mean,
}
