"""From the tables of a closed run to the reports in the output folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from greenpark.catalog import Packs
from greenpark.engine.store import RunRecord, Store
from greenpark.engine.unfolding import NARROW
from greenpark.model.job import Job
from greenpark.model.knowledge import Zone
from greenpark.model.numbers import rounded
from greenpark.model.tables import TABLES
from greenpark.model.text import Language
from greenpark.pipeline.gather import Gathered
from greenpark.pipeline.lookup import StoreLookup
from greenpark.pipeline.signatures import batches_of, signatures_of
from greenpark.publish import terminal_summary, write_excel, write_html, write_summary, write_word
from greenpark.publish.release import Definitions, PackUsed, Release

PUBLISHED = (
    "figures", "indicators", "progress", "scores", "findings", "growth", "drivers", "uncertainty",
    "completeness", "quarterly", "ledger", "readiness", "gaps", "levers", "peers",
)  # fmt: skip
REPORTS = ("report.html", "report.xlsx", "report.docx", "summary.json")


@dataclass(frozen=True)
class Published:
    """What was published, where it lies, and the page for the terminal, which asks the run while it is open."""

    release: Release
    folder: Path
    page: str

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files of the output folder."""
        return tuple(self.folder / name for name in REPORTS)


def publish(
    job: Job, packs: Packs, gathered: Gathered, record: RunRecord, store: Store, folder: Path,
    language: Language,
) -> Published:  # fmt: skip
    """Write report.html, report.xlsx, report.docx and summary.json of a closed run."""
    summary = _summary(job, packs, gathered, record, store)
    release = read_release(job, packs, record, store, summary)
    folder.mkdir(parents=True, exist_ok=True)
    write_summary(release, folder / "summary.json")
    write_html(release, folder / "report.html", language)
    write_excel(release, folder / "report.xlsx")
    write_word(release, folder / "report.docx", language)
    return Published(release, folder, terminal_summary(release, language))


def read_release(job: Job, packs: Packs, record: RunRecord, store: Store, summary: Mapping[str, object]) -> Release:
    """A closed run with everything needed to name, explain and cite its numbers."""
    tables = {name: store.engine.to_arrow(_ordered(store, record, name)) for name in PUBLISHED}
    entities = store.engine.to_arrow(_ordered(store, record, "members"))
    return Release(
        job=job,
        run=record.id,
        tables=tables,
        entities=entities,
        definitions=with_boundary(definitions_of(packs), job),
        summary=summary,
        code_version=record.code,
        lookup=StoreLookup(store, record),
        factors_used=_distinct(store, record, "factor"),
        methods_used=_distinct(store, record, "method"),
        signatures=signatures_of(record, store),
        batches=batches_of(record, store),
    )


def definitions_of(packs: Packs) -> Definitions:
    """The definitions that reports cite."""
    used = tuple(
        PackUsed(name.partition("/")[0], head.id, head.version, packs.hashes[name], head.title)
        for name, head in sorted(packs.heads.items())
    )
    return Definitions(
        packs.messages, packs.quantities, packs.carriers, packs.schemes, packs.targets, packs.methods,
        packs.profiles, packs.factor_sets, packs.areas, packs.zones, packs.units, used, forms=packs.forms,
        programmes={each.id: each for pack in packs.programmes.values() for each in pack.programmes},
        programme_sources=tuple(each for pack in packs.programmes.values() for each in pack.sources),
    )  # fmt: skip


def with_boundary(definitions: Definitions, job: Job) -> Definitions:
    """The definitions with the job's first profile, and the name of a boundary that is the job's own group."""
    named = (definitions.schemes[scheme].profile for scheme in job.schemes if scheme in definitions.schemes)
    definitions = replace(definitions, profile=job.profile or next((each for each in named if each), ""))
    if job.boundary_title is None:
        return definitions
    own = Zone(id=job.boundary, name=job.boundary_title, province="")
    return replace(definitions, zones={**definitions.zones, job.boundary: own})


def _ordered(store: Store, record: RunRecord, name: str) -> Any:
    rows = store.run_table(record.id, name)
    return rows.order_by([rows[key] for key in TABLES[name].key])


