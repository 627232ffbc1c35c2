"""A released table as a layer, and the atoms that layers share.

An atom is a set of contributions that every layer treats alike: what nobody can tell apart from the tables. In a single
table an atom is a finest cell. A second table of the same number with one unit fewer splits a cell into two atoms, that
unit and the rest; a value that was corrected between two tables adds an atom that holds the correction. So whatever can
be learnt from differences between tables is a statement about atoms, and one system of equations holds all tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from scipy import sparse

from greenpark.publish.confidentiality.contributions import Contribution, Dimension, Place

CellKey = tuple[int, Place]


@dataclass(frozen=True)
class Layer:
    """One table: its number (``key``: quantity, period, variant), dimensions, contributions and suppressed places."""

    key: str
    dimensions: tuple[Dimension, ...]
    contributions: tuple[Contribution, ...]
    suppressed: frozenset[Place] = frozenset()


@dataclass
class _Strand:
    """One contribution of a unit followed through the layers: its values in order of appearance and where it stood."""

    versions: list[float]
    places: dict[int, tuple[Place, int]]  # layer → place and index of the version


@dataclass(frozen=True)
class System:
    """Layers as one system: ``matrix`` adds atoms up to cells.

    ``gross`` holds the magnitude of each atom (sum of the magnitudes of its contributions), ``units`` its contributors
    with what each adds.
    """

    cells: tuple[CellKey, ...]
    matrix: sparse.csr_matrix
    values: np.ndarray
    gross: np.ndarray
    units: tuple[dict[str, float], ...]
    position: dict[CellKey, int] = field(default_factory=dict)

    def members(self, row: int) -> np.ndarray:
        """The atoms of a cell."""
        return np.asarray(self.matrix.indices[self.matrix.indptr[row] : self.matrix.indptr[row + 1]])

    def contributors(self, atoms: Sequence[int] | np.ndarray) -> dict[str, float]:
        """What each unit adds to a set of atoms."""
        if len(atoms) == 1:
            return self.units[int(atoms[0])]
        found: dict[str, float] = {}
        for atom in atoms:
            for unit, value in self.units[int(atom)].items():
                found[unit] = found.get(unit, 0.0) + value
        return found


def build_system(layers: Sequence[Layer]) -> System:
    """The system of these layers; the last one is the table that is about to be released."""
    grouped: dict[tuple[Place | None, ...], dict[str, float]] = {}
    values: dict[tuple[Place | None, ...], float] = {}
    gross: dict[tuple[Place | None, ...], float] = {}
    for unit, signature, value in _pieces(layers):
        values[signature] = values.get(signature, 0.0) + value
        gross[signature] = gross.get(signature, 0.0) + abs(value)
        own = grouped.setdefault(signature, {})
        if unit:
            own[unit] = own.get(unit, 0.0) + value
    signatures = sorted(grouped, key=_order)
    rows: dict[CellKey, list[int]] = {}
    for atom, signature in enumerate(signatures):
        for layer, place in enumerate(signature):
            if place is not None:
                for cell in _cells_above(layers[layer].dimensions, place):
                    rows.setdefault((layer, cell), []).append(atom)
    cells = tuple(sorted(rows))
    indptr = np.cumsum([0, *(len(rows[cell]) for cell in cells)])
    indices = np.array([atom for cell in cells for atom in rows[cell]], dtype=np.int64)
    matrix = sparse.csr_matrix((np.ones(len(indices)), indices, indptr), shape=(len(cells), len(signatures)))
    return System(
        cells, matrix, np.array([values[each] for each in signatures]), np.array([gross[each] for each in signatures]),
        tuple(grouped[each] for each in signatures), {cell: row for row, cell in enumerate(cells)},
    )  # fmt: skip


def _cells_above(dimensions: Sequence[Dimension], place: Place) -> list[Place]:
    return list(product(*(dimension.above(code) for dimension, code in zip(dimensions, place, strict=True))))


def _order(signature: tuple[Place | None, ...]) -> tuple[Place, ...]:
    return tuple(("",) if place is None else ("1", *place) for place in signature)


def _pieces(layers: Sequence[Layer]) -> list[tuple[str, tuple[Place | None, ...], float]]:
    """Each indivisible piece: whose it is, where each layer counts it, and its value."""
    if len(layers) == 1:
        return [(each.unit, (each.place,), each.value) for each in layers[0].contributions]
    strands: dict[str, list[_Strand]] = {}
    for number, layer in enumerate(layers):
        for each in sorted(layer.contributions, key=lambda one: (one.unit, one.place, one.value)):
            _follow(strands.setdefault(each.unit, []), number, each)
    pieces = []
    for unit, own in sorted(strands.items()):
        for strand in own:
            for version, value in enumerate(strand.versions):
                added = value - strand.versions[version - 1] if version else value
                places = [strand.places.get(number) for number in range(len(layers))]
                signature = tuple(held[0] if held and held[1] >= version else None for held in places)
                pieces.append((unit, signature, added))
    return pieces


def _follow(strands: list[_Strand], layer: int, each: Contribution) -> None:
    """Recognise a contribution in earlier layers: the same value at its place, elsewhere, or its place corrected."""
    free = [strand for strand in strands if layer not in strand.places]
    same = [strand for strand in free if each.value in strand.versions]
    here = [strand for strand in free if strand.places[max(strand.places)][0] == each.place]
    chosen = next((strand for strand in same if strand in here), None) or next(iter(same), None)
    if chosen is None and here:
        chosen = here[0]
        chosen.versions.append(each.value)
    if chosen is None:
        chosen = _Strand([each.value], {})
        strands.append(chosen)
    chosen.places[layer] = (each.place, chosen.versions.index(each.value))
