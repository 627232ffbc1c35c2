"""The same number to the last digit on page, sheet, terminal and in summary.json."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import docx
import openpyxl
import pytest

from greenpark.model.numbers import printed, rounded
from greenpark.publish import Release, explain, render_explanation, terminal_summary
from greenpark.publish.excel import number_format
from greenpark.publish.references import references, row_reference
from greenpark.publish.shown import number_of
from tests.publish import sample

REFERENCE = r"[FICESPNGUV]-[0-9a-f]{4,}"
ON_PAGE = re.compile(
    r'<span class="digits">([^<]+)</span>(?:(?!class="digits").)*?<span class="ref">(' + REFERENCE + ")<"
)


def values_of(release: Release, table: str) -> dict[str, float]:
    rows = release.tables[table]
    found = zip(references(table, rows), rows.column("value").to_pylist(), strict=True)
    return {reference: value for reference, value in found if value is not None}


def page_without_scripts(page: str) -> str:
    return re.sub(r"<(script|style)[^>]*>.*?</\1>", "", page, flags=re.DOTALL)


@pytest.fixture(scope="module")
def page(published: Path) -> str:
    return page_without_scripts((published / "report.html").read_text(encoding="utf-8"))


def test_every_figure_on_the_page_shows_the_full_digits_of_its_row(release: Release, page: str) -> None:
    known = values_of(release, "figures") | values_of(release, "indicators")
    on_page = [(unescape(text), reference) for text, reference in ON_PAGE.findall(page) if reference in known]
    assert len({reference for _, reference in on_page}) > 60
    assert not [(text, reference) for text, reference in on_page if text != printed(known[reference])]


def test_every_figure_of_the_workbook_is_a_number_whose_format_shows_the_same_digits(
    release: Release, published: Path
) -> None:
    book = openpyxl.load_workbook(published / "report.xlsx")
    for table, tab in (("figures", "统计量 Figures"), ("indicators", "指标 Indicators")):
        sheet = book[tab]
        titles = [cell.value for cell in sheet[3]]
        at = next(place for place, title in enumerate(titles) if title.startswith("数值"))
        cells = {row[0].value: row[at] for row in sheet.iter_rows(min_row=4)}
        for reference, value in values_of(release, table).items():
            cell = cells[reference]
            assert cell.value == rounded(value)
            assert cell.number_format == number_format(number_of(value, sample.text("", "")))
            assert shown_by_excel(cell.value, cell.number_format) == printed(value)


def shown_by_excel(value: float, number_format: str) -> str:
    """What a spreadsheet shows for the two kinds of format that the workbook uses."""
    assert re.fullmatch(r"#,##0(\.0+)?", number_format)
    return f"{value:,.{len(number_format.partition('.')[2])}f}"


def test_the_terminal_shows_the_same_digits_beside_the_same_references(release: Release) -> None:
    known = values_of(release, "figures")
    for language in ("zh", "en"):
        lines = [line for line in terminal_summary(release, language).splitlines() if re.search(r"F-[0-9a-f]{4}", line)]
        assert len(lines) == 6
        for line in lines:
            reference = re.search(REFERENCE, line)[0]
            assert printed(known[reference]) in line.split()


def test_summary_json_holds_the_value_that_the_page_prints(release: Release, published: Path, page: str) -> None:
    summary = json.loads((published / "summary.json").read_text(encoding="utf-8"))
    for total in (*summary["totals"], *summary["indicators"]):
        if total["value"] is None:
            continue
        assert (printed(total["value"]), total["reference"]) in [(a, b) for a, b in ON_PAGE.findall(page)]


def test_the_explanation_starts_with_the_same_digits(release: Release) -> None:
    tables = {**release.tables, "entities": release.entities}
    for reference, value in list(values_of(release, "figures").items())[:12]:
        told = explain(reference, tables, release.definitions, "zh")
        first = render_explanation(told, "zh").splitlines()[0]
        assert printed(value) in first
        assert reference in first


def test_charts_carry_the_numbers_of_the_tables(release: Release, published: Path, page: str) -> None:
    whole = (published / "report.html").read_text(encoding="utf-8")
    data = json.loads(re.search(r'id="chart-data">(.*?)</script>', whole, re.DOTALL)[1])
    assert {"units-park-co2.direct-", "items-park-co2.combustion-", "months-park-co2.total", "bases-park"} <= set(data)
    texts = [text for chart in data.values() for series in chart["series"] for text in series["texts"]]
    assert [text for text in texts if text not in unescape(page)] == []
    for chart in data.values():
        for series in chart["series"]:
            assert [printed(value) for value in series["values"] if value is not None] == series["texts"]


@pytest.mark.parametrize(
    ("value", "decimals"),
    [(sample.HUGE, 0), (sample.TINY, 16), (sample.NEGATIVE, 5), (0.0, 0), (0.1 + 0.2, 1), (1e-12 / 3, 22)],
)
def test_the_format_of_a_cell_has_as_many_decimals_as_the_printed_number(value: float, decimals: int) -> None:
    number = number_of(value, sample.text("", ""))
    assert number.decimals == decimals
    assert shown_by_excel(number.value, number_format(number)) == number.text


def test_references_of_rows_of_evidence_are_long_enough_for_millions(release: Release) -> None:
    row = release.tables["emissions"].to_pylist()[0]
    assert len(row_reference("emissions", row)) == len("E-") + 12


def cells_of(path: Path) -> list[str]:
    return [cell.text for table in docx.Document(path).tables for row in table.rows for cell in row.cells]


def test_the_word_report_shows_the_same_digits_above_or_beside_the_same_references(
    release: Release, published: Path
) -> None:
    known = values_of(release, "figures") | values_of(release, "indicators")
    cells = [cell.split("\n") for cell in cells_of(published / "report.docx")]
    pairs = [(cell[0], cell[1]) for cell in cells if len(cell) > 1 and re.fullmatch(REFERENCE, cell[1])]
    figures = [(text, reference) for text, reference in pairs if reference in known]
    assert len({reference for _, reference in figures}) > 40
    assert not [(text, reference) for text, reference in figures if text != printed(known[reference])]


def test_every_total_agrees_to_the_last_digit_on_page_sheet_document_terminal_and_in_the_summary(
    release: Release, published: Path, page: str
) -> None:
    summary = json.loads((published / "summary.json").read_text(encoding="utf-8"))
    totals = {total["reference"]: total["value"] for total in summary["totals"] if total["value"] is not None}
    known = values_of(release, "figures")
    assert totals == {reference: rounded(known[reference]) for reference in totals}
    on_page = {reference: text for text, reference in ON_PAGE.findall(page)}
    book = openpyxl.load_workbook(published / "report.xlsx")["总量 Totals"]
    titles = [str(cell.value) for cell in book[3]]
    column = next(place for place, title in enumerate(titles) if title.startswith("数值"))
    in_book = {row[0].value: row[column] for row in book.iter_rows(min_row=4)}
    rows = [
        [cell.text for cell in row.cells]
        for table in docx.Document(published / "report.docx").tables[:1]
        for row in table.rows
    ]
    in_word = {row[-1]: row[3].split(" ")[0] for row in rows}
    terminal = terminal_summary(release, "zh").splitlines()
    assert len(totals) == 6
    for reference, value in totals.items():
        text = printed(value)
        assert on_page[reference] == text
        assert shown_by_excel(in_book[reference].value, in_book[reference].number_format) == text
        assert in_word[reference] == text
        assert any(reference in line.split() and text in line.split() for line in terminal)


def test_growth_and_uncertainty_agree_to_the_last_digit_everywhere(
    release: Release, published: Path, page: str
) -> None:
    summary = json.loads((published / "summary.json").read_text(encoding="utf-8"))
    words = {part for cell in cells_of(published / "report.docx") for part in re.split(r"[\s–]+", cell)}
    terminal = set(terminal_summary(release, "zh").split())
    book = openpyxl.load_workbook(published / "report.xlsx")
    shown = {
        shown_by_excel(cell.value, cell.number_format)
        for tab in ("增长速度 Growth", "不确定性 Uncertainty")
        for row in book[tab].iter_rows(min_row=4)
        for cell in row
        if isinstance(cell.value, int | float)
    }
    kinds = [kind["growth_percent"] for kind in summary["growth"][0]["kinds"].values() if kind["growth_percent"]]
    (doubt, _) = summary["uncertainty"]
    ends = [doubt["total"][name] for name in ("low", "high", "half_width_percent")]
    shares = [source["share_percent"] for source in doubt["sources"]]
    assert (len(kinds), len(shares)) == (3, 3)
    for value in (*kinds, *ends, *shares):
        text = printed(value)
        assert f">{text}<" in page, text
        assert text in words, text
        assert text in shown, text
    assert {printed(value) for value in kinds} <= terminal


def test_negative_values_keep_their_sign_and_all_their_digits_everywhere(
    release: Release, published: Path, page: str
) -> None:
    text = printed(sample.NEGATIVE)
    assert text == "-1,234.56789"
    assert f'<span class="digits">{text}</span>' in page
    assert any(cell.split("\n")[0] == text for cell in cells_of(published / "report.docx"))
    sheet = openpyxl.load_workbook(published / "report.xlsx")["统计量 Figures"]
    found = [cell for row in sheet.iter_rows(min_row=4) for cell in row if cell.value == sample.NEGATIVE]
    assert {shown_by_excel(cell.value, cell.number_format) for cell in found} == {text}


def test_no_total_is_abbreviated(release: Release, published: Path, page: str) -> None:
    huge = printed(sample.HUGE)
    assert huge == "1,234,567,891,000,000"
    for told in (page, "\n".join(cells_of(published / "report.docx")), terminal_summary(release, "en")):
        assert huge in told
        assert not re.search(r"\d[\d,.]*\s?(亿|万亿|[kMG]t\b|e\+\d)", told)
