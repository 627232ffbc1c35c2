"""Findings: whatever is wrong with data, rule or result, located and explained."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True)
class Place:
    """Where a value stands: file, sheet and cell, or file and line."""

    file: str = ""
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        return "!".join(part for part in (self.file, self.sheet, self.cell) if part)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or worth knowing.

    ``message`` is an id of ``model/messages``; ``<message>.fix`` is the sentence that says what to do.
    ``values`` fills the placeholders of both. ``rule`` names the check that found it.
    """

    severity: Severity
    stage: str
    rule: str
    message: str
    values: dict[str, object] = field(default_factory=dict)
    entity: str = ""
    subject: str = ""
    start: date | None = None
    end: date | None = None
    place: Place = Place()

    def as_row(self) -> dict[str, object]:
        """The finding as a row of the table ``findings`` (without its run and sort key)."""
        return {
            "severity": self.severity,
            "stage": self.stage,
            "rule": self.rule,
            "entity": self.entity,
            "subject": self.subject,
            "start": self.start,
            "end": self.end,
            "file": self.place.file,
            "sheet": self.place.sheet,
            "cell": self.place.cell,
            "message": self.message,
            "values": json.dumps(self.values, ensure_ascii=False, sort_keys=True, default=str),
            "state": "open",
            "reference": reference_of_fingerprint(fingerprint(self)),
            "explanation": None,
        }


REFERENCE_DIGITS = 8
# What a check of the stage validate compares a value with: it moves with every month that arrives, the value does not.
_CHECK = "validate."
_COMPARED = frozenset(("evidence", "others", "expected", "proposal", "factor", "likely_unit", "count", "units", "by"))


def fingerprint(finding: Finding) -> str:
    """The 64 hexadecimal digits that stay the same as long as the finding says the same of the same place.

    Rule, entity, subject, period, place, message and the hash of its values enter: another value is another finding.
    Of a check of reported values only what was reported enters, not the rest of the series that it is compared with nor
    the cell it stands in: an explanation stays with the value when another month arrives or the file is handed in again.
    """
    said_of, place = _own_values(finding), finding.place
    if finding.message.startswith(_CHECK) and finding.entity and finding.start:
        place = Place()
    values = json.dumps(said_of, ensure_ascii=False, sort_keys=True, default=str)
    period = ["" if day is None else day.isoformat() for day in (finding.start, finding.end)]
    said = (
        finding.rule, finding.entity or "", finding.subject or "", *period, place.file or "", place.sheet or "",
        place.cell or "", finding.message, hashlib.sha256(values.encode()).hexdigest(),
    )  # fmt: skip
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()


def _own_values(finding: Finding) -> Mapping[str, object]:
    """The values without those that a check merely compares with; a ratio of two cells of one period is its own."""
    if not finding.message.startswith(_CHECK):
        return finding.values
    compared = _COMPARED if "in_unit" in finding.values else _COMPARED | {"ratio"}
    return {name: value for name, value in finding.values.items() if name not in compared}


def reference_of_fingerprint(digits: str) -> str:
    """How a finding is named where it is to be closed, like ``Q-7f3a2c1b``."""
    return f"Q-{digits[:REFERENCE_DIGITS]}"


def close_rows(rows: Sequence[tuple[Finding, dict[str, object]]], explained: Mapping[str, str]) -> None:
    """Close the rows of findings that are explained: ``explained`` maps fingerprints to texts. Errors stay open."""
    for finding, row in rows:
        text = explained.get(fingerprint(finding))
        if text is not None and finding.severity != "error":
            row |= {"state": "closed", "explanation": text}


def finding_from_row(row: Mapping[str, Any]) -> Finding:
    """The finding that ``as_row`` wrote; its values are those that JSON can hold."""
    start, end = (date.fromisoformat(row[name]) if row[name] else None for name in ("start", "end"))
    place = Place(row["file"], row["sheet"], row["cell"])
    said = (row["severity"], row["stage"], row["rule"], row["message"], json.loads(row["values"]))
    return Finding(*said, row["entity"], row["subject"], start, end, place)
