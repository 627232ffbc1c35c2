"""Statistics on small tables: against published numbers, and against sums done by hand."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpark.measure.growth.arithmetic import implied_growth
from greenpark.measure.statistics import (
    distribution,
    flag_breaks,
    grow,
    league_table,
    percentage_points,
    shares,
    single_periods,
)


def series(values: dict[str, float | None], group: str = "all", **more: str) -> pa.Table:
    """Values by period, written 2023 or 2023-01/2023-09."""
    from greenpark.model.time import Period

    rows = [
        {"group": group, "start": Period.parse(each).start, "end": Period.parse(each).end, "value": value, **more}
        for each, value in values.items()
    ]
    kinds = {"group": pa.string(), "start": pa.date32(), "end": pa.date32(), "value": pa.float64()}
    return pa.Table.from_pylist(rows, schema=pa.schema(kinds | dict.fromkeys(more, pa.string())))


@pytest.fixture
def oracle(shared: Path) -> Callable[[str], Any]:
    return lambda name: yaml.safe_load((shared / "reference" / "oracles" / f"{name}.yaml").read_text(encoding="utf-8"))


# ---------------------------------------------------------------- growth
def test_the_yearly_change_of_national_energy_intensity_is_that_of_the_bulletin(oracle: Callable[[str], Any]) -> None:
    case = oracle("energy__nbs_intensity_levels_2005_2009")
    grown = {row["start"].year: row["growth"] for row in grow(series(case["inputs"])).to_pylist()}
    assert grown[2005] is None
    for year, percent in case["expected"].items():
        assert 100 * grown[int(year)] == pytest.approx(percent, abs=0.09)  # levels are rounded to 0.001


def test_growth_at_comparable_prices_follows_from_energy_and_intensity(oracle: Callable[[str], Any]) -> None:
    # Energy per GDP is at comparable prices: a GDP that grew at them, times the intensity, is the energy.
    case = oracle("energy__province_2020_implied_gdp_growth")
    expected = {row["area"]: row["gdp_growth_comparable_pct"] for row in case["expected"]}
    for row in case["inputs"]:
        found = implied_growth(row["energy_growth_pct"] / 100, row["energy_intensity_change_pct"] / 100)
        assert found is not None
        assert 100 * found == pytest.approx(expected[row["area"]], abs=0.15)


def test_zone_totals_of_2002_to_2006_grow_as_their_quotients_say(shared: Path) -> None:
    path = shared / "data" / "hightech_zones_cn" / "national_totals_2002_2006.csv"
    rows = {row["indicator"]: row for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())}
    revenue = {year: float(rows["operating_revenue"][year]) for year in ("2002", "2003", "2004", "2005", "2006")}
    grown = [row["growth"] for row in grow(series(dict(revenue))).to_pylist()]
    # 20938.7/15326.4, 27446.3/20938.7 (the damaged cell), 34415.6/27446.3, 43319.9/34415.6; divided by hand.
    assert grown[1:] == pytest.approx([0.366185, 0.310793, 0.253925, 0.258728], abs=1e-6)


def test_growth_against_nothing_or_against_zero_is_empty_and_not_infinite() -> None:
    found = grow(series({"2022": 0.0, "2023": 5.0, "2024": None, "2025": 7.0})).column("growth").to_pylist()
    assert found == [None, None, None, None]


def test_only_periods_of_equal_length_are_compared() -> None:
    found = grow(series({"2023": 100.0, "2024-01/2024-09": 80.0})).column("growth").to_pylist()
    assert found == [None, None]


# ---------------------------------------------------------------- single periods
def test_cumulative_months_become_single_ones_and_january_with_february_stays_one() -> None:
    found = single_periods(series({"2024-01/2024-02": 20.0, "2024-01/2024-03": 33.0, "2024-01/2024-06": 70.0}))
    assert [(row["start"].month, row["end"].month, row["value"], row["status"]) for row in found.to_pylist()] == [
        (1, 3, 20.0, "first"),
        (3, 4, 13.0, "ok"),
        (4, 7, 37.0, "ok"),
    ]


def test_a_cumulative_value_that_falls_is_a_revision_and_no_negative_month() -> None:
    found = single_periods(series({"2024-01/2024-02": 20.0, "2024-01/2024-03": 18.0, "2024-01/2024-04": 25.0}))
    assert [(row["value"], row["status"]) for row in found.to_pylist()] == [
        (20.0, "first"),
        (None, "revision"),
        (7.0, "ok"),
    ]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(min_value=0, max_value=1e6), min_size=1, max_size=12))
def test_single_months_add_up_to_the_last_cumulative_value(months: list[float]) -> None:
    total, cumulative = 0.0, {}
    for number, value in enumerate(months, start=1):
        total += value
        cumulative["2024-01" if number == 1 else f"2024-01/2024-{number:02d}"] = total
    found = single_periods(series(cumulative)).column("value").to_pylist()
    assert sum(found) == pytest.approx(total, rel=1e-12, abs=1e-6)


# ---------------------------------------------------------------- shares
def test_a_share_moves_by_percentage_points_and_not_by_per_cent() -> None:
    parts, wholes = series({"2023": 12.0, "2024": 15.0}, "part"), series({"2023": 100.0, "2024": 120.0})
    found = percentage_points(shares(parts, wholes)).to_pylist()
    assert [row["share"] for row in found] == pytest.approx([0.12, 0.125])
    assert found[1]["points"] == pytest.approx(0.5)


def test_a_share_of_an_unknown_total_is_empty() -> None:
    assert shares(series({"2023": 12.0}), series({"2023": None})).to_pylist()[0]["share"] is None


# ---------------------------------------------------------------- distribution
def test_the_ratio_of_sums_is_neither_the_mean_nor_the_median_of_ratios() -> None:
    # 10/100 = 0.1, 30/100 = 0.3, 500/1000 = 0.5: sums 540/1200 = 0.45, mean 0.3, median 0.3; two of three below 0.45.
    members = pa.table({"numerator": [10.0, 30.0, 500.0], "denominator": [100.0, 100.0, 1000.0]})
    found = distribution(members, 0.45)
    assert found.ratio_of_sums == pytest.approx(0.45)
    assert found.median == pytest.approx(0.3)
    assert dict(found.quantiles) == pytest.approx({0.25: 0.2, 0.75: 0.4})
    assert found.share_below == pytest.approx(2 / 3)


def test_members_without_a_ratio_count_neither_in_the_sums_nor_in_the_distribution() -> None:
    members = pa.table({"numerator": [10.0, None, 7.0], "denominator": [100.0, 50.0, 0.0]})
    found = distribution(members, 1.0)
    assert (found.members, found.left_out, found.ratio_of_sums) == (1, 2, pytest.approx(0.1))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(1e-3, 1e6)), min_size=1, max_size=40))
def test_the_ratio_of_sums_lies_between_the_least_and_the_greatest_ratio(pairs: list[tuple[float, float]]) -> None:
    above, below = zip(*pairs, strict=True)
    found = distribution(pa.table({"numerator": list(above), "denominator": list(below)}))
    ratios = [one / other for one, other in pairs]
    assert found.ratio_of_sums is not None
    assert min(ratios) * (1 - 1e-9) <= found.ratio_of_sums <= max(ratios) * (1 + 1e-9)


# ---------------------------------------------------------------- league tables and breaks
def test_equal_values_share_a_rank_and_the_unknown_have_none() -> None:
    rows = pa.table({"group": ["a", "b", "c", "d"], "value": [3.0, 5.0, 3.0, None]})
    found = league_table(rows, highest_first=False).to_pylist()
    assert [(row["group"], row["rank"]) for row in found] == [("a", 1), ("c", 1), ("b", 3), ("d", None)]


def test_a_league_table_says_of_itself_that_it_is_restricted() -> None:
    table = league_table(pa.table({"group": ["a"], "value": [1.0]}))
    assert table.schema.metadata == {b"restricted": b"true"}


def test_a_change_of_coverage_and_a_missing_year_are_breaks() -> None:
    rows = [
        *series({"2019": 1.0}, coverage="whole_park").to_pylist(),
        *series({"2020": 1.0}, coverage="above_scale").to_pylist(),
        *series({"2022": 1.0}, coverage="above_scale").to_pylist(),
    ]
    found = flag_breaks(pa.Table.from_pylist(rows)).column("breaks").to_pylist()
    assert found == ["", "coverage", "gap"]
