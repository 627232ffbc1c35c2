"""Where a park hands in rows for a unit that hands them in itself, each amount counts once, as the unit signed it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.collect.conftest import code, write_book
from tests.desk.made_books import TITLES, coal
from tests.requests.small_park import command

REGISTERED = (("统一社会信用代码", "单位名称", "类别", "所在省份"), ("PARK", "示范园区", "园区", "江苏省"))
SIGNED = ("--filled-by", "张三", "--checked-by", "李四", "--responsible", "王五", "--date", "2025-04-10")
JOB = (
    "id: desk\ntitle: {zh: 园区, en: park}\nboundary: PARK\ninputs: [{kind: accepted}]\n"
    "profile: china_park_national\nuncertainty: {approach: []}\n"
)


def handed_in(folder: Path, name: str, entity: str, rows: list[tuple[object, ...]], units: list[int]) -> None:
    registered = [*REGISTERED, *((code(each), f"{each}号厂", "法人单位", "江苏省") for each in units)]
    file = write_book(folder / name, {"园区单位": registered, "能源": [TITLES, *rows]})
    where = ("--workspace", folder / "w")
    done = command("submit", file, "--entity", entity, "--period", "2025-03", *SIGNED, "--json", *where)
    assert done.exit_code == 0, done.output
    assert command("accept", json.loads(done.output)["batch"], "--by", "赵六", *where).exit_code == 0


def told(folder: Path) -> dict[str, Any]:
    """The summary of a run of all that was accepted."""
    (folder / "job.yaml").write_text(JOB, encoding="utf-8")
    done = command("run", folder / "job.yaml", "--workspace", folder / "w", "--output", folder / "o")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads((folder / "o" / "summary.json").read_text(encoding="utf-8"))
    return found


def co2(summary: dict[str, Any]) -> float:
    return float(next(each["value"] for each in summary["totals"] if each["value"] and each["unit"] == "tCO2"))


@pytest.fixture(scope="module")
def each_by_itself(tmp_path_factory: pytest.TempPathFactory) -> float:
    """The park's CO2 where both units hand in themselves, and the park nothing."""
    folder = tmp_path_factory.mktemp("two")
    handed_in(folder, "one.xlsx", code(1), [coal(1, 100.0)], [1])
    handed_in(folder, "two.xlsx", code(2), [coal(2, 50.0)], [2])
    return co2(told(folder))


def test_12_a_copy_in_two_rows_is_compared_by_their_sum(tmp_path: Path, each_by_itself: float) -> None:
    """60 and 40 t, handed in so by both: nobody's numbers differ."""
    rows = [coal(1, 60.0), coal(1, 40.0)]
    handed_in(tmp_path, "park.xlsx", "PARK", [*rows, coal(2, 50.0)], [1, 2])
    handed_in(tmp_path, "unit.xlsx", code(1), rows, [1])
    summary = told(tmp_path)
    assert co2(summary) == pytest.approx(each_by_itself)
    assert summary["findings_by_message"]["pipeline.own_report_counts"] == 4  # each bought and used
    assert "pipeline.own_report_differs" not in summary["findings_by_message"]


@pytest.mark.parametrize(("copied", "rule"), [(100.0, "own_report_counts"), (101.0, "own_report_differs")])
def test_12_a_unit_s_own_report_counts_and_the_park_s_copy_does_not(
    tmp_path: Path, copied: float, rule: str, each_by_itself: float
) -> None:
    handed_in(tmp_path, "park.xlsx", "PARK", [coal(1, copied), coal(2, 50.0)], [1, 2])
    handed_in(tmp_path, "unit.xlsx", code(1), [coal(1, 100.0)], [1])
    summary = told(tmp_path)
    assert co2(summary) == pytest.approx(each_by_itself)
    assert summary["findings_by_message"][f"pipeline.{rule}"] == 2  # bought and used
    assert "pipeline.rows_in_two_inputs" not in summary["findings_by_message"]
