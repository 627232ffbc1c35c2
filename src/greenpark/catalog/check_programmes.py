"""Checks of programmes packs: what they refer to exists, and a title's events can have happened in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from greenpark.catalog.check_factors import check_source, check_sources
from greenpark.catalog.library import Library
from greenpark.catalog.mistakes import PackMistake, Phrase
from greenpark.catalog.read import ReadPack
from greenpark.catalog.suggest import suggestion
from greenpark.model.fit import Path
from greenpark.model.programmes import STAGES, Designation, ProgrammePack, days_of

# Zones have an id of their own; what else holds a title may belong to a zone or to none.
_WITHDRAWN = STAGES[-1]
_OF_A_ZONE = ("zone", "sub_park")


def check_programmes(pack: ReadPack, library: Library) -> Iterator[PackMistake]:
    """Sources, schemes, programmes, groups and zones that do not exist; times that are none; stages out of order."""
    definition: ProgrammePack = pack.definition
    yield from check_sources(pack, definition.sources)
    for index, programme in enumerate(definition.programmes):
        path = ("programmes", index)
        yield from check_source(pack, (*path, "source"), programme.source, definition.sources)
        for place, scheme in enumerate(programme.schemes):
            yield from library.reference(pack, (*path, "schemes", place), "scheme", scheme)
    yield from _check_twice(pack, "groups", (each.id for each in definition.groups))
    yield from _check_twice(pack, "published", (each.id for each in definition.published))
    yield from _check_published(pack, definition, library)
    yield from _check_designations(pack, definition, library)


def _check_twice(pack: ReadPack, key: str, ids: Iterable[str]) -> Iterator[PackMistake]:
    seen: dict[str, Path] = {}
    for index, name in enumerate(ids):
        path: Path = (key, index, "id")
        if name in seen:
            yield pack.mistake(path, "catalog.duplicate_id", name=name, first=pack.mistake(seen[name], "").place)
        seen.setdefault(name, path)


def _check_published(pack: ReadPack, definition: ProgrammePack, library: Library) -> Iterator[PackMistake]:
    groups = [each.id for each in definition.groups]
    for index, published in enumerate(definition.published):
        path = ("published", index)
        yield from library.reference(pack, (*path, "programme"), "programme", published.programme)
        yield from check_source(pack, (*path, "source"), published.source, definition.sources)
        yield from _check_when(pack, (*path, "when"), published.when)
        if published.group not in groups:
            values = {"sort": Phrase("catalog.sort.zone_group"), "found": published.group}
            hint = suggestion(published.group, groups)
            yield pack.mistake((*path, "group"), "catalog.unknown_id", hint=hint, **values)


def _check_designations(pack: ReadPack, definition: ProgrammePack, library: Library) -> Iterator[PackMistake]:
    seen: dict[tuple[str, str, str, str], int] = {}
    # A title that was withdrawn may be given anew.
    anew = {(each.programme, each.key) for each in definition.designations if each.stage == _WITHDRAWN}
    for index, each in enumerate(definition.designations):
        path = ("designations", index)
        yield from library.reference(pack, (*path, "programme"), "programme", each.programme)
        yield from check_source(pack, (*path, "source"), each.source, definition.sources)
        if each.zone:
            yield from library.reference(pack, (*path, "zone"), "zone", each.zone)
        if bool(each.zone) != (each.level in _OF_A_ZONE) and each.level in (*_OF_A_ZONE, "outside"):
            need = Phrase("catalog.word.no_zone" if each.zone else "catalog.word.needs_zone")
            yield pack.mistake((*path, "level"), "catalog.title_level", level=each.level, need=need)
        yield from _check_when(pack, (*path, "when"), each.when)
        key = (
            each.programme,
            each.key,
            each.stage,
            each.when if each.stage == "reviewed" or (each.programme, each.key) in anew else "",
        )
        first = seen.setdefault(key, index)
        if first != index:
            place = pack.mistake(("designations", first, "id"), "").place
            values = {"holder": each.holder, "programme": each.programme, "stage": each.stage, "first": place}
            yield pack.mistake((*path, "stage"), "catalog.title_twice", **values)
        yield from _check_order(pack, path, each, definition.designations)


def _check_when(pack: ReadPack, path: Path, text: str) -> Iterator[PackMistake]:
    if _days(text) is None:
        yield pack.mistake(path, "catalog.not_a_when", found=text)


def _check_order(
    pack: ReadPack, path: Path, each: Designation, others: tuple[Designation, ...]
) -> Iterator[PackMistake]:
    """A stage that ends before an earlier one can have begun; a title that ends before it begins."""
    days = _days(each.when)
    if days is None:
        return
    if each.until and each.until <= days[0]:
        yield pack.mistake((*path, "until"), "catalog.until_before_since", since=days[0], until=each.until)
    for other in others:
        same = (other.programme, other.key) == (each.programme, each.key) and each.stage != _WITHDRAWN
        before = _days(other.when) if same and STAGES.index(other.stage) < STAGES.index(each.stage) else None
        if before and days[1] < before[0]:
            values = {"holder": each.holder, "stage": each.stage, "found": each.when, "earlier": other.stage}
            yield pack.mistake((*path, "when"), "catalog.stage_out_of_order", before=other.when, **values)


def _days(text: str) -> tuple[date, date] | None:
    try:
        return days_of(text)
    except ValueError:
        return None
