"""SHA-256 of the keys of rows, computed where the rows are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import ibis

_SEPARATOR = "\x1f"


def digest_of(columns: Sequence[Any]) -> Any:
    """All 64 hexadecimal digits over the values as text, nothing as the empty text, joined by U+001F.

    For columns of text, whole numbers and dates, whose text is the same on both engines.
    """
    words = [column.cast("string").fill_null("") for column in columns]
    text = reduce(lambda left, right: left + ibis.literal(_SEPARATOR) + right, words)
    return text.hexdigest("sha256")
