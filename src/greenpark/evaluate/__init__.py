"""Indicators and schemes in, scores and verdicts out.

``evaluate`` is the stage; ``check_requests`` tells what is wrong with choices and excuses before it;
``score_findings`` turns every state that needs attention into a finding after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from greenpark.engine.shape import Arrow, Cube, reshape
from greenpark.engine.units import Units
from greenpark.evaluate.applicability import Assessed, applicable, empty_schemes
from greenpark.evaluate.bench import Bench, Context
from greenpark.evaluate.choices import judge_choices
from greenpark.evaluate.criteria import judge_conditions, judge_criteria
from greenpark.evaluate.findings import check_requests, score_findings
from greenpark.evaluate.readings import NORMALISATION, SWITCH, as_chosen, as_read, label_variants, mark_flips, of_scheme
from greenpark.evaluate.scores import Part, write_scores
from greenpark.evaluate.states import Node, Reasons
from greenpark.evaluate.subjects import Subjects, Values, item_of, read_facts, read_subjects
from greenpark.evaluate.variants import combine_variants
from greenpark.evaluate.verdicts import judge_verdict, no_verdict
from greenpark.model.schemes import Checklist, Conditional, Rule, Scheme, TreeVerdict, readings_of

__all__ = [
    "Assessed", "Context", "applicable", "check_requests", "empty_schemes", "evaluate", "facts_asked", "score_findings",
]  # fmt: skip

# What stands beside is drawn less often than the chosen one, and says how often.
_BESIDE = 100
# What stands beside for another normalisation: scores and ranks, not every criterion once more.
_SCORED = ("group", "index", "subscore", "verdict")

Choices = Mapping[str, tuple[str, ...]]


def evaluate(
    indicators: Arrow,
    schemes: Sequence[Scheme],
    chosen: Choices,
    excused: Mapping[str, str],
    facts: Arrow = None,
    units: Units | None = None,
    context: Context | None = None,
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
    context
        Attributes, groups and references of the entities, and who chose.

    Returns
    -------
    Arrow
        The table ``scores`` without ``run``: for each subject the conditions, criteria, choices, groups, index and
        verdict in the order of the scheme; with more than one variant also one verdict over all, of variant ''. Every
        other reading of an open point is judged beside it (variant ``switch=point:reading``).
    """
    stated = as_chosen(indicators)
    items = [item_of(scheme, each.id) for scheme in schemes for each in scheme.indicators]
    if not all(scheme.indicators for scheme in schemes):  # told of everybody whom the indicators of others are about
        items += stated.column("indicator").unique().to_pylist()
    cube = reshape(stated, "indicator", items, "missing")
    asked = _Asked(facts, chosen, excused, Reasons(), units, context or Context())
    parts: list[Part] = []
    for scheme in sorted(schemes, key=lambda each: each.head.id):
        own = _judge_scheme(scheme, cube, asked)
        parts += own
        place = len(parts) - 1
        others: list[tuple[str, Node]] = []
        readings = readings_of(scheme) if own else ()
        names = [item_of(scheme, each.id) for each in scheme.indicators]
        every, chosen_rows = (of_scheme(each, names) for each in (indicators, stated)) if readings else (None, None)
        for label, other in readings:
            read = reshape(as_read(every, chosen_rows, label), "indicator", names, "missing")
            beside = _judge_scheme(_drawn_less(other), read, asked)
            others.append((label, beside[-1].nodes[-1]))
            parts.append(_labelled(beside[0], label))
        if others:
            *nodes, verdict = parts[place].nodes
            parts[place] = replace(parts[place], nodes=[*nodes, mark_flips(verdict, others, asked.reasons)])
        parts += _otherwise_normalised(scheme, cube, asked) if own else []
    return write_scores(parts, asked.reasons)


