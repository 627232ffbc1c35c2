"""Who belongs to whom, and when: the tree of entities, with the area whose factors apply to each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from greenpark.model.findings import Finding
from greenpark.model.knowledge import Area

MAX_LEVELS = 8
NO_AREA = ""
ALWAYS = (date.min, date.max)
_COLUMNS = ["entity", "kind", "parent", "name", "area", "since", "until"]


@dataclass(frozen=True)
class Boundary:
    """The units and their ancestors.

    ``units``: entity, kind, parent, name, area, since, until, province, grid_region, nation, world (one row per
    entity, as it stands last). ``closure``: entity, ancestor, leaf, for every entity with itself and everything that
    was ever above it; ``leaf`` says whether nothing lies below the ancestor. ``episodes``: entity, ancestor, since,
    until: from when until when; an entity may leave and come back, or change its parent.
    ``findings``: entities that lie above themselves.
    """

    units: pa.Table
    closure: pa.Table
    episodes: pa.Table
    dated: tuple[str, ...]
    findings: tuple[Finding, ...]


def resolve_boundary(
    entities: pa.Table, areas: Mapping[str, Area], observed: tuple[str, ...] = (), top: str = ""
) -> Boundary:
    """The boundary that the accepted entity rows describe; the rows of an entity's newest batch count.

    Parameters
    ----------
    observed
        Entities that carry data but were never registered: they stand alone, without an area.
    top
        The entity that the job is about: whatever belongs to nothing else belongs to it.

    A unit without an area of its own takes that of the entity above it.
    """
    memberships = _complete(_current(entities), observed, top)
    newest = memberships.drop_duplicates("entity", keep="last")
    units = _with_levels(_with_inherited_area(newest.reset_index(drop=True)), areas)
    episodes = _episodes(memberships)
    parents = set(memberships["parent"]) - {""}
    pairs = episodes[["entity", "ancestor"]].drop_duplicates()
    pairs = pairs.assign(leaf=~pairs["ancestor"].isin(parents))
    limited = (episodes["since"] != date.min) | (episodes["until"] != date.max)
    return Boundary(
        units=_table(units).sort_by("entity"),
        closure=_table(pairs).sort_by([("entity", "ascending"), ("ancestor", "ascending")]),
        episodes=_table(episodes).sort_by([("entity", "ascending"), ("ancestor", "ascending"), ("since", "ascending")]),
        dated=tuple(sorted(set(episodes.loc[limited, "entity"]))),
        findings=_circles(newest),
    )


def _current(entities: pa.Table) -> pd.DataFrame:
    """The membership rows of each entity's newest batch, the newest membership last."""
    frame = entities.to_pandas()
    newest = frame.groupby("entity")["batch"].transform("last")
    frame = frame.loc[frame["batch"] == newest, _COLUMNS].astype(object)
    frame["since"] = frame["since"].where(frame["since"].notna(), ALWAYS[0])
    frame["until"] = frame["until"].where(frame["until"].notna(), ALWAYS[1])
    frame["order"] = np.arange(len(frame))
    ordered: pd.DataFrame = frame.sort_values(["since", "order"]).drop(columns="order")
    return ordered


def _complete(frame: pd.DataFrame, observed: tuple[str, ...], top: str) -> pd.DataFrame:
    """With the entities that are only named as parents, only observed, or the job's own."""
    known = set(frame["entity"])
    above = {parent for parent in frame["parent"].dropna() if parent and parent not in known}
    if top and top not in known:
        above.add(top)
    alone = set(observed) - known - above
    parts = [frame, _bare(sorted(above), "group"), _bare(sorted(alone), "unregistered")]
    frame = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    frame["parent"] = frame["parent"].fillna("")
    frame["area"] = frame["area"].fillna(NO_AREA)
    if top:
        frame.loc[(frame["parent"] == "") & (frame["entity"] != top), "parent"] = top
    return frame


def _bare(names: list[str], kind: str) -> pd.DataFrame:
    rows = [(name, kind, "", name, NO_AREA, *ALWAYS) for name in names]
    return pd.DataFrame(rows, columns=_COLUMNS, dtype=object)


def _episodes(memberships: pd.DataFrame) -> pd.DataFrame:
    """When each entity was inside each entity above it: the common time of all steps of the way up."""
    steps = memberships.loc[memberships["parent"] != "", ["entity", "parent", "since", "until"]]
    names = memberships["entity"].drop_duplicates()
    level = pd.DataFrame({"entity": names, "ancestor": names, "since": ALWAYS[0], "until": ALWAYS[1]}, dtype=object)
    found = [level]
    for _ in range(MAX_LEVELS):
        level = level.merge(steps, left_on="ancestor", right_on="entity", suffixes=("", "_step"))
        level["since"] = np.maximum(level["since"], level["since_step"])
        level["until"] = np.minimum(level["until"], level["until_step"])
        level = level[(level["since"] < level["until"]) & (level["entity"] != level["parent"])]
        level = level[["entity", "parent", "since", "until"]].rename(columns={"parent": "ancestor"})
        if level.empty:
            break
        found.append(level)
    return pd.concat(found, ignore_index=True).drop_duplicates(ignore_index=True)


def _circles(newest: pd.DataFrame) -> tuple[Finding, ...]:
    parent_of = dict(zip(newest["entity"], newest["parent"], strict=True))
    found = []
    for entity in sorted(set(parent_of) & set(parent_of.values())):  # in a circle, everyone is a parent
        above = parent_of[entity]
        for _ in range(MAX_LEVELS):
            if not above or above == entity:
                break
            above = parent_of.get(above, "")
        if above == entity:
            values: dict[str, object] = {"parent": parent_of[entity]}
            found.append(Finding("error", "account", "circle", "account.parents_in_circle", values, entity))
    return tuple(found)


def _with_inherited_area(frame: pd.DataFrame) -> pd.DataFrame:
    for _ in range(MAX_LEVELS):
        lacking = (frame["area"] == NO_AREA) & (frame["parent"] != "")
        if not lacking.any():
            break
        area_of = frame.set_index("entity")["area"]
        frame.loc[lacking, "area"] = frame.loc[lacking, "parent"].map(area_of).fillna(NO_AREA)
    return frame


def _with_levels(frame: pd.DataFrame, areas: Mapping[str, Area]) -> pd.DataFrame:
    levels = {area: _levels(area, areas) for area in sorted(set(frame["area"]))}
    for level in ("province", "grid_region", "nation", "world"):
        frame[level] = frame["area"].map({area: found.get(level, NO_AREA) for area, found in levels.items()})
    return frame


def _levels(area: str, areas: Mapping[str, Area]) -> dict[str, str]:
    levels: dict[str, str] = {}
    while area in areas:
        levels.setdefault(areas[area].kind, area)
        area = areas[area].parent
    return levels


def _table(frame: pd.DataFrame) -> pa.Table:
    kinds = {"leaf": pa.bool_(), "since": pa.date32(), "until": pa.date32()}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in frame.columns])
    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
