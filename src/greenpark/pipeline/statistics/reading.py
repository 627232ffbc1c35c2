"""Series of figures, from a closed run or from a table of published figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from greenpark.catalog import Packs, load_messages
from greenpark.collect import read_series
from greenpark.engine.schema import arrow_schema
from greenpark.engine.store import RunRecord, Store
from greenpark.measure.growth.arithmetic import comparable_growth
from greenpark.model.findings import Finding
from greenpark.model.job import UNSAID, VINTAGES, Job, JobError
from greenpark.model.statistics import SERIES, Asked
from greenpark.model.tables import MEMBERS
from greenpark.model.text import Text
from greenpark.model.time import Period
from greenpark.pipeline.outputs import definitions_of, with_boundary
from greenpark.pipeline.particulars import read_particulars
from greenpark.publish.naming import Names, plain
from greenpark.publish.references import references
from greenpark.publish.release import Definitions

Row = dict[str, Any]
Key = tuple[str, str, str, str, date, date]
HEADLINES = (
    "co2.total", "ghg.total", "energy.total", "co2.direct", "electricity.use", "economy.gdp",
    "economy.industrial_value_added", "zone.energy_per_value_added", "co2.combustion", "co2.reported",
)  # fmt: skip
_GROWTH, _INDEX = "_growth_comparable", "_price_index"


@dataclass(frozen=True)
class Comparable:
    """Growth at comparable prices [fraction], and where it is from; ``growth`` None where it is not known."""

    growth: float | None
    how: Text


@dataclass(frozen=True)
class Read:
    """Series with the names of what they speak of.

    ``series``: rows of ``model.statistics.SERIES``, one vintage for each value, sorted; ``members``: the entities of a
    run (empty for a table); ``comparable``: growth without prices, where anything is known of it.
    """

    title: Text
    series: tuple[Row, ...]
    names: Names
    packs: Packs
    boundary: str = ""
    members: Mapping[str, Row] = field(default_factory=dict)
    comparable: Mapping[Key, Comparable] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    invented: bool = False
    run: str = ""

    def levels(self, kind: str) -> tuple[str, ...]:
        """The members of a kind, sorted."""
        return tuple(sorted(name for name, row in self.members.items() if row["kind"] == kind))

    def is_flow(self, quantity: str, unit: str) -> bool:
        """Whether cumulative values of a quantity may be taken apart: it adds up over time."""
        known = self.packs.quantities.get(quantity)
        if known is not None:
            return known.over_time == "sum"
        return bool(unit) and not set("%/‰") & set(unit) and unit not in ("ratio", "index", "1")


def key_of(row: Mapping[str, Any]) -> Key:
    """What tells a value from every other."""
    return row["entity"], row["quantity"], row["item"], row["variant"], row["start"], row["end"]


def read_run(record: RunRecord, packs: Packs, asked: Asked, store: Store, job: Job | None = None) -> Read:
    """The figures of a closed run: of its boundary and of its members.

    Raises
    ------
    JobError
        When a quantity is asked for that the run has no figure of.
    """
    job = job or job_of(record, store)
    rows = store.engine.to_arrow(store.run_table(record.id, "members")).to_pylist()
    members = {row["entity"]: row for row in rows}
    figures = store.run_table(record.id, "figures")
    figures = figures.filter((figures["item"] == "") & ~figures["variant"].contains("@"))
    table = store.engine.to_arrow(figures)
    named = [{**row, "place": name} for row, name in zip(table.to_pylist(), references("figures", table), strict=True)]
    wanted = _wanted(asked, {row["quantity"] for row in named})
    vintages = _vintages(record, store)
    kept = [
        {
            **{name: row.get(name) or "" for name in SERIES.names if name not in ("start", "end", "value")},
            "start": row["start"], "end": row["end"], "value": row["value"], "source": record.id,
            "vintage": vintages.get((row["entity"], row["start"].year)) or vintages.get(("", row["start"].year), ""),
        }
        for row in named
        if row["quantity"] in wanted and row["start"] is not None and row["end"] is not None
    ]  # fmt: skip
    definitions = with_boundary(definitions_of(packs), job) if job else definitions_of(packs)
    names = Names(definitions, pa.Table.from_pylist(rows, schema=arrow_schema(MEMBERS)))
    title = job.title if job else plain(record.job)
    return Read(
        title, tuple(sorted(kept, key=key_of)), names, packs, boundary_of(job, members), members,
        _comparable_of(record, names, store), (), bool(job and job.invented), record.id,
    )  # fmt: skip


def read_table(path: Path, packs: Packs, asked: Asked) -> Read:
    """The series of a CSV file or workbook.

    Raises
    ------
    JobError
        When nothing can be read.
    """
    read = read_series(path)
    if not read.rows.num_rows:
        first = read.findings[0] if read.findings else None
        raise JobError(first.message if first else "pipeline.statistics_nothing", **(first.values if first else {}))
    rows = _newest(read.rows.to_pylist())
    present = {row["quantity"] for row in rows}
    wanted = set(asked.quantities) or present
    if unknown := wanted - present:
        raise JobError("pipeline.statistics_unknown", names=", ".join(sorted(unknown)))
    wanted |= {quantity for text in (*asked.ratios, *asked.shares) for quantity in parts_of(text)}
    beside = {name for name in present if name.endswith((_GROWTH, _INDEX))}
    names = Names(definitions_of(packs), pa.Table.from_pylist([], schema=arrow_schema(MEMBERS)))
    kept = [row for row in rows if row["quantity"] in wanted and row["quantity"] not in beside]
    comparable = _comparable_in(rows, names)
    return Read(
        plain(path.name), tuple(sorted(kept, key=key_of)), names, packs, comparable=comparable,
        findings=tuple(read.findings),
    )  # fmt: skip


def names_of() -> Names:
    """Names that need no pack: sentences and titles of columns."""
    return Names(Definitions(load_messages()), pa.Table.from_pylist([], schema=arrow_schema(MEMBERS)))


def parts_of(pair: str) -> tuple[str, str]:
    """The quantities of ``above/below``, without variants.

    Raises
    ------
    JobError
        When it is no pair.
    """
    above, slash, below = pair.partition("/")
    if not slash or not above or not below:
        raise JobError("pipeline.statistics_no_pair", text=pair)
    return above.partition("[")[0], below.partition("[")[0]


def job_of(record: RunRecord, store: Store) -> Job | None:
    """The job as the run kept it."""
    known = read_particulars(store, record)
    return known.job if known else None


def boundary_of(job: Job | None, members: Mapping[str, Row]) -> str:
    """The entity that the run is about: the job's, else the topmost."""
    if job and job.boundary in members:
        return job.boundary
    return next((name for name in sorted(members) if not members[name]["parent"]), "")


