"""Checks of steering packs: a light cannot turn amber before it stops being green."""

from __future__ import annotations

from collections.abc import Iterator

from greenpark.catalog.check_factors import check_source, check_sources
from greenpark.catalog.library import Library
from greenpark.catalog.mistakes import PackMistake
from greenpark.catalog.read import ReadPack
from greenpark.model.steering import SteeringPack


def check_steering(pack: ReadPack, _library: Library) -> Iterator[PackMistake]:
    """Sources that are not listed, and limits the wrong way round."""
    definition: SteeringPack = pack.definition
    yield from check_sources(pack, definition.sources)
    for index, rule in enumerate(definition.lights):
        yield from check_source(pack, ("lights", index, "source"), rule.source, definition.sources)
        if rule.green > rule.amber:
            yield pack.mistake(("lights", index, "green"), "catalog.low_above_high", low=rule.green, high=rule.amber)
