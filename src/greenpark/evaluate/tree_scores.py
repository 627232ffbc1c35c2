"""The arithmetic of a tree: terms with weights into one score, for one or many sets of weights at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from greenpark.engine.shape import Bools, Floats
from greenpark.model.scheme_verdicts import Aggregation, MissingTerm

_STEPS = 40


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
    return np.where(masks.open_, np.nan, found) if masks.open_.any() else found


def _mean(values: Sequence[Floats], weights: Floats, masks: Masks, logs: bool) -> tuple[Floats, Floats]:
    """The weighted mean, and the weight of all terms; zeros count as nothing."""
    counted = masks.enters | (masks.zero & (not logs))
    total, plain = _sums(values, weights, masks.enters)
    whole = weights.sum(axis=1, keepdims=True)
    inside = whole if counted.all() else weights @ counted.astype(np.float64)
    if masks.spread.any():
        spread = weights @ masks.spread.astype(np.float64)
        terms = np.maximum(counted.sum(axis=0), 1)
        total = total + spread / terms * plain
        inside = inside + spread
    return total / inside, whole


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
    """The rank of each column in its row, the highest first; equal scores share the better rank, NaN ranks last.

    Scores and their columns are packed into whole numbers, because sorting these is several times faster than sorting
    places; scores nearer to one another than 2⁻⁴⁰ of the range of all are equal.
    """
    columns = scores.shape[1]
    bits = max(columns - 1, 1).bit_length()
    steps = np.float64(2 ** min(_STEPS, 62 - bits))
    absent = np.isnan(scores)
    gaps = absent.any()
    best = np.nanmax(scores) if gaps and not absent.all() else 0.0 if gaps else scores.max()
    span = best - (np.nanmin(scores) if gaps and not absent.all() else 0.0 if gaps else scores.min())
    below = (best - scores) * (steps / span if span > 0 else 0.0)
    whole = np.where(absent, steps + 1, below) if gaps else below
    packed = (np.rint(whole).astype(np.int64) << bits) | np.arange(columns)
    packed.sort(axis=1)
    place = np.broadcast_to(np.arange(1, columns + 1, dtype=np.int32), scores.shape)
    same = (packed[:, 1:] >> bits) == (packed[:, :-1] >> bits)
    if same.any():
        place = place.copy()
        place[:, 1:][same] = 0
        np.maximum.accumulate(place, axis=1, out=place)
    ranks = np.empty(scores.shape, dtype=np.float64)
    np.put_along_axis(ranks, packed & (2**bits - 1), place, axis=1)
    return ranks
