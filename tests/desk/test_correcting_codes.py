"""A correction may change the credit code of a firm: the register that it replaces does not contradict it."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenpark.catalog import Packs
from greenpark.desk.errors import DeskError
from greenpark.desk.review import accept_submission, return_submission
from greenpark.engine.store import Store
from greenpark.model.submission import CellComment
from tests.collect.conftest import code, write_book
from tests.desk.made_books import REGISTERED, handed_in, moment

BY_NAME = ("单位名称", "时期", "能源品种", "计量单位", "购进量", "工业生产消费量")
FIRM = "乙机械有限公司"
WRONG, RIGHT = code(2), code(3)


def park_book(path: Path, credit_code: str, amount: int = 5) -> Path:
    """A park's workbook of one firm, whose coal is reported under its name."""
    units = (*REGISTERED, (credit_code, FIRM, "法人单位"))
    return write_book(path, {"园区单位": units, "能源": [BY_NAME, (FIRM, "2025-03", "烟煤", "t", amount, amount)]})


def registered(store: Store) -> set[str]:
    """The firms that count."""
    rows = store.engine.to_arrow(store.read("entities", store.accepted())).to_pylist()
    return {row["entity"] for row in rows if row["kind"] == "unit"}


def test_the_register_that_is_corrected_does_not_make_a_name_ambiguous(
    tmp_path: Path, store: Store, packs: Packs
) -> None:
    wrong = handed_in(store, packs, park_book(tmp_path / "bad.xlsx", WRONG), entity="PARK").sign_off.batch
    accept_submission(store, wrong, "赵六", moment())
    right = park_book(tmp_path / "good.xlsx", RIGHT)
    receipt = handed_in(store, packs, right, entity="PARK", corrects=wrong, reason="信用代码更正")
    assert {finding.severity for finding in receipt.read.findings} <= {"note"}
    assert receipt.sign_off.supersedes == wrong
    assert registered(store) == {WRONG}  # until the correction is accepted
    accept_submission(store, receipt.sign_off.batch, "赵六", moment(1))
    assert registered(store) == {RIGHT}


def test_neither_does_one_that_is_replaced_through_a_returned_correction(
    tmp_path: Path, store: Store, packs: Packs
) -> None:
    wrong = handed_in(store, packs, park_book(tmp_path / "bad.xlsx", WRONG), entity="PARK").sign_off.batch
    accept_submission(store, wrong, "赵六", moment())
    again = park_book(tmp_path / "again.xlsx", WRONG, 6)
    between = handed_in(store, packs, again, entity="PARK", corrects=wrong, reason="数量更正").sign_off.batch
    return_submission(store, between, "赵六", [CellComment(text="信用代码不对")], moment(1))
    right = park_book(tmp_path / "good.xlsx", RIGHT)
    receipt = handed_in(store, packs, right, entity="PARK", corrects=between, reason="信用代码更正")
    assert receipt.read.errors == 0
    accept_submission(store, receipt.sign_off.batch, "赵六", moment(2))
    assert registered(store) == {RIGHT}


def test_a_register_that_stays_still_makes_the_name_ambiguous(tmp_path: Path, store: Store, packs: Packs) -> None:
    other = handed_in(store, packs, park_book(tmp_path / "bad.xlsx", WRONG), entity="PARK").sign_off.batch
    accept_submission(store, other, "赵六", moment())
    units = (*REGISTERED, (RIGHT, FIRM, "法人单位"))
    rows = [BY_NAME, (FIRM, "2025-04", "烟煤", "t", 5, 5)]
    april = write_book(tmp_path / "april.xlsx", {"园区单位": units, "能源": rows})
    with pytest.raises(DeskError) as refused:
        handed_in(store, packs, april, entity="PARK", period="2025-04")
    assert refused.value.message == "desk.errors_stand"


def test_a_correction_without_a_register_keeps_the_name_of_its_entity(
    tmp_path: Path, store: Store, packs: Packs
) -> None:
    first = handed_in(store, packs, park_book(tmp_path / "a.xlsx", RIGHT), entity="PARK").sign_off
    assert first.entity_name == "示范园区"
    accept_submission(store, first.batch, "赵六", moment())
    rows = [("统一社会信用代码", *BY_NAME[1:]), ("PARK", "2025-03", "烟煤", "t", 7, 7)]
    second = write_book(tmp_path / "b.xlsx", {"能源": rows})
    told = handed_in(store, packs, second, entity="PARK", corrects=first.batch, reason="数量更正").sign_off
    assert told.entity_name == "示范园区"
