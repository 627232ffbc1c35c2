"""From accepted batches to the result tables of one run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from greenpark.account import Accounts, Definitions, account, consolidate, list_bases, list_views
from greenpark.account.checks import check_range, compare_reported
from greenpark.catalog import Packs
from greenpark.engine.provenance import code_version, hash_file, hash_words
from greenpark.engine.schema import arrow_schema
from greenpark.engine.store import RunRecord, Store
from greenpark.evaluate import check_requests, evaluate, score_findings
from greenpark.measure import measure
from greenpark.model.findings import Finding
from greenpark.model.job import Job
from greenpark.model.schemes import Scheme
from greenpark.model.tables import INDICATORS, MEMBERS, PROGRESS, SCORES, Table
from greenpark.monitor import progress_findings, track
from greenpark.pipeline import notices
from greenpark.pipeline.gather import Gathered
from greenpark.pipeline.wiring import definitions_of, schemes_of, targets_of

Told = Callable[[str, str], None]
_MEASURED_KINDS = ("zone", "sub_park")


def compute(
    path: Path, job: Job, packs: Packs, gathered: Gathered, batches: Sequence[str],
    store: Store, told: Told,
) -> RunRecord:  # fmt: skip
    """The closed run of this job on these batches; one that was closed before is not computed again."""
    schemes = schemes_of(job, packs)
    definitions = definitions_of(job, packs, schemes, gathered.refused)
    used = {name: (packs.heads[name].version, digest) for name, digest in packs.hashes.items()}
    # What was refused or remarked is in no batch, but totals and findings rest on it.
    asked = hash_words(hash_file(path), *map(str, gathered.refused), *map(repr, gathered.findings))
    handle = store.begin_run(job.id, asked, batches, used, code_version())
    if handle.closed:
        return handle.record
    _keep_packs(packs, store)
    observations = store.read("observations", batches)
    told("pipeline.accounting", job.id)
    entities = _entities(store, batches)
    accounts = account(observations, entities, definitions, store.engine)
    columns = [name for name in MEMBERS.names if name != "run"]
    store.write(handle, "members", accounts.boundary.units.select(columns))
    energy = store.write(handle, "energy", accounts.energy)
    emissions = store.write(handle, "emissions", accounts.emissions)
    figures = store.write(handle, "figures", consolidate(accounts, energy, emissions, definitions, store.engine))
    told("pipeline.measuring", job.id)
    indicators = _measure(job, packs, schemes, definitions, accounts, figures, store)
    store.write(handle, "indicators", indicators)
    told("pipeline.evaluating", job.id)
    facts = _without_run(store, figures.filter(figures.quantity.startswith("fact.")))
    verdicts = (
        evaluate(indicators, schemes, job.chosen, job.excused, facts, definitions.knowledge.units)
        if schemes
        else _empty(SCORES)
    )
    store.write(handle, "scores", verdicts)
    progress = _progress(job, packs, figures, definitions, store)
    store.write(handle, "progress", progress)
    found = [
        *gathered.findings,
        *notices.notices_of_repeats(observations, store.engine),
        *notices.notices_of_boundary(job, entities, {*packs.zones, *packs.areas}),
        *check_requests(schemes, job.chosen, job.excused),
        *_findings(job, definitions, accounts, energy, emissions, store),
        *notices.notices_of_indicators(indicators),
        *progress_findings(progress),
        *score_findings(verdicts),
    ]
    store.write(handle, "findings", notices.findings_table(found))
    return store.close_run(handle)


def _keep_packs(packs: Packs, store: Store) -> None:
    """A run keeps its packs: the folder of each is copied once under its content hash."""
    for name, digest in packs.hashes.items():
        store.keep_pack(packs.folders[name], digest)


def _entities(store: Store, batches: Sequence[str]) -> pa.Table:
    """The entities of these batches, those of the last input last: the newest row of an entity counts."""
    rows = store.engine.to_arrow(store.read("entities", batches))
    order = {batch: number for number, batch in enumerate(batches)}
    position = pa.array([order[batch] for batch in rows.column("batch").to_pylist()], pa.int64())
    ordered = rows.append_column("position", position).sort_by([("position", "ascending"), ("entity", "ascending")])
    return ordered.drop_columns(["position"])


def _measure(
    job: Job, packs: Packs, schemes: Sequence[Scheme], definitions: Definitions, accounts: Accounts, figures: Any,
    store: Store,
) -> pa.Table:  # fmt: skip
    variants = [each.variant for each in list_views(definitions.profiles, definitions.methods)]
    variants += [each.variant for each in list_bases(definitions.profiles, definitions.methods)]
    units = accounts.boundary.units.to_pylist()
    subjects = {job.boundary, *(row["entity"] for row in units if row["kind"] in _MEASURED_KINDS)}
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
    return found


def _without_run(store: Store, rows: Any) -> pa.Table:
    return store.engine.to_arrow(rows).drop_columns(["run"])


def _empty(table: Table) -> pa.Table:
    return arrow_schema(table).empty_table().drop_columns(["run"])
