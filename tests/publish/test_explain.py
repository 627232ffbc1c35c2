from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa
import pytest

from greenpark.publish import Release, explain, render_explanation
from greenpark.publish.explain_rows import Step
from greenpark.publish.lookup import TablesLookup
from greenpark.publish.references import SHORTEST, references, row_reference
from tests.publish import sample


def reference_where(release: Release, table: str, **values: object) -> str:
    rows = release.tables[table]
    pairs = zip(references(table, rows), rows.to_pylist(), strict=True)
    return next(reference for reference, row in pairs if all(row[name] == value for name, value in values.items()))


def steps(step: Step) -> Iterator[Step]:
    yield step
    for behind in step.behind:
        yield from steps(behind)


def told(release: Release, reference: str, language: str = "zh") -> str:
    tables = {**release.tables, "entities": release.entities}
    found = explain(reference, tables, release.definitions, language)
    assert found is not None
    return render_explanation(found, language)


def test_a_total_leads_to_the_cell_the_factor_and_the_clause(release: Release) -> None:
    reference = reference_where(
        release, "figures", quantity="co2.combustion", item="", start=sample.year(2024)["start"]
    )
    text = told(release, reference)
    for expected in (
        "能源报表2024.xlsx", "单元格：F14", "填报内容：8,004.0 吨", "20.908 GJ/t", "全国", "2015", "低位热值",
        "工业其他行业企业温室气体排放核算方法与报告指南 · 发改办气候〔2015〕1722号", "条款：五（一）", "可信度：高",
    ):  # fmt: skip
        assert expected in text, expected


def test_the_largest_rows_come_first_and_the_rest_is_announced(release: Release) -> None:
    reference = reference_where(
        release, "figures", quantity="co2.combustion", item="", start=sample.year(2024)["start"]
    )
    found = explain(reference, {**release.tables, "entities": release.entities}, release.definitions, "en")
    rows = [step for step in found.step.behind if step.kind == "emission"]
    assert [step.number for step in rows] == ["15,828", "13,849.5", "11,871", "9,892.5", "7,914"]
    assert found.step.behind[-1].title == "These are the 5 largest rows; the others are not listed."
    assert ("Rows of data", "120") in found.step.facts


def test_an_indicator_tells_its_formula_in_words_and_the_figures_of_its_variant(release: Release) -> None:
    reference = reference_where(release, "indicators", indicator="eco_park.energy_intensity", variant="basis=calorific")
    found = explain(reference, {**release.tables, "entities": release.entities}, release.definitions, "zh")
    assert ("公式", "综合能源消费量 ÷ 工业增加值（现价）") in found.step.facts
    figures = [step for step in found.step.behind if step.kind == "figure"]
    assert len(figures) == 2
    assert {step.reference for step in figures} <= set(references("figures", release.tables["figures"]))


def test_a_verdict_leads_to_its_criteria_and_a_criterion_to_its_indicator(release: Release) -> None:
    verdict = told(release, reference_where(release, "scores", node="verdict", variant="basis=primary_energy"))
    assert "单位工业增加值综合能耗" in verdict
    assert "未达到" in verdict
    criterion = told(
        release, reference_where(release, "scores", node="energy_intensity", variant="basis=primary_energy")
    )
    assert "规则：≤ 0.5 tce/万元" in criterion
    assert "条款：表 1" in criterion
    assert "[指标]" in criterion


def test_a_target_and_a_finding_are_explained(release: Release) -> None:
    target = told(release, reference_where(release, "progress", target="energy"), "en")
    assert "Baseline: 0.464 tce/ten thousand yuan (2019)" in target
    assert "The year of 0.423 is not stated." in target
    finding = told(release, reference_where(release, "findings", sort_key=1))
    assert "单元格：F17" in finding
    assert "处理办法：改为 t" in finding