def _wanted(asked: Asked, present: set[str]) -> set[str]:
    if unknown := set(asked.quantities) - present:
        raise JobError("pipeline.statistics_unknown", names=", ".join(sorted(unknown)))
    chosen = set(asked.quantities) or {each for each in HEADLINES if each in present} or present
    named = {quantity for text in (*asked.ratios, *asked.shares) for quantity in parts_of(text)}
    if unknown := named - present:
        raise JobError("pipeline.statistics_unknown", names=", ".join(sorted(unknown)))
    return chosen | named


def _vintages(record: RunRecord, store: Store) -> dict[tuple[str, int], str]:
    """The vintages of the batches of each entity and year; entity "" holds those of all."""
    found: dict[tuple[str, int], set[str]] = {}
    for batch in map(store.register.batch, record.batches):
        if batch is None or batch.kind == "estimate":
            continue
        try:
            year = Period.parse(batch.source.period).start.year
        except ValueError:
            continue
        for entity in {batch.source.entity, ""}:
            found.setdefault((entity, year), set()).add(batch.source.vintage or UNSAID)
    return {key: "+".join(each for each in VINTAGES if each in known) for key, known in found.items()}


def _comparable_of(record: RunRecord, names: Names, store: Store) -> dict[Key, Comparable]:
    """What the run knows of growth at comparable prices, and why not where it does not."""
    rows = store.run_table(record.id, "growth")
    found = store.engine.to_arrow(rows.filter(rows["kind"] == "comparable_prices")).to_pylist()
    return {key_of(row): Comparable(row["value"], names.reason(row["reason"], row["detail"])) for row in found}


def _comparable_in(rows: Iterable[Row], names: Names) -> dict[Key, Comparable]:
    """What a table says of prices beside its totals: a reported growth [%], else a price index (上年=100)."""
    rows = list(rows)
    held = {key_of(row): row for row in rows}
    found: dict[Key, Comparable] = {}
    for row in rows:
        entity, quantity, item, variant, start, end = key_of(row)
        rate = held.get((entity, f"{quantity}{_GROWTH}", item, variant, start, end))
        index = held.get((entity, f"{quantity}{_INDEX}", item, variant, start, end))
        before = Period(start, end).shifted(-1)
        base = held.get((entity, quantity, item, variant, before.start, before.end))
        if rate is not None:
            how = names.say("measure.growth_rate_reported", quantity=quantity)
            found[key_of(row)] = Comparable(rate["value"] / 100, how)
        elif index is not None and base is not None:
            grown = comparable_growth(row["value"], base["value"], index["value"] / 100)
            found[key_of(row)] = Comparable(grown, names.say("measure.growth_deflated", quantity=quantity))
    return found


def _newest(rows: Iterable[Row]) -> list[Row]:
    """One row of each value: that of the newest vintage; what was only derived or estimated gives way to what was not."""
    best: dict[Key, Row] = {}
    for row in rows:
        held = best.get(key_of(row))
        if held is None or _rank(row["vintage"]) >= _rank(held["vintage"]):
            best[key_of(row)] = row
    return list(best.values())


def _rank(vintage: str) -> int:
    words: list[str] = ["estimate", "derived", *VINTAGES]
    return words.index(vintage) if vintage in words else words.index(UNSAID)
