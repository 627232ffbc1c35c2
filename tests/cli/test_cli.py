"""The command line as a person uses it: real processes, real files, exit codes, both languages."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.cli.running import greenpark

HAN = re.compile(r"[一-鿿]")


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory, repo: Path) -> Path:
    """A folder in which the zones job has run."""
    folder = tmp_path_factory.mktemp("cli")
    done = greenpark("run", repo / "examples/national_zones/job.yaml", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("command", ["", "run", "demo", "template", "check", "read-page", "explain", "pack"])
def test_help_speaks_both_languages(command: str, tmp_path: Path) -> None:
    arguments = [command, "--help"] if command else ["--help"]
    english, chinese = (greenpark(*arguments, cwd=tmp_path, language=each) for each in ("en", "zh"))
    assert english.returncode == chinese.returncode == 0
    assert HAN.search(chinese.stdout)
    assert not HAN.search(english.stdout)


def test_starting_imports_no_heavy_library(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv=['greenpark','--help']\nimport greenpark.cli\n"
        "try: greenpark.cli.main()\nexcept SystemExit: pass\n"
        "print('|'.join(sorted({'ibis','pandas','pint','pydantic','pyarrow'} & set(sys.modules))), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == ""


def test_a_run_says_where_the_reports_lie(worked: Path, repo: Path) -> None:
    done = greenpark("run", repo / "examples/national_zones/job.yaml", cwd=worked, language="zh")
    assert done.returncode == 0
    for name in ("report.html", "report.xlsx", "report.docx", "summary.json"):
        assert f"out/national_zones/{name}" in done.stdout
        assert (worked / "out/national_zones" / name).is_file()


def test_every_reference_of_the_terminal_page_can_be_explained(worked: Path, repo: Path) -> None:
    page = greenpark("run", repo / "examples/national_zones/job.yaml", cwd=worked).stdout
    references = sorted(set(re.findall(r"\b[FISPN]-[0-9a-f]{4,}\b", page)))
    assert references
    for reference in references[:6]:
        told = greenpark("explain", reference, cwd=worked, language="zh")
        assert told.returncode == 0, (reference, told.stderr)
        assert HAN.search(told.stdout)


def test_a_figure_is_traced_to_its_file_and_line(worked: Path) -> None:
    summary = json.loads((worked / "out/national_zones/summary.json").read_text(encoding="utf-8"))
    reference = next(total["reference"] for total in summary["totals"] if total["value"] == 0.464)
    told = greenpark("explain", reference, cwd=worked)
    assert "figures.csv" in told.stdout
    assert "0.464" in told.stdout


def test_an_unknown_reference_is_refused_with_a_sentence(worked: Path) -> None:
    told = greenpark("explain", "F-ffffffff", cwd=worked)
    assert told.returncode == 1
    assert "F-ffffffff" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_missing_job_file_is_refused(tmp_path: Path) -> None:
    done = greenpark("run", "nowhere.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert "nowhere.yaml" in done.stderr


def test_a_broken_job_shows_every_mistake_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text("id: x\ntitle: {zh: 甲}\ninputs: []\nwrong: 1\n", encoding="utf-8")
    done = greenpark("run", "job.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert "job.yaml:2" in done.stderr
    assert "job.yaml:4" in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_usage_ends_with_two(tmp_path: Path) -> None:
    assert greenpark("run", cwd=tmp_path).returncode == 2
    assert greenpark("template", "park_annual", cwd=tmp_path).returncode == 2


def test_fail_on_ends_with_three(worked: Path, repo: Path) -> None:
    job = repo / "examples/national_zones/job.yaml"
    assert greenpark("run", job, "--fail-on", "note", cwd=worked).returncode == 3
    assert greenpark("run", job, "--fail-on", "error", cwd=worked).returncode == 0


def test_a_page_is_read_as_json(repo: Path, tmp_path: Path) -> None:
    done = greenpark("read-page", repo / "examples/national_zones/page.txt", "--json", cwd=tmp_path)
    figures = json.loads(done.stdout)["figures"]
    assert {(figure["value"], figure["unit"]) for figure in figures} >= {
        (17.3, "万亿元"),
        (0.423, "吨标准煤/万元"),
        (60, "家"),
    }
    keys = {"quantity", "value", "unit", "period", "scope", "kind", "approximate", "text"}
    assert all(set(figure) == keys for figure in figures)


def test_a_template_is_written_filled_and_checked(tmp_path: Path) -> None:
    book = tmp_path / "park.xlsx"
    assert greenpark("template", "park_annual", "-o", book, "--year", "2025", cwd=tmp_path).returncode == 0
    workbook = openpyxl.load_workbook(book)
    assert len(workbook.sheetnames) >= 8
    clean = greenpark("check", book, "--year", "2025", cwd=tmp_path, language="zh")
    assert clean.returncode == 0, clean.stderr


def test_refused_rows_are_given_back(repo: Path, tmp_path: Path) -> None:
    book = tmp_path / "bad.xlsx"
    workbook = openpyxl.load_workbook(repo / "examples/demo_park/park_2025.xlsx")
    sheet = workbook["能源"]
    titles = [str(cell.value).split("\n")[0] for cell in sheet[1]]
    sheet.cell(5, titles.index("能源品种") + 1).value = "魔法石"
    workbook.save(book)
    back = tmp_path / "back.xlsx"
    done = greenpark("check", book, "--year", "2025", "--rejected", back, "--fail-on", "error", cwd=tmp_path)
    assert done.returncode == 3
    assert "魔法石" in done.stdout
    given = openpyxl.load_workbook(back)
    texts = [str(cell.value) for page in given for row in page.iter_rows() for cell in row]
    assert "魔法石" in texts


def test_a_check_names_carriers_and_flows_in_words(tmp_path: Path) -> None:
    """A hundred times the power of the year before: what is odd is told as a run tells it, not by ids."""
    head = "单位名称,时期,能源品种,计量单位,购进量,工业生产消费量\n"
    rows = "甲公司,2021,电力,万千瓦时,900,900\n甲公司,2022,电力,万千瓦时,900,90000\n"
    (tmp_path / "energy.csv").write_text(head + rows, encoding="utf-8")
    told = ("check", "energy.csv", "--form", "park_annual", "--sheet", "energy")
    shown = greenpark(*told, cwd=tmp_path, language="zh").stdout
    warned = [line for line in shown.splitlines() if "90,000" in line]
    assert warned and all("电力" in line and "工业生产消费" in line for line in warned)
    assert "electricity" not in shown
    listed = json.loads(greenpark(*told, "--json", cwd=tmp_path).stdout)["findings"]
    assert any("电力" in each["text"]["zh"] and "electricity" in each["text"]["en"] for each in listed)


def test_all_built_in_packs_are_clean(tmp_path: Path) -> None:
    done = greenpark("pack", "check", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_a_new_scheme_skeleton_can_be_checked(tmp_path: Path) -> None:
    made = greenpark("pack", "new", "schemes", "my_scheme", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    folder = Path(made.stdout.split()[-1])
    checked = greenpark("pack", "check", folder, cwd=tmp_path)
    assert "Traceback" not in checked.stderr


def test_a_number_is_explained_by_the_packs_of_its_run(repo: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    shutil.copytree(repo / "src/greenpark/packs/factors/us_plant_fuels", own)
    table, head = own / "factors.csv", own / "pack.yaml"
    text = table.read_text(encoding="utf-8")
    assert text.count(",53.07,") == 1
    table.write_text(text.replace(",53.07,", ",53.99,"), encoding="utf-8")
    version = re.search(r'^version: "(.+)"$', head.read_text(encoding="utf-8"), re.MULTILINE)
    assert version
    head.write_text(
        head.read_text(encoding="utf-8").replace(version[0], 'version: "changed"'), encoding="utf-8"
    )  # fmt: skip
    job = repo / "examples/us_plants_2017/job.yaml"
    assert greenpark("run", job, "--packs", own, cwd=tmp_path).returncode == 0
    summary = json.loads((tmp_path / "out/us_plants_2017/summary.json").read_text(encoding="utf-8"))
    reference = next(total["reference"] for total in summary["totals"] if total["value"] is not None)
    told = greenpark("explain", reference, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert "53.99" in told.stdout
    assert "53.07" not in told.stdout
