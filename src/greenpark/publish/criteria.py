"""Criteria as they are printed: rule in words, value, limit, state, reason and clause."""

from __future__ import annotations

from dataclasses import dataclass, replace

from greenpark.model.schemes import CountVerdict, Criterion, Scheme
from greenpark.model.text import Text
from greenpark.publish.naming import Names, cited, plain, source_named
from greenpark.publish.rules import rule_text
from greenpark.publish.shown import Number, Row, Shown, number_of


@dataclass(frozen=True)
class CriterionLine:
    """One criterion (or choice or group) in one variant."""

    reference: str
    node: str
    kind: str
    name: Text
    group: Text
    role: Text
    rule: Text
    text: Text
    variant: Text
    value: Number
    limit: Number
    ratio: Number
    state: str
    reason: Text
    confidence: str
    provisional: bool
    clause: str


def criterion_lines(shown: Shown, scheme: Scheme | None, rows: list[Row]) -> list[CriterionLine]:
    """The lines of verdicts in the order of the scheme: conditions, criteria, then choices and groups."""
    criteria = {each.id: each for each in scheme.criteria} if scheme else {}
    order = (
        {node: place for place, node in enumerate((*(each.id for each in scheme.conditions), *criteria))}
        if scheme
        else {}
    )
    inside = [row for row in rows if row["kind"] != "verdict"]
    inside.sort(key=lambda row: (order.get(row["node"], len(order)), row["node"], row["variant"] or ""))
    return [_criterion_line(shown, scheme, criteria.get(row["node"]), row) for row in inside]


def merged(lines: list[CriterionLine]) -> list[CriterionLine]:
    """Lines of several variants side by side: once where all variants agree, else one line for each variant."""
    nodes: dict[str, list[CriterionLine]] = {}
    for line in lines:
        nodes.setdefault(line.node, []).append(line)
    found: list[CriterionLine] = []
    for same in nodes.values():
        differ = len({_outcome(line) for line in same}) > 1
        found += same if differ else [replace(same[0], variant=plain(""))]
    return found


def _outcome(line: CriterionLine) -> tuple[object, ...]:
    return (line.state, line.value.value, line.limit.value, line.ratio.value, line.reason.zh, line.provisional)


def _criterion_line(shown: Shown, scheme: Scheme | None, criterion: Criterion | None, row: Row) -> CriterionLine:
    names = shown.names
    unit = names.unit(row["unit"])
    return CriterionLine(
        reference=row["reference"],
        node=row["node"],
        kind=row["kind"],
        name=criterion.title if criterion else node_title(names, scheme, row["node"]),
        group=_group_title(scheme, criterion),
        role=names.word("role", row["role"]) if row["role"] else plain(""),
        rule=rule_text(names, criterion) if criterion else plain(""),
        text=(criterion.text if criterion else None) or plain(""),
        variant=names.variant(row["variant"]),
        value=number_of(row["value"], unit, row["reference"]),
        limit=number_of(row["limit"], unit, row["reference"]),
        ratio=number_of(row["ratio"], plain(""), row["reference"]),
        state=row["state"],
        reason=_reason(shown, row),
        confidence=row["confidence"],
        provisional=bool(row["provisional"]),
        clause=cited(criterion.clause, source_named(criterion.source, scheme.sources)) if scheme and criterion else "",
    )


def _reason(shown: Shown, row: Row) -> Text:
    """The reason that the evaluation states, else the words in which the job excuses a criterion."""
    if row["state"] == "excused" and not row["reason"]:
        excused = shown.release.job.excused
        return plain(excused.get(f"{row['scheme']}.{row['node']}") or excused.get(row["node"], ""))
    return shown.names.reason(row["reason"], row["detail"], row["scheme"])


def node_title(names: Names, scheme: Scheme | None, node: str) -> Text:
    """The title of a choice, group, condition, sub-score or standing of a scheme."""
    groups = {group.id: group.title for group in scheme.groups} if scheme else {}
    if not scheme:
        return names.word("node", node)
    counts = scheme.verdict.counts if isinstance(scheme.verdict, CountVerdict) else ()
    titles = {each.id: each.title for each in scheme.choices if each.title}
    titles |= {each.id: each.title for each in counts if each.title}
    titles |= {each.id: each.title for each in scheme.subscores}
    titles |= {each.id: each.title for each in scheme.standings}
    titles |= {condition.id: condition.text for condition in scheme.conditions}
    return groups.get(node) or titles.get(node) or names.word("node", node)


def _group_title(scheme: Scheme | None, criterion: Criterion | None) -> Text:
    groups = {group.id: group.title for group in scheme.groups} if scheme else {}
    return groups.get(criterion.group, plain("")) if criterion else plain("")
