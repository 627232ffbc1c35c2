"""What a reader of drivers must not miss: nominal value added, firms without it, changes that cannot be split."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from greenpark.model.findings import Finding
from greenpark.model.time import Period

_REMARKABLE = 0.001  # of the total: a smaller rest is named in the table alone
_MESSAGES = {
    "measure.drivers_nominal": ("warning", "drivers_nominal", "measure.drivers_nominal_warning"),
    "measure.drivers_no_scale": ("warning", "drivers_no_scale", "measure.drivers_no_scale_warning"),
    "measure.drivers_no_value_added": ("note", "drivers_no_value_added", "measure.drivers_no_value_added_note"),
}


def driver_findings(drivers: pa.Table) -> tuple[Finding, ...]:
    """One finding per park, year and thing to be said; the views of one park say the same and are told once."""
    found: dict[tuple[object, ...], Finding] = {}
    for row in drivers.to_pylist():
        if row["approach"] != "lmdi_1" or row["level"] != "total":
            continue
        each = _of_reason(row) or _of_rest(row)
        if each is not None:
            found.setdefault((each.rule, each.entity, each.start), each)
    return tuple(found.values())


def _of_reason(row: Mapping[str, Any]) -> Finding | None:
    if row["reason"] not in _MESSAGES:
        return None
    severity, rule, message = _MESSAGES[row["reason"]]
    values = {"period": _period(row), **json.loads(row["detail"] or "{}")}
    return _finding(severity, rule, message, values, row)


def _of_rest(row: Mapping[str, Any]) -> Finding | None:
    if row["driver"] not in ("other", "undivided") or abs(row["share"] or 0.0) < _REMARKABLE:
        return None
    values = {"period": _period(row), "value": row["value"], "share": 100 * (row["share"] or 0.0)}
    return _finding("note", f"drivers_{row['driver']}", f"measure.drivers_{row['driver']}_note", values, row)


def _finding(severity: Any, rule: str, message: str, values: Mapping[str, object], row: Mapping[str, Any]) -> Finding:
    return Finding(
        severity, "measure", rule, message, dict(values), row["entity"], row["quantity"], row["start"], row["end"]
    )


def _period(row: Mapping[str, Any]) -> str:
    return str(Period(row["start"], row["end"]))
