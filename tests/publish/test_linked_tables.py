"""Tables of one family that are released together are attacked together: by rank and by linear programming.

The attacker knows every released cell of every table, that nothing is negative, and how numbers add up to one another.
What he does is written here and in `tests/publish/attacker.py`, apart from the code that protects.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import pytest

from greenpark.catalog import load_packs
from greenpark.model.confidentiality import ConfidentialityRule
from greenpark.model.text import Text
from greenpark.publish.confidentiality import (
    Contribution,
    Dimension,
    Layer,
    Protected,
    protect,
    protect_together,
    recovered,
)
from greenpark.publish.shown import number_of
from greenpark.publish.statistics import StatTable
from greenpark.publish.statistics.released import charts_of
from tests.publish.attacker import Equations, Place, interval, sums_above
from tests.publish.test_confidentiality import is_sensitive

ENOUGH = 1 - 1e-4
Finest = tuple[str, str, str]  # zone, industry, carrier
ZONE = Dimension(
    "zone", {**{f"z{each}": f"p{each % 2}" for each in range(5)}, "p0": "nation", "p1": "nation", "nation": ""}
)
# Divisions of industry in sections, sections in all.
INDUSTRY = Dimension(
    "industry", {**{f"i{each}": f"s{each % 2}" for each in range(4)}, "s0": "any", "s1": "any", "any": ""}
)
CARRIER = Dimension("carrier", {"coal": "fuels", "gas": "fuels", "power": "all", "fuels": "all", "all": ""})
AXES = ((0, 1), (0, 2), (1, 2))  # zone × industry, zone × carrier, industry × carrier
SHAPE = (ZONE, INDUSTRY, CARRIER)


@pytest.fixture(scope="module")
def rule() -> ConfidentialityRule:
    return load_packs(kinds=("confidentiality",)).confidentiality["release"]


def amounts(seed: int, units: int = 45) -> dict[tuple[str, Finest], float]:
    """What each invented enterprise uses of each carrier."""
    random = np.random.default_rng(seed)
    found = {}
    for unit in range(units):
        zone, industry = f"z{random.integers(5)}", f"i{min(3, int(random.exponential(1.2)))}"
        for carrier, share in (("coal", 0.3), ("gas", 0.5), ("power", 1.0)):
            if random.random() < share:
                found[f"u{unit}", (zone, industry, carrier)] = round(float(random.lognormal(3, 1.2)), 2)
    return found


def three_tables(held: Mapping[tuple[str, Finest], float]) -> list[Layer]:
    """The three tables of one quantity, none of which shows all three of zone, industry and carrier."""
    return [
        Layer(
            "energy",
            (SHAPE[one], SHAPE[other]),
            tuple(Contribution(unit, (at[one], at[other]), value, at[2]) for (unit, at), value in held.items()),
        )
        for one, other in AXES
    ]


def shown(table: Protected) -> dict[Place, float]:
    return {cell.place: cell.released for cell in table.cells if cell.released is not None}


def cells_of(axes: tuple[int, int], at: Finest) -> list[Place]:
    return sums_above((at[axes[0]], at[axes[1]]), [SHAPE[each].parents for each in axes])


def equations(tables: Sequence[Protected], finest: Iterable[tuple[object, Finest]]) -> Equations:
    """One equation over the unknowns for each released cell of the three tables."""
    found: Equations = []
    for axes, table in zip(AXES, tables, strict=True):
        parts: dict[Place, dict[object, float]] = defaultdict(dict)
        for unknown, at in finest:
            for cell in cells_of(axes, at):
                parts[cell][unknown] = 1.0
        found += [(parts[cell], value) for cell, value in shown(table).items()]
    return found


def sensitive_sums(
    held: Mapping[tuple[str, Finest], float], rule: ConfidentialityRule
) -> dict[frozenset[Finest], float]:
    """The finest cells that make up each sensitive cell of any of the three tables, with its value."""
    own: dict[tuple[tuple[int, int], Place], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    inside: dict[tuple[tuple[int, int], Place], set[Finest]] = defaultdict(set)
    for (unit, at), value in held.items():
        for axes in AXES:
            for cell in cells_of(axes, at):
                own[axes, cell][unit] += value
                inside[axes, cell].add(at)
    return {frozenset(inside[key]): sum(each.values()) for key, each in own.items() if is_sensitive(each, rule)}


def is_known(aim: Iterable[object], known: Equations) -> bool:
    """Whether a sum follows exactly: its row adds nothing to the rank of the released ones."""
    unknowns = sorted({each for row, _ in known for each in row} | set(aim), key=str)
    place = {each: number for number, each in enumerate(unknowns)}
    matrix = np.zeros((len(known) + 1, len(unknowns)))
    for number, row in enumerate([*(row for row, _ in known), dict.fromkeys(aim, 1.0)]):
        matrix[number, [place[each] for each in row]] = list(row.values())
    return bool(np.linalg.matrix_rank(matrix) == np.linalg.matrix_rank(matrix[:-1]))


@pytest.mark.parametrize("seed", [1, 2])
def test_three_linked_tables_give_no_sensitive_sum_away_exactly_or_nearly(rule: ConfidentialityRule, seed: int) -> None:
    held = amounts(seed)
    tables = protect_together(three_tables(held), rule)
    known = equations(tables, [(at, at) for at in {at for _, at in held}])
    sums = sensitive_sums(held, rule)
    assert len(sums) > 20
    for aim, true in sums.items():
        assert not is_known(aim, known)
        low, high = interval(aim, known)
        assert low <= true * (1 + 1e-6)
        assert high >= true * (1 - 1e-6)
        assert high - low >= 2 * rule.protection_share * true * ENOUGH
    assert not [each for table in tables for each in recovered(table)]
    assert all(
        cell.released is not None for table in tables for cell in table.cells if table.layer.is_total(cell.place)
    )


def test_protected_one_by_one_the_same_three_tables_give_sums_away(rule: ConfidentialityRule) -> None:
    held = amounts(1)
    tables = [protect(each.dimensions, each.contributions, rule) for each in three_tables(held)]
    known = equations(tables, [(at, at) for at in {at for _, at in held}])
    narrow = [aim for aim, true in sensitive_sums(held, rule).items() if width(aim, known) < 0.2 * true * ENOUGH]
    assert narrow


def width(aim: Iterable[object], known: Equations) -> float:
    low, high = interval(aim, known)
    return high - low


def test_three_tables_and_three_more_after_a_firm_left_do_not_tell_of_it(rule: ConfidentialityRule) -> None:
    held = amounts(3)
    # The largest user of coal that is not alone in its cells leaves between the two releases.
    left = max((key for key in held if key[1][2] == "coal"), key=lambda key: held[key])[0]
    later = {key: value for key, value in held.items() if key[0] != left}
    first = protect_together(three_tables(held), rule)
    second = protect_together(three_tables(later), rule, [table.layer for table in first])
    stay = [(at, at) for at in {at for _, at in later}]
    gone = [(("left", at), at) for unit, at in held if unit == left]
    known = equations(first, [*stay, *gone]) + equations(second, stay)
    for unknown, at in gone:
        true = held[left, at]
        low, high = interval([unknown], known)
        assert low <= true * (1 + 1e-6)
        assert high - low >= 2 * rule.protection_share * true * ENOUGH
    assert not any(table.given_away for table in second)


def family(seed: int) -> dict[str, dict[str, tuple[Place, float]]]:
    """Total = burning + power + process for each of 40 firms in five industries; only one firm has a process."""
    random = np.random.default_rng(seed)
    found: dict[str, dict[str, tuple[Place, float]]] = {"total": {}, "burning": {}, "power": {}}
    for unit in range(40):
        place = (f"i{unit % 5}",)
        parts = [round(float(each), 2) for each in random.lognormal(3, 0.8, 2)]
        process = 150.0 if unit == 7 else 0.0
        for name, value in zip(found, (sum(parts) + process, *parts), strict=True):
            found[name][f"u{unit}"] = (place, value)
    return found


FLAT = (Dimension("industry", {**{f"i{each}": "any" for each in range(5)}, "any": ""}),)


def tables_of(numbers: Mapping[str, Mapping[str, tuple[Place, float]]]) -> list[Layer]:
    return [
        Layer(name, FLAT, tuple(Contribution(unit, place, value) for unit, (place, value) in own.items()))
        for name, own in numbers.items()
    ]


def process_known(tables: Sequence[Protected]) -> Equations:
    """The released cells over the unknowns of burning, power and process, which the total is the sum of."""
    parts = {"total": ("burning", "power", "process"), "burning": ("burning",), "power": ("power",)}
    found: Equations = []
    for table in tables:
        for place, value in shown(table).items():
            inside = [f"i{each}" for each in range(5)] if place == ("any",) else list(place)
            found.append(({(part, at): 1.0 for part in parts[table.layer.key] for at in inside}, value))
    return found


def test_what_three_numbers_leave_of_one_another_stays_unknown(rule: ConfidentialityRule) -> None:
    numbers = family(1)
    tables = protect_together(tables_of(numbers), rule)
    whole = [("process", f"i{each}") for each in range(5)]
    for aim in (whole, [("process", "i2")]):
        assert width(aim, process_known(tables)) >= 2 * rule.protection_share * 150 * ENOUGH
    marks = {table.layer.key: table.by_place["any",].mark for table in tables}
    # One of the two parts hides what is left; the total of all, which is safe by itself, stays.
    assert marks["total"] == ""
    assert sorted((marks["burning"], marks["power"])) == ["", "secondary"]


def test_what_is_left_after_six_parts_stays_unknown_too(rule: ConfidentialityRule) -> None:
    """The total of forty firms less six parts that all of them have is the process of one firm."""
    random = np.random.default_rng(4)
    names = [f"part{each}" for each in range(6)]
    numbers: dict[str, dict[str, tuple[Place, float]]] = {name: {} for name in ("total", *names)}
    for unit in range(40):
        place = (f"i{unit % 5}",)
        parts = [round(float(each), 2) for each in random.lognormal(3, 0.8, 6)]
        for name, value in zip(numbers, (sum(parts) + (150.0 if unit == 7 else 0.0), *parts), strict=True):
            numbers[name][f"u{unit}"] = (place, value)
    tables = protect_together(tables_of(numbers), rule)
    known: Equations = []
    for table in tables:
        parts_of_it = (*names, "process") if table.layer.key == "total" else (table.layer.key,)
        for cell, value in shown(table).items():
            inside = [f"i{each}" for each in range(5)] if cell == ("any",) else list(cell)
            known.append(({(part, at): 1.0 for part in parts_of_it for at in inside}, value))
    for aim in ([("process", f"i{each}") for each in range(5)], [("process", "i2")]):
        assert width(aim, known) >= 2 * rule.protection_share * 150 * ENOUGH
    assert tables[0].by_place["any",].mark == ""


def test_two_of_three_numbers_at_a_time_would_not_have_shown_it(rule: ConfidentialityRule) -> None:
    """Any two of the three tables are harmless: no pair leaves fewer than forty firms."""
    numbers = family(1)
    for pair in pairwise([*numbers, "total"]):
        tables = protect_together(tables_of({name: numbers[name] for name in dict.fromkeys(pair)}), rule)
        assert not [cell for table in tables for cell in table.cells if cell.mark]


def test_the_third_number_in_a_later_release_does_not_give_the_rest_away(rule: ConfidentialityRule) -> None:
    total, burning, power = tables_of(family(1))
    before = protect_together([total, burning], rule)
    later = protect_together([power], rule, [each.layer for each in before])
    assert width([("process", "i2")], process_known([*before, *later])) >= 2 * rule.protection_share * 150 * ENOUGH
    assert later[0].by_place["any",].mark == "secondary"


def test_a_fixed_multiple_of_a_number_is_protected_with_it(rule: ConfidentialityRule) -> None:
    """CO2 of power is power × 0.5 for everybody: where one is withheld the other must not show it."""
    power = [Contribution(f"u{each}", (f"i{min(each, 11) % 4}",), 10.0 + each) for each in range(10)]
    power += [Contribution("big", ("i4",), 300.0)]
    carbon = [Contribution(each.unit, each.place, each.value * 0.5) for each in power]
    tables = protect_together(
        [Layer("power", FLAT, tuple(power), family="energy"), Layer("co2", FLAT, tuple(carbon), family="co2")], rule
    )
    known: Equations = []
    for table, factor in zip(tables, (1.0, 0.5), strict=True):
        for place, value in shown(table).items():
            inside = [f"i{each}" for each in range(5)] if place == ("any",) else list(place)
            known.append((dict.fromkeys(inside, factor), value))
    assert width(["i4"], known) >= 2 * rule.protection_share * 300 * ENOUGH


def test_only_who_has_something_counts_as_contributor(rule: ConfidentialityRule) -> None:
    """Two firms that burn coal and five that burn none are two contributors, whatever the limits of dominance."""
    plain = rule.model_copy(update={"dominance_units": None, "dominance_share": None, "p_share": None})
    rows = [Contribution(f"u{each}", ("i0",), 50.0 if each < 2 else 0.0) for each in range(7)]
    rows += [Contribution(f"v{each}", (f"i{1 + each % 2}",), 40.0) for each in range(8)]
    table = protect(FLAT, rows, plain)
    assert table.by_place["i0",].mark == "few"
    assert table.by_place["i0",].units == 2


def test_the_chart_of_a_release_leaves_out_the_total_alone_also_where_it_is_withheld() -> None:
    name = Text(zh="电", en="power")
    cells = {"all": None, "i0": 5.0, "i1": 3.0}
    rows = tuple(
        {
            "quantity": name, "region": Text(zh="园区", en="park"), "industry": Text(zh=each, en=each), "period": "2025",
            "unit": name, "value": name if value is None else number_of(value, name),
        }
        for each, value in cells.items()
    )  # fmt: skip
    (chart,) = charts_of(StatTable("cells", ("quantity",), rows))
    assert [bar[0].en for bar in chart["bars"]] == ["park · i0", "park · i1"]  # type: ignore[attr-defined]  # a list of bars
