"""The transfer ledger held against what supplier and receiver report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from greenpark.account.activity import COUNTED
from greenpark.account.gaps import first_of, first_place, placed_finding
from greenpark.engine.connect import Engine
from greenpark.engine.sums import exact_sum
from greenpark.model.findings import Finding

DECIMALS = 6
# A share of 10^-9 is the rounding of sums, not a difference.
_ROUNDING = 1e-9


def check_transfers(observations: Any, registered: Sequence[str], engine: Engine) -> tuple[Finding, ...]:
    """Findings where the ledger has more than supplier or receiver report, names a receiver nobody registered, or
    has somebody supply itself.
    """
    energy = observations.filter((observations.quantity == "energy.amount") & observations.status.isin(COUNTED))
    energy = energy.mutate(year=energy.start.year().cast("int64"))
    moved = _ledger(energy, engine)
    if not moved:
        return ()
    parties = sorted({row[side] for row in moved for side in ("entity", "counterparty")})
    reported = _reported(energy, parties, sorted({row["carrier"] for row in moved}), engine)
    known = set(registered)
    own = [row for row in moved if row["entity"] == row["counterparty"]]
    outside = [row for row in moved if row["counterparty"] not in known]
    return (
        *_exceeding(moved, reported, "entity", "sale"),
        *_exceeding([row for row in moved if row not in outside], reported, "counterparty", "purchase"),
        *first_of(
            "transfer_outside",
            [placed_finding("transfer_outside", "error", row, receiver=row["counterparty"]) for row in outside],
        ),
        *first_of("transfer_to_itself", [placed_finding("transfer_to_itself", "error", row) for row in own]),
    )


def _ledger(energy: Any, engine: Engine) -> list[dict[str, Any]]:
    rows = energy.filter((energy.flow == "transfer") & energy.counterparty.notnull() & energy.carrier.notnull())
    keys = ["entity", "counterparty", "carrier", "year"]
    found = rows.group_by(keys).aggregate(moved=exact_sum(rows.value, DECIMALS), **first_place(rows))
    moved: list[dict[str, Any]] = engine.to_arrow(found).to_pylist()
    return sorted(moved, key=lambda row: tuple(str(row[name]) for name in keys))


def _reported(
    energy: Any, parties: Sequence[str], carriers: Sequence[str], engine: Engine
) -> dict[tuple[str, str, int | None, str], float]:
    rows = energy.filter(
        energy.entity.isin(list(parties)) & energy.carrier.isin(list(carriers)) & energy.flow.isin(["sale", "purchase"])
    )
    keys = ["entity", "carrier", "year", "flow"]
    found = engine.to_arrow(rows.group_by(keys).aggregate(amount=exact_sum(rows.value, DECIMALS))).to_pylist()
    return {(row["entity"], row["carrier"], row["year"], row["flow"]): row["amount"] or 0.0 for row in found}


def _exceeding(
    moved: Sequence[Mapping[str, Any]], reported: Mapping[tuple[str, str, int | None, str], float], party: str,
    side: str,
) -> tuple[Finding, ...]:  # fmt: skip
    """Parties that report less than the ledger has for them."""
    totals: dict[tuple[str, str, int | None], dict[str, Any]] = {}
    for row in moved:
        key = (row[party], row["carrier"], row["year"])
        total = totals.setdefault(key, dict(row) | {"entity": row[party], "moved": 0.0})
        total["moved"] = round(total["moved"] + (row["moved"] or 0.0), DECIMALS)
    found = []
    for key, total in sorted(totals.items(), key=lambda each: str(each[0])):
        own = reported.get((*key, side), 0.0)
        if total["moved"] > own * (1 + _ROUNDING):
            values = {"transferred": total["moved"], "reported": own, "side": side}
            found.append(placed_finding("transfer_exceeds_supply", "error", total, **values))
    return first_of("transfer_exceeds_supply", found)
