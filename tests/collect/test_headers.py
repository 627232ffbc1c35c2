"""Columns in any order, row and dress: understood where there is one meaning, remarked where something is left unread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from greenpark.collect.collected import CellCount, Collected
from greenpark.collect.context import Context
from greenpark.collect.forms import collect_form
from greenpark.model.forms import Form
from tests.collect.conftest import REGISTER, rules, write_book

Read = Callable[..., Collected]


def test_english_titles_in_another_order_are_understood(read_energy: Read) -> None:
    titles = ["Purchase", "Carrier", "Period", "Unit name", "Unit of measure"]
    collected = read_energy([[5, "diesel", "2023-01", "甲厂", "t"]], titles=titles)
    assert collected.observations.select(["carrier", "flow", "value"]).to_pylist() == [
        {"carrier": "diesel", "flow": "purchase", "value": 5.0}
    ]
    assert rules(collected) == []


def test_a_header_further_down_is_found_and_remarked(read_energy: Read) -> None:
    collected = read_energy(
        [["填报单位：示范园区"], [], ["单位名称", "时期", "能源品种", "购进量"], ["甲厂", "2023-01", "柴油", 5]],
        titles=["能源表"],
    )
    assert rules(collected) == ["header_lower"]
    assert collected.observations["cell"].to_pylist() == ["D5"]


def test_merged_groups_above_the_titles_are_understood(read_energy: Read) -> None:
    """Two header rows: names merged downwards, and a group merged over two columns."""

    def merge(book: openpyxl.Workbook) -> None:
        for cells in ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1"):
            book["能源"].merge_cells(cells)

    titles = ["单位名称", "时期", "能源品种", "购进量", "消费量", None]
    collected = read_energy(
        [[None, None, None, None, "1.工业生产", "2.用作原材料"], ["甲厂", "2023-01", "柴油", 5, 3, 1]], merge, titles
    )
    assert rules(collected) == ["merged_header"]
    assert collected.observations.select(["flow", "value"]).to_pylist() == [
        {"flow": "purchase", "value": 5.0},
        {"flow": "use_industrial", "value": 3.0},
        {"flow": "use_feedstock", "value": 1.0},
    ]


def test_a_unit_in_the_brackets_of_a_title_holds_for_its_column(tmp_path: Path, form: Form, context: Context) -> None:
    rows = [["园区名称", "时期", "管辖面积（公顷）", "建成区面积(亩)"], ["示范园区", 2023, 100, 1500]]
    collected = collect_form(
        write_book(tmp_path / "b.xlsx", {"园区单位": REGISTER, "土地": rows}), form, "land", context
    )
    assert rules(collected) == ["sheet_missing"]
    collected = collect_form(write_book(tmp_path / "b.xlsx", {"园区单位": REGISTER, "Land": rows}), form, "", context)
    values = collected.observations["value"].to_pylist()
    assert [round(value, 12) for value in values] == [1.0, 1.0]
    assert collected.observations["reported_unit"].to_pylist() == ["公顷", "亩"]


def test_an_unknown_column_is_named_with_what_it_holds(read_energy: Read) -> None:
    titles = ["单位名称", "时期", "能源品种", "购进量", "平均气温"]
    rows: list[list[Any]] = [["甲厂", "2023-01", "柴油", 5, 21.5], ["甲厂", "2023-02", "柴油", 5, None]]
    collected = read_energy(rows, titles=titles)
    finding = next(each for each in collected.findings if each.rule == "unknown_column")
    assert (finding.place.cell, finding.values) == ("E1", {"title": "平均气温", "count": 1})


def test_a_column_that_stands_twice_is_read_once(read_energy: Read) -> None:
    collected = read_energy(
        [["甲厂", "2023-01", "柴油", 5, 6]], titles=["单位名称", "时期", "能源品种", "购进量", "购进量"]
    )
    assert rules(collected) == ["duplicate_column"]
    assert collected.observations["value"].to_pylist() == [5.0]


def test_a_missing_required_column_refuses_every_value_with_one_finding(read_energy: Read) -> None:
    collected = read_energy([["甲厂", "2023-01", 5], ["乙热电", "2023-01", 6]], titles=["单位名称", "时期", "购进量"])
    assert rules(collected) == ["missing_column"]
    assert [refused.place.cell for refused in collected.rejected] == ["C2", "C3"]
    assert {refused.finding.rule for refused in collected.rejected} == {"missing_column"}


def test_a_sheet_without_a_header_is_refused_as_a_whole(read_energy: Read) -> None:
    collected = read_energy([[1, 2, 3]], titles=["甲", "乙", "丙"])
    assert rules(collected) == ["header_not_found"]
    assert collected.cells == CellCount(9, 9, 0, 0)


def test_a_column_without_a_title_is_named_when_it_holds_something(read_energy: Read) -> None:
    titles = ["单位名称", "时期", "能源品种", "购进量"]
    collected = read_energy([["甲厂", "2023-01", "柴油", 5, 21.5]], titles=titles)
    finding = next(each for each in collected.findings if each.rule == "untitled_column")
    assert finding.values == {"column_name": "E", "count": 1}
