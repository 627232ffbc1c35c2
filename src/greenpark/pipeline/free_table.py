"""``drivers TABLE``: a table that somebody brings, taken apart, with findings at the cells that do not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from greenpark.collect.free_table import FreeTable, TableRefused, read_free_table
from greenpark.measure.drivers.factors import Factors, FactorsError, parse_factors, plain_name
from greenpark.measure.drivers.free_table import Step, decompose_cells
from greenpark.measure.drivers.lmdi import Kind
from greenpark.measure.drivers.table_cells import Indexed, index_cells
from greenpark.model.findings import Finding, Place
from greenpark.model.job import JobError

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
    numbers = [each for each in table.titles if each and each != period and not table.holds_words(each)]
    factors = _parse(wanted.formula or " * ".join(map(plain_name, numbers)))
    for name in (*factors.columns, *factors.keys, *wanted.keys, *([wanted.by] if wanted.by else [])):
        _column(table, name)
    taken = {period, *factors.columns}
    keys = wanted.keys or tuple(
        title for title in table.titles if title and title not in taken and table.holds_words(title)
    )
    keys = tuple(dict.fromkeys((*keys, *factors.keys, *([wanted.by] if wanted.by else []))))
    told("pipeline.decomposing", path.name)
    indexed, findings = _indexed(table, period, keys, factors)
    if len(indexed.periods) < 2:
        raise JobError("pipeline.table_one_period", column=period, found=", ".join(indexed.periods))
    pairs = [(number, number + 1) for number in range(len(indexed.periods) - 1)]
    steps = decompose_cells(indexed.cells, factors, wanted.kind, pairs, wanted.by)
    found = (*findings, *_of_steps(table, indexed, steps))
    groups = indexed.of_key.get(wanted.by, ("",))
    return TableDrivers(factors, wanted.kind, wanted.by, indexed.periods, groups, tuple(steps), found)


def _indexed(table: FreeTable, period: str, keys: Sequence[str], factors: Factors) -> tuple[Indexed, list[Finding]]:
    """The cells of the table, and what is wrong with single ones."""
    findings: list[Finding] = []
    columns = {}
    for name in factors.columns:
        columns[name], wrong, gaps = table.numbers(name)
        texts: list[tuple[int, dict[str, object]]] = [
            (row, {"column": name, "text": text}) for row, text in wrong.items()
        ]
        findings += _limited("table_text", texts, table, name)
        findings += _limited("table_gap", [(row, {"column": name}) for row in gaps], table, name)
    found = index_cells(table.texts(period), {name: table.texts(name) for name in keys}, columns)
    findings += _limited("table_gap", [(row, {"column": period}) for row in found.nameless], table, period)
    words = [table.texts(name) for name in keys]
    when = table.texts(period)
    told = [
        (row, {"period": when[row].as_py(), "cell": " · ".join(column[row].as_py() or "" for column in words)})
        for row in found.repeated
    ]
    return found, [*findings, *_limited("table_twice", told, table, period)]


def _of_steps(table: FreeTable, indexed: Indexed, steps: Sequence[Step]) -> Iterator[Finding]:
    """What was left out or held at a limit, step by step."""
    for step in steps:
        absent = [cell for cell in step.lacking.tolist() if None in _rows(indexed, step, cell)]
        for rule, members in (
            ("table_row_missing", absent), ("table_endless", step.endless.tolist()),
            ("table_sign_turns", step.undefined.tolist()),
        ):  # fmt: skip
            yield from _limited(rule, [_located(indexed, step, cell) for cell in members], table, "")
        if step.used == 0:
            yield _finding("error", "table_empty_step", _years(indexed, step))
        if step.appeared:
            yield _finding("note", "table_zero", {"count": step.appeared, **_years(indexed, step)})
        rest = step.unexplained
        if len(step.undefined) == 0 and abs(rest) > _SAME * max(map(abs, step.totals)):
            yield _finding("warning", "table_difference", {"value": rest, **_years(indexed, step)})
    if len(steps) > 1 and any(len(step.lacking) or len(step.endless) for step in steps):
        yield _finding("warning", "table_no_chain", {})


def _rows(indexed: Indexed, step: Step, cell: int) -> tuple[int | None, int | None]:
    return indexed.row_of(step.base, cell), indexed.row_of(step.end, cell)


def _located(indexed: Indexed, step: Step, cell: int) -> tuple[int, dict[str, object]]:
    """The row of the table to be looked at, and what is to be said of it."""
    base, end = _rows(indexed, step, cell)
    missing = indexed.periods[step.end if end is None else step.base]
    row = next((each for each in (end, base) if each is not None), 0)
    return row, {"cell": indexed.names[cell], "missing": missing, **_years(indexed, step)}


def _years(indexed: Indexed, step: Step) -> dict[str, object]:
    return {"base": indexed.periods[step.base], "end": indexed.periods[step.end]}


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
    if not table.period_title:
        raise JobError("pipeline.table_no_period", known=", ".join(filter(None, table.titles)))
    return table.period_title
