"""The law of submissions: which state may follow which, by whom; each step is one transaction of the register.

draft → submitted → accepted → locked, or submitted → returned. Nothing leads back, and nothing changes a number: what
is wrong is returned, and a correction is a new batch that supersedes the old one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from greenpark.desk.errors import DeskError
from greenpark.engine.register import Register
from greenpark.engine.register.desk_tables import Submission, SubmissionComment, SubmissionEvent
from greenpark.engine.register.tables import Batch
from greenpark.model.submission import CellComment, SubmissionState

NEXT: Mapping[SubmissionState, tuple[SubmissionState, ...]] = {
    "draft": ("submitted",),
    "submitted": ("returned", "accepted"),
    "returned": (),
    "accepted": ("locked",),
    "locked": (),
}
_BEFORE: Mapping[SubmissionState, SubmissionState] = {
    after: before for before, following in NEXT.items() for after in following
}


def move(
    register: Register, batch: str, to: SubmissionState, by: str, at: datetime, note: str = "",
    comments: Sequence[CellComment] = (), signed: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Bring a submission into a state, or refuse; of two who try at once one wins and the other is told.

    Parameters
    ----------
    signed
        Columns of the submission that change with it: who signed, when a draft is handed in.

    Raises
    ------
    DeskError
        When the batch was not handed in, its state does not allow it, it was corrected meanwhile, or the one who
        accepts is the one who filled it in.
    """
    if not by.strip():
        raise DeskError("desk.name_missing")
    with register.writing() as session:
        row = _submission(session, batch)
        _check_step(session, row, to, by)
        moment = {"accepted_at": at} if to == "accepted" else {}
        moving = update(Batch).where(Batch.id == batch, Batch.state == _BEFORE[to])
        moved = session.scalars(moving.values(state=to, **moment).returning(Batch.id)).one_or_none()
        if moved is None:  # somebody else was quicker, between the look and the step
            raise DeskError("desk.quicker", batch=batch, wanted=to)
        for name, value in (signed or {}).items():
            setattr(row, name, value)
        if to == "accepted":
            row.accepted_by = by
        session.add(SubmissionEvent(batch=batch, state=to, by=by, at=at, note=note))
        session.add_all(
            SubmissionComment(batch=batch, sheet=each.sheet, cell=each.cell, text=each.text, by=by, at=at)
            for each in comments
        )


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's, whatever their width, case and spaces."""
    first, second = ("".join(unicodedata.normalize("NFKC", name).casefold().split()) for name in (one, other))
    return bool(first) and first == second


def _submission(session: Session, batch: str) -> Submission:
    row = session.get(Submission, batch)
    if row is None:
        raise DeskError("desk.unknown_batch", batch=batch)
    return row


def _check_step(session: Session, row: Submission, to: SubmissionState, by: str) -> None:
    batch = session.get_one(Batch, row.batch)
    if to not in NEXT[batch.state]:  # type: ignore[index]  # the database checks that it is one of them
        raise DeskError(f"desk.not_{to}", batch=batch.id, state=batch.state)
    if to in ("accepted", "returned"):
        later = select(Batch.id).where(Batch.supersedes == batch.id, Batch.state != "draft")
        successor = session.scalars(later).one_or_none()
        if successor is not None:
            raise DeskError("desk.corrected_meanwhile", batch=batch.id, by=successor)
    if to == "accepted" and same_person(by, row.filled_by):
        raise DeskError("desk.same_person", batch=batch.id, name=by)
