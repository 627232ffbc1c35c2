"""The tables ``energy`` and ``emissions`` of a run whose rows lie on disk in the narrow layout."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis
import pyarrow as pa

from greenpark.engine.connect import Engine
from greenpark.engine.schema import Expr
from greenpark.model.narrow import SLOTS
from greenpark.model.tables import TABLES

UNFOLDED = ("energy", "emissions")
NARROW = ("counted", "matches")
PARTS = "parts"
_STANDS_IN = "balance_"  # before the flow of a row that stands in for another


def unfold(counted: Expr, matches: Expr, table: str) -> Expr:
    """The rows of ``energy`` or ``emissions``, each row of ``counted`` once for every match of its kind."""
    chosen = matches.filter(matches.produces == table).drop("run")
    rows = counted.inner_join(chosen, "kind", rname="{name}_of_match")
    amount = ibis.cases(*((rows.slot == slot, rows[f"amount_{slot}"]) for slot in range(1, SLOTS + 1)), else_=None)
    missing = amount.isnull() & rows.status.isin(["ok", "no_gwp"])
    columns: dict[str, Any] = {
        "carrier": rows["item"],
        "flow": rows.flow.replace(_STANDS_IN, "").nullif(""),
        "status": ibis.ifelse(missing, "no_activity", rows.status),
        "confidence": _lower(rows.confidence, rows.confidence_of_match),
        "factor_value": rows.rate,
    }
    columns |= {"tce": amount} if table == "energy" else {"t": amount, "co2e": amount * rows.gwp}
    return rows.select(**{name: columns[name] if name in columns else rows[name] for name in TABLES[table].names})


def put_parts_together(run: str, read: Callable[[str, str], Expr], engine: Engine) -> Expr:
    """The rows of ``counted`` of a run, those that earlier runs counted among them.

    Parameters
    ----------
    read
        The rows of a run in its own files of a table.
    """
    own = read(run, NARROW[0])
    batches = _batches_by_run(engine.to_arrow(read(run, PARTS)))
    batches.pop(run, None)
    for other, wanted in sorted(batches.items()):
        rows = read(other, NARROW[0])
        if len(wanted) < len(_batches_by_run(engine.to_arrow(read(other, PARTS)))[other]):
            rows = rows.semi_join(engine.from_arrow(pa.table({"batch": wanted})), "batch")
        matches = read(other, NARROW[1])
        # What stands in for a use hangs on the whole year: each run counts it itself.
        standing_in = engine.to_arrow(matches.filter(matches.flow.startswith(_STANDS_IN)).select("kind").distinct())
        if standing_in.num_rows:
            rows = rows.anti_join(engine.from_arrow(standing_in), "kind")
        own = own.union(rows.mutate(run=ibis.literal(run)).select(*own.columns))
    return own


def _batches_by_run(parts: pa.Table) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in parts.to_pylist():
        found.setdefault(row["counted_by"], []).append(row["batch"])
    return found


def _lower(left: Any, right: Any) -> Any:
    low = (left == "low") | (right == "low")
    medium = (left == "medium") | (right == "medium")
    return ibis.cases((low, "low"), (medium, "medium"), else_="high")
