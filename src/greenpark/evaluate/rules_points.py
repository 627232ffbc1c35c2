"""Rules that give a share of a maximum: linear between two values, points, bands, checklists."""

from __future__ import annotations

import numpy as np

from greenpark.engine.shape import Bools, Floats
from greenpark.evaluate.bench import Bench
from greenpark.evaluate.compare import inside_range, rounded_all, side
from greenpark.evaluate.judged import Judged, decide, undecided
from greenpark.evaluate.references import Numbers, number_of
from greenpark.evaluate.states import NO_REASON, operator_code
from greenpark.evaluate.subjects import Values
from greenpark.model.schemes import Bands, Checklist, Linear, Points

_FULL = 1.0


def judge_linear(rule: Linear, values: Values, bench: Bench) -> Judged:
    """(x − base) / (leading − base), of the logarithms where the rule says so; met at the leading value."""
    judged = undecided(values.value, rule.unit)
    base = number_of(bench, rule.base, rule.base_from, rule.unit, "evaluate.base_not_public")
    leading = number_of(bench, rule.leading, rule.leading_from, rule.unit, "evaluate.leading_not_public")
    ratio = _between(rule, values.value, base.value, leading.value)
    both = base.known & leading.known
    empty = both & (base.value == leading.value)
    usable = values.known & both & ~empty & ~np.isnan(ratio)
    higher = leading.value > base.value
    decide(judged, usable & higher, values.value, ">=", leading.value)
    decide(judged, usable & ~higher, values.value, "<=", leading.value)
    judged.ratio = np.where(usable, _capped(rule, ratio), np.nan)
    judged.limit = leading.value.copy()
    judged.reason[values.known & both & np.isnan(ratio)] = bench.reasons.code("evaluate.no_logarithm")
    judged.reason[empty] = bench.reasons.code("evaluate.base_is_leading")
    for number in (base, leading):
        judged.reason[~number.known] = number.reason
        judged.confidence = np.minimum(judged.confidence, number.confidence)
    if rule.better and rule.outside == "capped":
        _beyond_the_known_end(rule, judged, values, base, leading)
    return judged


def _beyond_the_known_end(rule: Linear, judged: Judged, values: Values, base: Numbers, leading: Numbers) -> None:
    """One end is not public: beyond the other the outcome is the same whatever it is."""
    sign = 1 if rule.better == "higher" else -1
    full = values.known & leading.known & ~base.known & (side(values.value, leading.value) * sign >= 0)
    none = values.known & base.known & ~leading.known & (side(values.value, base.value) * sign <= 0)
    judged.met[full], judged.met[none] = True, False
    judged.ratio[full], judged.ratio[none] = _FULL, 0.0
    judged.decided |= full | none
    judged.reason[full | none] = NO_REASON


def _between(rule: Linear, value: Floats, base: Floats, leading: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        if rule.scale == "log":
            value, base, leading = (np.log(np.where(each > 0, each, np.nan)) for each in (value, base, leading))
        return np.asarray((value - base) / (leading - base), dtype=np.float64)


def _capped(rule: Linear, ratio: Floats) -> Floats:
    if rule.outside == "open":
        return ratio
    return np.asarray(np.clip(ratio, 0.0 if rule.outside == "capped" else None, _FULL), dtype=np.float64)


def judge_points(rule: Points, values: Values, bench: Bench) -> Judged:
    """The points given over their maximum; points outside are no points."""
    judged = undecided(values.value, rule.unit)
    inside = values.known & (side(values.value, 0.0) >= 0) & (side(values.value, rule.maximum) <= 0)
    decide(judged, inside, values.value, ">=", rule.maximum)
    judged.ratio = np.where(inside, values.value / rule.maximum, np.nan)
    judged.reason[values.known & ~inside] = bench.reasons.code("evaluate.points_out_of_range", maximum=rule.maximum)
    return judged


def judge_bands(rule: Bands, values: Values, bench: Bench) -> Judged:
    """The points of the band over their maximum; a value in no band is undefined."""
    judged = undecided(values.value, rule.unit)
    judged.reason[values.known] = bench.reasons.code("evaluate.outside_bands")
    for band in rule.bands:
        here = values.known & inside_range(band, values.value)
        judged.decided[here] = True
        judged.met[here] = band.points >= rule.maximum
        judged.ratio[here] = band.points / rule.maximum
        judged.reason[here] = bench.reasons.code("evaluate.band", points=band.points, maximum=rule.maximum)
    return judged


def judge_checklist(rule: Checklist, values: Values, bench: Bench) -> Judged:
    """What the items answered yes count; open only where the open items could change the outcome."""
    size = bench.subjects.size
    answers = np.stack([_answers(bench, each.fact, size) for each in rule.items])
    counts = np.array([each.counts for each in rule.items])[:, None]
    yes = rounded_all((np.nan_to_num(answers) * counts).sum(axis=0))
    open_ = np.isnan(answers)
    possible = yes + (open_ * counts).sum(axis=0)
    whole = float(counts.sum())
    needed, full = (whole if each is None else each for each in (rule.at_least, rule.full_at))
    judged = undecided(yes, "1")
    judged.met = side(yes, needed) >= 0
    judged.decided = judged.met | (side(possible, needed) < 0)
    judged.limit[:] = needed
    judged.operator[:] = operator_code(">=")
    certain = ~open_.any(axis=0) | (side(yes, full) >= 0)
    judged.ratio = np.where(certain, np.minimum(yes / full, _FULL), np.nan)
    names = tuple(each.fact for each in rule.items)
    told = bench.reasons.listing("evaluate.items_open", "items", names, open_)
    judged.reason = np.where(certain & judged.decided, NO_REASON, told).astype(np.int64)
    # What is met although items are open stays met; its points are still open.
    return judged


def _answers(bench: Bench, fact: str, size: int) -> Floats:
    """1, 0, or NaN where nobody answered yes or no."""
    values = bench.facts.get(fact)
    if values is None:
        return np.full(size, np.nan)
    answered: Bools = values.known & ((values.value == 1.0) | (values.value == 0.0))
    return np.where(answered, values.value, np.nan)
