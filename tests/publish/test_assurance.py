"""How far totals can be trusted and who answers for them, on every output."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import openpyxl
import pytest

from greenpark.model.knowledge import Profile
from greenpark.publish import Release, explain, render_explanation, terminal_summary, write_excel, write_html
from greenpark.publish.completeness import completeness_of
from greenpark.publish.growth import growth_groups
from greenpark.publish.inventory import headlines
from greenpark.publish.references import references
from greenpark.publish.shown import Shown
from greenpark.publish.signing import signing
from greenpark.publish.summary import summary_of
from greenpark.publish.uncertainty import doubt_groups
from tests.publish import sample, sample_assurance


@pytest.fixture(scope="module")
def shown(release: Release) -> Shown:
    return Shown(release)


@pytest.fixture(scope="module")
def outputs(release: Release, published: Path) -> dict[str, str]:
    """The text of every output but the Word report, which has tests of its own."""
    page = (published / "report.html").read_text(encoding="utf-8")
    page = unescape(re.sub(r"<[^>]+>", "", re.sub(r"<(script|style)[^>]*>.*?</\1>", "", page, flags=re.DOTALL)))
    book = openpyxl.load_workbook(published / "report.xlsx")
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    return {
        "page": page,
        "workbook": "\n".join(cells),
        "summary": (published / "summary.json").read_text(encoding="utf-8"),
        "terminal": terminal_summary(release, "zh"),
    }


@pytest.mark.parametrize("output", ["page", "workbook", "summary", "terminal"])
def test_every_output_names_who_signed_which_batch_when_and_in_what_state(output: str, outputs: dict[str, str]) -> None:
    state = '"accepted"' if output == "summary" else "已接受"
    for expected in ("张三", "李四", "王五", "2025-03-31", "b1c0ffee00112233", "d15ea5e000112233", state):
        assert expected in outputs[output], expected
    assert "3 个批次中签署并接受 2 个" in outputs[output]


def test_without_any_signature_every_output_says_unsigned_internal_working_result(tmp_path: Path) -> None:
    release = replace(sample.release(), signatures=(), batches=())
    write_html(release, tmp_path / "report.html")
    write_excel(release, tmp_path / "report.xlsx")
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    told = {
        "page": (tmp_path / "report.html").read_text(encoding="utf-8"),
        "workbook": "".join(str(cell.value) for row in book["签署与批次 Signatures"].iter_rows() for cell in row),
        "summary": json.dumps(summary_of(release), ensure_ascii=False),
        "terminal": terminal_summary(release, "zh") + terminal_summary(release, "en"),
    }
    for name, text in told.items():
        assert "未签署：本结果为内部工作成果。" in text, name
        assert "Unsigned: this is an internal working result." in text, name


def test_a_form_that_nobody_approved_says_so_and_shows_no_number_that_it_has_not(shown: Shown) -> None:
    (form,) = signing(shown).forms
    assert (form.number, form.version, form.legal_basis.zh) == ("GP-01", "park_annual@1", "自愿提供")
    assert form.approval.zh == "无（未经批准或备案）"


def test_growth_stands_in_all_its_kinds_with_the_one_used_and_a_warning_where_signs_differ(
    shown: Shown, outputs: dict[str, str]
) -> None:
    (group,) = growth_groups(shown)
    assert [line.kind for line in group.lines] == ["as_reported", "same_boundary", "same_factors", "comparable_prices"]
    assert group.used is not None
    assert group.used.kind == "same_factors"
    assert group.signs_differ
    assert [line.growth.text for line in group.lines] == ["-3.923943563", "4.252386576", "3.542234894", "—"]
    for name in ("page", "workbook", "terminal"):
        assert "注意：不同口径的增减方向不一致" in outputs[name], name
    assert "* 同一因子年份" in outputs["terminal"]
    assert json.loads(outputs["summary"])["growth"][0]["signs_differ"] is True


def test_growth_of_one_sign_bears_no_warning(release: Release) -> None:
    rows = [row for row in sample_assurance.growth(sample.TOTAL) if row["kind"] != "as_reported"]
    (group,) = growth_groups(Shown(replace(release, tables={**release.tables, "growth": sample.table("growth", rows)})))
    assert not group.signs_differ


def test_growth_of_partial_totals_says_so_on_the_terminal(release: Release) -> None:
    rows = [row | {"status": "partial"} for row in sample_assurance.growth(sample.TOTAL) if row["value"] is not None]
    tables = {**release.tables, "growth": sample.table("growth", rows)}
    told = terminal_summary(replace(release, tables=tables), "zh").splitlines()
    (used,) = [line for line in told if "* 同一因子年份" in line]
    assert "不完整" in used


def test_kinds_that_give_the_very_number_of_the_one_used_are_told_in_one_line(release: Release) -> None:
    rows = sample_assurance.growth(sample.TOTAL)
    same = [rows[2] | {"kind": kind, "used": kind == "as_reported"} for kind in ("as_reported", "same_boundary")]
    tables = {**release.tables, "growth": sample.table("growth", [*same, rows[2] | {"used": False, "value": 0.5}])}
    (group,) = growth_groups(Shown(replace(release, tables=tables)))
    assert ([line.kind for line in group.others], group.agreeing) == (["same_factors"], 1)
    told = terminal_summary(replace(release, tables=tables), "zh")
    assert "其余 1 种口径结果相同" in told
    assert "同一边界" not in told


def test_what_another_reading_of_a_scheme_counts_is_no_headline_and_is_named_by_its_profile(release: Release) -> None:
    rows = sample.figures()
    rows.append(sample.figure("energy.total", 1.5, sample.year(2024), variant="basis=calorific@other_reading"))
    profile = Profile(id="other_reading", title=sample.text("另一读法", "Other reading"), methods=(), gwp_set="AR5")
    definitions = replace(release.definitions, profiles={"other_reading": profile})
    changed = replace(
        release, tables={**release.tables, "figures": sample.table("figures", rows)}, definitions=definitions
    )
    shown = Shown(changed)
    assert "另一读法" not in [total.variant.zh for total in headlines(shown)]
    assert shown.names.variant("basis=calorific@other_reading").zh == "当量值 · 另一读法"


def test_the_table_where_data_work_pays_is_ordered_by_what_a_source_contributes(shown: Shown) -> None:
    analytic, monte_carlo = doubt_groups(shown)
    assert (analytic.approach, monte_carlo.approach) == ("analytic", "monte_carlo")
    assert [(line.name.zh, line.share.text) for line in analytic.sources] == [
        ("原煤 · CO2 排放因子", "61"), ("原煤 的活动数据", "27"), ("电力 的活动数据", "12"),
    ]  # fmt: skip
    assert (monte_carlo.draws, monte_carlo.seed) == (10000, 20240101)


def test_the_interval_and_the_estimated_share_stand_beside_their_total(outputs: dict[str, str]) -> None:
    total = json.loads(outputs["summary"])["totals"][0]
    assert (total["half_width_percent"], total["estimated_percent"]) == (7.12, 1.25)
    assert "1,742,868.601 – 2,010,217.837" in outputs["page"]
    line = next(line for line in outputs["terminal"].splitlines() if "1,876,543.219" in line)
    assert "估计占 1.25 %" in line
    assert "± 7.12 %" in line


def test_completeness_counts_what_was_due_and_tells_the_last_day(shown: Shown, outputs: dict[str, str]) -> None:
    found = completeness_of(shown)
    assert found is not None
    total = found.total
    assert (total.expected, total.present, total.estimated, total.absent, total.missing) == (48, 33, 2, 12, 1)
    assert total.last_day == "2024-12-31"
    assert next((line.entity.zh, line.last_day) for line in found.entities) == ("第2化工有限公司", "2024-09-30")
    assert [line.reference for line in found.gaps] == [row["reference"] for row in shown.completeness if row["missing"]]
    for name in ("page", "terminal"):
        assert "应报 48，已报 33，估算 2，声明没有 12，缺失 1；数据截至 2024-12-31。" in outputs[name], name
    assert "2345.678901" in outputs["workbook"]
    assert "2,345.678901" in outputs["page"]


def test_a_run_without_these_tables_has_no_such_sections(release: Release, tmp_path: Path) -> None:
    kept = {
        name: rows for name, rows in release.tables.items() if name not in ("growth", "uncertainty", "completeness")
    }
    bare = replace(release, tables=kept)
    write_html(bare, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert not re.search(r'<section id="(growth|uncertainty|completeness)">', page)
    summary = summary_of(bare)
    assert (summary["growth"], summary["uncertainty"], summary["completeness"]) == ([], [], None)


def test_a_finding_names_its_indicator_on_the_terminal(release: Release) -> None:
    rows = [row | {"state": "open"} for row in sample.findings() if row.get("subject")]
    tables = {**release.tables, "findings": sample.table("findings", rows)}
    told = terminal_summary(replace(release, tables=tables), "zh")
    assert "单位工业增加值新鲜水耗 2024：有 2 行内容完全相同" in told
    assert "能源实物量 2024：单位“" in told


def test_a_closed_finding_shows_its_explanation_and_is_not_counted_as_open(outputs: dict[str, str]) -> None:
    assert "两笔用途不同，已核对凭证。" in outputs["page"]
    assert "两笔用途不同，已核对凭证。" in outputs["workbook"]
    assert "警告 1" in outputs["terminal"]
    assert "已解释 1" in outputs["terminal"]
    assert "单位工业增加值新鲜水耗 2024：" not in outputs["terminal"]


def test_a_finding_tells_by_which_reference_it_is_closed(release: Release) -> None:
    tables = {**release.tables, "entities": release.entities}
    rows = release.tables["findings"]
    found = explain(references("findings", rows)[3], tables, release.definitions, "zh")
    assert found is not None
    told = render_explanation(found, "zh")
    assert "销号编号：Q-7f3a2c1b" in told
    assert "解释：两笔用途不同，已核对凭证。" in told
    opened = [row | {"state": "open"} for row in sample.findings() if row.get("reference")]
    changed = replace(release, tables={**release.tables, "findings": sample.table("findings", opened)})
    assert "Q-7f3a2c1b" in terminal_summary(changed, "zh")


@pytest.mark.parametrize("table", ["growth", "uncertainty", "completeness"])
def test_references_of_growth_uncertainty_and_completeness_are_explained(table: str, release: Release) -> None:
    rows = release.tables[table]
    tables = {**release.tables, "entities": release.entities}
    expected = {
        "growth": "采用的", "uncertainty": "方差贡献（%）：61", "completeness": "数据截止日期：2024-09-30",
    }  # fmt: skip
    told = ""
    for reference in references(table, rows):
        found = explain(reference, tables, release.definitions, "zh")
        assert found is not None
        told += render_explanation(found, "zh")
    assert expected[table] in told or (table == "growth" and "是否采用：采用" in told)


def test_sheets_are_named_in_both_languages_and_no_name_is_too_long(published: Path) -> None:
    names = openpyxl.load_workbook(published / "report.xlsx").sheetnames
    assert all(re.search(r"[\u4e00-\u9fff]", name) and re.search(r"[A-Za-z]", name) for name in names)
    assert max(map(len, names)) <= 31
