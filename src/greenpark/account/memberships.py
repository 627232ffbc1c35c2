"""Rows of a time in which their unit did not belong to the entity above it."""

from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa

from greenpark.account.activity import COUNTED
from greenpark.account.boundary import Boundary
from greenpark.account.gaps import first_of, first_place, placed_finding
from greenpark.engine.connect import Engine
from greenpark.model.findings import Finding


def check_memberships(observations: Any, boundary: Boundary, engine: Engine) -> tuple[Finding, ...]:
    """A finding for each unit and year with rows outside its membership, or rows that reach beyond it.

    The former count for the unit alone; the latter count for the levels above in whole, for a row cannot be split.
    """
    if not boundary.dated:
        return ()
    episodes = engine.from_arrow(boundary.episodes)
    dated = engine.from_arrow(pa.table({"entity": pa.array(boundary.dated, pa.string())}))
    episodes = episodes.filter(episodes.entity != episodes.ancestor).semi_join(dated, "entity").drop("ancestor")
    rows = observations.filter(observations.status.isin(COUNTED) & observations.start.notnull())
    rows = rows.mutate(year=rows.start.year().cast("int64")).inner_join(episodes, "entity")
    touches = (rows.start < rows.until) & (rows.end > rows.since)
    inside = (rows.start >= rows.since) & (rows.end <= rows.until)
    level = rows.mutate(touch=ibis.ifelse(touches, 1, 0), whole=ibis.ifelse(inside, 1, 0))
    keys = ["batch", "line", "entity", "year", "file", "sheet", "cell"]
    each = level.group_by(keys).aggregate(touch=level.touch.max(), whole=level.whole.max())
    uneven = each.filter(each.whole == 0)
    found = uneven.group_by(["entity", "year", "touch"]).aggregate(rows=uneven.count(), **first_place(uneven))
    named = engine.to_arrow(found).to_pylist()
    named.sort(key=lambda row: (row["entity"], row["year"], row["touch"]))
    outside = [_finding("outside_membership", row) for row in named if not row["touch"]]
    across = [_finding("across_membership", row) for row in named if row["touch"]]
    return (*first_of("outside_membership", outside), *first_of("across_membership", across))


def _finding(rule: str, row: dict[str, Any]) -> Finding:
    return placed_finding(rule, "warning", row, rows=row["rows"])
