"""Kaya, decoupling and the identity of growth and intensity for a park's totals, as rows of the table ``drivers``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from greenpark.measure.drivers.kaya import intensity_change_at, kaya
from greenpark.measure.drivers.tapio import STATES, elasticity, states
from greenpark.model.confidence import least
from greenpark.model.driving import KAYA_DRIVERS
from greenpark.model.numbers import rounded

Row = dict[str, Any]
Figure = Mapping[str, Any]


def rates_of_total(
    now: Figure, base: Figure, value_added: Figure | None, energy: tuple[Figure, Figure] | None,
    heads: tuple[Figure, Figure] | None,
) -> list[Row]:  # fmt: skip
    """The rows of one total between two years.

    Parameters
    ----------
    now, base
        The total as rows of the table ``figures``.
    value_added
        The row of the table ``growth`` with value added of both years in the same prices; None when unknown.
    energy, heads
        Comprehensive energy and employees, now and in the base; None when unknown.
    """
    head: Row = {
        "entity": now["entity"], "quantity": now["quantity"], "variant": now["variant"], "start": now["start"],
        "end": now["end"], "base_start": base["start"], "base_end": base["end"], "level": "total", "item": "",
        "share": None, "ratio": None, "value_base": base["value"], "value_now": now["value"], "nominal": False,
        "reason": None, "detail": None, "status": "ok" if now["status"] == base["status"] == "ok" else "partial",
        "confidence": least((now["confidence"], base["confidence"])),
    }  # fmt: skip
    if value_added is None or value_added["value"] is None or not base["value"] or base["value"] <= 0:
        nothing = {"value": None, "unit": "1", "status": "not_evaluable", "reason": "measure.drivers_prices_unknown"}
        return [head | nothing | {"approach": "tapio", "driver": "elasticity"}]
    head["confidence"] = least((head["confidence"], value_added["confidence"]))
    growth = now["value"] / base["value"] - 1
    rows = [_decoupling(head, growth, value_added["value"]), *_identity(head, growth, value_added["value"])]
    if energy and heads and value_added["value_base"] and value_added["value_now"]:
        rows += _kaya(head, now, base, value_added, energy, heads)
    return rows


def _decoupling(head: Row, growth: float, driver: float) -> Row:
    code = int(states(growth, driver))
    e = float(elasticity(growth, driver))
    known = bool(np.isfinite(e))
    return head | {
        "approach": "tapio", "driver": "elasticity", "value": rounded(e) if known else None, "unit": "1",
        "status": head["status"] if known else "not_evaluable", "reason": f"measure.tapio_{STATES[code]}",
        "detail": json.dumps({"growth": rounded(100 * growth), "value_added": rounded(100 * driver)}),
    }  # fmt: skip


def _identity(head: Row, growth: float, driver: float) -> list[Row]:
    """(1 + growth of the total) = (1 + growth of value added) (1 + change of intensity)."""
    change, even = float(intensity_change_at(growth, driver)), float(intensity_change_at(0.0, driver))
    found = {"growth": growth, "value_added_growth": driver, "intensity_change": change, "intensity_at_no_growth": even}
    message = "fell" if growth < 0 and change < 0 else "cut_but_grew" if change < 0 else "rose"
    if change >= 0 and growth < 0:
        message = "uncut_but_fell"
    return [
        head | {"approach": "identity", "driver": name, "value": rounded(value), "unit": "1",
                "reason": f"measure.identity_{message}" if name == "intensity_change" else None,
                "detail": json.dumps({"even": rounded(-100 * even)}) if name == "intensity_change" else None}
        for name, value in found.items()
    ]  # fmt: skip


def _kaya(
    head: Row, now: Figure, base: Figure, value_added: Figure, energy: tuple[Figure, Figure],
    heads: tuple[Figure, Figure],
) -> list[Row]:  # fmt: skip
    sides = [
        [heads[1]["value"], value_added["value_base"], energy[1]["value"], base["value"]],
        [heads[0]["value"], value_added["value_now"], energy[0]["value"], now["value"]],
    ]
    if any(value is None or value <= 0 for side in sides for value in side):
        return []
    found = kaya(*sides)
    confidence = least((head["confidence"], *(each["confidence"] for pair in (energy, heads) for each in pair)))
    return [
        head | {"approach": "kaya", "driver": name, "value": rounded(float(effect)), "unit": "tCO2",
                "share": rounded(float(effect) / base["value"]), "ratio": rounded(float(ratio)), "confidence": confidence,
                **(_counted(heads[0]) if name == "heads" else {})}
        for name, effect, ratio in zip(KAYA_DRIVERS, found.additive, found.multiplicative, strict=True)
    ]  # fmt: skip


def _counted(heads: Figure) -> Row:
    return {"reason": "measure.drivers_heads", "detail": json.dumps({"quantity": heads["quantity"]})}
