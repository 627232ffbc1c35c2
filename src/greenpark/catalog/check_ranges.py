"""Checks of ranges that stand side by side: cases, bands, levels. None empty, none that overlap, no gap unsaid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from greenpark.catalog.mistakes import PackMistake
from greenpark.catalog.read import ReadPack
from greenpark.model.fit import Path
from greenpark.model.schemes import Range

# An end is a number and whether it lies just above it: (5, 0) is 5 itself, (5, 1) everything above it.
End = tuple[float, int]
_FIRST: End = (float("-inf"), 0)
_LAST: End = (float("inf"), 1)


class Span(NamedTuple):
    """From start up to (not with) end, and the place in the list."""

    start: End
    end: End
    place: int

    @property
    def single(self) -> bool:
        """Whether it is one value: a class."""
        return self.start[0] == self.end[0]


def check_ranges(
    pack: ReadPack, path: Path, ranges: Sequence[Range], open_ends: bool = True, gaps: bool = False
) -> Iterator[PackMistake]:
    """Ranges that are empty or overlap (mistakes), gaps between them, and values beyond their ends (notes).

    ``open_ends``: what no range covers is undefined, and said to be; ``gaps``: a gap inside is allowed.
    """
    if not ranges:
        if open_ends:
            yield pack.mistake(path, "catalog.no_cases")
        return
    for index, each in enumerate(ranges):
        yield from _check_one(pack, (*path, index), each)
    spans = sorted(span for index, each in enumerate(ranges) if (span := _span(each, index)))
    key = str(path[-1])
    for left, right in pairwise(spans):
        values = {"first": f"{key}[{min(left.place, right.place)}]", "second": f"{key}[{max(left.place, right.place)}]"}
        if right.start < left.end:
            yield pack.mistake((*path, max(left.place, right.place)), "catalog.cases_overlap", **values)
        elif left.end < right.start and open_ends and not (left.single or right.single):
            told = pack.remark if gaps else pack.mistake
            yield told((*path, right.place), "catalog.cases_gap", low=left.end[0], high=right.start[0])
    if spans and open_ends:
        yield from _check_ends(pack, path, spans)


def _check_ends(pack: ReadPack, path: Path, spans: Sequence[Span]) -> Iterator[PackMistake]:
    """Values beyond the first and the last range; single values are classes and have no ends."""
    ranges = [span for span in spans if not span.single]
    if ranges and min(span.start for span in spans) != _FIRST:
        yield pack.remark(path, "catalog.cases_open_below", low=min(span.start for span in spans)[0])
    if ranges and max(span.end for span in spans) != _LAST:
        yield pack.remark(path, "catalog.cases_open_above", high=max(span.end for span in spans)[0])


def _check_one(pack: ReadPack, path: Path, each: Range) -> Iterator[PackMistake]:
    low = each.at_least if each.at_least is not None else each.above
    high = each.below if each.below is not None else each.at_most
    bounded = low is not None or high is not None
    twice = (each.at_least is not None and each.above is not None) or (
        each.below is not None and each.at_most is not None
    )
    if bounded == (each.equals is not None) or twice:
        yield pack.mistake(path, "catalog.case_without_range")
    elif _span(each, 0) is None:
        key = "below" if each.below is not None else "at_most"
        yield pack.mistake((*path, key), "catalog.case_empty", low=low, high=high)


def _span(each: Range, index: int) -> Span | None:
    """The span of a range; None for one that is empty or says nothing."""
    if each.equals is not None:
        return Span((each.equals, 0), (each.equals, 1), index)
    if each.at_least is None and each.above is None and each.below is None and each.at_most is None:
        return None
    start = (each.at_least, 0) if each.at_least is not None else (each.above, 1) if each.above is not None else _FIRST
    end = (each.below, 0) if each.below is not None else (each.at_most, 1) if each.at_most is not None else _LAST
    return Span(start, end, index) if start < end else None
