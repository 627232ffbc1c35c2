"""A reader who wants to know what was withheld: written from nothing but the released tables, not from our own audit.

He knows the hierarchies, every released cell of every release, and that no value is negative. Each finest cell (and each
piece of it that two releases count differently) is an unknown; each released cell is an equation. Two linear programmes
per sum give what he can say about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

import numpy as np
from scipy.optimize import linprog

Place = tuple[str, ...]
Equations = list[tuple[dict[object, float], float]]


def sums_above(place: Place, parents: Sequence[Mapping[str, str]]) -> list[Place]:
    """All cells that hold a finest cell."""
    trails = []
    for code, above in zip(place, parents, strict=True):
        trail = [code]
        while above.get(trail[-1]):
            trail.append(above[trail[-1]])
        trails.append(trail)
    return list(product(*trails))


def equations_of(
    finest: Iterable[tuple[object, Place]], released: Mapping[Place, float], parents: Sequence[Mapping[str, str]]
) -> Equations:
    """One equation for each released cell over the unknowns, each of which stands at a finest place."""
    parts: dict[Place, dict[object, float]] = {}
    for unknown, place in finest:
        for cell in sums_above(place, parents):
            parts.setdefault(cell, {})[unknown] = 1.0
    return [(parts[cell], value) for cell, value in released.items() if cell in parts]


def interval(
    aim: Iterable[object], equations: Equations, bounds: Mapping[object, tuple[float, float | None]] | None = None
) -> tuple[float, float]:
    """What a sum of unknowns lies between, by linear programming."""
    unknowns = sorted({each for row, _ in equations for each in row} | set(aim), key=str)
    place = {each: number for number, each in enumerate(unknowns)}
    scale = max((abs(value) for _, value in equations), default=1.0) or 1.0
    matrix = np.zeros((len(equations), len(unknowns)))
    for number, (row, _) in enumerate(equations):
        for each, weight in row.items():
            matrix[number, place[each]] = weight
    right = np.array([value / scale for _, value in equations])
    wanted = np.zeros(len(unknowns))
    wanted[[place[each] for each in aim]] = 1.0
    limits = [(bounds or {}).get(each, (0.0, None)) for each in unknowns]
    scaled = [(low / scale, None if high is None else high / scale) for low, high in limits]
    ends = []
    for sign in (1.0, -1.0):
        done = linprog(sign * wanted, A_eq=matrix if len(right) else None, b_eq=right if len(right) else None,
                       bounds=scaled, method="highs")  # fmt: skip
        if done.status == 3:
            ends.append(-np.inf)
        else:
            assert done.status == 0, done.message
            ends.append(float(done.fun))
    return ends[0] * scale, -ends[1] * scale
