"""Fuels sold by one unit and bought by others, of which no ledger says whether one delivered to the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from greenpark.account.gaps import Locate, first_located, placed_finding
from greenpark.account.methods import Knowledge
from greenpark.account.transfers import Transfers
from greenpark.engine.connect import Engine
from greenpark.engine.sums import exact_sum
from greenpark.model.findings import Finding

DECIMALS = 6
# Power and heat are left out: everybody buys them from outside too, and their sales are netted anyway.
_KINDS = ("fuel", "recovered")
Key = tuple[str, int]


def ask_of_deliveries(
    cells: Any, transfers: Transfers, knowledge: Knowledge, engine: Engine, locate: Locate
) -> tuple[Finding, ...]:
    """A note for each seller whose fuel other units buy while the ledger does not say that it is the same.

    Energy sold by the park is too high by what was delivered inside; totals do not depend on it.
    """
    carriers = sorted(each.id for each in knowledge.carriers.values() if each.kind in _KINDS)
    rows = cells.filter((cells.quantity == "energy.amount") & (cells.year > 0) & cells.carrier.isin(carriers))
    rows = rows.filter(rows.flow.isin(["sale", "purchase"]))
    sellers = rows.filter((rows.flow == "sale") & (rows.value > 0)).select("carrier", "year").distinct()
    both = rows.semi_join(sellers, ["carrier", "year"])
    sums = both.group_by(["entity", "carrier", "year", "flow"]).aggregate(amount=exact_sum(both.value, DECIMALS))
    found = engine.to_arrow(sums).to_pylist()
    given, got = transfers.moved_by_year("entity"), transfers.moved_by_year("counterparty")
    bought: dict[Key, dict[str, float]] = {}
    for row in found:
        if row["flow"] == "purchase":
            rest = (row["amount"] or 0.0) - got.get((row["entity"], row["carrier"], row["year"]), 0.0)
            bought.setdefault((row["carrier"], row["year"]), {})[row["entity"]] = max(rest, 0.0)
    asked = [_asked(row, given, bought) for row in found if row["flow"] == "sale"]
    named = [row for row in asked if row["bought"] > 0 and row["amount"] > 0]
    named.sort(key=lambda row: (row["entity"], row["carrier"], row["year"]))
    return first_located(
        "sold_inside_perhaps", named,
        lambda row: placed_finding("sold_inside_perhaps", "note", row, amount=row["amount"], bought=row["bought"]), locate,
    )  # fmt: skip


def _asked(
    row: Mapping[str, Any], given: Mapping[Any, float], bought: Mapping[Key, Mapping[str, float]]
) -> dict[str, Any]:
    """What a seller sold outside the ledger, and what others bought outside it."""
    sold = (row["amount"] or 0.0) - given.get((row["entity"], row["carrier"], row["year"]), 0.0)
    others = bought.get((row["carrier"], row["year"]), {})
    rest = sum(amount for name, amount in sorted(others.items()) if name != row["entity"])
    return {**row, "amount": round(sold, DECIMALS), "bought": round(rest, DECIMALS)}
