"""Revisions of one number: the newest vintage of a batch counts for a year, older ones stay readable as of their time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from greenpark.account.activity import ACTIVITY_QUANTITIES
from greenpark.engine.store import Store
from greenpark.measure import Task
from greenpark.model.findings import Finding
from greenpark.model.job import UNSAID, VINTAGES
from greenpark.model.time import Period

_COMPUTED = ("co2.", "ghg.", "energy.", "electricity.", "heat.")
_NO_RANK = -1
_ROW = ["entity", "quantity", "year"]
Known = Mapping[tuple[str, str, int], frozenset[str]]


@dataclass(frozen=True)
class Counting:
    """The observations of the newest vintages, what is said of those left out, and who has which vintage.

    ``of`` maps entity, quantity and year to the vintages behind it; empty where all batches are of one.
    """

    observations: Any
    findings: tuple[Finding, ...] = ()
    of: Known = field(default_factory=dict)


def vintages_of(batches: Sequence[str], store: Store) -> dict[str, str]:
    """The vintage of each batch; one of which nobody said it counts as annual, and estimates of the park have none."""
    records = [store.register.batch(batch) for batch in batches]
    return {each.id: "" if each.kind == "estimate" else each.source.vintage or UNSAID for each in records if each}


def newest_vintages(observations: Any, batches: Sequence[str], store: Store) -> Counting:
    """The observations that count: of an entity, quantity and year those of the newest vintage that has any.

    A revision restates the whole of it: rows of an older vintage do not stand beside those of a newer one, where they
    would be added up. What only the older one has is named.
    """
    vintage = vintages_of(batches, store)
    if len(set(vintage.values()) - {""}) < 2:
        return Counting(observations)
    engine = store.engine
    ranks = engine.from_arrow(
        pa.table(
            {
                "batch": pa.array(sorted(vintage), pa.string()),
                "vintage": pa.array([vintage[each] for each in sorted(vintage)], pa.string()),
                "vintage_rank": pa.array([_rank(vintage[each]) for each in sorted(vintage)], pa.int64()),
            }
        )
    )
    rows = observations.inner_join(ranks, "batch")
    rows = rows.mutate(year=rows.start.year().cast("int64").fill_null(0))
    best = rows.group_by(_ROW).aggregate(newest_rank=rows.vintage_rank.max())
    ranked = rows.inner_join(best, _ROW)
    kept = ranked.filter((ranked.vintage_rank == ranked.newest_rank) | (ranked.vintage_rank == _NO_RANK))
    by = [*_ROW, "carrier", "vintage_rank", "newest_rank"]
    found = engine.to_arrow(ranked.group_by(by).aggregate(rows=ranked.count())).to_pylist()
    return Counting(kept.select(*observations.columns), _older(found), _known(found))


def climb_vintages(known: Known, closure: pa.Table) -> Known:
    """The vintages behind every level: those of all units below it."""
    above: dict[str, set[str]] = defaultdict(set)
    for row in closure.select(["entity", "ancestor"]).to_pylist():
        above[row["entity"]].add(row["ancestor"])
    found: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    for (entity, quantity, year), vintages in known.items():
        for level in above.get(entity, {entity}):
            found[(level, quantity, year)] |= vintages
    return {key: frozenset(vintages) for key, vintages in found.items()}


def vintage_findings(indicators: pa.Table, tasks: Sequence[Task], known: Known) -> tuple[Finding, ...]:
    """A finding for each indicator whose quantities are of different vintages, with the vintage of each."""
    needs = {(task.indicator, task.variant): task.needs for task in tasks}
    found = []
    for row in indicators.to_pylist() if known else ():
        year = row["start"].year if row["start"] else 0
        told = {}
        for need in needs.get((row["indicator"], row["variant"]), ()):
            vintages = _behind(need.quantity, row["entity"], year - need.lag, known)
            if vintages:
                told[need.label] = "/".join(each for each in VINTAGES if each in vintages)
        if row["value"] is not None and len(set(told.values())) > 1:
            words = ", ".join(f"{name} {told[name]}" for name in sorted(told))
            found.append(_differs(row, words))
    return tuple(found)


def _differs(row: Mapping[str, Any], words: str) -> Finding:
    period = str(Period(row["start"], row["end"]))
    values: dict[str, object] = {"indicator": row["indicator"], "period": period, "vintages": words}
    where = (row["entity"], row["indicator"], row["start"], row["end"])
    return Finding("warning", "measure", "vintages_differ", "measure.vintages_differ", values, *where)


def _behind(quantity: str, entity: str, year: int, known: Known) -> frozenset[str]:
    """The vintages of what a figure rests on: of itself where it is reported, else of the activity behind it."""
    own = known.get((entity, quantity, year))
    if own or not quantity.startswith(_COMPUTED):
        return own or frozenset()
    return frozenset().union(*(known.get((entity, each, year), frozenset()) for each in ACTIVITY_QUANTITIES))


def _known(rows: Sequence[Mapping[str, Any]]) -> Known:
    return {
        (row["entity"], row["quantity"], row["year"]): frozenset({VINTAGES[row["newest_rank"]]})
        for row in rows
        if row["vintage_rank"] == row["newest_rank"] != _NO_RANK
    }


def _older(rows: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """A note on the rows that a newer vintage replaced, and a warning where it lacks a carrier that they had."""
    newest = {
        (row["entity"], row["quantity"], row["year"], row["carrier"])
        for row in rows
        if row["vintage_rank"] == row["newest_rank"]
    }
    replaced: dict[tuple[str, int, int, int], int] = defaultdict(int)
    lost: dict[tuple[str, int, int, int], set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        if _NO_RANK < row["vintage_rank"] < row["newest_rank"]:
            key = (row["quantity"], row["year"], row["vintage_rank"], row["newest_rank"])
            replaced[key] += row["rows"]
            if (row["entity"], row["quantity"], row["year"], row["carrier"]) not in newest:
                lost[key].add((row["entity"], row["carrier"] or ""))
    said = [_said("note", "pipeline.older_vintage", key, rows=replaced[key]) for key in sorted(replaced)]
    for key in sorted(lost):
        first = min(lost[key])
        said.append(
            _said("warning", "pipeline.only_in_older_vintage", key, series=len(lost[key]), first=" ".join(first))
        )
    return tuple(said)


def _said(severity: Any, message: str, key: tuple[str, int, int, int], **more: object) -> Finding:
    quantity, year, old, new = key
    values = {"quantity": quantity, "year": year, "vintage": VINTAGES[old], "newest": VINTAGES[new], **more}
    return Finding(severity, "collect", message.rpartition(".")[2], message, values, "", quantity)


def _rank(word: str) -> int:
    return [str(each) for each in VINTAGES].index(word) if word else _NO_RANK
