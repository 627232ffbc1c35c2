"""All read packs together: which ids exist, whose they are, and what their units measure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from greenpark.catalog.mistakes import PackMistake, Phrase
from greenpark.catalog.read import ReadPack
from greenpark.catalog.suggest import suggestion
from greenpark.engine.units import UnitError, Units
from greenpark.model.fit import Path
from greenpark.model.knowledge import Unit

# sort of id → (kind of pack, key of its list)
GLOBAL_SORTS: Mapping[str, tuple[str, str]] = {
    "unit": ("units", "units"),
    "quantity": ("quantities", "quantities"),
    "area": ("places", "areas"),
    "zone": ("places", "zones"),
    "carrier": ("carriers", "carriers"),
    "range": ("checks", "ranges"),
    "rule": ("checks", "rules"),
    "tolerance": ("checks", "tolerances"),
    "factor": ("factors", "factors"),
    "method": ("methods", "methods"),
    "profile": ("methods", "profiles"),
    "light": ("steering", "lights"),
    "confidentiality": ("confidentiality", "rules"),
    "programme": ("programmes", "programmes"),
    "designation": ("programmes", "designations"),
}
_PACK_SORTS: Mapping[str, str] = {
    "factor_set": "factors",
    "uncertainty": "uncertainty",
    "scheme": "schemes",
    "target_set": "targets",
    "form": "forms",
}


@dataclass(frozen=True)
class Owned:
    """A definition with the pack and path where it stands."""

    pack: ReadPack
    path: Path
    value: Any


class Library:
    """The ids of all packs. An id of a kind whose packs cannot be read counts as known: one mistake is said once."""

    def __init__(self, packs: Iterable[ReadPack]) -> None:
        self.packs = tuple(packs)
        self.unreadable = {pack.kind for pack in self.packs if pack.definition is None}
        self._values: dict[str, dict[str, Any]] = {}
        self._multipliers: dict[tuple[str, str], float | None] = {}
        self._owned: dict[str, dict[str, Owned]] = {sort: {} for sort in (*GLOBAL_SORTS, *_PACK_SORTS)}
        for pack in self.packs:
            if pack.definition is not None:
                self._register(pack)
        # Without all units nothing can be said about any: the mistakes of the units packs come first.
        self.units = None if "units" in self.unreadable else _units(tuple(self.all("unit").values()))

    def all(self, sort: str) -> dict[str, Any]:
        """The definitions of one sort by id."""
        if sort not in self._values:
            self._values[sort] = {name: owned.value for name, owned in self._owned[sort].items()}
        return self._values[sort]

    def owner(self, sort: str, name: str) -> Owned | None:
        """Where an id was defined first."""
        return self._owned[sort].get(name)

    def known_unit(self, expression: str) -> bool:
        """Whether the expression is made of known units; False when the units cannot be read."""
        return self.units is not None and self.units.known(expression)

    def multiplier(self, found: str, expected: str) -> float | None:
        """What turns a value in one unit into the other; None when they measure different things."""
        key = (found, expected)
        if key not in self._multipliers:
            units = self.units
            fits = units is not None and units.convertible(found, expected)
            self._multipliers[key] = units.multiplier(found, expected) if units is not None and fits else None
        return self._multipliers[key]

    def reference(self, pack: ReadPack, path: Path, sort: str, name: str) -> Iterator[PackMistake]:
        """A mistake when no pack defines the id."""
        kind = GLOBAL_SORTS[sort][0] if sort in GLOBAL_SORTS else _PACK_SORTS[sort]
        if name in self._owned[sort] or kind in self.unreadable:
            return
        values = {"sort": Phrase(f"catalog.sort.{sort}"), "found": name}
        yield pack.mistake(path, "catalog.unknown_id", hint=suggestion(name, self._owned[sort]), **values)

    def unit(self, pack: ReadPack, path: Path, expression: str) -> Iterator[PackMistake]:
        """A mistake when the expression is not made of known units."""
        if self.units is None or self.units.known(expression):
            return
        canonical = self.units.find(expression)
        hint = suggestion(expression, self.units.ids())
        if canonical:
            hint = Phrase("catalog.word.write", {"text": canonical})
        yield pack.mistake(path, "catalog.unknown_unit", found=expression, hint=hint)

    def same_measure(
        self, pack: ReadPack, path: Path, found: str, expected: str, subject: str
    ) -> Iterator[PackMistake]:
        """A mistake when ``found`` does not convert to ``expected``, the unit of ``subject``."""
        units = self.units
        if units is None or not units.known(expected):
            return
        if not units.known(found):
            yield from self.unit(pack, path, found)
        elif self.multiplier(found, expected) is None:
            yield pack.mistake(
                path, "catalog.unit_dimension", subject=subject, unit=expected, found=found,
                expected=measured(units, expected), is_now=measured(units, found),
            )  # fmt: skip

    def _register(self, pack: ReadPack) -> None:
        for sort, (kind, key) in GLOBAL_SORTS.items():
            if pack.kind == kind:
                for index, value in enumerate(getattr(pack.definition, key)):
                    self._owned[sort].setdefault(value.id, Owned(pack, (key, index, "id"), value))
        for sort, kind in _PACK_SORTS.items():
            if pack.kind == kind:
                self._owned[sort].setdefault(pack.id, Owned(pack, ("head", "id"), pack.definition))


@lru_cache(maxsize=8)
def _units(units: tuple[Unit, ...]) -> Units | None:
    """The registry of all units; None when definitions do not hold together, which ``check_units`` reports."""
    try:
        return Units(units)
    except UnitError:
        return None


def measured(units: Units, expression: str) -> Phrase:
    """What a unit measures, in words: money per volume."""
    above, _, below = units.dimension(expression).partition(" / ")
    upper = _product(above.split(" · "))
    if not below:
        return upper
    return Phrase("catalog.dimension.per", {"above": upper, "below": _product(below.split(" / "))})


def _product(names: list[str]) -> Phrase:
    phrases = [_dimension(name) for name in names]
    result = phrases[0]
    for each in phrases[1:]:
        result = Phrase("catalog.dimension.times", {"left": result, "right": each})
    return result


def _dimension(name: str) -> Phrase:
    word, _, power = name.partition("^")
    phrase = Phrase(f"catalog.dimension.{'none' if word == '1' else word}", {"plain": word})
    return Phrase("catalog.dimension.power", {"name": phrase, "power": power}) if power else phrase
