"""Shares of a total, and their change in percentage points."""

from __future__ import annotations

import pyarrow as pa

from greenpark.model.time import Period

_SCHEMA = pa.schema({"group": pa.string(), "start": pa.date32(), "end": pa.date32(), "share": pa.float64()})


def shares(parts: pa.Table, totals: pa.Table) -> pa.Table:
    """The share of each part in the total of its period; empty where the total is unknown or not positive."""
    whole = {(row["start"], row["end"]): row["value"] for row in totals.to_pylist()}
    found = []
    for row in sorted(parts.to_pylist(), key=lambda each: (each["group"], each["start"], each["end"])):
        total, value = whole.get((row["start"], row["end"])), row["value"]
        share = value / total if value is not None and total is not None and total > 0 else None
        found.append({"group": row["group"], "start": row["start"], "end": row["end"], "share": share})
    return pa.Table.from_pylist(found, schema=_SCHEMA)


def percentage_points(shared: pa.Table) -> pa.Table:
    """The change of each share against the same period of the year before [percentage points], not in per cent."""
    rows = shared.to_pylist()
    held = {(row["group"], row["start"], row["end"]): row["share"] for row in rows}
    points = []
    for row in rows:
        before = Period(row["start"], row["end"]).shifted(-1)
        base = held.get((row["group"], before.start, before.end))
        points.append(None if base is None or row["share"] is None else 100 * (row["share"] - base))
    return shared.append_column("points", pa.array(points, pa.float64()))
