"""From the plain sum of enterprise reports to the total of a park, and from its imports to the gate meters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from greenpark.engine.connect import Engine
from greenpark.model.findings import Finding

STAGE = "account"
_PARTS = ("co2.enterprise_sum", "co2.internal_double_count", "co2.network_loss", "co2.green_denied", "co2.total")
_NETS = ("co2.power_net", "co2.heat_net")
_METERS = {"electricity": "MWh", "heat": "GJ"}
_EXCHANGE = tuple(f"{kind}.{line}" for kind in _METERS for line in ("imported", "loss"))
_UNALLOCATED = "co2.unallocated"
_DECIMALS = 6
Values = Mapping[tuple[str, str], float | None]


def reconcile(figures: Any, entity: str, view: str, engine: Engine) -> tuple[Finding, ...]:
    """A note for each year: how the sum of reports becomes the total [tCO2], and what stays unexplained.

    total = sum of reports − counted twice inside − sent out + lost inside + green power not credited. And one for each
    gate meter: what it shows beside what the units import [MWh, GJ].

    Parameters
    ----------
    figures
        Table ``figures`` of the run.
    view
        The variant of the total, like ``view=location``.
    """
    meters = [f"metered.{kind}" for kind in _METERS]
    wanted = [*_PARTS, *_NETS, *_EXCHANGE, *meters, _UNALLOCATED]
    rows = figures.filter((figures.entity == entity) & figures.quantity.isin(wanted) & figures.start.notnull())
    found = engine.to_arrow(rows.select("quantity", "item", "variant", "start", "end", "value", "status")).to_pylist()
    years: dict[tuple[date, date], dict[tuple[str, str], float | None]] = {}
    for row in found:
        if row["variant"] in ("", view) or (row["quantity"] == _UNALLOCATED and row["item"] == ""):
            item = row["variant"] if row["quantity"] == _UNALLOCATED else row["item"]
            years.setdefault((row["start"], row["end"]), {})[row["quantity"], item] = row["value"]
    findings: list[Finding] = []
    for (start, end), values in sorted(years.items()):
        findings += _totals(entity, start, end, values)
        findings += _gates(entity, start, end, values)
    return tuple(findings)


def _totals(entity: str, start: date, end: date, values: Values) -> list[Finding]:
    plain, total = values.get(("co2.enterprise_sum", "")), values.get(("co2.total", ""))
    twice = values.get(("co2.internal_double_count", "")) or 0.0
    if plain is None or total is None or not twice:
        return []
    # Exports are deducted: their items are below zero.
    sent_out = -sum(values.get((net, "export")) or 0.0 for net in _NETS)
    lost, denied = (values.get((name, "")) or 0.0 for name in ("co2.network_loss", "co2.green_denied"))
    rest = round(total - (plain - twice - sent_out + lost + denied), _DECIMALS)
    shown: dict[str, object] = {
        "year": start.year, "sum": plain, "twice": twice, "sent_out": sent_out, "lost": lost, "denied": denied,
        "total": total, "rest": rest + 0.0,
    }  # fmt: skip
    found = [Finding("note", STAGE, "reconciled", "account.reconciled", shown, entity, "co2.total", start, end)]
    for (quantity, variant), value in sorted(values.items()):
        if quantity == _UNALLOCATED and value:
            named: dict[str, object] = {"year": start.year, "split": variant.partition("=")[2], "value": value}
            message = "account.unallocated"
            found.append(Finding("note", STAGE, "unallocated", message, named, entity, _UNALLOCATED, start, end))
    return found


def _gates(entity: str, start: date, end: date, values: Values) -> list[Finding]:
    found = []
    for kind, unit in _METERS.items():
        metered, imported = values.get((f"metered.{kind}", "")), values.get((f"{kind}.imported", ""))
        if metered is None or imported is None:
            continue
        lost = values.get((f"{kind}.loss", "")) or 0.0
        shown: dict[str, object] = {
            "year": start.year, "kind": kind, "unit": unit, "metered": metered, "imported": imported, "lost": lost,
            "difference": round(metered - imported, _DECIMALS), "rest": round(metered - imported - lost, _DECIMALS) + 0.0,
        }  # fmt: skip
        subject = f"metered.{kind}"
        found.append(Finding("note", STAGE, "gate_meter", "account.gate_meter", shown, entity, subject, start, end))
    return found
