"""Numbers that a rule takes from outside the criterion: by year, class, area or entity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from greenpark.engine.shape import Bools, Floats, Ints
from greenpark.evaluate.bench import Bench
from greenpark.evaluate.states import HIGH
from greenpark.model.confidence import RANK
from greenpark.model.schemes import Reference, Scheme

# Which entity a value is for where a reference has no attribute of its own to look up.
_ENTITY = "entity"
_Table = dict[tuple[int | None, str], tuple[float, int]]


@dataclass(frozen=True)
class Numbers:
    """One number for every subject, with its confidence; NaN where there is none, and the reason for that."""

    value: Floats
    confidence: Ints
    reason: int

    @property
    def known(self) -> Bools:
        """Where there is a number."""
        return np.asarray(~np.isnan(self.value), dtype=np.bool_)


def number_of(
    bench: Bench, stated: float | None, source: str, unit: str, absent: str = "evaluate.limit_not_public"
) -> Numbers:
    """A number of a rule: as the scheme states it, from a reference, or not public."""
    size = bench.subjects.size
    if source:
        return look_up(bench, source, unit)
    value = np.full(size, np.nan if stated is None else stated)
    return Numbers(value, np.full(size, HIGH, dtype=np.int64), bench.reasons.code(absent))


def look_up(bench: Bench, name: str, unit: str) -> Numbers:
    """The value of a reference for each subject: of its year, and of its class, area or itself; never of another year."""
    reference = next(each for each in bench.scheme.references if each.id == name)
    table = _table(reference, bench)
    subjects = bench.subjects
    value = np.full((len(subjects.entities), len(subjects.periods)), np.nan)
    confidence = np.full(value.shape, HIGH, dtype=np.int64)
    for row, entity in enumerate(subjects.entities):
        keys = _keys(reference, entity, bench)
        for column, year in enumerate(subjects.years.tolist()):
            found = next((table[each] for each in _ways(year, keys) if each in table), None)
            if found is not None:
                value[row, column], confidence[row, column] = found
    at = subjects.entity_at, np.tile(subjects.period, len(subjects.variants))
    scaled = value[at] * bench.multiplier(reference.unit, unit, name)
    reason = bench.reasons.code("evaluate.reference_missing", reference=name)
    return Numbers(scaled, confidence[at], reason)


def milestone(bench: Bench, name: str, unit: str) -> tuple[Numbers, Bools]:
    """The entity's own target: that of the year, else that of the next milestone; and whether it is due in the year."""
    now = look_up(bench, name, unit)
    reference = next(each for each in bench.scheme.references if each.id == name)
    table = _table(reference, bench)
    later = np.full(bench.subjects.size, np.nan)
    confidence = now.confidence.copy()
    factor = bench.multiplier(reference.unit, unit, name)
    for place, entity in enumerate(bench.subjects.entities):
        keys = _keys(reference, entity, bench)
        years = sorted({year for year, key in table if year is not None and key in keys})
        for year in reversed(years):
            here = (bench.subjects.entity_at == place) & (bench.subjects.year_of < year)
            found = next((table[each] for each in _ways(year, keys) if each in table), None)
            if found is not None:
                later[here], confidence[here] = found[0] * factor, found[1]
    due = now.known
    value = np.where(due, now.value, later)
    return Numbers(value, np.where(due, now.confidence, confidence), now.reason), due


def supplied_names(scheme: Scheme) -> tuple[str, ...]:
    """The references whose values a user may supply, by their full and their short name."""
    open_ones = [each.id for each in scheme.references if each.supplied != "pack"]
    return (*open_ones, *(f"{scheme.head.id}.{name}" for name in open_ones))


def _table(reference: Reference, bench: Bench) -> _Table:
    """The values by year and key; what the user supplies goes before the pack."""
    table: _Table = {
        (each.year, each.key): (each.value, RANK[each.confidence])
        for each in reference.values
        if each.value is not None
    }
    if reference.supplied != "pack":
        named = (reference.id, f"{bench.scheme.head.id}.{reference.id}")
        for each in bench.context.references:
            if each.reference in named:
                table[each.year, each.key] = each.value, RANK[each.confidence]
    return table


def _keys(reference: Reference, entity: str, bench: Bench) -> tuple[str, ...]:
    """What an entity is looked up by, the most specific first; '' is the value for all."""
    if not reference.by:
        return ("",)
    return (*((entity,) if reference.by == _ENTITY else bench.context.words(entity, reference.by)), "")


def _ways(year: int, keys: Iterable[str]) -> Iterator[tuple[int | None, str]]:
    for key in keys:
        yield year, key
        yield None, key
