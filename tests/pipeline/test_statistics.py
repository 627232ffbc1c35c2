"""Statistics of tables and of runs, against published numbers and sums done by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from greenpark.catalog import Packs
from greenpark.model.job import JobError
from greenpark.model.statistics import Asked
from greenpark.pipeline.statistics import read_table, statistics_of
from greenpark.publish.statistics import statistics_data, statistics_text


def told(path: Path, packs: Packs, asked: Asked | None = None) -> dict[str, Any]:
    """The statistics of a table as data."""
    read = read_table(path, packs, asked or Asked())
    return statistics_data(statistics_of(read, asked or Asked()), read.names)


def test_what_cannot_be_read_of_the_published_aggregates_is_named_line_by_line(shared: Path, packs: Packs) -> None:
    source = shared / "reference" / "national_aggregates.csv"
    data = told(source, packs)
    assert "national_aggregates.csv!L44" in {each["place"] for each in data["findings"]}  # "<0.5" is no number
    rows = data["tables"]["growth"]["rows"]
    added = {row["period"]: row for row in rows if row["quantity"]["en"] == "industrial_value_added"}
    # 9.8 and 9.2 万亿元 are rounded ("about"): 9.75/9.25 to 9.85/9.15 holds the 5.8 % of the press conference.
    assert added["2024"]["growth"] == pytest.approx(100 * (9.8 / 9.2 - 1))
    assert 100 * (9.75 / 9.25 - 1) < 5.8 < 100 * (9.85 / 9.15 - 1)
    # 43319.9 / 34415.6, the same table as the totals of 2002 to 2006.
    revenue = [row for row in rows if row["quantity"]["en"] == "revenue" and row["period"] == "2006"]
    assert revenue[0]["growth"] == pytest.approx(100 * (43319.9 / 34415.6 - 1))
    assert revenue[0]["confidence"]["zh"] == "中"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A made-up table with prices, cumulative months, vintages and a change of coverage."""
    path = tmp_path / "series.csv"
    path.write_text(
        "entity,quantity,period,value,unit,source,confidence,vintage,coverage\n"
        "a,economy.gdp,2022,100,亿元,yearbook,high,final,whole_park\n"
        "a,economy.gdp,2023,110,亿元,yearbook,high,final,whole_park\n"
        "a,economy.gdp_price_index,2023,102,%,yearbook,high,final,whole_park\n"
        "a,economy.gdp,2024,130,亿元,bulletin,medium,flash,above_scale\n"
        "a,economy.gdp_growth_comparable,2024,6.5,%,bulletin,medium,flash,above_scale\n"
        "a,part,2023,11,亿元,yearbook,high,annual,whole_park\n"
        "a,part,2024,15.6,亿元,yearbook,high,annual,above_scale\n"
        "a,energy.total,2024-01/2024-02,20,tce,monthly,high,,whole_park\n"
        "a,energy.total,2024-01/2024-03,33,tce,monthly,high,,whole_park\n",
        encoding="utf-8",
    )
    return path


def test_growth_at_comparable_prices_single_months_shares_and_breaks_stand_in_the_tables(
    table: Path, packs: Packs
) -> None:
    tables = told(table, packs, Asked(shares=("part/economy.gdp",)))["tables"]
    gdp = {row["period"]: row for row in tables["growth"]["rows"] if row["unit"]["en"] == "hundred million yuan"
           and row["base"] is not None and row["value"] > 100}  # fmt: skip
    # 110 / 1.02 / 100 − 1; and the rate that the bulletin reports.
    assert gdp["2023"]["growth_comparable"] == pytest.approx(7.843137255)
    assert (gdp["2024"]["growth"], gdp["2024"]["growth_comparable"]) == (pytest.approx(18.18181818), pytest.approx(6.5))
    assert "deflated" in gdp["2023"]["how"]["en"]
    assert "reports" in gdp["2024"]["how"]["en"]
    assert gdp["2024"]["breaks"] == {"zh": "统计范围变动、版次不同", "en": "coverage changed, vintage differs"}
    single = [(row["period"], row["value"]) for row in tables["single"]["rows"]]
    assert single == [("2024-01/2024-02", 20), ("2024-03", 13)]
    shares = {row["period"]: row for row in tables["shares"]["rows"]}
    assert (shares["2023"]["share"], shares["2024"]["points"]) == (pytest.approx(10), pytest.approx(2))
    assert shares["2024"]["vintages"] == {"zh": "年报 / 快报", "en": "annual / flash"}


