"""Monte Carlo on cells: every shared factor is drawn once, and what is independent is drawn as one normal.

Given the factors, a total is a sum of independent errors: normal with a known standard deviation. So a target needs
one normal deviate per draw, however many lines it has: x = F·T + z sqrt(F²·S²). Errors that several signatures share
enter S as one; those too wide to be normal are drawn one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from greenpark.account.uncertainty.cells import Cells, Floats, Joint, Sources
from greenpark.account.uncertainty.shapes import Z95, Shape, shape_of

_CHUNK = 64  # targets at a time, so that memory does not grow with their number
_STANDARD_ERRORS = 3.0


@dataclass(frozen=True)
class Simulated:
    """What the draws say of each target: mean, standard error of the mean, 2.5 and 97.5 percentiles.

    ``expected`` is the mean that the shapes of the factors lead to: where it is not the deterministic value, the
    uneven ranges of factors move the mean.
    """

    mean: Floats
    error: Floats
    low: Floats
    high: Floats
    expected: Floats


def simulate(cells: Cells, keys: Sequence[str], draws: int, seed: int) -> Simulated:
    """The distribution of every target.

    Parameters
    ----------
    keys
        A name of each target: its own draws depend on it and on the seed, not on what else is computed.

    References
    ----------
    IPCC 2006 Guidelines, Vol. 1, ch. 3, approach 2.
    """
    shapes = [shape_of(low, high) for low, high in zip(cells.sources.low, cells.sources.high, strict=True)]
    factors = signature_factors(cells, shapes, draws, seed)
    joint: dict[int, list[Joint]] = {}
    for each in cells.joint:
        joint.setdefault(each.target, []).append(each)
    count = len(cells.totals)
    mean, error, low, high = (np.empty(count) for _ in range(4))
    for first in range(0, count, _CHUNK):
        last = min(first + _CHUNK, count)
        totals, squares = cells.totals[first:last], cells.squares[first:last]
        used = np.flatnonzero(
            totals.any(axis=0) | squares.any(axis=0)
        )  # those of a few areas: the others bring nothing
        own_factors = factors[used]
        values = totals[:, used] @ own_factors
        variance = (squares[:, used] / Z95**2) @ np.square(own_factors, out=own_factors)
        for target in range(first, last):
            own, spread = values[target - first], variance[target - first]
            own += _shared(joint.get(target, ()), factors, spread, seed, keys[target])
            deviates = _generator(seed, keys[target]).standard_normal(draws)
            own += np.multiply(deviates, np.sqrt(spread, out=spread), out=deviates)
        mean[first:last] = values.mean(axis=1)
        error[first:last] = values.std(axis=1, ddof=1) / np.sqrt(draws)
        low[first:last], high[first:last] = np.quantile(values, (0.025, 0.975), axis=1, overwrite_input=True)
    return Simulated(mean, error, low, high, _expected(cells, shapes))


def signature_factors(cells: Cells, shapes: Sequence[Shape], draws: int, seed: int) -> Floats:
    """The product of the factors of each signature [signature, draw], each factor drawn once for all."""
    product: Floats = np.ones((len(cells.uses), draws))
    sources = cells.sources
    for source, shape in enumerate(shapes):
        users = cells.uses[:, source]
        if shape.kind == "exact" or not users.any():
            continue
        multipliers = shape.multipliers(_deviates(sources, source, draws, seed))
        for signature in np.flatnonzero(users):
            product[signature] *= multipliers ** users[signature]
    return product


def differs(simulated: Simulated, values: Floats) -> np.ndarray:
    """Which means are further from the deterministic value than three standard errors."""
    tolerance = np.maximum(_STANDARD_ERRORS * simulated.error, 1e-9 * np.abs(values))
    return np.asarray(np.abs(simulated.mean - values) > tolerance)


def is_skewed(simulated: Simulated, values: Floats) -> np.ndarray:
    """Which of the targets have a mean that uneven ranges move away from the deterministic value."""
    moved = np.abs(simulated.expected - values) > np.abs(simulated.expected - simulated.mean)
    return np.asarray(moved & (np.abs(simulated.expected - values) > 1e-9 * np.abs(values)))


def _shared(joint: Sequence[Joint], factors: Floats, variance: Floats, seed: int, key: str) -> Floats:
    """What wide errors bring; the normal ones enter the variance."""
    draws = int(factors.shape[1])
    added: Floats = np.zeros(draws)
    for number, each in enumerate(joint):
        brought = each.totals @ factors[each.signatures]
        if each.is_normal:
            variance += (brought * (each.low + each.high) / 2 / Z95) ** 2
            continue
        deviates = _generator(seed, f"{key}|{each.name}|{number}").standard_normal(draws)
        added += brought * (shape_of(each.low, each.high).multipliers(deviates) - 1)
    return added


def _deviates(sources: Sources, source: int, draws: int, seed: int) -> Floats:
    own: Floats = _generator(seed, sources.names[source]).standard_normal(draws)
    group = int(sources.group[source])
    if group < 0:
        return own
    together = float(sources.correlation[group])
    common = _generator(seed, f"class|{sources.groups[group]}").standard_normal(draws)
    mixed: Floats = np.sqrt(together) * common + np.sqrt(1 - together) * own
    return mixed


def _generator(seed: int, name: str) -> np.random.Generator:
    return np.random.default_rng([seed, crc32(name.encode("utf-8"))])


def _expected(cells: Cells, shapes: Sequence[Shape]) -> Floats:
    means = np.array([shape.mean for shape in shapes])
    product = np.prod(np.power(means[None, :], cells.uses), axis=1) if len(means) else np.ones(len(cells.uses))
    moved = cells.totals @ product
    for each in cells.joint:
        extra = shape_of(each.low, each.high).mean - 1 if not each.is_normal else 0.0
        moved[each.target] += extra * float(each.totals @ product[each.signatures])
    return np.asarray(moved)
