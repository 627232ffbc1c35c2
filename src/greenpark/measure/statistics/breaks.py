"""Breaks of a series: where two neighbours do not measure the same."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

# What must be the same for two values of a series to be compared.
GROUNDS: tuple[str, ...] = ("coverage", "boundary", "method", "vintage")


def flag_breaks(series: pa.Table) -> pa.Table:
    """The series with ``breaks``: what changed against the period before, joined by +; empty where nothing did.

    A ground that is not a column, or that is not stated for one of the two, is not judged. A gap between two periods
    of equal length is a break too (``gap``).
    """
    grounds = [each for each in GROUNDS if each in series.column_names]
    before: dict[str, dict[str, Any]] = {}
    ordered = series.sort_by([("group", "ascending"), ("start", "ascending"), ("end", "ascending")])
    found = []
    for row in ordered.to_pylist():
        last = before.get(row["group"])
        changed = []
        if last is not None:
            changed = [each for each in grounds if last[each] and row[each] and last[each] != row[each]]
            changed += ["gap"] if row["start"] > last["end"] else []
        before[row["group"]] = row
        found.append("+".join(changed))
    return ordered.append_column("breaks", pa.array(found, pa.string()))
