"""`greenpark drivers TABLE`: any table taken apart, and tables that do not fit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from click.testing import CliRunner

from greenpark.cli.commands import build
from greenpark.measure.drivers.factors import FactorsError, parse_factors
from greenpark.model.job import JobError
from greenpark.pipeline.free_table import TableDrivers, Wanted, drivers_of_table
from greenpark.pipeline.free_table_rows import rows_of_table

ANG = "year,sector,Q,E\n2000,a,10,30\n2000,b,40,20\n2010,a,40,80\n2010,b,40,16\n"
FORMULA = "E = sum(Q) * Q/sum(Q) * E/Q"


def taken_apart(folder: Path, text: str, **wanted: Any) -> TableDrivers:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return drivers_of_table(path, Wanted(**{"formula": FORMULA, **wanted}), lambda step, name: None)


def rules(found: TableDrivers) -> list[tuple[str, str]]:
    return [(finding.rule, str(finding.place)) for finding in found.findings]


def test_the_two_sectors_of_ang_from_a_file(tmp_path: Path) -> None:
    """B. W. Ang's two sectors: 32.38, 38.28 and -24.67; 1.583, 1.721 and 0.705."""
    (step,) = taken_apart(tmp_path, ANG).steps
    assert step.effects.additive == pytest.approx([32.38463791, 38.28486735, -24.66950526], rel=1e-8)
    assert step.effects.multiplicative == pytest.approx([1.58288001, 1.72101981, 0.70480239], rel=1e-8)
    assert not taken_apart(tmp_path, ANG).findings


def test_rows_in_another_order_and_other_units_give_the_same(tmp_path: Path) -> None:
    head, *rows = ANG.splitlines()
    plain = taken_apart(tmp_path, ANG).steps[0].effects
    turned = taken_apart(tmp_path, "\n".join([head, *reversed(rows)]) + "\n").steps[0].effects
    assert turned.additive == pytest.approx(plain.additive, rel=1e-12)
    scaled = "\n".join(
        [
            head,
            *(",".join([*row.split(",")[:2], str(1000 * float(row.split(",")[2])), row.split(",")[3]]) for row in rows),
        ]
    )
    assert taken_apart(tmp_path, scaled + "\n").steps[0].effects.additive == pytest.approx(plain.additive, rel=1e-12)


def test_without_a_formula_all_columns_with_numbers_multiply(tmp_path: Path) -> None:
    found = taken_apart(tmp_path, "年份,行业,规模,强度\n2020,甲,10,2\n2021,甲,12,1.5\n", formula="")
    assert found.factors.texts == ("规模", "强度")
    assert found.steps[0].effects.multiplicative == pytest.approx([1.2, 0.75])


def test_a_tree_of_levels_closes_and_groups_add_up(tmp_path: Path) -> None:
    text = "year,province,zone,va,co2\n" + "".join(
        f"{year},{province},{zone},{10 * number + year - 2000},{7 * number * (1 if year == 2020 else 1.1)}\n"
        for year in (2020, 2021)
        for number, (province, zone) in enumerate([("x", "x1"), ("x", "x2"), ("y", "y1")], start=1)
    )
    formula = "co2 = sum(va) * sum(va, province)/sum(va) * va/sum(va, province) * co2/va"
    found = taken_apart(tmp_path, text, formula=formula, by="province")
    (step,) = found.steps
    assert step.effects.additive.sum() == pytest.approx(42 * 0.1)
    assert step.groups.sum(axis=0) == pytest.approx(step.effects.additive)
    assert found.groups == ("x", "y")


