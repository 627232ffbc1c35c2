"""``protect``: which cells of a table may be released, so that neither it nor its history gives a contributor away.

``protect_together`` does so for all tables of a release whose numbers have to do with one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from greenpark.model.confidentiality import ConfidentialityRule
from greenpark.publish.confidentiality.contributions import Contribution, Dimension, Place
from greenpark.publish.confidentiality.layers import Layer
from greenpark.publish.confidentiality.movement import Bounds
from greenpark.publish.confidentiality.restoring import restore
from greenpark.publish.confidentiality.sensitivity import reason_of
from greenpark.publish.confidentiality.suppressing import Atoms, Suppression, collect, suppress
from greenpark.publish.confidentiality.system import System, build_system
from greenpark.publish.confidentiality.worth import costs_of, tiers_of

_ROUNDING = 1e-12
Mark = Literal["", "few", "dominated", "secondary"]


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its true value, its contributors, and why it is not released (empty: it is)."""

    place: Place
    value: float
    units: int
    mark: Mark

    @property
    def released(self) -> float | None:
        """The value as it is released; None when it is withheld, which is neither zero nor absent."""
        return None if self.mark else self.value


@dataclass(frozen=True)
class Protected:
    """A protected table, and all that a reader has seen of it and of what it is linked with.

    ``system`` with its ``published`` cells holds all tables that were protected together; ``targets`` are the sums that
    must stay unknown, with how far. ``given_away`` names the places whose sensitive sums can be worked out from tables
    that were released before, which nothing can take back.
    """

    layer: Layer
    cells: tuple[Cell, ...]
    system: System
    published: tuple[bool, ...]
    targets: tuple[tuple[tuple[int, ...], float], ...]
    given_away: tuple[Place, ...] = ()

    @property
    def by_place(self) -> dict[Place, Cell]:
        """The cells by their place."""
        return {cell.place: cell for cell in self.cells}


def protect(
    dimensions: Sequence[Dimension],
    contributions: Sequence[Contribution],
    rule: ConfidentialityRule,
    earlier: Sequence[Layer] = (),
    key: str = "",
    secondary: bool = True,
) -> Protected:
    """The table of these contributions with every cell that must not be released marked.

    Parameters
    ----------
    earlier
        Tables of the same number (same quantity, period and variant) that were released before: their own places,
        contributions and suppressed cells. What follows from the differences to them is protected too.
    secondary
        False: only cells that are sensitive themselves are marked. Such a table can be attacked; for comparison only.
    """
    table = Layer(key, tuple(dimensions), tuple(contributions))
    return protect_together([table], rule, [each for each in earlier if each.key == key], secondary=secondary)[0]


def protect_together(
    tables: Sequence[Layer], rule: ConfidentialityRule, earlier: Sequence[Layer] = (), *, secondary: bool = True
) -> tuple[Protected, ...]:
    """Tables that are released at once and whose numbers add up to one another, as one system.

    Parameters
    ----------
    tables
        One for each number and layout, the most wanted first. Tables of one number share their ``key``; numbers that
        may be subtracted from one another share their ``family``.
    earlier
        What was released of the same families before.
    """
    layers = (*earlier, *tables)
    first = len(earlier)
    system = build_system(layers)
    own = np.array([layer >= first for layer, _ in system.cells], dtype=bool)
    reasons = {row: _reason(system, row, rule) for row in np.flatnonzero(own).tolist()}
    published = np.array([_is_published(layers, cell, first) for cell in system.cells], dtype=bool)
    published[[row for row, reason in reasons.items() if reason]] = False
    state = Suppression(
        system, layers, rule, _bounds(system, rule), published, own, costs_of(system, layers, first),
        tiers_of(system, layers),
    )  # fmt: skip
    if secondary:
        before = published.copy()
        suppress(state)
        restore(state, before & ~state.published & own)
    else:
        collect(state)
    return tuple(_protected(state, number, reasons) for number in range(first, len(layers)))


def _protected(state: Suppression, number: int, reasons: dict[int, Mark]) -> Protected:
    rows = [row for row, (layer, _) in enumerate(state.system.cells) if layer == number]
    cells = tuple(_cell(state.system, row, reasons[row], bool(state.published[row])) for row in rows)
    withheld = frozenset(cell.place for cell in cells if cell.mark)
    return Protected(
        replace(state.layers[number], suppressed=withheld), cells, state.system,
        tuple(bool(each) for each in state.published), tuple(sorted(state.targets.items())),
        tuple(sorted({place for key in state.lost for place in _places_of(state.system, number, key)})),
    )  # fmt: skip


def _places_of(system: System, number: int, key: Atoms) -> set[Place]:
    """The cells of a table that a sum stands in, or that it is a remainder of."""
    wanted = set(key)
    found = {
        place
        for row, (layer, place) in enumerate(system.cells)
        if layer == number and wanted <= set(system.members(row).tolist())
    }
    return found | {
        each.place
        for each in system.remainders
        if wanted <= set(each.atoms) and any(layer == number for layer, _ in each.terms)
    }


def _reason(system: System, row: int, rule: ConfidentialityRule) -> Mark:
    return reason_of(system.contributors(system.members(row)), rule)


def _is_published(layers: Sequence[Layer], cell: tuple[int, Place], first: int) -> bool:
    layer, place = cell
    if layer < first:
        return place not in layers[layer].suppressed
    # The pattern of the table before is kept where it can be: two different patterns give more away than one.
    own = layers[layer]
    return not any(
        place in each.suppressed and each.dimensions == own.dimensions for each in layers[:first] if each.key == own.key
    )


def _bounds(system: System, rule: ConfidentialityRule) -> Bounds:
    """How far a reader thinks each atom may lie from its value: nobody takes a zero for certain, nor for negative."""
    known = system.gross[system.gross > 0]
    least = float(known.min()) if len(known) else 1.0
    high = rule.prior_share * np.where(system.gross > 0, system.gross, least)
    low = np.where(system.gross > 0, -high, 0.0)
    return Bounds(low, high)


def _cell(system: System, row: int, reason: Mark, is_published: bool) -> Cell:
    members = system.members(row)
    mark: Mark = "" if is_published else (reason or "secondary")
    value = float(system.values[members].sum())
    # What is left of amounts that cancel out is rounding, not a number.
    value = 0.0 if abs(value) <= _ROUNDING * float(system.gross[members].sum()) else value
    return Cell(system.cells[row][1], value, len(system.contributors(members)), mark)
