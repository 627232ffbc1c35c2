"""The rows of a table as cells and periods: which row is which, which stand twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from greenpark.measure.drivers.free_table import Cells, Ints
from greenpark.measure.drivers.lmdi import Floats


@dataclass(frozen=True)
class Indexed:
    """The cells of a table with the words of their codes.

    ``rows``: of each row of the cells, its row in the table. ``repeated`` and ``nameless``: rows of the table whose cell
    was there before in the period, and rows without a period.
    """

    cells: Cells
    periods: tuple[str, ...]
    names: tuple[str, ...]
    of_key: Mapping[str, tuple[str, ...]]
    rows: Ints
    repeated: tuple[int, ...]
    nameless: tuple[int, ...]

    def row_of(self, period: int, cell: int) -> int | None:
        """The row of the table in which a cell stands in a period; None where it does not."""
        return self._places.get((period, cell))

    @cached_property
    def _places(self) -> dict[tuple[int, int], int]:
        found = zip(self.cells.period.tolist(), self.cells.cell.tolist(), strict=True)
        return dict(zip(found, self.rows.tolist(), strict=True))


def index_cells(period: Any, keys: Mapping[str, Any], columns: Mapping[str, Floats]) -> Indexed:
    """The cells of a table.

    Parameters
    ----------
    period, keys
        Columns of words (Arrow); an empty period is none, an empty key is a word like others.
    columns
        Numbers [row], NaN where they cannot be used.
    """
    when = period.to_pandas().fillna("")
    words = {name: column.to_pandas().fillna("") for name, column in keys.items()}
    periods = tuple(sorted(set(when) - {""}, key=_chronological))
    at = pd.Categorical(when, categories=list(periods)).codes.astype(np.int64)
    cell, unique = pd.factorize(
        pd.MultiIndex.from_arrays(list(words.values())) if words else pd.Index([""] * len(when))
    )
    names = tuple(" · ".join(map(str, each)) if isinstance(each, tuple) else str(each) for each in unique)
    pairs, inside = pd.DataFrame({"at": at, "cell": cell}), at >= 0
    first = pd.Series(cell).drop_duplicates().index
    codes, of_key = {}, {}
    for name, column in words.items():
        code, found = pd.factorize(column, sort=True)
        codes[name], of_key[name] = np.asarray(code, dtype=np.int64)[first], tuple(map(str, found))
    bad = pairs.duplicated(keep=False).to_numpy()
    for value in columns.values():
        bad = bad | np.isnan(value)
    cells = Cells(
        at[inside], np.asarray(cell, dtype=np.int64)[inside], {name: value[inside] for name, value in columns.items()},
        codes, bad[inside], len(periods), len(names),
    )  # fmt: skip
    repeated = np.flatnonzero(pairs.duplicated().to_numpy() & inside)
    nameless = np.flatnonzero(~inside)
    return Indexed(
        cells, periods, names, of_key, np.flatnonzero(inside), tuple(repeated.tolist()), tuple(nameless.tolist())
    )


def _chronological(text: str) -> tuple[int, float, str]:
    """Years in their order, other periods by their text."""
    try:
        return 0, float(text), text
    except ValueError:
        return 1, 0.0, text
