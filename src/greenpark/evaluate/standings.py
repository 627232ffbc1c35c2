"""What follows from a score: levels, grades by rank, standing against peers, the last of a list for years."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from greenpark.engine.shape import ABSENT, Bools, Floats
from greenpark.evaluate.bench import Bench
from greenpark.evaluate.compare import compare, inside_range
from greenpark.evaluate.peers import ranks_of, statistic_of
from greenpark.evaluate.references import look_up
from greenpark.evaluate.states import (
    CONFIDENCES,
    LOW,
    NOT_APPLICABLE,
    NOT_EVALUABLE,
    Node,
    blank_node,
    operator_code,
    states_of,
)
from greenpark.model.scheme_verdicts import AgainstPeers, Grades, LastShare, Levels
from greenpark.model.schemes import Standing

# The role of a standing whose failure fails the verdict; other standings are shown beside it.
VETO = "standing_veto"
_WHOLE = 100.0


def judge_standings(verdict: Node, bench: Bench) -> list[Node]:
    """One node for each standing of the scheme."""
    return [_judge(each, verdict, bench) for each in bench.scheme.standings]


def _judge(standing: Standing, verdict: Node, bench: Bench) -> Node:
    if standing.of:
        values = bench.values[standing.of]
        value, unit = np.where(values.known, values.value, np.nan), values.unit
        provisional, confidence = values.partial | (values.confidence == LOW), values.confidence
    else:
        value, unit, provisional, confidence = verdict.score, "1", verdict.provisional, verdict.confidence
    node = blank_node(standing.id, "standing", len(value), VETO if standing.effect == "veto" else "", unit)
    node = _KINDS[standing.kind](standing, value, replace(node, value=value), bench)
    own = CONFIDENCES.index(standing.confidence)
    decided = node.state != NOT_EVALUABLE
    nothing = np.isnan(value)
    return replace(
        node,
        state=np.where(nothing, NOT_EVALUABLE, node.state),
        reason=np.where(nothing, bench.reasons.code("evaluate.no_score"), node.reason),
        provisional=decided & ~nothing & (provisional | (own == LOW)),
        confidence=np.minimum(np.where(confidence == ABSENT, own, confidence), own),
    )


def _levels(standing: Levels, value: Floats, node: Node, bench: Bench) -> Node:
    reason = np.full(len(value), bench.reasons.code("evaluate.outside_levels"))
    state = np.full(len(value), NOT_EVALUABLE)
    for level in standing.levels:
        here = inside_range(level, value)
        reason = np.where(here, bench.reasons.code("evaluate.level", level=level.id), reason)
        state = np.where(here, NOT_APPLICABLE, state)
    return replace(node, state=state, reason=reason)


def _grades(standing: Grades, value: Floats, node: Node, bench: Bench) -> Node:
    rank, count = _ranks(standing.group, standing.same, value, bench)
    reason = np.full(len(value), bench.reasons.code("evaluate.no_grade"))
    upto, state = 0.0, np.full(len(value), NOT_EVALUABLE)
    free: Bools = ~np.isnan(rank)
    for share in standing.shares:
        upto += share.percent
        here = free & compare(rank / count * _WHOLE, "<=", upto)
        reason = np.where(here, bench.reasons.code("evaluate.level", level=share.id), reason)
        state = np.where(here, NOT_APPLICABLE, state)
        free &= ~here
    return replace(node, state=state, reason=reason, rank=rank, rank_low=rank, rank_high=rank, ranked=count)


def _against_peers(standing: AgainstPeers, value: Floats, node: Node, bench: Bench) -> Node:
    if standing.reference:
        numbers = look_up(bench, standing.reference, "")
        limit, absent = numbers.value, numbers.reason
    else:
        classes, members = bench.peers(standing.group, standing.same)
        scored = members & ~np.isnan(value)
        limit = statistic_of(value, scored, classes, standing.statistic, standing.quantile, standing.least)
        absent = bench.reasons.code("evaluate.too_few_peers", least=standing.least, group=standing.group or "*")
    stands = compare(value, standing.operator, limit)
    known = ~np.isnan(limit) & ~np.isnan(value)
    words = bench.reasons.code("evaluate.meets"), bench.reasons.code("evaluate.misses")
    return replace(
        node,
        state=states_of(known & stands, known & ~stands),
        limit=limit,
        operator=np.full(len(value), operator_code(standing.operator)),
        reason=np.where(known, np.where(stands, *words), absent),
    )


def _last_share(standing: LastShare, value: Floats, node: Node, bench: Bench) -> Node:
    score = value if standing.better == "higher" else -value
    rank, count = _ranks(standing.group, standing.same, score, bench)
    # Of n entities the last p per cent are those ranked behind n·(1 − p/100).
    first_of_last = count * (1.0 - standing.percent / _WHOLE)
    is_last, known = compare(rank, ">", first_of_last), ~np.isnan(rank)
    at = np.stack([bench.subjects.earlier(back) for back in range(standing.years)])
    there = (at != ABSENT) & known[at]
    last = there & is_last[at]
    fails = last.all(axis=0)
    safe = (there & ~is_last[at]).any(axis=0)
    running = np.cumprod(last, axis=0).sum(axis=0).astype(np.float64)
    codes = [bench.reasons.code(f"evaluate.last_share_{word}", years=standing.years) for word in ("fails", "safe")]
    open_ = bench.reasons.code("evaluate.last_share_open", years=standing.years)
    return replace(
        node,
        state=states_of(known & safe, known & fails),
        value=running,
        limit=np.full(len(value), float(standing.years)),
        operator=np.full(len(value), operator_code("<")),
        reason=np.where(fails, codes[0], np.where(safe, codes[1], open_)),
        rank=rank, rank_low=rank, rank_high=rank, ranked=count,
    )  # fmt: skip


def _ranks(group: str, same: str, score: Floats, bench: Bench) -> tuple[Floats, Floats]:
    classes, members = bench.peers(group, same)
    return ranks_of(score, members & ~np.isnan(score), classes)


_KINDS: dict[str, Callable[[Any, Floats, Node, Bench], Node]] = {
    "levels": _levels,
    "grades": _grades,
    "against_peers": _against_peers,
    "last_share": _last_share,
}
