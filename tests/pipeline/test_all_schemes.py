"""A job that asks for all schemes: the park is judged under each that applies, each of the others is named with why."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from greenpark.catalog import PackError, load_job, load_packs
from greenpark.cli.jobs import run_jobs
from greenpark.pipeline import Choices, run

UNITS = ("统一社会信用代码", "单位名称", "类别", "所在省份", "上级")
FACTS = ("园区名称", "时期", "指标", "数值", "计量单位")
JOB = """\
id: every
title: {zh: 全部方案, en: every scheme}
boundary: park
inputs:
  - {file: park.xlsx, kind: form, form: park_annual}
profile: china_park_national
years: [2024]
schemes: [all, green_industrial_park_2016]
"""


def write_park(folder: Path) -> Path:
    book = openpyxl.Workbook()
    units = book.active
    assert units is not None
    units.title = "园区单位"
    for row in (UNITS, ("park", "示例园区", "园区", "江苏", "")):
        units.append(row)
    facts = book.create_sheet("园区情况")
    for row in (
        FACTS,
        ("示例园区", 2024, "公交车总数", 100, "辆"),
        ("示例园区", 2024, "节能与新能源公交车数量", 60, "辆"),
    ):
        facts.append(row)
    book.save(folder / "park.xlsx")
    (folder / "job.yaml").write_text(JOB, encoding="utf-8")
    return folder / "job.yaml"


def test_all_schemes_of_the_round_are_judged_and_each_other_one_is_named(tmp_path: Path) -> None:
    """Figures of 2024 are assessed in the round of 2025; the requirements of 2016 are asked for by name."""
    published, gathered = run(write_park(tmp_path), Choices(tmp_path / "out", tmp_path / "w"), lambda step, name: None)
    said = {each.subject: each.message for each in gathered.findings if each.rule == "applicability"}
    assert said["high_tech_zone_2021"] == "evaluate.scheme_of_listed_zones"
    assert said["green_factory_gbt36132_2018"] == "evaluate.scheme_of_other_kind"
    assert said["green_industrial_park_general"] == "evaluate.scheme_empty"
    assert "green_industrial_park_2016" not in said
    files = [path for path in (tmp_path / "w").rglob("*.parquet") if "scores" in path.parts]
    judged = {scheme for path in files for scheme in pq.read_table(path).column("scheme").to_pylist()}
    assert judged == {
        "carbon_peak_pilot_2023", "circular_transformation", "eco_industrial_park_hj274_2015", "green_industrial_park_2016",
        "green_industrial_park_2025", "unido_eip_v2", "zero_carbon_park_2025",
    }  # fmt: skip
    assert judged & set(said) == set()
    assert published is not None


def test_a_file_of_figures_that_only_names_the_park_does_not_change_which_schemes_apply(tmp_path: Path) -> None:
    job = write_park(tmp_path)
    figures = "entity,quantity,period,value,unit,source,confidence,note\npark,economy.gdp,2024,5,亿元,the test,high,\n"
    (tmp_path / "figures.csv").write_text(figures, encoding="utf-8")
    more = "  - {file: park.xlsx, kind: form, form: park_annual}\n  - {file: figures.csv, kind: figures}\n"
    job.write_text(JOB.replace("  - {file: park.xlsx, kind: form, form: park_annual}\n", more), encoding="utf-8")
    _, gathered = run(job, Choices(tmp_path / "out", tmp_path / "w"), lambda step, name: None)
    other = {each.subject for each in gathered.findings if each.message == "evaluate.scheme_of_other_kind"}
    assert other == {
        "green_factory_gbt36132_2018", "green_factory_gbt36132_2025", "green_supply_chain_enterprise",
    }  # fmt: skip


def test_all_schemes_need_a_round_or_years(tmp_path: Path) -> None:
    job = write_park(tmp_path)
    job.write_text(JOB.replace("years: [2024]\n", ""), encoding="utf-8")
    packs = load_packs()
    with pytest.raises(PackError) as error:
        load_job(job, packs)
    assert [mistake.message for mistake in error.value.mistakes] == ["catalog.missing_key"]
    job.write_text(JOB.replace("years: [2024]", "round: 2025"), encoding="utf-8")
    assert load_job(job, packs).round == 2025


def test_two_jobs_of_one_command_each_show_their_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The page of the first is asked for when the second is done: it must not need the first one's store any more."""
    jobs = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        path = write_park(tmp_path / name)
        path.write_text(JOB.replace("id: every", f"id: {name}").replace("全部方案", f"{name}之园"), encoding="utf-8")
        jobs.append(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        run_jobs(
            jobs, "zh", inputs=(), output=None, workspace=None, engine="duckdb", packs=(), register=None, rejected=None,
            fail_on=None, as_json=False,
        )  # fmt: skip
    shown = capsys.readouterr().out
    assert shown.index("first之园") < shown.index("second之园")
