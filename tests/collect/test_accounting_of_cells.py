"""Nothing is lost: whatever a workbook holds, each non-empty data cell has exactly one fate."""

from __future__ import annotations

import math
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenpark.catalog.messages import load_messages
from greenpark.collect.collected import Collected
from greenpark.collect.context import Context
from greenpark.collect.forms import collect_form
from greenpark.collect.rejected import write_rejected
from greenpark.model.forms import Form
from greenpark.model.text import Messages
from tests.collect.conftest import REGISTER, write_book

TITLES = ["单位名称", "时期", "能源品种", "计量单位", "购进量", "工业生产消费量", "销售量", "说明"]
VALUES = (4, 5, 6)

values = st.one_of(
    st.none(),
    st.none(),
    st.integers(-5, 10**7),
    st.floats(0, 1e9, allow_nan=False).map(lambda value: round(value, 4)),
    st.sampled_from(["1,234", "12万", "１２３", "(7)", "1 000", "5吨", "5%", "12-15", "约3", "0"]),
    st.sampled_from(["NU", "IE", "保密", "-", "/", "无", "#VALUE!", "#N/A", "=1+1", "2023-01-01", "true", " "]),
    st.booleans(),
    st.text("0123456789.,-万吨% ()", max_size=5),
)
rows = st.lists(
    st.tuples(
        st.sampled_from(["甲厂", "乙热电", "丙厂", "合计", None]),
        st.sampled_from(["2023-01", "2023年2月", 3, "44986", "去年", "2022", None]),
        st.sampled_from(["烟煤", "电力", "天然气", "天然汽", None]),
        st.sampled_from(["t", "万千瓦时", "万Nm3", "斤两", None]),
        values,
        values,
        values,
        st.sampled_from([None, "盘亏"]),
    ),
    max_size=8,
)


def _collect(path: Path, table: list[Any], form: Form, context: Context) -> Collected:
    write_book(path, {"园区单位": REGISTER, "能源": [TITLES, *table]})
    return collect_form(path, form, "", context)


def _places(collected: Collected) -> tuple[Counter[str], Counter[str]]:
    """Cells of the energy sheet that gave an observation, and cells that were refused."""
    table = collected.observations.to_pylist()
    kept = Counter(row["cell"] for row in table if row["sheet"] == "能源")
    return kept, Counter(cell.place.cell for cell in collected.rejected if cell.place.sheet == "能源")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=rows)
def test_each_cell_is_accepted_refused_or_absent_exactly_once(
    tmp_path: Path, form: Form, context: Context, table: list[Any]
) -> None:
    collected = _collect(tmp_path / "b.xlsx", table, form, context)
    filled = Counter(
        f"{'EFG'[number]}{row}"
        for row, texts in enumerate(table, start=2)
        for number, column in enumerate(VALUES)
        if texts[column] is not None and str(texts[column]).strip()
    )
    kept, refused = _places(collected)
    assert kept + refused == filled
    assert max([*filled.values(), 1]) == 1
    cells = collected.cells
    register = sum(text is not None for row in REGISTER[1:] for text in row)
    assert cells.non_empty == sum(filled.values()) + register
    assert cells.non_empty == cells.accepted + cells.rejected + cells.declared_absent
    assert cells.rejected == sum(refused.values())
    absent = [row for row in collected.observations.to_pylist() if row["status"] == "declared_absent"]
    assert cells.declared_absent == len(absent)
    assert all(row["value"] is None and row["notation"] for row in absent)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=rows)
def test_every_refused_cell_has_a_finding_that_can_be_said_in_both_languages(
    tmp_path: Path, form: Form, context: Context, messages: Messages, table: list[Any]
) -> None:
    collected = _collect(tmp_path / "b.xlsx", table, form, context)
    known = [finding.as_row() for finding in collected.findings]
    for cell in collected.rejected:
        assert cell.finding.as_row() in known
        assert cell.finding.place.cell
    for finding in collected.findings:
        for message in (finding.message, f"{finding.message}.fix"):
            assert all(messages.say(message, language, **finding.values) for language in ("zh", "en"))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=rows, seed=st.integers(0, 1000))
def test_the_order_of_rows_does_not_matter_for_sums(
    tmp_path: Path, form: Form, context: Context, table: list[Any], seed: int
) -> None:
    shuffled = list(table)
    random.Random(seed).shuffle(shuffled)
    first = _collect(tmp_path / "a.xlsx", table, form, context)
    second = _collect(tmp_path / "a.xlsx", shuffled, form, context)
    assert first.cells == second.cells
    assert _sums(first) == _sums(second)


def _sums(collected: Collected) -> dict[tuple[Any, ...], float]:
    parts: dict[tuple[Any, ...], list[float]] = {}
    for row in collected.observations.to_pylist():
        key = (row["entity"], row["carrier"], row["flow"], row["start"], row["end"])
        parts.setdefault(key, []).append(row["value"] or 0.0)
    return {key: math.fsum(sorted(values)) for key, values in parts.items()}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=rows)
def test_refused_rows_given_back_are_refused_for_the_same_reasons(
    tmp_path: Path, form: Form, context: Context, table: list[Any]
) -> None:
    """Uncorrected, the file given back accepts nothing new and refuses the same cells."""
    first = _collect(tmp_path / "b.xlsx", table, form, context)
    write_rejected(tmp_path / "back.xlsx", first, form, load_messages())
    known = Context(context.units, context.quantities, context.carriers, context.areas, first.entities, (2023,))
    second = collect_form(tmp_path / "back.xlsx", form, "", known)
    assert second.observations.num_rows == 0
    assert second.cells.rejected == first.cells.rejected
    reasons = sorted(cell.finding.rule for cell in first.rejected)
    assert sorted(cell.finding.rule for cell in second.rejected) == reasons


def test_two_readings_of_one_file_are_the_same(tmp_path: Path, form: Form, context: Context) -> None:
    table = [
        ["甲厂", "2023-01", "烟煤", "t", 5, "12万", "#N/A", None],
        ["丙厂", "2023-01", "烟煤", "t", 5, None, None, None],
    ]
    first = _collect(tmp_path / "b.xlsx", table, form, context)
    second = collect_form(tmp_path / "b.xlsx", form, "", context)
    assert first == second
    places = [finding.place.cell for finding in first.findings if finding.place.sheet == "能源"]
    assert places == sorted(places, key=lambda cell: (int(cell[1:]), cell[0]))


def test_a_large_clean_sheet_has_no_finding(tmp_path: Path, form: Form, context: Context) -> None:
    table = [
        ["甲厂", f"2023-{month:02d}", carrier, None, month / 7, month / 3, None, None]
        for month in range(1, 13)
        for carrier in ("烟煤", "电力", "天然气", "柴油", "汽油", "热力")
    ]
    path = write_book(
        tmp_path / "b.xlsx",
        {"园区单位": REGISTER, "能源": [[*TITLES[:3], *TITLES[4:]], *[[*row[:3], *row[4:]] for row in table]]},
    )
    collected = collect_form(path, form, "", context)
    assert {finding.severity for finding in collected.findings} <= {"note"}
    assert collected.observations["value"].to_pylist()[:2] == [
        pytest.approx(1 / 7, rel=1e-15),
        pytest.approx(1 / 3, rel=1e-15),
    ]
