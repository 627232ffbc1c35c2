"""Rows of a factors.csv: how they are read from the reference, scaled and written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import Literal

from tools.machine import ROOT

Confidence = Literal["high", "medium", "low"]
REFERENCE = ROOT.parent / "shared" / "reference"
DATA = ROOT.parent / "shared" / "data"
PACKS = ROOT / "src" / "greenpark" / "packs"

RECALLED = "凭记忆录入，未与原文核对 / recalled, not compared with the document"
SECOND_HAND = "转录自第二手资料，需与原文核对 / second-hand, to be compared with the document"


@dataclass(frozen=True)
class FactorRow:
    """One row of a factors.csv, in the order of its columns; an empty ``value``: known to have none."""

    id: str
    item: str
    kind: str
    gas: str = ""
    value: Decimal | None = None
    unit: str = ""
    basis: str = ""
    area: str = ""
    activity: str = ""
    since: str = ""
    until: str = ""
    data_year: str = ""
    definition: str = ""
    published: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    source: str = ""
    confidence: Confidence = "low"
    note: str = ""


def read_table(path: Path) -> list[dict[str, str]]:
    """The records of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str, scale: str = "1") -> Decimal | None:
    """The number times ``scale``, exactly as its digits say; None for an empty cell."""
    text = text.replace(",", "").strip()
    return Decimal(text) * Decimal(scale) if text else None


def confidence_of(text: str) -> Confidence:
    """What the reference's words come to: only what starts with high is high; recall stays low however sure it sounds."""
    if text.startswith("high"):
        return "high"
    return "medium" if text.startswith("medium") else "low"


def joined(*notes: str) -> str:
    """Notes in one cell."""
    return "; ".join(note for note in notes if note)


def write_factors(pack: str, rows: Iterable[FactorRow]) -> None:
    """Write ``factors/<pack>/factors.csv``."""
    path = PACKS / "factors" / pack / "factors.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(as_csv(rows))


def as_csv(rows: Iterable[FactorRow]) -> str:
    """The rows as the text of a factors.csv."""
    names = [field.name for field in fields(FactorRow)]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(getattr(row, name)) for name in names] for row in rows)
    return text.getvalue()


def _cell(value: Decimal | str | None) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    digits = f"{value:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
