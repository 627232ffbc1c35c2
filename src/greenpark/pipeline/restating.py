"""Restatement on demand: a run once more on the same data with other definitions; the old run stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa

from greenpark.catalog import Packs, load_packs
from greenpark.engine.store import RunRecord, Store
from greenpark.model.job import JobError
from greenpark.model.knowledge import Factor, FactorSet
from greenpark.model.text import Language
from greenpark.pipeline.compute import compute
from greenpark.pipeline.outputs import Published, publish
from greenpark.pipeline.particulars import Particulars, read_particulars
from greenpark.pipeline.recalling import kept_packs
from greenpark.pipeline.terms import Terms

NEWER = "newer"
PROFILE, GWP, PACKS, FACTORS_YEAR, MEMBERS_OF = "profile", "gwp", "packs", "factors_year", "boundary_as_of"
Told = Callable[[str, str], None]


@dataclass(frozen=True)
class Otherwise:
    """What is to be counted otherwise; what is empty stays as the old run had it.

    ``packs``: folders whose packs take the place of the kept ones, or ``newer`` for those that greenpark comes with
    now. ``factors_year``: every dated factor as a run of that year would take it. ``members_of``: the firm list of
    that day, at all times.
    """

    profile: str = ""
    gwp: str = ""
    packs: tuple[str, ...] = ()
    factors_year: int | None = None
    members_of: date | None = None

    @property
    def words(self) -> dict[str, str]:
        """What is changed, in words."""
        said = {
            PROFILE: self.profile,
            GWP: self.gwp,
            PACKS: ", ".join(self.packs),
            FACTORS_YEAR: "" if self.factors_year is None else str(self.factors_year),
            MEMBERS_OF: "" if self.members_of is None else self.members_of.isoformat(),
        }
        return {name: text for name, text in said.items() if text}


@dataclass(frozen=True)
class Restated:
    """The new run with its reports, the run that it restates, the changed values and how many stayed.

    ``of``: the run that the restated one itself restates; empty where it is a plain run of its job.
    """

    published: Published
    old: RunRecord
    new: RunRecord
    rows: pa.Table
    unchanged: int
    of: str = ""


def restate(
    record: RunRecord, otherwise: Otherwise, store: Store, output: Path, language: Language, told: Told
) -> Restated:
    """Count a closed run once more, otherwise; its own batches, job and findings of reading stay what they were.

    Raises
    ------
    JobError
        When nothing is changed, a profile or GWP set is unknown, or the run kept no particulars of itself.
    PackError
        When the packs that are to be used are wrong.
    """
    if not otherwise.words:
        raise JobError("pipeline.nothing_changed")
    kept = particulars_of(record, store)
    changes = {**kept.terms.changes, **otherwise.words}
    packs = changed_packs(_packs(record, otherwise.packs, store), changes)
    job = kept.job.model_copy(update={"profile": otherwise.profile}) if otherwise.profile else kept.job
    if job.profile and job.profile not in packs.profiles:
        known = ", ".join(sorted(packs.profiles))
        raise JobError("pipeline.unknown_id", sort=PROFILE, name=job.profile, known=known)
    members = otherwise.members_of or kept.terms.members_of
    terms = Terms(record.job_hash, None, members, record.id, changes)
    told("pipeline.restating", record.id)
    if otherwise.factors_year is not None and (later := later_sets(packs, otherwise.factors_year)):
        told("pipeline.factors_later", ", ".join(later))
    new = compute(None, job, packs, kept.gathered, kept.batches, store, told, terms)
    published = publish(job, packs, kept.gathered, new, store, output, language)
    rows = store.engine.to_arrow(store.run_table(new.id, "restatement").order_by("sort_key"))
    return Restated(published, record, new, rows, _unchanged(new, rows, store), kept.terms.restates)


def republish(record: RunRecord, store: Store, output: Path, language: Language) -> Published:
    """The reports of a closed run once more, from what the workspace keeps of it: the same bytes by the same code.

    Raises
    ------
    JobError
        When the run kept no particulars of itself.
    """
    kept = particulars_of(record, store)
    packs = changed_packs(kept_packs(store, record), kept.terms.changes)
    return publish(kept.job, packs, kept.gathered, record, store, output, language)


def particulars_of(record: RunRecord, store: Store) -> Particulars:
    """What a run kept of itself.

    Raises
    ------
    JobError
        When it was made before runs kept anything.
    """
    kept = read_particulars(store, record)
    if kept is None:
        raise JobError("pipeline.run_without_particulars", run=record.id)
    return kept


def changed_packs(packs: Packs, changes: Mapping[str, str]) -> Packs:
    """The packs with another GWP set, or with every dated factor as of one year, as the words of the changes say."""
    if changes.get(GWP):
        packs = _with_gwp(packs, changes[GWP])
    if changes.get(FACTORS_YEAR):
        packs = replace(packs, factor_sets=_of_year(packs.factor_sets, int(changes[FACTORS_YEAR])))
    return packs


def _packs(record: RunRecord, folders: Sequence[str], store: Store) -> Packs:
    if not folders:
        return kept_packs(store, record)
    kept = [store.kept_pack(use.hash) for _, use in sorted(record.packs.items())]
    if NEWER not in folders:
        return load_packs([*kept, *map(Path, folders)], built_in=False)
    present = load_packs([Path(each) for each in folders if each != NEWER])
    # What greenpark never came with (a user's own pack) stays as the run kept it.
    own = [store.kept_pack(use.hash) for name, use in sorted(record.packs.items()) if name not in present.hashes]
    return load_packs([*own, *(Path(each) for each in folders if each != NEWER)])


def _with_gwp(packs: Packs, name: str) -> Packs:
    known = {
        each.definition for sets in packs.factor_sets.values() for each in sets.factors if each.kind == GWP
    }  # fmt: skip
    if name not in known:
        raise JobError("pipeline.unknown_gwp", name=name, known=", ".join(sorted(known)))
    profiles = {key: each.model_copy(update={"gwp_set": name}) for key, each in packs.profiles.items()}
    methods = {
        key: each.model_copy(update={"gwp_set": name}) if each.gwp_set else each for key, each in packs.methods.items()
    }
    return replace(packs, profiles=profiles, methods=methods)


def _of_year(sets: Mapping[str, FactorSet], year: int) -> dict[str, FactorSet]:
    """The sets with one vintage of each dated factor: that of the year, else the newest before it.

    A factor that is only known for later years stays as it is.
    """
    years = [factor.data_year for each in sets.values() for factor in each.factors if factor.data_year is not None]
    if not any(each <= year for each in years):
        raise JobError("pipeline.no_factors_of_year", year=year)
    return {name: each.model_copy(update={"factors": _newest(each.factors, year)}) for name, each in sets.items()}


def later_sets(packs: Packs, year: int) -> tuple[str, ...]:
    """The sets whose dated factors are all of later years: a restatement to that year leaves them as they are."""
    found = []
    for name, each in sorted(packs.factor_sets.items()):
        dated = [factor.data_year for factor in each.factors if factor.data_year is not None]
        if dated and min(dated) > year:
            found.append(f"{name} ({min(dated)}–)")
    return tuple(found)


def _newest(factors: Sequence[Factor], year: int) -> tuple[Factor, ...]:
    def same(factor: Factor) -> tuple[str, ...]:
        each = factor
        return (each.item, each.kind, each.gas, each.basis, each.area, each.activity, each.definition)

    newest: dict[tuple[str, ...], int] = {}
    for each in factors:
        if each.data_year is not None and each.data_year <= year:
            newest[same(each)] = max(each.data_year, newest.get(same(each), each.data_year))
    return tuple(
        each
        for each in factors
        if each.data_year is None or same(each) not in newest or each.data_year == newest[same(each)]
    )


def _unchanged(record: RunRecord, rows: pa.Table, store: Store) -> int:
    """How many figures, indicators and verdicts of the new run are what they were."""
    count = 0
    for name in ("figures", "indicators", "scores"):
        table = store.run_table(record.id, name)
        count += int(store.engine.to_arrow(table.aggregate(n=table.count())).column("n")[0].as_py())
    gone = sum(row["state_new"] is None for row in rows.select(["state_new"]).to_pylist())
    changed: int = rows.num_rows - gone
    return count - changed


def find_run(named: str, store: Store) -> RunRecord | None:
    """The closed run of an id (or the beginning of one), else the newest run of the job of that name."""
    return _run_of_id(named, store) or store.latest_run(named)


def find_base(named: str, store: Store) -> RunRecord | None:
    """The run to restate: the closed run of an id, else the newest of the job of that name that is no restatement."""
    return _run_of_id(named, store) or next(
        (each for each in store.register.runs_of(named) if not _restates(each, store)), None
    )


def _run_of_id(named: str, store: Store) -> RunRecord | None:
    runs = [each for each in store.register.closed_runs() if each.id.startswith(named)]
    return runs[0] if len(runs) == 1 else None


def _restates(record: RunRecord, store: Store) -> bool:
    kept = read_particulars(store, record)
    return kept is not None and bool(kept.terms.restates)
