"""The identity of Kaya, and the one that ties total growth to the cut of intensity: plain arithmetic on fractions."""

from __future__ import annotations

from typing import Any

import numpy as np

from greenpark.measure.drivers.lmdi import Effects, Floats, decompose

KAYA: tuple[str, ...] = ("heads", "value_added_per_head", "energy_intensity", "carbon_per_energy")


def kaya(base: Any, end: Any) -> Effects:
    """C = P · (G/P) · (E/G) · (C/E): the effects of heads, value added per head, energy intensity and carbon per energy.

    Parameters
    ----------
    base, end
        [..., 4]: heads P, value added G, energy E, emissions C.

    References
    ----------
    Y. Kaya, Impact of carbon dioxide emission control on GNP growth, IPCC Energy and Industry Subgroup, 1990.
    """
    return decompose(_kaya_factors(base)[..., None, :], _kaya_factors(end)[..., None, :])


def _kaya_factors(levels: Any) -> Floats:
    x = np.asarray(levels, dtype=float)
    heads, value, energy, carbon = (x[..., place] for place in range(4))
    return np.stack([heads, *(_ratio(*pair) for pair in ((value, heads), (energy, value), (carbon, energy)))], axis=-1)


def _ratio(above: Floats, below: Floats) -> Floats:
    found = np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below > 0)
    return np.asarray(found, dtype=float)


def total_growth(driver_growth: Any, intensity_change: Any) -> Floats:
    """(1 + g) (1 + i) − 1: growth of the total from growth of value added g and the change of intensity i.

    A zone may cut its intensity as asked and still emit more, or emit less and miss its cut.
    """
    return np.asarray((1 + np.asarray(driver_growth)) * (1 + np.asarray(intensity_change)) - 1, dtype=float)


def intensity_change_at(total: Any, driver_growth: Any) -> Floats:
    """The change of intensity that goes with a growth of the total: (1 + total)/(1 + g) − 1.

    With total = 0 it is the least cut at which the total does not grow.
    """
    return np.asarray((1 + np.asarray(total)) / (1 + np.asarray(driver_growth)) - 1, dtype=float)
