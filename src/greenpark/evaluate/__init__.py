"""Indicators and schemes in, scores and verdicts out.

``evaluate`` is the stage; ``check_requests`` tells what is wrong with choices and excuses before it;
``score_findings`` turns every state that needs attention into a finding after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from greenpark.engine.shape import Arrow, Cube, reshape
from greenpark.engine.units import Units
from greenpark.evaluate.choices import judge_choices
from greenpark.evaluate.criteria import Bench, judge_conditions, judge_criteria
from greenpark.evaluate.findings import check_requests, score_findings
from greenpark.evaluate.readings import as_chosen, as_read, label_variants, mark_flips
from greenpark.evaluate.scores import Part, write_scores
from greenpark.evaluate.states import Node, Reasons
from greenpark.evaluate.subjects import Subjects, Values, item_of, read_facts, read_subjects
from greenpark.evaluate.variants import combine_variants
from greenpark.evaluate.verdicts import judge_verdict
from greenpark.model.schemes import Scheme, readings_of

__all__ = ["check_requests", "evaluate", "score_findings"]

Choices = Mapping[str, tuple[str, ...]]


def evaluate(
    indicators: Arrow,
    schemes: Sequence[Scheme],
    chosen: Choices,
    excused: Mapping[str, str],
    facts: Arrow = None,
    units: Units | None = None,
) -> Arrow:
    """The scores of every scheme for every entity and year that has an indicator of it.

    Parameters
    ----------
    indicators
        The table ``indicators`` with or without its run.
    chosen, excused
        The members taken for a choice and the reason that excuses a criterion, by ``scheme.id`` or by ``id``.
    facts
        Figures of the fact quantities (table ``figures``), for conditions that name one.
    units
        Needed only where a rule and its indicator are in different units.

    Returns
    -------
    Arrow
        The table ``scores`` without ``run``: for each subject the conditions, criteria, choices, groups, index and
        verdict in the order of the scheme; with more than one variant also one verdict over all, of variant ''. Every
        other reading of an open point is judged beside it (variant ``switch=point:reading``).
    """
    stated = as_chosen(indicators)
    items = [item_of(scheme, each.id) for scheme in schemes for each in scheme.indicators]
    cube = reshape(stated, "indicator", items, "missing")
    reasons = Reasons()
    parts: list[Part] = []
    for scheme in sorted(schemes, key=lambda each: each.head.id):
        own = _judge_scheme(scheme, cube, facts, chosen, excused, reasons, units)
        parts += own
        place = len(parts) - 1
        others: list[tuple[str, Node]] = []
        for label, other in readings_of(scheme) if own else ():
            names = [item_of(scheme, each.id) for each in scheme.indicators]
            read = reshape(as_read(indicators, stated, label), "indicator", names, "missing")
            beside = _judge_scheme(other, read, facts, chosen, excused, reasons, units)
            others.append((label, beside[-1].nodes[-1]))
            named = label_variants(beside[0].subjects.variants, label)
            parts.append(replace(beside[0], subjects=replace(beside[0].subjects, variants=named)))
        if others:
            *nodes, verdict = parts[place].nodes
            parts[place] = replace(parts[place], nodes=[*nodes, mark_flips(verdict, others, reasons)])
    return write_scores(parts, reasons)


def _judge_scheme(
    scheme: Scheme, cube: Cube, facts: Arrow, chosen: Choices, excused: Mapping[str, str], reasons: Reasons,
    units: Units | None,
) -> list[Part]:  # fmt: skip
    subjects, values = read_subjects(cube, scheme)
    if not subjects.pairs:
        return []
    bench = Bench(scheme, values, _facts_of(scheme, facts, subjects), excused, reasons, units)
    conditions = judge_conditions(bench, subjects.size)
    choice = judge_choices(judge_criteria(bench), chosen, bench)
    above = judge_verdict(choice, conditions, bench)
    parts = [Part(scheme.head.id, subjects, [*conditions, *choice.criteria, *choice.nodes, *above])]
    if len(subjects.variants) > 1:
        parts.append(_combined(scheme, subjects, above[-1], reasons))
    return parts


def _facts_of(scheme: Scheme, facts: Arrow, subjects: Subjects) -> Mapping[str, Values]:
    asked = [condition.fact for condition in scheme.conditions if condition.fact]
    return read_facts(facts, asked, subjects) if facts is not None and asked else {}


def _combined(scheme: Scheme, subjects: Subjects, verdict: Node, reasons: Reasons) -> Part:
    over_all: Any = replace(subjects, variants=("",))
    node = combine_variants(verdict, subjects.variants, reasons)
    return Part(scheme.head.id, over_all, [replace(node, reason=np.asarray(node.reason, dtype=np.int64))])
