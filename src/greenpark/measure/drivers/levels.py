"""Several levels at once: nation → province → zone → industry → enterprise, each level's structure a factor of its own.

An activity Q (value added) of the cells of a tree is Q_i = Q · (Q_g/Q) · (Q_h/Q_g) · … · (Q_i/Q_p): the scale of the
whole, the share of each group in the group above it, and the share of the cell in its own group. By LMDI-I the effects
of cells add up to those of any group, so a nation's effects are the sum of its zones' (consistency in aggregation, Ang
and Liu, Energy 26 (2001) 537-548).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greenpark.measure.drivers.lmdi import Floats

Codes = NDArray[np.int64]


def sum_of_groups(values: Any, codes: Codes, axis: int = -1) -> Floats:
    """The values summed by group: the axis of cells becomes one of groups."""
    cells = np.moveaxis(np.asarray(values, dtype=float), axis, 0)
    found = np.zeros((int(codes.max(initial=-1)) + 1, *cells.shape[1:]))
    np.add.at(found, codes, cells)
    return np.moveaxis(found, 0, axis)


def scale_and_structure(activity: Any, levels: Sequence[Codes]) -> Floats:
    """The activity [..., cell] as factors [..., cell, 1 + levels + 1]: whole, share at each level, share of the cell.

    Parameters
    ----------
    levels
        For each level from the top, the group of every cell; a group lies inside one group of the level above.

    A group without activity has no shares below it (NaN), which the decomposition holds at the other year's.
    """
    value = np.asarray(activity, dtype=float)
    above = np.broadcast_to(value.sum(axis=-1)[..., None], value.shape)
    factors = [above]
    for codes in levels:
        group = sum_of_groups(value, codes)[..., codes]
        factors.append(_share(group, above))
        above = group
    return np.stack([*factors, _share(value, above)], axis=-1)


def _share(part: Floats, whole: Floats) -> Floats:
    return np.asarray(np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole != 0), dtype=float)
