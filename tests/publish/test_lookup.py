from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa

from greenpark.publish import Release
from greenpark.publish.lookup import TablesLookup, lookup_of
from greenpark.publish.references import references


def test_what_a_release_holds_in_full_is_answered_from_memory_and_all_else_asked_for(release: Release) -> None:
    asked: list[str] = []

    class Watched(TablesLookup):
        def rows(self, table: str, where: Mapping[str, object], limit: int, order_by: str | None = None) -> pa.Table:
            asked.append(table)
            return super().rows(table, where, limit, order_by)

    stored = Watched({**release.tables, "entities": release.entities})
    lookup = lookup_of(replace(release, lookup=stored))
    reference = references("figures", release.tables["figures"])[3]
    assert lookup.rows("figures", {"reference": reference}, 10).num_rows == 1
    assert lookup.rows("growth", {"kind": "same_factors"}, 10).num_rows == 1
    assert asked == []
    assert lookup.rows("emissions", {"entity": "u03"}, 10).num_rows == 1
    assert lookup.rows("observations", {"entity": "u03"}, 10).num_rows == 1
    assert asked == ["emissions", "observations"]
