"""The form as greenpark writes it goes back with comments: its sheets bear both languages, people write one."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from greenpark.collect.returned import find_sheet
from tests.cli.test_from_the_form import fill
from tests.cli.test_handing_in import SIGNED, greenpark

SHEETS = ("填表说明 Guide", "能源 Energy", "产品与原料 Products and materials", "汇总", "Notes")


@pytest.mark.parametrize(
    ("named", "sheet"),
    [
        ("能源", "能源 Energy"),
        ("Energy", "能源 Energy"),
        ("energy", "能源 Energy"),
        ("能源 Energy", "能源 Energy"),
        ("能源Energy", "能源 Energy"),
        ("Products and materials", "产品与原料 Products and materials"),
        ("汇总", "汇总"),
        ("notes", "Notes"),
        ("Products", None),
        ("materials", None),
        ("能", None),
    ],
)
def test_a_sheet_is_meant_by_its_whole_name_or_by_one_language_of_it(named: str, sheet: str | None) -> None:
    assert find_sheet(named, SHEETS) == sheet


def test_a_part_of_two_names_means_neither_and_a_whole_name_goes_before_a_part() -> None:
    assert find_sheet("能源", ("能源 Energy", "能源 Fuel")) is None
    assert find_sheet("Fuel", ("能源 Energy", "能源 Fuel")) == "能源 Fuel"
    assert find_sheet("能源", ("能源 Energy", "能源")) == "能源"


def test_comments_in_either_language_stand_at_the_cells_of_the_template(tmp_path: Path) -> None:
    here, file, back = ("--workspace", tmp_path / "w"), tmp_path / "park.xlsx", tmp_path / "back.xlsx"
    greenpark("template", "park_annual", "-o", file, "--year", "2024")
    fill(file)
    given = ("--entity", "PARK", "--period", "2024", *SIGNED, *here, "--json")
    batch = json.loads(greenpark("submit", file, *given).stdout)["batch"]
    refused = greenpark("return", batch, "--by", "赵六", "--comment", "能量!E9: 偏大", *here, code=1).output
    assert "能量" in refused
    assert "“能源 Energy”" in refused  # the sheets that there are
    said = ("--comment", "能源!E9: 与发票不符", "--comment", "energy!E10: 偏大", "--comment", "能源 Energy!E11: 偏小")
    greenpark("return", batch, "--by", "赵六", *said, "--workbook", back, *here)
    sheet = openpyxl.load_workbook(back)["能源 Energy"]
    told = [sheet[cell].comment.text.splitlines()[-1] for cell in ("E9", "E10", "E11")]
    assert told == ["赵六: 与发票不符", "赵六: 偏大", "赵六: 偏小"]
    history = greenpark("history", batch, *here).stdout
    assert "能源 Energy!E9: 与发票不符" in history
    assert "能源 Energy!E10: 偏大" in history
