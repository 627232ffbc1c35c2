"""A reader attacks released tables with linear programming and must not find out what was withheld.

The attacker (`tests/publish/attacker.py`) is written apart from the code that protects and from its own audit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pytest

from greenpark.catalog import load_packs
from greenpark.model.confidentiality import ConfidentialityRule
from greenpark.publish.confidentiality import Contribution, Dimension, Layer, Protected, protect, recovered
from tests.publish.attacker import Place, equations_of, interval

ENOUGH = 1 - 1e-4  # the solver's own tolerance


@pytest.fixture(scope="module")
def rule() -> ConfidentialityRule:
    return load_packs(kinds=("confidentiality",)).confidentiality["release"]


def dimensions(zones: int, industries: int) -> tuple[Dimension, Dimension]:
    """Zones in provinces in the nation; divisions in sections in all industries."""
    places = {f"z{each}": f"p{each % 3}" for each in range(zones)} | {f"p{each}": "nation" for each in range(3)}
    kinds = {f"i{each}": f"s{each % 2}" for each in range(industries)} | {"s0": "any", "s1": "any"}
    return Dimension("zone", {**places, "nation": ""}), Dimension("industry", {**kinds, "any": ""})


def enterprises(seed: int, zones: int, industries: int, count: int) -> list[Contribution]:
    """Invented enterprises with the skewed sizes that real ones have."""
    random = np.random.default_rng(seed)
    return [
        Contribution(
            f"u{each}",
            (f"z{random.integers(zones)}", f"i{min(industries - 1, int(random.exponential(industries / 3)))}"),
            round(float(random.lognormal(3, 1.5)), 2),
        )
        for each in range(count)
    ]


def parents(shape: Sequence[Dimension]) -> list[dict[str, str]]:
    return [dict(each.parents) for each in shape]


def released(table: Protected) -> dict[Place, float]:
    return {cell.place: cell.released for cell in table.cells if cell.released is not None}


def contributors(table: Protected) -> dict[Place, dict[str, float]]:
    """What each enterprise adds to each cell, counted here and not by the code under test."""
    found: dict[Place, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for each in table.layer.contributions:
        for cell in _above(each.place, table.layer.dimensions):
            found[cell][each.unit] += each.value
    return found


def _above(place: Place, shape: Sequence[Dimension]) -> list[Place]:
    from tests.publish.attacker import sums_above

    return sums_above(place, parents(shape))


def is_sensitive(own: dict[str, float], rule: ConfidentialityRule) -> bool:
    """Fewer than n contributors, n,k-dominance or p %: as the handbook words them."""
    sizes = sorted(own.values(), reverse=True)
    total = sum(sizes)
    few = len(sizes) < rule.threshold
    dominated = sum(sizes[: rule.dominance_units]) > (rule.dominance_share or 1) * total
    close = total - sizes[0] - (sizes[1] if len(sizes) > 1 else 0) < (rule.p_share or 0) * sizes[0]
    return few or dominated or close


@pytest.mark.parametrize(("seed", "zones", "industries", "count"), [(1, 6, 5, 150), (2, 9, 6, 400), (3, 4, 8, 60)])
def test_no_sensitive_cell_is_released_and_none_can_be_worked_out_from_the_totals(
    rule: ConfidentialityRule, seed: int, zones: int, industries: int, count: int
) -> None:
    shape = dimensions(zones, industries)
    table = protect(shape, enterprises(seed, zones, industries, count), rule)
    own, shown = contributors(table), released(table)
    sensitive = {cell for cell, each in own.items() if is_sensitive(each, rule)}
    assert sensitive
    assert not sensitive & set(shown)
    finest = {each.place for each in table.layer.contributions}
    equations = equations_of([(place, place) for place in finest], shown, parents(shape))
    for cell in sensitive:
        low, high = interval([place for place in finest if cell in _above(place, shape)], equations)
        true = sum(own[cell].values())
        assert low <= true * (1 + 1e-6)
        assert high >= true * (1 - 1e-6)
        assert high - low >= 2 * rule.protection_share * true * ENOUGH, cell


def test_without_secondary_suppression_the_same_attacker_does_find_out(rule: ConfidentialityRule) -> None:
    shape = dimensions(6, 5)
    table = protect(shape, enterprises(1, 6, 5, 150), rule, secondary=False)
    own, shown = contributors(table), released(table)
    finest = {each.place for each in table.layer.contributions}
    equations = equations_of([(place, place) for place in finest], shown, parents(shape))
    found = 0
    for cell in (cell for cell, each in own.items() if is_sensitive(each, rule)):
        low, high = interval([place for place in finest if cell in _above(place, shape)], equations)
        found += high - low < 1e-6 * sum(own[cell].values())
    assert found > 5


def test_a_table_worked_by_hand_loses_one_neighbour_and_keeps_its_total(rule: ConfidentialityRule) -> None:
    # a has one contributor (40); b, c and d have four of 10, 12 and 20 each: one of them must go with a.
    sizes = {"a": [40.0], "b": [10.0] * 4, "c": [12.0] * 4, "d": [20.0] * 4}
    rows = [
        Contribution(f"{zone}{number}", (zone,), value)
        for zone, values in sizes.items()
        for number, value in enumerate(values)
    ]
    table = protect([Dimension("zone", {**dict.fromkeys(sizes, "all"), "all": ""})], rows, rule)
    marks = {cell.place[0]: cell.mark for cell in table.cells}
    assert marks["a"] == "few"
    assert marks["all"] == ""
    assert sorted(marks.values()) == ["", "", "", "few", "secondary"]


def two_releases(
    rule: ConfidentialityRule, change: str
) -> tuple[Protected, Protected, tuple[Dimension, Dimension], dict[str, tuple[float, float]]]:
    """A release and a later one with one enterprise more, one fewer, or one corrected; and what is to be hidden."""
    shape = dimensions(6, 4)
    before = enterprises(5, 6, 4, 300)
    one = before[17]
    after = {
        "left": [each for each in before if each != one],
        "entered": [*before, Contribution("new", one.place, 333.0)],
        "corrected": [Contribution(each.unit, each.place, each.value * (10 if each == one else 1)) for each in before],
    }[change]
    first = protect(shape, before, rule)
    second = protect(shape, after, rule, earlier=[first.layer])
    moved = {"left": one.value, "entered": 333.0, "corrected": 9 * one.value}[change]
    return first, second, shape, {change: (moved, moved)}


@pytest.mark.parametrize("change", ["left", "entered", "corrected"])
def test_the_difference_of_two_releases_gives_no_enterprise_away(rule: ConfidentialityRule, change: str) -> None:
    first, second, shape, hidden = two_releases(rule, change)
    place = enterprises(5, 6, 4, 300)[17].place
    # The unknowns of the attacker: each finest cell as it is in both releases, and the piece that only one of them has.
    both = [(("cell", each.place), each.place) for each in first.layer.contributions]
    piece: list[tuple[object, Place]] = [("piece", place)]
    in_first = piece if change == "left" else []
    in_second = piece if change != "left" else []
    equations = equations_of([*both, *in_first], released(first), parents(shape))
    equations += equations_of([*both, *in_second], released(second), parents(shape))
    low, high = interval(["piece"], equations)
    value, _ = hidden[change]
    assert low <= value * (1 + 1e-6)
    assert value * (1 - 1e-6) <= high
    assert high - low >= 2 * rule.protection_share * value * ENOUGH
    assert not second.given_away


def test_a_release_that_ignores_the_earlier_one_gives_the_entering_enterprise_away(rule: ConfidentialityRule) -> None:
    shape = dimensions(6, 4)
    before = enterprises(5, 6, 4, 300)
    entered = [*before, Contribution("new", before[17].place, 333.0)]
    first, second = protect(shape, before, rule), protect(shape, entered, rule)
    both = [(("cell", each.place), each.place) for each in before]
    equations = equations_of(both, released(first), parents(shape))
    equations += equations_of([*both, ("piece", before[17].place)], released(second), parents(shape))
    low, high = interval(["piece"], equations)
    assert (low, high) == pytest.approx((333.0, 333.0), rel=1e-6)


def test_what_an_earlier_release_has_already_given_away_is_named(rule: ConfidentialityRule) -> None:
    shape = (Dimension("zone", {"a": "all", "b": "all", "all": ""}),)
    rows = [Contribution(f"b{each}", ("b",), 10.0) for each in range(5)] + [Contribution("a0", ("a",), 40.0)]
    careless = Layer("", shape, tuple(rows), frozenset())
    assert ("a",) in protect(shape, rows, rule, earlier=[careless]).given_away


def test_the_audit_of_the_package_agrees_with_the_attacker(rule: ConfidentialityRule) -> None:
    shape, rows = dimensions(6, 5), enterprises(1, 6, 5, 150)
    assert not recovered(protect(shape, rows, rule))
    assert recovered(protect(shape, rows, rule, secondary=False))


def test_the_second_largest_contributor_cannot_tell_the_largest_of_a_released_cell(rule: ConfidentialityRule) -> None:
    table = protect(dimensions(9, 6), enterprises(2, 9, 6, 400), rule)
    own = contributors(table)
    for cell, value in released(table).items():
        first, second = sorted(own[cell].values(), reverse=True)[:2]
        assert value - second >= (1 + (rule.p_share or 0)) * first * (1 - 1e-9)
