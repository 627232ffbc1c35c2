"""Checks of the rules of criteria: units, numbers, and what a rule can be applied to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from greenpark.catalog.check_ranges import check_ranges
from greenpark.catalog.library import Library
from greenpark.catalog.mistakes import PackMistake, Phrase
from greenpark.catalog.read import ReadPack
from greenpark.catalog.suggest import suggestion
from greenpark.model.fit import Path
from greenpark.model.scheme_rules import OPEN_NUMBERS
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
    Indicator,
    LeadingValue,
    Linear,
    Normalised,
    Points,
    Portfolio,
    Relative,
    Rule,
    Scheme,
    SelfSet,
    Threshold,
    TreeVerdict,
)

_NO_UNIT = "1"
_AT_LEAST = (">=", ">")
_AT_MOST = ("<=", "<")
_MEASURED = (Threshold, Cases, LeadingValue, Linear, Elasticity, Points, Bands, Relative, Normalised, SelfSet)
# Keys of a rule that name a second indicator.
_SECOND = {
    "elasticity": ("growth",),
    "cases": ("on",),
    "leading_value": ("full_score_if",),
    "portfolio": ("indicator", "weight"),
}
_ITSELF = (Checklist, Portfolio)  # rules that need no indicator of the criterion


def check_rule(
    pack: ReadPack, path: Path, criterion: Criterion, scheme: Scheme, library: Library
) -> Iterator[PackMistake]:
    """Mistakes in the rule of one criterion."""
    yield from _check_rule(pack, (*path, "rule"), criterion.rule, criterion.indicator, scheme, library)
    if criterion.applies_where:
        yield from _known(
            pack, (*path, "applies_where"), criterion.applies_where, (each.id for each in scheme.indicators)
        )


def _check_rule(
    pack: ReadPack, key: Path, rule: Rule, name: str, scheme: Scheme, library: Library
) -> Iterator[PackMistake]:
    if isinstance(rule, Conditional):
        yield from _check_conditional(pack, key, rule, name, scheme, library)
        return
    if not name and not isinstance(rule, _ITSELF):
        yield pack.mistake(key[:-1], "catalog.missing_key", name="indicator")
        return
    indicators = {each.id: each for each in scheme.indicators}
    if name and name in indicators:
        yield from _check_measure(pack, key, rule, indicators[name], library)
    yield from _check_numbers(pack, key, rule, scheme, library)
    yield from _check_second(pack, key, rule, scheme, library)


def _check_measure(
    pack: ReadPack, key: Path, rule: Rule, indicator: Indicator, library: Library
) -> Iterator[PackMistake]:
    """The unit of the rule against that of its indicator."""
    if isinstance(rule, _MEASURED):
        yield from library.same_measure(pack, (*key, "unit"), rule.unit, indicator.unit, indicator.id)
    elif isinstance(rule, Flag | External) and (
        library.known_unit(indicator.unit) and library.multiplier(indicator.unit, _NO_UNIT) is None
    ):
        values = {"kind": rule.kind, "name": indicator.id, "unit": indicator.unit}
        yield pack.mistake((*key, "kind"), "catalog.flag_on_number", **values)


def _check_numbers(pack: ReadPack, key: Path, rule: Rule, scheme: Scheme, library: Library) -> Iterator[PackMistake]:
    """Numbers that must be stated (null where they are not public), positive, or different."""
    for name in OPEN_NUMBERS.get(rule.kind, ()):
        source = getattr(rule, f"{name}_from")
        if name not in rule.model_fields_set and not source:
            yield pack.mistake(key, "catalog.missing_key", name=name)
        yield from _check_reference(pack, (*key, f"{name}_from"), source, rule, scheme, library)
    if isinstance(rule, LeadingValue) and rule.leading is not None and rule.leading <= 0:
        yield pack.mistake((*key, "leading"), "catalog.not_positive", found=rule.leading)
    if isinstance(rule, Points | Bands) and rule.maximum <= 0:
        yield pack.mistake((*key, "maximum"), "catalog.not_positive", found=rule.maximum)
    if isinstance(rule, Linear):
        yield from _check_linear(pack, key, rule)
    if isinstance(rule, Bands):
        yield from check_ranges(pack, (*key, "bands"), rule.bands, gaps=True)
        for index, band in enumerate(rule.bands):
            if not 0 <= band.points <= rule.maximum:
                values = {"found": band.points, "maximum": rule.maximum}
                yield pack.mistake((*key, "bands", index, "points"), "catalog.points_out_of_range", **values)
    has_unit = isinstance(rule, Elasticity) and library.known_unit(rule.unit)
    if isinstance(rule, Elasticity) and has_unit and library.multiplier(rule.unit, _NO_UNIT) is None:
        yield pack.mistake((*key, "unit"), "catalog.elasticity_unit", found=rule.unit)
    if isinstance(rule, Relative) and (rule.statistic == "quantile") != (rule.quantile is not None):
        yield pack.mistake((*key, "quantile"), "catalog.missing_key", name="quantile")


def _check_linear(pack: ReadPack, key: Path, rule: Linear) -> Iterator[PackMistake]:
    if rule.base is not None and rule.base == rule.leading:
        yield pack.mistake((*key, "leading"), "catalog.base_is_leading", found=rule.leading)
    for name, value in (("base", rule.base), ("leading", rule.leading)):
        if rule.scale == "log" and value is not None and value <= 0:
            yield pack.mistake((*key, name), "catalog.not_positive", found=value)


def _check_second(pack: ReadPack, key: Path, rule: Rule, scheme: Scheme, library: Library) -> Iterator[PackMistake]:
    """What a rule needs beside its own value: a second indicator, facts, references, the verdict's normalisation."""
    for part in _SECOND.get(rule.kind, ()):
        if name := getattr(rule, part):
            yield from _known(pack, (*key, part), name, (each.id for each in scheme.indicators))
    if isinstance(rule, Cases):
        yield from _check_cases(pack, (*key, "cases"), rule.cases)
    elif isinstance(rule, Checklist):
        for index, item in enumerate(rule.items):
            yield from library.reference(pack, (*key, "items", index, "fact"), "quantity", item.fact)
    elif isinstance(rule, SelfSet):
        if rule.base_year is None and not rule.base_from:
            yield pack.mistake(key, "catalog.missing_key", name="base_year")
        for part in ("base_from", "target_from"):
            yield from _check_reference(pack, (*key, part), getattr(rule, part), rule, scheme, library)
    elif isinstance(rule, Normalised) and not _normalises(scheme):
        yield pack.mistake((*key, "kind"), "catalog.normalisation_needed")


