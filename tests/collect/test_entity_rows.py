"""The sheet of units: attributes, dates, codes and where a unit belongs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from greenpark.collect.collected import Collected
from greenpark.collect.context import Context
from greenpark.collect.credit_code import check_character, judge_credit_code
from greenpark.collect.forms import collect_form
from greenpark.model.forms import Form
from tests.collect.conftest import code, rules, write_book

TITLES = [
    "统一社会信用代码",
    "单位名称",
    "类别",
    "角色",
    "行业",
    "所在省份",
    "规上起始日",
    "入统起始日",
    "入园日",
    "离园日",
    "上级",
]


def _read(tmp_path: Path, form: Form, context: Context, *rows: list[Any]) -> Collected:
    return collect_form(write_book(tmp_path / "b.xlsx", {"园区单位": [TITLES, *rows]}), form, "", context)


@pytest.mark.parametrize("known", ["91350100M000100Y43", "9144030071526726XG", "91110108551385082Q"])
def test_codes_of_existing_units_have_a_right_check_character(known: str) -> None:
    assert judge_credit_code(known) == "right"


def test_a_wrong_sign_anywhere_is_noticed() -> None:
    known = "91350100M000100Y43"
    for place in range(18):
        other = "7" if known[place] != "7" else "5"
        assert judge_credit_code(known[:place] + other + known[place + 1 :]) != "right"


def test_a_unit_is_registered_with_all_its_attributes(tmp_path: Path, form: Form, context: Context) -> None:
    park = ["PARK", "示范园区", "园区", None, None, "浙江", None, None, None, None, None]
    row = [code(1), "甲厂", "法人单位 Legal unit", "公用工程", "44 电力、热力生产和供应业", "浙江省"]
    collected = _read(tmp_path, form, context, park, [*row, "2020-01-01", "2021年3月", date(2019, 5, 6), 46000, None])
    assert rules(collected) == []
    unit = collected.entities.to_pylist()[1]
    expected = {
        "entity": code(1),
        "kind": "unit",
        "parent": "PARK",
        "name": "甲厂",
        "area": "zhejiang",
        "industry": "44",
        "role": "utility",
        "above_scale_since": date(2020, 1, 1),
        "in_statistics_since": date(2021, 3, 1),
        "since": date(2019, 5, 6),
        "until": date(2025, 12, 9),
        "cell": "A3",
    }
    assert {key: unit[key] for key in expected} == expected
    assert collected.cells.non_empty == collected.cells.accepted == 14


@pytest.mark.parametrize(
    ("written", "stored"), [("26", "26"), ("C26", "26"), ("2614", "2614"), ("化学原料和化学制品制造业", "26")]
)
def test_an_industry_is_a_name_or_a_code_of_two_to_four_digits(
    tmp_path: Path, form: Form, context: Context, written: str, stored: str
) -> None:
    collected = _read(tmp_path, form, context, [code(1), "甲厂", None, None, written])
    assert collected.entities["industry"].to_pylist() == [stored]


def test_a_cell_that_cannot_be_read_is_refused_and_the_unit_still_registered(
    tmp_path: Path, form: Form, context: Context
) -> None:
    row = [code(1), "甲厂", "飞地", None, "98 外星业", "浙江", "去年", "#REF!"]
    collected = _read(tmp_path, form, context, row)
    assert [(refused.place.cell, refused.finding.rule) for refused in collected.rejected] == [
        ("C2", "unknown_code"),
        ("E2", "unknown_code"),
        ("G2", "bad_date"),
        ("H2", "error_cell"),
    ]
    assert collected.entities["name"].to_pylist() == ["甲厂"]
    assert (collected.cells.accepted, collected.cells.rejected) == (3, 4)


def test_codes_that_are_wrong_or_none_are_warned_of(tmp_path: Path, form: Form, context: Context) -> None:
    wrong = code(1)[:17] + ("0" if check_character(code(1)) != "0" else "1")
    collected = _read(tmp_path, form, context, [wrong, "甲厂"], ["12345", "乙厂"], [None, "丙厂"])
    assert rules(collected) == ["credit_check", "credit_form", "missing_key"]
    assert collected.entities["entity"].to_pylist() == [wrong, "12345"]
    assert [refused.place.cell for refused in collected.rejected] == ["B4"]


def test_a_unit_registered_twice_is_refused_unless_its_stay_differs(
    tmp_path: Path, form: Form, context: Context
) -> None:
    stay = [code(1), "甲厂", None, None, None, None, None, None, "2024-01-01"]
    collected = _read(tmp_path, form, context, [code(1), "甲厂"], [code(1), "甲厂（重复）"], stay)
    assert rules(collected) == ["entity_twice"]
    assert collected.entities["since"].to_pylist() == [None, date(2024, 1, 1)]
    assert collected.cells.rejected == 2
