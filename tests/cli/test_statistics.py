"""`greenpark statistics` as a person runs it: on published tables, on real plants, and when it publishes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.running import greenpark


def tables_of(folder: Path) -> dict[str, Any]:
    tables: dict[str, Any] = json.loads((folder / "statistics.json").read_text(encoding="utf-8"))["tables"]
    return tables


def test_totals_of_all_zones_2002_to_2006_come_out_in_both_languages_with_growth(shared: Path, tmp_path: Path) -> None:
    source = shared / "data" / "hightech_zones_cn" / "national_totals_2002_2006.csv"
    done = greenpark("statistics", source, "--output", tmp_path / "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = tables_of(tmp_path / "out")["growth"]["rows"]
    revenue = {row["period"]: row["growth"] for row in rows if row["quantity"]["en"] == "operating_revenue"}
    # 27446.3 / 20938.7: the damaged cell of the source, read as its README says.
    assert revenue["2004"] == pytest.approx(100 * (27446.3 / 20938.7 - 1))
    assert revenue["2002"] is None
    # No confidence is stated in that file: everything is provisional, and says so.
    assert all(row["confidence"]["en"] == "low (provisional)" for row in rows)
    book = openpyxl.load_workbook(tmp_path / "out" / "statistics.xlsx")
    assert book.sheetnames == ["增长速度"]


@pytest.fixture(scope="module")
def plants(tmp_path_factory: pytest.TempPathFactory, repo: Path) -> Path:
    """The real plants of three states: run, and then released from the workspace."""
    folder = tmp_path_factory.mktemp("plants")
    done = greenpark(
        "statistics", repo / "examples" / "us_plants_2017" / "job.yaml", "--release", "released", cwd=folder
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_a_table_cannot_be_released_because_it_does_not_tell_who_contributes(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("quantity,unit,2023\na,t,1\n", encoding="utf-8")
    done = greenpark("statistics", "t.csv", "--release", "out", cwd=tmp_path)
    assert (done.returncode, "--release" in done.stderr) == (1, True)
    assert not (tmp_path / "out").exists()


def test_the_release_of_real_plants_names_states_and_no_plant(plants: Path) -> None:
    text = (plants / "released" / "release.json").read_text(encoding="utf-8")
    page = (plants / "released" / "release.html").read_text(encoding="utf-8")
    data = json.loads(text)
    assert data["internal"] is False
    assert "league" not in data["tables"]
    assert "PInova" not in text + page
    assert "10120-GA-ST" not in text + page
    assert {row["region"]["en"] for row in data["tables"]["cells"]["rows"]} >= {"GA", "LA", "MI"}


def test_internal_statistics_are_complete_and_labelled_so(plants: Path) -> None:
    data = json.loads((plants / "out" / "us_plants_2017" / "statistics.json").read_text(encoding="utf-8"))
    assert data["internal"] is True
    assert "must not leave the house" in data["remarks"][0]["en"]
    assert "不得公开" in data["remarks"][0]["zh"]


def test_a_released_number_is_explained_by_released_numbers_alone(plants: Path) -> None:
    data = json.loads((plants / "released" / "release.json").read_text(encoding="utf-8"))
    top = next(name for name, told in data["explained"].items() if told["parts"])
    done = greenpark("explain", top, "--release", "released", cwd=plants)
    assert done.returncode == 0, done.stderr
    for part in data["explained"][top]["parts"]:
        assert part in done.stdout
        assert part in data["explained"]


def test_a_reference_that_the_release_does_not_hold_is_refused(plants: Path) -> None:
    done = greenpark("explain", "R-000000000000", "--release", "released", cwd=plants)
    assert done.returncode == 1
    assert "withheld" in done.stderr


def test_zones_are_named_only_for_a_reason_that_the_release_records(plants: Path) -> None:
    reason = "asked for by the ministry"
    done = greenpark(
        "statistics", "workspace/us_plants_2017", "--release", "named", "--unrestricted", reason, cwd=plants
    )
    assert done.returncode == 0, done.stderr
    data = json.loads((plants / "named" / "release.json").read_text(encoding="utf-8"))
    assert data["unrestricted"] == reason
    assert any(reason in each["en"] for each in data["remarks"])