def test_single_periods_are_as_sure_as_both_values_and_tell_two_vintages_and_losses_from_revisions(
    tmp_path: Path, packs: Packs
) -> None:
    path = tmp_path / "cumulated.csv"
    path.write_text(
        "entity,quantity,period,value,unit,source,confidence,vintage\n"
        "a,energy.total,2025年1-3月,31,tce,m,low,annual\n"
        "a,energy.total,2025年1-6月,60,tce,m,high,flash\n"
        "a,energy.total,2025年1-9月,85,tce,m,high,flash\n"
        "a,economy.profit,2025年1-3月,10,万元,m,high,\n"
        "a,economy.profit,2025年1-6月,4,万元,m,high,annual\n",
        encoding="utf-8",
    )
    rows = told(path, packs, Asked())["tables"]["single"]["rows"]
    found = {(row["unit"]["en"], row["period"]): row for row in rows}
    half, third = found["tce", "2025-Q2"], found["tce", "2025-Q3"]
    assert (half["value"], third["value"]) == (29, 25)
    assert (half["confidence"]["zh"], third["confidence"]["zh"]) == ("低（暂定）", "高")
    assert half["since"]["zh"] == "相邻累计数之差；版次不同"
    assert third["since"]["zh"] == "相邻累计数之差"
    loss = found["ten thousand yuan", "2025-Q2"]  # of profit a fall is a loss; unsaid counts as annual
    assert (loss["value"], loss["since"]["zh"]) == (-6, "相邻累计数之差")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (Asked(quantities=("nothing.like_it",)), "pipeline.statistics_unknown"),
        (Asked(ratios=("energy.total",)), "pipeline.statistics_no_pair"),
        (Asked(ratios=("part/economy.gdp",), period="spring"), "pipeline.statistics_no_period"),
        (Asked(shares=("part/energy.total",)), "pipeline.statistics_no_share"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(table: Path, packs: Packs, asked: Asked, message: str) -> None:
    with pytest.raises(JobError) as error:
        told(table, packs, asked)
    assert error.value.message == message


def test_a_file_without_the_columns_of_a_series_is_refused(tmp_path: Path, packs: Packs) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(JobError) as error:
        told(path, packs)
    assert error.value.message == "collect.series_columns"


def test_the_newest_vintage_of_a_number_counts_and_a_derived_one_gives_way(tmp_path: Path, packs: Packs) -> None:
    path = tmp_path / "vintages.csv"
    path.write_text(
        "quantity,year,period,value,unit,vintage\n"
        "firms,2020,derived,165374,家,\nfirms,2020,year,165000,家,flash\nfirms,2020,year,165500,家,final\n"
        "firms,2021,year,182000,家,final\n",
        encoding="utf-8",
    )
    rows = told(path, packs)["tables"]["growth"]["rows"]
    assert [row["value"] for row in rows] == [165500, 182000]
    assert rows[1]["growth"] == pytest.approx(100 * (182000 / 165500 - 1))


def test_the_terminal_page_says_the_same_in_both_languages(table: Path, packs: Packs) -> None:
    read = read_table(table, packs, Asked())
    statistics = statistics_of(read, Asked())
    zh, en = (statistics_text(statistics, read.names, language) for language in ("zh", "en"))
    assert "增长速度" in zh
    assert "Growth at comparable prices" in en
    assert zh.count("7.843137255") == en.count("7.843137255") == 1
