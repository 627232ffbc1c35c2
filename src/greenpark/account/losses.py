"""Power and heat that are lost between supplier and receiver stay the park's own: they are no export of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from greenpark.account.brought import Beside, Rates, bring, total_rows_of
from greenpark.account.entries import View
from greenpark.account.methods import Knowledge
from greenpark.account.transfers import Loss

EXCHANGED = {"electricity": "MWh", "heat": "GJ"}
CO2_KIND = {"electricity": "power", "heat": "heat"}


def bring_losses(
    losses: Sequence[Loss], rates: Rates, views: Sequence[View], bases: Sequence[View], knowledge: Knowledge,
    dated: Collection[str],
) -> Beside:  # fmt: skip
    """What losses bring to the levels that hold both supplier and receiver.

    The supplier's sale leaves such a level's total by more than the receiver's purchase enters it; the difference was
    made inside and left nothing: it is added back to imports [MWh, GJ], energy [tce] and CO2, and shown as a loss.
    """
    rows: list[dict[str, Any]] = []
    for loss in losses:
        carrier = knowledge.carriers.get(loss.carrier)
        if carrier is None or carrier.kind not in EXCHANGED:
            continue
        kind, unit = carrier.kind, EXCHANGED[carrier.kind]
        pair: dict[str, Any] = {"counterparty": loss.receiver, "dated": dated}
        amount = loss.amount * knowledge.units.multiplier(carrier.unit, unit) if carrier.unit != unit else loss.amount
        rows += [
            bring(loss.supplier, loss.year, f"{kind}.{line}", amount, unit, **pair) for line in ("imported", "loss")
        ]
        for basis in bases:
            rate = rates.of(loss.receiver, loss.carrier, loss.year, basis.methods)
            if rate is not None:
                for quantity in ("energy.total", "energy.loss"):
                    for item in ("", loss.carrier):
                        value = loss.amount * rate
                        named = {"variant": basis.variant, "item": item} | pair
                        rows.append(bring(loss.supplier, loss.year, quantity, value, "tce", **named))
        for view in views:
            rate = rates.of(loss.receiver, loss.carrier, loss.year, view.methods, ("power_", "heat_"))
            if rate is not None and view.variant:
                value, name = loss.amount * rate, CO2_KIND[kind]
                rows += total_rows_of(loss.supplier, loss.year, name, value, view, "network_loss", **pair)
                lost = {"variant": view.variant} | pair
                rows.append(bring(loss.supplier, loss.year, "co2.network_loss", value, "tCO2", **lost))
    return Beside(tuple(rows))
