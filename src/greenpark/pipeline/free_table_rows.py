"""The steps of a table as the rows that are printed: every factor, what is left, and the change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite, nan

from greenpark.measure.drivers.free_table import Step, chained
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
    effects, ratios = step.effects.additive.tolist(), step.effects.multiplicative.tolist()
    yield from _rows(names, "", found.factors.texts, effects, ratios, step.unexplained, step.totals)
    if found.by:
        for place, group in enumerate(found.groups[: len(step.groups)]):
            own, (base, end) = step.groups[place].tolist(), step.group_ends[:, place].tolist()
            rest = end - base - sum(own)
            yield from _rows(names, group, found.factors.texts, own, [nan] * len(own), rest, (base, end))


def _of_chain(found: TableDrivers) -> Iterator[DriverRow]:
    """The steps added up (effects) and multiplied (ratios); the change is the sum of those of the steps."""
    additive, ratios = chained(found.steps)
    rest = sum(step.unexplained for step in found.steps)
    first = found.steps[0].totals[0]
    totals = (first, first + sum(step.change for step in found.steps))
    names = (found.periods[0], found.periods[-1])
    yield from _rows(names, "", found.factors.texts, additive.tolist(), ratios.tolist(), rest, totals)


def _rows(
    names: tuple[str, str], group: str, texts: Sequence[str], effects: Sequence[float], ratios: Sequence[float], rest: float,
    totals: tuple[float, float],
) -> Iterator[DriverRow]:  # fmt: skip
    base, change = totals[0], totals[1] - totals[0]

    def row(driver: str, value: float, ratio: float | None, is_total: bool = False) -> DriverRow:
        points = 100 * value / base if base > 0 else None
        return DriverRow(*names, group, driver, value, points, ratio, is_total)

    for text, value, ratio in zip(texts, effects, ratios, strict=True):
        yield row(text, float(value), float(ratio) if isfinite(ratio) else None)
    if abs(rest) > _DUST * max(map(abs, (*totals, *effects))):
        yield row(REST, rest, None, True)
    whole = totals[1] / base if base > 0 and totals[1] > 0 else None
    yield row(CHANGE, change, whole, True)
