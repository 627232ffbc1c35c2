"""Patterns made of word lists: longer words win, English ones match whole words in any case."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LETTER = re.compile(r"[A-Za-z]")
NEVER = re.compile(r"(?!)")


def alternation(words: Iterable[str]) -> str:
    """One of ``words``, the longest that fits; a word that begins or ends with a letter is not matched inside another word."""
    ordered = sorted({word for word in words if word}, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(_bounded(word) for word in ordered) + ")" if ordered else "(?!)"


def _bounded(word: str) -> str:
    before = r"(?<![A-Za-z])" if _LETTER.match(word[0]) else ""
    after = r"(?![A-Za-z])" if _LETTER.match(word[-1]) else ""
    return before + re.escape(word).replace(r"\ ", r"\s+") + after


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Finds any of ``words``."""
    return re.compile(alternation(words), re.IGNORECASE)


def at_end(words: Iterable[str], fillers: Iterable[str] = ()) -> re.Pattern[str]:
    """Finds one of ``words`` at the end of a text, with nothing but ``fillers`` behind it."""
    filler = alternation(fillers) if fillers else "(?!)"
    return re.compile(rf"(?P<word>{alternation(words)})(?:\s*{filler})*\s*$", re.IGNORECASE)


def at_start(words: Iterable[str]) -> re.Pattern[str]:
    """Finds one of ``words`` at the beginning of a text."""
    return re.compile(rf"\s*(?P<word>{alternation(words)})", re.IGNORECASE)
