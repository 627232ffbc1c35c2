"""A league table of invented parks: ranks with their ranges, names only for a reason, the same in every output."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from greenpark.pipeline import Choices, Published, run
from greenpark.publish import Shown, league_data, league_tables, masked
from tests.cli.running import greenpark
from tests.pipeline.made_zones import write_zones

# Green space and green coverage over managed land [km²]; by hand, min-max of each, both weights unknown (0.8 to 1.2):
#   甲 0.30 and 0.50 -> 1.0 and 0.5    乙 0.20 and 0.60 -> 0.5 and 1.0    丙 0.10 and 0.40 -> 0.0 and 0.0
# In the middle 甲 and 乙 both score 75; either is first under some weights, 丙 is last under all.
ROWS = "zone,name,green,cover,land\nz1,甲园,3,5,10\nz2,乙园,2,6,10\nz3,丙园,1,4,10\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_zones(tmp_path_factory.mktemp("league"), ROWS).parent


@pytest.fixture(scope="module")
def published(folder: Path) -> Published:
    choices = Choices(folder / "out", folder / "w", packs=(folder / "packs",))
    return run(folder / "job.yaml", choices, lambda step, name: None)[0]


def test_ranks_and_their_ranges_are_those_worked_out_by_hand(published: Published) -> None:
    (table,) = league_tables(Shown(published.release))
    places = {line.entity.zh: (line.rank, line.rank_low, line.rank_high, line.score.value) for line in table.lines}
    assert places["甲园"] == (1, 1, 2, 75.0)
    assert places["乙园"] == (1, 1, 2, 75.0)
    assert places["丙园"] == (3, 3, 3, 0.0)
    assert all(line.provisional for line in table.lines)
    for line in table.lines[:2]:  # scores from 100 (0.8 + 1.2 · 0.5)/2 = 70 to 80
        assert line.low.value == pytest.approx(70, abs=0.2)
        assert line.high.value == pytest.approx(80, abs=0.2)


def test_other_normalisations_stand_beside_the_chosen_one(published: Published) -> None:
    (table,) = league_tables(Shown(published.release))
    assert len(table.alternatives) == 1
    assert [line.others for line in table.lines] == [(1,), (1,), (3,)]


def test_every_report_says_that_the_table_is_restricted(published: Published) -> None:
    page = (published.folder / "report.html").read_text(encoding="utf-8")
    assert "限内部使用" in page
    book = openpyxl.load_workbook(published.folder / "report.xlsx", read_only=True)
    texts = {str(cell) for row in book["得分排名 League table"].iter_rows(values_only=True) for cell in row}
    assert any("限内部使用" in text for text in texts)
    summary = json.loads((published.folder / "summary.json").read_text(encoding="utf-8"))
    (table,) = summary["league"]
    assert "限内部使用" in table["remark"]["zh"]
    assert [place["rank"] for place in table["places"]] == [1, 1, 3]


def test_a_masked_table_keeps_ranks_and_leads_back_to_nobody(published: Published) -> None:
    shown = Shown(published.release)
    (table,) = league_tables(shown)
    hidden = masked(table, ("z3",))
    assert [line.entity.zh for line in hidden.lines] == ["***", "***", "丙园"]
    assert [line.score.reference == "" for line in hidden.lines] == [True, True, False]
    assert [line.rank for line in hidden.lines] == [line.rank for line in table.lines]
    (data,) = league_data([hidden], shown.names.say("publish.league.masked"))
    assert [place["entity"] for place in data["places"]] == [None, None, "z3"]


def test_the_command_names_parks_only_for_a_reason_and_writes_it_down(folder: Path) -> None:
    given = ["league", str(folder / "job.yaml"), "--workspace", str(folder / "w2"), "--packs", str(folder / "packs")]
    plain = greenpark(*given, "--lang", "zh", cwd=folder)
    assert plain.returncode == 0, plain.stderr
    assert "甲园" not in plain.stdout and "名次区间" in plain.stdout
    named = greenpark(*given, "--lang", "en", "--unrestricted", "yearly review", "--output", "l.xlsx", cwd=folder)
    assert "甲园" in named.stdout and "yearly review" in named.stdout
    book = openpyxl.load_workbook(folder / "l.xlsx", read_only=True)
    texts = [str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row]
    assert sum("yearly review" in text for text in texts) == 3
    none = greenpark(*given, "--year", "1999", "--lang", "en", cwd=folder)
    assert none.returncode == 1 and "Nothing is ranked" in none.stderr
