"""``greenpark gap`` on a small park: gaps of the run, levers that pass when they are applied, what-if, refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import CliRunner, Result

from greenpark.cli.commands import build
from tests.pipeline.made_years import ENERGY, write_job

SCHEME = "zero_carbon_park_2025"


def ask(job: Path, *arguments: str, language: str = "en") -> Result:
    folders = ("--workspace", str(job.parent / "w"), "--output", str(job.parent / "out"))
    return CliRunner().invoke(build(language), ["gap", str(job), *folders, *arguments])


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Path:
    energy = ENERGY.replace("甲公司,2022,汽油,吨,11,11", "甲公司,2022,汽油,吨,200000,200000")
    path = write_job(tmp_path_factory.mktemp("gap"), energy=energy)
    path.write_text(path.read_text(encoding="utf-8") + f"schemes: [{SCHEME}]\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def found(job: Path) -> dict[str, Any]:
    (way,) = json.loads(ask(job, "--json", "--what-if", "co2.total=-50%").stdout)
    return dict(way)


def test_the_gap_is_the_limit_of_the_scheme_for_the_size_of_the_park(found: dict[str, Any]) -> None:
    # 200,000 t of petrol are some 294,000 tce: the first band, at most 0.2 tCO2/tce (发改环资〔2025〕910号 附件3).
    gap = next(row for row in found["gaps"] if row["node"] == "Z1")
    assert (gap["status"], gap["target"], gap["operator"], gap["start"]) == ("gap", 0.2, "<=", "2022-01-01")
    assert gap["relative"] == pytest.approx(0.2 / gap["value"] - 1)


def test_co2_alone_must_fall_in_the_same_proportion_as_its_ratio(found: dict[str, Any]) -> None:
    gap = next(row for row in found["gaps"] if row["node"] == "Z1")
    lever = next(row for row in found["levers"] if (row["node"], row["quantity"]) == ("Z1", "co2.total"))
    assert (lever["status"], lever["method"]) == ("ok", "closed")
    assert lever["needed"] / lever["value"] == pytest.approx(0.2 / gap["value"])


def test_half_of_the_co2_is_half_of_the_indicator(found: dict[str, Any]) -> None:
    (before, after) = next(iter(found["what_if"]["indicators"].values()))
    assert after == pytest.approx(before / 2)


def test_what_a_lever_asks_for_passes_when_it_is_tried_and_a_thousandth_less_does_not(
    job: Path, found: dict[str, Any]
) -> None:
    lever = next(row for row in found["levers"] if (row["node"], row["quantity"]) == ("Z1", "co2.total"))
    change = lever["needed"] - lever["value"]
    states = []
    for share in (1.0, 0.999):
        asked = f"co2.total={lever['value'] + share * change!r}"
        (way,) = json.loads(ask(job, "--json", "--what-if", asked).stdout)
        states.append(way["what_if"]["nodes"]["Z1"][1]["state"])
    assert states == ["met", "not_met"]


def test_the_report_and_the_terminal_say_it_in_both_languages(job: Path, found: dict[str, Any]) -> None:
    page = (job.parent / "out" / "report.html").read_text(encoding="utf-8")
    assert 'id="gaps"' in page
    assert "仅靠" in ask(job, "--scheme", SCHEME, language="zh").stdout


def test_summary_and_word_report_hold_the_gap_its_lever_and_the_readiness(job: Path, found: dict[str, Any]) -> None:
    out = job.parent / "out"
    gap = next(row for row in found["gaps"] if row["node"] == "Z1")
    lever = next(row for row in found["levers"] if (row["node"], row["quantity"]) == ("Z1", "co2.total"))
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    (way,) = summary["gaps"]
    (told,) = [each for each in way["criteria"] if each["criterion"] == "Z1"]
    assert (told["status"], told["target"]) == ("gap", 0.2)
    assert told["value"] == pytest.approx(gap["value"]) and told["relative_percent"] == pytest.approx(
        100 * gap["relative"]
    )
    (needed,) = [each for each in told["levers"] if each["needed"] == pytest.approx(lever["needed"])]
    (ready,) = [each for each in summary["readiness"] if each["state"] != "not_assessed"]
    assert ready["programme"]["zh"] == "国家级零碳园区" and ready["criteria_not_met"] >= 1
    document = docx.Document(str(out / "report.docx"))
    headings = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]
    assert {"达标差距", "创建项目准备度"} <= set(headings) or {"Gap to pass", "Readiness for programmes"} <= set(
        headings
    )
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    (line,) = [row for row in rows if row[0].startswith("Z1 ") and len(row) == 7 and row[3].startswith("0.2 ")]
    assert f"{needed['needed']:,}".rstrip("0").rstrip(".") in line[6]
    assert any(ready["programme"]["en"] in row[0] or ready["programme"]["zh"] in row[0] for row in rows)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--scheme", "hj274"), "does not apply the scheme hj274"),
        (("--what-if", "co2.total"), "is no change"),
        (("--what-if", "economy.gdp=-5%"), "uses economy.gdp"),
        (("--what-if", "water.fresh=-5%"), "water.fresh has no value this year"),
        (("--entity", "nobody"), "has not judged nobody"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_what_to_do(job: Path, arguments: tuple[str, ...], said: str) -> None:
    result = ask(job, *arguments)
    assert result.exit_code == 1
    assert said in result.stderr
