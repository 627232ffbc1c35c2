"""Formulas: what they need, what unit they come out in, how they read, and what they give."""

import pytest

from greenpark.engine.formula import MAX_LAG, MAX_LENGTH, parse_formula
from greenpark.engine.formula_tree import FormulaError, Leaf
from greenpark.engine.formula_values import check_formula, evaluate_numbers
from tests.engine.formula_park import NAMES, UNITS, members_of, unit_of


def unit(text, target):
    return check_formula(parse_formula(text), unit_of, members_of, UNITS, target)


def value(text, target, **given):
    """Quantities are named with ``__`` for the dot and a final ``_1`` for one year back."""
    leaves = {}
    for name, number in given.items():
        base, _, lag = name.partition("___")
        leaves[Leaf(base.replace("__", "."), int(lag or 0))] = number
    return evaluate_numbers(parse_formula(text), leaves, unit_of, members_of, UNITS, target)


def test_leaves_names_and_families_are_known_before_anything_is_computed():
    formula = parse_formula("average(growth(pollutant, 2)) / previous(money.added / waste.used)")
    assert formula.leaves == (Leaf("money.added", 1), Leaf("pollutant", 0), Leaf("pollutant", 2), Leaf("waste.used", 1))
    assert formula.names == ("money.added", "pollutant", "waste.used")
    assert formula.families == ("pollutant",)


def test_lags_add_up_from_outside_in():
    assert parse_formula("previous(previous(waste.used, 2) + waste.made)").leaves == (
        Leaf("waste.made", 1),
        Leaf("waste.used", 3),
    )
    assert parse_formula("growth(growth(waste.used))").leaves == tuple(Leaf("waste.used", lag) for lag in range(3))


@pytest.mark.parametrize(
    ("text", "target", "found"),
    [
        ("waste.used / waste.made", "%", "kg^-1*t"),
        ("energy.total / money.added", "tce/万元", "tce*万元^-1"),
        ("energy.total / money.output", "tce/万元", "tce*亿元^-1"),
        ("co2.total / energy.total", "tCO2/tce", "tCO2*tce^-1"),
        ("waste.used + waste.made", "kg", "t"),
        ("growth(waste.used)", "%", "1"),
        ("1 - root(energy.total / previous(energy.total, 2), 2)", "%", "1"),
        ("power(waste.used, 2) / waste.made", "t", "kg^-1*t^2"),
        ("average(growth(pollutant)) / growth(money.added)", "1", "1"),
        ("total(pollutant) / waste.used", "1", "1"),
        ("if_else(waste.used > waste.made, waste.used, waste.made)", "t", "t"),
    ],
)
def test_units_follow_from_the_arithmetic(text, target, found):
    assert unit(text, target) == found


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("waste.used + co2.total", "t"),
        ("waste.used + 1", "t"),
        ("energy.total - money.added", "tce"),
        ("least(waste.used, energy.total)", "t"),
        ("if_else(waste.used > 1, waste.used, energy.total)", "t"),
        ("if_else(waste.used > energy.total, 1, 2) * waste.used", "t"),
        ("waste.used", "tce"),
        ("energy.total / money.added", "tce"),
        ("log(waste.used)", "1"),
        ("root(waste.used, 2)", "1"),
        ("growth(waste.used)", "t"),
        ("total(mixed)", "t"),
        ("waste.unknown", "t"),
        ("unknown", "t"),
    ],
)
def test_units_that_do_not_fit_are_refused(text, target):
    with pytest.raises(FormulaError):
        unit(text, target)


@pytest.mark.parametrize(
    "text",
    ["pollutant", "pollutant / waste.used", "growth(pollutant)", "total(waste.used)", "average(total(pollutant))",
     "average(pollutant) + pollutant", "least(pollutant, waste.used)", "total(pollutant + mixed)", "total(pollutant / pollutants)"],
)  # fmt: skip
def test_a_row_and_a_family_never_mix(text):
    with pytest.raises(FormulaError):
        unit(text, "1" if "growth" in text else "t")


def test_the_scale_is_fixed_once_by_the_unit_of_the_indicator():
    given = {"energy__total": 4640.0, "money__added": 10_000.0, "money__output": 1.0}
    assert value("energy.total / money.added", "tce/万元", **given) == pytest.approx(0.464)
    assert value("energy.total / money.output", "tce/万元", **given) == pytest.approx(0.464)
    assert value("waste.used / waste.made", "%", waste__used=1.0, waste__made=4000.0) == pytest.approx(25)
    assert value("waste.used + waste.made", "kg", waste__used=1.0, waste__made=4.0) == pytest.approx(1004)


def test_growth_is_a_ratio_and_not_a_difference():
    """Trap 21: the change of an intensity is no difference of two growths."""
    given = {"energy__total": 110.0, "energy__total___1": 100.0, "money__added": 105.0, "money__added___1": 100.0}
    assert value("growth(energy.total)", "%", **given) == pytest.approx(10)
    assert value("growth(energy.total) / growth(money.added)", "1", **given) == pytest.approx(2)
    intensity = value("growth(energy.total / money.added)", "%", **given)
    assert intensity == pytest.approx((1.10 / 1.05 - 1) * 100)
    assert intensity != pytest.approx(10 - 5)


def test_growth_from_zero_or_less_is_undefined():
    for base in (0.0, -5.0):
        assert value("growth(money.added)", "%", money__added=5.0, money__added___1=base) is None


