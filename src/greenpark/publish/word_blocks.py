"""What a Word report is made of: paragraphs, page breaks and tables, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """The text of a cell and the side on which it stands."""

    text: str
    side: str = "left"


@dataclass(frozen=True)
class Block:
    """One part: ``kind`` is table, break, or a kind of paragraph of the template."""

    kind: str
    text: str = ""
    columns: tuple[Cell, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> list[Block]:
    """A table whose columns ``right`` hold numbers; nothing when it has no rows."""
    sides = ["right" if place in right else "left" for place in range(len(columns))]
    filled = tuple(tuple(Cell(text, side) for text, side in zip(row, sides, strict=True)) for row in rows)
    return [Block("table", columns=tuple(map(Cell, columns, sides)), rows=filled)] if filled else []
