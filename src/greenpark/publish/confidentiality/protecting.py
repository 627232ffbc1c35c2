"""``protect``: which cells of a table may be released, so that neither it nor its history gives a contributor away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from greenpark.model.confidentiality import ConfidentialityRule
from greenpark.publish.confidentiality.contributions import Contribution, Dimension, Place
from greenpark.publish.confidentiality.layers import Layer, System, build_system
from greenpark.publish.confidentiality.movement import Bounds
from greenpark.publish.confidentiality.sensitivity import reason_of
from greenpark.publish.confidentiality.suppressing import Suppression, collect, suppress

_TOTAL = 50.0  # how many times dearer the total of all cells is than its size says
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
    """A protected table, and all that a reader has seen of the same number (``system`` with its ``published`` cells).

    ``given_away`` names the places whose sensitive sums can be worked out from tables that were released before, which
    nothing can take back.
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
    shape = tuple(dimensions)
    table = Layer(key, shape, tuple(contributions))
    layers = (*(each for each in earlier if each.key == key), table)
    system = build_system(layers)
    last = len(layers) - 1
    own = np.array([layer == last for layer, _ in system.cells], dtype=bool)
    reasons = {row: _reason(system, row, rule) for row in np.flatnonzero(own).tolist()}
    published = np.array([_is_published(layers, cell, last) for cell in system.cells], dtype=bool)
    published[[row for row, reason in reasons.items() if reason]] = False
    state = Suppression(system, rule, _bounds(system, rule), published, own, _costs(system))
    if secondary:
        suppress(state, shape)
    else:
        collect(state, shape)
    cells = tuple(_cell(system, row, reasons[row], bool(state.published[row])) for row in np.flatnonzero(own).tolist())
    withheld = frozenset(cell.place for cell in cells if cell.mark)
    places = {
        system.cells[row][1]
        for key_ in state.lost
        for row in np.flatnonzero(own).tolist()
        if set(key_) <= set(system.members(row))
    }
    return Protected(
        Layer(key, shape, table.contributions, withheld), cells, system, tuple(bool(each) for each in state.published),
        tuple(sorted(state.targets.items())), tuple(sorted(places)),
    )  # fmt: skip


def _reason(system: System, row: int, rule: ConfidentialityRule) -> Mark:
    return reason_of(system.contributors(system.members(row)), rule)


def _is_published(layers: Sequence[Layer], cell: tuple[int, Place], last: int) -> bool:
    layer, place = cell
    if layer < last:
        return place not in layers[layer].suppressed
    # The pattern of the table before is kept where it can be: two different patterns give more away than one.
    return not any(place in each.suppressed and each.dimensions == layers[last].dimensions for each in layers[:last])


def _bounds(system: System, rule: ConfidentialityRule) -> Bounds:
    """How far a reader thinks each atom may lie from its value: nobody takes a zero for certain, nor for negative."""
    known = system.gross[system.gross > 0]
    least = float(known.min()) if len(known) else 1.0
    high = rule.prior_share * np.where(system.gross > 0, system.gross, least)
    low = np.where(system.gross > 0, -high, 0.0)
    return Bounds(low, high)


def _costs(system: System) -> np.ndarray:
    """What withdrawing a cell costs: the more finest cells it sums, the dearer; the total of all is what all ask for."""
    sizes = np.diff(system.matrix.indptr).astype(float)
    return np.asarray(np.where(sizes == sizes.max(initial=0.0), _TOTAL, 1.0) * np.sqrt(sizes))


def _cell(system: System, row: int, reason: Mark, is_published: bool) -> Cell:
    members = system.members(row)
    mark: Mark = "" if is_published else (reason or "secondary")
    return Cell(system.cells[row][1], float(system.values[members].sum()), len(system.contributors(members)), mark)
