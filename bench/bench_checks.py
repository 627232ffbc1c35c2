"""What the checks find of seeded errors in real data, how often they warn of clean rows, and how fast they are.

`python -m bench bench_checks` also writes the figures into docs/guides/checks.md.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from bench.check_bases import Base, corporations, facilities, meters, park, plants
from bench.seeded_errors import (
    Score,
    Seeded,
    all_packs,
    check,
    copied,
    definitions_of,
    exchanged,
    score,
    slips,
    standard_coal,
    whole_years,
)
from greenpark.catalog import Packs
from greenpark.engine.connect import Engine
from greenpark.engine.schema import arrow_schema
from greenpark.model.tables import ENTITIES, OBSERVATIONS
from greenpark.model.time import add_months
from greenpark.validate import CheckDefinitions, validate

SEEDS = (20261, 20262, 20263, 20264, 20265)
LEAST_RECALL = 0.95
MOST_FALSE = 1.0  # per 1,000 clean rows
MOST_SECONDS = 30.0  # for a million rows
UNITS, SERIES, MONTHS = 2000, 15, 36
PAGE = Path(__file__).resolve().parent.parent / "docs" / "guides" / "checks.md"
BEGIN, END = "<!-- figures: written by python -m bench bench_checks -->", "<!-- end of figures -->"
# Bases in which values have a history or take part in a physical balance, and those in which they have neither.
JUDGED = ("plants_us", "facilities_wa_both", "facilities_wa_balance", "facilities_wa_history", "park_history", "meters")
ALONE = ("facilities_wa_nothing", "corporations_au")
# Each base once: how many warnings its clean rows get does not depend on what an error is judged by.
CLEAN = ("plants_us", "facilities_wa_both", "park_history", "meters", "corporations_au")


@dataclass(frozen=True)
class Measured:
    """One kind of error in one base over all seeds."""

    base: str
    kind: str
    score: Score

    @property
    def recall(self) -> float:
        """Errors found of errors put in."""
        return self.score.found / self.score.errors if self.score.errors else float("nan")

    @property
    def precision(self) -> float:
        """Findings that name an error of all findings; not a number without findings."""
        return self.score.right / self.score.told if self.score.told else float("nan")


@dataclass(frozen=True)
class Clean:
    """Warnings on rows into which nothing was put. ``rows`` counts history that may be told of as well."""

    base: str
    rows: int
    warnings: int


def measure(packs: Packs, engine: Engine, seeds: tuple[int, ...] = SEEDS) -> tuple[list[Measured], list[Clean]]:
    """Every kind of error in every base of the test half."""
    definitions = definitions_of(packs)
    measured: list[Measured] = []
    clean: list[Clean] = []
    for base in bases(packs):
        clean.append(Clean(base.id, _told_rows(base), len(check(base, definitions, engine))))
        for kind, put in _kinds(base, definitions):
            total = Score(0, 0, 0, 0, 0)
            for seed in seeds:
                seeded = put(base, seed)
                total += score(seeded, check(seeded.base, definitions, engine))
            if total.errors:
                measured.append(Measured(base.id, kind, total))
    return measured, clean


def bases(packs: Packs, tuning: bool = False) -> Iterator[Base]:
    """The bases of one half."""
    yield plants(packs, tuning)
    yield from (facilities(packs, tuning, how) for how in ("both", "balance", "history", "nothing"))
    yield from (park(packs, tuning, how) for how in ("history", "alone"))
    yield meters(packs, tuning)
    yield corporations(packs, tuning)


def _told_rows(base: Base) -> int:
    first: int = min(row["start"].year for row in base.rows)
    return len(base.rows) + sum(int(row["start"].year) == first - 1 for row in base.history)


def _kinds(base: Base, definitions: CheckDefinitions) -> Iterator[tuple[str, Callable[[Base, int], Seeded]]]:
    yield "slip", slips
    yield "exchanged", exchanged
    if base.id.startswith(("park", "meters")):
        yield "copied", copied
    if base.id.startswith("park"):
        factors = definitions.carrier_factors("standard_coal", ("standard_coal_gbt2589_2020",), "tce")
        yield "tce", lambda given, seed: standard_coal(given, seed, factors)
        yield "whole_year", whole_years
    if base.history:
        yield "previous_year", lambda given, seed: whole_years(given, seed, previous=True)


def targets() -> list[dict[str, Any]]:
    """Recall of slips where there is something to judge by, false warnings, and speed."""
    packs = all_packs()
    engine = Engine()
    try:
        measured, clean = measure(packs, engine)
        seconds, rows = _speed(packs, engine)
    finally:
        engine.close()
    _write(measured, clean)
    judged = slips_in(measured, JUDGED)
    recall = judged.found / judged.errors
    real = [each for each in clean if each.base in CLEAN]
    false = 1000 * sum(each.warnings for each in real) / sum(each.rows for each in real)
    million = seconds / rows * 1e6
    return [
        _target("checks_recall", "slips of a factor 10 or more found, with history or a balance", LEAST_RECALL, recall,
                "share", recall >= LEAST_RECALL, judged.errors),
        _target("checks_false", "warnings on clean rows", MOST_FALSE, false, "per 1,000 rows", false <= MOST_FALSE,
                sum(each.rows for each in real)),
        _target("checks_speed", "all rules of the built-in pack, months of 36 periods", MOST_SECONDS, million,
                "s per million rows", million <= MOST_SECONDS, rows),
    ]  # fmt: skip


def slips_in(measured: Iterable[Measured], among: Sequence[str]) -> Score:
    """The score of slips over these bases."""
    found = [each.score for each in measured if each.kind == "slip" and each.base in among]
    return sum(found, Score(0, 0, 0, 0, 0))


def _target(name: str, what: str, target: float, found: float, unit: str, ok: bool, rows: int) -> dict[str, Any]:
    return {
        "id": name, "what": what, "target": target, "measured": round(found, 4), "unit": unit,
        "reference": "seeded errors in real data, docs/guides/checks.md", "ratio": None, "rows": rows, "peak_mb": None,
        "ok": ok,
    }  # fmt: skip


def _speed(packs: Packs, engine: Engine) -> tuple[float, int]:
    """Seconds for the built-in pack on invented rows, read from memory."""
    rows = invented_rows(UNITS)
    entities = arrow_schema(ENTITIES).empty_table()
    given = engine.cache(engine.from_arrow(rows))
    start = time.perf_counter()
    validate(given, entities, packs.checks["park_statistics"].rules, definitions_of(packs), engine)
    return time.perf_counter() - start, rows.num_rows


def invented_rows(units: int) -> pa.Table:
    """Invented monthly rows of so many units, with fifteen series of 36 months each."""
    random = np.random.default_rng(1)
    count = units * SERIES * MONTHS
    entity = np.repeat(np.arange(units), SERIES * MONTHS)
    series = np.tile(np.repeat(np.arange(SERIES), MONTHS), units)
    months = [add_months(date(2023, 1, 1), number) for number in range(MONTHS + 1)]
    starts = pa.array(months[:-1], pa.date32()).take(pa.array(np.tile(np.arange(MONTHS), units * SERIES)))
    ends = pa.array(months[1:], pa.date32()).take(pa.array(np.tile(np.arange(MONTHS), units * SERIES)))
    level = np.repeat(random.lognormal(5, 1.5, units * SERIES), MONTHS)
    value = level * random.lognormal(0, 0.1, count)
    fixed = {
        "batch": "b", "quantity": "energy.amount", "flow": "use_industrial", "unit": "t", "reported_unit": "t",
        "coverage": "whole_park", "status": "reported", "confidence": "high", "file": "f", "reported_value": "",
    }  # fmt: skip
    columns: dict[str, Any] = {
        "entity": pa.array([f"E{number:08d}" for number in range(units)]).take(pa.array(entity)),
        "carrier": pa.array([f"carrier_{number}" for number in range(SERIES)]).take(pa.array(series)),
        "line": pa.array(np.arange(1, count + 1)), "start": starts, "end": ends, "value": pa.array(value),
    }  # fmt: skip
    schema = arrow_schema(OBSERVATIONS)
    for name, text in fixed.items():
        columns[name] = pa.array([text]).take(pa.array(np.zeros(count, dtype=np.int64)))
    return pa.table({name: columns.get(name, pa.nulls(count)) for name in schema.names}).cast(schema)


def _write(measured: list[Measured], clean: list[Clean]) -> None:
    """Put the figures into the guide, between its marks."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    PAGE.write_text(before + BEGIN + "\n" + table(measured, clean) + END + after, encoding="utf-8")


