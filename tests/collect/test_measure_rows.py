"""The ledger of measures as people fill it in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from greenpark.catalog import Packs, load_packs
from greenpark.collect import Collected, Context, collect_form
from greenpark.engine.units import Units

HEAD = "编号,项目名称,类别,责任单位,投资额（万元）,开工日期,完成时限,完成日期,预计节能量（tce）,"
HEAD += "预计减碳量（tCO2）,实现减碳量（tCO2）,证明材料"


@pytest.fixture(scope="module")
def packs() -> Packs:
    return load_packs(kinds=("units", "quantities", "carriers", "places", "forms"))


def read(path: Path, packs: Packs, *lines: str) -> Collected:
    path.write_text("\n".join((HEAD, *lines)) + "\n", encoding="utf-8")
    context = Context(Units(packs.units.values()), packs.quantities, packs.carriers, packs.areas)
    return collect_form(path, packs.forms["action_plan_ledger"], "measures", context)


def test_a_measure_is_read_with_its_words_dates_and_numbers(tmp_path, packs):
    found = read(tmp_path / "l.csv", packs, 'M1,锅炉改造,节能,甲公司,"1,200",2024-03,2025-06-30,,500,1300,,')
    (row,) = found.measures
    assert (row["measure"], row["name"], row["kind"], row["owner"]) == ("M1", "锅炉改造", "energy_saving", "甲公司")
    assert (row["begun"], row["due"]) == (date(2024, 3, 1), date(2025, 6, 30))
    assert (row["investment"], row["expected_tce"], row["expected_co2"]) == (1200.0, 500.0, 1300.0)
    assert "done" not in row
    assert row["cell"] == "L2"
    assert found.rejected == ()
    assert found.cells.accepted == found.cells.non_empty == 9


def test_what_cannot_be_read_is_refused_and_the_rest_kept(tmp_path, packs):
    lines = ("M1,甲,不明类别,,约五百,,不久,,-5,,,", ",无编号,节能,,,,,,,,,", "m1,重复,节能,,,,,,,,,")
    found = read(tmp_path / "l.csv", packs, *lines)
    assert [row["measure"] for row in found.measures] == ["M1"]
    rules = {finding.rule for finding in found.findings}
    assert {"not_a_number", "bad_date", "negative", "missing_key", "measure_twice"} <= rules
    assert rules & {"unknown_code", "unknown_code_like"}
    assert found.cells.non_empty == found.cells.accepted + found.cells.rejected
    assert len(found.rejected_rows) == 3
