"""Verdicts that count: everything required met, and enough of everything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from greenpark.engine.shape import Bools, Floats, Ints
from greenpark.evaluate.bench import Bench
from greenpark.evaluate.choices import Chosen
from greenpark.evaluate.states import (
    MET,
    NOT_APPLICABLE,
    NOT_EVALUABLE,
    NOT_MET,
    Node,
    blank_node,
    operator_code,
    states_of,
)
from greenpark.evaluate.summing import confidence_of, group_summary, of_group, rests_on_low
from greenpark.model.schemes import Count, CountVerdict

VERDICT = "verdict"
_WHOLE = 100.0


def count_nodes(verdict: CountVerdict, chosen: Chosen, bench: Bench) -> list[Node]:
    """Groups, counts and the verdict, the verdict last."""
    groups = [_counted_group(each.id, chosen.criteria, bench) for each in bench.scheme.groups]
    counts = [_count_node(each, chosen.criteria, bench) for each in verdict.counts]
    return [*groups, *counts, _count_verdict(verdict, chosen, counts, bench)]


def _counted_group(group: str, criteria: list[Node], bench: Bench) -> Node:
    members = of_group(group, criteria, bench)
    size = len(criteria[0].state)
    met = np.sum([node.state == MET for node in members], axis=0) if members else np.zeros(size)
    limit = np.full(size, float(len(members)))
    return replace(group_summary(group, size, members, bench), value=np.asarray(met, dtype=np.float64), limit=limit)


def _count_node(count: Count, criteria: list[Node], bench: Bench) -> Node:
    """How many of the criteria it names are met: a number, or a share of those that apply [%]."""
    members = _counted_by(count, criteria, bench)
    size = len(criteria[0].state)
    met, unknown = (in_state(members, state, size).sum(axis=0).astype(np.float64) for state in (MET, NOT_EVALUABLE))
    applies = np.asarray((met + unknown + in_state(members, NOT_MET, size).sum(axis=0)), dtype=np.float64)
    if count.share is not None:
        met, unknown = _in_percent(met, applies), _in_percent(unknown, applies)
    needed = float(count.share if count.share is not None else count.at_least or 0)
    state = states_of(met >= needed, met + unknown < needed)
    state = np.where(applies > 0, state, NOT_APPLICABLE) if count.share is not None else state
    words = ("evaluate.choice_met", "evaluate.choice_not_met", "evaluate.choice_open", "evaluate.no_member_applies")
    codes = [bench.reasons.code(word) for word in words]
    return replace(
        blank_node(count.id, "choice", size, unit="%" if count.share is not None else "1"),
        state=state.astype(np.int64),
        value=met,
        limit=np.full(size, needed),
        operator=np.full(size, operator_code(">=")),
        reason=np.select([state == each for each in (MET, NOT_MET, NOT_EVALUABLE)], codes[:3], codes[3]).astype(
            np.int64
        ),
        provisional=np.any([node.provisional for node in members], axis=0) & (state <= NOT_MET)
        if members
        else np.zeros(size, dtype=np.bool_),
        confidence=confidence_of(members, bench) if members else np.zeros(size, dtype=np.int64),
    )


def _counted_by(count: Count, criteria: list[Node], bench: Bench) -> list[Node]:
    inside = {each.id for each in bench.scheme.criteria if not count.group or each.group == count.group}
    return [
        node
        for node in criteria
        if node.id in inside
        and (count.role is None or node.role == count.role)
        and (not count.members or node.id in count.members)
    ]


def _in_percent(part: Floats, whole: Floats) -> Floats:
    return np.asarray(part / np.maximum(whole, 1.0) * _WHOLE, dtype=np.float64)


def _count_verdict(verdict: CountVerdict, chosen: Chosen, counts: list[Node], bench: Bench) -> Node:
    """All that is required met, and enough in all; what is not evaluable leaves it open unless it is lost anyway."""
    required, counted = _required(verdict, chosen, bench), _counted(verdict, chosen, bench)
    size = len(chosen.criteria[0].state)
    required = [*required, *_combined(verdict, counts, size, bench)]
    failed, unsure = in_state(required, NOT_MET, size), in_state(required, NOT_EVALUABLE, size)
    met = in_state(counted, MET, size).sum(axis=0)
    unknown = in_state(counted, NOT_EVALUABLE, size).sum(axis=0)
    least = verdict.min_met or 0
    too_few = met + unknown < least
    false = failed.any(axis=0) | too_few
    true = ~false & ~unsure.any(axis=0) & (met >= least)
    used = [*required, *(node for node in counted if node not in required)]
    node = replace(
        blank_node(VERDICT, "verdict", size, unit="1"),
        state=states_of(true, false),
        value=met.astype(np.float64),
        limit=np.full(size, float(verdict.min_met if verdict.min_met is not None else len(counted))),
        operator=np.full(size, operator_code(">=")),
        reason=_count_reason(required, failed, unsure, true, too_few, bench),
    )
    if not used:
        code = bench.reasons.code("evaluate.no_requirement")
        return replace(node, state=np.full(size, NOT_APPLICABLE), reason=np.full(size, code))
    return replace(node, provisional=rests_on_low(used, bench), confidence=confidence_of(used, bench))


def _combined(verdict: CountVerdict, counts: list[Node], size: int, bench: Bench) -> list[Node]:
    """The counts that must hold: each of them, or one combination of them as a single node."""
    if not verdict.any_of:
        return counts
    by_id = {node.id: node for node in counts}
    combinations = [[by_id[name] for name in names] for names in verdict.any_of]
    holds = np.stack([(in_state(each, MET, size)).all(axis=0) for each in combinations])
    fails = np.stack([in_state(each, NOT_MET, size).any(axis=0) for each in combinations])
    used = [node for each in combinations for node in each]
    name = " | ".join("+".join(names) for names in verdict.any_of)
    return [
        replace(
            blank_node(name, "choice", size),
            state=states_of(np.asarray(holds.any(axis=0)), np.asarray(fails.all(axis=0))),
            provisional=np.any([node.provisional for node in used], axis=0),
            confidence=confidence_of(used, bench),
        )
    ]


def _required(verdict: CountVerdict, chosen: Chosen, bench: Bench) -> list[Node]:
    """The criteria and choices each of which must be met."""
    at_least = at_least_ids(bench)
    criteria = [node for node in chosen.criteria if node.role in ("mandatory", "veto") or node.id in verdict.core]
    return criteria + [node for node in chosen.nodes if node.id in at_least]


def _counted(verdict: CountVerdict, chosen: Chosen, bench: Bench) -> list[Node]:
    """What the number met is counted among: all criteria where the scheme states a number, else what is required."""
    return chosen.criteria if verdict.min_met is not None else _required(verdict, chosen, bench)


def in_state(nodes: Sequence[Node], state: int, size: int) -> Bools:
    """Which nodes are in a state, as [node, subject]; also for no nodes at all."""
    return np.array([node.state == state for node in nodes], dtype=np.bool_).reshape(len(nodes), size)


def at_least_ids(bench: Bench) -> set[str]:
    """The choices of which a number must be met."""
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
