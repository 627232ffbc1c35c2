"""Findings: whatever is wrong with data, rule or result, located and explained."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

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
        }
