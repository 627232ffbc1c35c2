"""Checks of checks packs: what their rules refer to exists, and units of both sides fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from greenpark.catalog.check_factors import FACTOR_KINDS, check_dates, check_ranges, check_source
from greenpark.catalog.check_knowledge import OF_THE_CARRIER
from greenpark.catalog.library import Library
from greenpark.catalog.mistakes import PackMistake
from greenpark.catalog.read import ReadPack
from greenpark.model.checks import BalanceRule, CheckRule, PeersRule, RatioRule, SlipRule, Term
from greenpark.model.contents import FLOWS, CheckPack
from greenpark.model.fit import Path


def check_checks(pack: ReadPack, library: Library) -> Iterator[PackMistake]:
    """Ranges, rules and tolerances that refer to what does not exist or add what does not fit."""
    definition: CheckPack = pack.definition
    yield from check_ranges(pack, library)
    for index, rule in enumerate(definition.rules):
        path: Path = ("rules", index)
        yield from check_source(pack, (*path, "source"), rule.source, definition.sources)
        yield from check_dates(pack, path, rule.since, rule.until)
        yield from _check_names(pack, (*path, "quantities"), "quantity", rule.quantities, library)
        yield from _check_names(pack, (*path, "carriers"), "carrier", rule.carriers, library)
        yield from _check_flows(pack, (*path, "flows"), rule.flows)
        yield from _check_kind(pack, path, rule, library)
    for index, tolerance in enumerate(definition.tolerances):
        path = ("tolerances", index)
        yield from check_source(pack, (*path, "source"), tolerance.source, definition.sources)
        yield from library.unit(pack, (*path, "unit"), tolerance.unit)


def _check_kind(pack: ReadPack, path: Path, rule: CheckRule, library: Library) -> Iterator[PackMistake]:
    if isinstance(rule, PeersRule):
        yield from _check_names(pack, (*path, "by"), "quantity", rule.by, library)
    elif isinstance(rule, SlipRule):
        for place, unit in enumerate(rule.units):
            yield from library.unit(pack, (*path, "units", place), unit)
        yield from _check_factors(pack, path, rule.factor_kind, rule.factor_sets, "factor_sets", library)
    elif isinstance(rule, BalanceRule):
        yield from _check_terms(pack, (*path, "left"), rule.left, rule.unit, library)
        yield from _check_terms(pack, (*path, "right"), rule.right, rule.unit, library)
    elif isinstance(rule, RatioRule):
        yield from _check_ratio(pack, path, rule, library)


def _check_ratio(pack: ReadPack, path: Path, rule: RatioRule, library: Library) -> Iterator[PackMistake]:
    yield from _check_terms(pack, (*path, "above"), rule.above, "", library)
    yield from _check_terms(pack, (*path, "below"), rule.below, "", library)
    yield from library.unit(pack, (*path, "unit"), rule.unit)
    sets = (rule.factor_set,) if rule.factor_set else ()
    yield from _check_factors(pack, path, rule.factor_kind, sets, "factor_set", library)
    if rule.low is not None and rule.high is not None and rule.low > rule.high:
        yield pack.mistake((*path, "low"), "catalog.low_above_high", low=rule.low, high=rule.high)


def _check_terms(
    pack: ReadPack, path: Path, terms: tuple[Term, ...], unit: str, library: Library
) -> Iterator[PackMistake]:
    if unit:
        yield from library.unit(pack, (path[0], path[1], "unit"), unit)
    for place, term in enumerate(terms):
        key = (*path, place)
        yield from library.reference(pack, (*key, "quantity"), "quantity", term.quantity)
        yield from _check_names(pack, (*key, "carriers"), "carrier", term.carriers, library)
        yield from _check_flows(pack, (*key, "flows"), term.flows)
        sets = (term.factor_set,) if term.factor_set else ()
        yield from _check_factors(pack, key, term.factor_kind, sets, "factor_set", library)
        quantity = library.all("quantity").get(term.quantity)
        if unit and quantity and quantity.unit != OF_THE_CARRIER and not term.factor_kind:
            yield from library.same_measure(pack, (path[0], path[1], "unit"), unit, quantity.unit, term.quantity)


def _check_factors(
    pack: ReadPack, path: Path, kind: str, sets: Iterable[str], key: str, library: Library
) -> Iterator[PackMistake]:
    if kind and kind not in FACTOR_KINDS:
        yield pack.mistake((*path, "factor_kind"), "catalog.not_an_option", found=kind, options=tuple(FACTOR_KINDS))
    # A checks pack is read before the factors: alone, it cannot know their sets.
    for name in sets if library.all("factor_set") else ():
        yield from library.reference(pack, (*path, key), "factor_set", name)


def _check_names(
    pack: ReadPack, path: Path, sort: str, names: Iterable[str], library: Library
) -> Iterator[PackMistake]:
    for place, name in enumerate(names):
        yield from library.reference(pack, (*path, place), sort, name)


def _check_flows(pack: ReadPack, path: Path, names: Iterable[str]) -> Iterator[PackMistake]:
    for place, name in enumerate(names):
        if name and name not in FLOWS:
            yield pack.mistake((*path, place), "catalog.not_an_option", found=name, options=FLOWS)
