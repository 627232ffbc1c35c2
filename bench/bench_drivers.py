"""LMDI of 178 zones × 40 industries × 10 years × 5 factors, beside the bare formula in NumPy on the same arrays."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from greenpark.measure.drivers.lmdi import Floats, chain, decompose_years

ROUNDS = 7
TARGET_SECONDS = 1.0
SHAPE = (10, 178, 40, 5)  # years, zones, industries, factors


def targets() -> list[dict[str, Any]]:
    """The speed target of decomposing the nation's zones."""
    factors = np.random.default_rng(7).lognormal(size=SHAPE)
    measured, (additive, chained) = _best(lambda: decompose(factors))
    bare, expected = _best(lambda: decompose_bare(factors))
    if not np.allclose(additive, expected, rtol=1e-9, atol=1e-9):
        raise ValueError("the decomposition differs from the bare formula")
    change = (factors[-1].prod(axis=-1) - factors[0].prod(axis=-1)).sum(axis=-1)
    if not np.allclose(chained.sum(axis=-1), change, rtol=1e-9, atol=1e-9):
        raise ValueError("the chain of years does not close")
    return [
        {
            "id": "drivers_of_zones",
            "what": "LMDI-I, additive and multiplicative, chained: 178 zones × 40 industries × 10 years × 5 factors",
            "target": TARGET_SECONDS,
            "measured": round(measured, 4),
            "unit": "s",
            "reference": f"NumPy, additive formula alone, no limits at zero: {bare:.4f} s",
            "ratio": round(measured / bare, 1),
            "rows": int(np.prod(SHAPE)),
            "peak_mb": None,
            "ok": measured < TARGET_SECONDS,
        }
    ]


def decompose(factors: Floats) -> tuple[Floats, Floats]:
    """Additive effects of each pair of years [year, zone, factor], and of the chain [zone, factor]."""
    found = decompose_years(factors)
    return found.additive, chain(found).additive


def decompose_bare(factors: Floats) -> Floats:
    """Σ_i (V^T − V^0)/ln(V^T/V^0) ln(x^T/x^0): what any implementation must at least compute."""
    value = factors.prod(axis=-1)
    weight = (value[1:] - value[:-1]) / np.log(value[1:] / value[:-1])
    return np.asarray((weight[..., None] * np.log(factors[1:] / factors[:-1])).sum(axis=-2), dtype=float)


def _best(work: Any) -> tuple[float, Any]:
    taken, found = [], None
    for _ in range(ROUNDS):
        start = time.perf_counter()
        found = work()
        taken.append(time.perf_counter() - start)
    return min(taken), found
