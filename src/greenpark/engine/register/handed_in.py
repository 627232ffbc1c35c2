"""What was handed in, read for whoever needs it: sign-offs, findings with which it came, explanations of findings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from greenpark.engine.register import Register
from greenpark.engine.register.desk_tables import FindingExplanation, Submission, SubmissionFinding
from greenpark.engine.register.tables import Batch
from greenpark.model.findings import Finding, finding_from_row
from greenpark.model.submission import Explanation, SignOff

_AT_ONCE = 5000  # values in one IN list; the databases have a limit


def sign_offs(register: Register, batches: Iterable[str] | None = None) -> tuple[SignOff, ...]:
    """The sign-offs of these batches (None: of all), by entity, form, period and number; others were not handed in."""
    found: list[SignOff] = []
    with register.reading() as session:
        signed = select(Batch, Submission).join(Submission, Submission.batch == Batch.id)
        wanted = (
            [signed] if batches is None else [signed.where(Batch.id.in_(part)) for part in _split(sorted(set(batches)))]
        )
        for query in wanted:
            found += [_sign_off(batch, row) for batch, row in session.execute(query)]
    return tuple(sorted(found, key=lambda each: (each.entity, each.form, each.period, each.number, each.batch)))


def findings_of(register: Register, batches: Iterable[str]) -> tuple[tuple[str, Finding, bool], ...]:
    """The findings with which these batches were handed in: batch, finding, and whether its cell was refused."""
    found: list[tuple[str, int, Finding, bool]] = []
    with register.reading() as session:
        for part in _split(sorted(set(batches))):
            rows = session.scalars(select(SubmissionFinding).where(SubmissionFinding.batch.in_(part)))
            found += [
                (row.batch, row.number, finding_from_row(json.loads(row.finding)), bool(row.rejected)) for row in rows
            ]
    ordered = sorted(found, key=lambda each: each[:2])
    return tuple((batch, finding, rejected) for batch, _, finding, rejected in ordered)


def explanations(register: Register, as_of: datetime | None = None) -> dict[str, Explanation]:
    """The explanation that counts of each fingerprint, as of a moment (None: now)."""
    query = select(FindingExplanation).order_by(FindingExplanation.id)
    if as_of is not None:
        query = query.where(FindingExplanation.at <= as_of)
    with register.reading() as session:
        return {row.fingerprint: _explanation(row) for row in session.scalars(query)}


def _explanation(row: FindingExplanation) -> Explanation:
    batches = tuple(json.loads(row.batches))
    return Explanation(fingerprint=row.fingerprint, text=row.text, by=row.by, at=row.at, batches=batches)


def _sign_off(batch: Batch, row: Submission) -> SignOff:
    told: dict[str, Any] = {
        "batch": batch.id, "entity": batch.entity, "entity_name": row.entity_name, "form": batch.form,
        "form_version": batch.form_version, "period": batch.period, "file": batch.file,
        "file_sha256": batch.file_sha256, "filled_by": row.filled_by, "checked_by": row.checked_by,
        "responsible": row.responsible, "signed_on": date.fromisoformat(row.signed_on), "state": batch.state,
        "accepted_on": batch.accepted_at, "accepted_by": row.accepted_by, "legal_basis": row.legal_basis,
        "reason": batch.reason, "supersedes": batch.supersedes, "origin": row.origin, "method": row.method,
        "exception": row.exception, "number": row.number, "rows": batch.rows, "submitted_on": row.submitted_at,
        "vintage": batch.vintage,
    }  # fmt: skip
    return SignOff(**told)


def _split(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(values), _AT_ONCE):
        yield values[first : first + _AT_ONCE]
