"""``drivers TABLE``: a table that somebody brings, taken apart, with findings at the cells that do not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from greenpark.collect.free_table import FreeTable, TableRefused, read_free_table
from greenpark.measure.drivers.factors import Factors, FactorsError, parse_factors, plain_name
from greenpark.measure.drivers.free_table import Cells, Step, decompose_cells
from greenpark.measure.drivers.lmdi import Kind
from greenpark.model.findings import Finding, Place
from greenpark.model.job import JobError

PERIOD_TITLES = ("year", "period", "年", "年份", "年度", "时期", "期间", "Year", "Period")
NAMED = 20  # findings of one kind that are told apart
_SAME = 1e-6
Told = Callable[[str, str], None]


@dataclass(frozen=True)
class Wanted:
    """What is asked of a table; what is empty is found: period by its title, keys and factors by what the columns hold."""

    formula: str = ""
    period: str = ""
    keys: tuple[str, ...] = ()
    by: str = ""
    kind: Kind = "lmdi_1"
    sheet: str = ""


@dataclass(frozen=True)
class TableDrivers:
    """The steps from period to period, what the words of its codes are, and what does not fit."""

    factors: Factors
    kind: Kind
    by: str
    periods: tuple[str, ...]
    groups: tuple[str, ...]
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every step is made of all cells of its periods: only then do steps add up to a chain."""
        return not any(len(step.lacking) or len(step.endless) for step in self.steps)

    @property
    def closes(self) -> bool:
        """Whether nothing of any change is left without a driver."""
        return all(abs(step.unexplained) <= _SAME * max(map(abs, step.totals)) for step in self.steps)


def drivers_of_table(path: Path, wanted: Wanted, told: Told) -> TableDrivers:
    """The drivers of a table, from each period to the next.

    Raises
    ------
    JobError
        When the file, the formula or a column is not what was asked, or there are fewer than two periods.
    """
    told("pipeline.reading", path.name)
    try:
        table = read_free_table(path, wanted.sheet)
    except TableRefused as refusal:
        raise JobError(refusal.message, **refusal.values_told) from refusal
    period = _column(table, wanted.period) if wanted.period else _period_title(table)
    numbers = _numeric_titles(table, period) if not wanted.formula else []
    factors = _parse(wanted.formula or " * ".join(map(plain_name, numbers)))
    for name in (*factors.columns, *factors.keys, *wanted.keys, *([wanted.by] if wanted.by else [])):
        _column(table, name)
    taken = {period, *factors.columns}
    keys = wanted.keys or tuple(
        title for title in table.titles if title and title not in taken and _is_words(table, title)
    )
    keys = tuple(dict.fromkeys((*keys, *factors.keys, *([wanted.by] if wanted.by else []))))
    told("pipeline.decomposing", path.name)
    cells, labels, findings = _cells(table, period, keys, factors)
    if cells.periods < 2:
        raise JobError("pipeline.table_one_period", column=period, found=", ".join(labels.periods))
    pairs = [(number, number + 1) for number in range(cells.periods - 1)]
    steps = decompose_cells(cells, factors, wanted.kind, pairs, wanted.by)
    found = [*findings, *_of_steps(table, cells, labels, steps)]
    groups = labels.of_key.get(wanted.by, ("",))
    return TableDrivers(factors, wanted.kind, wanted.by, labels.periods, groups, tuple(steps), tuple(found))


@dataclass(frozen=True)
class _Labels:
    """The words of codes: periods, cells, and those of each key."""

    periods: tuple[str, ...]
    cells: tuple[str, ...]
    of_key: dict[str, tuple[str, ...]]


def _cells(
    table: FreeTable, period: str, keys: Sequence[str], factors: Factors
) -> tuple[Cells, _Labels, list[Finding]]:
    findings: list[Finding] = []
    bad = np.zeros(len(table.rows), dtype=bool)
    columns = {}
    for name in factors.columns:
        columns[name], wrong = table.numbers(name)
        findings += _limited(
            "table_text", [(row, {"column": name, "text": text}) for row, text in wrong.items()], table, name
        )
        gaps = [int(row) for row in np.flatnonzero(np.isnan(columns[name])) if int(row) not in wrong]
        findings += _limited("table_gap", [(row, {"column": name}) for row in gaps], table, name)
        bad |= np.isnan(columns[name])
    frame = pd.DataFrame({name: table.texts(name).to_pandas().fillna("") for name in (period, *keys)})
    nameless = np.flatnonzero(frame[period] == "")
    findings += _limited("table_gap", [(int(row), {"column": period}) for row in nameless], table, period)
    kept = frame[period] != ""
    periods = tuple(sorted(set(frame.loc[kept, period]), key=_chronological))
    at = pd.Categorical(frame[period], categories=list(periods)).codes.astype(np.int64)
    cell, unique = pd.factorize(pd.MultiIndex.from_frame(frame[list(keys)]) if keys else pd.Index([""] * len(frame)))
    words = tuple(" · ".join(map(str, each)) if isinstance(each, tuple) else str(each) for each in unique)
    twice = pd.DataFrame({"at": at, "cell": cell}).duplicated(keep=False).to_numpy() & (at >= 0)
    repeated = np.flatnonzero(pd.DataFrame({"at": at, "cell": cell}).duplicated().to_numpy() & (at >= 0))
    told = [(int(row), {"period": frame[period][row], "cell": words[cell[row]]}) for row in repeated]
    findings += _limited("table_twice", told, table, period)
    codes: dict[str, np.ndarray] = {}
    of_key: dict[str, tuple[str, ...]] = {}
    first = pd.Series(cell).drop_duplicates().index
    for name in keys:
        code, found = pd.factorize(frame[name], sort=True)
        codes[name] = np.asarray(code, dtype=np.int64)[first]
        of_key[name] = tuple(map(str, found))
    inside = at >= 0
    made = Cells(
        at[inside], np.asarray(cell, dtype=np.int64)[inside], {name: value[inside] for name, value in columns.items()},
        codes, (bad | twice)[inside], len(periods), len(words),
    )  # fmt: skip
    return made, _Labels(periods, words, of_key), findings


