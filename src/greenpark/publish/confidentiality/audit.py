"""The attacker: what a reader can work out about withheld sums from everything that was published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from greenpark.publish.confidentiality.contributions import Place
from greenpark.publish.confidentiality.movement import restricted
from greenpark.publish.confidentiality.protecting import Protected
from greenpark.publish.confidentiality.system import System


@dataclass(frozen=True)
class Interval:
    """What a reader learns about a withheld sum: it lies between ``low`` and ``high``; ``need`` is the least width."""

    places: tuple[Place, ...]
    low: float
    high: float
    value: float
    need: float

    @property
    def is_protected(self) -> bool:
        """Whether the reader learns little enough."""
        return self.high - self.low >= self.need * (1 - 1e-4)


def feasible_intervals(table: Protected, prior: float | None = None) -> tuple[Interval, ...]:
    """The exact interval of each sensitive sum, by two linear programmes each.

    Parameters
    ----------
    prior
        The reader knows each finest value within this share of its magnitude; None: only that none is negative, where
        none is.
    """
    system, published = table.system, np.array(table.published)
    seen = system.known(published)
    alone = seen[np.diff(seen.indptr) == 1].indices
    free = np.setdiff1d(np.arange(system.matrix.shape[1]), alone)
    position = {int(atom): place for place, atom in enumerate(free)}
    known = restricted(seen, free)
    low, high = _limits(system, prior)
    found = []
    for atoms, need in table.targets:
        aim = np.zeros(len(free))
        aim[[position[atom] for atom in atoms if atom in position]] = 1.0
        fixed = float(system.values[[atom for atom in atoms if atom not in position]].sum())
        ends = [_end(sign * aim, known, system.values[free], low[free], high[free], need or 1.0) for sign in (1, -1)]
        value = float(system.values[list(atoms)].sum())
        found.append(Interval(_places(system, atoms), fixed + ends[0], fixed - ends[1], value, 2 * need))
    return tuple(found)


def recovered(table: Protected, prior: float | None = None) -> tuple[Interval, ...]:
    """The sensitive sums that a reader knows too closely; none when the table is safe."""
    return tuple(each for each in feasible_intervals(table, prior) if not each.is_protected)


def _limits(system: System, prior: float | None) -> tuple[np.ndarray, np.ndarray]:
    if prior is not None:
        return system.values - prior * system.gross, system.values + prior * system.gross
    signed = system.values < system.gross * (1 - 1e-12)
    return np.where(signed, -np.inf, 0.0), np.full(len(system.values), np.inf)


def _end(
    aim: np.ndarray, known: sparse.csr_matrix, values: np.ndarray, low: np.ndarray, high: np.ndarray, scale: float
) -> float:
    """The least value of ``aim`` over everything that agrees with the known sums."""
    if not aim.any():
        return 0.0
    equal = known if known.shape[0] else None
    sums = known @ values / scale if known.shape[0] else None
    done = linprog(aim, A_eq=equal, b_eq=sums, bounds=np.column_stack([low, high]) / np.array(scale), method="highs")
    if done.status in (3, 4):  # unbounded: nothing is known
        return -np.inf
    if done.x is None:  # numerically at odds with itself: count it as found out
        return float(aim @ values)
    return float(done.fun) * scale


def _places(system: System, atoms: Sequence[int]) -> tuple[Place, ...]:
    """The cells of the newest table that consist of exactly these atoms, or else those that hold them."""
    last = max(layer for layer, _ in system.cells)
    wanted = set(atoms)
    exact = [
        place for row, (layer, place) in enumerate(system.cells) if layer == last and set(system.members(row)) == wanted
    ]
    return tuple(exact)
