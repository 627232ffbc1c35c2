"""Rules that look beside the value: at other entities, at members below, at the entity's own base year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from greenpark.engine.shape import ABSENT, Bools, Floats, Ints
from greenpark.evaluate.bench import KIND, Bench
from greenpark.evaluate.compare import compare, rounded_all
from greenpark.evaluate.judged import Judged, decide, undecided
from greenpark.evaluate.normalise import normalise
from greenpark.evaluate.peers import statistic_of
from greenpark.evaluate.references import Numbers, look_up, milestone
from greenpark.evaluate.states import HIGH, operator_code
from greenpark.evaluate.subjects import Values
from greenpark.model.schemes import Normalised, Operator, Portfolio, Relative, SelfSet, TreeVerdict


def judge_relative(rule: Relative, values: Values, bench: Bench) -> Judged:
    """Compared with a statistic of the peers of the year."""
    judged = undecided(values.value, rule.unit)
    classes, members = bench.peers(rule.group, rule.same)
    found = statistic_of(
        values.value, members & values.known, classes, rule.statistic, rule.quantile, rule.least, rule.with_own
    )
    known = ~np.isnan(found)
    decide(judged, values.known & known, values.value, rule.operator, found)
    judged.limit = found
    judged.reason[~known] = bench.reasons.code("evaluate.too_few_peers", least=rule.least, group=rule.group or "*")
    return judged


def judge_normalised(rule: Normalised, values: Values, bench: Bench) -> Judged:
    """The value made comparable with those of all others in the year, by the verdict's normalisation."""
    judged = undecided(values.value, rule.unit)
    verdict = bench.scheme.verdict
    stated = verdict.normalisation if isinstance(verdict, TreeVerdict) else None
    if stated is None:  # refused by the check of the pack
        return judged
    chosen = stated.chosen
    classes, members = bench.peers(kind=stated.among)
    ratio, constant = normalise(values.value, values.known & members, classes, chosen, rule.better)
    judged.ratio = ratio
    judged.decided = ~np.isnan(ratio)
    judged.scored = judged.decided.copy()
    judged.reason[judged.decided] = bench.reasons.code("evaluate.normalised", normalisation=chosen)
    judged.reason[values.known & ~judged.decided] = bench.reasons.code(
        "evaluate.normalisation_undefined", method=chosen
    )
    judged.reason[constant & ~judged.decided] = bench.reasons.code("evaluate.constant_column", normalisation=chosen)
    judged.reason[values.known & ~members] = bench.reasons.code("evaluate.no_peer")
    return judged


def judge_self_set(rule: SelfSet, values: Values, bench: Bench) -> Judged:
    """Progress from the base year towards the entity's own target, or any improvement where it set none."""
    judged = undecided(values.value, rule.unit)
    base = _base(rule, values, bench)
    better: Operator = ">" if rule.better == "higher" else "<"
    if not rule.target_from:
        decide(judged, values.known & base.known, values.value, better, base.value)
        judged.reason[~base.known] = base.reason
        return judged
    target, due = milestone(bench, rule.target_from, rule.unit)
    usable = values.known & target.known
    decide(judged, usable, values.value, ">=" if rule.better == "higher" else "<=", target.value)
    with np.errstate(divide="ignore", invalid="ignore"):
        progress = (values.value - base.value) / (target.value - base.value)
    judged.ratio = np.where(usable & np.isfinite(progress), progress, np.nan)
    judged.waits = usable & ~due & ~judged.met
    judged.reason[judged.waits] = bench.reasons.code("evaluate.target_not_due")
    judged.reason[usable & base.known & (base.value == target.value)] = bench.reasons.code("evaluate.base_is_target")
    judged.reason[~base.known & usable] = base.reason
    judged.reason[~target.known] = target.reason
    judged.confidence = np.minimum(target.confidence, np.where(base.known, base.confidence, HIGH))
    return judged


def _base(rule: SelfSet, values: Values, bench: Bench) -> Numbers:
    if rule.base_from:
        return look_up(bench, rule.base_from, rule.unit)
    year = rule.base_year or 0
    at = bench.subjects.in_year(year)
    own = np.where((at != ABSENT) & values.known[at], values.value[at], np.nan)
    reason = bench.reasons.code("evaluate.base_year_missing", year=year)
    return Numbers(own, np.where(at != ABSENT, values.confidence[at], HIGH), reason)


def judge_portfolio(rule: Portfolio, values: Values, bench: Bench) -> Judged:
    """The share [%] of the members below an entity (or of a group) that hold something, by number or by weight."""
    subjects = bench.subjects
    held = bench.values[rule.indicator]
    holds = compare(held.value, rule.holds, rule.bound) & held.known
    weight = _member_weights(rule, bench)
    member, owner = _members(rule, bench)
    known = held.known[member] & ~np.isnan(weight[member])
    size = subjects.size
    total = np.bincount(owner[known], weight[member][known], size).astype(np.float64)
    part = np.bincount(owner[known], (weight * holds)[member][known], size).astype(np.float64)
    absent = np.bincount(owner[~known], minlength=size) > 0
    judged = undecided(_share(part, total), rule.unit)
    judged.limit[:] = np.nan if rule.limit is None else rule.limit
    complete = ~np.isnan(judged.value) & ~absent
    if rule.limit is not None:
        decide(judged, complete, judged.value, rule.operator, rule.limit)
    else:
        judged.reason[complete] = bench.reasons.code("evaluate.limit_not_public")
    judged.operator[:] = operator_code(rule.operator)
    judged.ratio = np.where(complete, judged.value / 100.0, np.nan)
    judged.value = np.where(complete, judged.value, np.nan)
    judged.reason[total == 0] = bench.reasons.code("evaluate.no_members")
    judged.reason[absent] = bench.reasons.code("evaluate.members_open", indicator=rule.indicator)
    return judged


def _share(part: Floats, total: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return rounded_all(np.where(total > 0, part / total * 100.0, np.nan))


def _member_weights(rule: Portfolio, bench: Bench) -> Floats:
    if not rule.weight:
        return np.ones(bench.subjects.size)
    weight = bench.values[rule.weight]
    return np.where(weight.known & (weight.value >= 0), weight.value, np.nan)


def _members(rule: Portfolio, bench: Bench) -> tuple[Ints, Ints]:
    """Pairs of a member and the subject whose member it is, in the same year and variant."""
    subjects, context = bench.subjects, bench.context
    place = {entity: index for index, entity in enumerate(subjects.entities)}
    pairs: list[tuple[int, int]] = []
    for entity, index in place.items():
        if rule.members and rule.members not in context.words(entity, KIND):
            continue
        if rule.group:
            owners = list(place.values()) if entity in context.groups.get(rule.group, ()) else []
        else:
            owners = [place[above] for above in _above(entity, context.parents) if above in place]
        pairs += [(index, owner) for owner in owners if owner != index or rule.group]
    grid = np.full((len(place), subjects.year_at.max() + 1), ABSENT, dtype=np.int64)
    grid[subjects.entity_at, subjects.year_at] = np.arange(subjects.size)
    if not pairs:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    member, owner = (grid[list(each)].reshape(-1) for each in zip(*pairs, strict=True))
    both: Bools = (member != ABSENT) & (owner != ABSENT)
    return member[both], owner[both]


def _above(entity: str, parents: Mapping[str, str]) -> list[str]:
    """All entities above one."""
    found: list[str] = []
    here = parents.get(entity, "")
    while here and here not in found:
        found.append(here)
        here = parents.get(here, "")
    return found
