"""Give refused rows back in a workbook: marked, with the reason on the cell, ready to be corrected and read again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from greenpark.collect.collected import Collected, RejectedRow
from greenpark.collect.forms import sheet_name
from greenpark.collect.template_style import COMMENT, Styles, new_workbook
from greenpark.collect.text_numbers import PLAIN
from greenpark.model.findings import Finding
from greenpark.model.forms import Form
from greenpark.model.text import LANGUAGES, Messages

_WIDTH = 18
_SAFE_INTEGER = 15  # digits that Excel keeps


def write_rejected(path: Path, collected: Collected, form: Form | None, messages: Messages) -> None:
    """Write the refused rows; nothing but an explanation is written when there are none.

    Refused cells are red, with what is wrong and what to do as a comment in both languages. Accepted values of the
    same rows are left out: the corrected file adds what was missing and repeats nothing.
    """
    title = messages.say("collect.rejected.title", "zh")
    workbook = new_workbook(path, title)
    styles = Styles(workbook)
    groups: dict[tuple[str, str, tuple[str, ...]], list[RejectedRow]] = {}
    for row in collected.rejected_rows:
        groups.setdefault((row.form_sheet, row.sheet, row.titles), []).append(row)
    names: set[str] = set()
    for (form_sheet, sheet, titles), rows in groups.items():
        worksheet = workbook.add_worksheet(_name(form_sheet, sheet, form, names))
        _write_rows(worksheet, styles, titles, rows, messages)
    if not groups:
        sheet_of_words = workbook.add_worksheet(title)
        sheet_of_words.write_string(0, 0, "\n".join(_said(messages, "collect.rejected.none")), styles["text"])
        sheet_of_words.set_column(0, 0, 80)
    workbook.close()


def _write_rows(
    worksheet: Any, styles: Styles, titles: tuple[str, ...], rows: list[RejectedRow], messages: Messages
) -> None:
    worksheet.set_column(0, len(titles) - 1, _WIDTH)
    worksheet.set_row(0, 36)
    worksheet.freeze_panes(1, 0)
    for column, title in enumerate(titles):
        worksheet.write_string(0, column, title, styles["header"])
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row.texts):
            findings = row.marked.get(column)
            style = styles["refused"] if findings else styles["text"]
            _write(worksheet, number, column, text, style)
            if findings:
                worksheet.write_comment(number, column, _comment(findings, messages), COMMENT)


def _write(worksheet: Any, row: int, column: int, text: str, style: Any) -> None:
    """Numbers as numbers, so that they can be corrected as such; everything else as text, formulas included."""
    if re.match(PLAIN, text) and sum(sign.isdigit() for sign in text) <= _SAFE_INTEGER and not _is_code(text):
        worksheet.write_number(row, column, float(text), style)
    elif text:
        worksheet.write_string(row, column, text, style)
    else:
        worksheet.write_blank(row, column, None, style)


def _is_code(text: str) -> bool:
    """Whether a number with leading zeros is really a code."""
    return len(text) > 1 and text[0] == "0" and text[1].isdigit()


def _comment(findings: tuple[Finding, ...], messages: Messages) -> str:
    lines = []
    for finding in findings:
        for message in (finding.message, f"{finding.message}.fix"):
            lines += [messages.say(message, language, **finding.values) for language in LANGUAGES]
        lines.append(str(finding.place))
    return "\n".join(lines)


def _said(messages: Messages, message: str) -> list[str]:
    return [messages.say(message, language) for language in LANGUAGES]


def _name(form_sheet: str, sheet: str, form: Form | None, used: set[str]) -> str:
    """The form's own sheet name, so that the file can be read again; else the sheet's, cleaned and made unique."""
    known = [each for each in form.sheets if each.id == form_sheet] if form else []
    name = sheet_name(known[0]) if known else re.sub(r"[\[\]:*?/\\']", " ", sheet or form_sheet or "rows")[:28].strip()
    unique, number = name, 2
    while unique.casefold() in used:
        unique = f"{name[:27]} {number}"
        number += 1
    used.add(unique.casefold())
    return unique
