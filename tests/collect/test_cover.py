from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from greenpark.catalog.packs import Packs
from greenpark.collect import TemplateContext, read_signatures, write_template
from greenpark.collect.cover import COVER_SHEET, Signatures
from greenpark.engine.units import Units
from greenpark.model.forms import Form
from greenpark.model.text import Messages


@pytest.fixture
def template(tmp_path: Path, form: Form, packs: Packs, units: Units, messages: Messages) -> Path:
    path = tmp_path / "template.xlsx"
    write_template(path, form, TemplateContext(messages, packs.quantities, packs.carriers, units, year=2024))
    return path


def filled(template: Path, answers: dict[str, object]) -> Path:
    book = openpyxl.load_workbook(template)
    sheet = book[COVER_SHEET]
    for row in sheet.iter_rows():
        title = str(row[0].value or "")
        for name, answer in answers.items():
            if title.startswith(f"{name} "):
                row[1].value = answer
    path = template.with_name("filled.xlsx")
    book.save(path)
    return path


def test_the_cover_bears_number_issuer_approval_validity_and_legal_basis(template: Path) -> None:
    texts = [str(cell.value) for row in openpyxl.load_workbook(template)[COVER_SHEET].iter_rows() for cell in row]
    for expected in (
        "GP-01",
        "无（未经批准或备案） none (neither approved nor filed)",
        "自愿提供 voluntary",
        "park_annual@1",
    ):
        assert expected in texts, expected
    assert any("不是经批准或备案的统计调查表" in text for text in texts)


def test_what_is_written_on_the_cover_is_read_back(template: Path, form: Form) -> None:
    answers = {"填报单位": "甲厂", "填表人": "张三", "审核人": "李四", "单位负责人": "王五", "填报日期": "2025-03-31"}
    found = read_signatures(filled(template, answers), form)
    assert found == Signatures(
        entity_name="甲厂", period="2024", filled_by="张三", checked_by="李四", responsible="王五",
        signed_on=date(2025, 3, 31), form_version="park_annual@1",
    )  # fmt: skip


def test_a_date_cell_is_read_like_a_date_in_words(template: Path, form: Form) -> None:
    for written in (date(2025, 3, 31), "2025年3月31日", "2025.3.31", 45747):
        assert read_signatures(filled(template, {"填报日期": written}), form).signed_on == date(2025, 3, 31), written


def test_an_empty_template_is_signed_by_nobody(template: Path, form: Form) -> None:
    found = read_signatures(template, form)
    assert (found.filled_by, found.checked_by, found.responsible, found.signed_on) == ("", "", "", None)


def test_what_is_no_day_is_a_finding_at_its_cell_and_no_date(template: Path, form: Form) -> None:
    found = read_signatures(filled(template, {"填报日期": "三月底"}), form)
    assert found.signed_on is None
    assert [(each.rule, each.values["text"]) for each in found.findings] == [("bad_date", "三月底")]
    assert found.findings[0].place.sheet == COVER_SHEET
    assert read_signatures(filled(template, {"填报日期": "2025-03"}), form).signed_on is None


def test_another_version_of_the_form_is_remarked(template: Path, form: Form) -> None:
    newer = form.model_copy(update={"head": form.head.model_copy(update={"version": "2"})})
    found = read_signatures(template, newer)
    assert found.form_version == "park_annual@1"
    assert [each.rule for each in found.findings] == ["cover_version"]


def test_a_cover_of_somebody_elses_layout_is_understood_where_titles_end_in_a_colon(tmp_path: Path, form: Form) -> None:
    book = openpyxl.Workbook()
    book.active.title = "封面"
    book.active.append(["", "填报人：赵六", "", "统计负责人： 钱七"])
    book.active.append(["法定代表人", "孙八", "报出日期：2025/4/1"])
    book.save(tmp_path / "own.xlsx")
    found = read_signatures(tmp_path / "own.xlsx", form)
    assert (found.filled_by, found.checked_by, found.responsible) == ("赵六", "钱七", "孙八")
    assert found.signed_on == date(2025, 4, 1)


def test_a_text_file_a_broken_file_and_a_workbook_without_cover_are_signed_by_nobody(
    tmp_path: Path, form: Form
) -> None:
    (tmp_path / "a.csv").write_text("填表人,张三\n", encoding="utf-8")
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04broken")
    openpyxl.Workbook().save(tmp_path / "c.xlsx")
    for name in ("a.csv", "b.xlsx", "c.xlsx"):
        assert read_signatures(tmp_path / name, form) == Signatures(), name
