"""What checking is given beside the data, and the weights by which cells enter a balance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from greenpark.engine.units import Units
from greenpark.model.knowledge import Carrier, FactorSet


@dataclass(frozen=True)
class CheckDefinitions:
    """Carriers, factor sets and units of the packs."""

    carriers: Mapping[str, Carrier]
    factor_sets: Mapping[str, FactorSet]
    units: Units

    def carrier_factors(self, kind: str, sets: tuple[str, ...], numerator: str) -> dict[str, float]:
        """The factor of each carrier [``numerator`` per unit of the carrier], of the first set that states one."""
        found: dict[str, float] = {}
        for name in sets:
            for factor in self.factor_sets[name].factors if name in self.factor_sets else ():
                carrier = self.carriers.get(factor.item)
                if factor.kind != kind or carrier is None or factor.value is None or factor.item in found:
                    continue
                target = f"{numerator}/{carrier.unit}"
                if self.units.convertible(factor.unit, target):
                    found[factor.item] = factor.value * self.units.multiplier(factor.unit, target)
        return found

    def carrier_ranges(self, kind: str, name: str, unit: str) -> dict[str, tuple[float, float]]:
        """The lower and upper end of each carrier's range [``unit`` per unit of the carrier]."""
        found: dict[str, tuple[float, float]] = {}
        for factor in self.factor_sets[name].factors if name in self.factor_sets else ():
            carrier = self.carriers.get(factor.item)
            if factor.kind != kind or carrier is None or factor.low is None or factor.high is None:
                continue
            target = f"{unit}/{carrier.unit}"
            if self.units.convertible(factor.unit, target):
                scale = self.units.multiplier(factor.unit, target)
                found[factor.item] = (factor.low * scale, factor.high * scale)
        return found

    def scale(self, source: str, target: str) -> float | None:
        """What turns an amount in one unit into another; None when they measure different things."""
        return self.units.multiplier(source, target) if self.units.convertible(source, target) else None
