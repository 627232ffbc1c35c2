"""Handing in: a filled file becomes an immutable batch with its signatures, or it is refused and nothing changes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy.exc import IntegrityError

from greenpark.catalog import Packs
from greenpark.collect import Collected, Context, Signatures, collect_form, read_signatures
from greenpark.desk.books import chain, sign_off
from greenpark.desk.differences import Change, difference
from greenpark.desk.errors import DeskError
from greenpark.desk.fitting import fitting_findings
from greenpark.desk.law import move, same_person
from greenpark.desk.succession import REPLACED_DRAFT, Successor, check_predecessor, succeed
from greenpark.engine.originals import keep_original
from greenpark.engine.provenance import hash_file
from greenpark.engine.register import BatchRecord, BatchSource, FileRecord, enter_batch
from greenpark.engine.register.desk_tables import Submission, SubmissionEvent, SubmissionFinding
from greenpark.engine.register.records import utc_now
from greenpark.engine.store import Store
from greenpark.engine.units import Units
from greenpark.model.findings import Finding
from greenpark.model.forms import Form, LegalBasis
from greenpark.model.submission import Origin, SignOff
from greenpark.model.time import Period

__all__ = ["REPLACED_DRAFT", "Handover", "Read", "Receipt", "hand_in", "read_handover"]

_MEASURED = ("reported", "corrected")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Handover:
    """What somebody wants to hand in, as said on the command line.

    Names and date left empty are taken from the cover of the form. ``corrects`` is the batch that this one replaces,
    with its ``reason``; ``exception`` says why it is handed in although errors stand in it; ``vintage`` is flash,
    annual, final or census (empty: nobody said).
    """

    file: Path
    form: Form
    entity: str
    period: str
    filled_by: str = ""
    checked_by: str = ""
    responsible: str = ""
    signed_on: date | None = None
    basis: LegalBasis | None = None
    sheet: str = ""
    draft: bool = False
    corrects: str = ""
    reason: str = ""
    although_locked: bool = False
    exception: str = ""
    origin: Origin = "enterprise"
    method: str = ""
    vintage: str = ""


@dataclass(frozen=True)
class Read:
    """A file as it was read for handing in: its rows, every finding, and the names that stand under it."""

    handover: Handover
    sha256: str
    period: Period
    collected: Collected
    findings: tuple[Finding, ...]
    entity_name: str
    signed_on: date | None

    @property
    def errors(self) -> int:
        """How many errors stand in it."""
        return sum(finding.severity == "error" for finding in self.findings)


@dataclass(frozen=True)
class Receipt:
    """The 回执: what was handed in, what it says otherwise than the batch before, and whether it was known already."""

    sign_off: SignOff
    read: Read
    changes: tuple[Change, ...]
    known: bool


def read_handover(handover: Handover, packs: Packs, store: Store) -> Read:
    """The file, read and compared with what it is handed in as; nothing is stored.

    Raises
    ------
    DeskError
        When the period cannot be read, or a name that must sign is missing.
    """
    try:
        period = Period.parse(handover.period)
    except ValueError:
        raise DeskError("desk.bad_period", period=handover.period) from None
    before = hash_file(handover.file)
    earlier = chain(store.register, handover.entity, handover.form.head.id, str(period))
    known = _known_entities(store, earlier)
    years = tuple(range(period.start.year, period.end.year + (period.end.month > 1 or period.end.day > 1)))
    context = Context(Units(packs.units.values()), packs.quantities, packs.carriers, packs.areas, known, years)
    collected = collect_form(handover.file, handover.form, handover.sheet, context)
    cover = read_signatures(handover.file, handover.form)
    signed = _check_names(_with_cover(handover, cover))
    findings = (
        *collected.findings,
        *cover.findings,
        *fitting_findings(signed.entity, period, collected, cover, known, signed.form),
        *_signing_findings(signed, period),
    )
    if signed.origin == "park":
        collected = replace(collected, observations=_as_estimates(collected.observations))
    name = _name_of(signed.entity, collected.entities, known) or cover.entity_name or _name_before(earlier)
    return Read(signed, before, period, collected, findings, name or signed.entity, signed.signed_on)


def hand_in(read: Read, store: Store, today: date) -> Receipt:
    """Store the batch with its original file and its signatures, all or nothing; the same file again is the same batch.

    Parameters
    ----------
    today
        The day that is signed where neither the command nor the cover names one.

    Raises
    ------
    DeskError
        When errors stand in it without an exception, or the law of submissions does not allow it.
    """
    given = read.handover
    if read.errors and not given.exception and not given.draft:
        raise DeskError("desk.errors_stand", errors=read.errors)
    if given.origin == "park" and not given.method.strip():
        raise DeskError("desk.method_missing")
    period = str(read.period)
    before = chain(store.register, given.entity, given.form.head.id, period)
    follows = succeed(
        before, read.sha256, given.corrects, given.reason, given.origin, given.although_locked, given.vintage,
        given.basis,
    )  # fmt: skip
    signed_on = read.signed_on or today
    if follows.same is not None:
        return _again(read, store, follows.same, signed_on)
    keep_original(store.workspace, given.file, read.sha256)
    source = BatchSource(
        given.file.name,
        read.sha256,
        given.form.head.id,
        given.form.head.version,
        given.entity,
        period,
        given.origin,
        given.vintage,
    )
    entry = _Entry(read, store, follows, signed_on, utc_now())
    batch = store.append(
        read.collected.observations, read.collected.entities, source, follows.batch, follows.reason, "submission",
        "draft" if given.draft else "submitted", entry.enter,
    )  # fmt: skip
    changes = difference(store, follows.batch, batch) if follows.batch else ()
    return Receipt(sign_off(store.register, batch), read, changes, not entry.entered)


def _again(read: Read, store: Store, known: SignOff, signed_on: date) -> Receipt:
    """The batch of a file that was handed in before; a draft becomes submitted when it is now signed."""
    given = read.handover
    if known.state == "draft" and not given.draft:
        moment = utc_now()
        signed = {
            "filled_by": given.filled_by, "checked_by": given.checked_by, "responsible": given.responsible,
            "signed_on": signed_on.isoformat(), "submitted_at": moment, "exception": given.exception,
        }  # fmt: skip
        move(store.register, known.batch, "submitted", given.filled_by, moment, given.exception, signed=signed)
        return Receipt(sign_off(store.register, known.batch), read, (), known=False)
    return Receipt(known, read, (), known=True)


@dataclass
class _Entry:
    """Lists a batch together with who signed it and the findings it came with, in one transaction."""

    read: Read
    store: Store
    follows: Successor
    signed_on: date
    moment: datetime
    entered: bool = False

    def enter(self, record: BatchRecord, files: Sequence[FileRecord]) -> bool:
        """False when the batch is known; refuses when somebody handed in for the same meanwhile."""
        register = self.store.register
        try:
            with register.writing() as session:
                if record.supersedes:
                    check_predecessor(session, self.follows)
                if not enter_batch(session, record, files):
                    return False
                session.add(self._submission(record))
                session.add(
                    SubmissionEvent(
                        batch=record.id, state=record.state, by=self.read.handover.filled_by, at=self.moment,
                        note=self.read.handover.exception or record.reason,
                    )
                )  # fmt: skip
                session.flush()
                session.add_all(self._findings(record.id))
        except IntegrityError as error:
            if register.batch(record.id) is not None:  # the same file, handed in twice at the same moment
                return False
            raise DeskError("desk.handed_in_meanwhile", entity=record.source.entity) from error
        self.entered = True
        return True

    def _submission(self, record: BatchRecord) -> Submission:
        given, cells = self.read.handover, self.read.collected.cells
        return Submission(
            batch=record.id, entity=given.entity, entity_name=self.read.entity_name, form=given.form.head.id,
            period=record.source.period, number=self.follows.number, origin=given.origin, method=given.method,
            legal_basis=given.basis or given.form.legal_basis, filled_by=given.filled_by,
            checked_by=given.checked_by, responsible=given.responsible, signed_on=self.signed_on.isoformat(),
            submitted_at=None if given.draft else self.moment, accepted_by="", exception=given.exception,
            cells=cells.non_empty, cells_accepted=cells.accepted, cells_rejected=cells.rejected,
            cells_absent=cells.declared_absent,
        )  # fmt: skip

    def _findings(self, batch: str) -> list[SubmissionFinding]:
        """Every finding, and one at the place of each refused cell, so that nobody takes its absence for zero."""
        kept = [(finding, False) for finding in self.read.findings]
        kept += [(replace(cell.finding, place=cell.place), True) for cell in self.read.collected.rejected]
        return [
            SubmissionFinding(
                batch=batch, number=number, rejected=rejected,
                finding=json.dumps(finding.as_row(), ensure_ascii=False, sort_keys=True, default=str),
            )
            for number, (finding, rejected) in enumerate(kept, start=1)
        ]  # fmt: skip


def _with_cover(given: Handover, cover: Signatures) -> Handover:
    """What was said, completed by what stands on the cover; a park's estimate is never signed by the cover's names."""
    if given.origin == "park":
        return given
    return replace(
        given, filled_by=given.filled_by or cover.filled_by, checked_by=given.checked_by or cover.checked_by,
        responsible=given.responsible or cover.responsible, signed_on=given.signed_on or cover.signed_on,
    )  # fmt: skip


def _check_names(given: Handover) -> Handover:
    needed = ["filled_by"] if given.draft or given.origin == "park" else ["filled_by", "checked_by", "responsible"]
    missing = [name for name in needed if not getattr(given, name).strip()]
    if missing:
        raise DeskError("desk.names_missing", names=", ".join(f"--{name.replace('_', '-')}" for name in missing))
    return given


def _signing_findings(given: Handover, period: Period) -> Iterator[Finding]:
    """Signatures that cannot be what they say: of a day to come or before the period's end, or of one person alone."""
    if given.origin == "park":
        return
    day, last = given.signed_on, period.end - _DAY
    if day is not None and day > utc_now().date() + _DAY:  # wherever on earth it is signed
        yield Finding("warning", "desk", "signed_later", "desk.signed_later", {"day": day}, given.entity)
    elif day is not None and day < last:
        values: dict[str, object] = {"day": day, "last": last}
        yield Finding("warning", "desk", "signed_before_end", "desk.signed_before_end", values, given.entity)
    if same_person(given.filled_by, given.checked_by):
        values = {"name": given.filled_by}
        yield Finding("warning", "desk", "checked_by_oneself", "desk.checked_by_oneself", values, given.entity)


