"""A whole job with monthly data, a plan line and a ledger: the quarterly sheet, the ledger, their findings and sheets."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from greenpark.catalog import load_packs
from greenpark.cli.commands import build
from greenpark.collect import TemplateContext, write_template
from greenpark.engine.units import Units
from greenpark.pipeline import Choices, Published, run

HEAD = "单位名称,时期,能源品种,计量单位,购进量,工业生产消费量\n"
JOB = """
id: steered
title: {zh: 小园区, en: small park}
inputs:
  - {file: units.csv, kind: form, form: park_annual, sheet: units}
  - {file: energy.csv, kind: form, form: park_annual, sheet: energy}
  - {file: ledger.csv, kind: form, form: action_plan_ledger, sheet: measures}
boundary: park
profile: china_park_national
years: [2024, 2025]
uncertainty: {draws: 2000, seed: 3}
steering:
  plan:
    - {quantity: co2.direct, year: 2025, goal: 5000, unit: tCO2, source: 年度计划}
"""
LEDGER = (
    "措施编号,措施名称,类别,责任单位,开工日期,计划完成日期,实际完成日期,预计年减碳量,实现年减碳量,证明材料\n"
    "M1,锅炉改造,节能,甲公司,2025-01-01,2025-06-30,,500,,\n"
    "M2,余热利用,能源梯级利用,甲公司,2024-01-01,2025-03-31,2025-03-01,800,750,验收报告2025-3\n"
)


def write_job(folder: Path, ledger: str = LEDGER) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    units = "统一社会信用代码,单位名称,类别,所在省份,上级\npark,示例园区,园区,江苏,\nu1,甲公司,法人单位,江苏,park\n"
    rows = [f"甲公司,2024-{month:02d},汽油,吨,150,150\n" for month in range(1, 13)]
    rows += [f"甲公司,2025-{month:02d},汽油,吨,165,165\n" for month in range(1, 10)]
    for name, text in (("units.csv", units), ("energy.csv", HEAD + "".join(rows)), ("ledger.csv", ledger)):
        (folder / name).write_text(text, encoding="utf-8")
    job = folder / "job.yaml"
    job.write_text(JOB, encoding="utf-8")
    return job


def run_job(job: Path) -> Published:
    folder = job.parent
    return run(job, Choices(folder / "out", folder / "workspace"), lambda step, name: None)[0]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    return run_job(write_job(tmp_path_factory.mktemp("steered")))


def test_the_quarter_stands_against_last_year_and_the_plan(published: Published) -> None:
    rows = published.release.tables["quarterly"].to_pylist()
    (row,) = [each for each in rows if each["quantity"] == "co2.direct" and each["end"] == date(2025, 10, 1)]
    assert row["growth"] == pytest.approx(0.1)
    assert row["plan"] == pytest.approx(5000 * 0.75)
    assert row["miss"] == pytest.approx(row["value"] / 3750 - 1)
    assert (row["split"], row["light"], row["missing"]) == ("last_year", "red", None)
    assert row["pace_needed"] == pytest.approx((5000 - row["value"]) / (row["last_value"] / 3) - 1)


def test_the_ledger_says_what_is_overdue_and_what_falls_short(published: Published) -> None:
    rows = {row["measure"]: row for row in published.release.tables["ledger"].to_pylist()}
    assert (rows["M1"]["status"], rows["M2"]["status"]) == ("overdue", "done")
    messages = set(published.release.tables["findings"].column("message").to_pylist())
    assert {"monitor.measure_overdue", "monitor.quarter_red", "monitor.ledger_falls_short"} <= messages


def test_sheet_and_ledger_stand_in_the_workbook(published: Published) -> None:
    book = openpyxl.load_workbook(published.folder / "report.xlsx", read_only=True)
    names = " ".join(book.sheetnames)
    assert "季度监测表" in names
    assert "行动计划台账" in names


def test_the_uncertainty_of_the_run_names_its_draws(published: Published) -> None:
    rows = published.release.tables["uncertainty"].to_pylist()
    drawn = [row for row in rows if row["approach"] == "monte_carlo"]
    assert {(row["draws"], row["seed"]) for row in drawn} == {(2000, 3)}


def test_a_changed_ledger_is_another_run(published: Published, tmp_path: Path) -> None:
    job = write_job(tmp_path)
    first = run_job(job)
    (tmp_path / "ledger.csv").write_text(LEDGER.replace("800,750", "800,700"), encoding="utf-8")
    second = run_job(job)
    assert first.release.run != second.release.run
    achieved = [row["achieved_co2"] for row in second.release.tables["ledger"].to_pylist()]
    assert achieved == [None, 700.0]


def test_the_command_prints_the_sheet_with_the_rule(tmp_path: Path) -> None:
    job = write_job(tmp_path)
    more = ["--output", str(tmp_path / "o"), "--workspace", str(tmp_path / "w")]
    done = CliRunner().invoke(build("zh"), ["quarterly", str(job), "--quarter", "2025-Q2", *more])
    assert done.exit_code == 0, done.output
    assert "红灯" in done.stdout
    assert "灯号规则" in done.stdout
    assert "逾期" in done.stdout
    wrong = CliRunner().invoke(build("zh"), ["quarterly", str(job), "--quarter", "2025-05", *more])
    assert wrong.exit_code == 1


def test_the_empty_ledger_can_be_written_as_a_workbook(tmp_path: Path) -> None:
    packs = load_packs(kinds=("units", "quantities", "carriers", "places", "forms"))
    context = TemplateContext(
        packs.messages, packs.quantities, packs.carriers, Units(packs.units.values()), packs.areas
    )
    write_template(tmp_path / "ledger.xlsx", packs.forms["action_plan_ledger"], context)
    assert "措施台账" in " ".join(openpyxl.load_workbook(tmp_path / "ledger.xlsx", read_only=True).sheetnames)


OF_LEDGER = "  - {file: ledger.csv, kind: form, form: action_plan_ledger, sheet: measures}\n"
OF_ECONOMY = "  - {file: economy.csv, kind: form, form: park_annual, sheet: economy}\n"
GAPS = (
    JOB.replace("id: steered", "id: gaps")
    .replace(OF_LEDGER, OF_ECONOMY)
    .replace("{draws: 2000, seed: 3}", "{approach: []}")
)
GAPS += '    - {quantity: economy.industrial_value_added, operator: ">=", year: 2025, goal: 5500, unit: 万元, source: 计划}\n'


@pytest.fixture(scope="module")
def with_gaps(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Two firms; one leaves out August 2025, the other reports it. The park reports its value added cumulated."""
    folder = tmp_path_factory.mktemp("gaps")
    units = "统一社会信用代码,单位名称,类别,所在省份,上级\npark,示例园区,园区,江苏,\n"
    units += "u1,甲公司,法人单位,江苏,park\nu2,乙公司,法人单位,江苏,park\n"
    rows = [
        f"{name},{year}-{month:02d},汽油,吨,{amount},{amount}\n"
        for year, amount in ((2024, 100), (2025, 110))
        for name in ("甲公司", "乙公司")
        for month in range(1, 13)
        if (name, year, month) != ("甲公司", 2025, 8)
    ]
    economy = "单位名称,时期,工业增加值（现价）\n"
    for year, values in ((2024, (1000, 2300, 3500, 5000)), (2025, (1100, 2500, 2400))):
        economy += "".join(f"示例园区,{year}年1-{3 * n}月,{each}\n" for n, each in enumerate(values, start=1))
    for name, text in (("units.csv", units), ("energy.csv", HEAD + "".join(rows)), ("economy.csv", economy)):
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "job.yaml").write_text(GAPS, encoding="utf-8")
    rows_of: list[dict[str, Any]] = run_job(folder / "job.yaml").release.tables["quarterly"].to_pylist()
    return rows_of


