"""Released tables as layers, and the records that they share.

A layer is one table of one number in one release. What a unit contributes is followed as a record through all layers:
of several releases, of several numbers of one family, of several tables of one number (by zone and industry, by zone and
carrier). Records that every layer counts at the same places are a group: no table tells them apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from greenpark.publish.confidentiality.contributions import Contribution, Dimension, Place

CellKey = tuple[int, Place]
Signature = tuple[Place | None, ...]


@dataclass(frozen=True)
class Layer:
    """One table: its number (``key``: quantity, period, variant), dimensions, contributions and suppressed places.

    ``family``: only numbers of one family are subtracted from one another.
    """

    key: str
    dimensions: tuple[Dimension, ...]
    contributions: tuple[Contribution, ...]
    suppressed: frozenset[Place] = frozenset()
    family: str = ""

    def cells_above(self, place: Place) -> list[Place]:
        """The cells that a finest place is counted in."""
        return list(product(*(each.above(code) for each, code in zip(self.dimensions, place, strict=True))))

    def is_total(self, place: Place) -> bool:
        """Whether a cell is the total of the whole table."""
        return all(not each.parents.get(code, "") for each, code in zip(self.dimensions, place, strict=True))


@dataclass(frozen=True)
class Group:
    """Records that all layers count at the same ``places`` (None: not at all); ``values`` [record, layer], 0 if absent."""

    places: Signature
    units: tuple[str, ...]
    values: np.ndarray

    def contributors(self, vector: np.ndarray) -> dict[str, float]:
        """What each unit adds to a vector of these records; units that add nothing only where nobody adds anything."""
        counts = vector != 0 if vector.any() else np.ones(len(vector), dtype=bool)
        found: dict[str, float] = {}
        for place in np.flatnonzero(counts).tolist():
            if unit := self.units[place]:
                found[unit] = found.get(unit, 0.0) + float(vector[place])
        return found


@dataclass
class _Record:
    """One contribution of a unit followed through the layers."""

    unit: str
    held: dict[int, tuple[Place, float]] = field(default_factory=dict)


def groups_of(layers: Sequence[Layer]) -> tuple[Group, ...]:
    """The records of all layers in groups, in the order of their places."""
    found: dict[Signature, list[_Record]] = {}
    for record in _records(layers):
        places = tuple(record.held[number][0] if number in record.held else None for number in range(len(layers)))
        found.setdefault(places, []).append(record)
    groups = []
    for signature in sorted(found, key=_order):
        values = np.zeros((len(found[signature]), len(layers)))
        for row, record in enumerate(found[signature]):
            for number, (_, value) in record.held.items():
                values[row, number] = value
        groups.append(Group(signature, tuple(each.unit for each in found[signature]), values))
    return tuple(groups)


def _order(signature: Signature) -> tuple[Place, ...]:
    return tuple(("",) if place is None else ("1", *place) for place in signature)


def _records(layers: Sequence[Layer]) -> list[_Record]:
    known: dict[tuple[str, str], list[_Record]] = {}
    for number, layer in enumerate(layers):
        own: dict[tuple[str, str], list[Contribution]] = {}
        for each in layer.contributions:
            own.setdefault((each.unit, each.part), []).append(each)
        for name, several in own.items():
            records = known.setdefault(name, [])
            for each in sorted(several, key=lambda one: (one.place, one.value)):
                record = _recognised(records, layers, number, each, alone=len(several) == 1)
                if record is None:
                    record = _Record(each.unit)
                    records.append(record)
                record.held[number] = (each.place, each.value)
    return [record for name in sorted(known) for record in known[name]]


def _recognised(
    records: Sequence[_Record], layers: Sequence[Layer], number: int, each: Contribution, *, alone: bool
) -> _Record | None:
    """The record that a contribution continues: the same value of the same number, else the same place, else the only one."""
    if len(records) == 1 and alone and each.unit:
        return records[0]
    free = [record for record in records if number not in record.held]
    here = [record for record in free if record.held[max(record.held)][0] == each.place]
    same = [
        record
        for record in free
        if any(layers[own].key == layers[number].key and value == each.value for own, (_, value) in record.held.items())
    ]
    both = [record for record in same if record in here]
    return next(iter((*both, *here, *same)), None) if each.unit else next(iter(here), None)