def _known_entities(store: Store, earlier: Sequence[SignOff]) -> pa.Table | None:
    """The units that accepted batches registered; those of a simulated nation are nobody's.

    What was handed in ``earlier`` for the same entity, form and period is superseded by the file that is read: what it
    registered counts no longer once that is accepted, and must not contradict a corrected name or code.
    """
    replaced = {each.batch for each in earlier}
    batches = [batch for batch in store.accepted() if batch.kind != "simulation" and batch.id not in replaced]
    if not batches:
        return None
    rows = store.read("entities", batches)
    return store.engine.to_arrow(rows.select("entity", "name", "parent").distinct().order_by(["entity", "name"]))


def _as_estimates(observations: pa.Table) -> pa.Table:
    """The rows as the park's own: what an enterprise would have reported is estimated; doubtful rows stay doubtful."""
    status = observations.column("status")
    marked = pc.if_else(pc.is_in(status, pa.array(_MEASURED)), "estimated", status)
    return observations.set_column(observations.column_names.index("status"), "status", marked)


def _name_before(earlier: Sequence[SignOff]) -> str:
    """The name under which the newest earlier file was handed in."""
    return earlier[-1].entity_name if earlier else ""


def _name_of(entity: str, *tables: pa.Table | None) -> str:
    for table in tables:
        for row in table.to_pylist() if table is not None else ():
            if row["entity"] == entity and row["name"] != entity:
                return str(row["name"])
    return ""
