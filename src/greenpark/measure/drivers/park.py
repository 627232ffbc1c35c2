"""What moved a park's CO2 between two years: factors that multiply in industry, and terms that add.

CO2 of the energy that industrial firms use, at the very factors at which the total counts it,

    C = Σ_jic  Q · (Q_j/Q) · (Q_ji/Q_j) · (E_ji/Q_ji) · (E_jic/E_ji) · (C_jic/E_jic)

with value added Q at comparable prices [10^4 yuan], energy E [tce, calorific], industry j, firm i, carrier c: scale,
structure of industries, structure inside them, energy intensity, energy mix, and emission factors, that of fuels, of
heat and of grid power apart. Everything else of the total adds: processes (output × factor), non-industrial sources, firms
without value added, the park's own supply plants (their fuel less what they deliver inside), what firms sell to one
another, net exports, and firms that enter or leave. What changes there by a factor goes to that factor's driver, what
changes by the amount to the term. The sum is the change of the reported total.

References
----------
B. W. Ang, Energy Policy 86 (2015) 233-238 (LMDI-I, additive); 发改环资〔2025〕910号 annex 4 and GB/T 32150 (what a
park's total consists of).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenpark.measure.drivers.inventory import Inventory
from greenpark.measure.drivers.levels import scale_and_structure, sum_of_groups
from greenpark.measure.drivers.lmdi import Bools, Floats, decompose
from greenpark.model.driving import DRIVERS

BOUGHT = ("combustion", "power_in", "heat_in")
SOLD = ("power_out", "heat_out")
CARRIED = ("biogenic", "own_renewable")  # energy without CO2: it is part of the mix
PROCESS = "process"
_FACTOR = {"combustion": "fuel_factor", "heat": "heat_factor", "power": "grid_factor", "process": "process_factor"}
_OUTSIDE_INDUSTRY = ("infrastructure", "public")
UTILITY = "utility"


@dataclass(frozen=True)
class Groups:
    """Units by what they are in both years [unit]."""

    industrial: Bools
    supply: Bools
    outside: Bools
    without_value: Bools
    entering: Bools
    leaving: Bools


@dataclass(frozen=True)
class PairEffects:
    """What each driver brings between two years [t CO2], by unit: [unit, driver]; ``nominal`` at current prices."""

    effects: Floats
    groups: Groups
    nominal: bool
    base: float
    end: float


def drive(found: Inventory, pair: int, nominal: bool) -> PairEffects:
    """The effects between year ``pair`` and the next."""
    value = (
        (found.current[pair], found.current[pair + 1]) if nominal else (found.linked[pair], found.value_added[pair + 1])
    )
    groups = group_units(found, pair, value)
    effects = np.zeros((len(found.units), len(DRIVERS)))
    _industry(found, pair, value, groups, effects)
    staying = ~(groups.entering | groups.leaving)
    energy = found.of(*BOUGHT)
    for term, members in (
        ("non_industrial", groups.outside), ("no_value_added", groups.without_value), ("conversion", groups.supply),
    ):  # fmt: skip
        _amount_and_factor(found, pair, term, members, energy, found.t, found.amount, effects)
    _amount_and_factor(found, pair, "process_output", staying, found.of(PROCESS), found.t, found.amount, effects)
    sold = found.of(*SOLD)
    for term, members in (("conversion", groups.supply), ("internal_supply", staying & ~groups.supply)):
        _amount_and_factor(found, pair, term, members, sold, -found.inside_t, -found.inside_amount, effects)
    # What is sold and not delivered inside leaves the park.
    exported, amount = found.t + found.inside_t, found.amount + found.inside_amount
    _amount_and_factor(found, pair, "net_export", staying, sold, exported, amount, effects)
    totals = found.t[pair : pair + 2].sum(axis=-1)
    effects[:, DRIVERS.index("entering")] = np.where(groups.entering, totals[1], 0.0)
    effects[:, DRIVERS.index("leaving")] = np.where(groups.leaving, -totals[0], 0.0)
    return PairEffects(effects, groups, nominal, float(totals[0].sum()), float(totals[1].sum()))


def group_units(found: Inventory, pair: int, value: tuple[Floats, Floats]) -> Groups:
    """Which unit is what; a supply plant is a utility that sells power or heat, or a seller without value added."""
    there = found.present[pair : pair + 2]
    staying = there[0] & there[1]
    roles = np.array([each.role for each in found.units])
    # A value that is zero or negative is no scale: intensity has no meaning there.
    valued = (value[0] > 0) & (value[1] > 0)
    sells = (found.t[pair : pair + 2][:, :, found.of(*SOLD)] != 0).any(axis=(0, 2))
    supply = staying & sells & ((roles == UTILITY) | ~valued)
    outside = staying & ~supply & np.isin(roles, _OUTSIDE_INDUSTRY)
    industrial = staying & ~supply & ~outside & valued
    return Groups(
        industrial, supply, outside, staying & ~supply & ~outside & ~valued, there[1] & ~there[0], there[0] & ~there[1]
    )


def by_industry(effects: Floats, found: Inventory) -> tuple[tuple[str, ...], Floats]:
    """The effects of each industry [industry, driver]; they add up to those of the park."""
    words, codes = found.industries()
    return words, sum_of_groups(effects, codes, axis=0)


def _industry(found: Inventory, pair: int, value: tuple[Floats, Floats], groups: Groups, effects: Floats) -> None:
    """Factors that multiply, for industrial firms."""
    units = np.flatnonzero(groups.industrial)
    cells = found.of(*BOUGHT, *CARRIED)
    if not len(units) or not len(cells):
        return
    at = np.ix_(np.array([pair, pair + 1]), units, cells)
    t, energy = found.t[at], found.tce[at]
    # Where nobody knows how much energy is behind the CO2, intensity and mix mean nothing.
    unweighed = ((t != 0) & (energy == 0)).any(axis=0)
    t, energy = np.where(unweighed, 0.0, t), np.where(unweighed, 0.0, energy)
    _, codes = found.industries()
    inside = np.unique(codes[units], return_inverse=True)[1].reshape(-1)
    sides = [_factors(np.asarray(value[side])[units], inside, t[side], energy[side]) for side in (0, 1)]
    result = decompose(sides[0], sides[1])
    parts = result.cells.reshape(len(units), len(cells), 6)
    effects[units, :5] += parts[:, :, :5].sum(axis=1)
    for place, cell in enumerate(cells):
        driver = _factor_of(found.cells[cell][0])
        effects[units, DRIVERS.index(driver)] += parts[:, place, 5]
    undefined = result.undefined.reshape(len(units), len(cells))
    effects[units, DRIVERS.index("undivided")] += np.where(undefined, t[1] - t[0], 0.0).sum(axis=1)
    lost = np.zeros(found.t.shape[1:], dtype=bool)
    lost[np.ix_(units, cells)] = unweighed
    if unweighed.any():
        _amount_and_factor(
            found, pair, "undivided", groups.industrial, cells, found.t * lost, found.amount * lost, effects
        )


def _factors(value: Floats, industries: NDArray[np.int64], t: Floats, energy: Floats) -> Floats:
    """[unit × carrier, 6]: scale, two structures, intensity, mix, emission factor."""
    outer = scale_and_structure(value, [industries])
    total = energy.sum(axis=1)
    intensity = total / value
    mix = np.divide(energy, total[:, None], out=np.full(energy.shape, np.nan), where=total[:, None] != 0)
    factor = np.divide(t, energy, out=np.full(t.shape, np.nan), where=energy != 0)
    wide = [np.broadcast_to(outer[:, None, place], energy.shape) for place in range(3)]
    wide += [np.broadcast_to(intensity[:, None], energy.shape), mix, factor]
    return np.stack(wide, axis=-1).reshape(-1, 6)


def _amount_and_factor(
    found: Inventory, pair: int, term: str, members: Bools, cells: NDArray[np.int64], t: Floats, amount: Floats,
    effects: Floats,
) -> None:  # fmt: skip
    """The change of some cells: by their factor to the factor's driver, the rest to ``term``."""
    units = np.flatnonzero(members)
    if not len(units) or not len(cells):
        return
    at = np.ix_(np.array([pair, pair + 1]), units, cells)
    mass, quantity = t[at], amount[at]
    factor = np.divide(mass, quantity, out=np.full(mass.shape, np.nan), where=quantity != 0)
    quantity = np.where((quantity == 0) & (mass != 0), np.nan, quantity)
    sides = np.stack([quantity, factor], axis=-1).reshape(2, -1, 2)
    result = decompose(sides[0], sides[1])
    by_factor = np.where(result.undefined, 0.0, result.cells[:, 1]).reshape(len(units), len(cells))
    by_factor = np.where(np.isfinite(quantity).all(axis=0), by_factor, 0.0)
    change = mass[1] - mass[0]
    effects[units, DRIVERS.index(term)] += (change - by_factor).sum(axis=1)
    for place, cell in enumerate(cells):
        effects[units, DRIVERS.index(_factor_of(found.cells[cell][0]))] += by_factor[:, place]


def _factor_of(category: str) -> str:
    return _FACTOR.get(category.partition("_")[0], "fuel_factor")


def main_driver(shares: dict[str, float]) -> Sequence[str]:
    """The drivers from the one that moved the total most in the direction of its change to the one most against it."""
    whole = sum(shares.values())
    return sorted(shares, key=lambda name: (-shares[name] if whole >= 0 else shares[name], name))
