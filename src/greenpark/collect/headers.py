"""Where the header of a table stands and which column holds what: any row, merged groups, units in brackets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from greenpark.collect.grid import Block, Grid
from greenpark.collect.names import folded

_ROWS_SEARCHED = 40
_FEWEST = 2  # matched columns that make a row a header
_BRACKETS = re.compile(r"^(.*?)[(（\[【]([^()（）\[\]【】]+)[)）\]】]\s*$", re.DOTALL)
_ORDINAL = re.compile(r"^(?:其中[:：]?|#|[（(]?[一二三四五六七八九十\d]{1,2}[)）、.．])+")
_LAST_YEAR = ("上年", "lastyear")  # how a template begins the titles of last year's values


@dataclass(frozen=True)
class Header:
    """The header of a sheet.

    ``columns``: what each recognised column is; ``titles``: its text; ``units``: the unit in its brackets;
    ``ignored``: columns left out on purpose; ``unknown`` and ``twice``: columns that are not read.
    """

    first_row: int
    last_row: int
    columns: dict[int, str]
    titles: dict[int, str]
    units: dict[int, str]
    ignored: frozenset[int]
    unknown: tuple[int, ...]
    twice: tuple[int, ...]
    merged: bool

    def column_of(self, identifier: str) -> int | None:
        """Where a column stands, or None."""
        return next((column for column, found in self.columns.items() if found == identifier), None)


def find_header(
    grid: Grid, spellings: Mapping[str, Iterable[str]], find_unit: Callable[[str], str | None]
) -> Header | None:
    """The header that names most of the wanted columns; None when no row names at least two.

    Parameters
    ----------
    spellings
        For each wanted column all titles by which it may be called.
    find_unit
        Recognises a unit in the brackets of a title.
    """
    wanted = {folded(text): identifier for identifier, texts in spellings.items() for text in texts if folded(text)}
    anchors = _anchors(grid)
    best: tuple[int, int, dict[int, _Match]] = (0, 0, {})
    for row in range(min(grid.height, _ROWS_SEARCHED)):
        matches = _matches(grid, row, wanted, anchors, find_unit)
        named = len({match.identifier for match in matches.values() if match.identifier})
        if named > best[0]:
            best = (named, row, matches)
    if best[0] < min(_FEWEST, len(wanted)):
        return None
    return _header(grid, best[1], best[2], anchors)


@dataclass(frozen=True)
class _Match:
    identifier: str
    title: str
    unit: str
    merged: bool


def _header(grid: Grid, row: int, matches: dict[int, _Match], anchors: dict[tuple[int, int], Block]) -> Header:
    columns: dict[int, str] = {}
    twice: list[int] = []
    for column, match in matches.items():
        if match.identifier in columns.values():
            twice.append(column)
        elif match.identifier:
            columns[column] = match.identifier
    spans = [anchors[row, column] for column in matches if (row, column) in anchors]
    ignored = frozenset(column for column, match in matches.items() if folded(match.title).startswith(_LAST_YEAR))
    return Header(
        first_row=min([row, *(span.top for span in spans)]),
        last_row=max([row, *(span.bottom for span in spans)]),
        columns=columns,
        titles={column: " ".join(match.title.replace("*", " ").split()) for column, match in matches.items()},
        units={column: matches[column].unit for column in columns if matches[column].unit},
        ignored=ignored,
        unknown=tuple(c for c, m in matches.items() if not m.identifier and c not in ignored),
        twice=tuple(twice),
        merged=any(matches[column].merged for column in columns),
    )


def _matches(
    grid: Grid,
    row: int,
    wanted: Mapping[str, str],
    anchors: dict[tuple[int, int], Block],
    find_unit: Callable[[str], str | None],
) -> dict[int, _Match]:
    """What each non-empty column of a row is called, the groups above it included."""
    found: dict[int, _Match] = {}
    for column in range(grid.width):
        own, own_merged = _text(grid, row, column, anchors)
        if not own:
            continue
        above, above_merged = _text(grid, row - 1, column, anchors) if row else ("", False)
        title, unit = _without_unit(own, find_unit)
        bare = _ORDINAL.sub("", title)
        identifier = _identify((f"{above}{title}", f"{above}{bare}") if above_merged else (), wanted)
        grouped = bool(identifier)
        identifier = identifier or _identify((own, title, *own.splitlines(), *title.splitlines()), wanted)
        found[column] = _Match(identifier, own, unit, own_merged or grouped)
    return found


def _identify(candidates: Iterable[str], wanted: Mapping[str, str]) -> str:
    for candidate in candidates:
        for text in (candidate, _ORDINAL.sub("", candidate.strip())):
            if identifier := wanted.get(folded(text)):
                return identifier
    return ""


def _without_unit(title: str, find_unit: Callable[[str], str | None]) -> tuple[str, str]:
    """A title without the unit in its brackets, and that unit."""
    found = _BRACKETS.match(title)
    if not found or find_unit(found[2].strip()) is None:
        return title, ""
    return found[1].strip(), found[2].strip()


def _anchors(grid: Grid) -> dict[tuple[int, int], Block]:
    """For each cell inside a merged range near the top, the range."""
    near = [block for block in grid.marks.merges if block.top < _ROWS_SEARCHED]
    return {
        (row, column): block
        for block in near
        for row in range(block.top, min(block.bottom, _ROWS_SEARCHED) + 1)
        for column in range(block.left, min(block.right, grid.width) + 1)
    }


def _text(grid: Grid, row: int, column: int, anchors: dict[tuple[int, int], Block]) -> tuple[str, bool]:
    """The text that a cell shows, its merged range considered, and whether it is merged."""
    block = anchors.get((row, column))
    if block is None:
        return grid.text(row, column), False
    return grid.text(block.top, block.left), True
