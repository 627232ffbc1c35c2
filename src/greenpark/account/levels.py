"""Carrying what units have to every level above them, for the time in which they belonged to it.

A row counts for a level when its period touches the unit's membership: a bill cannot be split, and leaving it out
would lose what the unit used while it belonged. Rows that lie wholly outside count for the unit alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa

from greenpark.account.boundary import Boundary
from greenpark.account.periods import to_years
from greenpark.engine.connect import Engine


@dataclass(frozen=True)
class Levels:
    """A boundary as tables of the engine; ``episodes`` and ``dated`` are None when no membership has a date.

    ``wanted``: the entities whose figures are asked for; None for all.
    """

    closure: Any
    episodes: Any | None
    dated: Any | None
    wanted: Any | None = None


def load_levels(boundary: Boundary, engine: Engine) -> Levels:
    """The boundary made known to the engine."""
    closure = engine.from_arrow(boundary.closure)
    if not boundary.dated:
        return Levels(closure, None, None)
    dated = pa.table({"entity": pa.array(boundary.dated, pa.string()), "dated": [True] * len(boundary.dated)})
    return Levels(closure, engine.from_arrow(boundary.episodes), engine.from_arrow(dated))


def to_member_years(rows: Any, levels: Levels, parties: Sequence[str] = ("entity",)) -> Any:
    """The rows with start and end of their year, and in ``first`` and ``last`` their own period where it matters.

    It matters where the membership of a party (``parties`` are columns with entities) has dates; elsewhere both are
    empty, so that rows of a year fall into one group.
    """
    nothing = ibis.null("date")
    if levels.dated is None:
        return to_years(rows).mutate(first=nothing, last=nothing)
    rows = rows.mutate(matters=False)
    for party in parties:
        dated = levels.dated.select(dated_entity="entity", dated="dated")
        marked = rows.left_join(dated, [rows[party] == dated.dated_entity])
        rows = marked.mutate(matters=marked.matters | marked.dated.notnull()).drop("dated_entity", "dated")
    rows = rows.mutate(
        first=ibis.ifelse(rows.matters, rows.start, nothing), last=ibis.ifelse(rows.matters, rows.end, nothing)
    )
    return to_years(rows.drop("matters"))


def climb(rows: Any, levels: Levels) -> Any:
    """The rows once for every entity that they count for, with ``leaf``: whether nothing lies below that entity."""
    above = rows.inner_join(levels.closure, "entity")
    above = _within_membership(above, "entity", levels)
    return above.drop("entity").rename(entity="ancestor")


def meet(rows: Any, levels: Levels) -> Any:
    """Rows between two parties, once for every entity that both belong to."""
    between = rows.filter(rows.entity != rows.counterparty)
    supplied = between.inner_join(levels.closure, "entity")
    receiver = levels.closure.select(counterparty="entity", ancestor="ancestor")
    inside = supplied.inner_join(receiver, ["counterparty", "ancestor"])
    for party in ("entity", "counterparty"):
        inside = _within_membership(inside, party, levels)
    return inside.drop("entity", "counterparty").rename(entity="ancestor")


def _within_membership(above: Any, party: str, levels: Levels) -> Any:
    if levels.episodes is None:
        return above
    episodes = levels.episodes.view()
    touches = above["first"].isnull() | ((above["first"] < episodes.until) & (above["last"] > episodes.since))
    return above.semi_join(episodes, [above[party] == episodes.entity, above.ancestor == episodes.ancestor, touches])
