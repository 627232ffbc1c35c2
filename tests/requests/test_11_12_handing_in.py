"""Requests 11 and 12: a pre-filled form, checks before it is handed in and a receipt after; warned of, not blocked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result

from tests.collect.conftest import code
from tests.desk.made_books import book, coal
from tests.requests.small_park import command, sheet_rows

# Tonnes of coal by month: a steady works whose June of 2024 was thirty times the usual, for a good reason.
USUAL = (100.0, 103.0, 97.5, 99.0, 104.0, 101.5, 96.0, 98.0, 102.0, 105.0, 99.5, 100.5)
JUNE, REASON = 3000.0, "新线试车，烟煤一次投入"
SIGNED = ("--filled-by", "张三", "--checked-by", "李四", "--responsible", "王五", "--date", "2026-04-10")


@dataclass(frozen=True)
class Desk:
    """A folder with a workspace, and the commands with which people hand in."""

    folder: Path

    def file(self, name: str, year: int, amounts: Sequence[Any]) -> Path:
        rows = [coal(1, amount, f"{year}-{month:02d}") for month, amount in enumerate(amounts, start=1)]
        return book(self.folder / name, rows)

    def do(self, name: str, *arguments: str | Path) -> Result:
        return command(name, *arguments, "--workspace", self.folder / "w")

    def submit(self, file: Path, year: int, *more: str | Path) -> Result:
        return self.do("submit", file, "--entity", code(1), "--period", str(year), *SIGNED, *more)

    def hand_in(self, name: str, year: int, amounts: Sequence[Any], *more: str | Path) -> dict[str, Any]:
        """Submitted and accepted: its receipt."""
        done = self.submit(self.file(name, year, amounts), year, "--json", *more)
        assert done.exit_code == 0, done.output
        receipt: dict[str, Any] = json.loads(done.output)
        assert self.do("accept", receipt["batch"], "--by", "赵六").exit_code == 0
        return receipt

    def run(self, name: str) -> list[dict[str, Any]]:
        """The findings that a run of all that was accepted shows."""
        job = self.folder / "job.yaml"
        job.write_text(
            "id: desk\ntitle: {zh: 园区, en: park}\nboundary: PARK\ninputs: [{kind: accepted}]\n"
            "profile: china_park_national\nuncertainty: {approach: []}\n",
            encoding="utf-8",
        )
        done = self.do("run", job, "--output", self.folder / name)
        assert done.exit_code == 0, done.output
        return sheet_rows(self.folder / name / "report.xlsx", "问题与提示 Findings")


def odd_june(warnings: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in warnings if each["message"].startswith("validate.") and each["start"] == "2024-06-01"]


# ---------------------------------------------------------------- 11: pre-filled, checked before, a receipt after
@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_11_the_workbook_of_the_form_is_filled_with_units_rows_and_last_years_values(desk: Desk) -> None:
    last, form = desk.file("2023.xlsx", 2023, USUAL), desk.folder / "form.xlsx"
    done = command("template", "park_annual", "-o", form, "--year", "2024", "--last-year", last)
    assert done.exit_code == 0, done.output
    made = openpyxl.load_workbook(form)
    units = [row for row in made["园区单位 Units"].iter_rows(min_row=5, values_only=True) if row[0]]
    assert [(row[0], row[1]) for row in units] == [("PARK", "示范园区"), (code(1), "1号厂")]
    sheet = made["能源 Energy"]
    titles = [str(cell.value or "") for cell in sheet[4]]
    rows = [row for row in sheet.iter_rows(min_row=5, values_only=True) if row[0]]
    bought = next(place for place, title in enumerate(titles) if title.startswith("购进量"))
    before = next(place for place, title in enumerate(titles) if "上年" in title and "购进量" in title)
    assert [row[1] for row in rows] == [f"2024-{month:02d}" for month in range(1, 13)]
    assert [row[before] for row in rows] == list(USUAL)
    assert [row[bought] for row in rows] == [None] * 12  # last year's value is beside the cell, never in it


def test_11_checks_are_listed_before_anything_is_handed_in(desk: Desk) -> None:
    """An error is not taken at all; a slip against what was accepted before is told with the true value proposed."""
    desk.hand_in("2023.xlsx", 2023, USUAL)
    wrong = desk.submit(desk.file("a.xlsx", 2024, ["约十", *USUAL[1:]]), 2024)
    assert wrong.exit_code == 1
    assert "能源!E2" in wrong.output
    assert json.loads(desk.do("submissions", "--state", "submitted", "--json").output) == []
    slipped = desk.submit(desk.file("b.xlsx", 2024, [*USUAL[:5], USUAL[5] * 1000, *USUAL[6:]]), 2024)
    assert slipped.exit_code == 0
    told = [line for line in slipped.output.splitlines() if "[警告]" in line and "能源!" in line and "7" in line]
    assert any("101,500" in line or "101500" in line for line in told), slipped.output
    assert "kg" in slipped.output


def test_11_the_receipt_says_what_was_handed_in_and_by_whom(desk: Desk) -> None:
    file, receipt = desk.file("2024.xlsx", 2024, USUAL), desk.folder / "receipt.json"
    done = desk.submit(file, 2024, "--receipt", receipt)
    said = json.loads(receipt.read_text(encoding="utf-8"))
    assert said["batch"] in done.output
    assert said["file_sha256"] == sha256(file.read_bytes()).hexdigest()
    names = (said["filled_by"], said["checked_by"], said["responsible"], said["signed_on"])
    assert names == ("张三", "李四", "王五", "2026-04-10")
    assert (said["entity"], said["period"], said["state"], said["number"]) == (code(1), "2024", "submitted", 1)
    assert said["cells"]["non_empty"] == said["cells"]["accepted"] + said["cells"]["rejected"]
    assert "回执" in done.output


# ---------------------------------------------------------------- 12: warn, do not block, keep the reason
@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, dict[str, Any], list[str]]:
    """An odd June, handed in although warned of, explained before it was accepted; another year followed."""
    desk = Desk(tmp_path_factory.mktemp("request_12"))
    desk.hand_in("2023.xlsx", 2023, USUAL)
    amounts = [*USUAL[:5], JUNE, *USUAL[6:]]
    done = desk.submit(desk.file("2024.xlsx", 2024, amounts), 2024, "--json")
    assert done.exit_code == 0, done.output
    receipt: dict[str, Any] = json.loads(done.output)
    references = [str(each["reference"]) for each in odd_june(receipt["findings"])]
    assert len(references) == 2  # bought and used
    for reference in references:
        assert desk.do("close", reference, "--because", REASON, "--by", "张三").exit_code == 0
    return desk, receipt, references


def test_12_an_oddity_is_a_warning_and_its_reason_is_read_before_it_is_accepted(
    explained: tuple[Desk, dict[str, Any], list[str]],
) -> None:
    desk, receipt, references = explained
    assert receipt["state"] == "submitted"
    assert {each["severity"] for each in odd_june(receipt["findings"])} == {"warning"}
    read = desk.do("history", receipt["batch"]).output
    assert all(reference in read for reference in references)
    assert read.count(f"张三: {REASON}") == 2


def test_12_the_reason_stays_with_the_value_when_more_data_arrive_and_opens_when_the_value_changes(
    explained: tuple[Desk, dict[str, Any], list[str]],
) -> None:
    desk, receipt, references = explained
    assert desk.do("accept", receipt["batch"], "--by", "赵六").exit_code == 0
    first = _of(desk.run("first"), references)
    assert [(row["处理状态"], row["解释"]) for row in first] == [("已解释 explained", REASON)] * 2
    desk.hand_in("2025.xlsx", 2025, [amount * 1.04 for amount in USUAL])
    assert [row["解释"] for row in _of(desk.run("second"), references)] == [REASON] * 2
    summary = json.loads((desk.folder / "second" / "summary.json").read_text(encoding="utf-8"))
    assert summary["findings_closed"] == 2
    corrected = [*USUAL[:5], JUNE + 10, *USUAL[6:]]
    desk.hand_in("b.xlsx", 2024, corrected, "--corrects", receipt["batch"], "--reason", "计量单复核")
    rows = desk.run("third")
    assert _of(rows, references) == []
    assert len([row for row in rows if "3,010" in str(row["问题（中文）"]) and not row["解释"]]) == 2


def _of(rows: Sequence[dict[str, Any]], references: Sequence[str]) -> list[dict[str, Any]]:
    return [row for row in rows if set(references) & set(map(str, row.values()))]
