"""What was handed in to the workspace and what a run must know of it: findings, refused cells, explanations, uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from greenpark.catalog import Packs
from greenpark.engine.register.handed_in import explanations, findings_of, sign_offs
from greenpark.engine.signed_rows import check_signed_rows
from greenpark.engine.store import Store
from greenpark.model.findings import Finding
from greenpark.model.forms import LegalBasis
from greenpark.model.job import Job, JobError
from greenpark.model.submission import SignOff, Use
from greenpark.model.time import Period

_SINGLE = ("unit", "plant")
_ALTOGETHER = ("nation", "group", "zone", "sub_park")


@dataclass(frozen=True)
class HandedIn:
    """What stands beside the rows of a run's batches.

    ``findings`` are the errors and warnings with which submissions were handed in; ``refused`` the entity, quantity and year of cells
    that no row holds; ``explained`` maps fingerprints of findings to the texts that close them.
    """

    findings: tuple[Finding, ...]
    refused: tuple[tuple[str, str, int], ...]
    explained: Mapping[str, str]

    @property
    def words(self) -> tuple[str, ...]:
        """What makes the run another one: the explanations, which no batch holds."""
        return tuple(word for pair in sorted(self.explained.items()) for word in pair)


def handed_in(job: Job, packs: Packs, batches: Sequence[str], store: Store, as_of: datetime | None = None) -> HandedIn:
    """What was handed in with the batches of a run, once it is sure that the job may use them.

    Raises
    ------
    JobError
        When data of a statistical survey would rate or warn a single enterprise.
    StoreError
        When stored rows are no longer those that were signed.
    """
    signed = sign_offs(store.register, batches)
    check_signed_rows(store, [each.batch for each in signed])
    check_uses(job, packs, signed, batches, store)
    periods = {each.batch: Period.parse(each.period) for each in signed}
    found: list[Finding] = _nothing(job) if not batches else []
    refused: set[tuple[str, str, int]] = set()
    for batch, finding, rejected in findings_of(store.register, periods):
        if rejected:
            years = range(periods[batch].start.year, _last_year(periods[batch]) + 1)
            refused |= {(finding.entity, finding.subject, year) for year in years}
        elif finding.severity != "note" and finding.stage != "validate":
            # Notes on the layout of a file stay with its receipt; the run checks the values itself, with all it knows.
            found.append(finding)
    told = {name: each.text for name, each in explanations(store.register, as_of).items()}
    return HandedIn(tuple(found), tuple(sorted(refused)), told)


def _nothing(job: Job) -> list[Finding]:
    """What is said where a job asks for what was accepted and nothing was, by then."""
    if all(each.kind != "accepted" for each in job.inputs):
        return []
    return [Finding("error", "collect", "nothing_accepted", "pipeline.nothing_accepted")]


def check_uses(job: Job, packs: Packs, signed: Iterable[SignOff], batches: Sequence[str], store: Store) -> None:
    """Nothing, when the legal basis of every batch permits what the job does with a single enterprise.

    A job about a park uses its data for statistics. One about a single unit rates it by ``schemes`` and warns it by
    ``targets`` and by the lights of a plan, and so does a plan line that names one: the basis of each batch must permit
    that. A submission states its basis; any other input has that of its form.
    """
    wanted: list[tuple[Use, str]] = []
    if job.schemes:
        wanted.append(("rating_of_enterprise", job.boundary))
    if job.targets or job.steering.plan:
        wanted.append(("warning_of_enterprise", job.boundary))
    named = sorted({line.entity for line in job.steering.plan} - {"", job.boundary})
    wanted += [("warning_of_enterprise", entity) for entity in named]
    if not wanted:
        return
    bases: dict[str, LegalBasis] = {each.batch: each.legal_basis for each in signed}
    for batch in batches:
        record = store.register.batch(batch)
        if batch not in bases and record is not None and record.source.form in packs.forms:
            bases[batch] = packs.forms[record.source.form].legal_basis
    for use, entity in wanted:
        limited = sorted(
            batch for batch, basis in bases.items() if basis in packs.feeds and use not in packs.feeds[basis].uses
        )
        if limited and _is_single(entity, signed, batches, store):
            title = packs.feeds[bases[limited[0]]].title
            raise JobError(
                f"pipeline.{use}", boundary=entity, batches=", ".join(limited), basis=title.zh, basis_en=title.en
            )  # fmt: skip


def _is_single(boundary: str, signed: Iterable[SignOff], batches: Sequence[str], store: Store) -> bool:
    """Whether the job is about one enterprise: registered as one, one that handed in and that nobody registered, or
    all that a park holds: what is said of the park is then said of that enterprise.
    """
    rows = store.read("entities", batches)
    own = store.engine.to_arrow(rows.filter(rows.entity == boundary).select("kind").distinct())
    kinds = set(own.column("kind").to_pylist())
    if kinds & set(_SINGLE) or _is_alone(boundary, rows, batches, store):
        return True
    return not kinds & set(_ALTOGETHER) and any(each.entity == boundary for each in signed)


def _is_alone(boundary: str, registered: Any, batches: Sequence[str], store: Store) -> bool:
    """Whether one unit alone has data, besides what is above it."""
    above = registered.filter(registered.kind.isin(list(_ALTOGETHER))).select("entity")
    rows = store.read("observations", batches)
    units = rows.filter(rows.entity != boundary).anti_join(above, "entity").select("entity").distinct()
    return bool(store.engine.to_arrow(units.limit(2)).num_rows == 1)


def _last_year(period: Period) -> int:
    return period.end.year if (period.end.month, period.end.day) > (1, 1) else period.end.year - 1
