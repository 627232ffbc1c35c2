"""What was read is what counts: changed inputs, the same input twice, unknown boundaries, odd job ids."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from greenpark.catalog import PackError
from greenpark.pipeline import Choices, Published, run

HEAD = "单位名称,时期,能源品种,计量单位,购进量,工业生产消费量\n"


def _write(folder: Path, text: str, **changes: str) -> Path:
    values = {
        "id": "small",
        "boundary": "park",
        "inputs": "  - {file: units.csv, kind: form, form: park_annual, sheet: units}\n",
    }
    values |= changes
    job = folder / "job.yaml"
    job.write_text(
        f"id: {values['id']}\ntitle: {{zh: 小园区, en: small park}}\ninputs:\n{values['inputs']}"
        "  - {file: energy.csv, kind: form, form: park_annual, sheet: energy}\n"
        f"boundary: {values['boundary']}\nprofile: china_park_national\nyears: [2023]\n",
        encoding="utf-8",
    )
    (folder / "energy.csv").write_text(HEAD + text, encoding="utf-8")
    return job


def _units(folder: Path, *names: str) -> None:
    rows = ["park,示例园区,园区,江苏,"] + [f"u_{name},{name}公司,法人单位,江苏,park" for name in names]
    (folder / "units.csv").write_text(
        "统一社会信用代码,单位名称,类别,所在省份,上级\n" + "\n".join(rows) + "\n", encoding="utf-8"
    )


def _run(job: Path, workspace: Path) -> Published:
    return run(job, Choices(workspace.parent / "out", workspace), lambda step, name: None)[0]


def _co2(published: Published, entity: str = "park") -> float | None:
    rows: list[dict[str, Any]] = published.release.tables["figures"].to_pylist()
    found = [r["value"] for r in rows if (r["entity"], r["quantity"], r["item"]) == (entity, "co2.direct", "")]
    return found[0] if found else None


def _rules(published: Published) -> set[str]:
    return set(published.release.tables["findings"].column("message").to_pylist())


def _told(published: Published) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = published.release.tables["findings"].to_pylist()
    return rows


def test_a_unit_registered_later_brings_in_its_rows_in_the_same_workspace(tmp_path: Path) -> None:
    _units(tmp_path, "甲")
    job = _write(tmp_path, "甲公司,2023,汽油,吨,10,10\n乙公司,2023,汽油,吨,5,5\n")
    before = _co2(_run(job, tmp_path / "w"))
    _units(tmp_path, "甲", "乙")
    again, fresh = _run(job, tmp_path / "w"), _run(job, tmp_path / "w2")
    assert before is not None
    assert _co2(again) == _co2(fresh) == pytest.approx(1.5 * before)


def test_the_same_job_settles_on_one_run(tmp_path: Path) -> None:
    _units(tmp_path, "甲")
    job = _write(tmp_path, "甲公司,2023,汽油,吨,10,10\n")
    assert _run(job, tmp_path / "w").release.run == _run(job, tmp_path / "w").release.run


def test_the_same_rows_under_two_names_are_an_error(tmp_path: Path) -> None:
    _units(tmp_path, "甲")
    twice = (
        "  - {file: units.csv, kind: form, form: park_annual, sheet: units}\n"
        "  - {file: copy.csv, kind: form, form: park_annual, sheet: energy}\n"
    )
    job = _write(tmp_path, "甲公司,2023,汽油,吨,10,10\n", inputs=twice)
    shutil.copy(tmp_path / "energy.csv", tmp_path / "copy.csv")
    rules = _rules(_run(job, tmp_path / "w"))
    assert {"pipeline.same_input", "pipeline.rows_in_two_inputs"} <= rules


def test_an_unknown_boundary_is_an_error(tmp_path: Path) -> None:
    _units(tmp_path, "甲")
    job = _write(tmp_path, "甲公司,2023,汽油,吨,10,10\n", boundary="parkk")
    assert "pipeline.boundary_unknown" in _rules(_run(job, tmp_path / "w"))


@pytest.mark.parametrize("name", ["../../x", "/tmp/x", "A b", ""])
def test_a_job_id_cannot_be_a_path(name: str, tmp_path: Path) -> None:
    _units(tmp_path, "甲")
    with pytest.raises(PackError):
        _run(_write(tmp_path, "甲公司,2023,汽油,吨,10,10\n", id=f'"{name}"'), tmp_path / "w")


def test_recovered_fuel_and_own_power_that_nothing_was_counted_for_leave_totals_partial(tmp_path: Path) -> None:
    """Gas recovered and burnt without the coal it came from, sun counted as made: both sums look right and are not."""
    head = "单位名称,时期,能源品种,计量单位,购进量,工业生产消费量,加工转换产出,回收利用量,销售量\n"
    job = _write(tmp_path, "甲公司,2023,电力,MWh,500,500\n")
    _units(tmp_path, "甲")
    (tmp_path / "energy.csv").write_text(
        f"{head}甲公司,2023,电力,MWh,500,500,,,\n甲公司,2023,自发自用绿电,MWh,,600,600,,400\n"
        "甲公司,2023,焦炉煤气,万Nm3,,1000,,1000,\n",
        encoding="utf-8",
    )
    published = _run(job, tmp_path / "w")
    told = {each["rule"]: each for each in _told(published)}
    assert (told["made_without_input"]["entity"], told["made_without_input"]["cell"]) == ("u_甲", "L3")  # line 3
    assert (told["fuel_without_input"]["entity"], told["fuel_without_input"]["cell"]) == ("u_甲", "L4")
    assert _statuses(published) == {"co2.total": {"partial"}, "ghg.total": {"partial"}, "energy.total": {"partial"}}
    (tmp_path / "energy.csv").write_text(
        f"{head}甲公司,2023,电力,MWh,500,500,,,\n甲公司,2023,自发自用绿电,MWh,,600,,,400\n"
        "甲公司,2023,焦炉煤气,万Nm3,,1000,,1000,\n甲公司,2023,洗精煤,吨,9000,9000,,,\n",
        encoding="utf-8",
    )
    mended = _run(job, tmp_path / "w")
    assert not {"made_without_input", "fuel_without_input"} & {each["rule"] for each in _told(mended)}
    assert _statuses(mended) == {"co2.total": {"ok"}, "ghg.total": {"ok"}, "energy.total": {"ok"}}


def _statuses(published: Published) -> dict[str, set[str]]:
    """The status of each total of the park, in all its variants."""
    found: dict[str, set[str]] = {}
    for row in published.release.tables["figures"].to_pylist():
        if (
            row["entity"] == "park"
            and row["quantity"] in ("co2.total", "ghg.total", "energy.total")
            and not row["item"]
        ):
            found.setdefault(row["quantity"], set()).add(row["status"])
    return found


def test_schemes_that_judge_nobody_are_told(tmp_path: Path) -> None:
    head = "entity,quantity,period,value,unit,source,confidence,note\n"
    rows = "".join(f"{zone},economy.gdp,2023,100,万元,年报,high,\n" for zone in ("htz_suzhou", "htz_wuxi"))
    (tmp_path / "figures.csv").write_text(head + rows, encoding="utf-8")
    job = tmp_path / "job.yaml"
    text = (
        "id: zones\ntitle: {zh: 园区, en: zones}\ninputs:\n  - {file: figures.csv, kind: figures}\n"
        "profile: china_park_national\nyears: [2023]\nschemes: [zero_carbon_park_2025]\n"
    )
    told = []
    for boundary in ("", "boundary: htz_suzhou\n"):
        job.write_text(text + boundary, encoding="utf-8")
        told.append(
            {each["message"]: each["values"] for each in _told(_run(job, tmp_path / "w")) if each["rule"] == "boundary"}
        )
    assert "htz_suzhou, htz_wuxi" in told[0]["pipeline.nobody_judged"]
    assert "htz_suzhou" not in told[1]["pipeline.zones_not_judged"]
    assert "htz_wuxi" in told[1]["pipeline.zones_not_judged"]
