"""``greenpark programmes``: titles of a day in both languages, titles that a job adds, readiness in run and report."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from greenpark.cli.commands import build
from tests.pipeline.made_years import write_job

TITLES = """schemes: [zero_carbon_park_2025]
titles:
  - {id: own, programme: zero_carbon_park, holder: 示例园区, stage: approved, when: 2022-06, source: 园区提供的通知, confidence: medium}
"""


def ask(language: str, *arguments: str) -> Result:
    return CliRunner().invoke(build(language), ["programmes", *arguments])


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = write_job(tmp_path_factory.mktemp("titled"))
    path.write_text(path.read_text(encoding="utf-8") + TITLES, encoding="utf-8")
    return path


def test_the_published_number_and_that_of_the_register_stand_side_by_side_in_both_languages() -> None:
    zh, en = ask("zh", "--as-of", "2023-12-12").output, ask("en", "--as-of", "2023-12-12").output
    assert "2023-12-12 公布 60 家（验收命名）；名单中截至该日达到这一阶段的有 0 家" in zh
    assert (
        "published 2023-12-12: 14 (approved to build or pilot); the register has 14 that had come to this stage by then"
        in en
    )
    assert "7 of them are from memory and not compared (provisional)" in en


def test_one_zone_is_asked_for_by_its_id_and_an_unknown_one_is_refused() -> None:
    found = json.loads(ask("en", "--zone", "htz_suzhou", "--as-of", "2020-01-01", "--json").output)
    assert [(row["programme"], row["stage"]) for row in found["titles"]] == [("eco_industrial_park", "named")]
    assert ask("en", "--zone", "htz_sushou").exit_code == 1
    assert ask("en", "--as-of", "12.12.2023").exit_code == 1


def test_a_job_tells_the_readiness_of_its_park_with_the_title_that_it_adds(
    job: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = tmp_path / "titles.xlsx"
    monkeypatch.chdir(tmp_path)
    result = ask("en", "--job", str(job), "--workspace", str(tmp_path / "w"), "--output", str(book), "--json")
    page = Path("out/years/report.html").read_text(encoding="utf-8")
    found = json.loads(result.stdout)
    rows = {(row["programme"], row["start"]): row for row in found["readiness"]}
    assert rows["zero_carbon_park", "2021-01-01"]["stage"] is None
    assert rows["zero_carbon_park", "2022-01-01"]["stage"] == "approved"
    assert rows["eco_industrial_park", None]["state"] == "not_assessed"
    assert found["as_of"] == "2022-12-31"
    assert ("park", "zero_carbon_park") in {(row["holder"], row["programme"]) for row in found["titles"]}
    section = page.partition('id="programmes"')[2]
    assert "批准建设或试点" in section and "approved to build or pilot" in section
    assert openpyxl.load_workbook(book).sheetnames == [
        "称号数量 Number of titles",
        "称号登记 Titles",
        "创建项目准备度 Readiness",
    ]


def test_a_job_with_a_title_of_no_programme_or_no_time_is_refused_with_the_place(job: Path, tmp_path: Path) -> None:
    wrong = job.with_name("wrong.yaml")
    text = job.read_text(encoding="utf-8").replace("programme: zero_carbon_park", "programme: zero_carbon")
    wrong.write_text(text.replace("2022-06", "in 2022"), encoding="utf-8")
    result = ask("en", "--job", str(wrong), "--workspace", str(tmp_path / "w"))
    assert result.exit_code == 1
    assert "titles[0].programme" in result.output and "titles[0].when" in result.output
