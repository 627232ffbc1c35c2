"""Who belongs to whom, and when: the tree of entities, with the area whose factors apply to each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from greenpark.model.findings import Finding
from greenpark.model.knowledge import Area

MAX_LEVELS = 8
NO_AREA = ""
ALWAYS = (date.min, date.max)
_ALWAYS_DAYS = tuple((day - date(1970, 1, 1)).days for day in ALWAYS)
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
    parents = pa.array(sorted(set(memberships["parent"]) - {""}), pa.string())
    closure = episodes.group_by(["entity", "ancestor"]).aggregate([])
    limited = episodes.filter((pc.field("since") != ALWAYS[0]) | (pc.field("until") != ALWAYS[1]))
    return Boundary(
        units=_table(units).sort_by("entity"),
        closure=_sorted(closure.append_column("leaf", pc.invert(pc.is_in(closure.column("ancestor"), parents)))),
        episodes=_sorted(episodes),
        dated=tuple(sorted(set(limited.column("entity").to_pylist()))),
        findings=_circles(newest),
    )


def kind_of(entities: pa.Table, entity: str) -> str | None:
    """The kind of an entity as its newest batch describes it; None where nothing says what it is.

    Parameters
    ----------
    entities
        Accepted entity rows, the newest batch last.
    """
    own = _current(entities.filter(pc.equal(entities["entity"], entity)))
    kinds = [kind for kind in own["kind"] if kind and kind != "group"]
    return str(kinds[-1]) if kinds else None


def _current(entities: pa.Table) -> pd.DataFrame:
    """The membership rows of each entity's newest batch, the newest membership last; days are numbers here."""
    frame = entities.select(["batch", *_COLUMNS[:-2]]).to_pandas()
    for name, limit in zip(("since", "until"), _ALWAYS_DAYS, strict=True):
        frame[name] = entities.column(name).cast(pa.int32()).fill_null(limit).to_numpy()
    frame = _described(frame)
    newest = frame.drop_duplicates("entity", keep="last")
    if len(newest) < len(frame):
        frame = frame.merge(newest[["entity", "batch"]], on=["entity", "batch"])
    ordered: pd.DataFrame = frame[_COLUMNS].sort_values("since", kind="stable", ignore_index=True)
    return ordered


def _described(frame: pd.DataFrame) -> pd.DataFrame:
    """Without the rows that only name an entity, as a table of figures does, where others say what it is."""
    named = (frame["kind"] == "group") & frame["area"].isna()
    described = frame[~named].drop_duplicates("entity", keep="last").set_index("entity")
    again = named & frame["entity"].isin(described.index)
    keeps_parent = again & frame["parent"].notna()
    for name in ("kind", "area", "name"):
        frame.loc[keeps_parent, name] = frame.loc[keeps_parent, "entity"].map(described[name])
    return frame[~again | keeps_parent]


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
    return pd.DataFrame([(name, kind, "", name, NO_AREA, *_ALWAYS_DAYS) for name in names], columns=_COLUMNS)


def _episodes(memberships: pd.DataFrame) -> pa.Table:
    """When each entity was inside each entity above it: the common time of all steps of the way up."""
    codes, names = pd.factorize(memberships["entity"])  # numbers join ten times as fast as words
    parents = pd.Index(names).get_indexer(memberships["parent"])
    steps = pd.DataFrame({"ancestor": codes, "parent": parents}, dtype=np.int64)
    steps["since_step"], steps["until_step"] = memberships["since"].to_numpy(), memberships["until"].to_numpy()
    steps = steps[steps["parent"] >= 0]
    own = np.arange(len(names))
    level = pd.DataFrame({"entity": own, "ancestor": own, "since": _ALWAYS_DAYS[0], "until": _ALWAYS_DAYS[1]})
    found = [level]
    for _ in range(MAX_LEVELS):
        level = level.merge(steps, on="ancestor")
        level["since"] = np.maximum(level["since"], level["since_step"])
        level["until"] = np.minimum(level["until"], level["until_step"])
        level = level[(level["since"] < level["until"]) & (level["entity"] != level["parent"])]
        level = level[["entity", "parent", "since", "until"]].rename(columns={"parent": "ancestor"})
        if level.empty:
            break
        found.append(level)
    every = pd.concat(found, ignore_index=True).drop_duplicates()
    words = pa.array(names, pa.string())
    columns = {name: words.take(pa.array(every[name])) for name in ("entity", "ancestor")}
    return pa.table(columns | {name: _dates(every[name]) for name in ("since", "until")})


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
    dates = {"since", "until"}
    columns = {name: _dates(frame[name]) if name in dates else pa.array(frame[name], pa.string()) for name in frame}
    return pa.table(columns)


def _dates(days: pd.Series[int]) -> pa.Array:
    return pa.array(days.to_numpy(), pa.int32()).cast(pa.date32())


def _sorted(pairs: pa.Table) -> pa.Table:
    names = [name for name in ("entity", "ancestor", "since", "until") if name in pairs.column_names]
    return pairs.sort_by([(name, "ascending") for name in names])
