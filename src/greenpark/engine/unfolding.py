"""The tables ``energy`` and ``emissions`` of a run whose rows lie on disk in the narrow layout."""

from __future__ import annotations

from typing import Any

import ibis

from greenpark.engine.schema import Expr
from greenpark.model.narrow import SLOTS
from greenpark.model.tables import TABLES

UNFOLDED = ("energy", "emissions")
NARROW = ("counted", "matches")
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


def _lower(left: Any, right: Any) -> Any:
    low = (left == "low") | (right == "low")
    medium = (left == "medium") | (right == "medium")
    return ibis.cases((low, "low"), (medium, "medium"), else_="high")
