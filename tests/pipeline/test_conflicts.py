"""Data that contradicts itself never gives a total that looks right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.test_inputs import _co2, _rules, _run, _units, _write


def _figure(published: Any, quantity: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = published.release.tables["figures"].to_pylist()
    return next(r for r in rows if (r["entity"], r["quantity"], r["item"]) == ("park", quantity, ""))


@pytest.fixture
def one_tonne(tmp_path: Path) -> float:
    folder = tmp_path / "one"
    folder.mkdir()
    _units(folder, "甲")
    found = _co2(_run(_write(folder, "甲公司,2023,汽油,吨,1,1\n"), folder / "w"))
    assert found is not None
    return found


def test_a_year_and_its_months_are_left_out_and_not_added(tmp_path: Path, one_tonne: float) -> None:
    _units(tmp_path, "甲", "乙")
    months = "".join(f"甲公司,2023-{month:02d},汽油,吨,1,1\n" for month in range(1, 13))
    published = _run(_write(tmp_path, f"甲公司,2023,汽油,吨,12,12\n{months}乙公司,2023,汽油,吨,3,3\n"), tmp_path / "w")
    assert "account.periods_overlap" in _rules(published)
    direct = _figure(published, "co2.direct")
    assert direct["value"] == pytest.approx(3 * one_tonne)
    assert direct["status"] == "partial"


def test_a_park_row_beside_unit_rows_counts_once(tmp_path: Path, one_tonne: float) -> None:
    _units(tmp_path, "甲", "乙")
    rows = "示例园区,2023,汽油,吨,10,10\n甲公司,2023,汽油,吨,6,6\n乙公司,2023,汽油,吨,4,4\n"
    published = _run(_write(tmp_path, rows), tmp_path / "w")
    assert "account.level_reports_too" in _rules(published)
    assert _figure(published, "co2.direct")["value"] == pytest.approx(10 * one_tonne)
    assert _figure(published, "co2.direct")["status"] == "partial"


def test_feedstock_above_use_gives_no_negative_emissions(tmp_path: Path, one_tonne: float) -> None:
    _units(tmp_path, "甲", "乙")
    job = _write(tmp_path, "")
    (tmp_path / "energy.csv").write_text(
        "单位名称,时期,能源品种,计量单位,购进量,工业生产消费量,其中：用作原材料\n"
        "甲公司,2023,汽油,吨,10,10,20\n乙公司,2023,汽油,吨,2,2,0\n",
        encoding="utf-8",
    )
    published = _run(job, tmp_path / "w")
    assert "account.part_exceeds_use" in _rules(published)
    direct = _figure(published, "co2.direct")
    assert direct["value"] == pytest.approx(2 * one_tonne)
    assert direct["status"] == "partial"


@pytest.mark.parametrize(
    ("rows", "found"),
    [(("甲公司,2023,汽油,吨,10,1000",), True), (("甲公司,2023,汽油,吨,10,10.005", "乙公司,2023,汽油,吨,10,9"), False)],
)
def test_more_used_than_there_was_is_an_error(rows: tuple[str, ...], found: bool, tmp_path: Path) -> None:
    _units(tmp_path, *(row[0] for row in rows))
    published = _run(_write(tmp_path, "".join(f"{row}\n" for row in rows)), tmp_path / "w")
    assert ("account.use_exceeds_supply" in _rules(published)) is found
    assert _figure(published, "co2.direct")["status"] == ("partial" if found else "ok")


def test_power_sold_without_a_source_is_an_error(tmp_path: Path) -> None:
    _units(tmp_path, "甲")
    job = _write(tmp_path, "")
    (tmp_path / "energy.csv").write_text(
        "单位名称,时期,能源品种,计量单位,购进量,工业生产消费量,销售量\n甲公司,2023,电力,万千瓦时,10,10,100\n",
        encoding="utf-8",
    )
    published = _run(job, tmp_path / "w")
    assert "account.use_exceeds_supply" in _rules(published)
    total = [
        r for r in published.release.tables["figures"].to_pylist() if r["quantity"] == "co2.total" and not r["item"]
    ]
    assert total
    assert {row["status"] for row in total} == {"partial"}


def test_a_refused_cell_makes_what_rests_on_it_partial(tmp_path: Path, one_tonne: float) -> None:
    _units(tmp_path, "甲", "乙")
    published = _run(_write(tmp_path, "甲公司,2023,汽油,吨,1,1\n乙公司,2023,汽油,吨,约3,约3\n"), tmp_path / "w")
    direct = _figure(published, "co2.direct")
    assert direct["value"] == pytest.approx(one_tonne)
    assert direct["status"] == "partial"
