"""The text of a page file, whatever its encoding."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
# Ordinary words score; private use, half-width kana and rare planes show that the wrong table was taken.
_COMMON = re.compile(
    r"[的一是在了有和人这中大为上个国年我到说们以要就能会生时地得下可业区园发家绿色工業區園發綠國會這個為]"
)
_STRANGE = re.compile(r"[\ue000-\uf8ff\uff61-\uff9f\ufffd\x80-\x9f]")


def decoded(content: bytes) -> str:
    """The text of ``content``: by its byte order mark, as UTF-8, by its declared charset, else the likelier of GB18030 and Big5.

    A byte that fits no table becomes the replacement character, so that the rest of the page is still read.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if b"\x00" in content[:200]:
        return content.decode(_unmarked_utf16(content), errors="replace")
    for encoding in ("utf-8", _declared(content) or "utf-8"):
        if (text := _strictly(content, encoding)) is not None:
            return text
    return _likelier(content)


def _unmarked_utf16(content: bytes) -> str:
    """Little or big endian: the side on which the zero bytes of the ASCII letters stand."""
    head = content[:2000]
    return "utf-16-le" if head[1::2].count(0) >= head[0::2].count(0) else "utf-16-be"


def _declared(content: bytes) -> str | None:
    """The charset that an HTML page names in its head, when Python knows it."""
    found = _DECLARED.search(content[:4000])
    if not found:
        return None
    name = found[1].decode("ascii").lower()
    name = "gb18030" if name in {"gb2312", "gbk"} else name
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _likelier(content: bytes) -> str:
    """The reading in GB18030 or Big5 that has more everyday characters and fewer impossible ones."""
    readings = [content.decode(encoding, errors="replace") for encoding in ("gb18030", "big5hkscs")]
    return max(readings, key=lambda text: len(_COMMON.findall(text)) - 5 * len(_STRANGE.findall(text)))
