"""Wholes against their parts: a level that reports a total which does not agree with what is reported below it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from greenpark.account.boundary import Boundary
from greenpark.account.gaps import first_of
from greenpark.account.levels import load_levels
from greenpark.account.reported import parts_and_wholes, quantity_facts
from greenpark.engine.connect import Engine
from greenpark.model.findings import Finding
from greenpark.model.knowledge import Quantity
from greenpark.model.numbers import rounded
from greenpark.model.time import Period

PARTS = "reported.parts"  # the name of the tolerance that a checks pack states; without one, sums must agree exactly


def compare_parts(
    observations: Any, boundary: Boundary, quantities: Mapping[str, Quantity], tolerances: Mapping[str, float],
    engine: Engine,
) -> tuple[Finding, ...]:  # fmt: skip
    """A finding for each reported total that the parts reported below it do not add up to: shown, nothing is forced.

    The level keeps its own figure. Parts above the whole are a warning: a part cannot exceed it. Parts below are a
    note: not every part may report.
    """
    levels = load_levels(boundary, engine)
    rows = parts_and_wholes(observations, engine.from_arrow(quantity_facts(quantities)), levels, engine)
    gap = (rows.parts - rows.whole).abs()
    off = rows.filter(gap > tolerances.get(PARTS, 0.0) * rows.whole.abs())
    keys = ["entity", "quantity", "item", "start"]
    return first_of("parts_differ", [_finding(row) for row in engine.to_arrow(off.order_by(keys)).to_pylist()])


def _finding(row: Mapping[str, Any]) -> Finding:
    whole, parts = row["whole"], row["parts"]
    values: dict[str, object] = {
        "quantity": row["quantity"], "whole": rounded(whole), "parts": rounded(parts), "count": row["count"],
        "unit": row["unit"], "difference": rounded(parts - whole),
        "percent": rounded(100 * (parts / whole - 1)) if whole else "∞",
        "period": str(Period(row["start"], row["end"])) if row["start"] and row["end"] else "",
    }  # fmt: skip
    return Finding(
        "warning" if parts > whole else "note", "account", "parts_differ", "account.parts_differ", values,
        row["entity"], row["quantity"], row["start"], row["end"],
    )  # fmt: skip
