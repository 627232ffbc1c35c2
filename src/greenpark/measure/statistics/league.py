"""League tables: made for the office that supervises, not for the public."""

from __future__ import annotations

import pyarrow as pa

RESTRICTED = b"restricted"


def league_table(rows: pa.Table, highest_first: bool = True) -> pa.Table:
    """``group``, ``value`` and ``rank``: equal values share a rank, the next one skips (1, 2, 2, 4).

    Groups without a value stand last without a rank. The schema's metadata mark the table as restricted: whoever
    prints it must say so, and releases it only when told to.
    """
    known = [row for row in rows.to_pylist() if row["value"] is not None]
    unknown = [row for row in rows.to_pylist() if row["value"] is None]
    values = sorted((row["value"] for row in known), reverse=highest_first)
    known.sort(key=lambda row: (-row["value"] if highest_first else row["value"], row["group"]))
    ranked: list[tuple[str | None, float | None, int | None]] = [
        (row["group"], row["value"], values.index(row["value"]) + 1) for row in known
    ]
    ranked += [(row["group"], None, None) for row in sorted(unknown, key=lambda row: str(row["group"]))]
    schema = pa.schema(
        {"group": pa.string(), "value": pa.float64(), "rank": pa.int64()}, metadata={RESTRICTED: b"true"}
    )
    names = ("group", "value", "rank")
    return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in ranked], schema=schema)
