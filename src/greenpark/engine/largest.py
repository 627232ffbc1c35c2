"""The largest rows of ``energy`` or ``emissions`` of a run of tens of millions of them, without making all of these rows.

In the narrow layout a few amounts stand for each counted row. The largest of each kind and period, which are few, tell a
magnitude that enough rows reach; only the counted rows that reach it are made into rows of the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ibis

from greenpark.engine.connect import Engine
from greenpark.engine.schema import Expr
from greenpark.engine.unfolding import unfold
from greenpark.model.narrow import SLOTS

_OF_A_ROW = frozenset({"batch", "line", "entity", "status", "confidence"})  # what peaks of a kind do not tell
_AMOUNTS = tuple(f"amount_{slot}" for slot in range(1, SLOTS + 1))
_ROUNDING = 1e-9


class Largest:
    """Finds the rows that can be among the largest; what it asks of all rows it asks once."""

    def __init__(self, counted: Expr, matches: Expr, engine: Engine) -> None:
        self._counted, self._matches, self._engine = counted, matches, engine
        self._peaks: Expr | None = None

    def candidates(
        self,
        table: str,
        where: Mapping[str, object],
        conditions: Callable[[Expr], list[Any]],
        limit: int,
        order_by: str,
    ) -> Expr | None:
        """Rows of the table among which the ``limit`` largest are; None where that is not known beforehand.

        Parameters
        ----------
        conditions
            Makes the conditions of ``where`` for rows of the table.
        """
        if _OF_A_ROW & set(where):
            return None
        peaks = unfold(self._peaks_of_kinds(), self._matches, table)
        known = peaks.filter([*conditions(peaks), peaks[order_by].notnull()])
        # The line of a peak is its kind.
        found = known.select(kind=known.line, size=known[order_by].abs()).order_by(ibis.desc("size"))
        rows = self._engine.to_arrow(found).to_pylist()
        if len(rows) < limit or not rows[limit - 1]["size"]:
            return None
        least = rows[limit - 1]["size"] * (1 - _ROUNDING)
        kinds = sorted({row["kind"] for row in rows if row["size"] >= least})
        counted = self._counted.filter(self._counted.kind.isin(kinds))
        largest = ibis.greatest(*(counted[name].abs().fill_null(0.0) for name in _AMOUNTS))
        return unfold(counted.filter(largest >= least / self._scale(order_by)), self._matches, table)

    def _scale(self, order_by: str) -> float:
        """The most that a magnitude can be of an amount."""
        if order_by != "co2e":
            return 1.0
        most = self._engine.to_arrow(self._matches.aggregate(most=self._matches.gwp.max())).column("most")[0].as_py()
        return max(most or 1.0, 1.0)

    def _peaks_of_kinds(self) -> Expr:
        """One row for each kind and period with the largest of each amount, as if it were a counted row."""
        if self._peaks is None:
            counted = self._counted
            grouped = counted.group_by("kind", "start", "end").aggregate(
                **{name: counted[name].abs().max() for name in _AMOUNTS}
            )
            words = dict.fromkeys(("run", "batch", "entity", "observed", "confidence"), ibis.literal(""))
            whole = grouped.mutate(line=grouped.kind, **words).select(*counted.columns)
            self._peaks = self._engine.from_arrow(self._engine.to_arrow(whole))
        return self._peaks
