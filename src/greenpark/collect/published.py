"""Figures of a published page as observations: doubtful until a person confirms them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from greenpark.collect.collected import CellCount, Collected, no_entities, schema_of
from greenpark.collect.context import Context
from greenpark.model.findings import Finding, Place
from greenpark.model.pages import PageFigure
from greenpark.model.tables import OBSERVATIONS
from greenpark.model.time import Period

UNIDENTIFIED = "page.unidentified"
REQUIRED = ("quantity", "value", "unit", "entity", "period", "confidence", "confirmed_by", "confirmed_on", "document")
STAGE = "collect"


@dataclass(frozen=True)
class Confirmation:
    """One figure that a person has compared with the document and puts a name under."""

    line: int
    quantity: str
    value: float
    unit: str
    entity: str
    period: str
    confidence: str
    confirmed_by: str
    confirmed_on: str
    document: str


def collect_page(
    path: Path,
    figures: Sequence[PageFigure],
    doubts: Sequence[Finding],
    confirmations: Path | None,
    entity: str,
    context: Context,
) -> Collected:
    """The figures of a page as observations.

    ``doubts`` are what the reader of the page could not read for certain. Every figure enters as ``doubtful`` and
    counts in nothing. A confirmation (a CSV with the columns ``REQUIRED``) with the same value and unit adds it once
    more as ``reported``, for the entity, quantity and period that the person states; an empty period stays unstated. A
    confirmation without its figure on the page is a finding.
    """
    rows = [_doubtful(figure, path, entity, context) for figure in figures]
    findings = list(doubts)
    confirmed = 0
    for each in _read(confirmations, findings) if confirmations else ():
        row = _confirmed(each, figures, path, context, findings, confirmations)
        if row is not None:
            rows.append(row)
            confirmed += 1
    if confirmed < len(figures):
        findings.append(
            Finding(
                "note",
                STAGE,
                "unconfirmed_figures",
                "published.unconfirmed_figures",
                {"unconfirmed": len(figures) - confirmed, "figures": len(figures)},
                place=Place(path.name),
            )
        )
    numbered = [row | {"line": index} for index, row in enumerate(rows, start=1)]
    count = CellCount(len(figures), len(figures), 0, 0)
    table = pa.Table.from_pylist(numbered, schema=schema_of(OBSERVATIONS))
    return Collected(table, no_entities(), tuple(findings), (), count)


def _doubtful(figure: PageFigure, path: Path, entity: str, context: Context) -> dict[str, object]:
    period = Period.parse(figure.period) if figure.period else None
    return _row(
        entity, figure.quantity or UNIDENTIFIED, period, figure.value, context.units.find(figure.unit) or figure.unit,
        figure, path, "doubtful", "low",
    )  # fmt: skip


def _confirmed(
    each: Confirmation, figures: Sequence[PageFigure], path: Path, context: Context, findings: list[Finding],
    source: Path | None,
) -> dict[str, object] | None:  # fmt: skip
    place = Place(source.name if source else "", "", f"L{each.line}")
    unit = context.units.find(each.unit)
    same = [f for f in figures if f.value == each.value and context.units.find(f.unit) == unit and unit is not None]
    values = {"value": each.value, "unit": each.unit, "quantity": each.quantity, "page": path.name}
    if not same:
        findings.append(_refusal("confirmed_figure_missing", values, place))
        return None
    target = context.unit_of(each.quantity, "") if each.quantity in context.quantities else None
    if unit is None or target is None:
        findings.append(_refusal("confirmed_quantity_unknown", values, place))
        return None
    try:
        value = each.value * context.units.multiplier(unit, target)
    except ValueError:
        findings.append(_refusal("confirmed_unit_misfit", {**values, "expected": target}, place))
        return None
    period = Period.parse(each.period) if each.period else None
    return _row(each.entity, each.quantity, period, value, target, same[0], path, "reported", each.confidence)


def _row(
    entity: str, quantity: str, period: Period | None, value: float, unit: str, figure: PageFigure, path: Path,
    status: str, confidence: str,
) -> dict[str, object]:  # fmt: skip
    return {
        "entity": entity, "quantity": quantity, "carrier": None, "flow": None, "counterparty": None,
        "start": period.start if period else None, "end": period.end if period else None, "value": value,
        "unit": unit, "reported_value": f"{figure.value:g}", "reported_unit": figure.unit, "coverage": "unstated",
        "status": status, "notation": None, "confidence": confidence, "file": path.name, "sheet": None,
        "cell": figure.text[:80],
    }  # fmt: skip


def _read(path: Path, findings: list[Finding]) -> tuple[Confirmation, ...]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        lacking = [name for name in REQUIRED if name not in (reader.fieldnames or ())]
        if lacking:
            values = {"columns": ", ".join(lacking)}
            findings.append(_refusal("confirmation_columns_missing", values, Place(path.name)))
            return ()
        read = [_confirmation(row, line, path, findings) for line, row in enumerate(reader, start=2)]
    return tuple(each for each in read if each is not None)


def _confirmation(row: Mapping[str, str], line: int, path: Path, findings: list[Finding]) -> Confirmation | None:
    place = Place(path.name, "", f"L{line}")
    try:
        value = float(row["value"])
        date.fromisoformat(row["confirmed_on"])
        if row["period"]:
            Period.parse(row["period"])
    except ValueError as error:
        findings.append(_refusal("confirmation_unreadable", {"reason": str(error)}, place))
        return None
    if not row["confirmed_by"].strip() or row["confidence"] not in ("high", "medium", "low"):
        findings.append(_refusal("confirmation_unsigned", {"value": row["value"]}, place))
        return None
    words = {name: row[name].strip() for name in REQUIRED}
    return Confirmation(
        line, words["quantity"], value, words["unit"], words["entity"], words["period"], words["confidence"],
        words["confirmed_by"], words["confirmed_on"], words["document"],
    )  # fmt: skip


def _refusal(rule: str, values: Mapping[str, object], place: Place) -> Finding:
    return Finding("error", STAGE, rule, f"published.{rule}", dict(values), place=place)
