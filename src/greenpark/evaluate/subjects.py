"""Who is judged: entity, year and variant of a scheme, and the values of its indicators there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product

import numpy as np

from greenpark.engine.shape import ABSENT, STATUS, Arrow, Bools, Cube, Floats, Ints, rows_of
from greenpark.model.confidence import RANK
from greenpark.model.schemes import Indicator, Scheme
from greenpark.model.time import Period

_SEPARATOR = re.compile(r"\s*[;,+|&]\s*")
_YEAR_MONTHS = 12
# How ``indicators.missing`` says that everything was there and the formula is undefined all the same.
_UNDEFINED = "zero_denominator"
# A basis counted by another profile is labelled basis=primary_energy@profile.
_PROFILE = "@"


@dataclass(frozen=True)
class Subjects:
    """The pairs of entity and year that are judged, once per variant: subject = variant × pairs + pair."""

    entities: tuple[str, ...]
    periods: tuple[tuple[date, date], ...]
    entity: Ints
    period: Ints
    variants: tuple[str, ...]

    @property
    def pairs(self) -> int:
        """Pairs of entity and year."""
        return len(self.entity)

    @property
    def size(self) -> int:
        """Subjects."""
        return self.pairs * len(self.variants)

    @cached_property
    def entity_at(self) -> Ints:
        """The entity of each subject."""
        return np.tile(self.entity, len(self.variants))

    @cached_property
    def year_at(self) -> Ints:
        """A number for the year and variant of each subject."""
        number = np.repeat(np.arange(len(self.variants)), self.pairs) * len(self.periods)
        return np.asarray(number + np.tile(self.period, len(self.variants)), dtype=np.int64)

    @cached_property
    def years(self) -> Ints:
        """The year in which each period begins."""
        return np.array([start.year for start, _ in self.periods], dtype=np.int64)

    @cached_property
    def year_of(self) -> Ints:
        """The year in which the period of each subject begins."""
        return np.asarray(self.years[np.tile(self.period, len(self.variants))], dtype=np.int64)

    def earlier(self, years: int) -> Ints:
        """The subject of the same entity and variant so many years before; -1 where there is none."""
        wanted = [(start.year - years, start.month, start.day) for start, _ in self.periods]
        places = {(start.year, start.month, start.day): place for place, (start, _) in enumerate(self.periods)}
        return self._at(np.array([places.get(each, -1) for each in wanted], dtype=np.int64)[self.period])

    def in_year(self, year: int) -> Ints:
        """The subject of the same entity and variant in a calendar year; -1 where there is none."""
        place = next((place for place, (start, _) in enumerate(self.periods) if start == date(year, 1, 1)), -1)
        return self._at(np.full(self.pairs, place, dtype=np.int64))

    def _at(self, periods: Ints) -> Ints:
        """The subjects of the pairs' entities in other periods; a negative period is none."""
        grid = np.full((len(self.entities), len(self.periods)), ABSENT, dtype=np.int64)
        grid[self.entity, self.period] = np.arange(self.pairs)
        pair = np.where(periods < 0, ABSENT, grid[self.entity, periods])
        shift = np.repeat(np.arange(len(self.variants)) * self.pairs, self.pairs)
        pairs = np.tile(pair, len(self.variants))
        return np.where(pairs < 0, ABSENT, pairs + shift).astype(np.int64)


@dataclass(frozen=True)
class Values:
    """One indicator for all subjects; ``missing`` indexes ``remarks``, the lists of what is missing."""

    name: str
    unit: str
    value: Floats
    status: Ints
    confidence: Ints
    missing: Ints
    remarks: tuple[str, ...]

    @property
    def known(self) -> Bools:
        """Where there is a value that can be judged."""
        has_status = (self.status >= 0) & (self.status != STATUS["not_evaluable"])
        return np.asarray(has_status & ~np.isnan(self.value), dtype=np.bool_)

    @property
    def partial(self) -> Bools:
        """Where rows were left out of the value."""
        return np.asarray(self.status == STATUS["partial"], dtype=np.bool_)


def item_of(scheme: Scheme, indicator: str) -> str:
    """The name of an indicator in the table ``indicators``."""
    return f"{scheme.head.id}.{indicator}"


def read_subjects(cube: Cube, scheme: Scheme) -> tuple[Subjects, dict[str, Values]]:
    """The subjects of a scheme and the values of its indicators there.

    A scheme judges whole years: rows of any other length are no subjects.
    """
    places = {each.id: cube.items.index(item_of(scheme, each.id)) for each in scheme.indicators}
    # A scheme of which no indicator is known is told of everybody that others are about.
    present = cube.status[..., sorted(places.values()) or slice(None)] != ABSENT
    years = np.array([_is_year(*period) for period in cube.periods], dtype=np.bool_)
    pairs = np.argwhere(present.any(axis=(2, 3)) & years)
    used = {each.id: _used_variants(cube, places[each.id], each) for each in scheme.indicators}
    axes = _axes(used)
    combinations = [dict(zip(axes, choice, strict=True)) for choice in product(*axes.values())]
    labels = tuple(";".join(f"{key}={value}" for key, value in each.items()) for each in combinations)
    subjects = Subjects(cube.entities, cube.periods, pairs[:, 0], pairs[:, 1], labels)
    units = {each.id: each.unit for each in scheme.indicators}
    values = {
        name: _values(cube, place, units[name], used[name], combinations, subjects) for name, place in places.items()
    }
    return subjects, values


