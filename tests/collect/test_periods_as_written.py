"""Periods as people and spreadsheets write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpark.collect.periods import read_period
from greenpark.model.time import Period


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2023", "2023"),
        ("2023年度", "2023"),
        ("２０２３年", "2023"),
        ("2023-01", "2023-01"),
        ("2023/1", "2023-01"),
        ("2023.01", "2023-01"),
        ("202301", "2023-01"),
        ("2023年1月", "2023-01"),
        ("2023 年 1 月份", "2023-01"),
        ("2023-01-01 00:00:00", "2023-01"),
        ("2023-05-17 00:00:00", "2023-05-17"),
        ("2023-05-01", "2023-05-01"),
        ("20230517", "2023-05-17"),
        ("2023-Q1", "2023-Q1"),
        ("2023q4", "2023-Q4"),
        ("2023年第二季度", "2023-Q2"),
        ("2023年上半年", "2023-01/2023-06"),
        ("2023H2", "2023-07/2023-12"),
        ("2023年1-9月", "2023-01/2023-09"),
        ("2023年1月至9月", "2023-01/2023-09"),
        ("2023-01/2023-09", "2023-01/2023-09"),
        ("1", "2023-01"),
        ("12月", "2023-12"),
        ("十一月", "2023-11"),
        ("1-3月", "2023-Q1"),
        ("三季度", "2023-Q3"),
    ],
)
def test_a_period_is_read_as_it_is_meant(text: str, period: str) -> None:
    assert str(read_period(text, 2023).period) == period


@pytest.mark.parametrize("text", ["去年", "2023.1", "2023-13", "13月", "2023年9-1月", "2023-02-30", "#N/A", "12.5", ""])
def test_an_unclear_period_is_not_guessed(text: str) -> None:
    assert read_period(text, 2023).period is None


def test_a_month_without_a_year_says_so() -> None:
    assert read_period("5月").remark == "no_year"


@given(st.dates(min_value=Period.year(1960).start, max_value=Period.year(2100).start))
def test_whatever_is_printed_is_read_back(day: date) -> None:
    month = Period.month(day.year, day.month)
    assert read_period(str(month)).period == month
    assert read_period(str(Period.year(month.start.year))).period == Period.year(month.start.year)
