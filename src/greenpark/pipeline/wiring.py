"""From packs and a job to what each stage is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import pyarrow as pa

from greenpark.account import Accounts, Definitions, list_bases, list_views
from greenpark.account.boundary import Boundary
from greenpark.account.entries import SOLD, EmissionEntry, EnergyEntry, emission_entries, energy_entries
from greenpark.account.methods import Knowledge
from greenpark.catalog import Packs
from greenpark.engine.store import Store
from greenpark.engine.units import Units
from greenpark.model.job import Job, JobError
from greenpark.model.knowledge import Profile
from greenpark.model.schemes import Scheme, TargetSet, readings_of
from greenpark.pipeline.company import kinds_of_members
from greenpark.pipeline.factors import choose_factors
from greenpark.pipeline.validating import tolerances_of

Named = TypeVar("Named")
_MEASURED_KINDS = ("zone", "sub_park")


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


def packs_used(packs: Packs) -> dict[str, tuple[str, str]]:
    """Version and content hash of every pack, by name: what a run is said to rest on."""
    return {name: (packs.heads[name].version, digest) for name, digest in packs.hashes.items()}


def keep_packs(packs: Packs, store: Store) -> None:
    """A run keeps its packs: the folder of each is copied once under its content hash."""
    for name, digest in packs.hashes.items():
        store.keep_pack(packs.folders[name], digest)


def entities_of(store: Store, batches: Sequence[str]) -> pa.Table:
    """The entity rows of these batches, those of the last one last: the newest row of an entity counts."""
    rows = store.engine.to_arrow(store.read("entities", batches))
    order = pa.table({"batch": pa.array(batches, pa.string()), "position": pa.array(range(len(batches)), pa.int64())})
    placed = rows.join(order, "batch").sort_by([("position", "ascending"), ("entity", "ascending")])
    return placed.select(rows.column_names)


def subjects_of(job: Job, boundary: Boundary, schemes: Sequence[Scheme] = ()) -> list[str]:
    """The entities that are measured: the park, its sub-levels and the members that shares are taken of, sorted."""
    kinds = {*_MEASURED_KINDS, *kinds_of_members(schemes)}
    units = boundary.units.select(["entity", "kind"]).to_pylist()
    return sorted({job.boundary, *(row["entity"] for row in units if row["kind"] in kinds)} - {""})


def entries_of(
    accounts: Accounts, definitions: Definitions
) -> tuple[tuple[EmissionEntry, ...], tuple[EnergyEntry, ...]]:
    """Which rows enter which total, as for the figures; what moves between units is apart, and so is the line of what is
    sold, from which the figures take it.
    """
    views = list_views(definitions.profiles, definitions.methods)
    bases = list_bases(definitions.profiles, definitions.methods)
    own, _ = emission_entries(accounts.matches, views, definitions.knowledge, definitions.methods)
    used = energy_entries(accounts.matches, bases, definitions.knowledge.carriers)
    return own, tuple(each for each in used if each.quantity != SOLD)
