"""Drivers as they are printed: the same numbers on page, sheet, document, terminal and in JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from greenpark.publish import Release, explain, render_explanation, terminal_summary
from greenpark.publish.drivers import driver_groups, waterfall_chart
from greenpark.publish.excel_sheets import sheets_of
from greenpark.publish.html import write_html
from greenpark.publish.references import references
from greenpark.publish.shown import Shown
from greenpark.publish.summary import summary_of
from greenpark.publish.word_content import Writer
from tests.publish import sample

EFFECTS = {"scale": 80.5, "structure": 3.25, "intensity": -150.125, "grid_factor": -30.0, "entering": 20.0}
BASE = 1000.0
NOW = BASE + sum(EFFECTS.values())


def rows(**more: Any) -> list[dict[str, Any]]:
    known = {
        "run": "r1", "entity": "park", "quantity": "co2.total", "variant": "view=location", "start": date(2024, 1, 1),
        "end": date(2025, 1, 1), "base_start": date(2023, 1, 1), "base_end": date(2024, 1, 1), "approach": "lmdi_1",
        "level": "total", "item": "", "value_base": BASE, "value_now": NOW, "unit": "tCO2", "nominal": False, "status": "ok",
        "ratio": 1.0, "confidence": "medium",
    }  # fmt: skip
    every = {**EFFECTS, "change": NOW - BASE}
    found = [known | {"driver": name, "value": value, "share": value / BASE} | more for name, value in every.items()]
    tapio = {"approach": "tapio", "driver": "elasticity", "value": -0.8, "share": None, "unit": "1", "ratio": None}
    reason = {"reason": "measure.tapio_strong_decoupling", "detail": '{"growth": -7.6, "value_added": 9.5}'}
    industry = {"level": "industry", "item": "26", "driver": "scale", "value": 80.5, "share": 0.0805}
    return [*found, known | tapio | reason, known | industry]


@pytest.fixture
def driven(release: Release) -> Release:
    return replace(release, tables={**release.tables, "drivers": sample.table("drivers", rows())})


def test_the_sentence_says_what_moved_the_total_and_which_of_the_three_led(driven: Release) -> None:
    (group,) = driver_groups(Shown(driven))
    assert group.sentence.zh == (
        "2024 年比 2023 年下降 7.64%，下降主要来自效率（-15.01 个百分点），反向作用最大的是规模（+8.05 个百分点）；"
        "规模、结构、效率三者（+8.05、+0.33、-15.01 个百分点）中由效率主导。"
    )
    assert "efficiency that drove it" in group.sentence.en
    assert " ," not in group.sentence.en and " ;" not in group.sentence.en


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"scale": -5.0, "mix": 20.0}, "都不是变化的来源"),
        ({"entering": 20.0}, "不能判断规模、结构和效率"),
        ({"scale": 30.0, "mix": -10.0}, "由规模主导"),
    ],
)
def test_the_sentence_does_not_name_a_leader_where_there_is_none(
    release: Release, values: dict[str, float], told: str
) -> None:
    change = sum(values.values())
    kept = [row for row in rows() if row["driver"] == "change"]
    made = [kept[0] | {"value": change, "share": change / BASE}]
    made += [kept[0] | {"driver": name, "value": value, "share": value / BASE} for name, value in values.items()]
    changed = replace(release, tables={**release.tables, "drivers": sample.table("drivers", made)})
    assert told in driver_groups(Shown(changed))[0].sentence.zh


def test_a_driver_that_rounds_to_nothing_is_printed_without_a_sign(release: Release) -> None:
    values = {"scale": 30.0, "structure": -0.001, "intensity": 0.001, "mix": -10.0}
    kept = next(row for row in rows() if row["driver"] == "change")
    made = [kept | {"value": 20.0, "share": 20.0 / BASE}]
    made += [kept | {"driver": name, "value": value, "share": value / BASE} for name, value in values.items()]
    changed = replace(release, tables={**release.tables, "drivers": sample.table("drivers", made)})
    sentence = driver_groups(Shown(changed))[0].sentence
    # Of a base of 1000: 30 is 3 points, a thousandth is 0.0001 points, on either side of nothing.
    assert "（+3.00、0.00、0.00 个百分点）" in sentence.zh
    assert "(+3.00, 0.00, 0.00 points)" in sentence.en
    assert "-0.00" not in sentence.zh + sentence.en


def test_nominal_drivers_say_so_everywhere(release: Release) -> None:
    changed = replace(
        release, tables={**release.tables, "drivers": sample.table("drivers", rows(nominal=True, status="partial"))}
    )
    shown = Shown(changed)
    assert "名义值" in driver_groups(shown)[0].sentence.zh
    sheet = next(each for each in sheets_of(shown) if each.id == "drivers")
    assert "名义值" in str(sheet.rows)


def test_every_output_prints_the_same_numbers(driven: Release, tmp_path: Path) -> None:
    shown = Shown(driven)
    write_html(driven, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    document = str(list(Writer(shown, "zh").drivers()))
    summary = summary_of(driven)["drivers"][0]
    sheet = str(next(each for each in sheets_of(shown) if each.id == "drivers").rows)
    for text in ("-150.125", "80.5"):
        assert text in page
        assert text in document
        assert text in sheet
    assert summary["drivers"]["intensity"]["value"] == -150.125
    assert json.dumps(summary["rates"]["elasticity"]["value"]) == "-0.8"
    sentence = driver_groups(shown)[0].sentence
    assert sentence.zh in page
    assert sentence.zh in document
    assert sentence.en in terminal_summary(driven, "en")
    assert "26 化学原料和化学制品制造业" in sheet


def test_the_waterfall_steps_from_the_base_to_the_year(driven: Release) -> None:
    shown = Shown(driven)
    chart: Any = waterfall_chart(shown, driver_groups(shown)[0])
    values = chart["series"][0]["values"]
    assert chart["kind"] == "waterfall"
    assert values[0] == BASE
    assert values[0] + sum(values[1:-1]) == pytest.approx(values[-1])
    assert len(chart["names"]) == len(values) == len(EFFECTS) + 2


def test_a_total_below_zero_is_drawn_as_plain_bars(release: Release) -> None:
    changed = replace(
        release, tables={**release.tables, "drivers": sample.table("drivers", rows(value_base=10.0, value_now=-66.375))}
    )
    shown = Shown(changed)
    chart: Any = waterfall_chart(shown, driver_groups(shown)[0])
    assert chart["kind"] == "bar"


def test_every_driver_is_explained_and_a_change_lists_its_drivers(driven: Release) -> None:
    tables = {**driven.tables, "entities": driven.entities}
    held = driven.tables["drivers"]
    told = {}
    for row, reference in zip(held.to_pylist(), references("drivers", held), strict=True):
        found = explain(reference, tables, driven.definitions, "zh")
        assert found is not None
        told[row["driver"]] = render_explanation(found, "zh")
    assert "Ang 2015" in told["intensity"]
    for name in ("能源强度（效率）", "电网排放因子", "企业进入边界"):
        assert name in told["change"]
    assert "强脱钩" in told["elasticity"]
