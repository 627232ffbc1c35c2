"""The template of the Word report, built from nothing but code: fonts, page, headings, and one table for every table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

import docx
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

LATIN = "Times New Roman"
INK, RED = RGBColor(0x1A, 0x1A, 0x1A), RGBColor(0x9A, 0x1B, 0x1B)
_THEMED = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")
# Kinds of paragraph: style of the template, size, whether bold, colour.
PARAGRAPHS: dict[str, tuple[str, float, bool, RGBColor]] = {
    "title": ("Title", 22, True, INK),
    "subtitle": ("Normal", 14, False, INK),
    "warning": ("Normal", 11, True, RED),
    "section": ("Heading 1", 15, True, INK),
    "part": ("Heading 2", 12, True, INK),
    "caption": ("Normal", 10.5, True, INK),
    "text": ("Normal", 10.5, False, INK),
    "note": ("Normal", 9, False, INK),
}
_CENTRED = ("title", "subtitle")


@dataclass(frozen=True)
class Fonts:
    """The Chinese fonts of body and headings, by the names under which Word knows them."""

    body: str
    heading: str


@lru_cache(maxsize=2)
def template_bytes(fonts: Fonts) -> bytes:
    """The template as a file; it takes ``header``, ``footer``, ``invented`` and ``blocks``."""
    document = docx.Document()
    _set_page(document)
    for style in ("Normal", "Title", "Heading 1", "Heading 2"):
        _set_font(document.styles[style], fonts.body if style == "Normal" else fonts.heading)
    _write_margins(document, fonts)
    _tag(document, _loop("p", "b", "blocks"))
    for kind, look in PARAGRAPHS.items():
        _tag(document, f"{{%p if b.kind == '{kind}' %}}")
        _paragraph(document, kind, look, fonts)
        _tag(document, "{%p endif %}")
    _tag(document, "{%p if b.kind == 'break' %}")
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    _tag(document, "{%p endif %}")
    _tag(document, "{%p if b.kind == 'table' %}")
    _table(document, fonts)
    _tag(document, "{%p endif %}")
    _tag(document, "{%p endfor %}")
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _tag(document: Any, tag: str) -> None:
    """A paragraph that directs the filling and vanishes with it."""
    document.add_paragraph(tag)


def _loop(over: str, each: str, all_of: str) -> str:
    """The tag that begins a repetition of paragraphs (p), rows (tr) or cells (tc)."""
    return f"{{%{over} for {each} in {all_of} %}}"


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2.5), Cm(2.2)


def _set_font(style: Any, chinese: str) -> None:
    """Both fonts of a style by name, instead of those of the theme."""
    style.font.name = LATIN
    style.font.color.rgb = INK
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for themed in _THEMED:
        fonts.attrib.pop(qn(f"w:{themed}"), None)
    for place in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{place}"), LATIN)
    fonts.set(qn("w:eastAsia"), chinese)


def _run(paragraph: Any, text: str, size: float, chinese: str, *, bold: bool = False, colour: RGBColor = INK) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.color.rgb, run.font.name = Pt(size), bold, colour, LATIN
    run._element.rPr.rFonts.set(qn("w:eastAsia"), chinese)


def _paragraph(document: Any, kind: str, look: tuple[str, float, bool, RGBColor], fonts: Fonts) -> None:
    style, size, bold, colour = look
    paragraph = document.add_paragraph(style=style)
    paragraph.paragraph_format.space_after = Pt(6)
    paragraph.paragraph_format.space_before = Pt(14 if style.startswith("Heading") else 2)
    paragraph.paragraph_format.keep_with_next = kind in ("section", "part", "caption")
    if kind in _CENTRED:
        paragraph.alignment = 1
    font = fonts.body if style == "Normal" else fonts.heading
    _run(paragraph, "{{ b.text }}", size, font, bold=bold, colour=colour)


def _table(document: Any, fonts: Fonts) -> None:
    """One table with as many columns and rows as a block has; the head is repeated on every page."""
    table = document.add_table(rows=4, cols=3, style="Table Grid")
    table.autofit = True
    width = table._tbl.tblPr.find(qn("w:tblW"))
    width.set(qn("w:type"), "pct")
    width.set(qn("w:w"), "5000")
    _columns(table.rows[0], "b.columns", fonts.heading, bold=True)
    _is_head(table.rows[0])
    table.rows[1].cells[0].text = _loop("tr", "r", "b.rows")
    _columns(table.rows[2], "r", fonts.body, bold=False)
    table.rows[3].cells[0].text = "{%tr endfor %}"
    document.add_paragraph().paragraph_format.space_after = Pt(4)


def _columns(row: Any, cells: str, font: str, *, bold: bool) -> None:
    """A row whose middle cell is repeated; each says on which side its text stands."""
    row.cells[0].text = _loop("tc", "c", cells)
    paragraph = row.cells[1].paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    side = paragraph._p.get_or_add_pPr().get_or_add_jc()
    side.set(qn("w:val"), "{{ c.side }}")
    _run(paragraph, "{{ c.text }}", 8, font, bold=bold)
    row.cells[2].text = "{%tc endfor %}"


def _is_head(row: Any) -> None:
    properties = row._tr.get_or_add_trPr()
    for name in ("w:tblHeader", "w:cantSplit"):
        properties.append(OxmlElement(name))


def _write_margins(document: Any, fonts: Fonts) -> None:
    """The running head and foot: title, invented data, state of signature, run, number of the page."""
    section = document.sections[0]
    head = section.header.paragraphs[0]
    _run(head, "{{ header }}　", 9, fonts.body)
    _run(head, "{{ invented }}", 9, fonts.heading, bold=True, colour=RED)
    foot = section.footer.paragraphs[0]
    _run(foot, "{{ footer }}　", 8, fonts.body)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = foot.add_run()
        run.font.size = Pt(8)
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)
