"""Checks of the rules of criteria: units, cases, and what a rule can be applied to."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from greenpark.catalog.library import Library
from greenpark.catalog.mistakes import PackMistake, Phrase
from greenpark.catalog.read import ReadPack
from greenpark.catalog.suggest import suggestion
from greenpark.model.fit import Path
from greenpark.model.schemes import Case, Cases, Criterion, Elasticity, LeadingValue, Scheme, Threshold

_NO_UNIT = "1"
_AT_LEAST = (">=", ">")
_AT_MOST = ("<=", "<")


def check_rule(
    pack: ReadPack, path: Path, criterion: Criterion, scheme: Scheme, library: Library
) -> Iterator[PackMistake]:
    """Mistakes in the rule of one criterion whose indicator exists."""
    rule = criterion.rule
    indicators = {each.id: each for each in scheme.indicators}
    indicator = indicators[criterion.indicator]
    key = (*path, "rule")
    if isinstance(rule, Threshold | Cases | LeadingValue | Elasticity):
        yield from library.same_measure(pack, (*key, "unit"), rule.unit, indicator.unit, indicator.id)
    elif library.known_unit(indicator.unit) and library.multiplier(indicator.unit, _NO_UNIT) is None:
        yield pack.mistake(
            (*key, "kind"), "catalog.flag_on_number", kind=rule.kind, name=indicator.id, unit=indicator.unit
        )
    if isinstance(rule, LeadingValue) and rule.leading <= 0:
        yield pack.mistake((*key, "leading"), "catalog.not_positive", found=rule.leading)
    if isinstance(rule, Elasticity):
        yield from _check_known(pack, (*key, "growth"), rule.growth, scheme, library)
        if library.known_unit(rule.unit) and library.multiplier(rule.unit, _NO_UNIT) is None:
            yield pack.mistake((*key, "unit"), "catalog.elasticity_unit", found=rule.unit)
    if isinstance(rule, Cases):
        yield from _check_known(pack, (*key, "on"), rule.on, scheme, library)
        yield from _check_cases(pack, (*key, "cases"), rule.cases)


def _check_known(pack: ReadPack, path: Path, name: str, scheme: Scheme, library: Library) -> Iterator[PackMistake]:
    """A mistake when the name is neither an indicator of the scheme nor a quantity."""
    known = (*(each.id for each in scheme.indicators), *library.all("quantity"))
    if name not in known and "quantities" not in library.unreadable:
        values = {"sort": Phrase("catalog.sort.indicator"), "found": name}
        yield pack.mistake(path, "catalog.unknown_id", hint=suggestion(name, known), **values)


def _check_cases(pack: ReadPack, path: Path, cases: tuple[Case, ...]) -> Iterator[PackMistake]:
    if not cases:
        yield pack.mistake(path, "catalog.no_cases")
    for index, case in enumerate(cases):
        bounded = case.at_least is not None or case.below is not None
        if bounded == (case.equals is not None):
            yield pack.mistake((*path, index), "catalog.case_without_range")
        elif case.at_least is not None and case.below is not None and case.below <= case.at_least:
            yield pack.mistake((*path, index, "below"), "catalog.case_empty", low=case.at_least, high=case.below)
    operators = {case.operator in _AT_LEAST for case in cases if case.operator in (*_AT_LEAST, *_AT_MOST)}
    if len(operators) > 1:
        yield pack.mistake(path, "catalog.operators_differ", found=tuple(case.operator for case in cases))
    yield from _check_spans(pack, path, cases)


def _check_spans(pack: ReadPack, path: Path, cases: tuple[Case, ...]) -> Iterator[PackMistake]:
    """Cases that overlap, gaps between them (mistakes), and gaps at the ends (notes)."""
    spans = sorted(span for index, case in enumerate(cases) if (span := _span(case, index)))
    for (_, end, _, first), (start, _, _, second) in pairwise(spans):
        values = {"first": f"cases[{min(first, second)}]", "second": f"cases[{max(first, second)}]"}
        if start < end:
            yield pack.mistake((*path, max(first, second)), "catalog.cases_overlap", **values)
    ranges = [span for span in spans if not span[2]]
    for (_, end, _, _), (start, _, _, second) in pairwise(ranges):
        if end < start and not any(point and end <= low < start for low, _, point, _ in spans):
            yield pack.mistake((*path, second), "catalog.cases_gap", low=end, high=start)
    if ranges and ranges[0][0] != float("-inf"):
        yield pack.remark(path, "catalog.cases_open_below", low=ranges[0][0])
    if ranges and max(span[1] for span in ranges) != float("inf"):
        yield pack.remark(path, "catalog.cases_open_above", high=max(span[1] for span in ranges))


def _span(case: Case, index: int) -> tuple[float, float, bool, int] | None:
    """Start, end, whether it is a single point, and the case's place; None for a case that has no range."""
    if case.equals is not None:
        # A point covers itself, so that two equal points overlap.
        return case.equals, case.equals + max(abs(case.equals), 1.0) * 1e-12, True, index
    if case.at_least is None and case.below is None:
        return None
    low = float("-inf") if case.at_least is None else case.at_least
    high = float("inf") if case.below is None else case.below
    return (low, high, False, index) if low < high else None
