"""A run as of a moment: the batches that counted then, and what was said of them then; no file is read again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path, PurePath

from greenpark.catalog import Packs, load_job, load_packs
from greenpark.engine.store import RunRecord, Store
from greenpark.model.findings import Finding, Place, Severity
from greenpark.model.job import Job, JobError
from greenpark.pipeline.gather import Gathered, choose_batches, counting_then, source_name
from greenpark.pipeline.particulars import Particulars, Recalled, read_particulars

Told = Callable[[str, str], None]


def recall(
    path: Path, job: Job, packs: Packs, as_of: datetime, packs_then: bool, store: Store, told: Told
) -> tuple[Job, Packs, Gathered]:
    """The job, the packs and what the inputs said, as they were at a moment.

    Parameters
    ----------
    packs_then
        Whether the packs of the newest run at that moment take the place of the present ones.

    Raises
    ------
    JobError
        When packs of that time are asked for and no run kept any.
    """
    runs = runs_until(job.id, as_of, store)
    if not packs_then:
        told("pipeline.as_of_packs_now", job.id)
    elif not runs:
        raise JobError("pipeline.no_run_then", job=job.id, moment=as_of.isoformat())
    else:
        told("pipeline.as_of_packs_then", runs[0].id)
        packs = kept_packs(store, runs[0])
        job = load_job(path, packs)
    return job, packs, _said_then(job, as_of, runs, store)


def check_then(job: Job, as_of: datetime, store: Store) -> None:
    """Nothing, when anything that the job takes had been accepted by a moment.

    Raises
    ------
    JobError
        When nothing had: a report of nothing would take the place of one that says something.
    """
    if choose_batches(job, Gathered(()), store, as_of):
        return
    moment = as_of.isoformat(" ", "seconds")
    names = {source_name(each) for each in job.inputs if each.kind != "accepted"}
    takes_accepted = any(each.kind == "accepted" for each in job.inputs)
    for each in store.register.once_accepted():
        own = each.source.file in names if each.kind == "observations" else takes_accepted
        if own and each.accepted_at is not None:
            first = each.accepted_at.astimezone(as_of.tzinfo)
            since = {"first": first.isoformat(" ", "seconds"), "day": each.accepted_at.astimezone().date().isoformat()}
            raise JobError("pipeline.nothing_then", job=job.id, moment=moment, **since)
    raise JobError("pipeline.nothing_ever", job=job.id, moment=moment)


def runs_until(job: str, moment: datetime, store: Store) -> list[RunRecord]:
    """The runs of a job that were closed by a moment, the newest first."""
    runs = [each for each in store.register.closed_runs() if each.job == job]
    dated = [(each.closed, each.id, each) for each in runs if each.closed is not None and each.closed <= moment]
    return [each for _, _, each in sorted(dated, key=lambda found: found[:2], reverse=True)]


def kept_packs(store: Store, record: RunRecord) -> Packs:
    """The packs as a run used them."""
    return load_packs([store.kept_pack(use.hash) for _, use in sorted(record.packs.items())], built_in=False)


def _said_then(job: Job, as_of: datetime, runs: list[RunRecord], store: Store) -> Gathered:
    """What was said of the inputs' batches by the runs that used them, newest first.

    Findings of a file as it is now are of no concern: it may have been changed since.
    """
    batches = counting_then(job, store, as_of)
    known = [kept for kept in (read_particulars(store, each) for each in runs) if kept and not kept.terms.restates]
    for kept in known:
        if set(batches) == set(kept.batches) & set(_own(job, kept, store)):
            return kept.gathered
    return _pieced_together(job, batches, known, as_of, store)


def _own(job: Job, kept: Particulars, store: Store) -> tuple[str, ...]:
    """The batches of a run that come from files of the job, and not from what was handed in."""
    names = {source_name(each) for each in job.inputs}
    records = [store.register.batch(each) for each in kept.batches]
    return tuple(each.id for each in records if each and each.kind == "observations" and each.source.file in names)


def _pieced_together(
    job: Job, batches: tuple[str, ...], known: list[Particulars], as_of: datetime, store: Store
) -> Gathered:
    """What different runs said of the batches that counted together at a moment without having been run together."""
    found: dict[str, Finding] = {}
    refused: set[tuple[str, str, int]] = set()
    held = {record.source.file: record.id for record in map(store.register.batch, batches) if record}
    for each in job.inputs:
        if each.kind == "accepted":
            continue
        name, moment = source_name(each), as_of.isoformat()
        kept = next((kept for kept in known if held.get(name) in kept.batches), None)
        if kept is None:
            values: dict[str, object] = {"file": each.file, "moment": moment}
            unread = _said("warning", "pipeline.findings_unknown_then", values)
            own = [unread if name in held else _said("error", "pipeline.absent_then", values)]
        else:
            own = [one for one in kept.gathered.findings if one.place.file == PurePath(each.file).name]
            refused |= set(kept.gathered.refused)
        found |= {repr(one): one for one in own}
    return Recalled(read=(), told=tuple(found.values()), unreadable=tuple(sorted(refused)))


def _said(severity: Severity, message: str, values: dict[str, object]) -> Finding:
    return Finding(severity, "collect", "as_of", message, values, place=Place(str(values["file"])))
