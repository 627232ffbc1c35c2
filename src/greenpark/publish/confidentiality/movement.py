"""Movements: other values of the atoms that a reader cannot tell from the true ones, found by linear programming.

A movement changes atoms within what a reader may think possible and leaves every published cell as it is. A sum that a
movement changes by so much cannot be known more closely than that: the movement is the proof.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

_SMALL = 1e-9
_DEAR = 20.0  # a sum that stays known costs more than any path of cells that could hide it


@dataclass(frozen=True)
class Bounds:
    """How far each atom may move down and up in a reader's eyes."""

    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class Question:
    """Sums that must be able to move: ``targets`` (rows over atoms), by ``needs``, in the directions ``signs``."""

    targets: sparse.csr_matrix
    needs: np.ndarray
    signs: np.ndarray


def cheapest_movement(
    question: Question, fixed: sparse.csr_matrix, movable: sparse.csr_matrix, costs: np.ndarray, bounds: Bounds
) -> np.ndarray | None:
    """The movement that satisfies the question at the least cost; None when the solver finds none.

    Parameters
    ----------
    fixed
        Cells that stay as they are (rows over atoms).
    movable
        Cells that may be withdrawn; each costs ``costs`` per unit by which it moves.

    A target that cannot move so far moves as far as it can.
    """
    atoms, targets, cells = fixed.shape[1], question.targets.shape[0], movable.shape[0]
    scale = float(np.median(question.needs)) or 1.0
    # Variables: movement of atoms | movement of cells up | down | shortfall of targets.
    wide = sparse.eye(cells, format="csr")
    equal = sparse.vstack(
        [
            sparse.hstack([fixed, sparse.csr_matrix((fixed.shape[0], 2 * cells + targets))]),
            sparse.hstack([movable, -wide, wide, sparse.csr_matrix((cells, targets))]),
        ],
        format="csr",
    )
    aimed = sparse.diags(question.signs) @ question.targets
    upper = sparse.hstack([-aimed, sparse.csr_matrix((targets, 2 * cells)), -sparse.eye(targets)], format="csr")
    needs = question.needs / scale
    dearest = float(costs.max()) if cells else 1.0
    shortfall = np.full(targets, _DEAR * dearest)
    cost = np.concatenate([np.zeros(atoms), costs, costs, shortfall])
    limits = np.concatenate(
        [
            np.column_stack([bounds.low / scale, bounds.high / scale]),
            np.column_stack([np.zeros(2 * cells), np.full(2 * cells, np.inf)]),
            np.column_stack([np.zeros(targets), np.full(targets, np.inf)]),
        ]
    )
    done = linprog(
        cost, A_ub=upper, b_ub=-needs, A_eq=equal, b_eq=np.zeros(equal.shape[0]), bounds=limits, method="highs"
    )
    if done.x is None:
        return None
    found: np.ndarray = done.x[:atoms] * scale
    found[np.abs(found) < _SMALL * scale] = 0.0
    return found


def farthest_movement(aim: np.ndarray, fixed: sparse.csr_matrix, bounds: Bounds, scale: float) -> np.ndarray | None:
    """The movement that changes ``aim`` (weights of atoms) most while ``fixed`` cells stay; None when there is none."""
    limits = np.column_stack([bounds.low / scale, bounds.high / scale])
    equal = fixed if fixed.shape[0] else None
    zeros = np.zeros(fixed.shape[0]) if fixed.shape[0] else None
    done = linprog(-aim, A_eq=equal, b_eq=zeros, bounds=limits, method="highs")
    return None if done.x is None else done.x * scale


def restricted(matrix: sparse.csr_matrix, columns: np.ndarray) -> sparse.csr_matrix:
    """The rows of a matrix that touch these columns, limited to them, each different row once."""
    part = matrix[:, columns].tocsr()
    part = part[np.diff(part.indptr) > 0]
    part.sort_indices()
    seen: dict[bytes, int] = {}
    for row in range(part.shape[0]):
        own = slice(part.indptr[row], part.indptr[row + 1])
        seen.setdefault(part.indices[own].tobytes() + part.data[own].tobytes(), row)
    return part[sorted(seen.values())]
