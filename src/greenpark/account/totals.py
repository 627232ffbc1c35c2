"""Totals of chosen levels straight from activity rows, where the figures of every unit are not wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import ibis

from greenpark.account.boundary import Boundary
from greenpark.account.consolidate import DECIMALS
from greenpark.account.levels import climb, load_levels
from greenpark.engine.connect import Engine
from greenpark.engine.sums import exact_sum


def total_rows(rows: Any, by: Sequence[str], kind: str, boundary: Boundary, engine: Engine) -> Any:
    """Emissions of every entity of a kind, summed once over all rows of the units below it.

    Parameters
    ----------
    rows
        Rows of the table ``emissions`` of the methods of one view, stored or not.
    by
        Columns to be told apart, like gas and carrier.
    kind
        Kind of the entities: zone, sub_park, group …

    Returns
    -------
    table
        entity, *by, t [t of the gas], rows, and rows_unmatched: rows without a factor or an amount, which are not in t.
    """
    levels = load_levels(boundary, engine)
    units = boundary.units.select(["entity", "kind"]).to_pylist()
    names = [row["entity"] for row in units if row["kind"] == kind]
    wanted = levels.closure.filter(levels.closure.ancestor.isin(names))
    members = rows.mutate(first=rows.start, last=rows.end)
    above = climb(members, replace(levels, closure=wanted))
    return above.group_by(["entity", *by]).aggregate(
        t=exact_sum(above.t, DECIMALS),
        rows=above.count(),
        rows_unmatched=ibis.ifelse(above.status == "ok", 0, 1).sum().cast("int64"),
    )
