"""The periods that a text states, and the words that say a period is not stated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from greenpark.collect.pages.lexicon import Lexicon
from greenpark.collect.pages.marks import Covered
from greenpark.collect.pages.words import alternation, any_of, at_end
from greenpark.model.time import Period

# stated: holds for what follows; target: a date to be reached; origin: holds for the next figure only (从2019年的…);
# baseline: what is compared with, no period of a figure; unknown: a time is meant that the page does not date.
Role = Literal["stated", "target", "origin", "baseline", "unknown"]

_DASH = r"\s?(?:[-—–~～]{1,2}|至|到)\s?"
_YEAR = r"(?<!\d)(?P<{0}>(?:19|20)\d\d)"
_LAST_YEAR = r"(?P<last>(?:19|20)\d\d)"
_PART = (
    r"(?P<part>上半年|下半年|前三季度|前三个季度|第?[一二三四1-4]季度|前(?:\d{1,2}|[一二三四五六七八九十]{1,2})个月)"
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH = r"(?P<{0}>(?:" + "|".join(rf"{name[:3]}(?:{name[3:]}|\.)?" for name in _MONTHS) + r"))"
_SPAN = rf"\s?(?:{_DASH}|to|through|and)\s?"
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_NUMERALS = {sign: value for value, sign in enumerate("零一二三四五六七八九十")} | {"十一": 11, "十二": 12}
_ENGLISH_NUMBERS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_ENGLISH_PARTS = {"first half": (1, 6), "second half": (7, 12), "first three quarters": (1, 9)} | {
    f"{word} quarter": (3 * place + 1, 3 * place + 3)
    for place, word in enumerate(("first", "second", "third", "fourth"))
}

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("day", _YEAR.format("year") + r"年(?P<month>\d{1,2})月(?P<day>\d{1,2})日"),
        ("months", _YEAR.format("year") + rf"年(?P<month>\d{{1,2}})月?{_DASH}(?P<last>\d{{1,2}})月(?:份|末|底)?"),
        ("month", _YEAR.format("year") + r"年(?P<month>\d{1,2})月(?:份|末|底)?"),
        ("years", _YEAR.format("year") + rf"年?度?{_DASH}" + _LAST_YEAR + r"年度?"),
        ("part", _YEAR.format("year") + rf"年{_PART}"),
        ("year", _YEAR.format("year") + r"年(?:度|底|末|年底|年末|全年|内)?"),
        ("list", _YEAR.format("year") + r"(?=\s?[、,和及]\s?(?:(?:19|20)\d\d\s?[、,和及]\s?){0,12}(?:19|20)\d\d年)"),
        ("en_months", _MONTH.format("from") + _SPAN + _MONTH.format("until") + r",?\s+" + _YEAR.format("year")),
        ("en_day", _MONTH.format("from") + r"\s+\d{1,2}(?:st|nd|rd|th)?,?\s+" + _YEAR.format("year")),
        ("en_day", r"(?<!\d)\d{1,2}\s+" + _MONTH.format("from") + r",?\s+" + _YEAR.format("year")),
        ("en_month", _MONTH.format("from") + r",?\s+" + _YEAR.format("year")),
        ("en_first", r"first\s+(?P<count>\d{1,2}|" + "|".join(_ENGLISH_NUMBERS) + r")\s+months\s+(?:of|in)\s+" + _YEAR.format("year")),
        ("en_part", r"(?P<words>" + "|".join(_ENGLISH_PARTS) + r")\s+(?:of|in)\s+" + _YEAR.format("year")),
        ("en_quarter", r"(?:\bQ(?P<quarter>[1-4])\s+" + _YEAR.format("year") + r"|" + _YEAR.format("again") + r"[-\s]?Q(?P<fourth>[1-4]))"),
        ("iso", _YEAR.format("year") + r"-(?P<month>0[1-9]|1[0-2])(?:/(?:19|20)\d\d-(?P<last>0[1-9]|1[0-2]))?(?![\d-])"),
        ("en_years", r"\bbetween\s+" + _YEAR.format("year") + r"\s+and\s+" + _LAST_YEAR + r"(?!\d)"),
        ("en_years", _YEAR.format("year") + r"\s?(?:[-–—]|to|through)\s?" + _LAST_YEAR + r"(?!\d|[-/.]\d)"),
        ("en_year", r"(?<![\w.,/-])" + _YEAR.format("year") + r"(?![\w%/〕\]】]|[.,-]\d|\s(?:[a-z]+\s){0,1}(?:yuan|tonnes|tons|kWh))"),
        ("undated", rf"{_PART}|(?<![\d年])(?P<month>\d{{1,2}})月?{_DASH}(?P<last>\d{{1,2}})月(?!\d)|全年|年末|年底"),
    )
)  # fmt: skip
_SINCE = re.compile(r"\s?(?:以来|起|以后|之后|以前|之前)")
_BRACKETS = re.compile(r"《[^》]*》")


@dataclass(frozen=True)
class PeriodMention:
    """A period named at [start, end) of a text; ``period`` is null when the page does not date it."""

    start: int
    end: int
    period: Period | None
    role: Role


@dataclass(frozen=True)
class _Taken:
    """The places of a text that titles of documents and mentions found before take."""

    titles: Covered
    mentions: Covered


class PeriodReader:
    """Finds periods in texts of one page; ``page_year`` dates words like 全年 when the title states the year."""

    def __init__(self, lexicon: Lexicon) -> None:
        cues = lexicon.cues
        self._lexicon = lexicon
        self._plans = {name: plan for plan in lexicon.vocabulary.plans for name in plan.names}
        self._plan = re.compile(rf"[“\"「]?(?P<plan>{alternation(self._plans)})[”\"」]?(?P<when>时期|期间|末|以来)")
        self._same = any_of(cues.same_period)
        self._unknown = any_of(cues.unknown_period)
        self._baseline = at_end(cues.baseline_before, ("上年", "the", "in"))
        self._origin = at_end(cues.origin_before)

    def periods_in(self, text: str, before: Period | None, page_year: int | None) -> list[PeriodMention]:
        """The periods of ``text`` in order; ``before`` is the period stated last, for 同年 and for parts of its year."""
        taken = _Taken(Covered(len(text), [found.span() for found in _BRACKETS.finditer(text)]), Covered(len(text)))
        found: list[PeriodMention] = []
        for match in self._plan.finditer(text):
            plan = self._plans[match["plan"]]
            period = Period.year(plan.last) if match["when"] == "末" else Period.parse(f"{plan.first}/{plan.last}")
            self._add(found, taken, self._mention(text, match, None if match["when"] == "以来" else period))
        for name, pattern in _PATTERNS:
            for match in pattern.finditer(text):
                if name != "undated":
                    self._add(found, taken, self._dated(text, name, match))
        found.sort(key=lambda mention: mention.start)
        self._add_relative(text, found, taken, before, page_year)
        return sorted(found, key=lambda mention: mention.start)

    def _add_relative(
        self,
        text: str,
        found: list[PeriodMention],
        taken: _Taken,
        before: Period | None,
        page_year: int | None,
    ) -> None:
        """Add words that name a time only by reference to one stated earlier: 同年, 全年, 前三季度, 近年来."""
        for match in self._same.finditer(text):
            last = _last_stated(found, match.start()) or before
            self._add(found, taken, PeriodMention(match.start(), match.end(), last, "stated"))
        for match in self._unknown.finditer(text):
            self._add(found, taken, self._mention(text, match, None))
        for match in _PATTERNS[-1][1].finditer(text):
            last = _last_stated(found, match.start()) or before
            year = last.start.year if last and last.months <= 12 else page_year
            self._add(found, taken, self._mention(text, match, _undated(match, year)))

    def _dated(self, text: str, name: str, match: re.Match[str]) -> PeriodMention:
        """A mention with a year; a single day is a period only after 截至 or as of, else it dates an event."""
        try:
            period = _period(name, match)
        except ValueError:
            period = None
        if name in {"day", "en_day"} and not self._lexicon.as_of.search(
            text[max(0, match.start() - 48) : match.start()]
        ):
            return PeriodMention(match.start(), match.end(), None, "baseline")
        return self._mention(text, match, period)

    def _mention(self, text: str, match: re.Match[str], period: Period | None) -> PeriodMention:
        before, after = text[max(0, match.start() - 48) : match.start()], text[match.end() : match.end() + 8]
        role: Role = "stated" if period else "unknown"
        if _SINCE.match(after):
            role, period = "unknown", None
        elif self._lexicon.as_of.search(before):
            role = "stated" if period else "unknown"
        elif self._baseline.search(before):
            role = "baseline"
        elif self._origin.search(before):
            role = "origin" if period else "unknown"
        elif period and self._lexicon.target_by.search(before) and not self._lexicon.changed_to.search(before):
            role = "target"
        return PeriodMention(match.start(), match.end(), period, role)

    @staticmethod
    def _add(found: list[PeriodMention], taken: _Taken, mention: PeriodMention) -> None:
        """Keep a mention unless an earlier pattern has taken its place or it stands in a document's title."""
        inside = taken.titles.holds(mention.start, mention.end)
        if not inside and not taken.mentions.touches(mention.start, mention.end):
            found.append(mention)
            taken.mentions.add(mention.start, mention.end)


