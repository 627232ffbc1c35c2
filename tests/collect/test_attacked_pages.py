"""Pages made to mislead or to exhaust the reader: nothing is invented, no sign is lost, and time grows with size."""

from __future__ import annotations

import time

import pytest

from greenpark.collect.pages import read_page_with_findings
from greenpark.collect.pages.markup import text_of_html
from greenpark.model.pages import PageReading
from tests.collect.page_vocabulary import vocabulary


def reading(text: str) -> PageReading:
    return read_page_with_findings(text, vocabulary(), "page.txt")


def values(text: str) -> list[tuple[float, str]]:
    return [(one.value, one.unit) for one in reading(text).figures]


@pytest.mark.parametrize("minus", ["-", "\u2212", "\ufe63", "\uff0d", "\u2013"])
def test_every_minus_is_a_sign(minus: str) -> None:
    assert values(f"2023年园区利润{minus}3亿元。") == [(-3.0, "亿元")]
    assert values(f"2023年园区工业增加值增长{minus}3.2%。") == [(-3.2, "%")]


@pytest.mark.parametrize("passage", ["工业增加值增长—3.2%", "利润总额—3亿元", "综合能耗下降—5%"])
def test_a_number_behind_a_long_dash_is_doubtful(passage: str) -> None:
    found = reading(f"2023年园区{passage}。")
    assert found.figures == ()
    assert [each.rule for each in found.findings if each.rule != "page"] == ["damaged_number"]
    assert passage.rpartition("—")[2] in str(found.findings[0].values["passage"])


def test_a_long_dash_of_a_range_or_a_double_one_is_no_sign() -> None:
    assert values("2023年园区综合能耗20万—30万吨标准煤。")[-1] == (30.0, "万吨标准煤")
    assert values("2023年园区生产总值——12亿元。") == [(12.0, "亿元")]


@pytest.mark.parametrize(
    ("written", "unit"),
    [("1.2×10^4吨", "×10^4吨"), ("1.2×10⁴吨", "×10⁴吨"), ("1.2x10^4吨", "x10^4吨"), ("1.2 × 10^-3 吨", "× 10^-3吨")],
)
def test_a_power_of_ten_belongs_to_the_number_before_it(written: str, unit: str) -> None:
    assert values(f"2023年园区二氧化碳排放{written}。") == [(1.2, unit)]


def test_a_list_of_powers_gives_no_figures_of_its_own() -> None:
    assert values("园区二氧化碳排放1.2×10^4吨，5×10⁴吨。") == [(1.2, "×10^4吨"), (5.0, "×10⁴吨")]


def test_a_power_alone_is_damaged_and_one_in_a_denominator_is_not() -> None:
    found = reading("园区二氧化碳排放10^6吨。")
    assert found.figures == ()
    assert "damaged_number" in [each.rule for each in found.findings]
    assert values("园区单位产值能耗0.4吨标准煤/10^4元。") == [(0.4, "吨标准煤/10^4元")]


@pytest.mark.parametrize("cell", ["1.2×10^4", "5×10⁴"])
def test_a_power_in_a_cell_is_a_finding_and_no_label(cell: str) -> None:
    found = reading(f"| 指标 | 2022年 | 2023年 |\n| 用电量(万千瓦时) | 100 | {cell} |\n| 水耗(吨) | 3 | 4 |\n")
    assert [one.value for one in found.figures] == [100.0, 3.0, 4.0]
    assert [each.values["passage"] for each in found.findings] == [cell]


LONG = {
    "years": "2023年" * 15000,
    "years apart": "2023年 " * 15000,
    "changes": "增长3%，" * 8000,
    "years and changes": "2023年3%，" * 8000,
    "numerals": "一二三" * 15000,
    "digits": "1" * 60000,
    "commas": "1," * 30000,
    "brackets": "用电量(3%)、" * 8000,
}


@pytest.mark.parametrize("name", sorted(LONG))
def test_time_grows_with_the_size_of_the_page(name: str) -> None:
    reading("2023年园区生产总值12亿元。")
    started = time.process_time()
    reading(LONG[name][: len(LONG[name]) // 8])
    eighth = time.process_time() - started
    started = time.process_time()
    reading(LONG[name])
    assert time.process_time() - started < max(16 * eighth, 1.0)


@pytest.mark.parametrize("run", ["1" * 3000, "一二三" * 600, "1," * 2000, "园区生产总值" * 400])
def test_a_run_that_is_too_long_is_skipped_with_a_finding_and_nothing_is_made_of_it(run: str) -> None:
    found = reading(f"2023年园区生产总值12亿元。\n{run}亿元。\n2023年园区出口额5亿元。")
    assert [one.value for one in found.figures] == [12.0, 5.0]
    (finding,) = [each for each in found.findings if each.rule == "endless_run"]
    assert str(finding.values["passage"]).startswith(run[:20])


def test_a_long_line_is_cut_in_no_number() -> None:
    text = "".join(f"2023年园区用电量{number},234.5亿千瓦时，" for number in range(1, 10)) * 20
    assert {one.value for one in reading(text).figures} == {number * 1000 + 234.5 for number in range(1, 10)}


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>园区生产总值77亿元</p>",
        "<p hidden>园区生产总值77亿元",
        '<div style="color:red; display: none"><p>园区<b>生产总值77</b>亿元<br></p><div>77</div></div>',
        '<div style="visibility:hidden">园区生产总值77亿元</div>',
        '<span aria-hidden="true">园区生产总值77亿元<img></span>',
        "<ul><li hidden>园区生产总值77亿元<li>别的</ul>",
        "<table><tr><td>甲<td hidden>77<td>乙</tr></table>",
        "<table><tr hidden><td>77</td><td>77</td></tr><tr><td>甲<td>乙</table>",
        "<ul><li hidden>77</ul>",
    ],
)
def test_what_a_browser_does_not_show_is_not_read(hidden: str) -> None:
    text = text_of_html(f"<html><p>园区生产总值12亿元</p>{hidden}<p>出口额5亿元</p></html>")
    assert "77" not in text
    assert "12亿元" in text
    assert "出口额5亿元" in text
    for shown in ("别的", "甲", "乙"):
        assert (shown in text) == (shown in hidden)
