"""The inputs of a verdict stand beside it with the cell that holds them, and that cell holds that number."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from greenpark.publish.inputs import PLACES
from greenpark.publish.shown import shown_of
from greenpark.publish.verdicts import SchemeReport, scheme_reports
from tests.pipeline.conftest import RunJob

Reports = tuple[SchemeReport, ...]

SCHEME = "eco_industrial_park_hj274_2015"


@pytest.fixture(scope="module")
def reports(run_job: RunJob) -> Reports:
    """As published: they are read while the store of the run is open, and kept."""
    return scheme_reports(shown_of(run_job("demo_park", again=True)[0].release))


def test_a_reported_input_names_the_cell_that_holds_it(reports: Reports, repo: Path) -> None:
    (report,) = [each for each in reports if each.id == SCHEME]
    lines = [line for line in report.details[0].inputs if line.rows == 1 and line.number.unit.zh == "t"]
    assert len(lines) > 5
    books: dict[str, openpyxl.Workbook] = {}
    for line in lines:
        file, sheet, cell = line.places[0].split("!")
        book = books.setdefault(file, openpyxl.load_workbook(repo / "examples" / "demo_park" / file, data_only=True))
        assert book[sheet][cell].value == pytest.approx(line.number.value), line


def test_every_criterion_with_a_value_names_what_it_was_computed_from(reports: Reports) -> None:
    for report in reports:
        for detail in report.details:
            named = {line.node for line in detail.inputs}
            valued = {line.node for line in detail.lines if line.kind == "criterion" and line.value.value is not None}
            assert valued <= named, report.id
            assert all(len(line.places) <= PLACES for line in detail.inputs)


def test_a_missing_input_is_listed_as_missing_and_not_as_zero(reports: Reports) -> None:
    missing = [line for report in reports for line in report.details[0].inputs if line.number.status == "missing"]
    assert missing
    assert all(line.number.value is None and line.number.text == "—" and not line.places for line in missing)


def test_an_indicator_reads_the_view_and_basis_of_its_scheme_alone(reports: Reports) -> None:
    (report,) = [each for each in reports if each.id == "zero_carbon_park_2025"]
    views = {line.variant.en for line in report.details[0].inputs if line.name.en == "CO2 emissions of the park"}
    assert len(views) == 1 and "zero-carbon-park" in views.pop()
