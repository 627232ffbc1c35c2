"""The coverage of several inputs: which words occur, each once, however many there are.

Coverages are gathered as a number with one bit for each word, which comes out the same for every order of rows.
"""

from __future__ import annotations

from typing import Any

import ibis

from greenpark.model.tables import COVERAGES, UNSTATED

_BITS = {word: 1 << place for place, word in enumerate(COVERAGES)}


def coverage_code(column: Any) -> Any:
    """The number of a column of coverages (words joined by +); an empty one is unstated.

    `gather` puts the numbers of a group together.
    """
    stated = column.fill_null(UNSTATED)
    code = ibis.literal(0, "int64")
    for word, bit in _BITS.items():
        code = code + ibis.ifelse(stated.contains(word), bit, 0)
    return code.cast("int64")


def gather(codes: Any) -> Any:
    """The number of all words that occur in a group; empty where the group has no number."""
    return _bits_together(codes)


def _bit_or(codes: int) -> int:  # type: ignore[empty-body]  # the engine's own function
    """The bits of all numbers of a group: Ibis 12 has no rule to write its own `bit_or` for Spark."""


_bits_together = ibis.udf.agg.builtin(_bit_or, name="bit_or")


def coverage_words(code: Any) -> Any:
    """The words of a number, joined by + in a fixed order."""
    words = ibis.literal("")
    for word, bit in _BITS.items():
        words = words + ibis.ifelse(_has(code, bit) == 1, f"+{word}", "")
    return ibis.ifelse(words == "", UNSTATED, words.substr(1))


def _has(code: Any, bit: int) -> Any:
    return (code // bit).cast("int64") % 2
