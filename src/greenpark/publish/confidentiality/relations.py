"""What the numbers of several tables have to do with one another: differences that follow, and sums that always hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from scipy import linalg

from greenpark.publish.confidentiality.layers import Group, Layer

Terms = tuple[tuple[int, float], ...]  # layer and sign

_ROUNDING = 1e-9
_LONGEST = 4  # numbers that are subtracted from one another number
_MOST = 48  # such remainders of one family
_PROOF = 3  # records beyond its terms that a relation must hold for, or it may be chance
_WHOLE = 1e-6


def is_nothing(rest: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Whether a difference is no more than rounding of what was subtracted."""
    return np.asarray(np.abs(rest) <= _ROUNDING * np.abs(sizes))


def combinations_of(layers: Sequence[Layer], groups: Sequence[Group]) -> list[Terms]:
    """What is worth asking: each table less each other of its family, and each number less several that are parts of it."""
    values = _stacked(groups, len(layers))
    found: list[Terms] = []
    for one, other in combinations(range(len(layers)), 2):
        if layers[one].family == layers[other].family:
            larger = values[:, one].sum() >= values[:, other].sum()
            found.append(((one, 1.0), (other, -1.0)) if larger else ((other, 1.0), (one, -1.0)))
    for family in dict.fromkeys(layer.family for layer in layers):
        several = newest_of(layers, family)
        found += [terms for terms, _ in zip(_leftovers(values, several), range(_MOST), strict=False)]
    return list(dict.fromkeys(found))


def newest_of(layers: Sequence[Layer], family: str) -> list[int]:
    """The newest layer of each number of a family."""
    latest = {layer.key: number for number, layer in enumerate(layers) if layer.family == family}
    return sorted(latest.values())


def relations_of(layers: Sequence[Layer], groups: Sequence[Group]) -> list[Terms]:
    """Sums that hold for every record: a number that is the sum of others, or always the same multiple of another.

    A reader may know them (total = direct + indirect; CO2 = a public factor × electricity). A relation counts where its
    weights are whole numbers, or it has two terms, and it holds for more records than chance would allow.
    """
    numbers = sorted({number for family in {each.family for each in layers} for number in newest_of(layers, family)})
    values = _stacked(groups, len(layers))[:, numbers]
    sizes = np.abs(values).max(axis=0, initial=0.0)
    numbers = [number for number, size in zip(numbers, sizes, strict=True) if size > 0]
    values = values[:, sizes > 0] / sizes[sizes > 0]
    if not numbers or len(values) < len(numbers):
        return []
    _, triangle, order = linalg.qr(values, mode="economic", pivoting=True)
    held = np.abs(np.diag(triangle)) > _ROUNDING * abs(triangle[0, 0])
    basis, others = order[: int(held.sum())], order[int(held.sum()) :]
    found = []
    for other in others.tolist():
        weights = np.linalg.lstsq(values[:, basis], values[:, other], rcond=None)[0]
        scaled = {numbers[own]: float(weight * sizes[sizes > 0][other] / sizes[sizes > 0][own])
                  for own, weight in zip(basis.tolist(), weights, strict=True) if abs(weight) > _WHOLE}  # fmt: skip
        if _counts(scaled, values[:, other]):
            exact = {own: weight if len(scaled) == 1 else round(weight) for own, weight in scaled.items()}
            found.append(((numbers[other], 1.0), *((own, -float(weight)) for own, weight in sorted(exact.items()))))
    return found


def _counts(weights: dict[int, float], values: np.ndarray) -> bool:
    whole = all(abs(weight - round(weight)) < _WHOLE and round(weight) for weight in weights.values())
    return bool(weights and (whole or len(weights) == 1) and np.count_nonzero(values) >= len(weights) + _PROOF)


def _stacked(groups: Sequence[Group], width: int) -> np.ndarray:
    return np.concatenate([group.values for group in groups]) if groups else np.zeros((0, width))


def _leftovers(values: np.ndarray, numbers: Sequence[int]) -> Iterator[Terms]:
    """Each number less all others that fit into it one after the other, and less two or more that are disjoint parts of it."""
    parts_of = {
        whole: [each for each in numbers if each != whole and _is_part(values[:, each], values[:, whole])]
        for whole in numbers
    }
    for whole, parts in parts_of.items():
        rest, taken = values[:, whole].copy(), []
        for each in sorted(parts, key=lambda part: -float(values[:, part].sum())):
            if _is_part(values[:, each], rest):
                rest -= values[:, each]
                taken.append(each)
        if len(taken) > 1:
            yield ((whole, 1.0), *((each, -1.0) for each in sorted(taken)))
    for whole, parts in parts_of.items():
        for several in range(2, min(_LONGEST, len(parts)) + 1):
            for chosen in combinations(parts, several):
                if _is_part(values[:, chosen].sum(axis=1), values[:, whole]):
                    yield ((whole, 1.0), *((each, -1.0) for each in chosen))


def _is_part(part: np.ndarray, whole: np.ndarray) -> bool:
    """Whether a number lies within another for every record, and for some record is not nothing."""
    inside = (part >= 0) & (part <= whole * (1 + _ROUNDING))
    return bool(inside.all() and part.any())
