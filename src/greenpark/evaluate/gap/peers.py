"""Where parks stand among their peers: percentile and quartiles of the others, withheld where they are few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from greenpark.engine.shape import STATUS, Arrow, Bools, Coded, Cube, Floats, arrow_rows, arrow_table, reshape
from greenpark.evaluate.readings import as_chosen
from greenpark.model.gaps import PEERS
from greenpark.model.peering import SIZE_CLASSES, Peering, SizeClass

_QUARTILES = {"low_quarter": 0.25, "median": 0.5, "high_quarter": 0.75}
_STATUS = ("ok", "no_value", "withheld", "no_group")
_OK, _NO_VALUE, _WITHHELD, _NO_GROUP = range(len(_STATUS))


Compared = tuple[str, str, tuple[date, date], str]  # park, indicator, period, variant


@dataclass(frozen=True)
class PeerGroup:
    """Parks of one kind that share something; ``name`` says what, and is None where that is not known of its park."""

    name: str | None
    parks: tuple[str, ...]


def peer_groups(
    parks: Sequence[str], by: Sequence[str], words: Mapping[str, Mapping[str, str]]
) -> tuple[PeerGroup, ...]:
    """The groups of parks with the same word for everything in ``by``; who lacks a word stands alone, without a name.

    Parameters
    ----------
    words
        What each park is, by attribute.
    """
    found: dict[str, list[str]] = {}
    alone = []
    for park in sorted(parks):
        own = [words.get(park, {}).get(each, "") for each in by]
        if all(own):
            found.setdefault("+".join(f"{a}={w}" for a, w in zip(by, own, strict=True)), []).append(park)
        else:
            alone.append(PeerGroup(None, (park,)))
    return (*(PeerGroup(name, tuple(found[name])) for name in sorted(found)), *alone)


def size_classes(sizes: Mapping[str, float]) -> dict[str, SizeClass]:
    """The third that each park is in by its size; equal sizes share the lower third."""
    names = sorted(sizes)
    values = np.array([sizes[name] for name in names], dtype=np.float64)
    below = np.searchsorted(np.sort(values), values, side="left")
    thirds = len(SIZE_CLASSES) * below // max(len(names), 1)
    return {name: SIZE_CLASSES[int(third)] for name, third in zip(names, thirds, strict=True)}


def peer_benchmark(indicators: Arrow, groups: Sequence[PeerGroup], units: Mapping[str, str], peering: Peering) -> Arrow:
    """One row for each park of the groups, indicator, period and variant: its percentile among the others, and their quartiles.

    percentile = (others below + half of the others that are equal) / others;
    quartile q = the value at place q (n − 1) of the n others in order, straight between two of them

    Parameters
    ----------
    units
        The indicators to compare, with the unit of each.

    Returns
    -------
    Arrow
        The table ``peers`` without ``run``. A park is left out of its own benchmark. With fewer others than
        ``peering.least`` that have a value, nothing is shown of them nor where the park stands; with fewer than
        ``least_for_quartiles`` no quartiles, of which each would be the value of one or two parks.
    """
    cube = reshape(as_chosen(indicators), "indicator", units)
    place = {name: index for index, name in enumerate(cube.entities)}
    tables = [
        _rows_of(cube, place[park], [place[each] for each in group.parks if each in place and each != park], group, units, peering)
        for group in groups
        for park in group.parks
        if park in place
    ]  # fmt: skip
    return pa.concat_tables(tables) if tables else arrow_rows([], PEERS)


def peers_of(indicators: Arrow, groups: Sequence[PeerGroup], parks: Sequence[str]) -> dict[Compared, frozenset[str]]:
    """The others with a value that each row of the benchmark of some parks rests on."""
    cube = reshape(as_chosen(indicators), "indicator", sorted(set(indicators.column("indicator").to_pylist())))
    place, usable = {name: index for index, name in enumerate(cube.entities)}, _usable(cube)
    found = {}
    for park in [each for each in parks if each in place]:
        others = {each for group in groups if park in group.parks for each in group.parks if each in place} - {park}
        for period, variant, item in zip(*np.nonzero(cube.status[place[park]] >= 0), strict=True):
            row = (park, cube.items[item], cube.periods[period], cube.variants[variant])
            found[row] = frozenset(each for each in others if usable[place[each], period, variant, item])
    return found


def _rows_of(
    cube: Cube, own: int, others: Sequence[int], group: PeerGroup, units: Mapping[str, str], peering: Peering
) -> Arrow:
    """The rows of one park, for all that it has a row for."""
    at = cube.status[own] >= 0
    period, variant, item = np.nonzero(at)
    value = np.where(_usable(cube)[own], cube.value[own], np.nan)[at]
    inside = np.array(others, dtype=np.int64)
    ordered = np.sort(np.where(_usable(cube)[inside], cube.value[inside], np.nan)[:, at], axis=0)
    count = np.count_nonzero(~np.isnan(ordered), axis=0)
    status = np.where(count < peering.least, _WITHHELD, np.where(np.isnan(value), _NO_VALUE, _OK))
    status = status if group.name is not None else np.full(len(status), _NO_GROUP)
    shown = status <= _NO_VALUE
    spread = {name: _quantile(ordered, count, q, shown & (count >= peering.least_for_quartiles))
              for name, q in _QUARTILES.items()}  # fmt: skip
    size = len(value)
    starts, ends = zip(*cube.periods, strict=True)
    columns = {
        "entity": pa.array([cube.entities[own]] * size, pa.string()),
        "indicator": Coded(item, cube.items), "start": pa.array(starts, pa.date32()).take(pa.array(period)),
        "end": pa.array(ends, pa.date32()).take(pa.array(period)), "variant": Coded(variant, cube.variants), "value": value,
        "unit": Coded(item, [units[each] for each in cube.items]), "group": pa.array([group.name] * size, pa.string()),
        "members": np.full(size, len(group.parks) - 1), "others": count,
        "percentile": np.where(status == _OK, _percentile(ordered, count, value), np.nan), **spread,
        "status": Coded(status, _STATUS),
    }  # fmt: skip
    return arrow_table(columns, PEERS)


def _usable(cube: Cube) -> Bools:
    return np.asarray(
        (cube.status >= 0) & (cube.status != STATUS["not_evaluable"]) & ~np.isnan(cube.value), dtype=np.bool_
    )


def _percentile(ordered: Floats, count: Floats, value: Floats) -> Floats:
    below, equal = (ordered < value).sum(axis=0), (ordered == value).sum(axis=0)
    return np.asarray((below + 0.5 * equal) / np.maximum(count, 1), dtype=np.float64)


def _quantile(ordered: Floats, count: Floats, q: float, shown: Bools) -> Floats:
    """The quantile of each column, of which the first ``count`` are in order and the rest NaN."""
    if not len(ordered):
        return np.full(ordered.shape[1], np.nan)
    middle = q * np.maximum(count - 1, 0)
    low = np.floor(middle).astype(np.int64)
    high = np.minimum(low + 1, np.maximum(count - 1, 0))
    first, second = (np.take_along_axis(ordered, each[None, :], axis=0)[0] for each in (low, high))
    return np.where(shown, first + (middle - low) * (second - first), np.nan)
