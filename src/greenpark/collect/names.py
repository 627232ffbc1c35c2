"""From what people write to ids: any known spelling, and the nearest one when it is not known."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Result = TypeVar("Result")

_CLOSE = 0.5
_MARKS = re.compile(r"[\s*]+")
# Controls, soft hyphens and marks of writing direction: a reader does not see them, so they make no other name.
_UNSEEN = "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
_UNSEEN_SIGNS = re.compile(_UNSEEN)


class Names:
    """Spellings of ids. An id is always understood; a name that two ids share is not.

    Parameters
    ----------
    entries
        Pairs of id and spellings, the first spelling being the one that is suggested.
    """

    def __init__(self, entries: Iterable[tuple[str, Iterable[str]]]) -> None:
        self._ids: dict[str, str] = {}
        self._spellings: dict[str, set[str]] = {}
        self._labels: dict[str, str] = {}
        for identifier, spellings in entries:
            self._ids[identifier] = identifier
            for spelling in (*spellings, identifier):
                key = folded(spelling)
                if not key:
                    continue
                self._spellings.setdefault(key, set()).add(identifier)
                self._labels.setdefault(key, spelling)

    def __len__(self) -> int:
        return len(self._ids)

    def find(self, text: str) -> str | None:
        """The id that is meant, or None."""
        if text in self._ids:
            return text
        found = self._spellings.get(folded(text), ())
        return next(iter(found)) if len(found) == 1 else None

    def is_ambiguous(self, text: str) -> bool:
        """Whether more than one id has this spelling."""
        return text not in self._ids and len(self._spellings.get(folded(text), ())) > 1

    def nearest(self, text: str) -> str:
        """The known spelling that is most like the text; empty when none is near."""
        close = difflib.get_close_matches(folded(text), sorted(self._spellings), n=1, cutoff=_CLOSE)
        return self._labels[close[0]] if close else ""


def folded(text: str) -> str:
    """One form of a name: half-width, lower case, without spaces and required marks."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", visible(text))).casefold()


def visible(text: str) -> str:
    """The text without signs that are not seen."""
    return _UNSEEN_SIGNS.sub("", text)


def all_visible(texts: pa.StringArray) -> pa.StringArray:
    """The texts without signs that are not seen; null where nothing is left."""
    shown = pc.replace_substring_regex(texts, _UNSEEN, "")
    return pc.if_else(pc.equal(shown, ""), pa.scalar(None, pa.string()), shown)


def each_distinct(
    texts: pa.StringArray, read: Callable[[str], Result | None]
) -> tuple[list[Result | None], npt.NDArray[np.int64]]:
    """What ``read`` makes of each distinct text, and which of these each row has; a null text has the last, None."""
    encoded = texts.dictionary_encode()
    results: list[Result | None] = [read(text) for text in encoded.dictionary.to_pylist()]
    positions = encoded.indices.fill_null(len(results)).to_numpy(zero_copy_only=False).astype(np.int64)
    return [*results, None], positions


def looked_up(texts: pa.StringArray, find: Callable[[str], str | None]) -> pa.StringArray:
    """The id of each text; null where the text is null or not known."""
    results, positions = each_distinct(texts, find)
    return pa.array(results, pa.string()).take(pa.array(positions))
