"""Scheme verdicts as they are printed: every criterion with rule, value, limit, state, reason and clause."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from greenpark.model.schemes import Case, Cases, Criterion, Elasticity, External, Flag, LeadingValue, Scheme, Threshold
from greenpark.model.text import Text
from greenpark.publish.naming import Names, cited, plain
from greenpark.publish.shown import Number, Row, Shown, newest, number_of, period_of

DETAIL_LIMIT = 3
STATES: tuple[str, ...] = ("met", "not_met", "not_evaluable", "excused", "not_applicable")


@dataclass(frozen=True)
class CriterionLine:
    """One criterion (or choice or group) in one variant."""

    reference: str
    kind: str
    name: Text
    group: Text
    role: Text
    rule: Text
    variant: Text
    value: Number
    limit: Number
    ratio: Number
    state: str
    reason: Text
    confidence: str
    provisional: bool
    clause: str


@dataclass(frozen=True)
class VerdictCard:
    """The verdict of one scheme for one entity, period and variant."""

    scheme: Text
    document: str
    entity: Text
    period: str
    variant: Text
    reference: str
    state: str
    provisional: bool
    confidence: str
    score: Number | None
    reason: Text
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Choosing:
    """A choice or an open point of a scheme, and what was chosen here."""

    text: Text
    chosen: Text
    alternatives: Text


@dataclass(frozen=True)
class SchemeReport:
    """Everything about one scheme."""

    id: str
    title: Text
    issuer: Text
    document: str
    cards: tuple[VerdictCard, ...]
    earlier: tuple[VerdictCard, ...]
    criteria: tuple[tuple[VerdictCard, tuple[CriterionLine, ...]], ...]
    choices: tuple[Choosing, ...]
    sources: tuple[str, ...]


def scheme_reports(shown: Shown) -> list[SchemeReport]:
    """One report per scheme that has scores, in the order of the job."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in shown.scores:
        grouped[row["scheme"]].append(row)
    order = list(shown.release.job.schemes)
    ranked = sorted(grouped, key=lambda scheme: (order.index(scheme) if scheme in order else len(order), scheme))
    return [_report(shown, scheme, grouped[scheme]) for scheme in ranked]


def verdict_cards(shown: Shown) -> list[VerdictCard]:
    """The newest verdicts of all schemes."""
    return [card for report in scheme_reports(shown) for card in report.cards]


def _report(shown: Shown, scheme_id: str, rows: list[Row]) -> SchemeReport:
    scheme = shown.names.definitions.schemes.get(scheme_id)
    period = newest(rows)
    cases: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        cases[row["entity"], period_of(row), row["variant"] or ""].append(row)
    cards = {key: _card(shown, scheme, case) for key, case in cases.items()}
    now = [key for key in cards if key[1] == period]
    detailed = _detailed(shown, now)
    return SchemeReport(
        id=scheme_id,
        title=shown.names.scheme(scheme_id),
        issuer=scheme.issuer if scheme else plain(""),
        document=scheme.document if scheme else "",
        cards=tuple(cards[key] for key in now),
        earlier=tuple(cards[key] for key in cards if key[1] != period),
        criteria=tuple((cards[key], tuple(criterion_lines(shown, scheme, cases[key]))) for key in detailed),
        choices=tuple(_choices(shown.names, scheme, shown.release.job.chosen)) if scheme else (),
        sources=tuple(cited(source.title, source.document) for source in scheme.sources) if scheme else (),
    )