def _distinct(store: Store, record: RunRecord, column: str) -> tuple[str, ...]:
    found: set[str] = set()
    if store.register.run_files(record.id, NARROW[0]):
        counted, matches = (store.run_table(record.id, name) for name in NARROW)
        used = matches.semi_join(counted.select("kind").distinct(), "kind").select(column).distinct()
        return tuple(sorted(word for word in store.engine.to_arrow(used).column(column).to_pylist() if word))
    for name in ("energy", "emissions"):
        rows = store.run_table(record.id, name)
        values = store.engine.to_arrow(rows.select(column).distinct()).column(column).to_pylist()
        found |= {value for value in values if value}
    return tuple(sorted(found))


def _summary(job: Job, packs: Packs, gathered: Gathered, record: RunRecord, store: Store) -> dict[str, object]:
    cells = gathered.cells
    summary: dict[str, object] = {
        "cells": asdict(cells)
    }  # fmt: skip
    sources = [known.source for known in map(store.register.batch, record.batches) if known]
    if any(source.vintage for source in sources):
        summary["vintages"] = {source.file: source.vintage for source in sorted(sources, key=lambda each: each.file)}
    if job.compare:
        summary |= _comparison(job, packs, record, store)
    return summary


def _comparison(job: Job, packs: Packs, record: RunRecord, store: Store) -> dict[str, object]:
    """The computed CO2 beside the reported one: in total, by fuel and by the level below the boundary.

    Fuels and areas are named by the codes of their source where it has any.
    """
    comparison = job.compare[0]
    observations = store.read("observations", record.batches)
    activity = observations.filter(observations.quantity == comparison.activity)
    emissions = store.run_table(record.id, "emissions")
    counted = emissions.filter((emissions.gas == "CO2") & (emissions.scope == 1) & (emissions.status == "ok"))
    figures = store.run_table(record.id, "figures")
    wanted = figures.filter(figures.quantity.isin([comparison.computed, comparison.reported]))
    rows = store.engine.to_arrow(wanted.select("entity", "quantity", "item", "value")).to_pylist()
    total = {(row["quantity"], row["item"]): row["value"] for row in rows if row["entity"] == job.boundary}
    computed = total.get((comparison.computed, ""))
    reported = _sum_of(total, comparison.reported)
    return {
        "rows_in": _count(store, activity),
        "rows_accounted": _count(store, counted.select("batch", "line").distinct()),
        "co2_t": _rounded(computed),
        "reported_co2_t": _rounded(reported),
        "relative_difference": _relative(computed, reported),
        "by_fuel": _by_fuel(total, packs, comparison.computed, comparison.reported),
        "by_state": _by_level(rows, job, packs, comparison.computed, comparison.reported, record, store),
    }


def _by_fuel(total: Mapping[tuple[str, str], float], packs: Packs, computed: str, reported: str) -> dict[str, object]:
    items = sorted({item for _, item in total if item})
    return {
        packs.carriers[item].code or item: _pair(total.get((computed, item)), total.get((reported, item)))
        for item in items
    }


def _by_level(
    rows: list[dict[str, Any]], job: Job, packs: Packs, computed: str, reported: str, record: RunRecord, store: Store
) -> dict[str, object]:
    entities = store.engine.to_arrow(store.run_table(record.id, "members")).to_pylist()
    parents = sorted({row["parent"] for row in entities if row["parent"] and row["parent"] != job.boundary})
    result: dict[str, object] = {}
    for parent in parents:
        own = {(row["quantity"], row["item"]): row["value"] for row in rows if row["entity"] == parent}
        code = packs.areas[parent].code if parent in packs.areas else ""
        result[code or parent] = _pair(own.get((computed, "")), _sum_of(own, reported))
    return result


def _sum_of(total: Mapping[tuple[str, str], float | None], quantity: str) -> float | None:
    parts = [value for (name, _), value in sorted(total.items()) if name == quantity and value is not None]
    return sum(parts) if parts else None


def _pair(computed: float | None, reported: float | None) -> dict[str, float | None]:
    return {
        "co2_t": _rounded(computed),
        "reported_co2_t": _rounded(reported),
        "relative_difference": _relative(computed, reported),
    }


def _relative(computed: float | None, reported: float | None) -> float | None:
    return None if computed is None or not reported else rounded(computed / reported - 1)


def _rounded(value: float | None) -> float | None:
    return None if value is None else rounded(value)


def _count(store: Store, rows: Any) -> int:
    return int(store.engine.to_arrow(rows.aggregate(n=rows.count())).column("n")[0].as_py())
