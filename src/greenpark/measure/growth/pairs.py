"""The totals of each pair of years under each other's firms and factors, computed once for all figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from greenpark.measure.growth.cells import Places
from greenpark.measure.growth.recompute import (
    Membership,
    Presence,
    belongs,
    changed_factors,
    climb,
    listed,
    present_keys,
    same,
    totals,
)

NAMED_FIRMS = 3
ACTIVITY = "activity"  # the family of figures computed from energy and emission rows: who reports any, reports
_SHIFT = {"same_boundary": 1, "same_boundary_previous": -1, "same_factors": 1, "same_factors_previous": -1}
Totals = Mapping[tuple[str, str, str, int], float]


@dataclass(frozen=True)
class Side:
    """One side of a growth, recomputed; ``value`` None where it cannot be told."""

    value: float | None
    status: str
    reason: str
    detail: tuple[tuple[str, object], ...] = ()


class Recomputation:
    """What places bring to figures, and the totals that follow from it.

    Parameters
    ----------
    computed
        Parts from energy and emission rows (see `recompute.enter`).
    reported
        Parts of reported quantities: place, year, first, last, quantity, variant, value.
    names
        Entity to its name, for what is said of firms.
    """

    def __init__(
        self, computed: pd.DataFrame, reported: pd.DataFrame, places: Places, membership: Membership,
        names: Mapping[str, str],
    ) -> None:  # fmt: skip
        self._places, self._membership, self._names = places, membership, names
        self._computed = climb(computed, places).assign(family=ACTIVITY)
        self._reported = climb(reported, places)
        self._reported = self._reported.assign(family=self._reported["quantity"])
        self._quantities = frozenset(self._computed["quantity"].unique())

    def side(self, kind: str, now: Mapping[str, Any], base: Mapping[str, Any]) -> Side | None:
        """The recomputed side of a kind of growth of a total; None where the kind does not apply to it."""
        computed = now["quantity"] in self._quantities
        shift = _SHIFT[kind]
        row = base if shift > 0 else now
        if kind.startswith("same_factors"):
            return self._with_factors(row, shift) if computed else None
        if not computed and not self._of_firms(row) and shift < 0:
            return None
        return self._with_firms(row, shift)

    def _with_factors(self, row: Mapping[str, Any], shift: int) -> Side:
        problem = self._disagrees(row, self._own[0], self._own[1])
        if problem:
            return problem
        values, lost, changed = self._factored[shift]
        key = _key(row)
        if lost.get(key, 0.0) > 0:
            return Side(None, "not_evaluable", "measure.growth_factor_unknown", (("rows", int(lost[key])),))
        if key not in changed:
            return Side(values.get(key), "ok", "measure.growth_factors_unchanged")
        return Side(values.get(key), "ok", "measure.growth_factors_changed", (("changed", changed[key]),))

    def _with_firms(self, row: Mapping[str, Any], shift: int) -> Side:
        computed = row["quantity"] in self._quantities
        own, sizes = self._own if computed else self._own_reported
        problem = self._disagrees(row, own, sizes)
        if problem:
            return problem
        family = ACTIVITY if computed else row["quantity"]
        year = row["start"].year
        entered, left = self._moved(family, row["entity"], year, shift)
        without = sorted(each for each in (entered if shift > 0 else left) if (family, each, year) not in self._known)
        values = self._listed[shift] if computed else self._listed_reported[shift]
        detail = (("entered", self._named(entered)), ("left", self._named(left)), ("without", self._named(without)))
        value = values.get(_key(row), 0.0 if (entered or left) else None)
        if without:
            return Side(value, "partial", "measure.growth_firms_without_data", detail)
        if entered or left or (value is not None and not same(value, own[_key(row)], int(sizes[_key(row)]))):
            return Side(value, "ok", "measure.growth_firms_changed", detail)
        return Side(value, "ok", "measure.growth_firms_unchanged")

    def _disagrees(self, row: Mapping[str, Any], own: Totals, sizes: Totals) -> Side | None:
        """Why a figure cannot be recomputed: it is not the sum of what firms bring."""
        key = _key(row)
        if not _is_year(row["start"], row["end"]):
            return Side(None, "not_evaluable", "measure.growth_no_whole_year")
        if row["value"] is None:
            return Side(None, "not_evaluable", "measure.growth_undefined")
        if key not in own:
            return Side(None, "not_evaluable", "measure.growth_not_from_firms")
        if not same(row["value"], own[key], int(sizes[key])):
            return Side(None, "not_evaluable", "measure.growth_not_reproduced")
        return None

    def _of_firms(self, row: Mapping[str, Any]) -> bool:
        return _key(row) in self._own_reported[0]

    def _moved(self, family: str, level: str, year: int, shift: int) -> tuple[list[str], list[str]]:
        """The firms of a level that entered and left between the two years, and those that stopped reporting."""
        later, earlier = (year + 1, year) if shift > 0 else (year, year - 1)
        now, before = (self._firms.get((family, level, each), frozenset()) for each in (later, earlier))
        return sorted(now - before), sorted(before - now)

    def _named(self, places: Sequence[str]) -> str:
        told = [self._names.get(each) or each for each in places[:NAMED_FIRMS]]
        return f"{len(places)}" + (f" ({', '.join(told)}{' …' if len(places) > NAMED_FIRMS else ''})" if told else "")

    @cached_property
    def _own(self) -> tuple[Totals, Totals]:
        return self._sums_of(self._computed)

    @cached_property
    def _own_reported(self) -> tuple[Totals, Totals]:
        return self._sums_of(self._reported)

    def _sums_of(self, parts: pd.DataFrame) -> tuple[Totals, Totals]:
        """Totals under the year's own firms and factors, and of how many parts each is made."""
        counted = belongs(parts, self._membership, 0)
        return totals(parts, counted, "value"), totals(parts.assign(size=1), counted, "size")

    @cached_property
    def _present(self) -> set[Presence]:
        """Who counts in which family, where and when."""
        every = (self._computed, self._reported)
        return set().union(*(present_keys(parts, belongs(parts, self._membership, 0)) for parts in every))

    @cached_property
    def _firms(self) -> dict[tuple[str, str, int], frozenset[str]]:
        """The firms that may move, by family, level and year."""
        found: dict[tuple[str, str, int], set[str]] = defaultdict(set)
        for family, place, level, year in self._present:
            if place in self._places.moving:
                found[(family, level, year)].add(place)
        return {key: frozenset(places) for key, places in found.items()}

    @cached_property
    def _known(self) -> set[tuple[str, str, int]]:
        """Who has data at all in which family and year, inside the boundary or not."""
        every = pd.concat([parts[["family", "place", "year"]] for parts in (self._computed, self._reported)])
        return set(every.drop_duplicates().itertuples(index=False, name=None))

    @cached_property
    def _listed(self) -> dict[int, Totals]:
        return {shift: self._over_firms(self._computed, shift) for shift in (1, -1)}

    @cached_property
    def _listed_reported(self) -> dict[int, Totals]:
        return {shift: self._over_firms(self._reported, shift) for shift in (1, -1)}

    def _over_firms(self, parts: pd.DataFrame, shift: int) -> Totals:
        counted = listed(parts, belongs(parts, self._membership, shift), self._places, self._present, shift)
        return totals(parts, counted, "value")

    @cached_property
    def _factored(self) -> dict[int, tuple[Totals, Totals, Mapping[tuple[str, str, str, int], str]]]:
        counted = belongs(self._computed, self._membership, 0)
        return {
            shift: (
                totals(self._computed, counted, f"with_{side}"),
                totals(self._computed, counted, f"lost_{side}"),
                changed_factors(self._computed, counted, side),
            )
            for shift, side in ((1, "next"), (-1, "before"))
        }


def _key(row: Mapping[str, Any]) -> tuple[str, str, str, int]:
    return row["entity"], row["quantity"], row["variant"], row["start"].year


def _is_year(start: date, end: date) -> bool:
    return (start.month, start.day) == (1, 1) and end == date(start.year + 1, 1, 1)