def test_previous_years_are_asked_by_their_lag():
    given = {"energy__total": 3.0, "energy__total___1": 5.0, "energy__total___3": 7.0}
    assert value("previous(energy.total)", "tce", **given) == 5
    assert value("previous(energy.total, 3)", "tce", **given) == 7
    assert value("previous(energy.total, 2)", "tce", **given) is None


def test_a_family_with_a_missing_member_has_no_average_and_no_total():
    given = {"pollutant__cod": 1.0, "pollutant__so2": 2.0, "pollutant__nox": 6.0}
    assert value("average(pollutant)", "t", **given) == 3
    assert value("total(pollutant)", "t", **given) == 9
    del given["pollutant__nox"]
    assert value("average(pollutant)", "t", **given) is None
    assert value("total(pollutant)", "t", **given) is None


def test_a_family_of_one_is_still_a_family():
    assert value("average(single)", "t", single__one=4.0) == 4


@pytest.mark.parametrize(
    "text",
    [
        "waste.used / waste.made",
        "waste.used / (waste.made - waste.made)",
        "power(waste.made, -1) * waste.used",
    ],
)
def test_a_zero_denominator_is_undefined(text):
    assert value(text, "%" if "power" not in text else "1", waste__used=1.0, waste__made=0.0) is None


def test_conditions_and_known_values():
    text = "if_else(known(waste.made), waste.made, waste.used)"
    assert value(text, "t", waste__used=5.0) == 5
    assert value(text, "t", waste__used=5.0, waste__made=2000.0) == 2
    compare = "if_else(waste.used >= 5, waste.used, waste.made)"
    assert value(compare, "t", waste__used=5.0, waste__made=1000.0) == 5
    assert value(compare, "t", waste__used=4.0, waste__made=1000.0) == 1
    assert value(compare, "t", waste__made=1000.0) is None
    both = "if_else(waste.used > waste.made, waste.used, waste.made)"
    assert value(both, "t", waste__used=2.0, waste__made=1000.0) == 2


def test_least_and_greatest_need_all_their_values():
    assert value("least(waste.used, waste.made)", "t", waste__used=2.0, waste__made=1000.0) == 1
    assert value("greatest(waste.used, waste.made)", "t", waste__used=2.0, waste__made=1000.0) == 2
    assert value("greatest(waste.used, waste.made)", "t", waste__used=2.0) is None


def test_roots_and_logarithms_of_what_has_none_are_undefined():
    text = "root(money.added / money.output, 3)"
    assert value(text, "1", money__added=8.0 * 10_000, money__output=1.0) == pytest.approx(2)
    assert value(text, "1", money__added=-8.0, money__output=1.0) is None
    assert value("log(money.added / money.output)", "1", money__added=0.0, money__output=1.0) is None


def test_numbers_beyond_all_measure_are_undefined():
    assert value("power(waste.used, 10)", "t^10", waste__used=1e300) is None
    assert value("power(waste.used, 2) / waste.used", "t", waste__used=1e300) is None


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("waste.used / waste.made", "利用量 ÷ 产生量", "waste used ÷ waste made"),
        ("growth(energy.total)", "能耗的年增长率", "yearly growth of energy use"),
        ("growth(energy.total, 3)", "能耗的 3 年增长率", "growth of energy use over 3 years"),
        ("previous(energy.total)", "上年的能耗", "energy use of the year before"),
        ("average(growth(pollutant))", "平均(污染物的年增长率)", "average(yearly growth of pollutant)"),
        ("(waste.used - waste.made) * 2", "(利用量 − 产生量) × 2", "(waste used − waste made) × 2"),
        ("waste.used - (waste.made - waste.used)", "利用量 − (产生量 − 利用量)", "waste used − (waste made − waste used)"),
        ("waste.used - waste.made - waste.used", "利用量 − 产生量 − 利用量", "waste used − waste made − waste used"),
        ("waste.used / (waste.made * 1000000)", "利用量 ÷ (产生量 × 1,000,000)", "waste used ÷ (waste made × 1,000,000)"),
        ("1 - root(energy.total / previous(energy.total, 2), 2)", "1 − (能耗 ÷ 2 年前的能耗)的 2 次方根",
         "1 − root of degree 2 of (energy use ÷ energy use of 2 years before)"),
        ("if_else(known(waste.made), waste.made, 0 * waste.used)", "（若产生量已知，取产生量，否则取0 × 利用量）",
         "(waste made if waste made is known, else 0 × waste used)"),
        ("least(waste.used, waste.made)", "利用量、产生量中的最小值", "the least of waste used, waste made"),
        ("-waste.used", "−利用量", "−waste used"),
        ("-(waste.used + waste.made)", "−(利用量 + 产生量)", "−(waste used + waste made)"),
    ],
)  # fmt: skip
def test_a_formula_reads_in_both_languages(text, zh, en):
    formula = parse_formula(text)
    assert (formula.sentence(NAMES, "zh"), formula.sentence(NAMES, "en")) == (zh, en)


def test_limits_of_length_depth_and_years():
    parse_formula("waste.used" + " + 1" * 20)
    with pytest.raises(FormulaError, match="longer"):
        parse_formula("waste.used" + " " * MAX_LENGTH)
    with pytest.raises(FormulaError, match="deeper"):
        parse_formula("-" * 40 + "waste.used")
    with pytest.raises(FormulaError, match="whole number"):
        parse_formula(f"previous(waste.used, {MAX_LAG + 1})")
    with pytest.raises(FormulaError, match="looks back"):
        parse_formula(f"previous(previous(waste.used, {MAX_LAG}))")
