"""Verdicts: counts of criteria met, or an index of ratios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from greenpark.engine.shape import Bools, Floats
from greenpark.evaluate.bench import Bench
from greenpark.evaluate.choices import Chosen
from greenpark.evaluate.compare import compare, rounded_all
from greenpark.evaluate.counts import VERDICT, count_nodes
from greenpark.evaluate.ranking import ranked
from greenpark.evaluate.standings import VETO, judge_standings
from greenpark.evaluate.states import (
    NO_OPERATOR,
    NOT_APPLICABLE,
    NOT_EVALUABLE,
    NOT_MET,
    Node,
    blank_node,
    operator_code,
    states_of,
)
from greenpark.evaluate.summing import confidence_of, group_summary, of_group, rests_on_low
from greenpark.evaluate.tree import INDEX, tree_nodes
from greenpark.model.schemes import IndexVerdict, TreeVerdict

INDEX_CAPPED = "index_capped"
# A capped ratio counts a leading value that is reached in full, and no more.
_FULL = 1.0


def judge_verdict(chosen: Chosen, conditions: list[Node], bench: Bench) -> list[Node]:
    """The nodes above the criteria: groups, counts, index, sub-scores, standings and verdict, the verdict last."""
    *above, verdict = _verdict_nodes(chosen, bench)
    standings = judge_standings(verdict, bench)
    return [*above, *standings, _with_conditions(verdict, [*conditions, *standings], bench)]


def no_verdict(bench: Bench) -> Node:
    """The verdict of a scheme whose criteria are not known here."""
    size = bench.subjects.size
    node = blank_node(VERDICT, "verdict", size, unit="1")
    return replace(node, reason=np.full(size, bench.reasons.code("evaluate.no_criteria")))


def _verdict_nodes(chosen: Chosen, bench: Bench) -> list[Node]:
    verdict = bench.scheme.verdict
    if isinstance(verdict, TreeVerdict):
        return tree_nodes(verdict, chosen, bench)
    if isinstance(verdict, IndexVerdict):
        return _index_nodes(verdict, chosen, bench)
    return count_nodes(verdict, chosen, bench)


# ---------------------------------------------------------------- index
def _index_nodes(verdict: IndexVerdict, chosen: Chosen, bench: Bench) -> list[Node]:
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
    classes, everyone = bench.peers()
    final = _index_verdict(index, capped, verdict, bench)
    return [*groups, *(ranked(each, classes, everyone) for each in (index, capped, final))]


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
        provisional=rests_on_low(used, bench),
        confidence=confidence_of(used, bench),
    )


def _expected(used: Sequence[Node], known: Bools) -> Bools:
    """Terms that could have entered: everything but what a choice left out."""
    left_out = np.stack([(node.state == NOT_APPLICABLE) & (node.role == "optional") for node in used])
    return np.asarray(~left_out & np.ones_like(known), dtype=np.bool_)


def _scored_group(
    group: str, terms: int | None, used: Sequence[Node], ratio: Floats, known: Bools,
    verdict: IndexVerdict, bench: Bench,
) -> Node:  # fmt: skip
    members = of_group(group, list(used), bench)
    inside = np.array([node in members for node in used], dtype=np.bool_)
    count = known[inside].sum(axis=0)
    expected = terms if terms is not None else len(members)
    total = ratio[inside].sum(axis=0) / verdict.terms * verdict.scale
    return replace(
        group_summary(group, known.shape[1], members, bench),
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
def _with_conditions(node: Node, conditions: list[Node], bench: Bench) -> Node:
    """A veto that failed decides; a park that is not eligible is not judged; open conditions are left to a reader."""
    for role, state, message in (
        ("eligibility", NOT_APPLICABLE, "evaluate.not_eligible"),
        ("veto", NOT_MET, "evaluate.vetoed"),
        (VETO, NOT_MET, "evaluate.standing_fails"),
    ):
        asked = [each for each in conditions if each.role == role]
        if not asked:
            continue
        failed = np.stack([each.state == NOT_MET for each in asked])
        listed = bench.reasons.listing(message, "conditions", tuple(each.id for each in asked), failed)
        hit = failed.any(axis=0)
        node = replace(node, state=np.where(hit, state, node.state), reason=np.where(hit, listed, node.reason))
    return node
