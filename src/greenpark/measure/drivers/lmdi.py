"""Index decomposition by the logarithmic mean (LMDI): what each factor brings to a change, without a rest.

A total V is a sum over cells of products of factors, V = Σ_i V_i, V_i = Π_k x_ik. Between a base and an end (0 and T) the
effect of factor k is

- additive: ΔV_k = Σ_i w_i ln(x_ik^T / x_ik^0), and Σ_k ΔV_k = V^T − V^0;
- multiplicative: D_k = exp(Σ_i u_i ln(x_ik^T / x_ik^0)), and Π_k D_k = V^T / V^0,

with L(a, b) = (a − b)/(ln a − ln b), L(a, a) = a, L(a, 0) = 0, and

- LMDI-I: w_i = L(V_i^T, V_i^0), u_i = w_i / L(V^T, V^0);
- LMDI-II: u_i = L(s_i^T, s_i^0) / Σ_j L(s_j^T, s_j^0) with the shares s_i = V_i / V, w_i = u_i L(V^T, V^0).

Zeros are not replaced by small numbers: where V_i is zero on one side, the factor that is zero there takes the whole
change of the cell, several of them equal parts (the analytic limit). Values may be negative (a credit) on both sides;
where a sign turns, nothing can be said and the cell is named.

References
----------
B. W. Ang, The LMDI approach to decomposition analysis: a practical guide, Energy Policy 33 (2005) 867-871.
B. W. Ang, LMDI decomposition approach: a guide for implementation, Energy Policy 86 (2015) 233-238.
R. Wood, M. Lenzen, Zero-value problems of the logarithmic mean divisia index, Energy Policy 34 (2006) 1326-1331.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Kind = Literal["lmdi_1", "lmdi_2"]
KINDS: tuple[Kind, ...] = ("lmdi_1", "lmdi_2")


@dataclass(frozen=True)
class Effects:
    """What each factor brings to the change of a total.

    ``cells`` [..., cell, factor] and ``additive`` [..., factor] are in the unit of the total; ``multiplicative``
    [..., factor] are ratios, NaN where base or end of the total is not positive. ``undefined`` [..., cell] marks cells
    whose sign turns or whose factors do not say why they are zero: their change is in ``unexplained`` [...], which is
    zero otherwise.
    """

    cells: Floats
    additive: Floats
    multiplicative: Floats
    base: Floats
    end: Floats
    undefined: Bools
    unexplained: Floats


def logarithmic_mean(left: Any, right: Any) -> Floats:
    """L(a, b) = (a − b)/ln(a/b), with its limits L(a, a) = a and L(a, 0) = 0; NaN where the signs differ."""
    a, b = np.broadcast_arrays(np.asarray(left, dtype=float), np.asarray(right, dtype=float))
    swap = np.abs(a) < np.abs(b)
    large, small = np.where(swap, b, a), np.where(swap, a, b)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = _log_ratio(large, small)
        # a·(e^x − 1)/x keeps its digits where both are nearly equal.
        found = np.where(ratio == 0, large, large * np.expm1(ratio) / ratio)
    return np.where((a == 0) | (b == 0), 0.0, found)


def decompose(base: Any, end: Any, kind: Kind = "lmdi_1") -> Effects:
    """The effects of the factors on the sum of the cells.

    Parameters
    ----------
    base, end
        Factors [..., cell, factor]; a cell's value is the product of its factors. A factor that is NaN on one side
        (it has no meaning where nothing is) is held at its other side; on both sides, the cell is empty.
    kind
        ``lmdi_1`` is consistent in aggregation: effects of groups add up to those of the whole. ``lmdi_2`` has
        weights that add up to one; where a total is not positive it has no shares, and ``lmdi_1`` stands for it.
    """
    x0, x1 = _filled(np.asarray(base, dtype=float), np.asarray(end, dtype=float))
    with np.errstate(invalid="ignore", over="ignore"):  # what is no number is named as undefined
        v0, v1 = x0.prod(axis=-1), x1.prod(axis=-1)
    logs, undefined = _log_changes(x0, x1, v0, v1)
    limits = _limits(x0, x1, v0, v1) if ((v0 == 0) != (v1 == 0)).any() else None
    known0, known1 = np.where(undefined, 0.0, v0), np.where(undefined, 0.0, v1)
    effects = _weighted(logs, known0, known1, limits)
    if kind == "lmdi_2":
        total0, total1 = known0.sum(axis=-1)[..., None], known1.sum(axis=-1)[..., None]
        positive = (total0 > 0) & (total1 > 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            s0, s1 = known0 / total0, known1 / total1
            scale = logarithmic_mean(total0, total1) / logarithmic_mean(s0, s1).sum(axis=-1, keepdims=True)
            shared = _weighted(logs, s0, s1, limits) * scale[..., None]
        effects = np.where(positive[..., None], shared, effects)
    return _gathered(effects, undefined, *(np.where(np.isfinite(v), v, 0.0) for v in (v0, v1)))


def _weighted(logs: Floats, v0: Floats, v1: Floats, limits: Floats | None) -> Floats:
    """L(v^T, v^0) ln(x^T/x^0), and the limit where a cell appears or vanishes."""
    found = logarithmic_mean(v0, v1)[..., None] * logs
    if limits is None:
        return np.asarray(found, dtype=float)
    return np.where(((v0 == 0) != (v1 == 0))[..., None], limits * (v1 - v0)[..., None], found)


def chain(effects: Effects) -> Effects:
    """The effects over a chain of periods (the first axis): additive ones added, multiplicative ones multiplied."""
    return Effects(
        effects.cells.sum(axis=0),
        effects.additive.sum(axis=0),
        effects.multiplicative.prod(axis=0),
        effects.base[0],
        effects.end[-1],
        np.asarray(effects.undefined.any(axis=0), dtype=bool),
        effects.unexplained.sum(axis=0),
    )


def decompose_years(factors: Any, kind: Kind = "lmdi_1") -> Effects:
    """The effects between each year and the next: factors [year, ..., cell, factor]."""
    x = np.asarray(factors, dtype=float)
    return decompose(x[:-1], x[1:], kind)


def _log_ratio(a: Floats, b: Floats) -> Floats:
    """ln(b / a) without overflow; not finite where one is zero or the signs differ."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log(np.abs(b)) - np.log(np.abs(a))
    return np.where(np.sign(a) == np.sign(b), found, np.nan)


