"""Cells that were withdrawn on the way and turn out not to be needed are published again, the dearest first."""

from __future__ import annotations

import numpy as np

from greenpark.publish.confidentiality.suppressing import Suppression, collect, is_hidden, move_alone
from greenpark.publish.confidentiality.worth import SUM

_MOST_PROGRAMMES = 400
_SMALL_SYSTEM = 1500  # atoms up to which finest cells are tried as well
_WAITING = 10  # sums that may have to be proved anew for one cell
_STILL = 1e-9


def restore(state: Suppression, withdrawn: np.ndarray) -> None:
    """Publish again what can be, one cell at a time; every sensitive sum stays hidden, which is proved anew."""
    rows = np.flatnonzero(withdrawn)
    if state.system.matrix.shape[1] > _SMALL_SYSTEM:
        rows = rows[state.tiers[rows] >= SUM]
    left = _MOST_PROGRAMMES
    for row in sorted(rows.tolist(), key=lambda each: (-state.tiers[each], -state.costs[each], each)):
        if left <= 0:
            return
        left -= _try(state, row)


def _try(state: Suppression, row: int) -> int:
    """Publish a cell again if all sums stay hidden; the number of sums that had to be proved anew."""
    kept = dict(state.targets), dict(state.up), dict(state.down), list(state.movements)
    state.published[row] = True
    weights = state.system.matrix[row]
    still = [
        each for each in state.movements
        if abs(float((weights @ each)[0])) <= _STILL * float(np.abs(each).max(initial=0.0))
    ]  # fmt: skip
    collect(state)
    state.up, state.down, state.movements = {}, {}, []
    for movement in still:
        state.learn(movement)
    waiting = state.open_targets()
    asked = 0
    if len(waiting) <= _WAITING:
        for key in waiting:
            asked += 1
            if not is_hidden(state, key) and not move_alone(state, key):
                break
        else:
            return asked
    state.published[row] = False
    state.targets, state.up, state.down, state.movements = kept
    return asked