def test_a_chain_adds_steps_and_multiplies_ratios(tmp_path: Path) -> None:
    found = taken_apart(tmp_path, ANG + "2020,a,50,90\n2020,b,30,10\n")
    rows = [row for row in rows_of_table(found) if (row.base, row.end) == ("2000", "2020")]
    assert sum(row.value for row in rows[:3]) == pytest.approx(rows[3].value)
    assert rows[3].value == pytest.approx(50)
    assert np.prod([row.ratio for row in rows[:3]]) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("2010,b,x,16", ("table_text", "table.csv!L5")),
        ("2010,b,,16", ("table_gap", "table.csv!L5")),
        ("2010,b,1e999,16", ("table_text", "table.csv!L5")),
        ("2010,a,40,16", ("table_twice", "table.csv!L5")),
        ("2010,c,40,16", ("table_row_missing", "table.csv!L5")),
        ("2010,b,0,16", ("table_endless", "table.csv!L5")),
        ("2010,b,40,-16", ("table_sign_turns", "table.csv!L5")),
        ("2010,b,0,0", ("table_zero", "")),
    ],
)
def test_what_does_not_fit_is_found_at_its_cell(tmp_path: Path, row: str, expected: tuple[str, str]) -> None:
    found = taken_apart(tmp_path, ANG.replace("2010,b,40,16", row))
    assert expected in rules(found)
    (step,) = found.steps
    assert np.isfinite(step.effects.additive).all()
    told = sum(each.value for each in rows_of_table(found) if each.driver != "change")
    assert told == pytest.approx(step.change)


def test_a_total_that_is_no_product_of_its_factors_is_said(tmp_path: Path) -> None:
    found = taken_apart(tmp_path, ANG, formula="E = sum(Q) * Q/sum(Q)")
    assert ("table_difference", "") in rules(found)
    assert not found.closes


def test_more_faults_than_anybody_reads_are_counted(tmp_path: Path) -> None:
    text = ANG + "".join(f"2000,s{number},x,1\n" for number in range(50))
    texts = [finding for finding in taken_apart(tmp_path, text).findings if finding.rule == "table_text"]
    assert len(texts) == 20


@pytest.mark.parametrize(
    ("text", "wanted", "message"),
    [
        ("", {}, "collect.file_empty"),
        ("a\n", {}, "collect.table_without_rows"),
        ("year,Q,Q\n1,2,3\n", {}, "collect.table_title_twice"),
        ("sector,Q,E\na,1,2\n", {}, "pipeline.table_no_period"),
        ("year,sector,Q,E\n2000,a,1,2\n", {}, "pipeline.table_one_period"),
        (ANG, {"formula": "E = X * E/X"}, "pipeline.table_no_column"),
        (ANG, {"formula": "E = Q + E"}, "pipeline.table_formula"),
        (ANG, {"formula": "E = __import__('os')"}, "pipeline.table_formula"),
        (ANG, {"formula": "E = "}, "pipeline.table_formula"),
        (ANG, {"by": "zone"}, "pipeline.table_no_column"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_message(
    tmp_path: Path, text: str, wanted: dict[str, Any], message: str
) -> None:
    with pytest.raises(JobError) as refused:
        taken_apart(tmp_path, text, **wanted)
    assert refused.value.message == message


def test_titles_with_brackets_stand_in_quotation_marks() -> None:
    found = parse_factors('"排放量（吨）" = sum("增加值（万元）") * "排放量（吨）"/sum("增加值（万元）")')
    assert found.columns == ("排放量（吨）", "增加值（万元）")
    with pytest.raises(FactorsError):
        parse_factors("E = Q ** 2")


def test_the_command_prints_writes_and_fails_as_asked(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(ANG, encoding="utf-8")
    tool = build("zh")
    for suffix in (".xlsx", ".csv", ".json"):
        done = CliRunner().invoke(
            tool, ["drivers", str(path), "--formula", FORMULA, "--output", str(tmp_path / f"o{suffix}")]
        )
        assert done.exit_code == 0, done.output
        assert "38.28486735" in done.output
    sheet = openpyxl.load_workbook(tmp_path / "o.xlsx").active
    assert sheet is not None
    assert sheet["E2"].value == pytest.approx(32.38463791)
    shown = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))
    assert shown["closes"] is True
    assert [row["value"] for row in shown["drivers"]] == pytest.approx([32.38463791, 38.28486735, -24.66950526, 46])
    assert "32.38463791" in (tmp_path / "o.csv").read_text(encoding="utf-8-sig")
    path.write_text(ANG.replace("2010,b,40,16", "2010,b,x,16"), encoding="utf-8")
    failed = CliRunner().invoke(tool, ["drivers", str(path), "--formula", FORMULA, "--fail-on", "error"])
    assert failed.exit_code == 3
    assert "不是数" in failed.output
