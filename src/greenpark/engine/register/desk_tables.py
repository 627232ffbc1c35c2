"""The tables of what is handed in, signed, reviewed and explained, beside those of the register."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from greenpark.engine.register.tables import Moment, RegisterTable

# PostgreSQL counts in BigInteger; SQLite counts by itself in a column of exactly this type.
_Counter = BigInteger().with_variant(Integer, "sqlite")


class Submission(RegisterTable):
    """Who handed a batch in and signed it; the batch itself says its form, entity, period, file and state.

    ``number`` counts the batches of one entity, form and period: two that are handed in at once as the first cannot
    both be entered.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("entity", "form", "period", "number", name="one_submission_of_a_number"),
        CheckConstraint("origin IN ('enterprise', 'park')", name="submission_origin"),
    )
    batch: Mapped[str] = mapped_column(ForeignKey("batches.id"), primary_key=True)
    entity: Mapped[str] = mapped_column(index=True)
    entity_name: Mapped[str]
    form: Mapped[str]
    period: Mapped[str]
    number: Mapped[int]
    origin: Mapped[str]
    method: Mapped[str]
    legal_basis: Mapped[str]
    filled_by: Mapped[str]
    checked_by: Mapped[str]
    responsible: Mapped[str]
    signed_on: Mapped[str] = mapped_column(String(10))
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    accepted_by: Mapped[str]
    exception: Mapped[str]
    cells: Mapped[int] = mapped_column(BigInteger)
    cells_accepted: Mapped[int] = mapped_column(BigInteger)
    cells_rejected: Mapped[int] = mapped_column(BigInteger)
    cells_absent: Mapped[int] = mapped_column(BigInteger)


class SubmissionEvent(RegisterTable):
    """One step in the life of a submission: what it became, by whom, when, and what was said."""

    __tablename__ = "submission_events"
    id: Mapped[int] = mapped_column(_Counter, primary_key=True)
    batch: Mapped[str] = mapped_column(ForeignKey("batches.id"), index=True)
    state: Mapped[str]
    by: Mapped[str] = mapped_column("by_whom")
    at: Mapped[datetime] = mapped_column("at_moment", Moment)
    note: Mapped[str]


class SubmissionComment(RegisterTable):
    """What a reviewer said at a cell when a submission was returned."""

    __tablename__ = "submission_comments"
    id: Mapped[int] = mapped_column(_Counter, primary_key=True)
    batch: Mapped[str] = mapped_column(ForeignKey("batches.id"), index=True)
    sheet: Mapped[str]
    cell: Mapped[str]
    text: Mapped[str] = mapped_column("said")
    by: Mapped[str] = mapped_column("by_whom")
    at: Mapped[datetime] = mapped_column("at_moment", Moment)


class SubmissionFinding(RegisterTable):
    """A finding with which a submission was handed in, and whether its cell was refused: no row holds that value."""

    __tablename__ = "submission_findings"
    batch: Mapped[str] = mapped_column(ForeignKey("batches.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    finding: Mapped[str]
    rejected: Mapped[bool] = mapped_column(Boolean)


class FindingExplanation(RegisterTable):
    """Why a finding is closed; the newest of a fingerprint counts."""

    __tablename__ = "explanations"
    id: Mapped[int] = mapped_column(_Counter, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    text: Mapped[str] = mapped_column("said")
    by: Mapped[str] = mapped_column("by_whom")
    at: Mapped[datetime] = mapped_column("at_moment", Moment)
    batches: Mapped[str]
