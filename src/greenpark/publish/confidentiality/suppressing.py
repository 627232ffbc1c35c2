"""Secondary suppression: cells withdrawn so that no sensitive sum can be worked out from those that remain.

Each round collects the sensitive sums (cells, atoms, what tables leave of one another, and what is left of a total after
its published parts), asks by linear programming for a movement that hides them at the least cost, and withdraws the
cells that it moves (the linear relaxation of the cell suppression problem: Fischetti and Salazar; Handbook on SDC).
Finest cells are tried first, sums only where these cannot hide it, totals of tables last. A round without an
unprotected sum is the last one. Each movement that was found remains valid, because cells are only ever withdrawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import sparse

from greenpark.model.confidentiality import ConfidentialityRule
from greenpark.publish.confidentiality.layers import Layer
from greenpark.publish.confidentiality.movement import (
    Bounds,
    Question,
    cheapest_movement,
    farthest_movement,
    restricted,
)
from greenpark.publish.confidentiality.sensitivity import protection_needed, reason_of
from greenpark.publish.confidentiality.system import System
from greenpark.publish.confidentiality.worth import INNER, SUM, TOTAL

_ENOUGH = 1 - 1e-6
_STAYS = 1e-7  # of the least sum that a movement is for
_BLUR = 1e3
_FEW_TARGETS = 3
_GOOD_PART = 0.8
Atoms = tuple[int, ...]


@dataclass
class Suppression:
    """The state of the search: which cells are published, which sums are sensitive, how far each can move."""

    system: System
    layers: Sequence[Layer]
    rule: ConfidentialityRule
    bounds: Bounds
    published: np.ndarray  # of each cell
    own: np.ndarray  # whether a cell belongs to a table that is about to be released
    costs: np.ndarray
    tiers: np.ndarray
    targets: dict[Atoms, float] = field(default_factory=dict)  # sensitive sums and how far they must move
    up: dict[Atoms, float] = field(default_factory=dict)
    down: dict[Atoms, float] = field(default_factory=dict)
    lost: set[Atoms] = field(default_factory=set)  # sums that earlier tables have given away
    movements: list[np.ndarray] = field(default_factory=list)

    def add_target(self, atoms: np.ndarray) -> bool:
        """Note a sensitive sum; False when it is not sensitive or known."""
        key = tuple(sorted(map(int, atoms)))
        if key in self.targets or not key:
            return False
        contributors = self.system.contributors(key)
        if not reason_of(contributors, self.rule):
            return False
        gross = float(self.bounds.high[list(key)].sum()) / self.rule.prior_share
        self.targets[key] = protection_needed(contributors, gross, self.rule)
        return True

    def open_targets(self) -> list[Atoms]:
        """Sensitive sums that no movement has hidden yet."""
        return [
            key
            for key, need in self.targets.items()
            if key not in self.lost and self.up.get(key, 0.0) + self.down.get(key, 0.0) < 2 * need * _ENOUGH
        ]

    def learn(self, movement: np.ndarray) -> None:
        """Note by how much a movement that leaves the published cells alone changes each sensitive sum.

        What the solver leaves of a movement of published cells must be nothing beside what a sum needs.
        """
        noise = float(np.abs(self.system.known(self.published) @ movement).max(initial=0.0))
        self.movements.append(movement)
        for way in (movement, -movement):
            beyond = np.maximum(self.bounds.low - way, way - self.bounds.high).max(initial=0.0)
            blur = _BLUR * max(noise, float(beyond))
            for key, need in self.targets.items():
                if need > blur:
                    change = float(way[list(key)].sum())
                    self.up[key] = max(self.up.get(key, 0.0), change)
                    self.down[key] = max(self.down.get(key, 0.0), -change)

    def withdraw(self, cells: np.ndarray) -> None:
        """Publish these cells of the own table no longer."""
        self.published[cells[self.own[cells]]] = False


def suppress(state: Suppression) -> None:
    """Withdraw cells until every sensitive sum is hidden; what earlier tables have given away is put in ``lost``."""
    while True:
        collect(state)
        waiting = state.open_targets()
        if not waiting:
            return
        _try_as_it_is(state, waiting)
        _hide_together(state)
        for key in sorted(state.open_targets(), key=lambda one: (-state.targets[one], one)):
            if key in state.open_targets():
                _hide(state, key)


def _hide_together(state: Suppression) -> None:
    """Hide as many sums as one movement can, sums of like size at a time, while each hides a good part of them."""
    for size in sorted({_size(state, key) for key in state.open_targets()}, reverse=True):
        sign = 1.0
        while len(waiting := [key for key in state.open_targets() if _size(state, key) == size]) > _FEW_TARGETS:
            _ask(state, waiting, sign * _balanced_signs(state, waiting), SUM)
            if len([key for key in waiting if not is_hidden(state, key)]) > _GOOD_PART * len(waiting):
                break
            sign = -sign
        _try_as_it_is(state, state.open_targets())


def _size(state: Suppression, key: Atoms) -> int:
    return int(np.floor(np.log10(state.targets[key]))) if state.targets[key] > 0 else 0


def _hide(state: Suppression, key: Atoms) -> None:
    """Hide one sum: with the cells withdrawn so far, else with the cheapest further ones, else with all above it."""
    if move_alone(state, key):
        return
    for tier in (INNER, SUM, TOTAL):
        for sign in (1.0, -1.0):
            _ask(state, [key], np.array([sign]), tier)
            if is_hidden(state, key):
                return
    state.withdraw(_cells_touching(state, key))
    if not move_alone(state, key):
        state.lost.add(key)


def is_hidden(state: Suppression, key: Atoms) -> bool:
    """Whether the movements found so far change a sum as far as it needs."""
    return state.up.get(key, 0.0) + state.down.get(key, 0.0) >= 2 * state.targets[key] * _ENOUGH


def _cells_touching(state: Suppression, key: Atoms) -> np.ndarray:
    """The cells that hold any atom of a sum, or any that it is tied to."""
    system = state.system
    tied = system.ties[np.unique(system.ties[:, list(key)].tocoo().row)]
    atoms = np.union1d(np.array(key, dtype=np.int64), tied.indices)
    return np.unique(system.matrix[:, atoms].tocoo().row)


def move_alone(state: Suppression, key: Atoms) -> bool:
    """Whether the sum can move with the present pattern, by the exact interval of a reader."""
    free, fixed = _free_part(state)
    if not set(key) & set(free.tolist()):
        return False
    position = {int(atom): place for place, atom in enumerate(free)}
    aim = np.zeros(len(free))
    aim[[position[atom] for atom in key if atom in position]] = 1.0
    bounds = Bounds(state.bounds.low[free], state.bounds.high[free])
    for sign in (1.0, -1.0):
        found = farthest_movement(sign * aim, fixed, bounds, state.targets[key] or 1.0)
        if found is not None:
            whole = np.zeros(state.system.matrix.shape[1])
            whole[free] = found
            state.learn(whole)
    return is_hidden(state, key)


def _free_part(state: Suppression) -> tuple[np.ndarray, sparse.csr_matrix]:
    """The atoms that no published cell fixes by itself, and the published cells over them."""
    published = state.system.known(state.published)
    alone = published[np.diff(published.indptr) == 1].indices
    free = np.setdiff1d(np.arange(state.system.matrix.shape[1]), alone)
    return free, restricted(published, free)


def _try_as_it_is(state: Suppression, waiting: list[Atoms]) -> None:
    """One movement of as many sums as possible without withdrawing anything."""
    free, fixed = _free_part(state)
    if not len(free) or not waiting:
        return
    bounds = Bounds(state.bounds.low[free], state.bounds.high[free])
    rows = _rows(waiting, state.system.matrix.shape[1])[:, free].tocsr()
    needs = np.array([state.targets[key] for key in waiting])
    question = Question(rows, needs, _balanced_signs(state, waiting))
    none = sparse.csr_matrix((0, len(free)))
    found = cheapest_movement(question, fixed, none, np.zeros(0), bounds)
    if found is not None:
        whole = np.zeros(state.system.matrix.shape[1])
        whole[free] = found
        state.learn(whole)


def _ask(state: Suppression, keys: list[Atoms], signs: np.ndarray, tier: int) -> None:
    """The cheapest movement of these sums, of cells up to a tier; the cells that it moves are withdrawn.

    A single sum that cannot be hidden so has nothing withdrawn for it.
    """
    matrix = state.system.matrix
    free = state.published & state.own & (state.tiers <= tier)
    movable = np.flatnonzero(free)
    needs = np.array([state.targets[key] for key in keys])
    question = Question(_rows(keys, matrix.shape[1]), needs, signs)
    locked = state.system.known(state.published & ~free)
    found = cheapest_movement(question, locked, matrix[movable], state.costs[movable], state.bounds)
    if found is None or (len(keys) == 1 and _falls_short(state, keys[0], found)):
        return
    moved = np.abs(matrix[movable] @ found)
    state.withdraw(movable[moved > _STAYS * float(needs.min())])
    state.learn(found)


def _falls_short(state: Suppression, key: Atoms, movement: np.ndarray) -> bool:
    """Whether a movement, there and back, adds too little to what is known of a sum."""
    change = abs(float(movement[list(key)].sum()))
    up, down = (max(known.get(key, 0.0), change) for known in (state.up, state.down))
    return up + down < 2 * state.targets[key] * _ENOUGH


def _rows(keys: list[Atoms], atoms: int) -> sparse.csr_matrix:
    indptr = np.cumsum([0, *(len(key) for key in keys)])
    indices = np.array([atom for key in keys for atom in key], dtype=np.int64)
    return sparse.csr_matrix((np.ones(len(indices)), indices, indptr), shape=(len(keys), atoms))


def _balanced_signs(state: Suppression, keys: list[Atoms]) -> np.ndarray:
    """Directions in which the movements of neighbouring sums offset one another, largest need first.

    Sums that share atoms move the same way, since one of them is mostly the other.
    """
    matrix = state.system.matrix.tocsc()
    load = np.zeros(matrix.shape[0])
    taken = np.zeros(matrix.shape[1])
    signs = np.ones(len(keys))
    for place in sorted(range(len(keys)), key=lambda one: (-state.targets[keys[one]], keys[one])):
        key = list(keys[place])
        cells = np.unique(np.concatenate([matrix.indices[matrix.indptr[a] : matrix.indptr[a + 1]] for a in key]))
        published = cells[state.published[cells]]
        shared = float(taken[key].sum())
        pressure = -shared or float((load[published] / state.costs[published]).sum())
        signs[place] = -1.0 if pressure > 0 else 1.0
        load[cells] += signs[place] * state.targets[keys[place]]
        taken[key] += signs[place] * state.targets[keys[place]] / len(key)
    return signs


def collect(state: Suppression) -> None:
    """Note every sensitive sum: cells, atoms and remainders at first, then what totals leave after their published parts."""
    system = state.system
    if not state.targets:
        for row in range(len(system.cells)):
            if not state.published[row]:
                state.add_target(system.members(row))
        for atom in range(system.matrix.shape[1]):
            state.add_target(np.array([atom]))
        for each in system.remainders:
            state.add_target(np.array(each.atoms))
    for row in np.flatnonzero(state.published & state.own).tolist():
        layer, place = system.cells[row]
        for rows in _below(state.layers[layer], place, system.position, layer):
            state.add_target(_together([system.members(each) for each in rows if not state.published[each]]))
    shown = [bool(state.published[list(each.rows)].all()) for each in system.remainders]
    for number, each in enumerate(system.remainders):
        if shown[number] and state.own[list(each.rows)].any():
            for rows in _below(state.layers[each.terms[0][0]], each.place, system.place_of, each.terms):
                state.add_target(_together([np.array(system.remainders[at].atoms) for at in rows if not shown[at]]))


def _below(layer: Layer, place: tuple[str, ...], position: Mapping[Any, int], head: object) -> list[list[int]]:
    """The cells right below a cell along each dimension."""
    found = []
    for number, dimension in enumerate(layer.dimensions):
        around = [(*place[:number], child, *place[number + 1 :]) for child in dimension.children.get(place[number], ())]
        found.append([position[head, each] for each in around if (head, each) in position])
    return found


def _together(atoms: Sequence[np.ndarray]) -> np.ndarray:
    return np.unique(np.concatenate(atoms)) if atoms else np.zeros(0, dtype=np.int64)
