"""Which batch a new one follows: the first of its entity, form and period, or a correction of the newest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from greenpark.desk.errors import DeskError
from greenpark.engine.register.tables import Batch
from greenpark.model.forms import LegalBasis
from greenpark.model.job import UNSAID, VINTAGES
from greenpark.model.submission import Origin, SignOff, SubmissionState

# Reasons that need nobody to say them; they are stored and shown as message ids.
REPLACED_DRAFT = "desk.replaces_draft"
REPLACED_ESTIMATE = "desk.replaces_estimate"
ESTIMATED_INSTEAD = "desk.estimated_instead"
NEWER_VINTAGE = "desk.newer_vintage"


@dataclass(frozen=True)
class Successor:
    """The place of a batch among those of its entity, form and period.

    ``same`` is the batch that the very file made before; ``state`` is that of the batch it supersedes, as it was seen.
    """

    number: int
    batch: str | None = None
    reason: str = ""
    state: SubmissionState | None = None
    same: SignOff | None = None


def succeed(
    before: Sequence[SignOff],
    sha256: str,
    corrects: str,
    reason: str,
    origin: Origin,
    although_locked: bool,
    vintage: str = "",
    basis: LegalBasis | None = None,
) -> Successor:
    """The place of a file after what was handed in before (the newest last).

    A newer vintage (an annual return after a flash) corrects nothing: it needs no reason and opens no lock. The same
    file under another legal basis or vintage is another batch: neither of them is ever passed over.

    Raises
    ------
    DeskError
        When a correction is not said to be one, corrects something else than the newest batch, has no reason, or
        when a park would estimate what the enterprise has reported.
    """
    if corrects and corrects not in {each.batch for each in before}:
        raise DeskError("desk.corrects_other", batch=corrects)
    if not before:
        return Successor(1)
    newest = before[-1]
    if _is_same(newest, sha256, origin, vintage, basis) and corrects in ("", newest.supersedes):
        return Successor(newest.number, same=newest)
    if corrects and corrects != newest.batch:
        raise DeskError("desk.corrects_superseded", batch=corrects, by=newest.batch)
    if reason_of_itself := _needs_no_reason(newest, origin, vintage):
        return Successor(newest.number + 1, newest.batch, reason or reason_of_itself, newest.state)
    if origin == "park" and newest.origin == "enterprise":
        raise DeskError("desk.enterprise_reported", batch=newest.batch, state=newest.state)
    if not corrects:
        raise DeskError("desk.handed_in_already", batch=newest.batch, state=newest.state)
    if not reason.strip():
        raise DeskError("desk.reason_missing", batch=newest.batch)
    if newest.state == "locked" and not although_locked:
        raise DeskError("desk.locked", batch=newest.batch)
    return Successor(newest.number + 1, newest.batch, reason, newest.state)


def check_predecessor(session: Session, follows: Successor) -> None:
    """Nothing, while the batch that is superseded still is as it was seen.

    Raises
    ------
    DeskError
        When somebody returned, accepted or locked it meanwhile.
    """
    row = session.get(Batch, follows.batch)
    if row is not None and row.state != follows.state:
        raise DeskError("desk.changed_meanwhile", batch=row.id, state=row.state)


def _is_same(newest: SignOff, sha256: str, origin: Origin, vintage: str, basis: LegalBasis | None) -> bool:
    """Whether the newest batch is this very file, handed in as the same; what is not said contradicts nothing."""
    of_same_vintage = not vintage or _rank(vintage) == _rank(newest.vintage)
    of_same_basis = basis is None or basis == newest.legal_basis
    is_same_file = newest.file_sha256 == sha256 and newest.origin == origin and newest.state != "returned"
    return is_same_file and of_same_vintage and of_same_basis


def _needs_no_reason(newest: SignOff, origin: Origin, vintage: str) -> str:
    """Why the newest batch may be replaced without saying so; empty when it may not."""
    if newest.origin == "park" and origin == "enterprise":
        return REPLACED_ESTIMATE
    if newest.origin == "enterprise" and origin == "park":
        return ESTIMATED_INSTEAD if newest.state in ("draft", "returned") else ""
    if newest.state == "draft":
        return REPLACED_DRAFT
    return NEWER_VINTAGE if origin == "enterprise" and _rank(vintage) > _rank(newest.vintage) else ""


def _rank(vintage: str) -> int:
    return [*VINTAGES].index(vintage or UNSAID)  # type: ignore[arg-type]  # one of them, as the form of a batch checks
