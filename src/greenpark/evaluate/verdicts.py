"""Verdicts: counts of criteria met, or an index of ratios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from greenpark.engine.shape import Bools, Floats, Ints
from greenpark.evaluate.choices import Chosen
from greenpark.evaluate.compare import compare, rounded_all
from greenpark.evaluate.criteria import Bench
from greenpark.evaluate.states import (
    CONFIDENCES,
    HIGH,
    MET,
    NO_OPERATOR,
    NOT_APPLICABLE,
    NOT_EVALUABLE,
    NOT_MET,
    Node,
    blank_node,
    operator_code,
    states_of,
)
from greenpark.model.schemes import CountVerdict, IndexVerdict

VERDICT, INDEX, INDEX_CAPPED = "verdict", "index", "index_capped"
# A capped ratio counts a leading value that is reached in full, and no more.
_FULL = 1.0


def judge_verdict(chosen: Chosen, conditions: list[Node], bench: Bench) -> list[Node]:
    """The nodes above the criteria: groups, index (uncapped and capped) and verdict, the verdict last."""
    verdict = bench.scheme.verdict
    if isinstance(verdict, IndexVerdict):
        return _index_nodes(verdict, chosen, conditions, bench)
    groups = [_counted_group(each.id, chosen.criteria, bench) for each in bench.scheme.groups]
    return [*groups, _with_conditions(_count_verdict(verdict, chosen, bench), conditions, bench)]


# ---------------------------------------------------------------- counts
def _counted_group(group: str, criteria: list[Node], bench: Bench) -> Node:
    members = _of_group(group, criteria, bench)
    size = len(criteria[0].state)
    met = np.sum([node.state == MET for node in members], axis=0) if members else np.zeros(size)
    limit = np.full(size, float(len(members)))
    return replace(_summary(group, size, members, bench), value=np.asarray(met, dtype=np.float64), limit=limit)


def _of_group(group: str, criteria: list[Node], bench: Bench) -> list[Node]:
    names = {each.id for each in bench.scheme.criteria if each.group == group}
    return [node for node in criteria if node.id in names]


def _summary(group: str, size: int, members: Sequence[Node], bench: Bench) -> Node:
    """A group has numbers and no state of its own."""
    code = bench.reasons.code("evaluate.group_summary")
    state, reason = np.full(size, NOT_APPLICABLE), np.full(size, code)
    node = replace(blank_node(group, "group", size, unit="1"), state=state, reason=reason)
    if not members:
        return node
    provisional = np.any([each.provisional for each in members], axis=0)
    return replace(node, provisional=provisional, confidence=np.min([each.confidence for each in members], axis=0))


def _count_verdict(verdict: CountVerdict, chosen: Chosen, bench: Bench) -> Node:
    """All that is required met, and enough in all; what is not evaluable leaves it open unless it is lost anyway."""
    required, counted = _required(verdict, chosen, bench), _counted(verdict, chosen, bench)
    size = len(chosen.criteria[0].state)
    failed, unsure = _in_state(required, NOT_MET, size), _in_state(required, NOT_EVALUABLE, size)
    met = _in_state(counted, MET, size).sum(axis=0)
    unknown = _in_state(counted, NOT_EVALUABLE, size).sum(axis=0)
    least = verdict.min_met or 0
    too_few = met + unknown < least
    false = failed.any(axis=0) | too_few
    true = ~false & ~unsure.any(axis=0) & (met >= least)
    used = [*required, *(node for node in counted if node not in required)]
    node = replace(
        blank_node(VERDICT, "verdict", size, unit="1"),
        state=states_of(true, false),
        value=met.astype(np.float64),
        limit=np.full(size, float(verdict.min_met if verdict.min_met is not None else len(required))),
        operator=np.full(size, operator_code(">=")),
        reason=_count_reason(required, failed, unsure, true, too_few, bench),
    )
    if not used:
        code = bench.reasons.code("evaluate.no_requirement")
        return replace(node, state=np.full(size, NOT_APPLICABLE), reason=np.full(size, code))
    return replace(node, provisional=_rests_on_low(used, bench), confidence=_confidence(used, bench))


def _required(verdict: CountVerdict, chosen: Chosen, bench: Bench) -> list[Node]:
    """The criteria and choices each of which must be met."""
    at_least = _at_least_ids(bench)
    criteria = [node for node in chosen.criteria if node.role in ("mandatory", "veto") or node.id in verdict.core]
    return criteria + [node for node in chosen.nodes if node.id in at_least]


def _counted(verdict: CountVerdict, chosen: Chosen, bench: Bench) -> list[Node]:
    """What the number met is counted among: all criteria where the scheme states a number, else what is required."""
    return chosen.criteria if verdict.min_met is not None else _required(verdict, chosen, bench)


def _in_state(nodes: Sequence[Node], state: int, size: int) -> Bools:
    """Which nodes are in a state, as [node, subject]; also for no nodes at all."""
    return np.array([node.state == state for node in nodes], dtype=np.bool_).reshape(len(nodes), size)


def _at_least_ids(bench: Bench) -> set[str]:
    return {choice.id for choice in bench.scheme.choices if choice.meaning == "at_least"}


def _count_reason(
    required: Sequence[Node], failed: Bools, unsure: Bools, true: Bools, too_few: Bools, bench: Bench
) -> Ints:
    names = tuple(node.id for node in required)
    reasons = bench.reasons
    not_met = reasons.listing("evaluate.verdict_not_met", "criteria", names, failed)
    open_ones = reasons.listing("evaluate.verdict_open", "criteria", names, unsure)
    count = np.full(len(true), reasons.code("evaluate.verdict_count_open"))
    few = np.full(len(true), reasons.code("evaluate.verdict_too_few"))
    met = np.full(len(true), reasons.code("evaluate.verdict_met"))
    cases = [true, failed.any(axis=0), too_few, unsure.any(axis=0)]
    return np.asarray(np.select(cases, [met, not_met, few, open_ones], count), dtype=np.int64)


# ---------------------------------------------------------------- index
def _index_nodes(verdict: IndexVerdict, chosen: Chosen, conditions: list[Node], bench: Bench) -> list[Node]:
    scored = _scored(chosen)
    names = tuple(node.id for node, _ in scored)
    enters = np.stack([each for _, each in scored])
    ratio = np.stack([node.ratio for node, _ in scored])
    known = enters & np.stack([node.decided for node, _ in scored]) & ~np.isnan(ratio)
    ratio = np.where(known, ratio, 0.0)
    complete = known.sum(axis=0) == verdict.terms
    used = [node for node, _ in scored]
    index = _index(INDEX, ratio, complete, known, names, verdict, used, bench)
    capped = _index(INDEX_CAPPED, np.minimum(ratio, _FULL), complete, known, names, verdict, used, bench)
    groups = [_scored_group(each.id, each.terms, used, ratio, known, verdict, bench) for each in bench.scheme.groups]
    final = _with_conditions(_index_verdict(index, capped, verdict, bench), conditions, bench)
    return [*groups, index, capped, final]


def _scored(chosen: Chosen) -> list[tuple[Node, Bools]]:
    """The terms of the index: mandatory criteria everywhere, members of an exactly-choice where they were chosen."""
    everywhere = np.ones(len(chosen.criteria[0].state), dtype=np.bool_)
    return [
        (node, chosen.selected.get(node.id, everywhere))
        for node in chosen.criteria
        if node.role == "mandatory" or node.id in chosen.selected
    ]


def _index(
    name: str, ratio: Floats, complete: Bools, known: Bools, names: tuple[str, ...],
    verdict: IndexVerdict, used: Sequence[Node], bench: Bench,
) -> Node:  # fmt: skip
    size = len(complete)
    raw = ratio.sum(axis=0) / verdict.terms * verdict.scale
    score = np.where(complete, rounded_all(raw), np.nan)
    calculated = bench.reasons.code("evaluate.index_calculated", terms=verdict.terms)
    absent = bench.reasons.listing("evaluate.index_incomplete", "criteria", names, ~known & _expected(used, known))
    return replace(
        blank_node(name, "index", size, unit="1"),
        state=np.where(complete, NOT_APPLICABLE, NOT_EVALUABLE).astype(np.int64),
        value=known.sum(axis=0).astype(np.float64),
        limit=np.full(size, float(verdict.terms)),
        operator=np.full(size, operator_code("==")),
        score=score,
        low=score,
        high=score,
        reason=np.where(complete, calculated, absent),
        provisional=_rests_on_low(used, bench),
        confidence=_confidence(used, bench),
    )


def _expected(used: Sequence[Node], known: Bools) -> Bools:
    """Terms that could have entered: everything but what a choice left out."""
    left_out = np.stack([(node.state == NOT_APPLICABLE) & (node.role == "optional") for node in used])
    return np.asarray(~left_out & np.ones_like(known), dtype=np.bool_)


def _scored_group(
    group: str, terms: int | None, used: Sequence[Node], ratio: Floats, known: Bools,
    verdict: IndexVerdict, bench: Bench,
) -> Node:  # fmt: skip
    members = _of_group(group, list(used), bench)
    inside = np.array([node in members for node in used], dtype=np.bool_)
    count = known[inside].sum(axis=0)
    expected = terms if terms is not None else len(members)
    total = ratio[inside].sum(axis=0) / verdict.terms * verdict.scale
    return replace(
        _summary(group, known.shape[1], members, bench),
        value=count.astype(np.float64),
        limit=np.full(known.shape[1], float(expected)),
        score=np.where(count == expected, rounded_all(total), np.nan),
    )


def _index_verdict(index: Node, capped: Node, verdict: IndexVerdict, bench: Bench) -> Node:
    """Met or not by the minimum score; where the scheme states none there is a score and no pass or fail."""
    node = replace(
        index,
        id=VERDICT,
        kind="verdict",
        value=index.score,
        limit=np.full(len(index.state), np.nan),
        operator=np.full(len(index.state), NO_OPERATOR),
        low=np.fmin(index.score, capped.score),
    )
    complete = ~np.isnan(index.score)
    if verdict.min_score is None:
        code = bench.reasons.code("evaluate.no_minimum_score")
        return replace(node, reason=np.where(complete, code, index.reason))
    reached = compare(index.score, ">=", verdict.min_score)
    words = (bench.reasons.code("evaluate.meets"), bench.reasons.code("evaluate.misses"))
    return replace(
        node,
        state=states_of(complete & reached, complete & ~reached),
        limit=np.full(len(complete), verdict.min_score),
        operator=np.full(len(complete), operator_code(">=")),
        reason=np.where(complete, np.where(reached, *words), index.reason),
    )


# ---------------------------------------------------------------- both
def _rests_on_low(used: Sequence[Node], bench: Bench) -> Bools:
    low = np.any([node.provisional for node in used], axis=0)
    return np.asarray(low | (bench.scheme.verdict_confidence == "low"), dtype=np.bool_)


def _confidence(used: Sequence[Node], bench: Bench) -> Ints:
    lowest = np.min([np.where(node.state == NOT_APPLICABLE, HIGH, node.confidence) for node in used], axis=0)
    return np.asarray(np.minimum(lowest, CONFIDENCES.index(bench.scheme.verdict_confidence)), dtype=np.int64)


def _with_conditions(node: Node, conditions: list[Node], bench: Bench) -> Node:
    """A veto that failed decides; a park that is not eligible is not judged; open conditions are left to a reader."""
    for role, state, message in (
        ("eligibility", NOT_APPLICABLE, "evaluate.not_eligible"),
        ("veto", NOT_MET, "evaluate.vetoed"),
    ):
        asked = [each for each in conditions if each.role == role]
        if not asked:
            continue
        failed = np.stack([each.state == NOT_MET for each in asked])
        listed = bench.reasons.listing(message, "conditions", tuple(each.id for each in asked), failed)
        hit = failed.any(axis=0)
        node = replace(node, state=np.where(hit, state, node.state), reason=np.where(hit, listed, node.reason))
    return node
