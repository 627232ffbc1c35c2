"""Growth at comparable prices, from what is known: a reported rate, a series in fixed prices, or a price index."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from greenpark.engine.units import Units
from greenpark.measure.growth.arithmetic import comparable_growth, growth_of
from greenpark.measure.needs import COMPARABLE
from greenpark.model.knowledge import Quantity

# How the quantities beside a money total are called: its comparable-price growth, and its price index (上年=100).
REPORTED_GROWTH = "_growth_comparable"
PRICE_INDEX = "_price_index"
_MONEY = ("money", "us_dollar")  # what units of money measure

Lookup = Callable[[str, date], float | None]


@dataclass(frozen=True)
class AtComparablePrices:
    """Value of the period and of the one before in the same prices; ``growth`` None where nothing is known of prices."""

    now: float | None
    base: float | None
    growth: float | None
    reason: str


def is_money(quantity: Quantity, units: Units) -> bool:
    """Whether a quantity is an amount of money, so that prices move it."""
    return units.known(quantity.unit) and units.dimension(quantity.unit) in _MONEY


def at_comparable_prices(
    quantity: Quantity, start: date, base_start: date, value: Lookup, quantities: Mapping[str, Quantity], units: Units
) -> AtComparablePrices:
    """The growth of a money total with prices taken out.

    A rate that the source reports goes first, then the series in fixed prices (linked where its price base turns:
    the new base's own year is worth its current prices), then a price index of the year against the one before.

    Parameters
    ----------
    value
        The value of a quantity in the period that begins on a day, in the quantity's unit.
    """
    plain = quantity.id.removesuffix(COMPARABLE)
    now, base = value(plain, start), value(plain, base_start)
    rate = _fraction(f"{plain}{REPORTED_GROWTH}", start, value, quantities, units)
    if rate is not None and rate > -1:
        return AtComparablePrices(now, None if now is None else now / (1 + rate), rate, "measure.growth_rate_reported")
    fixed = quantities.get(f"{plain}{COMPARABLE}")
    if fixed is not None and value(fixed.id, start) is not None:
        turns = base_start.year in fixed.price_base_years
        before = value(plain if turns else fixed.id, base_start)
        found = growth_of(value(fixed.id, start), before)
        if found is not None:
            reason = "measure.growth_linked" if turns else "measure.growth_fixed_prices"
            return AtComparablePrices(value(fixed.id, start), before, found, reason)
    index = _fraction(f"{plain}{PRICE_INDEX}", start, value, quantities, units)
    found = comparable_growth(now, base, index)
    if now is not None and index and found is not None:
        return AtComparablePrices(now / index, base, found, "measure.growth_deflated")
    return AtComparablePrices(None, None, None, "measure.growth_prices_unknown")


def across_price_bases(quantity: Quantity, base_start: date) -> bool:
    """Whether the period after ``base_start`` is valued in other fixed prices than the period that begins then."""
    return base_start.year in quantity.price_base_years


def _fraction(name: str, start: date, value: Lookup, quantities: Mapping[str, Quantity], units: Units) -> float | None:
    found = value(name, start) if name in quantities else None
    return None if found is None else found * units.multiplier(quantities[name].unit, "1")
