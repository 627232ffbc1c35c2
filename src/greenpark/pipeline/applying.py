"""``schemes: [all]`` of a job: every scheme that applies to its boundary, and why each of the others does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from greenpark.account.boundary import kind_of
from greenpark.catalog import Packs
from greenpark.engine.store import Store
from greenpark.evaluate import Assessed, applicable, empty_schemes
from greenpark.model.job import ALL_SCHEMES, Job
from greenpark.pipeline.gather import Gathered
from greenpark.pipeline.wiring import entities_of

_PARK = "zone"  # what a boundary is where nothing says it


def apply_schemes(
    job: Job, packs: Packs, gathered: Gathered, batches: Sequence[str], store: Store
) -> tuple[Job, Gathered]:
    """The job with the schemes that apply named one by one, and what was left out among the findings.

    Schemes that the job names beside ``all`` are taken whether they apply or not.
    """
    named = [name for name in job.schemes if name != ALL_SCHEMES]
    found = empty_schemes(packs.schemes[name] for name in named if name in packs.schemes)
    if ALL_SCHEMES in job.schemes:
        kind = kind_of(entities_of(store, batches), job.boundary) or _PARK
        year = job.round if job.round is not None else max(job.years) + 1
        assessed = Assessed(job.boundary, kind, job.boundary in packs.zones, year)
        others = [scheme for name, scheme in packs.schemes.items() if name not in named]
        taken, left_out = applicable(others, assessed)
        job = job.model_copy(update={"schemes": (*named, *(each.head.id for each in taken))})
        found = (*found, *left_out)
    return job, replace(gathered, between=(*gathered.between, *found)) if found else gathered
