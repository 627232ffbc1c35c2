"""``greenpark programmes``: titles of a day in both languages, titles that a job adds, readiness in run and report."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from greenpark.catalog import load_packs
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


# The park: approved 2021-06-30, named 2022-05; its firm 甲公司: a green factory named in 2021, withdrawn 2022-11-30.
HANDED_IN = (
    "单位或园区,称号,阶段,时间,文号\n"
    "示例园区,园区循环化改造示范试点,批准建设或试点,2014,\n"
    "示例园区,国家级零碳园区,批准建设或试点,2021-06-30,甲函〔2021〕1号\n"
    "示例园区,国家级零碳园区,验收命名,2022-05,甲函〔2022〕2号\n"
    "甲公司,国家级绿色工厂,命名,2021,乙函〔2021〕3号\n"
    "甲公司,国家级绿色工厂,撤销,2022-11-30,乙函〔2022〕4号\n"
    "示例园区,国家级绿色工厂,命名,2021,\n"
    "甲公司,国家级零碳园区,命名,2021,\n"
)


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handed_in")
    path = write_job(folder, "{file: titles.csv, kind: form, form: park_annual, sheet: titles}")
    (folder / "titles.csv").write_text(HANDED_IN, encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8") + "schemes: [zero_carbon_park_2025]\n", encoding="utf-8")
    return path


def test_titles_of_the_form_are_events_of_the_register_and_no_amounts(
    handed_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    workspace = ("--workspace", str(tmp_path / "w"))
    found = json.loads(ask("en", "--job", str(handed_in), *workspace, "--as-of", "2022-06-01", "--json").stdout)
    own = {(row["holder"], row["programme"]): row for row in found["titles"] if row["confidence"] == "medium"}
    park = own["park", "zero_carbon_park"]
    assert (park["stage"], park["date"], park["document"]) == ("named", "2022-05", "甲函〔2022〕2号")
    assert own["甲公司", "green_factory"]["stage"] == "named"
    assert park["source"].startswith("titles.csv")
    ready = {row["start"]: row["stage"] for row in found["readiness"] if row["programme"] == "zero_carbon_park"}
    # On the last days of 2021 and 2022: approved on 2021-06-30, named by the end of May 2022.
    assert (ready["2021-01-01"], ready["2022-01-01"]) == ("approved", "named")
    later = json.loads(ask("en", "--job", str(handed_in), *workspace, "--as-of", "2022-12-31", "--json").stdout)
    assert {row["stage"] for row in later["titles"] if row["holder"] == "甲公司"} == {"withdrawn"}
    assert own["park", "circular_transformation"]["date"] == "2014"
    summary = json.loads(Path("out/years/summary.json").read_text(encoding="utf-8"))
    assert summary["findings_by_message"]["pipeline.title_of_other_kind"] == 2
    assert "collect.other_year" not in summary["findings_by_message"]
    book = openpyxl.load_workbook("out/years/report.xlsx", read_only=True)
    figures = next(sheet for sheet in book.worksheets if sheet.title.endswith("Figures"))
    ids = {str(cell) for row in figures.iter_rows(values_only=True) for cell in row}
    assert "co2.total" in ids and not [each for each in ids if each.startswith("title.")]


def test_every_programme_can_be_chosen_on_the_form() -> None:
    packs = load_packs()
    programmes = {each.id for pack in packs.programmes.values() for each in pack.programmes}
    sheet = next(each for each in packs.forms["park_annual"].sheets if each.id == "titles")
    assert {each.removeprefix("title.") for each in sheet.quantities} == programmes
