"""Statistics and ranks over peers: classes of subjects of the same year and variant."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from greenpark.engine.shape import Bools, Floats, Ints
from greenpark.model.scheme_rules import Statistic


def each_class(classes: Ints, members: Bools) -> Iterator[Ints]:
    """The members of each class that has any."""
    inside = np.flatnonzero(members)
    order = inside[np.argsort(classes[inside], kind="stable")]
    cuts = np.flatnonzero(np.diff(classes[order])) + 1
    for part in np.split(order, cuts):
        if len(part):
            yield part


def statistic_of(
    value: Floats, members: Bools, classes: Ints, statistic: Statistic, quantile: float | None, least: int,
    with_own: bool = True,
) -> Floats:  # fmt: skip
    """The statistic over the members of each subject's class; NaN where there are fewer than ``least``.

    ``with_own`` false leaves the subject itself out.
    """
    found = np.full(len(value), np.nan)
    for part in each_class(classes, members):
        here = np.flatnonzero(classes == classes[part[0]])
        if len(part) >= least:
            found[here] = _statistic(value[part], statistic, quantile)
        if not with_own:
            for index in part:
                others = part[part != index]
                found[index] = _statistic(value[others], statistic, quantile) if len(others) >= least else np.nan
    return found


def _statistic(values: Floats, statistic: Statistic, quantile: float | None) -> float:
    if statistic == "mean":
        return float(values.mean())
    if statistic == "lowest":
        return float(values.min())
    if statistic == "highest":
        return float(values.max())
    return float(np.quantile(values, 0.5 if statistic == "median" or quantile is None else quantile))


def ranks_of(score: Floats, members: Bools, classes: Ints) -> tuple[Floats, Floats]:
    """The rank of each score in its class, the highest first, equal scores sharing the better rank; and how many rank.

    NaN where there is no score.
    """
    rank, count = np.full(len(score), np.nan), np.full(len(score), np.nan)
    for part in each_class(classes, members & ~np.isnan(score)):
        ordered = np.sort(score[part])
        rank[part] = len(part) - np.searchsorted(ordered, score[part], side="right") + 1
        count[part] = len(part)
    return rank, count


def rank_range(low: Floats, high: Floats, members: Bools, classes: Ints) -> tuple[Floats, Floats]:
    """The best and the worst rank that the ranges of the scores allow.

    Best: one more than those whose whole range lies above; worst: all whose range reaches the subject's low end.
    """
    best, worst = np.full(len(low), np.nan), np.full(len(low), np.nan)
    for part in each_class(classes, members & ~np.isnan(low) & ~np.isnan(high)):
        lows, highs = np.sort(low[part]), np.sort(high[part])
        best[part] = len(part) - np.searchsorted(lows, high[part], side="right") + 1
        above = len(part) - np.searchsorted(highs, low[part], side="right")
        # Who has exactly the same single score shares the rank, and so is not above.
        worst[part] = np.maximum(best[part], above + np.where(low[part] < high[part], 0, 1))
    return best, worst
