"""Quantiles and shares of members: released only where they speak of many, and where an attacker learns too little.

A quantile that is one member's value gives that member away, so a released quantile is the mean of the members around
it. What may be released is found by attack: the attacker knows the order of all members, every member's value that was
released, and all that was said of them before. Two linear programmes per member tell what he can say about it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product

import numpy as np
from scipy.optimize import linprog

from greenpark.model.confidentiality import ConfidentialityRule

_TOLERANCE = 1e-6
MEDIAN = 0.5
QUARTILES = (0.25, 0.5, 0.75)
# Who knows the order and the released sums may know a member closely already: percentiles may halve that, no more.
_HALF = 0.5


@dataclass(frozen=True)
class Spread:
    """What a release says of the spread of a number over members.

    ``quantiles``: each with the mean of the members around it; ``below``: how many lie under ``limit``; ``sums``: groups
    of members whose ratio of sums is released, with that ratio. The denominators of single members are not released,
    so a ratio of sums says that it lies between the least and the greatest member of its group.
    """

    members: tuple[tuple[str, float, float], ...]  # name, value, weight; in the order of the values
    quantiles: tuple[tuple[float, float], ...] = ()
    limit: float | None = None
    below: int | None = None
    sums: tuple[tuple[tuple[str, ...], float], ...] = ()


@dataclass(frozen=True)
class _Equations:
    """Statements about atoms: equalities and upper bounds, row by row."""

    equal: list[tuple[dict[int, float], float]] = field(default_factory=list)
    most: list[tuple[dict[int, float], float]] = field(default_factory=list)


def window(q: float, members: int, around: int) -> range:
    """The places, in order of size, of the members whose mean is released as the quantile ``q``."""
    middle = q * (members - 1)
    first = round(middle - (around - 1) / 2)
    first = min(max(first, 0), members - around)
    return range(first, first + around)


def released_spread(
    members: Mapping[str, tuple[float, float]], quantiles: Sequence[float], limit: float | None,
    rule: ConfidentialityRule, *, known: frozenset[str] = frozenset(), sums: Sequence[Sequence[str]] = (),
    earlier: Sequence[Spread] = (),
) -> Spread:  # fmt: skip
    """What may be said of the spread: as much as the attacker can be told.

    Parameters
    ----------
    members
        Value and weight (denominator) of each member.
    known
        Members whose own value is released elsewhere; they need no protection and help the attacker.
    sums
        Groups of members whose ratio of sums is released.
    earlier
        What was released of the same number before.
    """
    ordered = tuple(sorted(((name, *pair) for name, pair in members.items()), key=lambda each: (each[1], each[0])))
    told = tuple((tuple(group), _ratio_of_sums(members, group)) for group in sums)
    nothing = Spread(ordered, sums=told)
    if len(ordered) < rule.quantile_units:
        return nothing
    around = max(rule.threshold, rule.tail_units)
    said = tuple(
        (q, float(np.mean([ordered[place][1] for place in window(q, len(ordered), around)])))
        for q in sorted(quantiles)
        if min(q, 1 - q) * len(ordered) >= rule.tail_units
    )
    below = None if limit is None else sum(value < limit for _, value, _ in ordered)
    if below is not None and any(0 < part < rule.threshold for part in (below, len(ordered) - below)):
        below = None
    middle = tuple(each for each in said if each[0] == MEDIAN)
    quarters = tuple(each for each in said if each[0] in QUARTILES)
    before = _reach((*earlier, nothing), rule, known)
    for chosen, count in product((said, quarters, middle, ()), dict.fromkeys((below, None))):
        spread = Spread(ordered, chosen, limit, count, told)
        if (chosen or count is not None) and _resists((*earlier, spread), before, rule, known):
            return spread
    return nothing


def reach_of(spreads: Sequence[Spread], rule: ConfidentialityRule, known: frozenset[str] = frozenset()) -> dict[
    tuple[str, float], tuple[float, float]
]:  # fmt: skip
    """What an attacker can say of each member's value: least and greatest."""
    return _reach(spreads, rule, known)


