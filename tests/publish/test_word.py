from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from greenpark.publish import Release, write_word
from tests.publish import sample, sample_assurance


def texts(path: Path) -> list[str]:
    """Every paragraph and cell of a document, its margins among them."""
    document = docx.Document(path)
    found = [paragraph.text for paragraph in document.paragraphs]
    found += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    for section in document.sections:
        found += [each.text for part in (section.header, section.footer) for each in part.paragraphs]
    return found


@pytest.fixture(scope="module")
def english(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("word") / "report.docx"
    write_word(release, path, "en")
    return path


def test_two_writes_give_the_same_bytes_and_no_part_tells_when_it_was_written(published: Path, tmp_path: Path) -> None:
    write_word(sample.release(), tmp_path / "report.docx")
    assert (tmp_path / "report.docx").read_bytes() == (published / "report.docx").read_bytes()
    with zipfile.ZipFile(published / "report.docx") as parts:
        assert {entry.date_time for entry in parts.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        assert parts.namelist()[0] == "[Content_Types].xml"
        assert parts.namelist()[1:] == sorted(parts.namelist()[1:])
    assert docx.Document(published / "report.docx").core_properties.created.year == 2000


def test_nothing_of_the_template_is_left_in_the_report(published: Path, english: Path) -> None:
    for path in (published / "report.docx", english):
        assert not [text for text in texts(path) if re.search(r"\{[{%]|[%}]\}|\bNone\b|\bnan\b", text)]


def test_the_report_holds_totals_inventory_trust_verdicts_findings_sources_and_sign_off(published: Path) -> None:
    headings = [
        each.text for each in docx.Document(published / "report.docx").paragraphs if each.style.name == "Heading 1"
    ]
    assert headings == [
        "总量", "排放与能源清单", "增长速度", "不确定性", "数据完整性", "目标进展", "评价结果", "问题与提示",
        "核算方法与因子", "签署与数据批次",
    ]  # fmt: skip


def test_a_verdict_stands_with_its_rule_its_clause_and_the_value(published: Path) -> None:
    rows = [
        [cell.text for cell in row.cells]
        for table in docx.Document(published / "report.docx").tables
        for row in table.rows
    ]
    row = next(row for row in rows if "≤ 0.5 tce/万元" in row[1] and "未达到" in row[4])
    assert "0.5612 tce/万元" in row[2]
    assert row[3] == "0.5 tce/万元"
    assert row[6] == "表 1 · HJ 274-2015"


def test_open_findings_say_what_to_do_and_closed_ones_why(published: Path) -> None:
    told = "\n".join(texts(published / "report.docx"))
    assert "改为 t 或 万Nm3，例如 12 t。" in told
    assert "已解释 (1)" in told
    assert "两笔用途不同，已核对凭证。" in told
    assert "Q-7f3a2c1b" in told
    assert "单位工业增加值新鲜水耗" in told


def test_the_sign_off_page_names_people_dates_batches_and_the_law(published: Path, english: Path) -> None:
    told = texts(published / "report.docx")
    for expected in (
        "张三", "李四", "王五", "2025-03-31", "b1c0ffee00112233", "d15ea5e000112233", "GP-01", "自愿提供",
        "无（未经批准或备案）", "内部填报表，不是经批准的统计调查表。", "取代批次 b0b0b0b0b0b0b0b0，原因：漏报三季度柴油。",
    ):  # fmt: skip
        assert any(expected in text for text in told), expected
    assert any("3 个批次中签署并接受 2 个" in text for text in told)
    assert any("none (neither approved nor filed)" in text for text in texts(english))


def test_each_language_has_a_report_of_its_own(published: Path, english: Path) -> None:
    def headings(path: Path) -> list[str]:
        return [each.text for each in docx.Document(path).paragraphs if each.style.name.startswith("Heading 1")]

    assert not re.search(r"[\u4e00-\u9fff]", "".join(headings(english)))
    assert headings(english)[0] == "Totals"
    assert not re.search(r"[A-Za-z]", "".join(headings(published / "report.docx")))


def test_fonts_are_named_so_that_word_shows_chinese_in_song_and_hei(published: Path) -> None:
    with zipfile.ZipFile(published / "report.docx") as parts:
        styles, body = (parts.read(f"word/{name}.xml").decode() for name in ("styles", "document"))
    assert 'w:eastAsia="宋体"' in styles
    assert 'w:eastAsia="黑体"' in styles
    assert 'w:eastAsia="黑体"' in body


def test_text_of_inputs_is_shown_as_it_stands_and_cannot_break_the_document(published: Path, tmp_path: Path) -> None:
    assert any(sample.HOSTILE in text for text in texts(published / "report.docx"))
    release = sample.release()
    rows = sample.findings()
    rows[0]["file"] = "a\x01\x0b\x1f{{ run }}{% if %}<w:p>&.xlsx"
    tables = {**release.tables, "findings": sample.table("findings", rows)}
    write_word(replace(release, tables=tables), tmp_path / "report.docx")
    assert any("a{{ run }}{% if %}<w:p>&.xlsx" in text for text in texts(tmp_path / "report.docx"))


def test_invented_data_are_labelled_and_real_data_are_not(published: Path, tmp_path: Path) -> None:
    assert any("虚构数据" in text for text in texts(published / "report.docx"))
    write_word(sample.release(invented=False), tmp_path / "real.docx")
    assert not any("虚构" in text for text in texts(tmp_path / "real.docx"))


def test_tables_have_as_many_columns_as_they_say_and_repeat_their_head(published: Path) -> None:
    with zipfile.ZipFile(published / "report.docx") as parts:
        body = parts.read("word/document.xml").decode()
    tables = re.findall(r"<w:tbl>.*?</w:tbl>", body, re.DOTALL)
    assert len(tables) > 15
    for table in tables:
        rows = re.findall(r"<w:tr[ >].*?</w:tr>", table, re.DOTALL)
        assert len({len(re.findall(r"<w:tc[ >]", row)) for row in rows}) == 1
        assert len(re.findall("<w:gridCol", table)) == len(re.findall(r"<w:tc[ >]", rows[0]))
        assert "<w:tblHeader" in rows[0]


def test_without_results_and_signatures_the_report_is_an_unsigned_working_result(tmp_path: Path) -> None:
    empty = {name: sample.table(name, []) for name in ("figures", "indicators", "scores", "progress", "findings")}
    write_word(replace(sample.release(), tables=empty, summary={}, signatures=(), batches=()), tmp_path / "a.docx")
    told = texts(tmp_path / "a.docx")
    assert told.count("未签署：本结果为内部工作成果。") == 2
    assert "没有发现问题。" in told


def test_only_accepted_batches_with_three_names_count_as_signed(tmp_path: Path) -> None:
    cases = {
        "已签署": [sample_assurance.sign_off()],
        "未签署": [sample_assurance.sign_off(state="submitted")],
        "部分签署": [sample_assurance.sign_off(), sample_assurance.sign_off(batch="f00d", checked_by="")],
    }
    for state, signatures in cases.items():
        write_word(replace(sample.release(), signatures=tuple(signatures), batches=()), tmp_path / "a.docx")
        assert any(text.startswith(state) for text in texts(tmp_path / "a.docx")), state


def test_estimates_of_the_park_never_count_as_signed_by_the_enterprise(tmp_path: Path) -> None:
    estimate = sample_assurance.sign_off(origin="park", method="上年同期比例法")
    write_word(replace(sample.release(), signatures=(estimate,), batches=()), tmp_path / "a.docx")
    told = texts(tmp_path / "a.docx")
    assert any(text.startswith("未签署") for text in told)
    assert any("园区估算（上年同期比例法），不作为企业填报数。" in text for text in told)
