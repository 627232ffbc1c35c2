"""A job that declares how to estimate: the total grows by the estimates, says so, and they go when the data come."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from greenpark.engine.connect import Engine
from greenpark.engine.store import open_store
from greenpark.pipeline import Choices, Published, run

UNITS = "统一社会信用代码,单位名称,类别,所在省份,上级,行业（GB/T 4754）\npark,示例园区,园区,江苏,,\n"
HEAD = "单位名称,时期,能源品种,计量单位,购进量,工业生产消费量\n"
ESTIMATE = "estimate: {missing_months: mean_of_months, non_respondents: last_year_growth}\n"


def _job(folder: Path, rows: list[str], estimate: str = ESTIMATE) -> Path:
    units = "".join(f"u{n},{n}号公司,法人单位,江苏,park,26\n" for n in range(1, 6))
    (folder / "units.csv").write_text(UNITS + units, encoding="utf-8")
    (folder / "energy.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    job = folder / "job.yaml"
    job.write_text(
        "id: small\ntitle: {zh: 小园区, en: small park}\ninputs:\n"
        "  - {file: units.csv, kind: form, form: park_annual, sheet: units}\n"
        "  - {file: energy.csv, kind: form, form: park_annual, sheet: energy}\n"
        f"boundary: park\nprofile: china_park_national\nyears: [2023]\n{estimate}",
        encoding="utf-8",
    )
    return job


def _run(job: Path) -> Published:
    return run(job, Choices(job.parent / "out", job.parent / "w"), lambda step, name: None)[0]


def _figure(published: Published, quantity: str, entity: str = "park") -> dict[str, Any]:
    rows = published.release.tables["figures"].to_pylist()
    found = [
        row
        for row in rows
        if (row["entity"], row["quantity"], row["item"], row["start"].year) == (entity, quantity, "", 2023)
    ]
    assert len(found) == 1, (quantity, found)
    return dict(found[0])


def _completeness(workspace: Path, published: Published, entity: str) -> list[dict[str, Any]]:
    engine = Engine("duckdb")
    with open_store(workspace, engine) as store:
        rows = engine.to_arrow(store.run_table(published.release.run, "completeness")).to_pylist()
    engine.close()
    return [row for row in rows if row["entity"] == entity]


ROWS = [f"{n}号公司,{year},汽油,吨,,{10 * n + year - 2022}" for n in range(1, 5) for year in (2022, 2023)]
SILENT = "5号公司,2022,汽油,吨,,50"


def test_a_silent_unit_enters_the_total_as_an_estimate_whose_share_is_shown(tmp_path: Path) -> None:
    published = _run(_job(tmp_path, [*ROWS, SILENT]))
    reported = sum(10 * n + 1 for n in range(1, 5))
    expected = 50 * reported / sum(10 * n for n in range(1, 5))
    total = _figure(published, "co2.direct")
    assert total["estimated_share"] == pytest.approx(expected / (reported + expected))
    rows = _completeness(tmp_path / "w", published, "u5")
    assert [(row["present"], row["estimated"], row["missing"]) for row in rows] == [(0, 12, 0)]
    assert rows[0]["estimated_co2"] == pytest.approx(_figure(published, "co2.direct", "u5")["value"])
    assert rows[0]["estimated_tce"] > 0


def test_without_a_declared_method_the_unit_stays_missing(tmp_path: Path) -> None:
    published = _run(_job(tmp_path, [*ROWS, SILENT], estimate=""))
    assert _figure(published, "co2.direct")["estimated_share"] == 0
    rows = _completeness(tmp_path / "w", published, "u5")
    assert [(row["carrier"], row["missing"]) for row in rows] == [("", 12)]


def test_the_estimate_goes_when_the_unit_reports(tmp_path: Path) -> None:
    _run(_job(tmp_path, [*ROWS, SILENT]))
    published = _run(_job(tmp_path, [*ROWS, SILENT, "5号公司,2023,汽油,吨,,77"]))
    assert _figure(published, "co2.direct")["estimated_share"] == 0
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    again = _run(_job(fresh, [*ROWS, SILENT, "5号公司,2023,汽油,吨,,77"]))
    assert _figure(published, "co2.direct")["value"] == _figure(again, "co2.direct")["value"]


def test_changed_data_change_the_estimate_and_nothing_counts_twice(tmp_path: Path) -> None:
    first = _figure(_run(_job(tmp_path, [*ROWS, SILENT])), "co2.direct")["value"]
    second = _figure(_run(_job(tmp_path, [*ROWS, "5号公司,2022,汽油,吨,,100"])), "co2.direct")["value"]
    third = _figure(_run(_job(tmp_path, [*ROWS, SILENT])), "co2.direct")["value"]
    assert second > first
    assert third == first


def test_estimates_belong_to_their_run_and_are_never_accepted(tmp_path: Path) -> None:
    published = _run(_job(tmp_path, [*ROWS, SILENT]))
    engine = Engine("duckdb")
    with open_store(tmp_path / "w", engine) as store:
        batches = [store.register.batch(each) for each in store.run(published.release.run).batches]
        accepted = {each.kind for each in store.accepted()}
    engine.close()
    assert [each.state for each in batches if each and each.kind == "estimate"] == ["draft"]
    assert accepted == {"observations"}
