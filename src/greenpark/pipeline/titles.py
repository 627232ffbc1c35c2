"""Titles that a park hands in on its form: rows of observations that become events of the register, and no amounts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import pyarrow as pa

from greenpark.catalog import Packs
from greenpark.engine.store import Store
from greenpark.model.findings import Finding, Place
from greenpark.model.job import Job
from greenpark.model.programmes import STAGES, Designation, Programme
from greenpark.model.time import Period
from greenpark.pipeline.reporters import own_reports
from greenpark.pipeline.vintages import Counting, newest_vintages
from greenpark.pipeline.wiring import entities_of

TITLE = "title."
_FIRMS = ("unit", "plant")
_GROUP = "group"
_ROW = ("entity", "quantity", "start", "end", "value", "counterparty", "file", "sheet", "cell")
Level = Literal["zone", "sub_park", "enterprise"]


def without_titles(observations: Any) -> Any:
    """The observations that speak of amounts."""
    return observations.filter(~observations.quantity.startswith(TITLE))


def count_amounts(job: Job, packs: Packs, batches: Sequence[str], store: Store) -> tuple[Counting, Job]:
    """The observations that count and speak of amounts, and the job with the titles that the others state."""
    newest = newest_vintages(store.read("observations", batches), batches, store)
    counting = own_reports(newest, batches, store)
    titles, found = read_titles(job, packs, counting.observations, entities_of(store, batches), store)
    amounts = without_titles(counting.observations)
    return replace(counting, observations=amounts, findings=(*counting.findings, *found)), with_titles(job, titles)


def titles_of_batches(job: Job, packs: Packs, batches: Sequence[str], store: Store) -> tuple[Designation, ...]:
    """The titles that the batches of a run state."""
    observations = newest_vintages(store.read("observations", batches), batches, store).observations
    return read_titles(job, packs, observations, entities_of(store, batches), store)[0]


def read_titles(
    job: Job, packs: Packs, observations: Any, entities: pa.Table, store: Store
) -> tuple[tuple[Designation, ...], tuple[Finding, ...]]:
    """The events of the register that observations state, and what is wrong with the others.

    A title of parks is held by a zone or sub-park, one of factories, products, supply chains or services by a unit. What
    a park states of itself is of medium confidence: it names the document, which nobody here has compared.
    """
    rows = observations.filter(observations.quantity.startswith(TITLE) & observations.value.notnull())
    stated = store.engine.to_arrow(rows.select(*_ROW).order_by(list(_ROW))).to_pylist()
    known = {each.id: each for pack in packs.programmes.values() for each in pack.programmes}
    units = _registered(entities)
    titles: dict[str, Designation] = {}
    findings = []
    for row in stated:
        programme = known.get(row["quantity"].removeprefix(TITLE))
        level = _level(row["entity"], job, units)
        if programme is None or (programme.kind == "park") != (level != "enterprise"):
            findings.append(_other_kind(row, programme))
        else:
            title = _designation(row, programme, level, units)
            titles[title.id] = title
    return tuple(titles.values()), tuple(findings)


def _registered(entities: pa.Table) -> dict[str, dict[str, Any]]:
    """The newest row of each entity; one that only gathers figures gives way to one that registers it."""
    found: dict[str, dict[str, Any]] = {}
    for row in entities.to_pylist():
        if row["kind"] != _GROUP or row["entity"] not in found:
            found[row["entity"]] = row
    return found


def _level(entity: str, job: Job, units: Mapping[str, Mapping[str, Any]]) -> Level:
    if entity not in units:
        return "zone" if entity == job.boundary else "enterprise"
    kind = units[entity]["kind"]
    return "enterprise" if kind in _FIRMS else "sub_park" if kind == "sub_park" else "zone"


def _designation(
    row: Mapping[str, Any], programme: Programme, level: Level, units: Mapping[str, Mapping[str, Any]]
) -> Designation:
    entity, stage = row["entity"], STAGES[int(row["value"]) - 1]
    own = units.get(entity, {})
    zone = {"zone": entity, "sub_park": own.get("parent") or entity, "enterprise": ""}[level]
    when = str(Period(row["start"], row["end"])) if row["start"] and row["end"] else ""
    place = "!".join(part for part in (row["file"], row["sheet"], row["cell"]) if part)
    return Designation(
        id=f"{entity}.{programme.id}.{stage}.{when}", programme=programme.id, zone=zone, holder=own.get("name") or entity,
        level=level, stage=stage, when=when, document=row["counterparty"] or "", source=place, confidence="medium",
    )  # fmt: skip


def _other_kind(row: Mapping[str, Any], programme: Programme | None) -> Finding:
    message = "pipeline.title_of_no_programme" if programme is None else "pipeline.title_of_other_kind"
    place = Place(row["file"] or "", row["sheet"] or "", row["cell"] or "")
    return Finding(
        "warning", "collect", "titles", message, {"entity": row["entity"], "title": row["quantity"]}, row["entity"],
        row["quantity"], row["start"], row["end"], place,
    )  # fmt: skip


def with_titles(job: Job, titles: Collection[Designation]) -> Job:
    """The job with the titles of its forms beside those that it writes itself."""
    return job.model_copy(update={"titles": (*job.titles, *titles)}) if titles else job