@dataclass(frozen=True)
class _Asked:
    """What one evaluation is asked with, the same for every scheme."""

    facts: Arrow
    chosen: Choices
    excused: Mapping[str, str]
    reasons: Reasons
    units: Units | None
    context: Context


def _labelled(part: Part, label: str) -> Part:
    named = label_variants(part.subjects.variants, label)
    return replace(part, subjects=replace(part.subjects, variants=named))


def _drawn_less(scheme: Scheme) -> Scheme:
    """The scheme with fewer draws of weights that are not public: it only stands beside the chosen one."""
    verdict = scheme.verdict
    if not isinstance(verdict, TreeVerdict) or verdict.unknown_weights is None:
        return scheme
    bounds = verdict.unknown_weights
    fewer = bounds.model_copy(update={"draws": min(bounds.draws, max(_BESIDE, bounds.draws // _BESIDE))})
    return scheme.model_copy(update={"verdict": verdict.model_copy(update={"unknown_weights": fewer})})


def _otherwise_normalised(scheme: Scheme, cube: Cube, asked: _Asked) -> list[Part]:
    """Scores and ranks under the other normalisations that a scheme names, beside those of the chosen one."""
    verdict = scheme.verdict
    if not isinstance(verdict, TreeVerdict) or verdict.normalisation is None:
        return []
    parts = []
    for method in verdict.normalisation.alternatives:
        chosen = verdict.normalisation.model_copy(update={"chosen": method})
        other = verdict.model_copy(update={"normalisation": chosen})
        part = _judge_scheme(_drawn_less(scheme.model_copy(update={"verdict": other})), cube, asked)[0]
        scored = [node for node in part.nodes if node.kind in _SCORED]
        parts.append(_labelled(replace(part, nodes=scored), f"{SWITCH}{NORMALISATION}:{method}"))
    return parts


def _judge_scheme(scheme: Scheme, cube: Cube, asked: _Asked) -> list[Part]:
    subjects, values = read_subjects(cube, scheme)
    if not subjects.pairs:
        return []
    facts, chosen, reasons = _facts_of(scheme, asked.facts, subjects), asked.chosen, asked.reasons
    bench = Bench(scheme, subjects, values, facts, asked.excused, reasons, asked.units, asked.context)
    conditions = judge_conditions(bench, subjects.size)
    if not scheme.criteria:
        return [Part(scheme.head.id, subjects, [*conditions, no_verdict(bench)])]
    choice = judge_choices(judge_criteria(bench), chosen, bench)
    above = judge_verdict(choice, conditions, bench)
    parts = [Part(scheme.head.id, subjects, [*conditions, *choice.criteria, *choice.nodes, *above])]
    if len(subjects.variants) > 1:
        parts.append(_combined(scheme, subjects, above[-1], reasons))
    return parts


def facts_asked(scheme: Scheme) -> tuple[str, ...]:
    """The yes or no quantities that conditions and checklists of a scheme ask for."""
    rules = [each.rule for each in scheme.criteria]
    listed = [name for rule in rules for name in _facts_in(rule)]
    return tuple(dict.fromkeys([*(each.fact for each in scheme.conditions if each.fact), *listed]))


def _facts_in(rule: Rule) -> list[str]:
    if isinstance(rule, Conditional):
        return [name for case in rule.cases for name in _facts_in(case.rule)]
    return [item.fact for item in rule.items] if isinstance(rule, Checklist) else []


def _facts_of(scheme: Scheme, facts: Arrow, subjects: Subjects) -> Mapping[str, Values]:
    asked = facts_asked(scheme)
    return read_facts(facts, asked, subjects) if facts is not None and asked else {}


def _combined(scheme: Scheme, subjects: Subjects, verdict: Node, reasons: Reasons) -> Part:
    over_all: Any = replace(subjects, variants=("",))
    node = combine_variants(verdict, subjects.variants, reasons)
    return Part(scheme.head.id, over_all, [replace(node, reason=np.asarray(node.reason, dtype=np.int64))])