def _normalises(scheme: Scheme) -> bool:
    return isinstance(scheme.verdict, TreeVerdict) and scheme.verdict.normalisation is not None


def _check_reference(
    pack: ReadPack, path: Path, name: str, rule: Rule, scheme: Scheme, library: Library
) -> Iterator[PackMistake]:
    if not name:
        return
    known = {each.id: each for each in scheme.references}
    if name not in known:
        values = {"sort": Phrase("catalog.sort.reference"), "found": name}
        yield pack.mistake(path, "catalog.unknown_id", hint=suggestion(name, known), **values)
    else:
        unit = getattr(rule, "unit", _NO_UNIT)
        yield from library.same_measure(pack, path, known[name].unit, unit, name)


def _check_conditional(
    pack: ReadPack, key: Path, rule: Conditional, name: str, scheme: Scheme, library: Library
) -> Iterator[PackMistake]:
    names = [each.id for each in scheme.indicators]
    if bool(rule.on) == bool(rule.attribute):
        yield pack.mistake(key, "catalog.missing_key", name="on")
    elif rule.on:
        yield from _known(pack, (*key, "on"), rule.on, names)
    ranged = [each for each in rule.cases if not each.otherwise] if rule.on else []
    yield from check_ranges(pack, (*key, "cases"), ranged, open_ends=len(ranged) == len(rule.cases), gaps=True)
    for index, case in enumerate(rule.cases):
        path = (*key, "cases", index)
        if rule.attribute and not (case.among or case.otherwise):
            yield pack.mistake(path, "catalog.missing_key", name="among")
        if case.otherwise and index != len(rule.cases) - 1:
            yield pack.mistake((*path, "otherwise"), "catalog.otherwise_last")
        if case.indicator:
            yield from _known(pack, (*path, "indicator"), case.indicator, names)
        yield from _check_rule(pack, (*path, "rule"), case.rule, case.indicator or name, scheme, library)


def _check_cases(pack: ReadPack, path: Path, cases: tuple[Case, ...]) -> Iterator[PackMistake]:
    operators = {case.operator in _AT_LEAST for case in cases if case.operator in (*_AT_LEAST, *_AT_MOST)}
    if len(operators) > 1:
        yield pack.mistake(path, "catalog.operators_differ", found=tuple(case.operator for case in cases))
    yield from check_ranges(pack, path, cases)


def _known(pack: ReadPack, path: Path, name: str, known: Iterable[str]) -> Iterator[PackMistake]:
    """A mistake when the name is no indicator of the scheme."""
    options = tuple(known)
    if name not in options:
        values = {"sort": Phrase("catalog.sort.indicator"), "found": name}
        yield pack.mistake(path, "catalog.unknown_id", hint=suggestion(name, options), **values)
