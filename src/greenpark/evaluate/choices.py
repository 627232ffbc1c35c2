"""Choices of a scheme: at least k of n must be met, or exactly k of n enter an index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from greenpark.engine.shape import Bools, Ints
from greenpark.evaluate.bench import Bench
from greenpark.evaluate.criteria import set_state
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
from greenpark.model.schemes import Choice, Scheme


@dataclass(frozen=True)
class Chosen:
    """The choices as nodes, the criteria with what was not chosen marked, and which criteria enter an index."""

    nodes: list[Node]
    criteria: list[Node]
    selected: dict[str, Bools]


def members_chosen(scheme: Scheme, choice: Choice, chosen: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """What was chosen, by ``scheme.choice`` or ``choice``; None when nothing was said."""
    return chosen.get(f"{scheme.head.id}.{choice.id}", chosen.get(choice.id))


def is_valid_choice(choice: Choice, members: tuple[str, ...]) -> bool:
    """Whether exactly k different members of the choice are named."""
    return len(set(members)) == len(members) == choice.k and set(members) <= set(choice.members)


def judge_choices(criteria: list[Node], chosen: Mapping[str, tuple[str, ...]], bench: Bench) -> Chosen:
    """All choices of the scheme.

    Where nothing was chosen and exactly k members can be evaluated, these are taken; otherwise a person must choose.
    The best k are never assumed.
    """
    by_id = {node.id: node for node in criteria}
    result = Chosen([], [], {})
    for choice in bench.scheme.choices:
        if choice.meaning == "at_least":
            result.nodes.append(_at_least(choice, by_id, bench))
            continue
        node, selected = _exactly(choice, by_id, members_chosen(bench.scheme, choice, chosen), bench)
        result.nodes.append(node)
        result.selected.update(selected)
        _leave_out(by_id, selected, node, bench)
    result.criteria.extend(by_id[node.id] for node in criteria)
    return result


def _at_least(choice: Choice, criteria: Mapping[str, Node], bench: Bench) -> Node:
    members = [criteria[name] for name in choice.members]
    met = _count(members, MET)
    possible = met + _count(members, NOT_EVALUABLE)
    states = states_of(met >= choice.k, possible < choice.k)
    applies = np.any([node.state != NOT_APPLICABLE for node in members], axis=0)
    states = np.where(applies, states, NOT_APPLICABLE)
    words = ("evaluate.choice_met", "evaluate.choice_not_met", "evaluate.choice_open")
    codes = dict(zip((MET, NOT_MET, NOT_EVALUABLE), (bench.reasons.code(word) for word in words), strict=True))
    codes[NOT_APPLICABLE] = bench.reasons.code("evaluate.no_member_applies")
    reason = np.select([states == state for state in codes], list(codes.values()))
    return _choice_node(choice, members, states, met, ">=", reason)


def _count(members: list[Node], state: int) -> Ints:
    return np.asarray(np.sum([node.state == state for node in members], axis=0), dtype=np.int64)


def _exactly(
    choice: Choice, criteria: Mapping[str, Node], picked: tuple[str, ...] | None, bench: Bench
) -> tuple[Node, dict[str, Bools]]:
    members = [criteria[name] for name in choice.members]
    known = np.stack([node.decided & ~np.isnan(node.ratio) for node in members])
    size = known.shape[1]
    if picked is None:
        is_complete = known.sum(axis=0) == choice.k
        selected = known & is_complete
        reason = _by_availability(choice, known, bench)
    else:
        valid = is_valid_choice(choice, picked)
        in_choice = np.array([valid and name in picked for name in choice.members], dtype=np.bool_)
        selected = np.repeat(in_choice[:, None], size, axis=1)
        is_complete = np.full(size, valid) & (known | ~selected).all(axis=0)
        reason = _by_person(choice, picked, valid, is_complete, bench)
    states = np.where(is_complete, MET, NOT_EVALUABLE).astype(np.int64)
    node = _choice_node(choice, members, states, (selected & known).sum(axis=0), "==", reason)
    return node, {name: selected[index] for index, name in enumerate(choice.members)}


def _by_availability(choice: Choice, known: Bools, bench: Bench) -> Ints:
    count = known.sum(axis=0)
    listed = {"k": choice.k, "n": len(choice.members), "choice": choice.id}
    taken = bench.reasons.listing("evaluate.choice_by_availability", "criteria", choice.members, known)
    must_choose = bench.reasons.code("evaluate.choice_needed", **listed)
    too_few = bench.reasons.code("evaluate.choice_too_few", **listed)
    options = [taken, np.full(len(count), must_choose)]
    return np.asarray(np.select([count == choice.k, count > choice.k], options, too_few), dtype=np.int64)


def _by_person(choice: Choice, picked: tuple[str, ...], valid: bool, complete: Bools, bench: Bench) -> Ints:
    names = list(picked)
    if not valid:
        wrong = bench.reasons.code("evaluate.choice_wrong", choice=choice.id, k=choice.k, criteria=names)
        return np.full(len(complete), wrong)
    by = bench.context.chosen_by.get(f"{bench.scheme.head.id}.{choice.id}", bench.context.chosen_by.get(choice.id, ""))
    message = "evaluate.choice_recorded_by" if by else "evaluate.choice_recorded"
    recorded = bench.reasons.code(message, criteria=names, **({"by": by} if by else {}))
    unknown = bench.reasons.code("evaluate.chosen_not_evaluable", criteria=names)
    return np.where(complete, recorded, unknown)


def _leave_out(criteria: dict[str, Node], selected: Mapping[str, Bools], choice: Node, bench: Bench) -> None:
    """Members that were not chosen do not apply; where no choice stands yet they keep their own state."""
    anything = np.any(list(selected.values()), axis=0)
    code = bench.reasons.code("evaluate.not_chosen")
    for name, taken in selected.items():
        criteria[name] = set_state(criteria[name], anything & ~taken, NOT_APPLICABLE, code)


def _choice_node(choice: Choice, members: list[Node], states: Ints, count: Ints, sign: str, reason: Ints) -> Node:
    size = len(states)
    operator = operator_code("==" if sign == "==" else ">=")
    return replace(
        blank_node(choice.id, "choice", size, "optional", "1"),
        state=np.asarray(states, dtype=np.int64),
        value=count.astype(np.float64),
        limit=np.full(size, float(choice.k)),
        operator=np.full(size, operator),
        reason=np.asarray(reason, dtype=np.int64),
        provisional=np.any([node.provisional for node in members], axis=0) & (states <= NOT_MET),
        confidence=np.min([node.confidence for node in members], axis=0),
    )
