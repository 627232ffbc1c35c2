"""From accepted batches to the result tables of one run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from greenpark.account import Accounts, Definitions, account, consolidate, list_views, name_variants
from greenpark.account.checks import check_range, compare_reported
from greenpark.account.parts import compare_parts
from greenpark.account.reconciliation import reconcile
from greenpark.catalog import Packs
from greenpark.engine.provenance import code_version, hash_file, hash_words
from greenpark.engine.schema import arrow_schema
from greenpark.engine.store import RunHandle, RunRecord, Store
from greenpark.evaluate import Context, check_requests, score_findings
from greenpark.measure import Task, list_tasks, measure
from greenpark.model.findings import Finding
from greenpark.model.job import Job
from greenpark.model.schemes import Scheme
from greenpark.model.tables import INDICATORS, MEMBERS, PROGRESS, Table
from greenpark.monitor import progress_findings, track
from greenpark.pipeline import notices
from greenpark.pipeline.company import context_of
from greenpark.pipeline.differing import Runs, restatement_rows
from greenpark.pipeline.doubting import doubt
from greenpark.pipeline.driving import driver_rows, findings_of_drivers
from greenpark.pipeline.estimating import append_estimates, completeness_rows
from greenpark.pipeline.factors import notices_of_factors
from greenpark.pipeline.gather import Gathered
from greenpark.pipeline.growing import findings_of_growth, growth_rows, with_bases
from greenpark.pipeline.handed_in import handed_in
from greenpark.pipeline.judging import Judging
from greenpark.pipeline.nation.rolling import roll_up
from greenpark.pipeline.particulars import identity_of, particulars_table
from greenpark.pipeline.steering import steer
from greenpark.pipeline.terms import PLAIN, Terms, frozen_members
from greenpark.pipeline.titles import count_amounts
from greenpark.pipeline.validating import check_job
from greenpark.pipeline.verdicts import write_verdicts
from greenpark.pipeline.vintages import Counting, climb_vintages, vintage_findings
from greenpark.pipeline.wiring import (
    definitions_of,
    entities_of,
    keep_packs,
    packs_used,
    schemes_of,
    subjects_of,
    targets_of,
)

Told = Callable[[str, str], None]


def compute(
    path: Path | None, job: Job, packs: Packs, gathered: Gathered, batches: Sequence[str],
    store: Store, told: Told, terms: Terms = PLAIN,
) -> RunRecord:  # fmt: skip
    """The closed run of this job on these batches; one that was closed before is not computed again.

    Without ``path`` the job is that of an earlier run, which ``terms`` name.
    """
    if job.figures_of:
        return roll_up(job, packs, gathered, batches, store, told, terms.as_of)
    schemes = schemes_of(job, packs)
    handed = handed_in(job, packs, batches, store, terms.as_of)
    definitions = definitions_of(job, packs, schemes, (*gathered.refused, *handed.refused))
    # What was refused or remarked is in no batch, but totals and findings rest on it.
    own = terms.job_hash if path is None else hash_file(path)
    asked = hash_words(own, *identity_of(gathered), *handed.words, *terms.words)
    kept = particulars_table(job, gathered, batches, terms)
    batches, estimated = append_estimates(job, batches, packs.areas, store)
    handle = store.begin_run(job.id, asked, batches, packs_used(packs), code_version(), terms.as_of)
    if handle.closed:
        return handle.record
    keep_packs(packs, store)
    store.write(handle, "particulars", kept)
    counting, job = count_amounts(job, packs, batches, store)
    observations = counting.observations
    told("pipeline.accounting", job.id)
    entities = frozen_members(entities_of(store, batches), terms.members_of)
    accounts = account(observations, entities, definitions, store.engine)
    store.write(handle, "members", accounts.boundary.units.select([name for name in MEMBERS.names if name != "run"]))
    energy = store.write(handle, "energy", accounts.energy)
    emissions = store.write(handle, "emissions", accounts.emissions)
    figures = store.write(handle, "figures", consolidate(accounts, emissions, definitions, store.engine))
    doubts = _doubt_and_steer(job, packs, definitions, accounts, energy, emissions, gathered, handle, store)
    told("pipeline.measuring", job.id)
    subjects = subjects_of(job, accounts.boundary, schemes)
    rows = (figures, energy, emissions)
    growth, changes = _changes(rows, accounts, entities, definitions, schemes, subjects, handle, store)
    measured = with_bases(figures, growth, schemes, store)
    indicators = _measure(job, packs, schemes, definitions, subjects, measured, store)
    store.write(handle, "indicators", indicators)
    told("pipeline.evaluating", job.id)
    judging = Judging(job, packs, definitions, context_of(job, accounts.boundary.units, entities))
    verdicts = write_verdicts(judging, figures, measured, indicators, subjects, handle, store)
    store.write(handle, "progress", progress := _progress(job, packs, figures, definitions, store))
    found = [
        *gathered.findings,
        *handed.findings,
        *estimated,
        *notices_of_factors(job, packs),
        *_of_figures(job, packs, definitions, subjects, figures, store),
        *notices.notices_of_repeats(observations, store.engine),
        *notices.notices_of_boundary(job, entities, {*packs.zones, *packs.areas}),
        *_asked(job, packs, schemes, judging.context, observations, entities, store),
        *_findings(job, definitions, accounts, energy, emissions, store),
        *doubts,
        *changes,
        *_vintage_findings(counting, indicators, schemes, packs, definitions, accounts),
        *notices.notices_of_indicators(indicators),
        *progress_findings(progress),
        *score_findings(verdicts),
    ]
    store.write(handle, "findings", notices.findings_table(found, handed.explained))
    if terms.restates:
        runs = Runs(store.run(terms.restates), energy, emissions, figures, indicators, verdicts, _parents(accounts))
        tasks = _tasks(schemes, packs, definitions)
        store.write(handle, "restatement", restatement_rows(runs, tasks, terms, store))
    return store.close_run(handle)


def _changes(
    rows: tuple[Any, Any, Any], accounts: Accounts, entities: pa.Table, definitions: Definitions,
    schemes: Sequence[Scheme], subjects: Collection[str], handle: RunHandle, store: Store,
) -> tuple[pa.Table, tuple[Finding, ...]]:  # fmt: skip
    """Write growth and its drivers from figures, energy and emissions; growth and what is to be said come back."""
    growth = growth_rows(*rows, accounts, definitions, schemes, subjects, store.engine)
    store.write(handle, "growth", growth)
    driven = driver_rows(*rows, growth, accounts, entities, definitions, subjects, store.engine)
    store.write(handle, "drivers", driven)
    return growth, (*findings_of_growth(growth), *findings_of_drivers(driven))


def _asked(
    job: Job,
    packs: Packs,
    schemes: Sequence[Scheme],
    context: Context,
    observations: Any,
    entities: pa.Table,
    store: Store,
) -> tuple[Finding, ...]:
    """What is wrong with what the job asks for."""
    requests = check_requests(schemes, job.chosen, job.excused, context)
    return (*requests, *check_job(job, packs, observations, entities, store.engine))


def _of_figures(
    job: Job, packs: Packs, definitions: Definitions, subjects: Collection[str], figures: Any, store: Store
) -> tuple[Finding, ...]:
    """How the total comes about, and whose figures nobody judges."""
    return (
        *_reconciled(job, definitions, figures, store),
        *notices.notices_of_unjudged(job, subjects, figures, packs.zones, store.engine),
    )


def _reconciled(job: Job, definitions: Definitions, figures: Any, store: Store) -> tuple[Finding, ...]:
    views = [each.variant for each in list_views(definitions.profiles, definitions.methods) if each.variant]
    return reconcile(figures, job.boundary, views[0], store.engine) if views and job.boundary else ()


def _doubt_and_steer(
    job: Job, packs: Packs, definitions: Definitions, accounts: Accounts, energy: Any, emissions: Any,
    gathered: Gathered, handle: RunHandle, store: Store,
) -> tuple[Finding, ...]:  # fmt: skip
    """Write what is complete, how sure totals are, the quarterly sheet and the ledger; what is said of them comes back."""
    completeness = completeness_rows(job, accounts, energy, emissions, definitions, store.engine)
    store.write(handle, "completeness", completeness)
    doubted = doubt(job, packs, definitions, accounts, store.engine)
    store.write(handle, "uncertainty", doubted.table)
    steered = steer(job, packs, definitions, accounts, energy, emissions, gathered, completeness, store.engine)
    store.write(handle, "quarterly", steered.sheet)
    store.write(handle, "ledger", steered.ledger)
    return (*doubted.findings, *steered.findings)


def _parents(accounts: Accounts) -> dict[str, str]:
    units = accounts.boundary.units.select(["entity", "parent"]).to_pylist()
    return {row["entity"]: row["parent"] for row in units if row["parent"]}


def _tasks(schemes: Sequence[Scheme], packs: Packs, definitions: Definitions) -> Sequence[Task]:
    return list_tasks(schemes, packs.quantities, name_variants(definitions.profiles, definitions.methods))


def _vintage_findings(
    counting: Counting, indicators: pa.Table, schemes: Sequence[Scheme], packs: Packs, definitions: Definitions,
    accounts: Accounts,
) -> tuple[Finding, ...]:  # fmt: skip
    if not counting.of:
        return counting.findings
    known = climb_vintages(counting.of, accounts.boundary.closure)
    return (*counting.findings, *vintage_findings(indicators, _tasks(schemes, packs, definitions), known))


def _measure(
    job: Job, packs: Packs, schemes: Sequence[Scheme], definitions: Definitions, subjects: Collection[str], figures: Any,
    store: Store,
) -> pa.Table:  # fmt: skip
    variants = name_variants(definitions.profiles, definitions.methods)
    found = measure(
        figures, schemes, packs.quantities, definitions.knowledge.units, variants, sorted(subjects), store.engine
    )
    if found is None:
        return _empty(INDICATORS)
    rows = store.engine.to_arrow(found)
    if not job.years:
        return rows
    return rows.filter(pc.is_in(pc.year(rows["start"]), pa.array(job.years, pa.int64())))


def _progress(job: Job, packs: Packs, figures: Any, definitions: Definitions, store: Store) -> pa.Table:
    targets = targets_of(job, packs)
    units = definitions.knowledge.units
    members = {"zone": tuple(sorted(packs.zones))}
    rows = [track(_without_run(store, figures), each, members, units) for each in targets]
    return pa.concat_tables(rows) if rows else _empty(PROGRESS)


def _findings(
    job: Job, definitions: Definitions, accounts: Accounts, energy: Any, emissions: Any, store: Store
) -> list[Finding]:
    observations, engine = accounts.observations, store.engine
    found: list[Finding] = []
    for comparison in job.compare:
        found += compare_reported(observations, emissions, comparison, engine)[0]
    for check in job.range_checks:
        found += check_range(observations, check, definitions.knowledge, engine)
    found += notices.notices_of_rows(energy, emissions, observations, engine)
    found += accounts.findings
    found += compare_parts(observations, accounts.boundary, definitions.quantities, definitions.tolerances, engine)
    return found


def _without_run(store: Store, rows: Any) -> pa.Table:
    return store.engine.to_arrow(rows).drop_columns(["run"])


def _empty(table: Table) -> pa.Table:
    return arrow_schema(table).empty_table().drop_columns(["run"])