def _filled(x0: Floats, x1: Floats) -> tuple[Floats, Floats]:
    """Each side with the other's value where it has none; zero where neither has (the cell is empty on both sides)."""
    lacking0, lacking1 = np.isnan(x0), np.isnan(x1)
    if not (lacking0.any() or lacking1.any()):
        return x0, x1
    both = lacking0 & lacking1
    first = np.where(both, 0.0, np.where(lacking0, x1, x0))
    return first, np.where(both, 0.0, np.where(lacking1, x0, x1))


def _log_changes(x0: Floats, x1: Floats, v0: Floats, v1: Floats) -> tuple[Floats, Bools]:
    """ln(x^T/x^0) where the cell has a value on both sides, and the cells of which nothing can be said."""
    logs = _log_ratio(x0, x1)
    there = (v0 != 0) & (v1 != 0)
    bad = there & (~np.isfinite(logs).all(axis=-1) | (v0 * v1 < 0))
    appeared = (v0 == 0) & (v1 != 0) | (v0 != 0) & (v1 == 0)
    bad |= ~(np.isfinite(v0) & np.isfinite(v1))
    logs = np.where(there[..., None] & np.isfinite(logs), logs, 0.0)
    return logs, np.asarray(bad | (appeared & ~_zero_side(x0, x1, v0).any(axis=-1)), dtype=bool)


def _zero_side(x0: Floats, x1: Floats, v0: Floats) -> Bools:
    return np.asarray(np.where((v0 == 0)[..., None], x0, x1) == 0, dtype=bool)


def _limits(x0: Floats, x1: Floats, v0: Floats, v1: Floats) -> Floats:
    """Which factors take the change of a cell that appears or vanishes: those that are zero there, in equal parts."""
    zero = _zero_side(x0, x1, v0)
    return np.asarray(zero / np.maximum(zero.sum(axis=-1, keepdims=True), 1), dtype=float)


def _gathered(effects: Floats, undefined: Bools, v0: Floats, v1: Floats) -> Effects:
    additive, total0, total1 = effects.sum(axis=-2), v0.sum(axis=-1), v1.sum(axis=-1)
    whole = (total0 > 0) & (total1 > 0) & ~undefined.any(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratios = np.exp(additive / logarithmic_mean(total0, total1)[..., None])
    rest = np.where(undefined, v1 - v0, 0.0).sum(axis=-1)
    return Effects(effects, additive, np.where(whole[..., None], ratios, np.nan), total0, total1, undefined, rest)