def test_rows_of_emissions_and_energy_have_references_of_their_own(release: Release) -> None:
    for table, kind in (("emissions", "[排放行]"), ("energy", "[能源行]")):
        row = release.tables[table].to_pylist()[2]
        full = row_reference(table, row)
        assert told(release, full).startswith(kind)
        assert told(release, full[:8]).startswith(kind)


def test_a_figure_without_a_stated_period_rests_on_rows_without_one(release: Release) -> None:
    rows = [
        {"batch": "b2", "line": 1, "entity": "u01", "quantity": "electricity.use", "value": 1.0, "unit": "MWh", **sample.year(2024)},
        {"batch": "b2", "line": 2, "entity": "u01", "quantity": "economy.industrial_value_added", "value": 2.5, "unit": "万元"},
        {"batch": "b2", "line": 3, "entity": "u01", "quantity": "economy.industrial_value_added", "value": 9.0, "unit": "万元",
         **sample.year(2024)},
    ]  # fmt: skip
    known = {"reported_value": "", "coverage": "unstated", "status": "reported", "confidence": "high"}
    figure = sample.figure("economy.industrial_value_added", 2.5, {"start": None, "end": None})
    tables = {
        "observations": sample.table("observations", [row | known for row in rows]),
        "figures": sample.table("figures", [figure]),
        "entities": release.entities,
    }
    found = explain(references("figures", tables["figures"])[0], tables, release.definitions, "zh")
    assert [step.number for step in found.step.behind] == ["2.5"]


def test_a_factor_that_no_pack_has_is_named_all_the_same(release: Release) -> None:
    row = release.tables["energy"].to_pylist()[0]
    assert "[因子] unknown_factor" in told(release, row_reference("energy", row))


def test_a_missing_value_is_explained_without_inventing_a_number(release: Release) -> None:
    text = told(release, reference_where(release, "figures", quantity="water.fresh", start=sample.year(2024)["start"]))
    assert "—" in text.splitlines()[0]
    assert "无法计算" in text
    assert "没有可直接列出的原始数据行" in text


@pytest.mark.parametrize("reference", ["F-0000", "F-12", "hello", ""])
def test_a_reference_that_no_number_has_gives_nothing(release: Release, reference: str) -> None:
    assert explain(reference, dict(release.tables), release.definitions, "zh") is None


def test_a_reference_of_several_numbers_lists_the_longer_ones(release: Release) -> None:
    rows = [sample.figure("co2.total", 1.0, sample.year(2024), entity=f"u{each}") for each in range(1500)]
    tables = {"figures": sample.table("figures", rows)}
    shared = next(each[: 2 + SHORTEST] for each in references("figures", tables["figures"]) if len(each) > 2 + SHORTEST)
    text = render_explanation(explain(shared, tables, release.definitions, "zh"), "zh")
    assert text.count(shared) >= 3


def test_only_small_portions_of_large_tables_are_asked_for(release: Release) -> None:
    asked: list[tuple[str, int]] = []

    class Watched(TablesLookup):
        def rows(self, table: str, where: Mapping[str, object], limit: int, order_by: str | None = None) -> pa.Table:
            asked.append((table, limit))
            return super().rows(table, where, limit, order_by)

    lookup = Watched({**release.tables, "entities": release.entities})
    explain(reference_where(release, "figures", quantity="co2.total", start=sample.year(2024)["start"]), lookup,
            release.definitions, "zh")  # fmt: skip
    assert max(limit for table, limit in asked if table in ("emissions", "energy", "observations")) <= 6


def test_both_languages_tell_the_same_steps_and_numbers(release: Release) -> None:
    reference = reference_where(release, "indicators", indicator="eco_park.energy_intensity", variant="basis=calorific")
    tables = {**release.tables, "entities": release.entities}
    zh, en = (explain(reference, tables, release.definitions, language) for language in ("zh", "en"))
    shape = [(step.kind, step.reference, step.number) for step in steps(zh.step)]
    assert shape == [(step.kind, step.reference, step.number) for step in steps(en.step)]
