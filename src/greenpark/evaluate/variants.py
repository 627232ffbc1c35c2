"""One verdict over the variants that a scheme leaves open: where they differ it is provisional."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from greenpark.engine.shape import Floats, Ints
from greenpark.evaluate.states import LOW, MET, NOT_APPLICABLE, NOT_EVALUABLE, NOT_MET, Node, Reasons

# Which state is shown where variants differ: the least favourable.
_LEAST_FAVOURABLE = (NOT_MET, NOT_EVALUABLE, NOT_APPLICABLE, MET)
_NONE = "—"


def combine_variants(node: Node, variants: tuple[str, ...], reasons: Reasons) -> Node:
    """The verdict of each pair of entity and year over all variants.

    State and numbers are those of the least favourable variant; a score stands only where all variants agree on it,
    ``low`` and ``high`` span all of them.
    """
    states = node.state.reshape(len(variants), -1)
    shown = _least_favourable(states)
    differ = (states != states[0]).any(axis=0)
    score = node.score.reshape(states.shape)
    same_score = (score == score[0]).all(axis=0)
    scores_differ = ~same_score & ~np.isnan(score).all(axis=0)
    at = shown * states.shape[1] + np.arange(states.shape[1])
    rank = node.rank.reshape(states.shape)
    same_rank = (rank == rank[0]).all(axis=0)
    return replace(
        node,
        state=node.state[at],
        value=node.value[at],
        limit=node.limit[at],
        operator=node.operator[at],
        ratio=node.ratio[at],
        score=np.where(same_score, score[0], np.nan),
        low=_over_variants(node.low, score, np.fmin),
        high=_over_variants(node.high, score, np.fmax),
        reason=np.where(differ, _difference(states, variants, reasons), node.reason[at]),
        provisional=node.provisional.reshape(states.shape).any(axis=0) | differ | scores_differ,
        confidence=np.where(differ, LOW, node.confidence.reshape(states.shape).min(axis=0)),
        rank=np.where(same_rank, rank[0], np.nan),
        rank_low=_over_variants(node.rank_low, rank, np.fmin),
        rank_high=_over_variants(node.rank_high, rank, np.fmax),
        ranked=np.fmax.reduce(node.ranked.reshape(states.shape), axis=0),
        unit_at=node.unit_at[at],
        waits=node.waits[at],
    )


def _least_favourable(states: Ints) -> Ints:
    """The variant that is shown, for each pair."""
    place = np.empty(max(_LEAST_FAVOURABLE) + 1, dtype=np.int64)
    place[list(_LEAST_FAVOURABLE)] = np.arange(len(_LEAST_FAVOURABLE))
    return np.asarray(np.argmin(place[states], axis=0), dtype=np.int64)


def _over_variants(end: Floats, score: Floats, extreme: np.ufunc) -> Floats:
    found = extreme.reduce(extreme(end.reshape(score.shape), score), axis=0)
    return np.asarray(found, dtype=np.float64)


def _difference(states: Ints, variants: tuple[str, ...], reasons: Reasons) -> Ints:
    """The reason that says which variant gives which state."""
    patterns, where = np.unique(states, axis=1, return_inverse=True)
    codes = []
    for pattern in patterns.T:
        named = {
            word: [variant for variant, state in zip(variants, pattern, strict=True) if state in which] or [_NONE]
            for word, which in (("met", (MET,)), ("not_met", (NOT_MET,)), ("open", (NOT_EVALUABLE, NOT_APPLICABLE)))
        }
        codes.append(reasons.code("evaluate.verdict_depends_on_basis", **named))
    return np.array(codes, dtype=np.int64)[np.asarray(where).reshape(-1)]
