"""Growth of series against the year before."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from greenpark.measure.growth.arithmetic import growth_of
from greenpark.model.time import Period

_SCHEMA = pa.schema(
    {
        "group": pa.string(), "start": pa.date32(), "end": pa.date32(), "value": pa.float64(), "base": pa.float64(),
        "growth": pa.float64(),
    }
)  # fmt: skip


def grow(series: pa.Table) -> pa.Table:
    """Growth of each period against the same period of the year before.

    Returns
    -------
    pa.Table
        ``group``, ``start``, ``end``, ``value``, ``base`` (the year before) and ``growth`` = value ÷ base − 1; both
        empty where there is no such period or its value is not positive.
    """
    rows = series.to_pylist()
    held = {(row["group"], row["start"], row["end"]): row["value"] for row in rows}
    found = []
    for row in sorted(rows, key=_order):
        before = Period(row["start"], row["end"]).shifted(-1)
        base = held.get((row["group"], before.start, before.end))
        own = {name: row[name] for name in ("group", "start", "end", "value")}
        found.append({**own, "base": base, "growth": growth_of(row["value"], base)})
    return pa.Table.from_pylist(found, schema=_SCHEMA)


def _order(row: dict[str, Any]) -> tuple[str, date, date]:
    return row["group"], row["start"], row["end"]