def _of_steps(table: FreeTable, cells: Cells, labels: _Labels, steps: Sequence[Step]) -> Iterator[Finding]:
    """What was left out or held at a limit, step by step."""
    row_of = dict(
        zip(zip(cells.period.tolist(), cells.cell.tolist(), strict=True), range(len(cells.period)), strict=True)
    )
    inside = np.flatnonzero(np.ones(len(table.rows), dtype=bool))

    def located(step: Step, members: Sequence[int]) -> list[tuple[int, dict[str, object]]]:
        told = []
        for cell in members:
            row = row_of.get((step.end, cell), row_of.get((step.base, cell), 0))
            missing = labels.periods[step.end if (step.end, cell) not in row_of else step.base]
            values = {"cell": labels.cells[cell], "missing": missing, **_years(labels, step)}
            told.append((int(inside[row]), values))
        return told

    for step in steps:
        absent = [
            int(cell) for cell in step.lacking
            if (step.base, int(cell)) not in row_of or (step.end, int(cell)) not in row_of
        ]  # fmt: skip
        yield from _limited("table_row_missing", located(step, absent), table, "")
        yield from _limited("table_endless", located(step, step.endless.tolist()), table, "")
        yield from _limited("table_sign_turns", located(step, step.undefined.tolist()), table, "")
        if step.used == 0:
            yield _finding("error", "table_empty_step", _years(labels, step))
        if step.appeared:
            yield _finding("note", "table_zero", {"count": step.appeared, **_years(labels, step)})
        rest = step.unexplained
        if len(step.undefined) == 0 and abs(rest) > _SAME * max(map(abs, step.totals)):
            yield _finding("warning", "table_difference", {"value": rest, **_years(labels, step)})

    if len(steps) > 1 and any(len(step.lacking) or len(step.endless) for step in steps):
        yield _finding("warning", "table_no_chain", {})


def _years(labels: _Labels, step: Step) -> dict[str, object]:
    return {"base": labels.periods[step.base], "end": labels.periods[step.end]}


def _limited(
    rule: str, rows: Sequence[tuple[int, dict[str, object]]], table: FreeTable, title: str
) -> Iterator[Finding]:
    """The first findings of a kind at their cells, and how many more there are."""
    severity = "warning" if rule in ("table_endless", "table_sign_turns") else "error"
    column = title or next(each for each in table.titles if each)
    for row, values in rows[:NAMED]:
        yield _finding(severity, rule, values, table.place(row, column))
    if len(rows) > NAMED:
        yield _finding(severity, "table_more", {"count": len(rows) - NAMED, "rule": rule})


def _finding(severity: str, rule: str, values: dict[str, object], place: Place | None = None) -> Finding:
    level = {"error": "error", "warning": "warning"}.get(severity, "note")
    return Finding(level, "pipeline", rule, f"pipeline.{rule}", values, place=place or Place())  # type: ignore[arg-type]


def _parse(formula: str) -> Factors:
    try:
        return parse_factors(formula)
    except FactorsError as error:
        raise JobError("pipeline.table_formula", part=str(error)) from error


def _column(table: FreeTable, name: str) -> str:
    if name not in table.titles:
        raise JobError("pipeline.table_no_column", column=name, known=", ".join(filter(None, table.titles)))
    return name


def _period_title(table: FreeTable) -> str:
    found = [title for title in table.titles if title in PERIOD_TITLES]
    if not found:
        raise JobError("pipeline.table_no_period", known=", ".join(filter(None, table.titles)))
    return found[0]


def _is_words(table: FreeTable, title: str) -> bool:
    """Whether a column holds words rather than numbers: that most of its cells are no number."""
    values, wrong = table.numbers(title)
    return len(wrong) > int(np.isfinite(values).sum())


def _numeric_titles(table: FreeTable, period: str) -> list[str]:
    return [title for title in table.titles if title and title != period and not _is_words(table, title)]


def _chronological(text: str) -> tuple[int, float, str]:
    """Years in their order, other periods by their text."""
    try:
        return 0, float(text), text
    except ValueError:
        return 1, 0.0, text