def table(measured: list[Measured], clean: list[Clean]) -> str:
    """The figures as two tables, in both languages."""
    lines = [
        f"\nSeeds 种子: {', '.join(map(str, SEEDS))}; errors at 1.5 % of rows 错误占行数的 1.5%.\n",
        "| base 数据 | error 错误 | put in 注入 | found 找到 | recall 召回 | precision 精确 | true value proposed 建议值正确 |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {each.base} | {each.kind} | {each.score.errors} | {each.score.found} | {_per_cent(each.recall)} | "
            f"{_per_cent(each.precision)} | {each.score.proposed} |"
            for each in measured
        ),
        "",
        _together(measured, clean),
        "",
        "| base 数据 | clean rows 干净行 | warnings 警告 | per 1,000 每千行 |",
        "|---|---|---|---|",
        *(
            f"| {each.base} | {each.rows} | {each.warnings} | {1000 * each.warnings / each.rows:.2f} |"
            for each in clean
        ),
        "",
    ]
    return "\n".join(lines)


def _together(measured: list[Measured], clean: list[Clean]) -> str:
    """The two figures that the targets are about, and the one beside them."""
    judged, alone = slips_in(measured, JUDGED), slips_in(measured, ALONE)
    real = [each for each in clean if each.base in CLEAN]
    warnings, rows = sum(each.warnings for each in real), sum(each.rows for each in real)
    shares = [_per_cent(each.found / each.errors) for each in (judged, alone)]
    return (
        f"Slips with a history or a balance 有历史或平衡可依的错位: {judged.found} / {judged.errors} = {shares[0]} "
        f"(target 目标 ≥ {_per_cent(LEAST_RECALL)}); with neither 两者皆无: {alone.found} / {alone.errors} = {shares[1]}. "
        f"Warnings on clean rows 干净行上的警告: {warnings} / {rows} = {1000 * warnings / rows:.2f} ‰ (target 目标 ≤ {MOST_FALSE:g} ‰)."
    )


def _per_cent(share: float) -> str:
    return "–" if math.isnan(share) else f"{100 * share:.1f} %"
