"""Page files in all encodings and as HTML, and the forms in which figures are handed on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from greenpark.collect.pages import figures_as_json, figures_as_rows, page_text, read_page, read_page_file
from greenpark.model.pages import PageFigure
from tests.collect.page_vocabulary import vocabulary

SIMPLIFIED = "2022年，国家高新区的园区生产总值为16.5万亿元，占全国的13.6%。绿色发展会议要求，为工业园区的发展提供保障。"
TRADITIONAL = (
    "2022年，國家高新區的園區生產總值為16.5萬億元，佔全國的13.6%。綠色發展會議要求，為工業園區的發展提供保障。"
)
EXPECTED = [("zone_gdp", 16.5, "万亿元"), ("share_of_national_gdp", 13.6, "%")]

PAGE = """<!doctype html><html><head><title>x</title><style>p{width:12px}</style></head><body>
<script>var share = "5亿元"; document.write('用电量12.3亿千瓦时')</script><!-- 用电量99亿千瓦时 -->
<p>2021年，合肥高新区用电量<b>56.3</b>亿千瓦时，<span>增长8.1&#37;</span>。</p>
<table><tr><th rowspan="2">指标</th><th colspan="2">合肥高新区</th></tr><tr><th>2020年</th><th>2021年</th></tr>
<tr><td>能耗总量（万吨标准煤）</td><td>81.2</td><td>85.6</td></tr>
<tr><td>优良天数比例</td><td>84.7%</td><td>86.0%</td></tr></table></body></html>"""


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", SIMPLIFIED),
        ("utf-8-sig", SIMPLIFIED),
        ("utf-16", SIMPLIFIED),
        ("utf-16-le", "\ufeff" + SIMPLIFIED),
        ("gb18030", SIMPLIFIED),
        ("utf-8", TRADITIONAL),
        ("big5", TRADITIONAL),
        ("gb18030", TRADITIONAL),
    ],
)
def test_a_file_in_any_usual_encoding_reads_the_same(tmp_path: Path, encoding: str, text: str) -> None:
    file = tmp_path / "page.txt"
    file.write_bytes(text.encode(encoding))
    figures = read_page_file(file, vocabulary())
    assert [(figure.quantity, figure.value, figure.unit) for figure in figures] == EXPECTED


@pytest.mark.parametrize("name", ["page.html", "page.txt"])
def test_tags_and_scripts_of_html_are_left_out_and_its_tables_read(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text(PAGE, encoding="utf-8")
    figures = read_page_file(file, vocabulary())
    assert [(figure.quantity, figure.value, figure.period) for figure in figures] == [
        ("electricity_use", 56.3, "2021"),
        ("electricity_use_growth", 8.1, "2021"),
        ("energy_use", 81.2, "2020"),
        ("energy_use", 85.6, "2021"),
        ("good_air_rate", 84.7, "2020"),
        ("good_air_rate", 86.0, "2021"),
    ]
    assert {figure.scope for figure in figures} == {"合肥高新区"}


def test_a_declared_charset_is_believed_when_it_fits(tmp_path: Path) -> None:
    file = tmp_path / "page.htm"
    file.write_bytes(f'<html><meta charset="big5"><p>{TRADITIONAL}</p></html>'.encode("big5"))
    assert TRADITIONAL in page_text(file)


def test_a_broken_byte_does_not_lose_the_page(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_bytes(b"\xff" + SIMPLIFIED.encode("gb18030"))
    assert [figure.value for figure in read_page_file(file, vocabulary())] == [16.5, 13.6]


def test_an_empty_file_has_no_figures(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_bytes(b"")
    assert read_page_file(file, vocabulary()) == ()


def test_json_has_the_agreed_keys_and_reads_back_exactly() -> None:
    written = json.loads(
        json.dumps(figures_as_json(read_page("园区现有绿色工厂约12家，用电量8.6亿千瓦时。", vocabulary())))
    )
    assert list(written) == ["figures"]
    assert list(written["figures"][0]) == [
        "quantity",
        "value",
        "unit",
        "period",
        "scope",
        "kind",
        "approximate",
        "text",
    ]
    assert [(one["value"], one["period"], one["approximate"]) for one in written["figures"]] == [
        (12, None, True),
        (8.6, None, False),
    ]
    assert json.dumps(written["figures"][0]["value"]) == "12"


def test_rows_for_a_terminal_show_full_digits_and_leave_blanks_empty() -> None:
    figure = PageFigure(None, 1234567.25, "吨", None, None, "actual", True, "字" * 80)
    (row,) = figures_as_rows([figure])
    assert row == {
        "number": "1",
        "quantity": "",
        "value": "~1,234,567.25",
        "unit": "吨",
        "period": "",
        "scope": "",
        "kind": "actual",
        "text": "字" * 59 + "…",
    }
