"""Published figures: each with its source and confidence, none given a period that its source does not state."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from greenpark.collect.collected import CellCount
from greenpark.collect.context import Context
from greenpark.collect.figures import collect_figures
from tests.collect.conftest import rules

TITLES = "entity,quantity,period,value,unit,source,confidence,note\n"


@pytest.fixture
def open_context(context: Context) -> Context:
    return Context(context.units, context.quantities, context.carriers, context.areas)


def _file(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "figures.csv"
    path.write_text(TITLES + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_figure_keeps_its_value_unit_period_and_confidence(tmp_path: Path, open_context: Context) -> None:
    path = _file(tmp_path, "zones,zone.energy_per_value_added,2019,0.464,吨标准煤/万元,国科发火〔2021〕28号,high,")
    collected = collect_figures(path, open_context)
    assert collected.findings == ()
    row = collected.observations.to_pylist()[0]
    assert (row["value"], row["unit"], row["reported_unit"]) == (0.464, "tce/万元", "吨标准煤/万元")
    assert (row["start"], row["end"], row["confidence"]) == (date(2019, 1, 1), date(2020, 1, 1), "high")
    assert (row["file"], row["cell"], row["status"]) == ("figures.csv", "L2", "reported")
    assert collected.entities["entity"].to_pylist() == ["zones"]


def test_a_figure_whose_year_is_not_stated_keeps_none(tmp_path: Path, open_context: Context) -> None:
    collected = collect_figures(
        _file(tmp_path, "zones,zone.energy_per_value_added,,0.423,tce/万元,X,low,"), open_context
    )
    assert rules(collected) == ["period_open"]
    assert collected.observations["start"].to_pylist() == [None]
    assert collected.cells == CellCount(1, 1, 0, 0)


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("zones,zone.energy,2019,1,tce/万元,X,high,", "unknown_quantity_like"),
        ("zones,zone.count,2019,1,家,,high,", "missing_key"),
        ("zones,zone.count,2019,1,家,X,sure,", "unknown_confidence"),
        ("zones,zone.count,2019,1,t,X,high,", "unit_mismatch"),
        ("zones,zone.count,2019,-1,家,X,high,", "negative"),
        ("zones,zone.count,一九年,1,家,X,high,", "unreadable_period"),
        ("zones,zone.count,2019,约170,家,X,high,", "not_a_number"),
    ],
)
def test_a_figure_that_is_not_clear_is_refused(tmp_path: Path, open_context: Context, row: str, rule: str) -> None:
    collected = collect_figures(_file(tmp_path, row), open_context)
    assert [refused.finding.rule for refused in collected.rejected] == [rule]
    assert collected.cells == CellCount(1, 0, 1, 0)


def test_a_table_without_sources_is_refused(tmp_path: Path, open_context: Context) -> None:
    path = tmp_path / "figures.csv"
    path.write_text("entity,quantity,period,value,unit\nzones,zone.count,2019,169,家\n", encoding="utf-8")
    collected = collect_figures(path, open_context)
    assert rules(collected) == ["mapped_columns_missing"]
    assert collected.findings[0].values["titles"] == "source、confidence"
