"""Programmes and titles: the register of all packs and of a job, as of a day and beside a run's assessments."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from greenpark.catalog import Packs
from greenpark.engine.schema import arrow_schema
from greenpark.evaluate import Context
from greenpark.evaluate.programmes import programme_readiness, title_counts, title_standings
from greenpark.model.job import Job
from greenpark.model.programmes import READINESS, Designation, Programme, PublishedCount, ZoneGroup

_OF_THE_PARK = ("zone", "sub_park")
_FIRMS = ("unit", "plant")


@dataclass(frozen=True)
class Register:
    """Programmes, groups, published numbers and designations of all packs together."""

    programmes: tuple[Programme, ...]
    groups: tuple[ZoneGroup, ...]
    published: tuple[PublishedCount, ...]
    designations: tuple[Designation, ...]

    def standings(self, as_of: date) -> pa.Table:
        """The table ``standings`` of a day."""
        return title_standings(self.designations, as_of)

    def counts(self, zones: Collection[str], as_of: date) -> pa.Table:
        """The table ``tallies`` of a day."""
        return title_counts(self.designations, self.programmes, self.groups, self.published, zones, as_of)


def register_of(packs: Packs, job: Job | None = None) -> Register:
    """All that the packs state, and the titles that a job adds: its own park where they name no zone."""
    held = [packs.programmes[name] for name in sorted(packs.programmes)]
    own = [] if job is None else [_of_the_park(each, job) for each in job.titles]
    return Register(
        tuple(each for pack in held for each in pack.programmes),
        tuple({each.id: each for pack in held for each in pack.groups}.values()),
        tuple(each for pack in held for each in pack.published),
        (*(each for pack in held for each in pack.designations), *own),
    )


def _of_the_park(title: Designation, job: Job) -> Designation:
    if title.zone or title.level not in _OF_THE_PARK:
        return title
    return title.model_copy(update={"zone": job.boundary})


def readiness_rows(job: Job, packs: Packs, scores: pa.Table, subjects: Collection[str], context: Context) -> pa.Table:
    """The table ``readiness`` of a run; empty for a job that applies no scheme."""
    if not job.schemes:
        return arrow_schema(READINESS).empty_table().drop_columns(["run"])
    register = register_of(packs, job)
    firms = [each for each in subjects if set(_FIRMS) & set(context.words(each, "kind"))]
    return programme_readiness(
        scores, register.programmes, list(packs.schemes.values()), register.designations, subjects, firms
    )
