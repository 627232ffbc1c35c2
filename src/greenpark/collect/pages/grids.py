"""Tables that stand in a page as text: rows of cells between bars or tabs, or one cell to a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

_RULE = re.compile(r"^[\s|:+=─━┼-]*$")
_VALUE_LIKE = re.compile(
    r"^[-+~约近≈<>]?\s?\d[\d,.\s]*(?:[×xX*]\s?10[\^⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹][-+\d⁰¹²³⁴⁵⁶⁷⁸⁹]*)?(?:[-–—~OolI/]\s?[\d,.OolI]+)*\s?(?:[%‰*①②③]|\[\d\]|[一-鿿a-zA-Z/·³²%]{0,8})$"
)
_YEAR_CELL = re.compile(r"^(?:19|20)\d\d\s?(?:年|年度)?$")
# A cell like 单位:吨 stands in the title of a table, not in its header.
_UNIT_CELL = re.compile(r"^(?:计量)?(?:单位|unit)\s*:\s*\S", re.IGNORECASE)
_STARTS_WITH_YEAR = re.compile(r"(?:19|20)\d\d\s?年")
_GAPS = re.compile(r"\t+|\s{2,}")
_SENTENCE = re.compile(r"[。！？；]")
_WIDEST_CELL = 40
_FEWEST_CELLS = 6
_MOST_TRIES = 40


@dataclass(frozen=True)
class Grid:
    """A table: ``header`` rows and body ``rows`` of equal width, and the ``caption`` lines above it.

    ``ragged`` holds rows whose number of cells does not fit the header, so that no cell can be placed.
    """

    caption: tuple[str, ...]
    header: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    ragged: tuple[tuple[str, ...], ...] = ()


Block = str | Grid


def is_year(cell: str) -> bool:
    """Whether a cell is a year, not a value."""
    return bool(_YEAR_CELL.match(cell.strip()))


def is_value(cell: str) -> bool:
    """Whether a cell holds a number, sound or damaged; years are labels."""
    return bool(_VALUE_LIKE.match(cell.strip())) and not is_year(cell) and not _STARTS_WITH_YEAR.match(cell.strip())


def blocks_of(lines: list[str]) -> list[Block]:
    """The page as lines of text and grids, in order."""
    blocks: list[Block] = []
    place = 0
    tries = _Tries()
    while place < len(lines):
        grid, used = _grid_at(lines, place, blocks, tries)
        if grid:
            blocks.append(grid)
            place += used
        else:
            blocks.append(lines[place])
            place += 1
    return blocks


class _Tries:
    """Counts vain tries to read one run of single cells, so that a page of numbers does not take a square of its length."""

    def __init__(self) -> None:
        self._end = self._count = self._hopeless = 0

    def are_over(self, place: int) -> bool:
        """Whether ``place`` lies in a run that has been tried often enough."""
        return place < self._hopeless

    def allows(self, place: int, end: int) -> bool:
        """Whether a run that ends at ``end`` may be tried from ``place``."""
        self._count = self._count + 1 if end == self._end else 0
        self._end = end
        if self._count > _MOST_TRIES:
            self._hopeless = end
        return self._count <= _MOST_TRIES


def _grid_at(lines: list[str], place: int, blocks: list[Block], tries: _Tries) -> tuple[Grid | None, int]:
    for read in (partial(_stream, tries=tries), _rows, _spaced):
        cells, used = read(lines, place)
        if cells:
            grid = _shaped(cells, _caption(blocks))
            if grid:
                return grid, used
    return None, 0


def _caption(blocks: list[Block]) -> tuple[str, ...]:
    """Up to three lines directly above: title and unit line; a sentence ends the search."""
    lines: list[str] = []
    blank = 0
    for block in reversed(blocks[-6:]):
        if not isinstance(block, str) or _SENTENCE.search(block) or len(lines) == 3 or blank > 2:
            break
        if block.strip():
            lines.append(block.strip())
        else:
            blank += 1
    return tuple(reversed(lines))


# ---- rows of cells
def _rows(lines: list[str], place: int) -> tuple[list[list[str]], int]:
    """Consecutive lines of at least two cells each; blank lines between rows of bars are passed over."""
    rows: list[list[str]] = []
    end = used = place
    while end < len(lines):
        line = lines[end]
        if not line.strip() and rows and "|" in lines[used - 1]:
            end += 1
            continue
        cells = _cells(line)
        if cells is None:
            break
        if cells:
            rows.append(cells)
        end += 1
        used = end
    counted = sum(is_value(cell) for row in rows for cell in row)
    return (rows, used - place) if len(rows) >= 2 and counted >= 2 else ([], 0)


def _spaced(lines: list[str], place: int) -> tuple[list[list[str]], int]:
    """Rows whose cells stand one space apart: a header and at least two rows of a label and numbers, all equally wide."""
    rows: list[list[str]] = []
    for line in lines[place:]:
        cells = line.split()
        fits = len(cells) >= 3 and not _SENTENCE.search(line) and (not rows or len(cells) == len(rows[0]))
        if not fits or (rows and not all(is_value(cell) for cell in cells[1:])):
            break
        rows.append(cells)
    header_only = bool(rows) and not any(is_value(cell) for cell in rows[0])
    return (rows, len(rows)) if len(rows) >= 3 and header_only else ([], 0)


def _cells(line: str) -> list[str] | None:
    """The cells of a line; an empty list for a ruling line; ``None`` when it is no row."""
    stripped = line.strip()
    if not stripped:
        return None
    if "|" in stripped:
        if _RULE.match(stripped) and "-" in stripped:
            return []
        cells = [cell.strip(" *`") for cell in stripped.strip().removeprefix("|").removesuffix("|").split("|")]
        return cells if len(cells) >= 2 else None
    if _SENTENCE.search(stripped):
        return None
    cells = [cell.strip() for cell in _GAPS.split(stripped)]
    short = all(len(cell) <= _WIDEST_CELL for cell in cells)
    return cells if short and (len(cells) >= 3 or (len(cells) == 2 and "\t" in stripped)) else None


# ---- one cell to a line
def _stream(lines: list[str], place: int, tries: _Tries) -> tuple[list[list[str]], int]:
    """Cells that stand one to a line, put back into rows: a header, then a label and its values."""
    if not lines[place].strip() or tries.are_over(place):
        return [], 0
    cells, used = _single_cells(lines, place)
    if len(cells) < _FEWEST_CELLS or not tries.allows(place, place + used):
        return [], 0
    values = sum(is_value(cell) for cell in cells)
    if values < 3 or values * 5 < len(cells):
        return [], 0
    first = next((at for at, cell in enumerate(cells[:-1]) if _is_label(cell) and is_value(cells[at + 1])), None)
    if first is None or first < 1:
        return [], 0
    rows = [cells[:first]]
    for cell in cells[first:]:
        if _is_label(cell) and (len(rows) == 1 or any(is_value(one) for one in rows[-1])):
            rows.append([cell])
        else:
            rows[-1].append(cell)
    return _with_corner(rows), used


def _single_cells(lines: list[str], place: int) -> tuple[list[str], int]:
    """The run of lines that hold one short cell each, with or without a trailing bar."""
    cells: list[str] = []
    end = used = place
    barred = bool(lines[place].rstrip().endswith("|"))
    while end < len(lines):
        stripped = lines[end].strip()
        if stripped:
            if (
                stripped.endswith("|") != barred
                or "|" in stripped[:-1]
                or _SENTENCE.search(stripped)
                or len(stripped) > _WIDEST_CELL
            ):
                break
            cells.append(stripped.removesuffix("|").strip())
            used = end + 1
        end += 1
    return cells, used - place


def _is_label(cell: str) -> bool:
    return bool(re.search(r"[一-鿿A-Za-z]", cell)) and not is_value(cell) and not is_year(cell)


def _with_corner(rows: list[list[str]]) -> list[list[str]]:
    """The header with an empty corner when it has one cell fewer than the rows that follow."""
    widths = sorted(len(row) for row in rows[1:])
    usual = max(widths, key=widths.count)
    header = rows[0]
    # Lines of a menu before the table are no part of its header.
    header = (
        header[-usual:]
        if len(header) > usual and header[-usual]
        else header[1 - usual :]
        if len(header) > usual
        else header
    )
    if len(header) == usual - 1:
        header = ["", *header]
    return [header, *rows[1:]]


# ---- header and body
def _shaped(rows: list[list[str]], caption: tuple[str, ...]) -> Grid | None:
    """Header and body told apart: the header ends with the first row that holds a value."""
    first = next((at for at, row in enumerate(rows) if any(is_value(cell) for cell in row)), None)
    if first is None:
        return None
    header, body = rows[:first], rows[first:]
    titles = [row for row in header if any(_UNIT_CELL.match(cell) for cell in row)]
    header = [row for row in header if row not in titles]
    caption = (*caption, *(" ".join(row) for row in titles))
    widths = sorted(len(row) for row in (header or body))
    width = max(widths, key=widths.count)
    if not header and width < 2:
        return None
    header = [_padded(row, width) for row in header]
    fitting = [tuple(row) for row in body if len(row) == width]
    ragged = [tuple(row) for row in body if len(row) != width]
    if not fitting:
        return None
    return Grid(caption, tuple(tuple(row) for row in header), tuple(fitting), tuple(ragged))


def _padded(row: list[str], width: int) -> list[str]:
    """A header row of the table's width: a lone title reaches over all columns, a short row leaves the corner empty."""
    if len(row) == 1:
        return row * width
    return [""] * (width - len(row)) + row[:width]
