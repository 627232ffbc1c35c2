"""What groups and verdicts of every kind share: their members, and what confidence the members leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from greenpark.engine.shape import Bools, Ints
from greenpark.evaluate.bench import Bench
from greenpark.evaluate.states import CONFIDENCES, HIGH, NOT_APPLICABLE, Node, blank_node


def of_group(group: str, criteria: list[Node], bench: Bench) -> list[Node]:
    """The criteria of a group."""
    names = {each.id for each in bench.scheme.criteria if each.group == group}
    return [node for node in criteria if node.id in names]


def group_summary(group: str, size: int, members: Sequence[Node], bench: Bench) -> Node:
    """A group has numbers and no state of its own."""
    code = bench.reasons.code("evaluate.group_summary")
    state, reason = np.full(size, NOT_APPLICABLE), np.full(size, code)
    node = replace(blank_node(group, "group", size, unit="1"), state=state, reason=reason)
    if not members:
        return node
    provisional = np.any([each.provisional for each in members], axis=0)
    return replace(node, provisional=provisional, confidence=np.min([each.confidence for each in members], axis=0))


def rests_on_low(used: Sequence[Node], bench: Bench) -> Bools:
    """Where something of what is used, or the verdict's own rule, is of low confidence."""
    low = np.any([node.provisional for node in used], axis=0)
    return np.asarray(low | (bench.scheme.verdict_confidence == "low"), dtype=np.bool_)


def confidence_of(used: Sequence[Node], bench: Bench) -> Ints:
    """The least confidence of what applies and of the verdict's own rule."""
    lowest = np.min([np.where(node.state == NOT_APPLICABLE, HIGH, node.confidence) for node in used], axis=0)
    return np.asarray(np.minimum(lowest, CONFIDENCES.index(bench.scheme.verdict_confidence)), dtype=np.int64)
