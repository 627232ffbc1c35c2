"""Cumulative periods (1—本月) become single ones."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import pyarrow as pa

_SCHEMA = pa.schema(
    {"group": pa.string(), "start": pa.date32(), "end": pa.date32(), "value": pa.float64(), "status": pa.string()}
)


def single_periods(cumulative: pa.Table, non_negative: bool = True) -> pa.Table:
    """What each newly covered stretch adds to the values cumulated since the first of January (or another first day).

    Chinese reports state January and February together: their single period is those two months. A month that was not
    reported leaves one longer period; nothing is split. Where a column ``vintage`` (text, later sorts higher) is given,
    the newest vintage of each period counts.

    Returns
    -------
    pa.Table
        ``status``: ``ok``; ``first`` where the stretch begins with the cumulation; ``revision`` where a value that
        cannot be negative falls, so that earlier months were revised: its ``value`` is empty, for the difference is no
        month's own; ``missing`` where a cumulated value is empty.
    """
    newest: dict[tuple[str, date, date], tuple[str, float | None]] = {}
    for row in cumulative.to_pylist():
        key, vintage = (row["group"], row["start"], row["end"]), row.get("vintage") or ""
        if key not in newest or vintage >= newest[key][0]:
            newest[key] = (vintage, row["value"])
    runs: dict[tuple[str, date], list[tuple[date, float | None]]] = defaultdict(list)
    for (group, start, end), (_, value) in sorted(newest.items()):
        runs[group, start].append((end, value))
    found: list[dict[str, Any]] = []
    for (group, start), ends in sorted(runs.items()):
        since, before = start, 0.0
        for end, value in ends:
            row = {"group": group, "start": since, "end": end}
            if value is None:
                found.append({**row, "value": None, "status": "missing"})
                continue
            added = value - before
            falls = non_negative and added < 0
            status = "revision" if falls else "first" if since == start else "ok"
            found.append({**row, "value": None if falls else added, "status": status})
            since, before = end, value
    return pa.Table.from_pylist(found, schema=_SCHEMA)
