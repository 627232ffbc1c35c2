"""What must not matter: script, injected readings and words, doubled marks; and no text makes the reader fail."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from greenpark.collect.pages import read_page, read_page_with_findings
from greenpark.collect.pages.cleaning import without_pinyin
from greenpark.collect.pages.numerals import read_number
from tests.collect.page_vocabulary import vocabulary
from tests.collect.test_pages_prose import PASSAGES

CHINESE = sorted(name for name, (text, _) in PASSAGES.items() if "。" in text)
SPAM = "在线视频99_高清_一区二区_精品A片"
SIGNS = list("0123456789.,，。、；:()（）%|\n\t -—~年月日万亿元吨家个倍增降占全国园区GDPper从至到分别目标约近以上的")
PLACES = "甲县| 乙市| 丙区| 丁旗| 戊县| 己市| 庚区| 辛县| 壬市| 癸区|"
SYLLABLES = ["(guó)", "(shí)", "(lǜ)", "（huán）", "(zhuān)", "(de)", "(fā)(fā)"]


def injected(text: str, seed: int) -> str:
    """``text`` with readings behind some of its Chinese characters and some commas doubled."""
    chance = random.Random(seed)
    pieces = []
    for sign in text:
        pieces.append(sign)
        if "一" <= sign <= "鿿" and chance.random() < 0.3:
            pieces.append(chance.choice(SYLLABLES))
        if sign in ",，" and chance.random() < 0.5:
            pieces.append(sign)
    return "".join(pieces) + "國(guó)"


def values(text: str) -> list[tuple[object, ...]]:
    return [
        (one.quantity, one.value, one.unit, one.period, one.scope, one.kind, one.approximate)
        for one in read_page(text, vocabulary())
    ]


@pytest.mark.parametrize("name", CHINESE)
def test_script_and_injected_readings_do_not_matter(name: str) -> None:
    text, _ = PASSAGES[name]
    traditional = OpenCC("s2t").convert(text)
    assert values(traditional) == values(text)
    assert values(injected(traditional, seed=len(text))) == values(text)


@pytest.mark.parametrize("name", sorted(PASSAGES))
def test_injected_lines_around_a_passage_do_not_matter(name: str) -> None:
    text, expected = PASSAGES[name]
    assert values(f"{SPAM}\n\n\n{text}\n\n\n{PLACES}\n") == expected


def test_a_unit_in_brackets_is_no_reading() -> None:
    assert without_pinyin("产量(t)和重量(kg)") == "产量(t)和重量(kg)"
    assert without_pinyin("國(guó)家產(chǎn)量(t)(kg)(GDP)") == "國家產量(t)(kg)(GDP)"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(st.text(alphabet=st.sampled_from(SIGNS), max_size=60))
def test_no_text_makes_the_reader_fail_and_reading_twice_is_the_same(text: str) -> None:
    first = read_page_with_findings(text, vocabulary())
    assert read_page_with_findings(text, vocabulary()) == first
    for figure in first.figures:
        assert figure.text
        assert abs(figure.value) < float("inf")


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    st.decimals(min_value=0, max_value=99999, places=3),
    st.sampled_from(["万亿元", "亿元", "万元"]),
    st.integers(2001, 2024),
)
def test_value_unit_and_year_come_back_as_written(value: Decimal, unit: str, year: int) -> None:
    (figure,) = read_page(f"{year}年，园区营业收入{value:f}{unit}。", vocabulary())
    assert (figure.value, figure.unit, figure.period) == (float(value), unit, str(year))
    assert figure.quantity == "operating_revenue"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("十", 10),
        ("二十三", 23),
        ("一百六十九", 169),
        ("两千零五", 2005),
        ("十七点三", "17.3"),
        ("一二三", 123),
        ("1,234.50", "1234.50"),
    ],
)
def test_numerals_are_read_exactly(written: str, value: object) -> None:
    assert read_number(written) == Decimal(str(value))


def test_a_page_in_one_endless_line_is_still_read() -> None:
    figures = read_page("2022年用电量8.6亿千瓦时，" * 400, vocabulary())
    assert {(figure.value, figure.unit) for figure in figures} == {(8.6, "亿千瓦时")}
