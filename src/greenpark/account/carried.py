"""What an earlier run made of rows that are there again: its cells are taken over, its rows are not counted anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from greenpark.account.boundary import Boundary
from greenpark.account.kinds import SERIES_WORDS, Row, period_of_year
from greenpark.engine.connect import Engine
from greenpark.engine.provenance import hash_words


@dataclass(frozen=True)
class Carried:
    """``cells``: narrow cells of all observations but the ``fresh`` ones; ``words``: their series with its words.

    ``added``: the observations that the earlier run did not count. ``areas``: entity and area of everybody it knew;
    ``dated``: digest of those whose membership had dates; ``unregistered``: who carried data without being registered.
    """

    cells: Any
    words: pa.Table
    fresh: Any
    added: Any
    areas: pa.Table
    dated: str
    unregistered: tuple[str, ...]

    def holds(self, boundary: Boundary) -> bool:
        """Whether nothing changed that earlier results rest on: areas choose factors, dates divide cells."""
        if self.dated != digest_of_dated(boundary):
            return False
        now = boundary.units.select(["entity", "area"]).rename_columns(["entity", "area_now"])
        both = self.areas.join(now, "entity", join_type="inner")
        return bool(pc.all(pc.equal(both["area"], both["area_now"])).as_py() is not False)

    def adds_up(self, words: pa.Table) -> bool:
        """Whether the carried cells are whole numbers of the same scales as those that are made now."""
        now = {row["series"]: row["scale"] for row in words.to_pylist()}
        return all(now.get(row["series"], row["scale"]) == row["scale"] for row in self.words.to_pylist())

    def keys(self, engine: Engine) -> list[Row]:
        """The words of the carried cells, each with the period of its year in place of its own."""
        pairs = engine.to_arrow(self.cells.select("series", "year_number").distinct()).to_pylist()
        words = {row["series"]: {name: row[name] for name in SERIES_WORDS} for row in self.words.to_pylist()}
        periods = {row["year_number"]: period_of_year(row["year_number"]) for row in pairs}
        return [
            words[row["series"]] | dict(zip(("start", "end"), periods[row["year_number"]], strict=True))
            for row in sorted(pairs, key=lambda row: (row["series"], row["year_number"]))
        ]


def digest_of_dated(boundary: Boundary) -> str:
    """What stands for the entities whose membership has dates."""
    return hash_words(*boundary.dated)


def has_quantity(keys: Sequence[Row], beginning: str) -> bool:
    """Whether any quantity begins so."""
    return any(row["quantity"].startswith(beginning) for row in keys)
