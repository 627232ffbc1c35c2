"""What a cell is worth to readers: inner cells go first, sums of them later, the total of a table last of all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from greenpark.publish.confidentiality.layers import Layer
from greenpark.publish.confidentiality.system import System

INNER, SUM, TOTAL = 0, 1, 2
_TOTAL_COSTS = 50.0


def tiers_of(system: System, layers: Sequence[Layer]) -> np.ndarray:
    """For each cell whether it is a finest one, a sum of others, or the total of its table."""
    found = np.full(len(system.cells), INNER)
    finest: dict[tuple[int, int], int] = {}
    for row, (layer, _) in enumerate(system.cells):
        members = system.members(row)
        for atom in members.tolist():
            finest[layer, atom] = min(finest.get((layer, atom), len(members)), len(members))
    for row, (layer, place) in enumerate(system.cells):
        members = system.members(row)
        if layers[layer].is_total(place):
            found[row] = TOTAL
        elif any(finest[layer, atom] < len(members) for atom in members.tolist()):
            found[row] = SUM
    return found


def costs_of(system: System, layers: Sequence[Layer], first: int) -> np.ndarray:
    """What withdrawing a cell costs.

    The more finest cells it sums, the dearer, and the total of a table is what all ask for. A number that others are
    parts of is dearer than these, and of equal ones the first that was asked for.
    """
    sizes = np.diff(system.matrix.indptr).astype(float)
    sums = np.zeros(len(layers))
    for row, (layer, place) in enumerate(system.cells):
        if layers[layer].is_total(place):
            sums[layer] = float(system.gross[system.members(row)].sum())
    whole = np.array([
        max((sums[other] for other in range(len(layers)) if layers[other].family == layer.family), default=0.0)
        for layer in layers
    ])  # fmt: skip
    worth = 1.0 + np.divide(sums, whole, out=np.zeros(len(layers)), where=whole > 0)
    worth += np.array([0.1 / (1 + max(number - first, 0)) for number in range(len(layers))])
    weights = np.array(
        [worth[layer] * (_TOTAL_COSTS if layers[layer].is_total(place) else 1.0) for layer, place in system.cells]
    )
    return np.asarray(weights * np.sqrt(sizes))
