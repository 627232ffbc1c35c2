"""The entities of a mapped table: one for each id in its rows, and one for each group they belong to."""

from __future__ import annotations

from collections.abc import Mapping as Lookup

import numpy as np
import pandas as pd
import pyarrow as pa

from greenpark.collect.collected import schema_of
from greenpark.collect.context import Context
from greenpark.collect.docket import Docket
from greenpark.collect.grid import Grid, taken
from greenpark.collect.names import all_visible
from greenpark.collect.rows import Rows
from greenpark.model.forms import Mapping
from greenpark.model.tables import ENTITIES

GROUP = "group"
_TOLD = ("name", "parent")


def mapped_entities(
    rows: Rows, grid: Grid, mapping: Mapping, place: Lookup[str, int], context: Context, docket: Docket
) -> pa.Table:
    """Entities sorted by id; where rows disagree about one, the first row holds and a finding says so."""
    frame = _frame(rows, grid, mapping, place)
    frame = frame[frame["entity"].notna() & rows.open]
    first = frame.drop_duplicates("entity").set_index("entity").sort_index()
    _remark_conflicts(frame, grid, docket)
    records = [_entity(str(entity), row, grid, mapping, context) for entity, row in first.iterrows()]
    parents = first.drop_duplicates("parent").dropna(subset=["parent"]).sort_values("parent")
    known = {record["entity"] for record in records}
    groups = [_group(row, grid, mapping, context) for _, row in parents.iterrows() if row["parent"] not in known]
    return pa.Table.from_pylist([*groups, *records], schema=schema_of(ENTITIES))


def _frame(rows: Rows, grid: Grid, mapping: Mapping, place: Lookup[str, int]) -> pd.DataFrame:
    def texts(title: str) -> pd.Series[str]:
        if not title:
            return pd.Series([None] * len(rows.index), dtype=object)
        return pd.Series(all_visible(taken(grid.columns[place[title]], rows.index)).to_pylist(), dtype=object)

    group = texts(mapping.parent_column)
    prefix = mapping.parent_prefix
    parent = group.map(lambda text: f"{prefix}{text.lower()}" if prefix else text, na_action="ignore")
    return pd.DataFrame(
        {
            "entity": pd.Series(rows.entity.to_pylist(), dtype=object),
            "name": texts(mapping.entity_name_column),
            "parent": parent,
            "group": group,
            "row": rows.index,
        }
    )


def _remark_conflicts(frame: pd.DataFrame, grid: Grid, docket: Docket) -> None:
    """Rows that give one entity two names or two parents."""
    for told in _TOLD:
        counts = frame.groupby("entity")[told].nunique()
        for entity in sorted(counts[counts > 1].index):
            same = frame[frame["entity"] == entity]
            row = int(same["row"].iloc[int(np.argmax(same[told].to_numpy() != same[told].iloc[0]))])
            texts = "、".join(sorted(str(text) for text in same[told].dropna().unique()))
            docket.enter("entity_conflict", grid, row, 0, entity=entity, text=entity, told=texts)


def _entity(entity: str, row: pd.Series[str], grid: Grid, mapping: Mapping, context: Context) -> dict[str, object]:
    parent = row["parent"] if isinstance(row["parent"], str) else None
    area = parent if parent in context.areas else mapping.area or None
    name = row["name"] if isinstance(row["name"], str) else entity
    return {
        "entity": entity,
        "kind": mapping.entity_kind,
        "parent": parent,
        "name": name,
        "area": area,
        "file": grid.file,
        "sheet": grid.sheet or None,
        "cell": grid.place(int(row["row"]), 0).cell,
    }


def _group(row: pd.Series[str], grid: Grid, mapping: Mapping, context: Context) -> dict[str, object]:
    parent = str(row["parent"])
    return {
        "entity": parent,
        "kind": GROUP,
        "name": str(row["group"]),
        "area": parent if parent in context.areas else mapping.area or None,
        "file": grid.file,
        "sheet": grid.sheet or None,
        "cell": grid.place(int(row["row"]), 0).cell,
    }
