"""Whether a file is about what it is handed in as: the entity and the period of every row and of the cover."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from greenpark.collect import Collected, Signatures
from greenpark.collect.periods import read_period
from greenpark.model.findings import Finding, Place, Severity
from greenpark.model.forms import Form
from greenpark.model.time import Period

_NAMED = 20  # rows of one kind that are named


def fitting_findings(
    entity: str, period: Period, collected: Collected, cover: Signatures, known: pa.Table | None, form: Form
) -> tuple[Finding, ...]:
    """A finding for each row of another entity or period, for a cover that names another, and for a file of nothing.

    A form that is no longer valid when the period begins is an error for a statistical survey, else a warning.
    """
    rows = collected.observations
    if not rows.num_rows and not collected.entities.num_rows:
        return (Finding("error", "desk", "nothing_in_it", "desk.nothing_in_it", {"entity": entity}, entity),)
    below = _below(entity, collected.entities, known)
    others = rows.filter(pc.invert(pc.is_in(rows.column("entity"), pa.array(sorted(below), pa.string()))))
    late = pc.greater(rows.column("end"), pa.scalar(period.end, pa.date32()))
    early = pc.less(rows.column("start"), pa.scalar(period.start, pa.date32()))
    outside = rows.filter(pc.fill_null(pc.or_kleene(early, late), False))
    return (
        *_of_rows(others, "desk.other_entity", entity, str(period)),
        *_of_rows(outside, "desk.other_period", entity, str(period)),
        *_of_register(entity, collected.entities, below),
        *_of_cover(entity, period, cover),
        *_of_form(entity, period, form),
    )


def _below(entity: str, entities: pa.Table, known: pa.Table | None) -> set[str]:
    """The entity and everything that the file or the workspace registers below it."""
    parents: list[tuple[str, str | None]] = []
    for table in (entities, known):
        if table is not None:
            columns = (table.column(name).to_pylist() for name in ("entity", "parent"))
            parents += list(zip(*columns, strict=True))
    below, grown = {entity}, True
    while grown:
        more = {child for child, parent in parents if parent in below} - below
        below |= more
        grown = bool(more)
    return below


def _of_rows(rows: pa.Table, message: str, entity: str, period: str) -> Iterator[Finding]:
    for row in rows.slice(0, _NAMED).to_pylist():
        found = str(Period(row["start"], row["end"])) if row["start"] and row["end"] else ""
        values: dict[str, object] = {
            "entity": entity, "period": period, "found": row["entity"], "found_period": found, "rows": rows.num_rows,
        }  # fmt: skip
        place = Place(row["file"] or "", row["sheet"] or "", row["cell"] or "")
        about = (row["entity"], row["quantity"], row["start"], row["end"])
        yield Finding("error", "desk", message.removeprefix("desk."), message, values, *about, place)


def _of_register(entity: str, entities: pa.Table, below: set[str]) -> Iterator[Finding]:
    """Units of others in the register: once accepted, what stands there replaces what they registered themselves."""
    others = [row for row in entities.to_pylist() if row["kind"] == "unit" and row["entity"] not in below]
    for row in others[:_NAMED]:
        values: dict[str, object] = {"entity": entity, "found": row["entity"], "name": row["name"]}
        place = Place(row["file"] or "", row["sheet"] or "", row["cell"] or "")
        yield Finding("warning", "desk", "registers_another", "desk.registers_another", values, entity, place=place)


def _of_form(entity: str, period: Period, form: Form) -> Iterator[Finding]:
    if form.valid_until is not None and period.start > form.valid_until:
        values: dict[str, object] = {"form": form.version, "until": str(form.valid_until), "period": str(period)}
        severity: Severity = "error" if form.legal_basis == "statistical_survey" else "warning"
        yield Finding(severity, "desk", "form_expired", "desk.form_expired", values, entity)


def _of_cover(entity: str, period: Period, cover: Signatures) -> Iterator[Finding]:
    """The cover may leave entity and period empty, but not name others."""
    if cover.entity and cover.entity != entity:
        values: dict[str, object] = {"entity": entity, "found": cover.entity}
        yield Finding("error", "desk", "cover_entity", "desk.cover_entity", values, entity)
    if not cover.period:
        return
    if read_period(cover.period).period != period:
        values = {"period": str(period), "found": cover.period}
        yield Finding("warning", "desk", "cover_period", "desk.cover_period", values, entity)
