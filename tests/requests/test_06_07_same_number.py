"""Requests 6 and 7: the same number everywhere to its last digit; CO2 equivalents under three GWP sets, so labelled."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from greenpark.catalog import Packs
from greenpark.desk.handing_in import read_handover
from greenpark.engine.connect import Engine
from greenpark.engine.store import Store, open_store
from greenpark.model.numbers import printed
from greenpark.pipeline import Published
from greenpark.pipeline.restating import Otherwise, restate
from tests.desk.made_books import book, coal, said
from tests.requests.small_park import Park, command, table

REFERENCE = re.compile(r"[FI]-[0-9a-f]{4,}")
ON_PAGE = re.compile(
    r'<span class="digits">([^<]+)</span>(?:(?!class="digits").)*?<span class="ref">([FI]-[0-9a-f]{4,})<'
)
PRODUCTS = [
    ("单位名称", "时期", "产品或原料", "计量单位", "产量"),
    ("乙厂", "2023", "nitric_acid_high_pressure", "t", 1000),
    ("乙厂", "2023", "primary_aluminium", "t", 70000),
    ("乙厂", "2023", "hcfc_22", "t", 100 / 3),
]
# Species of the reference table by the gas as the factors name it.
SPECIES = {"N2O": "N2O", "CF4": "CF4", "C2F6": "C2F6", "HFC-23": "HFC23"}


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Park, str]:
    """A park of awkward numbers that has run on the command line, and what the terminal said."""
    park = Park(tmp_path_factory.mktemp("request_06"))
    park.rows = [
        ("甲厂", "2023", "汽油", "吨", 10 / 3, 10 / 3),
        ("甲厂", "2023", "烟煤", "吨", 123456.789, 123456.789),
        ("乙厂", "2023", "电力", "万千瓦时", 12.3456789, 12.3456789),
    ]
    park.sheets = {"产品与原料": PRODUCTS}
    done = command("run", park.write(), "--output", park.folder / "out", "--workspace", park.folder / "w")
    assert done.exit_code == 0, done.output
    return park, done.output


# ---------------------------------------------------------------- 6: the same number everywhere
def test_06_page_json_excel_word_terminal_and_explanation_show_the_same_digits(worked: tuple[Park, str]) -> None:
    park, terminal = worked
    out = park.folder / "out"
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    values = {each["reference"]: each["value"] for each in (*summary["totals"], *summary["indicators"])}
    digits = {reference: printed(value) for reference, value in values.items() if value is not None}
    assert len(digits) >= 8
    in_excel = _in_excel(out / "report.xlsx")
    on_page = dict(_swapped(ON_PAGE.findall(unescape((out / "report.html").read_text(encoding="utf-8")))))
    in_word = _in_word(out / "report.docx")
    for reference, text in digits.items():
        assert on_page[reference] == text, reference
        assert in_excel[reference] == text, reference
        assert in_word[reference] == text, reference
        assert any(reference in line and text in line.split() for line in terminal.splitlines()), reference
    # Figures that only page, sheet and document show agree as well.
    assert all(in_excel[reference] == text for reference, text in on_page.items())
    assert all(in_excel[reference] == text for reference, text in in_word.items())
    assert len(on_page) > len(digits)
    some = next(iter(digits))
    told = command("explain", some, "--workspace", park.folder / "w").output
    assert digits[some] in told.splitlines()[0]


def _swapped(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for text, reference in pairs:
        yield reference, text


def _in_excel(path: Path) -> dict[str, str]:
    """What a spreadsheet shows of each figure and indicator: the value in the format of its cell."""
    found: dict[str, str] = {}
    book = openpyxl.load_workbook(path)
    for tab in ("总量 Totals", "统计量 Figures", "指标 Indicators"):
        if tab not in book.sheetnames:
            continue
        titles = [str(cell.value or "") for cell in book[tab][3]]
        at = next(place for place, title in enumerate(titles) if title.startswith("数值"))
        for row in book[tab].iter_rows(min_row=4):
            if isinstance(row[at].value, int | float):
                decimals = len(row[at].number_format.partition(".")[2])
                shown = f"{row[at].value:,.{decimals}f}"
                assert found.setdefault(str(row[0].value), shown) == shown
    return found


def _in_word(path: Path) -> dict[str, str]:
    """The numbers of the Word report: beside their reference in a row, or above it in a cell."""
    found: dict[str, str] = {}
    for each in docx.Document(str(path)).tables:
        for row in each.rows:
            cells = [cell.text for cell in row.cells]
            pairs = [cell.split("\n") for cell in cells if cell.count("\n") == 1]
            found |= {reference: number for number, reference in pairs if REFERENCE.fullmatch(reference)}
            if REFERENCE.fullmatch(cells[-1]) and len(cells) > 3:
                found.setdefault(cells[-1], cells[3].split(" ")[0])
    return found


# ---------------------------------------------------------------- 7: GWP and form by year
@pytest.fixture(scope="module")
def store(worked: tuple[Park, str]) -> Iterator[Store]:
    engine = Engine("duckdb")
    with open_store(worked[0].folder / "w", engine) as opened:
        yield opened
    engine.close()


@pytest.mark.parametrize("gwp", ["AR4", "AR5", "AR6"])
def test_07_one_case_under_each_gwp_set_and_labelled_with_the_set_that_was_used(
    gwp: str, worked: tuple[Park, str], store: Store, shared: Path, tmp_path: Path
) -> None:
    """The masses of gas stay; CO2 equivalents are those of the set; no output names another set."""
    potentials = _potentials(shared, gwp)
    record = store.run(_run_of(worked[0]))
    published: Published = restate(record, Otherwise(gwp=gwp), store, tmp_path, "zh", lambda step, name: None).published
    rows = store.engine.to_arrow(store.run_table(published.release.run, "emissions")).to_pylist()
    other = [row for row in rows if row["gas"] != "CO2"]
    assert {row["gas"] for row in other} == set(SPECIES)
    for row in other:
        assert row["co2e"] == pytest.approx(row["t"] * potentials[row["gas"]], rel=1e-12), row["gas"]
        assert row["gwp_set"] == gwp
    figures = {
        (row["entity"], row["quantity"], row["item"], row["variant"]): row["value"]
        for row in table(published, "figures")
    }
    expected = sum(row["t"] * potentials[row["gas"]] for row in other)
    location = "view=location"
    ghg, co2 = (figures["park", name, "", location] for name in ("ghg.total", "co2.total"))
    assert ghg - co2 == pytest.approx(expected, rel=1e-9)
    _labelled(tmp_path, gwp)


def _labelled(folder: Path, gwp: str) -> None:
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    totals = [total for total in summary["totals"] if total["name"]["zh"] == "园区温室气体排放总量"]
    assert len(totals) == 2
    assert all(total["variant"]["zh"].endswith(f"增温潜势 {gwp}") for total in totals)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert f"增温潜势 {gwp}" in page
    assert not [other for other in {"AR4", "AR5", "AR6"} - {gwp} if f"增温潜势 {other}" in page]


def _potentials(shared: Path, gwp: str) -> dict[str, float]:
    path = shared / "reference" / "oracles" / "gwp" / "globalwarmingpotentials.csv"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    of_species = {row["Species"]: row for row in csv.DictReader(lines)}
    return {gas: float(of_species[name][f"{gwp}GWP100"]) for gas, name in SPECIES.items()}


def _run_of(park: Park) -> str:
    said_of: dict[str, Any] = json.loads((park.folder / "out" / "summary.json").read_text(encoding="utf-8"))
    return str(said_of["run"])


@pytest.mark.parametrize(("until", "basis", "severity"), [
    ("2025-12-31", "statistical_survey", None),
    ("2024-12-31", "statistical_survey", "error"),
    ("2024-12-31", "voluntary", "warning"),
])  # fmt: skip
def test_07_a_form_is_valid_for_its_years_only(
    until: str, basis: str, severity: str | None, packs: Packs, store: Store, tmp_path: Path
) -> None:
    form = packs.forms["park_annual"].model_copy(
        update={"valid_until": date.fromisoformat(until), "legal_basis": basis}
    )
    handover = replace(said(packs, book(tmp_path / "b.xlsx", [coal(1, 5)])), form=form)
    found = [each for each in read_handover(handover, packs, store).findings if each.rule == "form_expired"]
    assert [each.severity for each in found] == ([severity] if severity else [])
