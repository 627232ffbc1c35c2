"""The books of the desk: what was handed in for whom, what followed what, and what happened to each batch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from greenpark.collect import CellCount
from greenpark.desk.errors import DeskError
from greenpark.engine.register import Register
from greenpark.engine.register.desk_tables import Submission, SubmissionComment, SubmissionEvent
from greenpark.engine.register.handed_in import sign_offs
from greenpark.model.submission import CellComment, SignOff


@dataclass(frozen=True)
class Event:
    """One step in the life of a batch."""

    batch: str
    state: str
    by: str
    at: datetime
    note: str


def sign_off(register: Register, batch: str) -> SignOff:
    """The sign-off of a batch.

    Raises
    ------
    DeskError
        When no batch of this id was handed in.
    """
    found = sign_offs(register, [batch])
    if not found:
        raise DeskError("desk.unknown_batch", batch=batch)
    return found[0]


def chain(register: Register, entity: str, form: str, period: str) -> tuple[SignOff, ...]:
    """What was handed in for one entity, form and period, the newest last."""
    wanted = select(Submission.batch).where(
        Submission.entity == entity, Submission.form == form, Submission.period == period
    )
    with register.reading() as session:
        batches = list(session.scalars(wanted))
    return sign_offs(register, batches)


def history(register: Register, batch: str) -> tuple[tuple[SignOff, tuple[Event, ...], tuple[CellComment, ...]], ...]:
    """Every batch of the same entity, form and period, with its steps and comments, the newest last.

    Raises
    ------
    DeskError
        When no batch of this id was handed in.
    """
    asked = sign_off(register, batch)
    signed = chain(register, asked.entity, asked.form, asked.period)
    return tuple((each, events(register, each.batch), comments(register, each.batch)) for each in signed)


def events(register: Register, batch: str) -> tuple[Event, ...]:
    """The steps of a batch, in order."""
    wanted = select(SubmissionEvent).where(SubmissionEvent.batch == batch).order_by(SubmissionEvent.id)
    with register.reading() as session:
        return tuple(Event(row.batch, row.state, row.by, row.at, row.note) for row in session.scalars(wanted))


def comments(register: Register, batch: str) -> tuple[CellComment, ...]:
    """What reviewers said at the cells of a batch, in order."""
    wanted = select(SubmissionComment).where(SubmissionComment.batch == batch).order_by(SubmissionComment.id)
    with register.reading() as session:
        return tuple(
            CellComment(sheet=row.sheet, cell=row.cell, text=row.text, by=row.by, at=row.at)
            for row in session.scalars(wanted)
        )


def cells_of(register: Register, batch: str) -> CellCount:
    """The data cells of the file of a batch, as they were counted when it was handed in."""
    with register.reading() as session:
        row = session.get_one(Submission, batch)
        return CellCount(row.cells, row.cells_accepted, row.cells_rejected, row.cells_absent)
