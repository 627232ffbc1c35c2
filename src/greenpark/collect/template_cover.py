"""The cover of a template: the form's legal marks, and the fields that whoever fills it in signs with."""

from __future__ import annotations

from typing import Any

import xlsxwriter

from greenpark.collect.cover import COVER_SHEET
from greenpark.collect.lookups import label
from greenpark.collect.template_rows import TemplateContext
from greenpark.collect.template_style import GREEN, Styles
from greenpark.model.forms import CoverField, Form
from greenpark.model.text import LANGUAGES, Text

_FIRST_MARK = 3


def write_cover(workbook: xlsxwriter.Workbook, styles: Styles, form: Form, context: TemplateContext) -> None:
    """Add the sheet of the cover."""
    sheet = workbook.add_worksheet(COVER_SHEET)
    sheet.hide_gridlines(2)
    sheet.set_tab_color(GREEN)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 58)
    sheet.set_column(2, 2, 56)
    sheet.write_string(0, 0, label(form.head.title), styles["title"])
    sheet.set_row(0, 28)
    sheet.merge_range(1, 0, 1, 2, f"{form.legal_note.zh}\n{form.legal_note.en}", styles["note"])
    sheet.set_row(1, 52)
    row = _write_marks(sheet, styles, form, context)
    _write_fields(sheet, styles, form, context, row + 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _write_marks(sheet: Any, styles: Styles, form: Form, context: TemplateContext) -> int:
    """The marks that every survey form must carry by law; where there is none the cover says so."""
    none = _said(context, "none")
    marks = {
        "number": form.number or none,
        "issued_by": label(form.issued_by) if form.issued_by else none,
        "approval": form.approval or _said(context, "no_approval"),
        "valid_until": str(form.valid_until) if form.valid_until else _said(context, "no_limit"),
        "legal_basis": _said(context, form.legal_basis),
        "version": form.version,
    }
    for row, (name, text) in enumerate(marks.items(), start=_FIRST_MARK):
        sheet.write_string(row, 0, _said(context, f"{name}_title"), styles["strong"])
        sheet.write_string(row, 1, text, styles["text"])
    return _FIRST_MARK + len(marks)


def _write_fields(sheet: Any, styles: Styles, form: Form, context: TemplateContext, first: int) -> None:
    sheet.merge_range(first, 0, first, 2, _said(context, "fill"), styles["note"])
    sheet.set_row(first, 32)
    known = _known(context)
    row = first
    for row, field in enumerate(form.cover, start=first + 1):
        sheet.set_row(row, 24)
        sheet.write_string(row, 0, _title(field), styles["header_required" if field.required else "header"])
        sheet.write_string(row, 1, known.get(field.id, ""), styles["key"])
        if field.help:
            sheet.write_string(row, 2, label(field.help), styles["hint"])
    sheet.merge_range(row + 2, 0, row + 2, 2, _said(context, "statement"), styles["note"])
    sheet.set_row(row + 2, 48)


def _title(field: CoverField) -> str:
    return f"{label(field.title)}{' *' if field.required else ''}"


def _known(context: TemplateContext) -> dict[str, str]:
    """The park and the year, where they are known."""
    rows = context.entities.to_pylist() if context.entities is not None else []
    zones = [row for row in rows if row["kind"] == "zone"]
    known = {"entity": str(zones[0]["entity"]), "entity_name": str(zones[0]["name"])} if len(zones) == 1 else {}
    return known | ({"period": str(context.year)} if context.year else {})


def _said(context: TemplateContext, name: str) -> str:
    """A message of the cover in both languages."""
    zh, en = (context.messages.say(f"collect.cover.{name}", language) for language in LANGUAGES)
    return label(Text(zh=zh, en=en))