def _quarter(rows: list[dict[str, Any]], quantity: str, end: date) -> dict[str, Any]:
    (row,) = [
        each for each in rows if (each["entity"], each["quantity"], each["end"]) == ("park", quantity, end)
    ]  # fmt: skip
    return row


def test_a_month_that_one_firm_leaves_out_is_missing_though_another_reports_it(
    with_gaps: list[dict[str, Any]],
) -> None:
    """Over all months both use 10 % more; with a hole the growth would read (5 × 110 + 6 × 100 …) as something else."""
    june, september = (_quarter(with_gaps, "co2.direct", date(2025, month, 1)) for month in (7, 10))
    assert (june["missing"], june["light"]) == (None, "red")
    assert june["growth"] == pytest.approx(0.1)
    assert (september["missing"], september["light"], september["growth"]) == ("2025-08", "none", None)
    assert (september["pace_needed"], september["status"]) == (None, "partial")


def test_values_cumulated_since_january_are_taken_apart(with_gaps: list[dict[str, Any]]) -> None:
    """By hand: plan line of half a year 5500 × 2300 ÷ 5000 = 2530; left 3000 against 2700 last year."""
    quantity = "economy.industrial_value_added"
    march, june, september = (_quarter(with_gaps, quantity, date(2025, month, 1)) for month in (4, 7, 10))
    assert (march["value"], march["plan"], march["light"]) == (1100, pytest.approx(1100), "green")
    assert (june["value"], june["last_value"], june["plan"]) == (2500, 2300, pytest.approx(2530))
    assert (june["light"], june["pace_needed"]) == ("amber", pytest.approx(3000 / 2700 - 1))
    # 2400 after 2500: earlier months were revised, and no quarter can be told.
    assert (september["value"], september["light"], september["status"]) == (None, "none", "not_evaluable")
