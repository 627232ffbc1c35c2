"""What accounting reads from the rows, each time in one pass: which keys occur, cells, and the rows that count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import ibis
import pyarrow as pa

from greenpark.account.boundary import Boundary
from greenpark.account.carried import Carried
from greenpark.account.cells import narrow_cells, put_in, with_words
from greenpark.account.kinds import (
    Numbers,
    Row,
    counted_rows,
    distinct_keys,
    make_numbers,
    number_matches,
    slots_of,
)
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

    ``matches``: the match table with kind and slot; ``quantities``: those that occur. ``carried``: what is taken over
    from an earlier run, which is not ``counted`` again.
    """

    own: Part
    standing_in: Part | None
    matches: pa.Table
    boundary: Boundary
    own_cells: Callable[[], Any]
    engine: Engine
    quantities: frozenset[str] = frozenset()
    carried: Carried | None = None

    @property
    def words(self) -> pa.Table:
        """Every series with its words and its scale."""
        return self.own.numbers.words

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
        other = self.standing_in
        narrow = narrow_cells(other.rows, other.numbers, dated_table(self.boundary, self.engine))
        more = with_words(narrow, other.numbers)
        return self.engine.cache(own.union(more.select(*own.columns)))

    @property
    def counted(self) -> Any:
        """The rows of the table ``counted`` without its run: what every method makes of every row not counted before."""
        added = self.own.rows if self.carried is None else self.carried.added
        rows = counted_rows(added, self.own.numbers)
        if self.standing_in is None:
            return rows
        return rows.union(counted_rows(self.standing_in.rows, self.standing_in.numbers).select(*rows.columns))

    def with_derived(
        self, derived: pa.Table, matches: pa.Table, keys: Sequence[Row], more: Sequence[Row] = ()
    ) -> Tally:
        """The tally with the purchases, sales and stocks that stand in for uses that follow from them.

        Parameters
        ----------
        derived
            entity, carrier, year whose use is opening stock + purchase − sale − loss − closing stock.
        matches
            All matches, those of the rows that stand in among them.
        keys
            The words that occur in the rows that are looked at.
        more
            The words of the carried cells.
        """
        numbered = number_matches(matches)
        slots = slots_of(numbered)
        units = self.boundary.units
        own = make_numbers(keys, units, numbered, self.engine, slots, more=more)
        rows = self.own.rows.filter(self.own.rows.quantity == "energy.amount")
        dated = rows.mutate(row_year=rows.start.year().cast("int64"))
        named = self.engine.from_arrow(derived).rename(row_year="year")
        chosen = dated.semi_join(named, ["entity", "carrier", "row_year"]).drop("row_year")
        every = keys if not more else self.engine.to_arrow(distinct_keys(chosen)).to_pylist()
        other = make_numbers(every, units, numbered, self.engine, slots, ESTIMATED_FLOW)
        return replace(self, own=Part(self.own.rows, own), standing_in=Part(chosen, other), matches=numbered)


def take_tally(
    observations: Any, keys: Sequence[Row], matches: pa.Table, boundary: Boundary, engine: Engine, keep: Keep | None,
    carried: Carried | None = None, more: Sequence[Row] = (),
) -> Tally:  # fmt: skip
    """The tally of observations; its cells are made when they are first asked for.

    Parameters
    ----------
    keep
        What keeps the cells with their words as numbers, and gives them back to be read; None: nobody.
    carried, more
        What is taken over from an earlier run, and the words of its cells: only the other rows are looked at.
    """
    numbered = number_matches(matches)
    numbers = make_numbers(keys, boundary.units, numbered, engine, slots_of(numbered), more=more)

    @cache
    def cells() -> Any:
        rows = observations if carried is None else carried.fresh
        narrow = narrow_cells(rows, numbers, dated_table(boundary, engine))
        every = narrow if carried is None else put_in(carried.cells, narrow)
        return engine.cache(with_words(every if keep is None else keep(every), numbers))

    quantities = frozenset(row["quantity"] for row in (*keys, *more))
    return Tally(Part(observations, numbers), None, numbered, boundary, cells, engine, quantities, carried)


def dated_table(boundary: Boundary, engine: Engine) -> Any | None:
    """entity: those whose membership has dates; None where nobody's has."""
    if not boundary.dated:
        return None
    return engine.from_arrow(pa.table({"entity": pa.array(boundary.dated, pa.string())}))


def _widened(cells: Any, slots: int) -> Any:
    """Cells with as many amounts as there are slots."""
    missing = {f"amount_{n}": ibis.null("float64") for n in range(1, slots + 1) if f"amount_{n}" not in cells.columns}
    return cells.mutate(**missing) if missing else cells
