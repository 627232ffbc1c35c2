"""What the evaluation knows of entities beyond their figures: attributes, groups, references, and who chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from greenpark.evaluate import Context
from greenpark.model.job import Job
from greenpark.model.knowledge import Area
from greenpark.model.schemes import Portfolio, Scheme

_LEVELS = ("area", "province", "grid_region", "nation")


def context_of(job: Job, members: pa.Table, entities: pa.Table) -> Context:
    """Attributes as registered (area, province, kind, industry) and as the job states them, and what the job lists.

    ``members``: the units of the boundary with the areas that they lie in.
    """
    units = members.to_pylist()
    industries = {row["entity"]: row["industry"] for row in entities.select(["entity", "industry"]).to_pylist()}
    own: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in units:
        areas = tuple(dict.fromkeys(row[level] for level in _LEVELS if row[level]))
        words = {
            "area": areas,
            "province": (row["province"],) if row["province"] else (),
            "kind": (row["kind"],) if row["kind"] else (),
            "industry": _industry_words(industries.get(row["entity"]) or ""),
        }
        own[row["entity"]] = {name: each for name, each in words.items() if each}
    attributes = {name: own.get(name, {}) | job.attributes.get(name, {}) for name in (*own, *job.attributes)}
    parents = {row["entity"]: row["parent"] for row in units if row["parent"]}
    return Context(attributes, parents, job.entity_groups, job.references, job.chosen_by)


def with_areas(members: pa.Table, areas: Mapping[str, Area]) -> pa.Table:
    """The members of a stored run with the province, grid region and nation that their area lies in."""
    rows = [row | dict.fromkeys(_LEVELS[1:], "") for row in members.to_pylist()]
    for row in rows:
        area = row["area"]
        while area in areas:
            if areas[area].kind in _LEVELS and not row[areas[area].kind]:
                row[areas[area].kind] = area
            area = areas[area].parent
    columns = [*members.column_names, *_LEVELS[1:]]
    return pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in columns})


def _industry_words(code: str) -> tuple[str, ...]:
    """A GB/T 4754 code and the wider classes it belongs to: C2614, C261, C26, C."""
    return tuple(code[:length] for length in range(len(code), 0, -1))


def kinds_of_members(schemes: Sequence[Scheme]) -> frozenset[str]:
    """The kinds of entity that shares of members need measured as well."""
    rules = [each.rule for scheme in schemes for each in scheme.criteria]
    return frozenset(rule.members for rule in rules if isinstance(rule, Portfolio) and rule.members)
