"""One test for each thing that can be wrong with a cell: its finding, its place, and what became of the cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest

from greenpark.collect.collected import Collected
from greenpark.model.text import Messages
from tests.collect.conftest import rules

Read = Callable[..., Collected]


def _row(value: Any, unit: Any = "t", carrier: str = "烟煤", note: Any = None, period: Any = "2023-01") -> list[Any]:
    return ["甲厂", period, carrier, unit, value, None, note]


def _of_cell(collected: Collected) -> tuple[int, int, int]:
    """Accepted, refused and absent cells of the energy sheet (the register has 9 accepted cells)."""
    cells = collected.cells
    assert cells.non_empty == cells.accepted + cells.rejected + cells.declared_absent
    return cells.accepted - 9, cells.rejected, cells.declared_absent


@pytest.mark.parametrize(
    ("value", "unit", "rule"),
    [
        ("#VALUE!", "t", "error_cell"),
        ("#NUM!", "t", "error_cell"),
        ("#N/A", "t", "error_cell"),
        ("#DIV/0!", "t", "error_cell"),
        ("=1+1", "t", "formula_without_value"),
        ("约12", "t", "not_a_number"),
        ("12-15", "t", "not_a_number"),
        ("1,23", "t", "not_a_number"),
        ("1.234,5", "t", "not_a_number"),
        ("12吨煤", "t", "not_a_number"),
        ("1e400", "t", "not_a_number"),
        ("-", "t", "unclear_mark"),
        ("—", "t", "unclear_mark"),
        ("/", "t", "unclear_mark"),
        ("无", "t", "unclear_mark"),
        (date(2023, 5, 1), "t", "date_in_value"),
        ("12万", "万t", "scale_twice"),
        ("12吨", "kg", "unit_conflict"),
        ("12%", None, "unit_mismatch"),
        (5, "吨煤当量", "unknown_unit"),
        (5, "m3", "unit_mismatch"),
        (-5, "t", "negative"),
        ("(5)", "t", "negative"),
        (True, "t", "not_a_number"),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused_with_its_place_and_value(
    read_energy: Read, messages: Messages, value: Any, unit: str | None, rule: str
) -> None:
    collected = read_energy([_row(value, unit)])
    assert _of_cell(collected) == (0, 1, 0)
    refused = collected.rejected[0]
    assert refused.finding.rule == rule
    assert (refused.place.file, refused.place.sheet, refused.place.cell) == ("book.xlsx", "能源", "E2")
    assert refused.finding.place.cell == "E2"
    assert refused.finding.severity == "error"
    for language in ("zh", "en"):
        said = messages.say(refused.finding.message, language, **refused.finding.values)
        assert said
        assert messages.say(f"{refused.finding.message}.fix", language, **refused.finding.values)
    if rule not in ("unknown_unit", "unit_mismatch"):
        assert refused.text in messages.say(refused.finding.message, "zh", **refused.finding.values)


@pytest.mark.parametrize(
    ("value", "unit", "rule", "expected"),
    [
        ("1,234", "t", "text_number", 1234.0),
        ("1，234.5", "t", "text_number", 1234.5),
        ("１２３", "t", "text_number", 123.0),
        ("1 234", "t", "text_number", 1234.0),
        ("12万", "t", "text_number_scaled", 120000.0),
        ("1.2亿", "t", "text_number_scaled", 120000000.0),
        ("12吨", "t", "text_number_scaled", 12.0),
        ("12吨", None, "text_number_scaled", 12.0),
        ("500 kg", None, "text_number_scaled", 0.5),
        ("3.5万吨", None, "text_number_scaled", 35000.0),
        ("12.5", "t", None, 12.5),
        (12.5, "千克", None, 0.0125),
        (0, "t", None, 0.0),
    ],
)
def test_a_text_number_with_one_meaning_is_read_and_remarked(
    read_energy: Read, value: Any, unit: str | None, rule: str | None, expected: float
) -> None:
    collected = read_energy([_row(value, unit)])
    assert _of_cell(collected) == (1, 0, 0)
    assert collected.observations["value"].to_pylist() == [pytest.approx(expected, rel=1e-15)]
    assert collected.observations["unit"].to_pylist() == ["t"]
    assert collected.observations["reported_value"].to_pylist() == [str(value).strip()]
    assert rules(collected) == ([rule] if rule else [])
    if rule:
        assert collected.findings[-1].place.cell == "E2"


@pytest.mark.parametrize(
    ("text", "notation"),
    [
        *[("NU", "not_used"), ("NE", "not_estimated"), ("IE", "included_elsewhere"), ("C", "confidential")],
        *[
            ("未使用", "not_used"),
            ("未估算", "not_estimated"),
            ("已含在别处", "included_elsewhere"),
            ("保密", "confidential"),
        ],
    ],
)
def test_a_notation_declares_the_value_absent_and_never_zero(read_energy: Read, text: str, notation: str) -> None:
    collected = read_energy([_row(text)])
    assert _of_cell(collected) == (0, 0, 1)
    assert collected.observations.select(["value", "status", "notation"]).to_pylist() == [
        {"value": None, "status": "declared_absent", "notation": notation}
    ]
    assert rules(collected) == []


def test_a_number_shown_as_per_cent_is_read_as_shown(read_energy: Read) -> None:
    def as_percent(book: openpyxl.Workbook) -> None:
        book["能源"]["E2"].number_format = "0.0%"

    collected = read_energy([_row(0.125, None)], as_percent)
    assert collected.rejected[0].text == "12.5%"
    assert collected.rejected[0].finding.rule == "unit_mismatch"


def test_a_value_in_merged_cells_belongs_to_no_row(read_energy: Read) -> None:
    def merge(book: openpyxl.Workbook) -> None:
        book["能源"].merge_cells("E2:E3")

    collected = read_energy([_row(5), [*_row(None, carrier="褐煤")[:5], 7, None]], merge)
    assert _of_cell(collected) == (1, 1, 0)
    assert collected.rejected[0].finding.rule == "merged_value"


def test_an_empty_unit_is_taken_as_the_carriers_and_remarked_once(read_energy: Read) -> None:
    rows = [_row(5), _row(6, None, "褐煤"), _row(7, None, "焦炭")]
    collected = read_energy(rows)
    assert _of_cell(collected) == (3, 0, 0)
    assert rules(collected) == ["unit_blank"]
    assert collected.findings[-1].values["count"] == 2


def test_a_gas_volume_without_its_conditions_does_not_become_normal_cubic_metres(read_energy: Read) -> None:
    collected = read_energy([_row(5, "万m3", "天然气")])
    assert collected.rejected[0].finding.rule == "unit_mismatch"
    assert collected.rejected[0].finding.values["expected"] == "万Nm3"


def test_units_of_any_known_spelling_are_converted_once(read_energy: Read) -> None:
    rows = [_row(2, "万千瓦时", "电力"), _row(3, "10^4 Nm3", "天然气"), _row(4, "百万千焦", "热力")]
    collected = read_energy(rows)
    assert collected.observations["value"].to_pylist() == [pytest.approx(20), 3.0, 4.0]
    assert collected.observations["unit"].to_pylist() == ["MWh", "万Nm3", "GJ"]
    assert collected.observations["reported_unit"].to_pylist() == ["万千瓦时", "10^4 Nm3", "百万千焦"]
