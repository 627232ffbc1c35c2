"""Weights that are not public, drawn between stated bounds: what range of scores and ranks they leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from greenpark.engine.shape import Bools, Floats, Ints
from greenpark.evaluate.peers import each_class
from greenpark.evaluate.tree_scores import ranks_in_rows
from greenpark.model.scheme_verdicts import UnknownWeights

# Numbers held at once, so that blocks of draws stay in the cache; numbers ranked in all; draws made at least.
_BLOCK = 400_000
_WORK = 40_000_000
_LEAST = 100
_ALL = 100.0


@dataclass(frozen=True)
class Range:
    """The range of a score and of its rank over the draws; NaN where there is no score."""

    low: Floats
    high: Floats
    rank_low: Floats
    rank_high: Floats
    draws: int


class Scored(Protocol):
    """A tree whose scores follow from weights."""

    @property
    def unknown(self) -> tuple[str, ...]: ...

    @property
    def size(self) -> int: ...

    def scores(self, weights: Mapping[str, Floats], columns: Ints | None = None) -> dict[str, Floats]: ...


def sample(tree: Scored, bounds: UnknownWeights, scale: float, classes: Ints, members: Bools) -> dict[str, Range]:
    """The range of every score and rank over independent uniform draws of the weights that are not public.

    Every class (a year and variant) meets the same draws. ``interval`` per cent of the draws lie in the range, as many
    left out below as above.
    """
    names = tree.unknown
    parts = list(each_class(classes, np.ones_like(members)))
    # Many years, variants and groups share the work of the draws; how many were made is said with the result.
    count = min(bounds.draws, max(_LEAST, _WORK // (len(classes) * tree.size)))
    drawn = np.random.default_rng(bounds.seed).uniform(bounds.low, bounds.high, (count, len(names)))
    weights = {name: drawn[:, place] for place, name in enumerate(names)}
    found: dict[str, Range] = {}
    for part in parts:
        for name, four in _over_draws(tree, weights, count, part, members[part], bounds.interval).items():
            kept = found.setdefault(name, _nothing(len(classes), count))
            for target, values in zip((kept.low, kept.high, kept.rank_low, kept.rank_high), four, strict=True):
                target[part] = values
            kept.low[part] *= scale
            kept.high[part] *= scale
    return found


def _over_draws(
    tree: Scored, weights: Mapping[str, Floats], count: int, part: Ints, members: Bools, interval: float
) -> dict[str, list[Floats]]:
    size = max(1, _BLOCK // len(part))
    blocks: dict[str, list[Floats]] = {}
    ranks: dict[str, list[Floats]] = {}
    for start in range(0, count, size):
        some = {name: each[start : start + size] for name, each in weights.items()}
        for name, score in tree.scores(some, part).items():
            blocks.setdefault(name, []).append(_folded(score, interval))
            hidden = score if members.all() else np.where(members, score, np.nan)
            ranks.setdefault(name, []).append(_folded(ranks_in_rows(hidden), interval))
    return {name: _ends(blocks[name], interval) + _ends(ranks[name], interval) for name in blocks}


def _folded(rows: Floats, interval: float) -> Floats:
    """Only the ends of a block where the range is that of all draws; else all of it."""
    return np.stack([rows.min(axis=0), rows.max(axis=0)]) if interval >= _ALL else rows


def _ends(blocks: list[Floats], interval: float) -> list[Floats]:
    rows = np.concatenate(blocks)
    if interval >= _ALL:
        return [rows.min(axis=0), rows.max(axis=0)]
    tail = (_ALL - interval) / 2 / _ALL
    low = np.quantile(rows, tail, axis=0, method="lower")
    high = np.quantile(rows, 1 - tail, axis=0, method="higher")
    return [np.asarray(each, dtype=np.float64) for each in (low, high)]


def _nothing(size: int, draws: int) -> Range:
    low, high, rank_low, rank_high = (np.full(size, np.nan) for _ in range(4))
    return Range(low, high, rank_low, rank_high, draws)
