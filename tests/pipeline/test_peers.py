"""Peers of invented parks, by hand: percentile and quartiles among parks of the same province and size; few are not shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from click.testing import CliRunner, Result

from greenpark.catalog import load_packs
from greenpark.cli.commands import build
from greenpark.cli.workspaces import opened
from greenpark.model.peering import Peering
from greenpark.pipeline import Choices, Published, run
from greenpark.pipeline.gapping import assessed_again
from greenpark.pipeline.peering import peer_rows, sizes_of
from tests.pipeline.made_zones import write_zones

# Green space over managed land [km²], by hand: z1 10 %, z2 20 %, z3 20 %, z4 40 %, z5 50 %, z6 60 %, z7 70 %.
ROWS = (
    "zone,name,green,cover,land\n"
    "z1,甲园,1,1,10\nz2,乙园,4,1,20\nz3,丙园,6,1,30\nz4,丁园,16,1,40\nz5,戊园,25,1,50\nz6,己园,36,1,60\nz7,庚园,49,1,70\n"
)
# z1 to z5 lie in Hebei, the two others in the province of the mapping, Jiangsu.
MORE = "peers: {by: [region], least_for_quartiles: 4}\nattributes:\n" + "".join(
    f"  z{number}: {{province: [hebei]}}\n" for number in range(1, 6)
)
GREEN = "绿地率"
Compare = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_zones(tmp_path_factory.mktemp("peers"), ROWS, MORE)


@pytest.fixture(scope="module")
def published(job: Path) -> Published:
    choices = Choices(job.parent / "out", job.parent / "w", packs=(job.parent / "packs",))
    return run(job, choices, lambda step, name: None)[0]


@pytest.fixture(scope="module")
def compare(job: Path, published: Published) -> Compare:
    """The row of a park for the ratio of green space, by the peers that are asked for."""
    release, packs = published.release, load_packs((job.parent / "packs",))
    with opened(job.parent / "w", None) as store:
        record = store.run(release.run)
        assessed = assessed_again(release.job, packs, record, store)
        asked = Peering(by=("size",), size_by="land.managed")
        land = sizes_of(store.run_table(record.id, "figures"), asked, store)

    def _compare(park: str, *by: str, least_for_quartiles: int = 4) -> dict[str, Any]:
        peering = Peering(by=by, size_by="land.managed", least_for_quartiles=least_for_quartiles)
        rows = peer_rows(assessed.judging, assessed.indicators, land, peering).to_pylist()
        (row,) = [each for each in rows if each["entity"] == park and each["indicator"].endswith(".green")]
        return dict(row)

    return _compare


def spread(row: dict[str, Any]) -> list[float | None]:
    return [row[name] for name in ("low_quarter", "median", "high_quarter")]


def ask(job: Path, *arguments: str, language: str = "en") -> Result:
    folders = ("--workspace", str(job.parent / "w"), "--packs", str(job.parent / "packs"))
    return CliRunner().invoke(build(language), ["peers", str(job), *folders, *arguments])


def test_a_park_stands_among_the_others_of_its_province(compare: Compare) -> None:
    row = compare("z2", "region")
    # Others in Hebei: 10, 20, 40, 50 %. One below, one equal: (1 + 0.5)/4 = 0.375.
    # Quartiles at places 0.75, 1.5, 2.25 of 0 to 3: 10 + 0.75·10 = 17.5; 20 + 0.5·20 = 30; 40 + 0.25·10 = 42.5.
    assert (row["value"], row["percentile"], spread(row)) == (20.0, 0.375, [17.5, 30.0, 42.5])
    assert (row["members"], row["others"], row["status"], row["group"]) == (4, 4, "ok", "region=hebei")


def test_among_all_parks_of_its_kind_where_nothing_is_to_be_shared(compare: Compare) -> None:
    row = compare("z2", least_for_quartiles=10)
    # Others: 10, 20, 40, 50, 60, 70 %: (1 + 0.5)/6 = 0.25; ten others are needed for quartiles.
    assert (row["percentile"], spread(row), row["others"], row["group"]) == (0.25, [None] * 3, 6, "")


def test_peers_of_the_same_size_are_those_of_the_same_third(compare: Compare) -> None:
    # Land 10, 20, … 70: 3·0/7, 3·1/7 and 3·2/7 are below 1, hence z1 to z3 small; z4, z5 medium; z6, z7 large.
    groups = [compare(f"z{number}", "size") for number in range(1, 8)]
    assert [row["group"] for row in groups] == ["size=small"] * 3 + ["size=medium"] * 2 + ["size=large"] * 2
    assert [row["members"] for row in groups] == [2, 2, 2, 1, 1, 1, 1]
    assert {(row["status"], row["percentile"]) for row in groups} == {("withheld", None)}


def test_fewer_than_three_others_are_withheld_and_not_a_number_of_them_is_shown(compare: Compare) -> None:
    row = compare("z6", "region", least_for_quartiles=3)
    assert (row["value"], row["others"], row["status"], row["group"]) == (60.0, 1, "withheld", "region=jiangsu")
    assert row["percentile"] is None and spread(row) == [None] * 3


def test_a_park_of_which_the_group_is_not_known_is_said_to_have_none(compare: Compare) -> None:
    row = compare("z1", "region", "park_class")
    assert (row["status"], row["group"], row["members"], row["percentile"]) == ("no_group", None, 0, None)


def test_every_output_of_a_run_holds_the_benchmark_and_says_that_it_is_restricted(published: Published) -> None:
    summary = json.loads((published.folder / "summary.json").read_text(encoding="utf-8"))["peers"]
    assert "限内部使用" in summary["remark"]["zh"]
    (line,) = [each for each in summary["lines"] if each["entity"] == "z2" and each["name"]["zh"] == GREEN]
    assert (line["percentile_percent"], line["quartiles"]) == (37.5, [17.5, 30.0, 42.5])
    assert line["group"] == {"zh": "同一省份：河北省", "en": "same province: Hebei"}
    assert 'id="peers"' in (published.folder / "report.html").read_text(encoding="utf-8")
    rows = [
        [c.text for c in row.cells]
        for t in docx.Document(str(published.folder / "report.docx")).tables
        for row in t.rows
    ]
    assert ["20 %", "37.5 %", "30\n17.5 – 42.5", "4 / 4"] in [row[2:6] for row in rows if row[1:2] == ["乙园"]]
    sheet = openpyxl.load_workbook(published.folder / "report.xlsx", read_only=True)["同类园区对标 Peers"]
    texts = [" ".join(map(str, row)) for row in sheet.iter_rows(values_only=True)]
    assert sum("限内部使用" in text for text in texts) == 14  # seven parks, two indicators


def test_the_command_names_nobody_else_and_lists_all_only_for_a_reason(job: Path, published: Published) -> None:
    own = ask(job, "--entity", "z2", language="zh").stdout
    assert "乙园" in own and "限内部使用" in own and "37.5 %" in own
    assert not any(name in own for name in ("甲园", "丙园", "丁园", "z1", "z3"))
    refused = ask(job)
    assert refused.exit_code == 1 and "--unrestricted" in refused.stderr
    listed = ask(job, "--unrestricted", "yearly review", "--output", str(job.parent / "all.xlsx"))
    assert "甲园" in listed.stdout and "yearly review" in listed.stdout
    (sheet,) = openpyxl.load_workbook(job.parent / "all.xlsx", read_only=True).worksheets
    texts = [" ".join(map(str, row)) for row in sheet.iter_rows(values_only=True)]
    assert sum("yearly review" in text for text in texts) == 14


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--entity", "z1", "--year", "1999"), "at least 3 other parks"),
        (("--entity", "z1", "--by", "size", "--size-by", "wool"), "no quantity wool"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_what_is_needed(
    job: Path, published: Published, arguments: tuple[str, ...], said: str
) -> None:
    asked = ask(job, *arguments)
    assert asked.exit_code == 1 and said in asked.stderr


def line_of(told: str, name: str = GREEN) -> str:
    return next(line for line in told.splitlines() if line.strip().startswith(name))


def test_a_group_with_one_park_more_than_one_that_was_shown_is_withheld(tmp_path: Path) -> None:
    """z1 to z5 lie in Hebei and z6 shares their class: all six minus the five of Hebei would be z6 alone."""
    more = "peers: {by: [region], least_for_quartiles: 4}\nattributes:\n" + "".join(
        f"  z{number}: {{province: [{'hebei' if number < 6 else 'jiangsu'}], park_class: [{'b' if number == 7 else 'a'}]}}\n"
        for number in range(1, 8)
    )
    job = write_zones(tmp_path, ROWS, more)
    own = ask(job, "--entity", "z2", language="zh")
    assert "37.5 %" in line_of(own.stdout)  # the four others of Hebei, as the reports of the job show them
    other = line_of(ask(job, "--entity", "z2", "--by", "park_class", language="zh").stdout)
    assert "只差一两家" in other
    assert "%" not in other.replace("20 %", "")  # its own value, and nothing of the others
    # Everybody has two parks more than Hebei (z6 and z7): too few as well.
    everybody = ask(job, "--entity", "z2", "--by", "kind", language="zh")
    assert "只差一两家" in line_of(everybody.stdout)
    # The job's own groups stay as they were.
    assert line_of(ask(job, "--entity", "z2", language="zh").stdout) == line_of(own.stdout)


def test_groups_that_were_asked_for_before_are_remembered(tmp_path: Path) -> None:
    """All parks first (three more than the own group, so it is shown); then all but z7, which would tell of z7."""
    more = "peers: {by: [region], least_for_quartiles: 4}\nattributes:\n" + "".join(
        f"  z{number}: {{province: [{'hebei' if number < 5 else 'jiangsu'}], park_class: [{'b' if number == 7 else 'a'}]}}\n"
        for number in range(1, 8)
    )
    job = write_zones(tmp_path, ROWS, more)
    shown = line_of(ask(job, "--entity", "z2", "--by", "kind", language="zh").stdout)
    assert "25 %" in shown  # (1 + 0.5) of six
    assert "只差一两家" in line_of(ask(job, "--entity", "z2", "--by", "park_class", language="zh").stdout)
    assert line_of(ask(job, "--entity", "z2", "--by", "kind", language="zh").stdout) == shown
