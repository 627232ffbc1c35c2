"""The CO2 of one park by unit, category, carrier and year as dense arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenpark.measure.drivers.levels import Codes
from greenpark.measure.drivers.lmdi import Bools, Floats

INTERNAL = "_internal"


@dataclass(frozen=True)
class Unit:
    """What is known of a unit beside its numbers."""

    entity: str
    industry: str
    role: str


@dataclass(frozen=True)
class Inventory:
    """CO2 t, amounts and energy tce [year, unit, cell], with what is delivered inside [year, unit, cell] apart.

    ``cells`` are (category, carrier). ``value_added`` and ``current`` [year, unit] are at comparable and at current
    prices, ``linked`` [pair, unit] the value added of the first year of a pair in the prices of the second.
    """

    years: tuple[int, ...]
    units: tuple[Unit, ...]
    cells: tuple[tuple[str, str], ...]
    t: Floats
    amount: Floats
    tce: Floats
    inside_t: Floats
    inside_amount: Floats
    value_added: Floats
    linked: Floats
    current: Floats

    def of(self, *categories: str) -> NDArray[np.int64]:
        """The cells of these categories."""
        found = [place for place, (category, _) in enumerate(self.cells) if category in categories]
        return np.array(found, dtype=np.int64)

    @property
    def present(self) -> Bools:
        """[year, unit]: whether the unit has any energy or emissions in the year."""
        return np.asarray((self.t != 0).any(axis=-1) | (self.tce != 0).any(axis=-1), dtype=bool)

    def industries(self) -> tuple[tuple[str, ...], Codes]:
        """The industries by code, and that of each unit; units without one stand together."""
        words = sorted({each.industry for each in self.units})
        place = {word: number for number, word in enumerate(words)}
        return tuple(words), np.array([place[each.industry] for each in self.units], dtype=np.int64)


def inventory_of(
    cells: pd.DataFrame, values: pd.DataFrame, units: Mapping[str, Unit], years: Sequence[int], turns: Sequence[int]
) -> Inventory:
    """The arrays of one park and one view.

    Parameters
    ----------
    cells
        Rows of ``cells.sum_cells`` of the park and the view; what is delivered inside has a category ``…_internal``.
    values
        entity, quantity (``comparable`` or ``current``), year, value.
    turns
        Years in whose prices the years after them are valued: there, the value at current prices is the one that
        compares with the next year.
    """
    names = sorted(set(cells["entity"]))
    labels = sorted({(str(a), str(b)) for a, b in zip(cells["category"], cells["carrier"], strict=True)})
    labels = [(category.removesuffix(INTERNAL) + "_out" if category.endswith(INTERNAL) else category, carrier)
              for category, carrier in labels]  # fmt: skip
    labels = sorted(set(labels))
    inside = cells["category"].str.endswith(INTERNAL).to_numpy(dtype=bool)
    plain = (
        cells["category"]
        .str.removesuffix(INTERNAL)
        .where(~inside, cells["category"].str.removesuffix(INTERNAL) + "_out")
    )
    place = {label: number for number, label in enumerate(labels)}
    at = (
        pd.Categorical(cells["year"], categories=list(years)).codes.astype(np.int64),
        pd.Categorical(cells["entity"], categories=names).codes.astype(np.int64),
        np.array([place[label] for label in zip(plain, cells["carrier"], strict=True)], dtype=np.int64),
    )
    shape = (len(years), len(names), len(labels))

    def spread(column: str, kept: Any) -> Floats:
        found = np.zeros(shape)
        rows = kept & (at[0] >= 0)
        np.add.at(found, tuple(index[rows] for index in at), cells[column].fillna(0.0).to_numpy(dtype=float)[rows])
        return found

    comparable, current = (_by_year(values, name, names, years) for name in ("comparable", "current"))
    turned = np.array([year in turns for year in years[:-1]], dtype=bool)
    linked = np.where(turned[:, None], current[:-1], comparable[:-1])
    return Inventory(
        tuple(years), tuple(units.get(name, Unit(name, "", "")) for name in names), tuple(labels),
        spread("t", ~inside), spread("amount", ~inside), spread("tce", ~inside), spread("t", inside),
        spread("amount", inside), comparable, linked, current,
    )  # fmt: skip


def _by_year(values: pd.DataFrame, quantity: str, names: Sequence[str], years: Sequence[int]) -> Floats:
    """[year, unit], NaN where nothing is reported."""
    rows = values[values["quantity"] == quantity]
    wide = rows.pivot_table(index="year", columns="entity", values="value", aggfunc="first")
    return wide.reindex(index=list(years), columns=list(names)).to_numpy(dtype=float)
