"""Periods as people write them: Excel dates, 2023, 202301, 2023年1月, 2023-Q1, 2023年1-9月, or a month alone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from greenpark.model.time import Period, add_months

EXCEL_DAY_ZERO = date(1899, 12, 30)
_SERIALS = range(20000, 80000)  # 1954 to 2119: what a date looks like when its cell lost the date format
_NUMERALS = {"一": "1", "二": "2", "三": "3", "四": "4"}
_MONTHS = {"十二": "12", "十一": "11", "十": "10", "九": "9", "八": "8", "七": "7", "六": "6", "五": "5", **_NUMERALS}
_HALVES = {"上": 1, "下": 7, "1": 1, "2": 7}

_EXCEL = re.compile(r"^(\d{4})-(\d{2})-(\d{2})( \d{2}:\d{2}:\d{2})(\.\d+)?$")
_YEAR = re.compile(r"^(\d{4})年?度?$")
_DIGITS = re.compile(r"^(\d{4})(\d{2})(\d{2})?$")
_MONTH = re.compile(r"^(\d{4})(?:年|-|/)(\d{1,2})月?(?:份)?$")
_DOTTED = re.compile(r"^(\d{4})\.(\d{2})$")
_DAY = re.compile(r"^(\d{4})(?:年|-|/|\.)(\d{1,2})(?:月|-|/|\.)(\d{1,2})日?$")
_QUARTER = re.compile(r"^(\d{4})(?:年|-|/)?(?:Q([1-4])|第?([1-4一二三四])季度?)$", re.IGNORECASE)
_HALF = re.compile(r"^(\d{4})(?:年|-|/)?(?:([上下])半年|H([12]))$", re.IGNORECASE)
_SPAN = re.compile(r"^(\d{4})年(\d{1,2})月?[-~至到](\d{1,2})月$")
_ISO_SPAN = re.compile(r"^(\d{4}-\d{1,2}(?:-\d{1,2})?)(?:/|~|至|到|--)(\d{4}-\d{1,2}(?:-\d{1,2})?)$")
_BARE_MONTH = re.compile(r"^(\d{1,2})月?(?:份)?$")
_BARE_CHINESE_MONTH = re.compile(r"^(十二|十一|[一二三四五六七八九十])月(?:份)?$")
_BARE_QUARTER = re.compile(r"^(?:Q([1-4])|第?([1-4一二三四])季度)$", re.IGNORECASE)
_BARE_SPAN = re.compile(r"^(\d{1,2})月?[-~至到](\d{1,2})月$")

Remark = Literal["", "serial", "no_year", "unreadable"]


@dataclass(frozen=True)
class ReadPeriod:
    """A period, or why there is none; ``serial`` marks a date whose cell held a bare number."""

    period: Period | None
    remark: Remark = ""


def read_period(text: str, year: int | None = None) -> ReadPeriod:
    """The period that a cell means; ``year`` completes months that are written alone."""
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().replace("—", "-").replace("–", "-")
    try:
        if found := _EXCEL.match(plain):
            return ReadPeriod(_of_date(date(int(found[1]), int(found[2]), int(found[3]))))
        compact = plain.replace(" ", "")
        if compact.isdigit() and len(compact) == 5 and int(compact) in _SERIALS:
            return ReadPeriod(_of_date(EXCEL_DAY_ZERO + timedelta(days=int(compact))), "serial")
        if period := _dated(compact):
            return ReadPeriod(period)
        return _within_year(compact, year)
    except ValueError:
        return ReadPeriod(None, "unreadable")


def _of_date(day: date) -> Period:
    """A date cell on the first of a month means the month: Excel makes it of a typed 2023-01."""
    return Period.month(day.year, day.month) if day.day == 1 else Period(day, day + timedelta(days=1))


def _dated(text: str) -> Period | None:
    if found := _YEAR.match(text):
        return Period.year(int(found[1]))
    if found := _MONTH.match(text) or _DOTTED.match(text):
        return Period.month(int(found[1]), int(found[2]))
    if found := _DIGITS.match(text):
        return _day(found) if found[3] else Period.month(int(found[1]), int(found[2]))
    if found := _DAY.match(text):
        return _day(found)
    if found := _ISO_SPAN.match(text):
        return Period.parse(f"{found[1]}/{found[2]}")
    return _part_of_year(text)


def _part_of_year(text: str) -> Period | None:
    if found := _QUARTER.match(text):
        number = found[2] or _NUMERALS.get(found[3], found[3])
        return _months(int(found[1]), int(number) * 3 - 2, int(number) * 3)
    if found := _HALF.match(text):
        first = _HALVES[found[2] or found[3]]
        return _months(int(found[1]), first, first + 5)
    if found := _SPAN.match(text):
        return _months(int(found[1]), int(found[2]), int(found[3]))
    return None


def _within_year(text: str, year: int | None) -> ReadPeriod:
    first, last = 0, 0
    if found := _BARE_MONTH.match(text):
        first = last = int(found[1])
    elif found := _BARE_CHINESE_MONTH.match(text):
        first = last = int(_MONTHS[found[1]])
    elif found := _BARE_QUARTER.match(text):
        last = int(found[1] or _NUMERALS.get(found[2], found[2])) * 3
        first = last - 2
    elif found := _BARE_SPAN.match(text):
        first, last = int(found[1]), int(found[2])
    if not 1 <= first <= last <= 12:
        return ReadPeriod(None, "unreadable")
    return ReadPeriod(_months(year, first, last)) if year is not None else ReadPeriod(None, "no_year")


def _months(year: int, first: int, last: int) -> Period:
    if not 1 <= first <= last <= 12:
        raise ValueError(f"months {first} to {last}")
    return Period(date(year, first, 1), add_months(date(year, last, 1), 1))


def _day(found: re.Match[str]) -> Period:
    day = date(int(found[1]), int(found[2]), int(found[3]))
    return Period(day, day + timedelta(days=1))
