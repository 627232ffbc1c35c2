"""From a filled file to a signed report by the commands alone: handed in, returned, corrected, accepted, run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from click.testing import CliRunner, Result

from greenpark.cli.commands import build
from tests.collect.conftest import code, write_book
from tests.desk.made_books import TITLES, coal

SIGNED = ("--filled-by", "张三", "--checked-by", "李四", "--responsible", "王五", "--date", "2026-01-20")
JOB = """id: handed_in
title: {zh: 已接受的报送, en: What was accepted}
inputs: [{kind: accepted}]
boundary: PARK
profile: china_park_national
years: [2025]
"""


UNITS = (
    ("统一社会信用代码", "单位名称", "类别", "所在省份"),
    ("PARK", "示范园区", "园区", "江苏"),
    (code(1), "1号厂", "法人单位", "江苏"),
)


def greenpark(*arguments: str | Path, code: int = 0) -> Result:
    """The command in this process; ``code`` is how it must end."""
    done = CliRunner().invoke(build("zh"), [str(each) for each in arguments])
    assert done.exit_code == code, done.output
    return done


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A folder where a first file was returned and a second, which corrects it, was accepted; both batches."""
    folder = tmp_path_factory.mktemp("handing_in")
    here = ("--workspace", folder / "w")
    first, second = (  # the weighing slips say 100 t
        write_book(folder / f"{amount}.xlsx", {"园区单位": UNITS, "能源": [TITLES, coal(1, amount, "2025")]})
        for amount in (1000, 100)
    )
    handing_in = ("--entity", code(1), "--period", "2025", *SIGNED, *here)
    wrong = json.loads(greenpark("submit", first, *handing_in, "--json").stdout)["batch"]
    returned = folder / "returned.xlsx"
    greenpark("return", wrong, "--by", "赵六", "--comment", "能源!E2: 与磅单不符", "--workbook", returned, *here)
    greenpark("submit", second, *handing_in, code=1)
    corrected = ("--corrects", wrong, "--reason", "按磅单更正", "--receipt", folder / "receipt.json")
    told = greenpark("submit", second, *handing_in, *corrected).stdout
    assert "烟煤 购进 2025: 1000 → 100 (-900) t" in told
    right = json.loads((folder / "receipt.json").read_text("utf-8"))["batch"]
    greenpark("accept", right, "--by", "张三", *here, code=1)
    greenpark("accept", right, "--by", "赵六", *here)
    greenpark("lock", right, "--by", "赵六", *here)
    return folder, [wrong, right]


def test_a_comment_stands_at_its_cell_of_the_file_that_goes_back(reviewed: tuple[Path, list[str]]) -> None:
    sheet = openpyxl.load_workbook(reviewed[0] / "returned.xlsx")["能源"]
    assert sheet["E2"].comment is not None
    assert "与磅单不符" in sheet["E2"].comment.text
    assert sheet["E2"].value == 1000


def test_before_anything_was_accepted_a_run_is_refused(reviewed: tuple[Path, list[str]], tmp_path: Path) -> None:
    job = tmp_path / "job.yaml"
    job.write_text(JOB, encoding="utf-8")
    then = ("--as-of", "2020-01-01", "--workspace", reviewed[0] / "w", "--output", tmp_path / "out")
    told = greenpark("run", job, *then, code=1).output
    assert "没有一批已被接受" in told
    assert "最早一批接受于" in told
    assert not (tmp_path / "out").exists()


def test_the_history_tells_each_step_and_why_it_was_corrected(reviewed: tuple[Path, list[str]]) -> None:
    folder, (wrong, right) = reviewed
    told = greenpark("history", right, "--workspace", folder / "w").stdout
    steps = [
        line.split()[3]
        for line in told.splitlines()
        if re.match(r"\s+\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d ", line)
    ]
    assert steps == ["已报送", "已退回", "已报送", "已接受", "已锁定"]
    assert "按磅单更正" in told
    assert told.index(wrong) < told.index(right)


def test_the_report_counts_the_correction_alone_and_is_signed_in_every_output(
    reviewed: tuple[Path, list[str]], tmp_path: Path
) -> None:
    folder, (wrong, right) = reviewed
    out, job = tmp_path / "out", tmp_path / "job.yaml"
    job.write_text(JOB, encoding="utf-8")
    page = greenpark("run", job, "--workspace", folder / "w", "--output", out).stdout
    cells = [
        str(cell)
        for sheet in openpyxl.load_workbook(out / "report.xlsx")
        for row in sheet.values
        for cell in row
        if cell
    ]
    outputs = {
        "terminal": page,
        "page": (out / "report.html").read_text("utf-8"),
        "summary": (out / "summary.json").read_text("utf-8"),
        "sheet": "\n".join(cells),
        "document": ZipFile(out / "report.docx").read("word/document.xml").decode("utf-8"),
    }
    for name, text in outputs.items():
        for wanted in ("张三", "李四", "王五", "2026-01-20", right):
            assert wanted in text, (name, wanted)
    assert wrong in outputs["page"]
    assert "按磅单更正" in outputs["page"]
    (direct,) = [row for row in json.loads(outputs["summary"])["totals"] if row["name"]["zh"] == "直接二氧化碳排放"]
    assert 150 < direct["value"] < 300  # 100 t of coal at 1.5 to 3 tCO2/t: what was returned does not count
