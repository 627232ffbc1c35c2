from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest

from greenpark.publish import (
    AssetMissingError,
    Release,
    assets,
    terminal_summary,
    write_excel,
    write_html,
    write_summary,
)
from greenpark.publish.terminal import aligned, width_of
from tests.publish import sample

NOTHINGS = re.compile(r"\b(NaN|nan|None|null|undefined|inf)\b")


class Texts(HTMLParser):
    """The texts of a page outside scripts and styles, and the tags it opens."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._silent = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._silent = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)


@pytest.fixture(scope="module")
def page(published: Path) -> str:
    return (published / "report.html").read_text(encoding="utf-8")


def test_two_writes_give_the_same_bytes(published: Path, tmp_path: Path) -> None:
    again = sample.release()
    write_html(again, tmp_path / "report.html")
    write_excel(again, tmp_path / "report.xlsx")
    write_summary(again, tmp_path / "summary.json")
    for name in ("report.html", "report.xlsx", "summary.json"):
        assert (tmp_path / name).read_bytes() == (published / name).read_bytes(), name


def test_a_missing_value_is_a_dash_and_never_becomes_a_word_of_the_machine(
    page: str, published: Path, release: Release
) -> None:
    told = [*Texts(page).texts, terminal_summary(release, "zh"), terminal_summary(release, "en")]
    for sheet in openpyxl.load_workbook(published / "report.xlsx"):
        told += [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [text for text in told if NOTHINGS.search(text)] == []
    assert "NaN" not in (published / "summary.json").read_text(encoding="utf-8")


def test_text_of_inputs_is_shown_and_never_run(page: str, published: Path) -> None:
    read = Texts(page)
    assert sum(tag == "script" for tag, _ in read.tags) == 3
    assert any(sample.HOSTILE in text for text in read.texts)
    assert "<script>alert" not in page
    book = openpyxl.load_workbook(published / "report.xlsx")
    assert any(sample.HOSTILE in str(cell.value) for row in book["问题与提示 Findings"].iter_rows() for cell in row)


def test_the_page_asks_nothing_of_any_network(page: str) -> None:
    read = Texts(page)
    asked = [(tag, name) for tag, attributes in read.tags for name in attributes if name in ("src", "srcset", "action")]
    links = [attributes["href"] for tag, attributes in read.tags if "href" in attributes]
    assert asked == []
    assert [link for link in links if not link.startswith("#")] == []
    assert "default-src 'none'" in page


def test_every_sentence_of_the_page_stands_in_both_languages(page: str) -> None:
    tags = Texts(page).tags
    chinese = sum(attributes.get("lang") == "zh-CN" for tag, attributes in tags if tag == "span")
    english = sum(attributes.get("lang") == "en" for tag, attributes in tags if tag == "span")
    assert chinese == english > 300


def test_outputs_with_figures_of_single_units_are_labelled_internal(
    page: str, published: Path, release: Release
) -> None:
    assert "不得对外公布" in page
    assert "What may be published" in terminal_summary(release, "en")
    for sheet in openpyxl.load_workbook(published / "report.xlsx"):
        assert "内部资料" in str(sheet["C2"].value), sheet.title
    assert json.loads((published / "summary.json").read_text(encoding="utf-8"))["internal"] is True


def test_invented_data_are_labelled_in_every_output(page: str, published: Path, release: Release) -> None:
    assert page.count("虚构数据") >= 2
    assert 'class="watermark"' in page
    for sheet in openpyxl.load_workbook(published / "report.xlsx"):
        assert sheet["A2"].value == "虚构数据 Invented data", sheet.title
    assert json.loads((published / "summary.json").read_text(encoding="utf-8"))["invented"] is True
    assert "虚构数据" in terminal_summary(release, "zh")
    assert "Invented data" in terminal_summary(release, "en")


def test_the_terminal_names_whose_verdict_it_is_where_there_are_several(release: Release) -> None:
    scores = release.tables["scores"]
    others = scores.set_column(scores.schema.get_field_index("entity"), "entity", pa.array(["u01"] * scores.num_rows))
    several = replace(release, tables={**release.tables, "scores": pa.concat_tables([scores, others])})
    park = "示例高新技术产业园区: "
    assert park not in terminal_summary(release, "zh")
    assert park in terminal_summary(several, "zh")
    assert terminal_summary(several, "zh").count(": ") > terminal_summary(release, "zh").count(": ") + 1


def test_real_data_bear_no_such_label(tmp_path: Path) -> None:
    real = sample.release(invented=False)
    write_html(real, tmp_path / "report.html")
    write_excel(real, tmp_path / "report.xlsx")
    text = "".join(Texts((tmp_path / "report.html").read_text(encoding="utf-8")).texts)
    assert "虚构" not in text
    assert openpyxl.load_workbook(tmp_path / "report.xlsx")["统计量 Figures"]["A2"].value is None
    assert "虚构" not in terminal_summary(real, "zh")


def test_summary_json_has_sorted_keys_and_the_keys_of_the_job_at_the_top(published: Path) -> None:
    text = (published / "summary.json").read_text(encoding="utf-8")
    summary = json.loads(text)
    assert list(summary) == sorted(summary)
    assert (summary["rows_in"], summary["co2_t"]) == (118, sample.TOTAL)
    assert (summary["findings"], summary["findings_closed"]) == (4, 1)
    assert summary["findings_by_severity"] == {"error": 1, "note": 1, "warning": 1}  # those that are open
    assert "示例园区" in text


def test_keys_of_the_job_win_over_those_of_the_report(tmp_path: Path) -> None:
    write_summary(
        replace(sample.release(), summary={"findings": 7, "by_fuel": {"a": 1.23456789012}}), tmp_path / "s.json"
    )
    summary = json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))
    assert summary["findings"] == 7
    assert summary["by_fuel"] == {"a": 1.23456789}


def test_a_number_of_the_job_that_is_not_finite_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        write_summary(replace(sample.release(), summary={"co2_t": float("nan")}), tmp_path / "s.json")


def test_the_workbook_has_all_sheets_with_a_filter_and_a_frozen_head(published: Path) -> None:
    book = openpyxl.load_workbook(published / "report.xlsx")
    assert book.sheetnames == [
        "总量 Totals", "统计量 Figures", "指标 Indicators", "评价结果 Evaluation results", "评价输入 Inputs of evaluation",
        "目标进展 Progress towards targets", "与公布值的比较 Compared with published", "增长速度 Growth",
        "不确定性 Uncertainty", "完整性汇总 Coverage", "完整性明细 Completeness", "签署与批次 Signatures",
        "问题与提示 Findings", "因子 Factors", "方法 Methods", "说明 Notes",
    ]  # fmt: skip
    for sheet in book:
        assert sheet.freeze_panes == "B4", sheet.title
        assert sheet.auto_filter.ref.startswith("A3:"), sheet.title
    assert book.properties.created.year == 2000
    assert book["统计量 Figures"].max_row == 3 + sample.release().tables["figures"].num_rows


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    release = sample.release()
    rows = sample.findings()
    rows[0]["file"] = '=HYPERLINK("http://example.org")'
    tables = {**release.tables, "findings": sample.table("findings", rows)}
    write_excel(replace(release, tables=tables), tmp_path / "report.xlsx")
    cells = [
        cell
        for row in openpyxl.load_workbook(tmp_path / "report.xlsx")["问题与提示 Findings"].iter_rows()
        for cell in row
    ]
    assert [cell.data_type for cell in cells if str(cell.value).startswith("=")] == ["s"]


def test_a_finding_shows_file_sheet_cell_and_what_to_do(page: str, release: Release) -> None:
    text = "".join(Texts(page).texts)
    assert "能源报表2024.xlsx" in text
    assert "能源!F17" in text
    assert "改为 t 或 万Nm3，例如 12 t。" in text
    assert "能源报表2024.xlsx!能源!F17" in terminal_summary(release, "zh")


def test_every_criterion_stands_with_rule_limit_state_reason_and_clause(page: str) -> None:
    text = "".join(Texts(page).texts)
    for expected in (
        "≤ 0.5 tce/万元",
        "未达到",
        "免予考核",
        "不适用",
        "无法评价",
        "表 1 · HJ 274-2015",
        "实际值 0.5612 高于限值 0.5",
    ):
        assert expected in text, expected


def test_criteria_that_agree_in_all_variants_stand_once(page: str) -> None:
    table = page[page.index('<table class="criteria">') :]
    rows = re.findall(r'<tr class="row-', table[: table.index("</table>")])
    assert len(rows) == 6  # energy intensity on both bases, three other criteria, the choice


def test_without_the_chart_library_one_line_says_what_to_do(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "ECHARTS", "absent.min.js")
    with pytest.raises(AssetMissingError) as raised:
        write_html(release, tmp_path / "report.html")
    assert "make assets" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_run_without_results_still_gives_all_outputs(tmp_path: Path) -> None:
    empty = {name: sample.table(name, []) for name in ("figures", "indicators", "scores", "progress", "findings")}
    release = replace(sample.release(), tables=empty, summary={})
    write_html(release, tmp_path / "report.html")
    write_excel(release, tmp_path / "report.xlsx")
    write_summary(release, tmp_path / "summary.json")
    assert "没有发现问题" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "错误 0" in terminal_summary(release, "zh")


def test_columns_of_the_terminal_stand_under_one_another_for_chinese_text() -> None:
    lines = aligned([("园区排放", "1"), ("total", "1,234")], right=(1,))
    assert [width_of(line) for line in lines] == [2 + 8 + 2 + 5] * 2


def test_the_terminal_page_names_where_the_reports_lie(release: Release) -> None:
    assert terminal_summary(release, "zh", ("out/sample/report.html",)).endswith("out/sample/report.html\n")


def test_charts_of_the_units_of_several_parks_do_not_take_each_others_place(release: Release) -> None:
    """A run without a boundary is about all its topmost parks: each has its own units."""
    from dataclasses import replace

    from greenpark.publish.inventory import by_unit
    from greenpark.publish.shown import shown_of

    figures, members = release.tables["figures"].to_pylist(), release.entities.to_pylist()
    twice = [{**row, "entity": f"other_{row['entity']}"} for row in figures]
    more = [
        {
            **row,
            "entity": f"other_{row['entity']}",
            "parent": f"other_{row['parent']}" if row["parent"] else row["parent"],
        }
        for row in members
    ]
    both_parks = replace(
        release,
        job=release.job.model_copy(update={"boundary": ""}),
        tables={
            **release.tables,
            "figures": pa.Table.from_pylist([*figures, *twice], schema=release.tables["figures"].schema),
        },
        entities=pa.Table.from_pylist([*members, *more], schema=release.entities.schema),
    )
    shown = shown_of(both_parks)
    assert len(shown.focus) > 1
    grids = [grid.id for entity in shown.focus for grid in by_unit(shown, entity)]
    assert len(grids) > 1
    assert len(set(grids)) == len(grids)
