"""Decoupling after Tapio: eight states by the elasticity of an impact against the growth of its driver.

e = (ΔC/C^0) / (ΔG/G^0), with the changes against the base. The states and their limits 0.8 and 1.2 are those of
Tapio (2005). Convention at the limits, stated because the article leaves it open: e = 0.8 and e = 1.2 are coupling,
ΔC = 0 gives e = 0, which is weak decoupling with growth and weak negative decoupling in a recession; where ΔG = 0 the
elasticity has no value and no state is given.

References
----------
P. Tapio, Towards a theory of decoupling: degrees of decoupling in the EU and the case of road traffic in Finland
between 1970 and 2001, Transport Policy 12 (2005) 137-151, figure 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from greenpark.measure.drivers.lmdi import Floats

STATES: tuple[str, ...] = (
    "undefined", "strong_decoupling", "weak_decoupling", "expansive_coupling", "expansive_negative_decoupling",
    "strong_negative_decoupling", "weak_negative_decoupling", "recessive_coupling", "recessive_decoupling",
)  # fmt: skip
LOW, HIGH = 0.8, 1.2
_STEADY = 1e-12


def elasticity(impact_growth: Any, driver_growth: Any) -> Floats:
    """Growth of the impact over growth of its driver; NaN where the driver does not grow or shrink."""
    impact, driver = np.asarray(impact_growth, dtype=float), np.asarray(driver_growth, dtype=float)
    still = np.abs(driver) <= _STEADY
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(still, np.nan, impact / driver)


def growths(levels: Any) -> Floats:
    """Growth of each level against the one before (first axis); NaN where that is not positive."""
    x = np.asarray(levels, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(x[:-1] > 0, x[1:] / x[:-1] - 1, np.nan)


def states(impact_growth: Any, driver_growth: Any) -> NDArray[np.int64]:
    """The state as a place in ``STATES``; 0 where there is none."""
    impact, driver = np.asarray(impact_growth, dtype=float), np.asarray(driver_growth, dtype=float)
    e = elasticity(impact, driver)
    # Published rates are rounded: 0.8 computed from them is 0.8 with a last digit that means nothing.
    low, high = e < LOW - _STEADY, e > HIGH + _STEADY
    grows, rises = driver > 0, impact > _STEADY
    falls = impact < -_STEADY
    known = np.isfinite(e)
    conditions = [
        ~known,
        grows & falls, grows & low, grows & ~high, grows,
        rises, low, ~high,
    ]  # fmt: skip
    return np.select(conditions, [0, 1, 2, 3, 4, 5, 6, 7], default=8).astype(np.int64)
