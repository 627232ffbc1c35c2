"""What accounting reads from the rows, each time in one pass: which keys occur, cells, and the rows that count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import ibis
import pyarrow as pa

from greenpark.account.boundary import Boundary
from greenpark.account.cells import cells_of
from greenpark.account.kinds import Numbers, Row, counted_rows, make_numbers, number_matches, slots_of
from greenpark.engine.connect import Engine
from greenpark.model.contents import ESTIMATED_FLOW
from greenpark.model.narrow import SLOTS

Keep = Callable[[Any], Any]


@dataclass(frozen=True)
class Part:
    """Some rows with the numbers of what occurs in them."""

    rows: Any
    numbers: Numbers


@dataclass(frozen=True)
class Tally:
    """Observations with their numbers, and once more those rows that stand in for a use that was not reported.

    ``matches``: the match table with kind and slot; ``quantities``: those that occur.
    """

    own: Part
    standing_in: Part | None
    matches: pa.Table
    boundary: Boundary
    own_cells: Callable[[], Any]
    engine: Engine
    quantities: frozenset[str] = frozenset()

    @property
    def slots(self) -> int:
        """The most methods that count one kind."""
        return self.own.numbers.slots

    @property
    def is_narrow(self) -> bool:
        """Whether the amounts of every row fit beside each other in the table ``counted``."""
        return 0 < self.slots <= SLOTS

    @cached_property
    def cells(self) -> Any:
        """The cells of everything that enters totals."""
        if self.standing_in is None:
            return self.own_cells()
        own = _widened(self.own_cells(), self.slots)
        more = cells_of(self.standing_in.rows, self.standing_in.numbers, dated_table(self.boundary, self.engine))
        return self.engine.cache(own.union(more.select(*own.columns)))

    @property
    def counted(self) -> Any:
        """The rows of the table ``counted`` without its run: what every method makes of every row."""
        rows = counted_rows(self.own.rows, self.own.numbers)
        if self.standing_in is None:
            return rows
        return rows.union(counted_rows(self.standing_in.rows, self.standing_in.numbers).select(*rows.columns))

    def with_derived(self, derived: pa.Table, matches: pa.Table, keys: Sequence[Row]) -> Tally:
        """The tally with the purchases, sales and stocks that stand in for uses that follow from them.

        Parameters
        ----------
        derived
            entity, carrier, year whose use is opening stock + purchase − sale − closing stock.
        matches
            All matches, those of the rows that stand in among them.
        keys
            The words that occur.
        """
        numbered = number_matches(matches)
        slots = slots_of(numbered)
        units = self.boundary.units
        own = make_numbers(keys, units, numbered, self.engine, slots)
        rows = self.own.rows.filter(self.own.rows.quantity == "energy.amount")
        dated = rows.mutate(row_year=rows.start.year().cast("int64"))
        named = self.engine.from_arrow(derived).rename(row_year="year")
        chosen = dated.semi_join(named, ["entity", "carrier", "row_year"]).drop("row_year")
        other = make_numbers(keys, units, numbered, self.engine, slots, ESTIMATED_FLOW)
        return replace(self, own=Part(self.own.rows, own), standing_in=Part(chosen, other), matches=numbered)


def take_tally(
    observations: Any, keys: Sequence[Row], matches: pa.Table, boundary: Boundary, engine: Engine, keep: Keep
) -> Tally:
    """The tally of observations; its cells are made when they are first asked for, and kept by ``keep``."""
    numbered = number_matches(matches)
    numbers = make_numbers(keys, boundary.units, numbered, engine, slots_of(numbered))

    @cache
    def cells() -> Any:
        return keep(cells_of(observations, numbers, dated_table(boundary, engine)))

    quantities = frozenset(row["quantity"] for row in keys)
    return Tally(Part(observations, numbers), None, numbered, boundary, cells, engine, quantities)


def dated_table(boundary: Boundary, engine: Engine) -> Any | None:
    """entity: those whose membership has dates; None where nobody's has."""
    if not boundary.dated:
        return None
    return engine.from_arrow(pa.table({"entity": pa.array(boundary.dated, pa.string())}))


def _widened(cells: Any, slots: int) -> Any:
    """Cells with as many amounts as there are slots."""
    missing = {f"amount_{n}": ibis.null("float64") for n in range(1, slots + 1) if f"amount_{n}" not in cells.columns}
    return cells.mutate(**missing) if missing else cells
