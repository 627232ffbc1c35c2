"""The jobs publish the same bytes twice, the same number everywhere, and say what is invented or provisional."""

from __future__ import annotations

from pathlib import Path

import docx
import openpyxl
import pytest

from greenpark.model.numbers import printed
from greenpark.pipeline import Choices, run
from tests.cli.running import greenpark
from tests.pipeline.conftest import RunJob

JOBS = ("us_plants_2017", "national_zones", "demo_park")


@pytest.mark.parametrize("name", JOBS)
def test_two_runs_give_the_same_bytes(name: str, run_job: RunJob) -> None:
    first, _ = run_job(name)
    second, _ = run_job(name, again=True)
    for one, other in zip(first.paths, second.paths, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_a_second_run_in_the_same_workspace_gives_the_same_bytes(repo: Path, tmp_path: Path) -> None:
    job = repo / "examples" / "national_zones" / "job.yaml"
    choices = [Choices(output=tmp_path / f"out{n}", workspace=tmp_path / "workspace") for n in (1, 2)]
    first, second = (run(job, choice, lambda step, subject: None)[0] for choice in choices)
    assert first.release.run == second.release.run
    for one, other in zip(first.paths, second.paths, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_a_changed_input_replaces_its_earlier_batch_and_counts_once(
    repo: Path, tmp_path: Path, run_job: RunJob
) -> None:
    _, before = run_job("us_plants_2017")
    source = (repo / "examples/us_plants_2017/plants.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    half = tmp_path / "half.csv"
    half.write_text("".join(source[:60]), encoding="utf-8")
    job = repo / "examples" / "us_plants_2017" / "job.yaml"
    workspace = tmp_path / "workspace"
    run(job, Choices(output=tmp_path / "a", workspace=workspace), lambda step, subject: None)
    small, _ = run(job, Choices(tmp_path / "b", workspace, (half,)), lambda step, subject: None)
    assert small.release.summary["rows_in"] == 59
    again, _ = run(job, Choices(tmp_path / "c", workspace), lambda step, subject: None)
    assert again.release.summary["co2_t"] == before["co2_t"]


def test_the_invented_park_says_so_in_every_output(run_job: RunJob) -> None:
    published, summary = run_job("demo_park")
    assert summary["invented"] is True
    assert "虚构" in (published.folder / "report.html").read_text(encoding="utf-8")


def test_the_demo_park_shows_each_kind_of_state(run_job: RunJob) -> None:
    published, _ = run_job("demo_park")
    states = set(published.release.tables["scores"].column("state").to_pylist())
    assert {"met", "not_met", "not_evaluable", "excused"} <= states
    assert True in published.release.tables["scores"].column("provisional").to_pylist()


def test_the_headline_number_is_the_same_on_page_and_in_summary(run_job: RunJob) -> None:
    published, summary = run_job("us_plants_2017")
    assert printed(summary["co2_t"]) in (published.folder / "report.html").read_text(encoding="utf-8")


def test_what_rests_on_low_confidence_is_marked_provisional_wherever_it_is_shown(
    run_job: RunJob, repo: Path, tmp_path: Path
) -> None:
    published, summary = run_job("demo_park")
    low = {each["reference"] for each in summary["totals"] if each["confidence"] == "low"}
    assert low
    job, kept = repo / "examples/demo_park/job.yaml", published.folder.parent / "workspace"
    for language, mark in (("en", "provisional"), ("zh", "暂定")):
        asked = ("run", job, "--workspace", kept, "--output", tmp_path, "--lang", language)
        lines = greenpark(*asked, cwd=tmp_path).stdout.splitlines()
        stated = [line for line in lines if low & set(line.split())]
        assert stated
        assert all(mark in line for line in stated)
    page = (published.folder / "report.html").read_text(encoding="utf-8")
    for section in ("inventory", "growth", "drivers", "uncertainty"):
        start = page.index(f'<section id="{section}"')
        assert 'class="provisional"' in page[start : page.index("</section>", start)], section
    book = openpyxl.load_workbook(published.folder / "report.xlsx", read_only=True)
    for sheet in book.worksheets[:2]:
        rows = [row for row in sheet.iter_rows(values_only=True) if row[0] in low]
        assert rows
        assert all("低（暂定） low (provisional)" in row for row in rows), sheet.title
    book.close()
    document = docx.Document(str(published.folder / "report.docx"))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    stated = [text for text in cells if low & set(text.split("\n")[1:])]
    assert stated
    assert all("provisional" in text or "暂定" in text for text in stated)
