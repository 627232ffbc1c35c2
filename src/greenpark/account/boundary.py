"""Who belongs to whom: the tree of entities, with the area whose factors apply to each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from greenpark.model.knowledge import Area

MAX_LEVELS = 8
NO_AREA = ""


@dataclass(frozen=True)
class Boundary:
    """The units and their ancestors.

    ``units``: entity, kind, parent, name, area, province, region, nation, world (one row per entity).
    ``closure``: entity, ancestor, for every entity with itself and everything above it.
    """

    units: pa.Table
    closure: pa.Table


def resolve_boundary(
    entities: pa.Table, areas: Mapping[str, Area], observed: tuple[str, ...] = (), top: str = ""
) -> Boundary:
    """The boundary that the accepted entity rows describe; the newest row of an entity counts.

    Parameters
    ----------
    observed
        Entities that carry data but were never registered: they stand alone, without an area.
    top
        The entity that the job is about: whatever belongs to nothing else belongs to it.

    A unit without an area of its own takes that of the entity above it.
    """
    frame = entities.to_pandas().drop_duplicates("entity", keep="last")
    frame = frame[["entity", "kind", "parent", "name", "area"]]
    known = set(frame["entity"])
    above = sorted({parent for parent in frame["parent"].dropna() if parent and parent not in known})
    alone = sorted(set(observed) - known - set(above))
    frame = pd.concat([frame, _bare(above, "group"), _bare(alone, "unregistered")], ignore_index=True)
    frame["parent"] = frame["parent"].fillna("")
    frame["area"] = frame["area"].fillna("")
    if top:
        if top not in set(frame["entity"]):
            frame = pd.concat([frame, _bare([top], "group")], ignore_index=True)
        frame.loc[(frame["parent"] == "") & (frame["entity"] != top), "parent"] = top
    closure = _closure(frame)
    frame = _with_inherited_area(frame)
    levels = {area: _levels(area, areas) for area in sorted(set(frame["area"]))}
    for level in ("province", "grid_region", "nation", "world"):
        frame[level] = [levels[area].get(level, NO_AREA) for area in frame["area"]]
    frame = frame.sort_values("entity", ignore_index=True)
    return Boundary(pa.Table.from_pandas(frame, preserve_index=False), closure)


def _bare(names: list[str], kind: str) -> pd.DataFrame:
    return pd.DataFrame({"entity": names, "kind": kind, "parent": "", "name": names, "area": ""}, dtype=object)


def _closure(frame: pd.DataFrame) -> pa.Table:
    parents = frame[["entity", "parent"]]
    level = frame[["entity"]].assign(ancestor=frame["entity"])
    found = [level]
    for _ in range(MAX_LEVELS):
        level = level.merge(parents, left_on="ancestor", right_on="entity", suffixes=("", "_above"))
        level = level[level["parent"] != ""][["entity", "parent"]].rename(columns={"parent": "ancestor"})
        if level.empty:
            break
        found.append(level)
    every = pd.concat(found, ignore_index=True).drop_duplicates().sort_values(["entity", "ancestor"])
    return pa.Table.from_pandas(every.astype(object), preserve_index=False)


def _with_inherited_area(frame: pd.DataFrame) -> pd.DataFrame:
    for _ in range(MAX_LEVELS):
        lacking = (frame["area"] == "") & (frame["parent"] != "")
        if not lacking.any():
            break
        area_of = frame.set_index("entity")["area"]
        frame.loc[lacking, "area"] = frame.loc[lacking, "parent"].map(area_of).fillna("")
    return frame


def _levels(area: str, areas: Mapping[str, Area]) -> dict[str, str]:
    levels: dict[str, str] = {}
    while area in areas:
        levels.setdefault(areas[area].kind, area)
        area = areas[area].parent
    return levels
