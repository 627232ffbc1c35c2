"""What growth says that a reader must not miss: kinds of it that point in different directions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from greenpark.model.findings import Finding
from greenpark.model.numbers import printed
from greenpark.model.time import Period

NAMED = 200
Key = tuple[str, str, str, Any, Any]


def growth_findings(growth: pa.Table) -> tuple[Finding, ...]:
    """A warning for each total whose growth has another sign in another kind, naming the kinds and the one used."""
    groups: dict[Key, list[Mapping[str, Any]]] = defaultdict(list)
    for row in growth.to_pylist():
        if row["value"] is not None:
            groups[(row["entity"], row["quantity"], row["variant"], row["start"], row["end"])].append(row)
    found = [_signs_differ(key, groups[key]) for key in sorted(groups, key=str) if len(_signs(groups[key])) > 1]
    return (*found[:NAMED], *([_more(len(found))] if len(found) > NAMED else []))


def across_findings(growth: pa.Table) -> tuple[Finding, ...]:
    """A warning where two years of a series in fixed prices are valued in the prices of different base years."""
    return tuple(
        Finding(
            "warning", "measure", "price_bases", "measure.price_bases_differ",
            {"quantity": row["quantity"], "period": str(Period(row["start"], row["end"]))},
            row["entity"], row["quantity"], row["start"], row["end"],
        )
        for row in growth.to_pylist()
        if row["reason"] == "measure.growth_across_price_bases"
    )  # fmt: skip


def _signs(rows: list[Mapping[str, Any]]) -> set[int]:
    return {(value > 0) - (value < 0) for value in (row["value"] for row in rows)} - {0}


def _signs_differ(key: Key, rows: list[Mapping[str, Any]]) -> Finding:
    entity, quantity, variant, start, end = key
    told = ", ".join(f"{row['kind']} {printed(100 * row['value'])} %" for row in rows)
    used = ", ".join(row["kind"] for row in rows if row["used"])
    values: dict[str, object] = {
        "quantity": quantity,
        "variant": variant,
        "period": str(Period(start, end)),
        "kinds": told,
        "used": used,
    }
    message = "measure.growth_signs_differ" if used else "measure.growth_signs_differ_none_used"
    return Finding("warning", "measure", "growth_signs_differ", message, values, entity, quantity, start, end)


def _more(count: int) -> Finding:
    return Finding("warning", "measure", "growth_signs_differ", "measure.more_growth", {"named": NAMED, "all": count})
