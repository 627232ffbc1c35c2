"""The rule of a criterion in words, said from its data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from greenpark.model.scheme_rules import Item
from greenpark.model.schemes import (
    Bands,
    Case,
    Cases,
    Checklist,
    Conditional,
    Criterion,
    Elasticity,
    External,
    Flag,
    LeadingValue,
    Linear,
    Normalised,
    Points,
    Portfolio,
    Range,
    Relative,
    Rule,
    SelfSet,
    Threshold,
    When,
)
from greenpark.model.text import Text
from greenpark.publish.naming import Names, plain
from greenpark.publish.shown import number_of


def rule_text(names: Names, criterion: Criterion) -> Text:
    """The rule of a criterion in words."""
    told = said(names, criterion.rule)
    if criterion.over is None:
        return told
    over = names.say(f"publish.rule.over_{criterion.over.take}", years=criterion.over.years)
    return names.say("publish.rule.case", when=over, then=told)


def said(names: Names, rule: Rule) -> Text:
    """Any rule in words."""
    return _SAID[rule.kind](names, rule)


def _number(names: Names, value: float | None, source: str) -> object:
    """A number of a rule, where it comes from, or that it is not public."""
    if source:
        return names.say("publish.rule.from", reference=names.reference(source))
    return names.say("publish.rule.not_public") if value is None else value


def _threshold(names: Names, rule: Threshold) -> Text:
    limit = _number(names, rule.limit, rule.limit_from)
    return names.say("publish.rule.threshold", operator=_sign(rule.operator), limit=limit, unit=names.unit(rule.unit))


def _cases(names: Names, rule: Cases) -> Text:
    return _joined([_case(names, rule, case) for case in rule.cases])


def _case(names: Names, rule: Cases, case: Case) -> Text:
    limit = {"operator": _sign(case.operator), "limit": case.limit, "unit": names.unit(rule.unit)}
    when = case.title or _range(names, names.compared(rule.on), case)
    return names.say("publish.rule.case", when=when, then=names.say("publish.rule.threshold", **limit))


def _leading(names: Names, rule: LeadingValue) -> Text:
    leading = _number(names, rule.leading, rule.leading_from)
    message = f"publish.rule.leading_{rule.better}{'' if rule.cap is None else '_capped'}"
    cap = {} if rule.cap is None else {"cap": rule.cap}
    return names.say(message, leading=leading, unit=names.unit(rule.unit), **cap)


def _linear(names: Names, rule: Linear) -> Text:
    base, leading = _number(names, rule.base, rule.base_from), _number(names, rule.leading, rule.leading_from)
    unit = names.unit(rule.unit)
    return names.say(f"publish.rule.linear_{rule.scale}", base=base, leading=leading, unit=unit)


def _elasticity(names: Names, rule: Elasticity) -> Text:
    return names.say("publish.rule.elasticity", limit=rule.limit, growth=names.compared(rule.growth))


def _flag(names: Names, rule: Flag) -> Text:
    return names.say(f"publish.rule.flag_{'yes' if rule.expected else 'no'}")


def _external(names: Names, rule: External) -> Text:
    return names.say("publish.rule.external", reference=rule.reference)


def _points(names: Names, rule: Points) -> Text:
    return names.say("publish.rule.points", maximum=rule.maximum)


def _bands(names: Names, rule: Bands) -> Text:
    value = names.say("publish.rule.value")
    parts = [
        names.say(
            "publish.rule.band", when=band.title or _range(names, value, band), points=band.points, maximum=rule.maximum
        )
        for band in rule.bands
    ]
    return _joined(parts)


def _checklist(names: Names, rule: Checklist) -> Text:
    whole = sum(item.counts for item in rule.items)
    needed = whole if rule.at_least is None else rule.at_least
    items = _listed([_item(names, item) for item in rule.items])
    return names.say("publish.rule.checklist", at_least=needed, whole=whole, items=items)


def _item(names: Names, item: Item) -> Text:
    return item.title or names.quantity(item.fact)


def _relative(names: Names, rule: Relative) -> Text:
    statistic = names.word("statistic", rule.statistic)
    group = plain(rule.group) if rule.group else names.say("publish.rule.all_peers")
    return names.say("publish.rule.relative", operator=_sign(rule.operator), statistic=statistic, group=group)


def _normalised(names: Names, rule: Normalised) -> Text:
    return names.say(f"publish.rule.normalised_{rule.better}")


def _self_set(names: Names, rule: SelfSet) -> Text:
    base = names.reference(rule.base_from) if rule.base_from else plain(rule.base_year)
    if not rule.target_from:
        return names.say(f"publish.rule.improvement_{rule.better}", base=base)
    return names.say("publish.rule.self_set", base=base, target=names.reference(rule.target_from))


def _portfolio(names: Names, rule: Portfolio) -> Text:
    limit = _number(names, rule.limit, "")
    held = names.compared(rule.indicator)
    sign = {"operator": _sign(rule.operator), "limit": limit, "holds": _sign(rule.holds), "bound": rule.bound}
    return names.say("publish.rule.portfolio", indicator=held, **sign)


def _conditional(names: Names, rule: Conditional) -> Text:
    return _joined([_when(names, rule, case) for case in rule.cases])


def _when(names: Names, rule: Conditional, case: When) -> Text:
    then = said(names, case.rule)
    if case.indicator:
        then = names.say("publish.rule.case", when=names.compared(case.indicator), then=then)
    return names.say("publish.rule.case", when=case.title or _condition(names, rule, case), then=then)


def _condition(names: Names, rule: Conditional, case: When) -> Text:
    if case.otherwise:
        return names.say("publish.rule.otherwise")
    if rule.on:
        return _range(names, names.compared(rule.on), case)
    words = _listed([names.area(each) if rule.attribute in _AREAS else plain(each) for each in case.among])
    return names.say("publish.rule.among", attribute=names.word("attribute", rule.attribute), words=words)


_AREAS = ("area", "province")


def _range(names: Names, on: Text, span: Range) -> Text:
    ends = (("=", span.equals), ("≥", span.at_least), (">", span.above), ("<", span.below), ("≤", span.at_most))
    bounds = ", ".join(f"{sign} {number_of(value, plain('')).text}" for sign, value in ends if value is not None)
    return Text(zh=f"{on.zh} {bounds}", en=f"{on.en} {bounds}")


def _joined(parts: list[Text]) -> Text:
    return Text(zh="；".join(part.zh for part in parts), en="; ".join(part.en for part in parts))


def _listed(parts: list[Text]) -> Text:
    return Text(zh="、".join(part.zh for part in parts), en=", ".join(part.en for part in parts))


def _sign(operator: str) -> str:
    return {"<=": "≤", ">=": "≥", "==": "="}.get(operator, operator)


_SAID: dict[str, Callable[[Names, Any], Text]] = {
    "threshold": _threshold,
    "cases": _cases,
    "leading_value": _leading,
    "linear": _linear,
    "elasticity": _elasticity,
    "flag": _flag,
    "external": _external,
    "points": _points,
    "bands": _bands,
    "checklist": _checklist,
    "relative": _relative,
    "normalised": _normalised,
    "self_set": _self_set,
    "portfolio": _portfolio,
    "conditional": _conditional,
}
