"""The checks packs of a job applied to its observations, or to a workbook before it is handed in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from greenpark.catalog import Packs
from greenpark.engine.connect import Engine
from greenpark.engine.schema import arrow_schema
from greenpark.engine.store import Store
from greenpark.engine.units import Units
from greenpark.model.checks import CheckRule
from greenpark.model.findings import Finding
from greenpark.model.job import Job, JobError
from greenpark.model.tables import OBSERVATIONS
from greenpark.model.time import Period
from greenpark.validate import CheckDefinitions, validate

BUILT_IN = ("park_statistics",)


def check_job(job: Job, packs: Packs, observations: Any, entities: pa.Table, engine: Engine) -> tuple[Finding, ...]:
    """What the checks packs of the job find odd in its observations; without any named, the built-in one."""
    names = BUILT_IN if job.checks is None else job.checks
    rules = rules_of(names, packs)
    return validate(observations, entities, rules, _definitions(packs), engine) if rules else ()


def check_rows(
    rows: pa.Table, entities: pa.Table, history: Sequence[pa.Table], packs: Packs, names: Sequence[str] | None = None
) -> tuple[Finding, ...]:
    """What is odd in rows that no batch holds yet, with those of earlier files as their history."""
    engine = Engine()
    try:
        before = [_numbered(each, f"history-{place}") for place, each in enumerate(history)]
        known = engine.from_arrow(pa.concat_tables(before)) if before else None
        rules = rules_of(BUILT_IN if names is None else names, packs)
        asked = engine.from_arrow(_numbered(rows, "checked"))
        return validate(asked, entities, rules, _definitions(packs), engine, known)
    finally:
        engine.close()


def accepted_elsewhen(store: Store, rows: pa.Table, period: Period) -> tuple[pa.Table, ...]:
    """What was accepted of the entities of these rows for other periods: the history of a file to be handed in."""
    batches = [batch for batch in store.accepted() if batch.kind != "simulation"]
    if not batches or not rows.num_rows:
        return ()
    known = store.read("observations", batches)
    own = known.entity.isin(rows.column("entity").unique().to_pylist())
    elsewhen = (known.end <= period.start) | (known.start >= period.end)
    return (store.engine.to_arrow(known.filter(own & elsewhen)),)


def rules_of(names: Sequence[str], packs: Packs) -> tuple[CheckRule, ...]:
    """The rules of these checks packs in their order.

    Raises
    ------
    JobError
        When there is no such pack.
    """
    for name in names:
        if name not in packs.checks:
            known = ", ".join(sorted(packs.checks))
            raise JobError("pipeline.unknown_id", sort="checks", name=name, known=known)
    return tuple(rule for name in names for rule in packs.checks[name].rules)


def tolerances_of(packs: Packs) -> dict[str, float]:
    """The tolerances that the checks packs state for other stages, by id."""
    return {each.id: each.value for pack in packs.checks.values() for each in pack.tolerances}


def _definitions(packs: Packs) -> CheckDefinitions:
    return CheckDefinitions(packs.carriers, packs.factor_sets, Units(packs.units.values()))


def _numbered(rows: pa.Table, batch: str) -> pa.Table:
    """Collected rows with a batch, in the columns of the table observations."""
    names = [name for name in OBSERVATIONS.names if name != "batch"]
    chosen = rows.select(names).add_column(0, "batch", pa.array([batch] * rows.num_rows, pa.string()))
    return chosen.cast(arrow_schema(OBSERVATIONS))
