"""The arithmetic of a tree: terms with weights into one score, for one or many sets of weights at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from greenpark.engine.shape import Bools, Floats
from greenpark.model.scheme_verdicts import Aggregation, MissingTerm


@dataclass(frozen=True)
class Masks:
    """What becomes of each term for each subject, as [term, subject].

    ``enters``: with its value; ``zero``: as nothing; ``spread``: its weight goes in equal parts to those that enter.
    What is in none of the three is left out, the others keeping their proportions. ``open_``: there is no score.
    """

    enters: Bools
    zero: Bools
    spread: Bools
    open_: Bools


def masks_of(known: Bools, applies: Bools, missing: MissingTerm, not_applicable: MissingTerm, least: int) -> Masks:
    """What a scheme's rules for terms without a value make of them.

    Parameters
    ----------
    known, applies
        As [term, subject].
    """
    lacks, outside = ~known & applies, ~known & ~applies
    open_ = np.zeros(known.shape[1], dtype=np.bool_)
    zero, spread = np.zeros_like(known), np.zeros_like(known)
    for mode, which in ((missing, lacks), (not_applicable, outside)):
        if mode == "incomplete":
            open_ |= which.any(axis=0)
        elif mode == "zero":
            zero |= which
        elif mode == "spread_equally":
            spread |= which
    enough = (known | zero).sum(axis=0) >= max(least, 1)
    return Masks(known, zero, spread, open_ | ~enough)


def combine(values: Sequence[Floats], weights: Floats, masks: Masks, aggregation: Aggregation) -> Floats:
    """The score of a group, as [draw, subject]; NaN where it is open.

    Parameters
    ----------
    values
        One array for each term, [1, subject] or [draw, subject].
    weights
        [draw, term].
    """
    if aggregation == "lowest":
        stacked = np.stack([np.where(masks.enters[k], each, np.inf) for k, each in enumerate(values)])
        lowest = np.where(masks.zero.any(axis=0), np.minimum(stacked.min(axis=0), 0.0), stacked.min(axis=0))
        return np.where(masks.open_ | np.isinf(lowest), np.nan, lowest)
    with np.errstate(divide="ignore", invalid="ignore"):
        if aggregation == "geometric":
            mean, _ = _mean([np.log(np.where(each < 0, np.nan, each)) for each in values], weights, masks, True)
            found = np.where(masks.zero.any(axis=0), 0.0, np.exp(mean))
        else:
            mean, whole = _mean(values, weights, masks, False)
            found = mean * (whole if aggregation == "sum" else 1.0)
    return np.where(masks.open_, np.nan, found)


def _mean(values: Sequence[Floats], weights: Floats, masks: Masks, logs: bool) -> tuple[Floats, Floats]:
    """The weighted mean, and the weight of all terms; zeros count as nothing."""
    counted = masks.enters | (masks.zero & (not logs))
    total, plain = _sums(values, weights, masks.enters)
    inside = weights @ counted.astype(np.float64)
    spread = weights @ masks.spread.astype(np.float64)
    if masks.spread.any():
        terms = np.maximum(counted.sum(axis=0), 1)
        total = total + spread / terms * plain
        inside = inside + spread
    return total / inside, weights.sum(axis=1, keepdims=True)


def _sums(values: Sequence[Floats], weights: Floats, enters: Bools) -> tuple[Floats, Floats]:
    """The weighted and the plain sum over the terms that enter; fixed terms in one product of matrices."""
    fixed = [k for k, each in enumerate(values) if each.shape[0] == 1]
    total: Floats = np.zeros((1, enters.shape[1]))
    plain: Floats = np.zeros((1, enters.shape[1]))
    if fixed:
        matrix = np.stack([np.where(enters[k], values[k][0], 0.0) for k in fixed])
        total = weights[:, fixed] @ matrix
        plain = matrix.sum(axis=0, keepdims=True)
    for k in range(len(values)):
        if k not in fixed:
            here = np.where(enters[k], values[k], 0.0)
            total = total + weights[:, [k]] * here
            plain = plain + here
    return total, plain


def ranks_in_rows(scores: Floats) -> Floats:
    """The rank of each column in its row, the highest first; equal scores share the better rank, NaN ranks last."""
    order = np.argsort(-scores, axis=1)
    ordered = np.take_along_axis(scores, order, axis=1)
    place = np.broadcast_to(np.arange(1, scores.shape[1] + 1, dtype=np.int64), scores.shape).copy()
    same = np.zeros(scores.shape, dtype=np.bool_)
    same[:, 1:] = ordered[:, 1:] == ordered[:, :-1]
    place[same] = 0
    np.maximum.accumulate(place, axis=1, out=place)
    ranks = np.empty_like(place)
    np.put_along_axis(ranks, order, place, axis=1)
    return ranks.astype(np.float64)