def _ratio_of_sums(members: Mapping[str, tuple[float, float]], group: Sequence[str]) -> float:
    return sum(members[each][0] * members[each][1] for each in group) / sum(members[each][1] for each in group)


def _resists(
    spreads: Sequence[Spread], before: Mapping[tuple[str, float], tuple[float, float]], rule: ConfidentialityRule,
    known: frozenset[str],
) -> bool:  # fmt: skip
    """Whether the attacker learns of nobody more than he may, or, where he knew that before, less than twice as much."""
    for atom, (low, high) in _reach(spreads, rule, known).items():
        need = 2 * rule.protection_share * abs(atom[1])
        had = before[atom][1] - before[atom][0]
        if high - low < min(need, _HALF * had) * (1 - _TOLERANCE):
            return False
    return True


def _reach(
    spreads: Sequence[Spread], rule: ConfidentialityRule, known: frozenset[str]
) -> dict[tuple[str, float], tuple[float, float]]:
    atoms = sorted({(name, value) for spread in spreads for name, value, _ in spread.members})
    place = {atom: number for number, atom in enumerate(atoms)}
    statements = _statements(spreads, place, max(rule.threshold, rule.tail_units))
    open_ended = any(value < 0 for _, value in atoms)
    bounds = [
        (value, value) if name in known else ((None, None) if open_ended else (0.0, None)) for name, value in atoms
    ]
    matrices = [_matrix(rows, len(atoms)) for rows in (statements.equal, statements.most)]
    found = {}
    for atom in atoms:
        if atom[0] in known:
            continue
        aim = np.zeros(len(atoms))
        aim[place[atom]] = 1.0
        found[atom] = (_end(aim, matrices, bounds, atom[1]), -_end(-aim, matrices, bounds, -atom[1]))
    return found


def _statements(spreads: Sequence[Spread], place: Mapping[tuple[str, float], int], around: int) -> _Equations:
    found = _Equations()
    for spread in spreads:
        row = [place[name, value] for name, value, _ in spread.members]
        for lower, upper in pairwise(row):
            found.most.append(({lower: 1.0, upper: -1.0}, 0.0))
        for q, mean in spread.quantiles:
            found.equal.append(({row[each]: 1.0 for each in window(q, len(row), around)}, mean * around))
        for group, ratio in spread.sums:
            inside = [place[name, value] for name, value, _ in spread.members if name in set(group)]
            if len(inside) == 1:
                found.equal.append(({inside[0]: 1.0}, ratio))
            else:
                found.most.append(({inside[0]: 1.0}, ratio))
                found.most.append(({inside[-1]: -1.0}, -ratio))
        if spread.below is not None and spread.limit is not None:
            if spread.below:
                found.most.append(({row[spread.below - 1]: 1.0}, spread.limit))
            if spread.below < len(row):
                found.most.append(({row[spread.below]: -1.0}, -spread.limit))
    return found


def _matrix(rows: list[tuple[dict[int, float], float]], width: int) -> tuple[np.ndarray, np.ndarray] | None:
    if not rows:
        return None
    matrix = np.zeros((len(rows), width))
    for number, (row, _) in enumerate(rows):
        matrix[number, list(row)] = list(row.values())
    scale = np.abs(matrix).max(axis=1)
    return matrix / scale[:, None], np.array([right for _, right in rows]) / scale


def _end(aim: np.ndarray, matrices: Sequence[tuple[np.ndarray, np.ndarray] | None], bounds: list, own: float) -> float:  # type: ignore[type-arg]  # of pairs of numbers or None
    """The least value of ``aim``; without bound minus infinity, and the true value where the solver gives up."""
    equal, most = matrices
    done = linprog(
        aim, A_eq=equal[0] if equal else None, b_eq=equal[1] if equal else None, A_ub=most[0] if most else None,
        b_ub=most[1] if most else None, bounds=bounds, method="highs",
    )  # fmt: skip
    if done.status in (3, 4):
        return float("-inf")
    return own if done.x is None else float(done.fun)
