"""What the writer probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from greenpark.catalog.mistakes import Phrase

_LISTED = 12


def suggestion(found: object, options: Iterable[str]) -> Phrase:
    """The closest options, or the list of all when none is close and they are few."""
    known = tuple(options)
    close = get_close_matches(str(found), known, n=3, cutoff=0.72)
    if close:
        return Phrase("catalog.word.did_you_mean", {"options": tuple(close)})
    if 0 < len(known) <= _LISTED:
        return Phrase("catalog.word.possible", {"options": known})
    return Phrase("catalog.word.check_spelling")
