"""Every row has a status; each status that is not good becomes a finding."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pyarrow as pa

from greenpark.account.activity import COUNTED
from greenpark.engine.connect import Engine
from greenpark.model.findings import SEVERITIES, Finding, Place, close_rows
from greenpark.model.job import Job
from greenpark.model.tables import FINDINGS
from greenpark.model.time import Period

NAMED_ROWS = 500
_STAGES = ("collect", "validate", "account", "measure", "monitor", "evaluate")


def notices_of_rows(energy: Any, emissions: Any, observations: Any, engine: Engine) -> tuple[Finding, ...]:
    """A finding for each entity and carrier that a method could not count, with the place of its first row."""
    findings: list[Finding] = []
    for table, subject in ((energy, "energy"), (emissions, "emissions")):
        bad = table.filter(table.status != "ok")
        grouped = bad.group_by(["entity", "carrier", "method", "status"]).aggregate(
            rows=bad.count(), first=bad.line.min(), batch=bad.batch.min()
        )
        places = observations.select("batch", "line", "file", "sheet", "cell")
        placed = grouped.left_join(places, [grouped.batch == places.batch, grouped["first"] == places.line])
        ordered = placed.order_by(["status", "carrier", "entity", "method"]).limit(NAMED_ROWS + 1)
        found = engine.to_arrow(ordered).to_pylist()
        findings += [_row_notice(row, subject) for row in found[:NAMED_ROWS]]
        if len(found) > NAMED_ROWS:
            findings.append(Finding("error", "account", "status", "account.more_rows", {"named": NAMED_ROWS}))
    return tuple(findings)


def notices_of_repeats(observations: Any, engine: Engine) -> tuple[Finding, ...]:
    """A finding when the same values stand in two batches: they were added up."""
    keys = ["entity", "quantity", "carrier", "flow", "counterparty", "start", "end", "value"]
    counted = observations.filter(observations.status.isin(COUNTED))
    groups = counted.group_by(keys).aggregate(batches=counted.batch.nunique(), file=counted.file.min())
    repeated = groups.filter((groups.batches > 1) & (groups.value != 0))
    told = engine.to_arrow(repeated.aggregate(rows=repeated.count(), first=repeated.file.min())).to_pylist()[0]
    if not told["rows"]:
        return ()
    values: dict[str, object] = {"rows": told["rows"], "first": told["first"]}
    place = Place(told["first"] or "")
    return (Finding("error", "collect", "repeated_rows", "pipeline.rows_in_two_inputs", values, place=place),)


def notices_of_boundary(job: Job, entities: pa.Table, known: Collection[str]) -> tuple[Finding, ...]:
    """A finding when the job is about something that nobody registered: its figures would be nobody's."""
    names = {*entities.column("entity").to_pylist(), *entities.column("parent").to_pylist()}
    if not job.boundary or job.boundary_title or job.boundary in names or job.boundary in known:
        return ()
    values: dict[str, object] = {"boundary": job.boundary}
    return (Finding("error", "collect", "boundary", "pipeline.boundary_unknown", values, job.boundary),)


def notices_of_unjudged(
    job: Job, subjects: Collection[str], figures: Any, zones: Collection[str], engine: Engine
) -> tuple[Finding, ...]:
    """A finding when schemes are asked for and a zone with figures, or everybody, lies outside what is judged."""
    if not job.schemes:
        return ()
    found = figures.filter(figures.value.notnull()).select("entity").distinct()
    entities = set(engine.to_arrow(found).column("entity").to_pylist())
    left = sorted((entities & set(zones)) - set(subjects))
    if not left and subjects:
        return ()
    values: dict[str, object] = {"count": len(left), "zones": ", ".join(left[:5])}
    if not subjects:
        return (Finding("error", "evaluate", "boundary", "pipeline.nobody_judged", values),)
    return (Finding("warning", "evaluate", "boundary", "pipeline.zones_not_judged", values),)


def notices_of_indicators(indicators: pa.Table) -> tuple[Finding, ...]:
    """A finding for each indicator whose inputs differ in coverage; what cannot be evaluated the scores say."""
    return tuple(
        Finding(
            "warning", "measure", "coverage_differs", "measure.coverage_differs",
            {
                "indicator": row["indicator"], "coverage": row["coverage"].replace("+", ", "),
                "period": str(Period(row["start"], row["end"])),
            },
            row["entity"], row["indicator"], row["start"], row["end"],
        )
        for row in indicators.to_pylist()
        if row["status"] != "not_evaluable" and "+" in row["coverage"]
    )  # fmt: skip


def findings_table(findings: Iterable[Finding], explained: Mapping[str, str] | None = None) -> pa.Table:
    """The findings as rows of the table ``findings`` without its run: most severe first, then by stage and place.

    ``explained`` maps fingerprints of findings to why they are closed.
    """
    said = {json.dumps(finding.as_row(), sort_keys=True, default=str): finding for finding in findings}
    ordered = sorted(said.values(), key=_order)
    rows = [finding.as_row() | {"sort_key": number} for number, finding in enumerate(ordered, start=1)]
    close_rows(tuple(zip(ordered, rows, strict=True)), explained or {})
    names = [name for name in FINDINGS.names if name != "run"]
    kinds = {"int64": pa.int64(), "date": pa.date32()}
    columns = {column.name: column.kind for column in FINDINGS.columns}
    schema = pa.schema([(name, kinds.get(columns[name], pa.string())) for name in names])
    return pa.Table.from_pylist(rows, schema=schema)


def _order(finding: Finding) -> tuple[Any, ...]:
    stage = _STAGES.index(finding.stage) if finding.stage in _STAGES else len(_STAGES)
    place = finding.place
    return (
        SEVERITIES.index(finding.severity), stage, finding.rule, finding.entity, finding.subject,
        str(finding.start or ""), place.file, place.sheet, len(place.cell), place.cell, finding.message,
        json.dumps(finding.values, sort_keys=True, default=str),
    )  # fmt: skip


def _row_notice(row: Mapping[str, Any], subject: str) -> Finding:
    values = {"carrier": row["carrier"], "rows": row["rows"], "method": row["method"], "table": subject}
    place = Place(row["file"] or "", row["sheet"] or "", row["cell"] or "")
    message = f"account.{row['status']}"
    return Finding("error", "account", "status", message, values, row["entity"], row["carrier"] or "", place=place)
