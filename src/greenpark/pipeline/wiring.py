"""From packs and a job to what each stage is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from greenpark.account import Definitions
from greenpark.account.methods import Knowledge
from greenpark.catalog import Packs
from greenpark.engine.units import Units
from greenpark.model.job import Job, JobError
from greenpark.model.knowledge import Profile
from greenpark.model.schemes import Scheme, TargetSet, readings_of
from greenpark.pipeline.factors import choose_factors
from greenpark.pipeline.validating import tolerances_of

Named = TypeVar("Named")


def knowledge_of(packs: Packs) -> Knowledge:
    """What accounting methods look up."""
    return Knowledge(packs.carriers, packs.factor_sets, Units(packs.units.values()))


def schemes_of(job: Job, packs: Packs) -> tuple[Scheme, ...]:
    """The schemes that the job asks for."""
    return tuple(_named(packs.schemes, name, "scheme") for name in job.schemes)


def targets_of(job: Job, packs: Packs) -> tuple[TargetSet, ...]:
    """The target packs that the job asks for."""
    return tuple(_named(packs.targets, name, "targets") for name in job.targets)


def profiles_of(job: Job, packs: Packs, schemes: Sequence[Scheme]) -> tuple[Profile, ...]:
    """The job's own profile first, then those of its schemes and of their other readings, each once."""
    others = [other.profile for scheme in schemes for _, other in readings_of(scheme)]
    names = dict.fromkeys([job.profile, *(scheme.profile for scheme in schemes), *others])
    return tuple(_named(packs.profiles, name, "profile") for name in names if name)


def definitions_of(
    job: Job, packs: Packs, schemes: Sequence[Scheme], refused: Sequence[tuple[str, str, int]] = ()
) -> Definitions:
    """What accounting is given."""
    profiles = profiles_of(job, packs, schemes)
    knowledge = knowledge_of(packs)
    methods = choose_factors(job, packs)
    return Definitions(
        knowledge, packs.quantities, methods, profiles, packs.areas, job.boundary, refused, job.figures_of,
        tolerances_of(packs),
    )  # fmt: skip


def _named(found: Mapping[str, Named], name: str, sort: str) -> Named:
    if name not in found:
        raise JobError("pipeline.unknown_id", sort=sort, name=name, known=", ".join(sorted(found)))
    return found[name]
