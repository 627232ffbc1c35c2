"""How a workbook of greenpark looks: the same colours and fonts in templates and in rows given back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

# A fixed moment: the same content gives the same bytes.
CREATED = datetime.fromisoformat("2020-01-01")
FONT = "Microsoft YaHei"
GREEN, PALE, GREY, INK, LINE = "#1F6F54", "#E7F2ED", "#EEEEEE", "#243B33", "#C9D6D0"
RED, REQUIRED = "#F8CBCB", "#B45F06"
COMMENT = {"x_scale": 2.2, "y_scale": 1.4, "font_size": 9, "author": "greenpark", "color": "#FFF8E1"}

_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 15, "font_color": GREEN},
    "note": {"text_wrap": True, "valign": "top", "font_color": INK},
    "text": {"text_wrap": True, "valign": "top"},
    "strong": {"bold": True, "valign": "top", "font_color": GREEN},
    "hint": {"italic": True, "font_size": 8, "font_color": "#6B7F77", "text_wrap": True, "align": "center"},
    "header": {"bold": True, "bg_color": GREEN, "font_color": "white", "text_wrap": True, "border": 1},
    "header_required": {"bold": True, "bg_color": REQUIRED, "font_color": "white", "text_wrap": True, "border": 1},
    "header_last": {"italic": True, "bg_color": "#BFBFBF", "font_color": "#333333", "text_wrap": True, "border": 1},
    "key": {"bg_color": PALE},
    "last": {"bg_color": GREY, "font_color": "#555555", "num_format": "#,##0.######", "border": 1},
    "refused": {"bg_color": RED, "bold": True, "border": 1},
    "line": {"bottom": 1, "bottom_color": LINE},
    "missing": {"bg_color": RED},
}


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            style = dict(_STYLES[name])
            if name.startswith("header"):
                style |= {"align": "center", "valign": "vcenter", "border_color": LINE}
            if name not in ("line", "missing"):  # formats of conditions take no font
                style.setdefault("font_name", FONT)
                style.setdefault("font_size", 10)
            self._made[name] = self._workbook.add_format(style)
        return self._made[name]


def new_workbook(path: Path, title: str) -> xlsxwriter.Workbook:
    """A workbook that is written without temporary files and with a fixed moment of creation."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(str(path), options)
    workbook.set_properties({"title": title, "author": "greenpark", "created": CREATED})
    return workbook
