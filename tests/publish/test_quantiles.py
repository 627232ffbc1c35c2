"""Percentiles of a release: means of several members, withheld where an attacker could tell a single one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import linprog

from greenpark.catalog import load_packs
from greenpark.model.confidentiality import ConfidentialityRule
from greenpark.publish.confidentiality import Spread, released_spread

QUARTILES = (0.25, 0.5, 0.75)


@pytest.fixture(scope="module")
def rule() -> ConfidentialityRule:
    return load_packs(kinds=("confidentiality",)).confidentiality["release"]


def members(values: list[float]) -> dict[str, tuple[float, float]]:
    return {f"zone{number}": (value, 1.0) for number, value in enumerate(values)}


def attack(spreads: list[Spread], name: str, value: float) -> tuple[float, float]:
    """What somebody who knows the order of all members can say of one of them; every released mean is of three."""
    atoms = sorted({(each, own) for spread in spreads for each, own, _ in spread.members})
    place = {atom: number for number, atom in enumerate(atoms)}
    equal, right, most, limits = [], [], [], []
    for spread in spreads:
        row = [place[each, own] for each, own, _ in spread.members]
        for lower, upper in pairwise(row):
            line = np.zeros(len(atoms))
            line[[lower, upper]] = 1.0, -1.0
            most.append(line)
            limits.append(0.0)
        for q, mean in spread.quantiles:
            first = min(max(round(q * (len(row) - 1) - 1), 0), len(row) - 3)
            line = np.zeros(len(atoms))
            line[row[first : first + 3]] = 1.0
            equal.append(line)
            right.append(3 * mean)
    ends = []
    for sign in (1.0, -1.0):
        aim = np.zeros(len(atoms))
        aim[place[name, value]] = sign
        done = linprog(aim, A_ub=most, b_ub=limits, A_eq=equal or None, b_eq=right or None, method="highs")
        ends.append(-np.inf if done.status == 3 else float(done.fun))
    return ends[0], -ends[1]


def test_quartiles_worked_by_hand_are_means_of_three(rule: ConfidentialityRule) -> None:
    # 13 members 1, 2, 4, …, 4096: the quartiles stand at places 3, 6 and 9 counted from 0.
    found = released_spread(members([2.0**each for each in range(13)]), QUARTILES, None, rule)
    assert dict(found.quantiles) == pytest.approx({0.25: (4 + 8 + 16) / 3, 0.5: (32 + 64 + 128) / 3, 0.75: 1792 / 3})


def test_fewer_than_ten_members_have_no_percentile(rule: ConfidentialityRule) -> None:
    assert released_spread(members([2.0**each for each in range(9)]), QUARTILES, 4.0, rule).quantiles == ()


def test_quartiles_that_lie_close_together_would_tell_who_lies_between_so_only_the_median_stays(
    rule: ConfidentialityRule,
) -> None:
    # 20 members from 1.000 to 1.019: between two quartiles a member is known within 1 %. The median alone leaves the
    # middle one anything from 0 (its neighbour above takes all) to 1.5 times the mean (its neighbour below takes nothing).
    values = [1 + each / 1000 for each in range(20)]
    found = released_spread(members(values), QUARTILES, None, rule)
    assert [q for q, _ in found.quantiles] == [0.5]
    assert attack([found], "zone9", 1.009) == pytest.approx((0.0, 1.5 * 1.009))


@pytest.mark.parametrize("seed", range(4))
def test_the_attacker_cannot_tell_any_member_from_percentiles(rule: ConfidentialityRule, seed: int) -> None:
    values = [round(float(each), 4) for each in np.random.default_rng(seed).lognormal(0, 1.2, 31)]
    found = released_spread(members(values), QUARTILES, None, rule)
    assert found.quantiles
    for name, value, _ in found.members:
        low, high = attack([found], name, value)
        assert low <= value * (1 + 1e-6)
        assert high >= value * (1 - 1e-6)
        assert high - low >= 2 * rule.protection_share * value * (1 - 1e-4)


@pytest.mark.parametrize("seed", range(3))
def test_percentiles_of_two_releases_together_do_not_tell_the_member_that_entered(
    rule: ConfidentialityRule, seed: int
) -> None:
    values = [round(float(each), 4) for each in np.random.default_rng(seed).lognormal(0, 1.2, 24)]
    first = released_spread(members(values), QUARTILES, None, rule)
    more = {**members(values), "new": (float(np.median(values)) * 1.01, 1.0)}
    second = released_spread(more, QUARTILES, None, rule, earlier=[first])
    for name, (value, _) in more.items():
        low, high = attack([first, second], name, value)
        before = attack([first, Spread(second.members)], name, value)
        need = min(2 * rule.protection_share * value, (before[1] - before[0]) / 2)
        assert high - low >= need * (1 - 1e-4), name


def test_a_share_that_speaks_of_two_members_is_withheld(rule: ConfidentialityRule) -> None:
    values = [2.0**each for each in range(13)]
    assert released_spread(members(values), (), 3.0, rule).below is None
    assert released_spread(members(values), (), 9.0, rule).below == 4
