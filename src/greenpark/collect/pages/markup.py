"""The readable text of an HTML page: blocks become lines, table rows become lines of cells between bars."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_SILENT = {"script", "style", "noscript", "template", "svg", "head", "iframe", "select", "button"}
_BLOCKS = {
    "p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header", "footer",
    "nav", "aside", "main", "blockquote", "pre", "dt", "dd", "table", "caption", "hr", "title",
}  # fmt: skip
_VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
}  # fmt: skip
_UNSHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Elements whose end tag may be left out, and the tags that end them.
_ENDED_BY = {
    "p": _BLOCKS - {"br"},
    "li": {"li"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
    "td": {"td", "th", "tr", "tbody"},
    "th": {"td", "th", "tr", "tbody"},
    "tr": {"tr", "tbody"},
}
_LOOKS_LIKE = re.compile(r"<\s*(?:!doctype\s+html|html|body|table|div|p|meta|span)\b", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\f\v\xa0]+")


def looks_like_html(text: str) -> bool:
    """Whether the beginning of ``text`` holds a tag of an HTML page."""
    return bool(_LOOKS_LIKE.search(text[:5000]))


def text_of_html(markup: str) -> str:
    """The text of ``markup`` without scripts, styles and tags."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    """Collects text, block by block; cells that span rows or columns are repeated where they reach."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._silent = 0
        self._hidden: list[str] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._below: dict[int, tuple[int, str]] = {}

    def text(self) -> str:
        """The collected lines."""
        return "".join(self._parts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        while self._hidden and tag in _ENDED_BY.get(self._hidden[-1], ()):
            self._hidden.pop()
        if self._hidden or _is_hidden(attrs):
            self._hidden += [] if tag in _VOID else [tag]
        elif tag in _SILENT:
            self._silent += 1
        elif tag == "tr":
            self._end_row()
            self._row = []
        elif tag in {"td", "th"} and self._row is not None:
            self._end_cell()
            given = dict(attrs)
            self._span = (_count(given.get("colspan")), _count(given.get("rowspan")))
            self._cell = []
        elif tag == "table":
            self._below = {}
            self._parts.append("\n")
        elif tag in _BLOCKS:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and not self._ends_outside(tag):
            return
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in {"td", "th"}:
            self._end_cell()
        elif tag in {"tr", "table", "tbody", "thead"}:
            self._end_row()
        if tag in _BLOCKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if self._silent or self._hidden:
            return
        target = self._cell if self._cell is not None else self._parts
        target.append(_SPACE.sub(" ", data.replace("\n", " ")))

    def _ends_outside(self, tag: str) -> bool:
        """Whether an end tag closes an element around the hidden one, which ends without a tag of its own."""
        if tag in self._hidden:
            while self._hidden.pop() != tag:
                pass
            return False
        if any(one not in _ENDED_BY for one in self._hidden):
            return False
        self._hidden = []
        return True

    def _break(self) -> None:
        if self._cell is not None:
            self._cell.append(" ")
        else:
            self._parts.append("\n")

    def _end_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        text = _SPACE.sub(" ", "".join(self._cell)).strip().replace("|", "/")
        self._cell = None
        self._fill_from_above()
        columns, rows = self._span
        for _ in range(columns):
            if rows > 1:
                self._below[len(self._row)] = (rows - 1, text)
            self._row.append(text)

    def _fill_from_above(self) -> None:
        """Put the cells that reach down from an earlier row before the next cell."""
        assert self._row is not None
        while (column := len(self._row)) in self._below:
            left, text = self._below[column]
            self._row.append(text)
            if left > 1:
                self._below[column] = (left - 1, text)
            else:
                del self._below[column]

    def _end_row(self) -> None:
        self._end_cell()
        if self._row:
            self._fill_from_above()
            self._parts.append("\n| " + " | ".join(self._row) + " |\n")
        self._row = None


def _is_hidden(attrs: list[tuple[str, str | None]]) -> bool:
    """Whether a browser shows nothing of an element, or it is marked as no content: hidden, display:none, aria-hidden."""
    given = dict(attrs)
    unshown = bool(_UNSHOWN.search(given.get("style") or ""))
    return unshown or "hidden" in given or (given.get("aria-hidden") or "").lower() == "true"


def _count(written: str | None) -> int:
    """A span as written in the tag, between 1 and 50: a page may state nonsense."""
    return min(50, int(written)) if written and written.isdigit() and int(written) > 0 else 1
