"""Numbers in text: one meaning is read, two meanings are not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpark.collect.text_numbers import read_text_number, scale_in


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("1,234,567.8", "1234567.8", ""),
        ("１，２３４", "1234", ""),
        ("1 234 567", "1234567", ""),
        ("1'234", "1234", ""),
        ("(1,234)", "-1234", ""),
        ("（１２）", "-12", ""),
        ("−5", "-5", ""),
        ("+5", "5", ""),
        (".5", "0.5", ""),
        ("1e5", "1E+5", ""),
        ("12%", "12", "%"),
        ("12万", "12", "万"),
        ("100 000 吨", "100000", "吨"),
        ("3.5 万 吨", "3.5", "万 吨"),
    ],
)
def test_a_number_with_one_meaning_is_read(text: str, number: str, rest: str) -> None:
    found = read_text_number(text)
    assert found is not None
    assert (found.number, found.rest) == (Decimal(number), rest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "1,23",
        "1.234,5",
        "1.234.567",
        "12 34",
        "1234,567",
        "0,123",
        "12,345,67",
        "12-15",
        "((5))",
        "(-5)",
        "1,2,3",
    ],
)
def test_a_text_with_no_or_two_meanings_is_not_a_number(text: str) -> None:
    assert read_text_number(text) is None


@given(st.integers(-(10**15), 10**15))
def test_grouping_never_changes_a_number(value: int) -> None:
    found = read_text_number(f"{value:,}")
    assert found is not None
    assert found.number == value


@pytest.mark.parametrize(("rest", "expected"), [("亿元", (10**8, "元")), ("万亿元", (10**12, "元")), ("吨", (1, "吨"))])
def test_scale_words_are_taken_off(rest: str, expected: tuple[int, str]) -> None:
    assert scale_in(rest) == expected