def _last_stated(found: list[PeriodMention], position: int) -> Period | None:
    stated = [one.period for one in found if one.end <= position and one.period and one.role != "baseline"]
    return stated[-1] if stated else None


def _months(year: int, first: int, last: int) -> Period:
    return Period.parse(f"{year}-{first:02d}/{year}-{last:02d}")


def _period(name: str, match: re.Match[str]) -> Period:
    """The period of one dated match.

    Raises
    ------
    ValueError
        When month, day or order is impossible: 2023年13月.
    """
    words = match.groupdict()
    year = int(words.get("year") or words.get("again") or 0)
    if name in {"year", "list", "en_year"}:
        return Period.year(year)
    if name in {"years", "en_years"}:
        return Period.parse(f"{year}/{words['last']}")
    if name == "day":
        return Period.parse(f"{year}-{words['month']}-{words['day']}")
    if name in {"month", "months", "iso"}:
        return _months(year, int(words["month"]), int(words.get("last") or words["month"]))
    return _part(words["part"], year) if name == "part" else _english(name, words, year)


def _english(name: str, words: dict[str, str | None], year: int) -> Period:
    if name == "en_quarter":
        return Period.parse(f"{year}-Q{words['quarter'] or words['fourth']}")
    if name == "en_part":
        return _months(year, *_ENGLISH_PARTS[re.sub(r"\s+", " ", words["words"] or "").lower()])
    if name == "en_first":
        count = words["count"] or ""
        return _months(year, 1, int(count) if count.isdigit() else _ENGLISH_NUMBERS.index(count.lower()))
    first = _month_number(words["from"])
    return _months(year, first, _month_number(words["until"]) if name == "en_months" else first)


def _month_number(word: str | None) -> int:
    return [name[:3] for name in _MONTHS].index((word or "")[:3].lower()) + 1


def _part(part: str, year: int) -> Period:
    """A part of a year named in Chinese."""
    if part == "上半年":
        return _months(year, 1, 6)
    if part == "下半年":
        return _months(year, 7, 12)
    if part.startswith("前三") and "季度" in part:
        return _months(year, 1, 9)
    if part.startswith("前"):
        count = part[1:].removesuffix("个月")
        return _months(year, 1, int(count) if count.isdigit() else _NUMERALS[count])
    return Period.parse(f"{year}-Q{_QUARTERS[part.removeprefix('第')[0]]}")


def _undated(match: re.Match[str], year: int | None) -> Period | None:
    """The period of 全年, 前三季度 or 1—9月 in a year known from before; null when it is not."""
    if year is None:
        return None
    try:
        if match["part"]:
            return _part(match["part"], year)
        if match["month"]:
            return _months(year, int(match["month"]), int(match["last"]))
    except ValueError:
        return None
    return Period.year(year)