def _detailed(shown: Shown, keys: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    entities = sorted({key[0] for key in keys}, key=lambda entity: (entity not in shown.focus, entity))
    kept = set(entities[:DETAIL_LIMIT])
    return [key for key in keys if key[0] in kept]


def _card(shown: Shown, scheme: Scheme | None, rows: list[Row]) -> VerdictCard:
    names = shown.names
    counts = Counter(row["state"] for row in rows if row["kind"] == "criterion")
    verdict = next((row for row in rows if row["kind"] == "verdict"), None) or {**rows[0], **_NO_VERDICT}
    score = number_of(verdict["score"], plain(""), verdict["reference"]) if verdict["score"] is not None else None
    return VerdictCard(
        scheme=names.scheme(verdict["scheme"]),
        document=scheme.document if scheme else "",
        entity=names.entity(verdict["entity"]),
        period=period_of(verdict),
        variant=names.variant(verdict["variant"]),
        reference=verdict["reference"],
        state=verdict["state"],
        provisional=bool(verdict["provisional"]),
        confidence=verdict["confidence"],
        score=score,
        reason=names.reason(verdict["reason"], verdict["detail"]),
        counts=tuple((state, counts[state]) for state in STATES if counts[state]),
    )


_NO_VERDICT: Row = {
    "state": "not_evaluable",
    "score": None,
    "reason": None,
    "detail": None,
    "provisional": False,
    "confidence": "low",
    "reference": "",
}


def criterion_lines(shown: Shown, scheme: Scheme | None, rows: list[Row]) -> list[CriterionLine]:
    """The lines of one verdict in the order of the scheme; choices and groups follow their criteria."""
    criteria = {each.id: each for each in scheme.criteria} if scheme else {}
    order = list(criteria)
    inside = [row for row in rows if row["kind"] != "verdict"]
    inside.sort(key=lambda row: (order.index(row["node"]) if row["node"] in order else len(order), row["node"]))
    return [_criterion_line(shown, scheme, criteria.get(row["node"]), row) for row in inside]


def _criterion_line(shown: Shown, scheme: Scheme | None, criterion: Criterion | None, row: Row) -> CriterionLine:
    names = shown.names
    unit = names.unit(row["unit"])
    return CriterionLine(
        reference=row["reference"],
        kind=row["kind"],
        name=criterion.title if criterion else node_title(names, scheme, row["node"]),
        group=_group_title(scheme, criterion),
        role=names.word("role", row["role"]) if row["role"] else plain(""),
        rule=rule_text(names, criterion) if criterion else plain(""),
        variant=names.variant(row["variant"]),
        value=number_of(row["value"], unit, row["reference"]),
        limit=number_of(row["limit"], unit, row["reference"]),
        ratio=number_of(row["ratio"], plain(""), row["reference"]),
        state=row["state"],
        reason=names.reason(row["reason"], row["detail"]),
        confidence=row["confidence"],
        provisional=bool(row["provisional"]),
        clause=cited(criterion.clause, criterion.source) if criterion else "",
    )


def node_title(names: Names, scheme: Scheme | None, node: str) -> Text:
    """The title of a choice or a group of a scheme."""
    parts = [*scheme.groups, *scheme.choices] if scheme else []
    titles = {part.id: part.title for part in parts if part.title}
    return titles.get(node) or names.word("node", node)


def _group_title(scheme: Scheme | None, criterion: Criterion | None) -> Text:
    groups = {group.id: group.title for group in scheme.groups} if scheme else {}
    return groups.get(criterion.group, plain("")) if criterion else plain("")


def rule_text(names: Names, criterion: Criterion) -> Text:
    """The rule of a criterion in words: the scheme's own where the pack quotes them, else said from its data."""
    if criterion.text:
        return criterion.text
    rule = criterion.rule
    if isinstance(rule, Threshold):
        return names.say("publish.rule.threshold", operator=_sign(rule.operator), limit=rule.limit, unit=_unit(names, rule))
    if isinstance(rule, Cases):
        return _cases_text(names, rule)
    if isinstance(rule, LeadingValue):
        message = f"publish.rule.leading_{rule.better}"
        return names.say(message, leading=rule.leading, unit=_unit(names, rule))
    if isinstance(rule, Elasticity):
        return names.say("publish.rule.elasticity", limit=rule.limit, growth=names.quantity(rule.growth))
    return _evidence_text(names, rule)


def _evidence_text(names: Names, rule: Flag | External) -> Text:
    if isinstance(rule, External):
        return names.say("publish.rule.external", reference=rule.reference)
    return names.say(f"publish.rule.flag_{'yes' if rule.expected else 'no'}")


def _cases_text(names: Names, rule: Cases) -> Text:
    parts = [_case_text(names, rule, case) for case in rule.cases]
    return Text(zh="；".join(part.zh for part in parts), en="; ".join(part.en for part in parts))


def _case_text(names: Names, rule: Cases, case: Case) -> Text:
    then = names.say("publish.rule.threshold", operator=_sign(case.operator), limit=case.limit, unit=_unit(names, rule))
    when = case.title
    if when is None:
        bounds = [("=", case.equals), ("≥", case.at_least), ("<", case.below)]
        marks = [f"{sign} {number_of(value, plain('')).text}" for sign, value in bounds if value is not None]
        when = plain(f"{rule.on} {' ∧ '.join(marks)}".strip())
    return names.say("publish.rule.case", when=when, then=then)


def _sign(operator: str) -> str:
    return {"<=": "≤", ">=": "≥", "==": "="}.get(operator, operator)


def _unit(names: Names, rule: Threshold | Cases | LeadingValue) -> Text:
    return names.unit(rule.unit)


def _choices(names: Names, scheme: Scheme, chosen: dict[str, tuple[str, ...]]) -> list[Choosing]:
    titles = {criterion.id: criterion.title for criterion in scheme.criteria}
    found = []
    for choice in scheme.choices:
        text = names.say(f"publish.choice.{choice.meaning}", k=choice.k, n=len(choice.members), title=choice.title or "")
        picked = [titles.get(each, plain(each)) for each in chosen.get(choice.id, ())]
        others = [titles.get(each, plain(each)) for each in choice.members if each not in chosen.get(choice.id, ())]
        found.append(Choosing(text, _listed(picked) if picked else names.say("publish.choice.none"), _listed(others)))
    for switch in scheme.switches:
        found.append(Choosing(switch.text, plain(switch.chosen), plain("; ".join(switch.alternatives))))
    return found


def _listed(texts: list[Text]) -> Text:
    return Text(zh="、".join(text.zh for text in texts), en="; ".join(text.en for text in texts))
