"""What a run keeps of itself beside its tables: its job, what its inputs said, and what it was asked to do otherwise.

With it a closed run can be published again from the store alone, and repeated after its files have changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from greenpark.collect import CellCount
from greenpark.engine.store import RunRecord, Store
from greenpark.model.findings import Finding, finding_from_row
from greenpark.model.job import Job
from greenpark.pipeline.gather import Gathered
from greenpark.pipeline.terms import Terms

_JOB, _BATCHES, _CELLS, _REFUSED, _FINDINGS = "job", "batches", "cells", "refused", "findings"
_TERMS = "terms"


@dataclass(frozen=True)
class Recalled(Gathered):
    """What inputs said when they were read, as a run kept it: no file is read again."""

    told: tuple[Finding, ...] = ()
    unreadable: tuple[tuple[str, str, int], ...] = ()
    counted: CellCount = field(default_factory=CellCount)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of all inputs, in their order."""
        return self.told

    @property
    def refused(self) -> tuple[tuple[str, str, int], ...]:
        """Entity, quantity and year of the cells that could not be read."""
        return self.unreadable

    @property
    def cells(self) -> CellCount:
        """How many data cells there were and what became of them."""
        return self.counted


@dataclass(frozen=True)
class Particulars:
    """A run's own job, what its inputs said, their batches in their order, and what it was asked beside its job."""

    job: Job
    gathered: Gathered
    batches: tuple[str, ...]
    terms: Terms


def particulars_table(job: Job, gathered: Gathered, batches: Sequence[str], terms: Terms) -> pa.Table:
    """The table ``particulars`` of a run without the run; ``batches`` are those of the inputs, without estimates."""
    said = {
        _JOB: job.model_dump(mode="json"),
        _CELLS: asdict(gathered.cells),
        _REFUSED: [list(each) for each in gathered.refused],
        _FINDINGS: [_finding_row(each) for each in gathered.findings],
        _BATCHES: list(batches),
        _TERMS: {
            "restates": terms.restates,
            "changes": dict(terms.changes),
            "members_of": None if terms.members_of is None else terms.members_of.isoformat(),
        },
    }
    return pa.table(
        {
            "name": pa.array(sorted(said), pa.string()),
            "value": pa.array([_text(said[name]) for name in sorted(said)], pa.string()),
        }
    )


def read_particulars(store: Store, record: RunRecord) -> Particulars | None:
    """What a closed run kept of itself; None for one that was made before runs kept it."""
    rows = store.engine.to_arrow(store.run_table(record.id, "particulars")).to_pylist()
    said = {row["name"]: json.loads(row["value"]) for row in rows}
    if _JOB not in said:
        return None
    return Particulars(
        Job.model_validate_json(_text(said[_JOB])),
        Recalled(
            read=(),
            told=tuple(finding_from_row(row) for row in said[_FINDINGS]),
            unreadable=tuple((entity, quantity, int(year)) for entity, quantity, year in said[_REFUSED]),
            counted=CellCount(**said[_CELLS]),
        ),
        tuple(said[_BATCHES]),
        _terms(said[_TERMS], record.job_hash),
    )


def _terms(said: Mapping[str, Any], identity: str) -> Terms:
    day = said["members_of"]
    return Terms(
        job_hash=identity, members_of=None if day is None else date.fromisoformat(day), restates=said["restates"],
        changes=said["changes"],
    )  # fmt: skip


def identity_of(gathered: Gathered) -> Sequence[str]:
    """What the inputs said beside their rows, as words: the same when it was read from files or recalled from a run."""
    return (*map(str, gathered.refused), *(_text(_finding_row(each)) for each in gathered.findings))


def _finding_row(finding: Finding) -> dict[str, Any]:
    row = finding.as_row()
    return {name: str(value) if isinstance(value, date) else value for name, value in row.items()}


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
