"""DuckDB 2 as Ibis 12 knows it: two methods of a connection that DuckDB renamed and Ibis still calls by the old names.

To be deleted with the first release of Ibis that calls the new ones.
"""

from __future__ import annotations

from typing import Any

from duckdb import DuckDBPyConnection

_BATCH = 1_000_000
_SINCE_RENAMED = {
    "fetch_arrow_table": lambda connection, *_: connection.to_arrow_table(),
    "fetch_record_batch": lambda connection, rows=_BATCH: connection.to_arrow_reader(rows),
}


def adapt_duckdb() -> None:
    """Give the old names to the connection where it lacks them; a second call does nothing."""
    kind: Any = DuckDBPyConnection
    for name, work in _SINCE_RENAMED.items():
        if not hasattr(kind, name):
            setattr(kind, name, work)
