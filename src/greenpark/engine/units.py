"""Units do the arithmetic: spellings, dimensions and multipliers.

The registry is pint's, filled only with the units of the packs: nothing is known that no pack states.
A unit expression is made of unit ids with ``*``, ``/`` and ``^``, for example ``tce/万元`` or ``kgCO2/MMBtu``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import pint

from greenpark.model.knowledge import Unit

DIMENSIONLESS = "1"
_SIGNS = ("*", "/")
_STEP = re.compile(r"([*/])")
_POWER = re.compile(r"^(.*?)\^(-?\d{1,2})$")
_DEFINITION = re.compile(r"^\s*([0-9.eE+-]+)\s*(.*)$")


class UnitError(ValueError):
    """A unit that is not known, or two units of different dimension."""


class Units:
    """The units of the packs: conversion and recognition.

    Parameters
    ----------
    units
        Unit definitions in any order; a definition may name any other unit.

    Raises
    ------
    UnitError
        When a definition names a unit that does not exist, or definitions go round in a circle.
    """

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = {unit.id: unit for unit in units}
        self._registry: Any = pint.UnitRegistry(None)
        self._names = {unit: f"u{index}" for index, unit in enumerate(self._units)}
        self._spellings = {
            _folded(text): unit.id for unit in self._units.values() for text in (*unit.spellings, unit.id)
        }
        for unit in self._units.values():
            self._define(unit, ())
        self._quantity = lru_cache(maxsize=4096)(self._quantity_of)
        self._multiplier = lru_cache(maxsize=4096)(self._multiplier_of)
        self._found = lru_cache(maxsize=65536)(self._find)

    def find(self, spelling: str) -> str | None:
        """The unit expression that a spelling means (``吨标煤/万元`` is ``tce/万元``); None when unknown."""
        return self._found(spelling)

    def multiplier(self, source: str, target: str) -> float:
        """The number by which a value in ``source`` is multiplied to be in ``target``.

        Raises
        ------
        UnitError
            When a unit is unknown or the two measure different things.
        """
        return self._multiplier(source, target)

    def _multiplier_of(self, source: str, target: str) -> float:
        first, second = self._quantity(source), self._quantity(target)
        if first.dimensionality != second.dimensionality:
            raise UnitError(f"{source} is {self.dimension(source)}, {target} is {self.dimension(target)}")
        ratio = (first / second).to_base_units()
        return float(ratio.magnitude)

    def convertible(self, source: str, target: str) -> bool:
        """Whether both are known and measure the same."""
        try:
            self.multiplier(source, target)
        except UnitError:
            return False
        return True

    def dimension(self, expression: str) -> str:
        """The dimension in words, like ``standard_coal / money``; ``1`` when there is none."""
        powers = self._quantity(expression).dimensionality
        above = [_dimension(name, power) for name, power in sorted(powers.items()) if power > 0]
        below = [_dimension(name, -power) for name, power in sorted(powers.items()) if power < 0]
        return " ".join([" · ".join(above) or DIMENSIONLESS, *(f"/ {name}" for name in below)])

    def known(self, expression: str) -> bool:
        """Whether every part of the expression is a unit id."""
        try:
            self._quantity(expression)
        except UnitError:
            return False
        return True

    def ids(self) -> tuple[str, ...]:
        """All unit ids in the order of the packs."""
        return tuple(self._units)

    def unit(self, identifier: str) -> Unit:
        """The definition of one unit."""
        return self._units[identifier]

    def _find(self, spelling: str) -> str | None:
        folded = _folded(spelling)
        if folded in self._spellings:
            return self._spellings[folded]
        if self.known(folded):
            return folded
        parts = [
            part if part in _SIGNS else self._spellings.get(part) for part in _STEP.split(folded.replace("每", "/"))
        ]
        if len(parts) < 3 or any(part is None for part in parts):
            return None
        expression = "".join(part for part in parts if part)
        return expression if self.known(expression) else None

    def _define(self, unit: Unit, trail: tuple[str, ...]) -> None:
        name = self._names[unit.id]
        if name in self._registry:
            return
        if unit.id in trail:
            raise UnitError(f"unit {unit.id} is defined by itself: {' > '.join((*trail, unit.id))}")
        if unit.dimension:
            self._registry.define(f"{name} = [{unit.dimension}]")
            return
        found = _DEFINITION.match(unit.definition)
        if not found or not _is_positive(found[1]):
            raise UnitError(f"unit {unit.id}: the definition {unit.definition!r} is not a number and a unit")
        parent = found[2].strip()
        if parent and parent not in self._units:
            raise UnitError(f"unit {unit.id} is defined by {parent}, which is no unit")
        if parent:
            self._define(self._units[parent], (*trail, unit.id))
        self._registry.define(f"{name} = {found[1]}{' * ' + self._names[parent] if parent else ''}")

    def _quantity_of(self, expression: str) -> Any:
        result = self._registry.Quantity(1.0)
        sign = 1
        for part in _STEP.split(expression):
            if part in _SIGNS:
                sign = 1 if part == "*" else -1
                continue
            power = _POWER.match(part.strip())
            name, exponent = (power[1], int(power[2])) if power else (part.strip(), 1)
            if name not in self._names:
                raise UnitError(f"{name!r} is not a unit (in {expression!r})")
            result = result * self._registry.Quantity(1.0, self._names[name]) ** (sign * exponent)
        return result


def _is_positive(number: str) -> bool:
    try:
        return 0 < float(number) < float("inf")
    except ValueError:
        return False


def _folded(spelling: str) -> str:
    """One form for full-width and half-width letters, superscripts, and spaces."""
    plain = unicodedata.normalize("NFKC", spelling).replace("⁄", "/").replace("µ", "μ")
    return re.sub(r"[\s()（）]+", "", plain)


def _dimension(name: str, power: float) -> str:
    word = name.strip("[]")
    return word if power == 1 else f"{word}^{power:g}"