def _is_year(start: date, end: date) -> bool:
    return Period(start, end).months == _YEAR_MONTHS


def variant_parts(variant: str) -> dict[str, str]:
    """The parts of a variant label: ``basis=calorific;price=current`` → basis and price."""
    parts = [part.partition("=") for part in _SEPARATOR.split(variant.strip()) if part]
    return {key: value for key, _, value in parts}


def _fixed(indicator: Indicator) -> dict[str, str]:
    """What the scheme itself says about the variant."""
    stated = {"basis": indicator.energy_basis, "price": indicator.price_basis, "view": indicator.view}
    return {key: value for key, value in stated.items() if value not in ("none", "open")}


def _used_variants(cube: Cube, place: int, indicator: Indicator) -> dict[int, dict[str, str]]:
    """The variants in which an indicator has rows and that the scheme allows, fewest parts first."""
    has_rows = (cube.status[..., place] != ABSENT).any(axis=(0, 1))
    fixed = _fixed(indicator)
    found = {int(index): variant_parts(cube.variants[index]) for index in np.flatnonzero(has_rows)}
    allowed = {
        index: parts
        for index, parts in found.items()
        if all(fixed.get(key, value.split(_PROFILE)[0]) == value.split(_PROFILE)[0] for key, value in parts.items())
    }
    return dict(sorted(allowed.items(), key=lambda each: (len(each[1]), each[0])))


def _open_parts(used: dict[int, dict[str, str]]) -> dict[str, set[str]]:
    """The parts in which the variants of one indicator differ."""
    options: dict[str, set[str]] = {}
    for parts in used.values():
        for key, value in parts.items():
            options.setdefault(key, set()).add(value)
    return {key: values for key, values in options.items() if len(values) > 1}


def _axes(used: Mapping[str, dict[int, dict[str, str]]]) -> dict[str, list[str]]:
    """The parts that the scheme leaves open, with their options."""
    union: dict[str, set[str]] = {}
    for variants in used.values():
        for key, values in _open_parts(variants).items():
            union.setdefault(key, set()).update(values)
    return {key: sorted(union[key]) for key in sorted(union)}


def _values(
    cube: Cube,
    place: int,
    unit: str,
    used: dict[int, dict[str, str]],
    combinations: list[dict[str, str]],
    subjects: Subjects,
) -> Values:
    free = _open_parts(used)
    columns = []
    for combination in combinations:
        fitting = [
            index
            for index, parts in used.items()
            if all(combination[key] == value for key, value in parts.items() if key in free)
        ]
        columns.append(_filled(cube, place, fitting, subjects))
    value, status, confidence, missing = (np.concatenate(arrays) for arrays in zip(*columns, strict=True))
    return Values(cube.items[place], unit, value, status, confidence, missing, cube.remarks)


def _filled(cube: Cube, place: int, variants: list[int], subjects: Subjects) -> tuple[Floats, Ints, Ints, Ints]:
    """One indicator in one variant: the most exact variant that an entity and year has."""
    size = subjects.pairs
    value, missing = np.full(size, np.nan), np.zeros(size, dtype=np.int64)
    status = np.full(size, ABSENT, dtype=np.int64)
    confidence = np.full(size, RANK["high"], dtype=np.int64)
    for variant in variants:
        at = (subjects.entity, subjects.period, variant, place)
        here = cube.status[at] != ABSENT
        value = np.where(here, cube.value[at], value)
        status = np.where(here, cube.status[at], status)
        confidence = np.where(here, cube.confidence[at], confidence)
        missing = np.where(here, cube.remark[at], missing)
    undefined = np.array([word == _UNDEFINED for word in cube.remarks], dtype=np.bool_)
    return value, status, confidence, np.where(undefined[missing], 0, missing)


def read_facts(facts: Arrow, quantities: Sequence[str], subjects: Subjects) -> dict[str, Values]:
    """The fact quantities of the subjects: the figure of the same entity and year."""
    picked = {name: np.full(subjects.pairs, np.nan) for name in quantities}
    confidence = {name: np.full(subjects.pairs, ABSENT, dtype=np.int64) for name in quantities}
    place = {
        (subjects.entities[entity], *subjects.periods[period]): index
        for index, (entity, period) in enumerate(zip(subjects.entity.tolist(), subjects.period.tolist(), strict=True))
    }
    for row in rows_of(facts, "quantity", quantities):
        index = place.get((row["entity"], row["start"], row["end"]))
        if index is not None and row["value"] is not None:
            picked[row["quantity"]][index] = row["value"]
            confidence[row["quantity"]][index] = RANK[row["confidence"]]
    repeats = len(subjects.variants)
    return {name: _fact(name, picked[name], confidence[name], repeats) for name in quantities}


def _fact(name: str, value: Floats, confidence: Ints, repeats: int) -> Values:
    status = np.tile(np.where(np.isnan(value), ABSENT, STATUS["ok"]).astype(np.int64), repeats)
    return Values(
        name, "1", np.tile(value, repeats), status, np.tile(confidence, repeats), np.zeros_like(status), ("",)
    )
