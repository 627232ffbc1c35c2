"""Where a park stands among its peers: percentile and quartiles of the others, withheld where they are few."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from greenpark.engine.shape import STATUS, Arrow, arrow_rows, reshape
from greenpark.evaluate.readings import as_chosen
from greenpark.model.gaps import PEERS

_QUARTILES = (0.25, 0.5, 0.75)


def peer_benchmark(
    indicators: Arrow,
    entity: str,
    peers: Collection[str],
    group: Sequence[str],
    names: Mapping[str, str],
    least: int,
    least_for_quartiles: int,
) -> Arrow:
    """One row for each indicator, year and variant of a park: its percentile among its peers, and their quartiles.

    percentile = (others below + half of the others that are equal) / others

    Parameters
    ----------
    peers
        The other parks of its group; the park itself is left out of its own benchmark.
    group
        What they share, for the column ``group``.
    names
        The indicators to compare, with the unit of each.
    least, least_for_quartiles
        With fewer others that have a value nothing is shown of them, nor where the park stands; with fewer than the
        second no quartiles, of which each would be the value of one or two parks.

    Returns
    -------
    Arrow
        The table ``peers`` without ``run``.
    """
    cube = reshape(as_chosen(indicators), "indicator", names)
    if entity not in cube.entities:
        return arrow_rows([], PEERS)
    own = cube.entities.index(entity)
    others = np.array([name in peers and name != entity for name in cube.entities], dtype=np.bool_)
    usable = (cube.status >= 0) & (cube.status != STATUS["not_evaluable"]) & ~np.isnan(cube.value)
    rows = []
    for place in np.argwhere(cube.status[own] >= 0):
        period, variant, item = (int(each) for each in place)
        at = (slice(None), period, variant, item)
        values = cube.value[at][others & usable[at]]
        value = float(cube.value[(own, *at[1:])]) if usable[(own, *at[1:])] else None
        rows.append(
            {
                "entity": entity, "indicator": cube.items[item], "start": cube.periods[period][0],
                "end": cube.periods[period][1], "variant": cube.variants[variant], "value": value,
                "unit": names[cube.items[item]], "group": "+".join(group), "others": len(values),
                **_standing(value, values, least, least_for_quartiles),
            }
        )  # fmt: skip
    return arrow_rows(rows, PEERS)


def _standing(value: float | None, others: Any, least: int, least_for_quartiles: int) -> dict[str, Any]:
    if len(others) < least:
        return {"status": "withheld"}
    spread: dict[str, Any] = {}
    if len(others) >= least_for_quartiles:
        low, median, high = (float(each) for each in np.quantile(others, _QUARTILES))
        spread = {"low_quarter": low, "median": median, "high_quarter": high}
    if value is None:
        return spread | {"status": "no_value"}
    share = (np.sum(others < value) + 0.5 * np.sum(others == value)) / len(others)
    return spread | {"percentile": float(share), "status": "ok"}
