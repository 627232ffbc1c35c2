"""Digits that are no figures: dates, document and clause numbers, names with digits, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable

from greenpark.collect.pages.lexicon import Lexicon
from greenpark.collect.pages.words import alternation

Span = tuple[int, int]

_HAN_NUMBER = r"[\d一二三四五六七八九十百]+"
_NOT_FIGURES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"https?://\S+|www\.\S+|\S+@\S+\.\w+",
        # standards and document numbers
        r"\b(?:GB|HJ|ISO|IEC|DB|YB|DL|JB|CJ|SL|T)(?:/[A-Z]{1,4})?\s?\d[\d.]*(?:[-—:]\d{2,4})?",
        r"[〔\[【(（]\s?\d{4}\s?[〕\]】)）]\s?第?\s?\d+\s?号",
        r"第?\s?\d+\s?号",
        # dates and times of the day
        r"\d{4}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,2}(?:日)?",
        r"\d{4}年\d{1,2}月\d{1,2}日?|\d{1,2}月\d{1,2}日|\d{1,2}月|\d{1,2}日|\d{4}年度?|\d{1,4}年",
        r"\d{1,2}:\d{2}(?::\d{2})?|\d{1,2}时\d{1,2}分|\d{1,2}时",
        # names that hold digits: PM2.5, CO2, 5G, A级, COVID-19
        r"\b\d[A-Z](?![A-Za-z])(?=级|景区|网络|[一-鿿])",
        r"\d+(?:强|佳|后|版)",
        # clause and list numbers, citations, footnotes
        r"^\s*[(（]?\d{1,2}(?:[)）]|[.、](?!\d))",
        r"(?<=[。；;:])\s*[(（]?\d{1,2}(?:[)）]|[、])",
        r"\[\d{1,3}\]|[(（]\d{1,2}[)）]",
        rf"第\s?{_HAN_NUMBER}",
        r"《[^》]*》",
    )
)
_NAME_WITH_DIGITS = re.compile(r"(?<![A-Za-z$])(?P<letters>[A-Za-z]+)-?\d+(?:\.\d+)?(?=\D|$)")
# A power of ten, as printed behind a number (1.2×10^4) or alone.
POWER = re.compile(r"(?P<times>\s?[×xX*·]\s?)?(?<![\d.,])10(?:\^\s?[(（]?[-+]?\d{1,2}[)）]?|[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})")
_CURRENCIES = ("RMB", "CNY", "USD", "EUR")


def spans_without_figures(text: str, lexicon: Lexicon) -> list[Span]:
    """The stretches of ``text`` whose digits are no figures, in order."""
    spans = [match.span() for pattern in _NOT_FIGURES for match in pattern.finditer(text)]
    spans += [match.span() for match in _NAME_WITH_DIGITS.finditer(text) if _is_one_name(match["letters"], lexicon)]
    spans += [(mention.start, mention.end) for mention in lexicon.per_heads_in(text)]
    spans += [match.span() for match in _before_number(lexicon).finditer(text)]
    spans += [match.span() for match in POWER.finditer(text)]
    return sorted(span for span in spans if span[0] < span[1])


def _is_one_name(letters: str, lexicon: Lexicon) -> bool:
    """Whether letters and the digits behind them are one name (CO2, PM2.5), not a quantity and its value (GDP5.2)."""
    return letters not in _CURRENCIES and letters.lower() not in lexicon.lettered


def _before_number(lexicon: Lexicon) -> re.Pattern[str]:
    """Numbers said to be numbers of something: 表2, No. 12, 前10, top 10, per 10,000."""
    cues = lexicon.cues
    # 仪表30万台 is no table 30: a Chinese word counts only where a word begins.
    words = rf"(?:(?<![一-鿿]){alternation(cues.numbered_before)}|{alternation(cues.ordinal_before)})"
    return re.compile(
        rf"{words}\s?\d+(?:[-.]\d+)*(?!\.?\d|,\d|\s?%)|每\s?\d[\d,]*\s?[万千百亿]?|\bper\s+\d[\d,]*", re.IGNORECASE
    )


class Covered:
    """The places of a text that some spans take; asking does not cost more when there are more spans."""

    def __init__(self, length: int, spans: Iterable[Span] = ()) -> None:
        self._places = bytearray(length)
        for start, end in spans:
            self.add(start, end)

    def add(self, start: int, end: int) -> None:
        """Take [start, end) too."""
        self._places[start:end] = b"\1" * (min(end, len(self._places)) - start)

    def touches(self, start: int, end: int) -> bool:
        """Whether a place of [start, end) is taken."""
        return 1 in self._places[start:end]

    def holds(self, start: int, end: int) -> bool:
        """Whether every place of [start, end) is taken."""
        return 0 not in self._places[start:end]
