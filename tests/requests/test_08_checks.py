"""Request 8: seeded errors in real workbooks are found, clean ones are left in peace, and a warning can be explained."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.requests.small_park import command

SEED = 20268
FACTORS = (10.0, 100.0, 1000.0, 10000.0, 0.1, 0.01, 0.001, 0.0001)
SHEET, AMOUNTS = "能源", "FGHIJKM"  # purchase, uses, output, sale
SHARE = 0.015


@dataclass(frozen=True)
class Told:
    """What `greenpark check` told of a workbook: its findings of the checks, and how many rows they look at."""

    findings: list[dict[str, Any]]
    rows: int


@pytest.fixture(scope="module")
def spoilt(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, float]]:
    """The demo park's workbook of 2025 with a slip in 1.5 % of its rows of energy, and what stood in each cell."""
    book = openpyxl.load_workbook(repo / "examples" / "demo_park" / "park_2025.xlsx")
    sheet, draw = book[SHEET], random.Random(SEED)
    rows = draw.sample(range(2, sheet.max_row + 1), round(SHARE * (sheet.max_row - 1)))
    truth: dict[str, float] = {}
    for row in rows:
        filled = [sheet[f"{column}{row}"] for column in AMOUNTS]
        cell = draw.choice([each for each in filled if isinstance(each.value, int | float) and each.value])
        truth[cell.coordinate] = float(cell.value)
        cell.value = float(cell.value) * draw.choice(FACTORS)
    path = tmp_path_factory.mktemp("request_08") / "park_2025.xlsx"
    book.save(path)
    return path, truth


def checked(repo: Path, path: Path) -> Told:
    """The warnings and errors of the checks about a workbook, with the two years before it."""
    demo = repo / "examples" / "demo_park"
    history = [part for year in (2023, 2024) for part in ("--history", demo / f"park_{year}.xlsx")]
    done = command("check", path, "--year", "2025", *history, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    findings = [
        each for each in told["findings"] if each["message"].startswith("validate.") and each["severity"] != "note"
    ]
    return Told(findings, int(told["cells"]["accepted"]))


def cells_of(finding: dict[str, Any]) -> set[str]:
    """The cells of the sheet of energy that a finding names."""
    others = (each.strip() for each in str(finding["values"].get("others", "")).split(","))
    named = {finding["cell"]} if finding["sheet"] == SHEET else set()
    return named | {each.partition("!")[2] for each in others if each.startswith(f"{SHEET}!")}


def test_08_slips_are_found_with_few_false_alarms_and_the_true_value_is_proposed(
    repo: Path, spoilt: tuple[Path, dict[str, float]]
) -> None:
    path, truth = spoilt
    told = checked(repo, path).findings
    named = set().union(*(cells_of(each) for each in told))
    recall = len(truth.keys() & named) / len(truth)
    precision = sum(bool(cells_of(each) & truth.keys()) for each in told) / len(told)
    proposed = sum(
        each["values"].get("proposal") == pytest.approx(truth[each["cell"]], rel=1e-6)
        for each in told
        if each["cell"] in truth and each["values"].get("proposal") is not None
    )
    assert len(truth) >= 30
    assert recall >= 0.95
    assert precision >= 0.9
    assert proposed >= 0.9 * len(truth)


def test_08_at_most_one_clean_value_in_a_thousand_is_warned_of(repo: Path) -> None:
    clean = checked(repo, repo / "examples" / "demo_park" / "park_2025.xlsx")
    assert clean.rows > 2000
    assert len(clean.findings) <= clean.rows / 1000
