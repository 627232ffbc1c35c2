"""Checks of units, quantities, carriers and places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from greenpark.catalog.library import GLOBAL_SORTS, Library
from greenpark.catalog.mistakes import PackMistake, Phrase
from greenpark.catalog.read import ReadPack
from greenpark.catalog.suggest import suggestion
from greenpark.model.contents import CarrierPack, PlacePack, QuantityPack, UnitPack
from greenpark.model.knowledge import Area, Unit

OF_THE_CARRIER = "carrier"
_DEFINITION = re.compile(r"^\s*([0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)\s*(.*?)\s*$")


def check_ids(pack: ReadPack, library: Library) -> Iterator[PackMistake]:
    """An id that this pack or an earlier one already gave to another thing of the same sort."""
    for sort, (kind, key) in GLOBAL_SORTS.items():
        if pack.kind != kind:
            continue
        for index, each in enumerate(getattr(pack.definition, key)):
            owner = library.owner(sort, each.id)
            path = (key, index, "id")
            if owner and (owner.pack.name, owner.path) != (pack.name, path):
                first = owner.pack.mistake(owner.path, "").place
                yield pack.mistake(path, "catalog.duplicate_id", name=each.id, first=first)


def check_units(pack: ReadPack, library: Library) -> Iterator[PackMistake]:
    """Definitions that cannot be followed, and spellings that name two units."""
    definition: UnitPack = pack.definition
    known = library.all("unit")
    spelt: dict[str, str] = {}
    for index, unit in enumerate(definition.units):
        path = ("units", index)
        if bool(unit.definition) == bool(unit.dimension):
            yield pack.mistake(path, "catalog.unit_needs_one", name=unit.id)
        elif unit.definition:
            yield from _check_unit_definition(pack, index, unit, known)
        for place, spelling in enumerate(unit.spellings):
            other = spelt.setdefault(spelling, unit.id)
            if other != unit.id or (spelling in known and spelling != unit.id):
                taken = other if other != unit.id else spelling
                key = (*path, "spellings", place)
                yield pack.mistake(key, "catalog.spelling_twice", spelling=spelling, name=unit.id, other=taken)


def _check_unit_definition(pack: ReadPack, index: int, unit: Unit, known: dict[str, Unit]) -> Iterator[PackMistake]:
    path = ("units", index, "definition")
    found = _DEFINITION.match(unit.definition)
    if not found or float(found[1]) == 0:
        yield pack.mistake(path, "catalog.unit_definition", found=unit.definition)
    elif found[2] and found[2] not in known:
        values = {"sort": Phrase("catalog.sort.unit"), "found": found[2]}
        yield pack.mistake(path, "catalog.unknown_id", hint=suggestion(found[2], known), **values)
    else:
        trail = [unit.id]
        while found and found[2]:
            if found[2] in trail:
                if found[2] == unit.id:
                    yield pack.mistake(path, "catalog.circle", trail=" > ".join([*trail, unit.id]))
                return
            trail.append(found[2])
            parent = known.get(found[2])
            found = _DEFINITION.match(parent.definition) if parent else None


def check_quantities(pack: ReadPack, library: Library) -> Iterator[PackMistake]:
    """Units that do not exist."""
    definition: QuantityPack = pack.definition
    for index, quantity in enumerate(definition.quantities):
        if quantity.unit != OF_THE_CARRIER:
            yield from library.unit(pack, ("quantities", index, "unit"), quantity.unit)


def check_carriers(pack: ReadPack, library: Library) -> Iterator[PackMistake]:
    """Units that do not exist, and words that mean two carriers of one pack."""
    definition: CarrierPack = pack.definition
    words: dict[str, str] = {}
    for index, carrier in enumerate(definition.carriers):
        path = ("carriers", index)
        yield from library.unit(pack, (*path, "unit"), carrier.unit)
        for word in dict.fromkeys((carrier.name.zh, carrier.name.en, carrier.code, *carrier.synonyms)):
            other = words.setdefault(word.casefold(), carrier.id) if word else carrier.id
            if other != carrier.id:
                key = (*path, "synonyms")
                yield pack.mistake(key, "catalog.spelling_twice", spelling=word, name=carrier.id, other=other)


def check_places(pack: ReadPack, library: Library) -> Iterator[PackMistake]:
    """Parents and provinces that do not exist, and areas inside themselves."""
    definition: PlacePack = pack.definition
    areas: dict[str, Area] = library.all("area")
    for index, area in enumerate(definition.areas):
        path = ("areas", index, "parent")
        if area.parent:
            yield from library.reference(pack, path, "area", area.parent)
        elif area.kind != "world":
            yield pack.mistake(path, "catalog.empty_cell", name="parent")
        trail = [area.id]
        while (here := areas.get(trail[-1])) and here.parent and here.parent not in trail:
            trail.append(here.parent)
        if here and here.parent == area.id:
            yield pack.mistake(path, "catalog.circle", trail=" > ".join([*trail, area.id]))
    for index, zone in enumerate(definition.zones):
        yield from library.reference(pack, ("zones", index, "province"), "area", zone.province)
