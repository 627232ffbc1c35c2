"""The run of a job about many zones: rows of every enterprise stored, figures of zones and of what lies above them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from greenpark.account import Accounts, account, consolidate
from greenpark.account.rollup import Shared, find_shared, merge_registers, overlap_findings, read_once
from greenpark.catalog import Packs
from greenpark.engine.provenance import code_version, hash_words
from greenpark.engine.store import RunHandle, RunRecord, Store
from greenpark.model.findings import Finding
from greenpark.model.job import Job, JobError
from greenpark.model.tables import MEMBERS
from greenpark.pipeline import notices
from greenpark.pipeline.gather import Gathered
from greenpark.pipeline.nation.carrying import Before, find_before, write_rows
from greenpark.pipeline.wiring import definitions_of, entities_of, keep_packs, packs_used

Told = Callable[[str, str], None]
# What a job about single parks may ask, and one about many zones must not take for answered.
_NOT_ROLLED_UP = ("schemes", "targets", "compare", "range_checks", "estimate", "checks", "factors")


def roll_up(
    job: Job, packs: Packs, gathered: Gathered, batches: Sequence[str], store: Store, told: Told,
    as_of: datetime | None = None,
) -> RunRecord:  # fmt: skip
    """The closed run of a roll-up; one that was closed before is not computed again.

    Every row of energy and emissions is stored; figures are those of the kinds of entity that the job asks for. What
    lies in two zones counts once, and findings say what was counted twice. Values are not checked against rules.
    Rows of batches that the job's last run counted are not counted again.

    Raises
    ------
    JobError
        When the job asks for something that a roll-up does not answer.
    """
    unanswered = [name for name in _NOT_ROLLED_UP if getattr(job, name)]
    if unanswered:
        raise JobError("pipeline.not_rolled_up", keys=", ".join(unanswered))
    definitions = definitions_of(job, packs, (), gathered.refused)
    asked = hash_words(job.model_dump_json(), *map(repr, gathered.findings))
    handle = store.begin_run(job.id, asked, batches, packs_used(packs), code_version(), as_of)
    if handle.closed:
        return handle.record
    keep_packs(packs, store)
    submitters = {each.id: each.source.entity for each in store.accepted() if each.source.entity}
    registers = entities_of(store, batches)
    read = partial(store.read, "observations")
    shared = find_shared(read, registers, submitters, batches, store.engine)
    observations = read_once(read, shared, batches, store.engine)
    told("pipeline.accounting", job.id)
    before = find_before(handle, batches, shared, read, store)
    accounts = account(
        observations, merge_registers(registers, submitters), definitions, store.engine,
        lambda cells: store.write(handle, "cells", cells, unique=True).drop("run"), before.carried if before else None,
    )  # fmt: skip
    emissions = _store_rows(handle, accounts, batches, shared, before, store)
    figures = store.write(handle, "figures", consolidate(accounts, emissions, definitions, store.engine))
    told("pipeline.rolling_up", job.id)
    rows = store.engine.to_arrow(figures).to_pylist()
    units = accounts.boundary.units.select(["entity", "kind"])
    zones = [row["entity"] for row in units.to_pylist() if row["kind"] == "zone"]
    found: list[Finding] = [
        *gathered.findings,
        *shared.findings,
        *accounts.findings,
        *overlap_findings(rows, job.boundary, zones),
        Finding("note", "validate", "not_checked", "pipeline.values_not_checked", {}, job.boundary),
    ]
    store.write(handle, "findings", notices.findings_table(found))
    return store.close_run(handle)


def _store_rows(
    handle: RunHandle, accounts: Accounts, batches: Sequence[str], shared: Shared, before: Before | None, store: Store
) -> Any:
    """Members, and the rows of energy and emissions in the narrow layout where they fit; the rows of emissions."""
    columns = [name for name in MEMBERS.names if name != "run"]
    store.write(handle, "members", accounts.boundary.units.select(columns))
    if not accounts.tally.is_narrow:
        store.write(handle, "energy", accounts.energy)
        return store.write(handle, "emissions", accounts.emissions)
    write_rows(handle, accounts, batches, shared, before, store)
    return accounts.emissions
