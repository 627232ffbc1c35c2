"""What needs attention: wrong choices and excuses before the evaluation, states after it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from greenpark.engine.shape import Arrow, rows_of
from greenpark.evaluate.bench import Context
from greenpark.evaluate.choices import is_valid_choice, members_chosen
from greenpark.evaluate.readings import SWITCH
from greenpark.evaluate.references import supplied_names
from greenpark.model.findings import Finding, Severity
from greenpark.model.schemes import Conditional, Scheme

_STAGE = "evaluate"
# What a person can mend or must know. Plain outcomes and summaries are no findings.
_SEVERITY: dict[str, Severity] = {
    "evaluate.value_not_reported": "warning",
    "evaluate.value_missing": "warning",
    "evaluate.value_undefined": "warning",
    "evaluate.value_partial": "warning",
    "evaluate.missing_is_not_met": "warning",
    "evaluate.missing_is_not_applicable": "warning",
    "evaluate.case_value_missing": "warning",
    "evaluate.outside_cases": "warning",
    "evaluate.growth_zero": "warning",
    "evaluate.growth_missing": "warning",
    "evaluate.ratio_undefined": "warning",
    "evaluate.non_positive_full_score": "warning",
    "evaluate.not_yes_or_no": "error",
    "evaluate.choice_needed": "warning",
    "evaluate.choice_too_few": "warning",
    "evaluate.choice_wrong": "error",
    "evaluate.chosen_not_evaluable": "warning",
    "evaluate.choice_by_availability": "note",
    "evaluate.index_incomplete": "warning",
    "evaluate.limit_not_public": "warning",
    "evaluate.base_not_public": "warning",
    "evaluate.leading_not_public": "warning",
    "evaluate.no_criteria": "warning",
    "evaluate.reference_missing": "warning",
    "evaluate.class_unknown": "warning",
    "evaluate.class_without_case": "warning",
    "evaluate.base_is_leading": "warning",
    "evaluate.no_logarithm": "warning",
    "evaluate.points_out_of_range": "error",
    "evaluate.outside_bands": "warning",
    "evaluate.items_open": "warning",
    "evaluate.too_few_peers": "warning",
    "evaluate.normalisation_undefined": "warning",
    "evaluate.constant_column": "warning",
    "evaluate.base_year_missing": "warning",
    "evaluate.base_is_target": "warning",
    "evaluate.no_members": "warning",
    "evaluate.members_open": "warning",
    "evaluate.tree_incomplete": "warning",
    "evaluate.tree_left_out": "note",
    "evaluate.weights_not_public": "note",
    "evaluate.outside_levels": "warning",
    "evaluate.last_share_open": "note",
    "evaluate.fact_not_reported": "note",
    "evaluate.condition_for_a_reader": "note",
    "evaluate.verdict_depends_on_basis": "warning",
    "evaluate.verdict_depends_on_switch": "warning",
}
# Reasons that are said once for a scheme where at least so many criteria have them, with so many of what they list.
_MANY = 4
_LISTED = 12
_SAID_TOGETHER: dict[str, tuple[str, Callable[[Finding], Sequence[str]]]] = {
    "evaluate.value_missing": ("quantities", lambda finding: cast("list[str]", finding.values["quantities"])),
    "evaluate.value_not_reported": ("criteria", lambda finding: [finding.rule]),
    "evaluate.condition_for_a_reader": ("conditions", lambda finding: [finding.rule]),
}
_OF_THE_INDEX = (
    "evaluate.index_incomplete",
    "evaluate.tree_incomplete",
    "evaluate.tree_left_out",
    "evaluate.weights_not_public",
)


def check_requests(
    schemes: Sequence[Scheme],
    chosen: Mapping[str, tuple[str, ...]],
    excused: Mapping[str, str],
    context: Context | None = None,
) -> tuple[Finding, ...]:
    """Choices, excuses, references and groups that no scheme knows, that are wrong, or that lack something."""
    beside = context or Context()
    return (
        *_check_chosen(schemes, chosen),
        *_check_excused(schemes, excused),
        *(_check_context(schemes, chosen, beside) if context else ()),
    )


def _check_context(
    schemes: Sequence[Scheme], chosen: Mapping[str, tuple[str, ...]], context: Context
) -> Iterator[Finding]:
    """References that no scheme takes from a user, groups that nobody lists, and choices of which nobody says whose."""
    known = sorted({name for scheme in schemes for name in supplied_names(scheme)})
    for name in sorted({each.reference for each in context.references} - set(known)):
        values: dict[str, object] = {"reference": name, "options": known}
        yield Finding("error", _STAGE, "references", "evaluate.unknown_reference", values, subject=name)
    for scheme in schemes:
        for group in sorted(_groups_of(scheme) - set(context.groups)):
            asked: dict[str, object] = {"group": group}
            yield Finding("warning", _STAGE, "groups", "evaluate.group_not_listed", asked, subject=scheme.head.id)
        for choice in scheme.choices:
            names = (f"{scheme.head.id}.{choice.id}", choice.id)
            if any(name in chosen for name in names) and not any(name in context.chosen_by for name in names):
                unsigned: dict[str, object] = {"choice": choice.id}
                yield Finding("note", _STAGE, "choices", "evaluate.choice_unsigned", unsigned, subject=names[0])


def _groups_of(scheme: Scheme) -> set[str]:
    """The groups of entities that rules and standings of a scheme ask for."""
    rules = [each.rule for each in scheme.criteria]
    nested = [case.rule for rule in rules if isinstance(rule, Conditional) for case in rule.cases]
    return {getattr(each, "group", "") for each in (*rules, *nested, *scheme.standings)} - {""}


def _check_chosen(schemes: Sequence[Scheme], chosen: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    choices = [(scheme, choice) for scheme in schemes for choice in scheme.choices if choice.meaning == "exactly"]
    known = {name for scheme, choice in choices for name in (choice.id, f"{scheme.head.id}.{choice.id}")}
    for name in sorted(set(chosen) - known):
        options = sorted(choice.id for _, choice in choices)
        values: dict[str, object] = {"choice": name, "options": options}
        yield Finding("error", _STAGE, "choices", "evaluate.unknown_choice", values, subject=name)
    for scheme, choice in choices:
        members = members_chosen(scheme, choice, chosen)
        if members is not None and not is_valid_choice(choice, members):
            found: dict[str, object] = {"choice": choice.id, "k": choice.k, "criteria": list(members)}
            subject = f"{scheme.head.id}.{choice.id}"
            yield Finding("error", _STAGE, "choices", "evaluate.choice_wrong", found, subject=subject)


def _check_excused(schemes: Sequence[Scheme], excused: Mapping[str, str]) -> Iterator[Finding]:
    criteria = [(scheme, each) for scheme in schemes for each in scheme.criteria]
    for name in sorted(excused):
        meant = [each for scheme, each in criteria if name in (each.id, f"{scheme.head.id}.{each.id}")]
        values: dict[str, object] = {"criterion": name}
        if not meant:
            yield Finding("error", _STAGE, "excuses", "evaluate.unknown_excuse", values, subject=name)
        elif not any(each.may_be_excused for each in meant):
            yield Finding("error", _STAGE, "excuses", "evaluate.excuse_not_allowed", values, subject=name)
        elif not excused[name].strip():
            yield Finding("error", _STAGE, "excuses", "evaluate.excuse_without_reason", values, subject=name)


def score_findings(scores: Arrow) -> tuple[Finding, ...]:
    """One finding for each scheme, entity, year, node and reason that needs attention; variants are taken together."""
    found: dict[tuple[Any, ...], Finding] = {}
    for row in rows_of(scores, "reason", _SEVERITY):
        # What another reading of an open point lacks is the business of whoever chooses it.
        if SWITCH in (row["variant"] or ""):
            continue
        # A verdict that only repeats the reason of its index adds nothing.
        if row["kind"] == "verdict" and row["reason"] in _OF_THE_INDEX:
            continue
        key = tuple(row[name] for name in ("scheme", "entity", "start", "end", "node", "reason", "detail"))
        found.setdefault(key, _finding(row))
    return tuple(_together(found))


def _together(found: Mapping[tuple[Any, ...], Finding]) -> Iterator[Finding]:
    """The findings, those that say the same of many criteria of one scheme, entity and year as one.

    A park that begins lacks most of what a scheme asks for: a list of what to supply helps, a hundred sentences do not.
    """
    alike: dict[tuple[Any, ...], list[Finding]] = {}
    for (scheme, entity, start, end, _, reason, detail), finding in found.items():
        apart = () if reason in _SAID_TOGETHER else (finding.rule, detail)
        alike.setdefault((scheme, reason, entity, start, end, apart), []).append(finding)
    for (scheme, reason, *_), findings in alike.items():
        if reason not in _SAID_TOGETHER or len(findings) < _MANY:
            yield from findings
            continue
        name, listed = _SAID_TOGETHER[reason]
        words = list(dict.fromkeys(word for each in findings for word in listed(each)))
        shown = [*words[:_LISTED], "…"] if len(words) > _LISTED else words
        of = sorted({each.rule for each in findings})
        told: dict[str, object] = {"scheme": scheme, "count": len(of), "all": len(words), "of": of, name: shown}
        yield replace(findings[0], rule=reason.partition(".")[2], message=f"{reason}_many", values=told, subject=scheme)


def _finding(row: Mapping[str, Any]) -> Finding:
    return Finding(
        severity=_SEVERITY[row["reason"]],
        stage=_STAGE,
        rule=row["node"],
        message=row["reason"],
        values=json.loads(row["detail"]),
        entity=row["entity"],
        subject=f"{row['scheme']}.{row['node']}",
        start=row["start"],
        end=row["end"],
    )
