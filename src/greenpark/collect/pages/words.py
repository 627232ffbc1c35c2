"""Patterns made of word lists: longer words win, English ones match whole words in any case."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LETTER = re.compile(r"[A-Za-z]")
# The last letters of a text in which an ending is looked for.
_ENDING = 48


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


class Ending:
    """Finds words that a text ends with; looks at its last letters alone, however long it is."""

    def __init__(self, pattern: str) -> None:
        self._pattern = re.compile(rf"{pattern}\s*$", re.IGNORECASE)

    def search(self, text: str) -> re.Match[str] | None:
        """The words, or nothing; places in the match count from the last letters, not from the text."""
        return self._pattern.search(text[-_ENDING:])


def at_end(words: Iterable[str], fillers: Iterable[str] = (), not_after: str = "") -> Ending:
    """Finds one of ``words`` at the end of a text, with nothing but ``fillers`` behind it."""
    filler = alternation(fillers) if fillers else "(?!)"
    before = f"(?<!{re.escape(not_after)})" if not_after else ""
    return Ending(rf"{before}(?P<word>{alternation(words)})(?:\s*{filler})*")


def at_start(words: Iterable[str]) -> re.Pattern[str]:
    """Finds one of ``words`` at the beginning of a text."""
    return re.compile(rf"\s*(?P<word>{alternation(words)})", re.IGNORECASE)
