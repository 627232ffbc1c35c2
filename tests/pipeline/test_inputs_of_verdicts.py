"""The inputs of a verdict stand beside it with the cell that holds them, and that cell holds that number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from greenpark.engine.formula import parse_formula
from greenpark.engine.formula_values import evaluate_numbers
from greenpark.engine.units import Units
from greenpark.publish.inputs import PLACES
from greenpark.publish.reading import figures_read, reading_of
from greenpark.publish.shown import shown_of
from greenpark.publish.verdicts import SchemeReport, scheme_reports
from tests.pipeline.conftest import RunJob

Reports = tuple[SchemeReport, ...]

SCHEME = "eco_industrial_park_hj274_2015"


@pytest.fixture(scope="module")
def reports(run_job: RunJob) -> Reports:
    """As published: they were read while the store of the run was open, and are kept with the release."""
    return scheme_reports(shown_of(run_job("demo_park")[0].release))


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


def test_the_figures_that_an_explanation_names_give_the_indicator(run_job: RunJob) -> None:
    release = run_job("demo_park")[0].release
    known, units = release.definitions, Units(release.definitions.units.values())
    figures: dict[tuple[object, ...], list[dict[str, Any]]] = {}
    for row in release.tables["figures"].to_pylist():
        figures.setdefault((row["entity"], row["start"], row["end"]), []).append(row)
    compared = set()
    for row in release.tables["indicators"].to_pylist():
        pack, _, name = row["indicator"].partition(".")
        scheme = reading_of(known.schemes[pack], row["variant"] or "")
        (indicator,) = [each for each in scheme.indicators if each.id == name]
        formula = parse_formula(indicator.formula) if indicator.formula else None
        if formula is None or formula.families or row["value"] is None or any(leaf.lag for leaf in formula.leaves):
            continue  # families and years before are read by other rules
        if "switch=" in (row["variant"] or ""):
            continue  # figures of another profile that come out alike stand once, under the name of the first
        beside = figures[(row["entity"], row["start"], row["end"])]
        read = {
            leaf: figures_read(beside, leaf.name, indicator, scheme.profile or "", row["variant"] or "")
            for leaf in formula.leaves
        }
        assert all(len(each) == 1 for each in read.values()), (row["indicator"], row["variant"])
        values = {leaf: each[0]["value"] for leaf, each in read.items()}
        again = evaluate_numbers(
            formula, values, lambda it: known.quantities[it].unit, lambda it: (it,), units, row["unit"]
        )
        assert again == pytest.approx(row["value"], rel=1e-9), (row["indicator"], row["variant"])
        compared.add((row["indicator"], row["variant"]))
    assert len(compared) > 60
