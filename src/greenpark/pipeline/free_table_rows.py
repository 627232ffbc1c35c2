"""The steps of a table as the rows that are printed: every factor, what is left, and the change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from greenpark.measure.drivers.free_table import Step, chained_ratios
from greenpark.measure.drivers.lmdi import Floats
from greenpark.pipeline.free_table import TableDrivers
from greenpark.publish.driver_table import DriverRow

_DUST = 1e-12
REST, CHANGE = "undivided", "change"


def rows_of_table(found: TableDrivers) -> list[DriverRow]:
    """The rows of every step and its groups, then those of the whole chain."""
    rows = [row for step in found.steps for row in _of_step(found, step)]
    if len(found.steps) > 1 and found.is_whole:
        rows += _of_chain(found)
    return rows


def _of_step(found: TableDrivers, step: Step) -> Iterator[DriverRow]:
    names = (found.periods[step.base], found.periods[step.end])
    ratios = step.effects.multiplicative
    yield from _rows(names, "", found.factors.texts, step.effects.additive, ratios, step.unexplained, step.totals)
    if found.by:
        for place, group in enumerate(found.groups[: len(step.groups)]):
            effects, ends = step.groups[place], step.group_ends[:, place]
            rest = float(ends[1] - ends[0] - effects.sum())
            nothing = np.full(len(effects), np.nan)
            yield from _rows(
                names, group, found.factors.texts, effects, nothing, rest, (float(ends[0]), float(ends[1]))
            )


def _of_chain(found: TableDrivers) -> Iterator[DriverRow]:
    """The steps added up (effects) and multiplied (ratios); the change is the sum of those of the steps."""
    additive = np.sum([step.effects.additive for step in found.steps], axis=0)
    rest = sum(step.unexplained for step in found.steps)
    first = found.steps[0].totals[0]
    totals = (first, first + sum(step.change for step in found.steps))
    names = (found.periods[0], found.periods[-1])
    yield from _rows(names, "", found.factors.texts, additive, chained_ratios(found.steps), rest, totals)


def _rows(
    names: tuple[str, str], group: str, texts: Sequence[str], effects: Floats, ratios: Floats, rest: float,
    totals: tuple[float, float],
) -> Iterator[DriverRow]:  # fmt: skip
    base, change = totals[0], totals[1] - totals[0]

    def row(driver: str, value: float, ratio: float | None, is_total: bool = False) -> DriverRow:
        points = 100 * value / base if base > 0 else None
        return DriverRow(*names, group, driver, value, points, ratio, is_total)

    for text, value, ratio in zip(texts, effects, ratios, strict=True):
        yield row(text, float(value), float(ratio) if np.isfinite(ratio) else None)
    if abs(rest) > _DUST * max(map(abs, (*totals, *effects.tolist()))):
        yield row(REST, rest, None, True)
    whole = totals[1] / base if base > 0 and totals[1] > 0 else None
    yield row(CHANGE, change, whole, True)
