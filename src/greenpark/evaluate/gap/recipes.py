"""An indicator as it was computed, so that it can be computed again with a quantity changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from greenpark.engine.formula import Formula
from greenpark.engine.formula_tree import Leaf
from greenpark.engine.formula_values import evaluate_numbers
from greenpark.engine.units import Units

# How far a value computed again may be from the stored one: engines are compared at this.
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Recipe:
    """One indicator of one park and year: its formula and the figures that entered it.

    ``values`` holds every leaf (a quantity, this year or years back); ``unit_of`` and ``members`` are those of the
    packs; ``non_negative`` are quantities that cannot fall below zero.
    """

    indicator: str
    variant: str
    unit: str
    formula: Formula
    values: Mapping[Leaf, float | None]
    members: Mapping[str, tuple[str, ...]]
    unit_of: Callable[[str], str]
    units: Units
    non_negative: frozenset[str]

    def value_with(self, changes: Mapping[str, float]) -> float | None:
        """The indicator in its unit with these quantities of this year changed; None where it is undefined."""
        values = {
            leaf: changes[leaf.name] if not leaf.lag and leaf.name in changes else value
            for leaf, value in self.values.items()
        }
        return evaluate_numbers(
            self.formula, values, self.unit_of, lambda name: self.members[name], self.units, self.unit
        )

    @property
    def quantities(self) -> tuple[str, ...]:
        """The quantities of this year that enter with a value: years gone by are as they were."""
        return tuple(sorted(leaf.name for leaf, value in self.values.items() if not leaf.lag and value is not None))

    def reproduces(self, stored: float | None) -> bool:
        """Whether it comes out as the stored indicator."""
        own = self.value_with({})
        if own is None or stored is None:
            return own is None and stored is None
        return abs(own - stored) <= _TOLERANCE * max(abs(own), abs(stored))
