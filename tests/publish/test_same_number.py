"""The same number to the last digit on page, sheet, terminal and in summary.json."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import openpyxl
import pytest

from greenpark.model.numbers import printed, rounded
from greenpark.publish import Release, explain, render_explanation, terminal_summary
from greenpark.publish.excel import number_format
from greenpark.publish.references import references, row_reference
from greenpark.publish.shown import number_of
from tests.publish import sample

REFERENCE = r"[FICESPN]-[0-9a-f]{4,}"
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
    for table in ("figures", "indicators"):
        sheet = book[table]
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
    assert {"units-co2.direct-", "items-park-co2.combustion-", "months-park-co2.total", "bases-park"} <= set(data)
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
