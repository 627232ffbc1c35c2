"""All tables that a reader can hold side by side as one system of linear equations.

An *atom* is one number over one group of records: in a single table the value of a finest cell. Cells are sums of atoms.
Numbers that are the same for all records of a group are one atom. What one number leaves of another (direct less
combustion is process; a later release less an earlier one is who came, left or was corrected) is an atom of its own,
tied to the two by an equation that the reader knows as well. So a sum of any table, and whatever follows from several
tables together, is a sum of atoms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from greenpark.publish.confidentiality.contributions import Place
from greenpark.publish.confidentiality.layers import CellKey, Group, Layer, groups_of
from greenpark.publish.confidentiality.relations import Terms, combinations_of, is_nothing, relations_of


@dataclass(frozen=True)
class Remainder:
    """What the cells at one place of several tables leave of one another: a sum that follows where all are published."""

    terms: Terms
    place: Place
    rows: tuple[int, ...]  # the cells that it follows from
    atoms: tuple[int, ...]


@dataclass(frozen=True)
class System:
    """``matrix`` adds atoms up to cells; each row of ``ties`` is a sum of atoms that is known to be nothing.

    ``gross`` holds the magnitude of each atom (sum of the magnitudes of its records), ``units`` its contributors with
    what each adds.
    """

    cells: tuple[CellKey, ...]
    matrix: sparse.csr_matrix
    ties: sparse.csr_matrix
    values: np.ndarray
    gross: np.ndarray
    units: tuple[dict[str, float], ...]
    remainders: tuple[Remainder, ...] = ()
    position: dict[CellKey, int] = field(default_factory=dict)
    place_of: dict[tuple[Terms, Place], int] = field(default_factory=dict)

    def members(self, row: int) -> np.ndarray:
        """The atoms of a cell."""
        return np.asarray(self.matrix.indices[self.matrix.indptr[row] : self.matrix.indptr[row + 1]])

    def known(self, published: np.ndarray) -> sparse.csr_matrix:
        """The equations of a reader: the published cells, and what ties atoms together."""
        return sparse.vstack([self.matrix[published], self.ties], format="csr")

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
    """The system of these layers; the last ones are the tables that are about to be released."""
    groups = groups_of(layers)
    atoms = _Atoms(groups, layers)
    rows: dict[CellKey, list[int]] = {}
    for number, group in enumerate(groups):
        for layer, place in enumerate(group.places):
            if place is not None:
                atom = atoms.of_layer(number, layer)
                for cell in layers[layer].cells_above(place):
                    rows.setdefault((layer, cell), []).append(atom)
    cells = tuple(sorted(rows))
    position = {cell: row for row, cell in enumerate(cells)}
    remainders = [
        each for terms in combinations_of(layers, groups) for each in _remainders(terms, layers, atoms, position)
    ]
    for relation in relations_of(layers, groups):
        for number in range(len(groups)):
            atoms.tie_layers(number, relation)
    return System(
        cells, _matrix([dict.fromkeys(rows[cell], 1.0) for cell in cells], len(atoms.values)),
        _matrix(atoms.ties, len(atoms.values)), np.array(atoms.values), np.array(atoms.gross), tuple(atoms.units),
        tuple(remainders), position, {(each.terms, each.place): place for place, each in enumerate(remainders)},
    )  # fmt: skip


class _Atoms:
    """The atoms of all groups, made when they are first asked for."""

    def __init__(self, groups: Sequence[Group], layers: Sequence[Layer]) -> None:
        self.groups, self.layers = groups, layers
        self.values: list[float] = []
        self.gross: list[float] = []
        self.units: list[dict[str, float]] = []
        self.ties: list[dict[int, float]] = []
        self._known: list[list[tuple[np.ndarray, str, int]]] = [[] for _ in groups]
        self._asked: dict[tuple[int, Terms], int | None] = {}

    def of_layer(self, group: int, layer: int) -> int:
        """The atom of a layer in a group."""
        terms = ((layer, 1.0),)
        found = self._asked.get((group, terms))
        if found is None:
            found = self._atom(group, self.groups[group].values[:, layer], self.layers[layer].key)
            self._asked[group, terms] = found
        return found

    def of_terms(self, group: int, terms: Terms) -> int | None:
        """The atom of what layers leave of one another in a group; None where that is nothing."""
        if len(terms) == 1 and terms[0][1] > 0:
            return self.of_layer(group, terms[0][0])
        if (group, terms) not in self._asked:
            values = self.groups[group].values
            layers, signs = (list(each) for each in zip(*terms, strict=True))
            vector = values[:, layers] @ np.array(signs)
            sizes = np.abs(values[:, layers]).sum(axis=1)
            rest = np.where(is_nothing(vector, sizes), 0.0, vector)
            atom = self._atom(group, rest, "") if rest.any() else None
            self._asked[group, terms] = atom
            self._tie(group, terms, atom)
        return self._asked[group, terms]

    def tie_layers(self, group: int, relation: Terms) -> None:
        """A relation between numbers holds in this group, if all of them stand there."""
        if all(self.groups[group].places[layer] is not None for layer, _ in relation):
            self._tie(group, relation, None)

    def _tie(self, group: int, terms: Terms, rest: int | None) -> None:
        row: dict[int, float] = {}
        for layer, sign in terms:
            atom = self.of_layer(group, layer)
            row[atom] = row.get(atom, 0.0) + sign
        if rest is not None:
            row[rest] = row.get(rest, 0.0) - 1.0
        kept = {atom: weight for atom, weight in row.items() if weight}
        if any(self.gross[atom] for atom in kept):
            self.ties.append(kept)

    def _atom(self, group: int, vector: np.ndarray, key: str) -> int:
        """The atom of these values: one that is there already, if all are the same; nothing is the same within one number."""
        for values, own, atom in self._known[group]:
            same = key == own if not vector.any() else bool(is_nothing(values - vector, np.abs(vector)).all())
            if same and values.any() == vector.any():
                return atom
        atom = len(self.values)
        self.values.append(float(vector.sum()))
        self.gross.append(float(np.abs(vector).sum()))
        self.units.append(self.groups[group].contributors(vector))
        self._known[group].append((vector, key, atom))
        return atom


def _remainders(terms: Terms, layers: Sequence[Layer], atoms: _Atoms, position: dict[CellKey, int]) -> list[Remainder]:
    """What some layers leave of one another, at each place that the first of them has, and where they differ at all."""
    found: dict[Place, list[int]] = {}
    for number, group in enumerate(atoms.groups):
        standing = [(layer, sign, group.places[layer]) for layer, sign in terms if group.places[layer] is not None]
        inside: dict[Place, list[tuple[int, float]]] = {}
        for layer, sign, place in standing:
            for cell in layers[layer].cells_above(place or ()):
                inside.setdefault(cell, []).append((layer, sign))
        for cell, own in inside.items():
            atom = atoms.of_terms(number, tuple(own))
            if atom is not None:
                found.setdefault(cell, []).append(atom)
    return [
        Remainder(terms, place, rows, tuple(sorted(own)))
        for place, own in sorted(found.items())
        if len(rows := tuple(position[layer, place] for layer, _ in terms if (layer, place) in position)) > 1
    ]


def _matrix(rows: Sequence[dict[int, float]], width: int) -> sparse.csr_matrix:
    indptr = np.cumsum([0, *map(len, rows)])
    indices = np.array([atom for row in rows for atom in sorted(row)], dtype=np.int64)
    data = np.array([row[atom] for row in rows for atom in sorted(row)])
    return sparse.csr_matrix((data, indices, indptr), shape=(len(rows), width))
