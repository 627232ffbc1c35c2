"""What units deliver to one another: it is no sale of the level that holds both, and what is lost on the way is its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from greenpark.account.brought import Beside, Rates, bring, total_rows_of
from greenpark.account.entries import SOLD, multiplier_of
from greenpark.account.methods import Knowledge
from greenpark.account.transfers import Loss, Row
from greenpark.account.views import View

EXCHANGED = {"electricity": "MWh", "heat": "GJ"}
# Working media stand apart from energy.
ENERGY = ("fuel", "electricity", "heat", "recovered")
CO2_KIND = {"electricity": "power", "heat": "heat"}


def bring_deliveries(
    moved: Sequence[Row], rates: Rates, bases: Sequence[View], knowledge: Knowledge, dated: Collection[str]
) -> Beside:
    """What the ledger takes out of the energy sold [tce] of the levels that hold both supplier and receiver."""
    rows: list[dict[str, Any]] = []
    for row in moved:
        carrier = knowledge.carriers.get(row["carrier"])
        if carrier is None or carrier.kind not in ENERGY:
            continue
        for basis in bases:
            rate = rates.of(row["entity"], row["carrier"], row["year"], basis.methods)
            if rate is None or row["year"] is None:
                continue
            value = -(row["moved"] or 0.0) * rate
            more: dict[str, Any] = {"variant": basis.variant, "counterparty": row["counterparty"], "dated": dated}
            rows += [
                bring(row["entity"], row["year"], SOLD, value, "tce", item=item, **more)
                for item in ("", row["carrier"])
            ]
    return Beside(tuple(rows))


def bring_losses(
    losses: Sequence[Loss], rates: Rates, views: Sequence[View], bases: Sequence[View], knowledge: Knowledge,
    dated: Collection[str],
) -> Beside:  # fmt: skip
    """What losses bring to the levels that hold both supplier and receiver.

    The supplier's sale leaves such a level's total by more than the receiver's purchase enters it; the difference was
    made inside and left nothing: it is added back to imports [MWh, GJ], energy [tce] and CO2, and shown as a loss. A fuel
    that is lost was burnt by nobody: it is added back to energy alone.
    """
    rows: list[dict[str, Any]] = []
    for loss in losses:
        carrier = knowledge.carriers.get(loss.carrier)
        if carrier is None or carrier.kind not in ENERGY:
            continue
        pair: dict[str, Any] = {"counterparty": loss.receiver, "dated": dated}
        for basis in bases:
            rate = rates.of(loss.receiver, loss.carrier, loss.year, basis.methods)
            if rate is not None:
                for quantity in ("energy.total", "energy.loss"):
                    for item in ("", loss.carrier):
                        value = loss.amount * rate
                        named = {"variant": basis.variant, "item": item} | pair
                        rows.append(bring(loss.supplier, loss.year, quantity, value, "tce", **named))
        kind, unit = carrier.kind, EXCHANGED.get(carrier.kind, "")
        multiplier = multiplier_of(knowledge, carrier.unit, unit) if unit else None
        if multiplier is None:
            continue
        amount = loss.amount * multiplier
        rows += [
            bring(loss.supplier, loss.year, f"{kind}.{line}", amount, unit, **pair) for line in ("imported", "loss")
        ]
        for view in views:
            rate = rates.of(loss.receiver, loss.carrier, loss.year, view.methods, ("power_", "heat_"))
            if rate is not None and view.variant:
                value, name = loss.amount * rate, CO2_KIND[kind]
                rows += total_rows_of(loss.supplier, loss.year, name, value, view, "network_loss", **pair)
                lost = {"variant": view.variant} | pair
                rows.append(bring(loss.supplier, loss.year, "co2.network_loss", value, "tCO2", **lost))
    return Beside(tuple(rows))
