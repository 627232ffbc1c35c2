"""What units contribute to a table, and the hierarchies by which the table adds it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

Place = tuple[str, ...]


@dataclass(frozen=True)
class Contribution:
    """What one unit adds to the cell at ``place`` (a code of each dimension) and to all cells above it.

    ``unit`` empty: a remainder that belongs to nobody (losses, settlements inside a park), which has no contributor.
    ``part``: what of the unit it is (a carrier), where tables take its parts apart; then in all tables that are linked.
    """

    unit: str
    place: Place
    value: float
    part: str = ""


@dataclass(frozen=True)
class Dimension:
    """One dimension of a table: each code with the code that it is summed into; the topmost stand under the empty one.

    >>> Dimension("zone", {"a": "jiangsu", "jiangsu": "china", "china": ""}).above("a")
    ('a', 'jiangsu', 'china')
    """

    id: str
    parents: Mapping[str, str]

    def above(self, code: str) -> tuple[str, ...]:
        """The code and all codes that it is summed into, upwards.

        Raises
        ------
        ValueError
            When a code stands inside itself.
        """
        trail = [code]
        while parent := self.parents.get(trail[-1], ""):
            if parent in trail:
                raise ValueError(f"{self.id}: {parent} stands inside itself")
            trail.append(parent)
        return tuple(trail)

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """The codes summed into each code, sorted."""
        found: dict[str, list[str]] = {}
        for code in sorted(self.parents):
            if self.parents[code]:
                found.setdefault(self.parents[code], []).append(code)
        return {code: tuple(each) for code, each in found.items()}
