"""Write the workbook of a form: bilingual, with drop-downs, units, hints and last year's values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter

from greenpark.collect.context import CARRIER_UNIT
from greenpark.collect.forms import GUIDE_SHEET, sheet_name
from greenpark.collect.grid import letters
from greenpark.collect.lookups import label
from greenpark.collect.template_cover import write_cover
from greenpark.collect.template_lists import HiddenLists
from greenpark.collect.template_rows import Prefilled, TemplateContext, code_label, prefilled_rows, provinces
from greenpark.collect.template_style import COMMENT, GREEN, Styles, new_workbook
from greenpark.model.forms import Form, FormColumn, FormSheet
from greenpark.model.text import LANGUAGES, Text

TITLE_ROW, NOTE_ROW, HINT_ROW, HEADER_ROW, FIRST_ROW = range(5)
ROWS = 2000  # rows that carry drop-downs
KEYS = ("entity", "counterparty", "period", "carrier", "quantity")
UNITS_OF_PARK = "units_of_park"
_NOTE_WIDTH = 9
_GUIDE = ("fill", "absent", "units", "periods", "negative", "repeats", "totals", "last_year", "back")
_INPUT_LENGTH = 250  # Excel takes 255 characters in an input message


def write_template(path: Path, form: Form, context: TemplateContext) -> None:
    """Write a workbook to fill in; the same arguments give the same bytes."""
    workbook = new_workbook(path, label(form.head.title))
    styles = Styles(workbook)
    _write_guide(workbook, styles, form, context)
    if form.cover:
        write_cover(workbook, styles, form, context)
    sheets = [(sheet, workbook.add_worksheet(sheet_name(sheet))) for sheet in form.sheets]
    lists = HiddenLists(workbook)
    lists.attach()
    _name_units(workbook, form)
    for sheet, worksheet in sheets:
        _SheetWriter(worksheet, styles, lists, sheet, form, context).write()
    workbook.get_worksheet_by_name(GUIDE_SHEET).activate()
    workbook.close()


def _write_guide(workbook: xlsxwriter.Workbook, styles: Styles, form: Form, context: TemplateContext) -> None:
    sheet = workbook.add_worksheet(GUIDE_SHEET)
    sheet.hide_gridlines(2)
    sheet.set_tab_color(GREEN)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 2, 72)
    sheet.write_string(0, 0, label(form.head.title), styles["title"])
    sheet.set_row(0, 28)
    lines = [_both(context, "legal", note=form.legal_note), *(_both(context, name) for name in _GUIDE)]
    lines += [(sheet_name(each), *_pair(each.note)) for each in form.sheets]
    for row, (title, zh, en) in enumerate(lines, start=2):
        sheet.write_string(row, 0, title, styles["strong"])
        sheet.write_string(row, 1, zh, styles["text"])
        sheet.write_string(row, 2, en, styles["text"])
        sheet.set_row(row, 16 * (1 + max(len(zh) // 34, len(en) // 72)))


def _both(context: TemplateContext, name: str, note: Text | None = None) -> tuple[str, str, str]:
    """A line of the guide: its title and its sentence in both languages."""
    said = context.messages.say
    title = " ".join(said(f"collect.template.{name}_title", language) for language in LANGUAGES)
    zh, en = _pair(note) if note else [said(f"collect.template.{name}", language) for language in LANGUAGES]
    return title, zh, en


def _pair(text: Text | None) -> tuple[str, str]:
    return (text.zh, text.en) if text else ("", "")


def _name_units(workbook: xlsxwriter.Workbook, form: Form) -> None:
    """Name the list of units that other sheets offer: as long as the sheet of units is filled."""
    for sheet in form.sheets:
        names = [number for number, column in enumerate(sheet.columns) if column.attribute == "name"]
        if sheet.rows == "entities" and names:
            column = letters(names[0])
            first = f"'{sheet_name(sheet)}'!${column}${FIRST_ROW + 1}"
            area = f"{first}:${column}${FIRST_ROW + ROWS}"
            workbook.define_name(UNITS_OF_PARK, f"=OFFSET({first},0,0,MAX(1,COUNTA({area})),1)")


class _SheetWriter:
    """Writes one sheet of the form."""

    def __init__(
        self,
        worksheet: Any,
        styles: Styles,
        lists: HiddenLists,
        sheet: FormSheet,
        form: Form,
        context: TemplateContext,
    ) -> None:
        self._worksheet, self._styles, self._lists = worksheet, styles, lists
        self._sheet, self._form, self._context = sheet, form, context
        self._columns = sheet.columns

    def write(self) -> None:
        """The whole sheet."""
        rows = prefilled_rows(self._sheet, self._form, self._context)
        self._write_head()
        for number, column in enumerate(self._columns):
            self._write_column(number, column)
        for offset, row in enumerate(rows):
            self._write_row(FIRST_ROW + offset, row)
        self._write_last_year(rows)
        self._set_page()

    def _write_head(self) -> None:
        sheet, styles = self._sheet, self._styles
        self._worksheet.set_row(TITLE_ROW, 26)
        self._worksheet.write_string(TITLE_ROW, 0, label(sheet.title), styles["title"])
        zh, en = _pair(sheet.note)
        last = min(_NOTE_WIDTH, len(self._columns)) - 1
        self._worksheet.merge_range(NOTE_ROW, 0, NOTE_ROW, last, f"{zh}\n{en}", styles["note"])
        self._worksheet.set_row(NOTE_ROW, 64)
        self._worksheet.set_row(HINT_ROW, 26)
        self._worksheet.set_row(HEADER_ROW, 48)

    def _write_column(self, number: int, column: FormColumn) -> None:
        style = "header_required" if column.required else "header"
        self._worksheet.set_column(number, number, column.width)
        title = f"{column.title.zh}{' *' if column.required else ''}\n{column.title.en}"
        self._worksheet.write_string(HEADER_ROW, number, title, self._styles[style])
        self._worksheet.write_string(HINT_ROW, number, self._hint(column), self._styles["hint"])
        if column.help:
            self._worksheet.write_comment(HEADER_ROW, number, f"{column.help.zh}\n{column.help.en}", COMMENT)
        self._worksheet.data_validation(FIRST_ROW, number, FIRST_ROW + ROWS - 1, number, self._validation(column))
        self._mark_missing(number, column)

    def _hint(self, column: FormColumn) -> str:
        """The unit or the shape of a cell, in both languages where it is words."""
        if column.holds == "value" and (unit := self._fixed_unit(column)):
            return unit
        name = {
            "value": "hint_answer" if column.code_list else "hint_unit",
            "date": "hint_date",
            "period": "hint_period",
        }.get(column.holds, "hint_choose" if self._source(column) else "")
        return self._said(name) if name else ""

    def _fixed_unit(self, column: FormColumn) -> str:
        if column.unit:
            return column.unit
        unit = self._context.quantities[column.quantity].unit if column.quantity in self._context.quantities else ""
        return "" if unit == CARRIER_UNIT else unit

    def _validation(self, column: FormColumn) -> dict[str, Any]:
        """A drop-down where there is a list; anything else may be typed after a warning, for the reader knows more."""
        title = column.title.zh[:32]
        shown = f"{column.help.zh}\n{column.help.en}"[:_INPUT_LENGTH] if column.help else ""
        options: dict[str, Any] = {"input_title": title, "input_message": shown} if shown else {}
        if source := self._source(column):
            text = self._said("not_in_list")[:_INPUT_LENGTH]
            return options | {
                "validate": "list",
                "source": source,
                "error_type": "warning",
                "error_title": title,
                "error_message": text,
            }
        return options | {"validate": "any"}

    def _source(self, column: FormColumn) -> str:
        """Where a column's drop-down takes its entries from; empty when it has none."""
        if column.holds in ("entity", "counterparty"):
            return f"={UNITS_OF_PARK}" if self._sheet.rows == "observations" else ""
        name, entries = self._entries(column)
        return self._lists.add(name, entries) if entries else ""

    def _entries(self, column: FormColumn) -> tuple[str, list[str]]:
        context, sheet = self._context, self._sheet
        if column.code_list:
            codes = next(each.codes for each in self._form.lists if each.id == column.code_list)
            return f"list_{column.code_list}", [code_label(column.code_list, c.id, label(c.name)) for c in codes]
        if column.holds == "carrier":
            known = [context.carriers[each] for each in sheet.carriers if each in context.carriers]
            return f"carriers_{sheet.id}", [label(each.name) for each in known]
        if column.holds == "quantity":
            named = [context.quantities[each] for each in sheet.quantities if each in context.quantities]
            return f"quantities_{sheet.id}", [label(each.name) for each in named]
        if column.holds == "unit":
            return f"measures_{sheet.id}", self._units()
        if column.attribute == "area":
            return "list_areas", provinces(context.areas, column.choices)
        return "", []

    def _units(self) -> list[str]:
        """The units in which the sheet's items are stored, and those that measure the same."""
        context, sheet = self._context, self._sheet
        stored = [context.carriers[each].unit for each in sheet.carriers if each in context.carriers]
        stored += [context.quantities[each].unit for each in sheet.quantities if each in context.quantities]
        stored = list(dict.fromkeys(stored))
        dimensions = {context.units.dimension(unit) for unit in stored}
        same = [unit for unit in context.units.ids() if context.units.dimension(unit) in dimensions]
        return list(dict.fromkeys([*stored, *same]))

    def _mark_missing(self, number: int, column: FormColumn) -> None:
        """Required cells of a row that is begun are shown red until they are filled."""
        first, last = FIRST_ROW, FIRST_ROW + ROWS - 1
        here, end = letters(number), letters(len(self._columns) - 1)
        row = FIRST_ROW + 1
        if column.required:
            values = [place for place, each in enumerate(self._columns) if each.holds == "value"] or [0]
            begun = f"COUNTA(${letters(values[0])}{row}:${end}{row})>0"
            rule = {"type": "formula", "criteria": f'=AND({begun},{here}{row}="")', "format": self._styles["missing"]}
            self._worksheet.conditional_format(first, number, last, number, rule)
        line = {"type": "formula", "criteria": f'=$A{row}<>""', "format": self._styles["line"]}
        self._worksheet.conditional_format(first, number, last, number, line)

    def _write_row(self, row: int, prefilled: Prefilled) -> None:
        for number, column in enumerate(self._columns):
            value = prefilled.cells.get(column.id)
            if value is not None and value != "":
                self._worksheet.write_string(row, number, str(value), self._styles["key"])

    def _write_last_year(self, rows: list[Prefilled]) -> None:
        """Last year's values in a shaded block beside the columns to fill."""
        shown = [column for column in self._columns if any(column.id in row.last for row in rows)]
        for number, column in enumerate(shown, start=len(self._columns)):
            title = self._said("last_year_of", zh=column.title.zh, en=column.title.en)
            self._worksheet.set_column(number, number, column.width)
            self._worksheet.write_string(HEADER_ROW, number, title, self._styles["header_last"])
            self._worksheet.write_string(HINT_ROW, number, self._said("hint_last_year"), self._styles["hint"])
            for offset, row in enumerate(rows):
                if column.id in row.last:
                    self._worksheet.write_number(FIRST_ROW + offset, number, row.last[column.id], self._styles["last"])

    def _set_page(self) -> None:
        keys = [number for number, column in enumerate(self._columns) if column.holds in KEYS]
        self._worksheet.freeze_panes(FIRST_ROW, max(keys, default=0) + 1)
        self._worksheet.set_landscape()
        self._worksheet.set_paper(9)
        self._worksheet.fit_to_pages(1, 0)
        self._worksheet.repeat_rows(HEADER_ROW)
        self._worksheet.set_footer("&L&8greenpark&R&8&P/&N")

    def _said(self, name: str, **titles: str) -> str:
        """A message in both languages, one below the other."""
        said = self._context.messages.say
        values = {language: {"title": titles[language]} if titles else {} for language in LANGUAGES}
        return "\n".join(said(f"collect.template.{name}", language, **values[language]) for language in LANGUAGES)
