"""What a reader needs to know: definitions it is given, never looks up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa

from greenpark.model.knowledge import Area, Carrier, Quantity

CARRIER_UNIT = "carrier"  # a quantity with this unit is stored in the unit of the row's carrier


class UnitLookup(Protocol):
    """The part of ``engine.units.Units`` that reading needs."""

    def multiplier(self, source: str, target: str) -> float:
        """The number that turns ``source`` into ``target``; a ValueError when they do not measure the same."""

    def find(self, spelling: str) -> str | None:
        """The unit expression meant by a spelling, or None."""


@dataclass(frozen=True)
class Context:
    """Definitions for reading a file.

    ``entities``: entities known before this file, as a table with the columns ``entity`` and ``name``.
    ``years``: the years that the file is about; periods of other years get a finding. ``year`` of a sheet that writes
    only months is the single one of them.
    """

    units: UnitLookup
    quantities: Mapping[str, Quantity]
    carriers: Mapping[str, Carrier]
    areas: Mapping[str, Area] = field(default_factory=dict)
    entities: pa.Table | None = None
    years: tuple[int, ...] = ()

    @property
    def year(self) -> int | None:
        """The year of months that are written without one."""
        return self.years[0] if len(self.years) == 1 else None

    def unit_of(self, quantity: str, carrier: str) -> str | None:
        """The unit in which values of the quantity are stored; None when it needs a carrier that is not known."""
        unit = self.quantities[quantity].unit
        if unit != CARRIER_UNIT:
            return unit
        known = self.carriers.get(carrier)
        return known.unit if known else None
