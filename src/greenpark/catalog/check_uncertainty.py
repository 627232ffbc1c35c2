"""Checks of uncertainty packs: kinds and sets exist, ranges have both ends, scores fit the matrix."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from greenpark.catalog.check_factors import FACTOR_KINDS, check_source, check_sources
from greenpark.catalog.library import Library
from greenpark.catalog.mistakes import PackMistake
from greenpark.catalog.read import ReadPack
from greenpark.model.doubt import AssumedRange, UncertaintyPack
from greenpark.model.fit import Path
from greenpark.model.knowledge import Carrier

_OF_FACTOR = tuple(FACTOR_KINDS)
_OF_ACTIVITY: tuple[str, ...] = get_args(Carrier.model_fields["kind"].annotation)


def check_uncertainty(pack: ReadPack, library: Library) -> Iterator[PackMistake]:
    """Kinds, items, sets and sources that do not exist; ranges with one end; scores that the matrix does not have."""
    definition: UncertaintyPack = pack.definition
    yield from check_sources(pack, definition.sources)
    for index, each in enumerate(definition.ranges):
        path = ("ranges", index)
        yield from check_source(pack, (*path, "source"), each.source, definition.sources)
        options = _OF_FACTOR if each.subject == "factor" else _OF_ACTIVITY
        yield from _option(pack, (*path, "kind"), each.kind, options)
        if each.item:
            yield from library.reference(pack, (*path, "item"), "carrier", each.item)
        yield from _check_width(pack, path, each, definition)
    for index, rule in enumerate(definition.borrowed):
        path = ("borrowed", index)
        yield from check_source(pack, (*path, "source"), rule.source, definition.sources)
        yield from _option(pack, (*path, "kind"), rule.kind, _OF_FACTOR)
        yield from _option(pack, (*path, "of_kind"), rule.of_kind, _OF_FACTOR)
        yield from library.reference(pack, (*path, "factor_set"), "factor_set", rule.factor_set)
    for index, together in enumerate(definition.correlated):
        path = ("correlated", index)
        yield from check_source(pack, (*path, "source"), together.source, definition.sources)
        yield from _option(pack, (*path, "kind"), together.kind, _OF_FACTOR)
    if definition.pedigree is not None:
        yield from check_source(pack, ("pedigree", "source"), definition.pedigree.source, definition.sources)


def _check_width(pack: ReadPack, path: Path, each: AssumedRange, definition: UncertaintyPack) -> Iterator[PackMistake]:
    if not each.exact and (each.low is None) != (each.high is None):
        yield pack.mistake(path, "catalog.missing_key", name="low" if each.low is None else "high")
    if not each.exact and each.low is None and not each.scores:
        yield pack.mistake(path, "catalog.missing_key", name="low")
    if not each.scores:
        return
    indicators = definition.pedigree.indicators if definition.pedigree else ()
    fits = len(each.scores) == len(indicators)
    if not fits or any(not 1 <= score <= len(of.factors) for score, of in zip(each.scores, indicators, strict=False)):
        yield pack.mistake(
            (*path, "scores"), "catalog.scores_do_not_fit", found=", ".join(map(str, each.scores)),
            indicators=len(indicators), scores=min((len(of.factors) for of in indicators), default=0),
        )  # fmt: skip


def _option(pack: ReadPack, path: Path, found: str, options: tuple[str, ...]) -> Iterator[PackMistake]:
    if found and found not in options:
        yield pack.mistake(path, "catalog.not_an_option", found=found, options=options)
