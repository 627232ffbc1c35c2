"""A page as lines of simplified Chinese or English: injected pinyin, doubled marks and page furniture removed."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from opencc import OpenCC

from greenpark.collect.pages.lexicon import Lexicon

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_SYLLABLE = r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?[aeiouüvêāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]{1,4}(?:ng|n|r)?"
_BRACKETED = re.compile(r"[(（\[]\s*([a-zü" + _TONED + r"ê]{1,6})\s*[)）\]]")
_PINYIN = re.compile(_SYLLABLE)
_HAS_TONE = re.compile(f"[{_TONED}]")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，；！？"} | {
    0x3000: " ", 0xA0: " ", 0x2009: " ", 0x202F: " ", 0x200B: None, 0xFEFF: None, 0xAD: None, 0xB5: "μ", 0x2212: "-", 0xFE63: "-",
}  # fmt: skip
_DOUBLED = re.compile(r"([,，、])(?:\s*[,，、])+")
_BEFORE_STOP = re.compile(r"[,，、]\s*([。；;！？!?])")
_STOPS_DOUBLED = re.compile(r"([。；！？])\1+")
_ENDED = re.compile(r"[。！？；：.!?;:|）)】》”\"]\s*$")
_STARTS_ANEW = re.compile(r"^(?:[ \t]{2,}|\s*(?:[-*•·●■◆▲#>]|\d{1,2}[.、)]|[(（]))")
_SPAM_SEPARATED = re.compile(r"[_＿]")
_SENTENCE_ENDS = re.compile(r"[。！？]")
_SHOWN = 60
_SENTENCE = re.compile(r"[。！？；，,;]")
# A line that opens with a label (用电量:12) stands alone, unless it fills the column.
_LABELLED = re.compile(r"^[^,，。;；:]{1,24}:")
_FULL_COLUMN = 40
_LONGEST_LINE = 1500
# A comma between digits groups thousands: no line is cut there.
_MARK = re.compile(r"[。！？；;，、|\s]|(?<!\d),|,(?!\d)")
_RUN = re.compile(r"[^。！？；;，、|\s]+")
_DIGITS = re.compile(r"[\d.,．]+|[零〇一二三四五六七八九十百千万亿两点]+")
_LONGEST_NUMBER = 120
_HAN = re.compile(r"[一-鿿]")


def clean_lines(text: str, lexicon: Lexicon) -> list[str]:
    """The lines of the page, cleaned; dropped furniture leaves an empty line, so paragraphs stay apart."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).translate(_WIDE)
    text = simplified(without_pinyin(text))
    lines = [_without_doubled_marks(line).rstrip() for line in text.split("\n")]
    return [piece for line in lines for piece in _pieces("" if is_furniture(line, lexicon) else line)]


def without_endless_runs(text: str) -> tuple[str, list[str]]:
    """``text`` without runs of digits or of unmarked signs that no page of figures has, and the beginning of each.

    Reading them takes long, and cutting them would make figures that nobody wrote.
    """
    skipped: list[str] = []

    def keep(found: re.Match[str], longest: int) -> str:
        if len(found[0]) <= longest:
            return found[0]
        skipped.append(found[0][:_SHOWN] + "…")
        return "\n"

    text = _DIGITS.sub(lambda found: keep(found, _LONGEST_NUMBER), text)
    return _RUN.sub(lambda found: keep(found, _LONGEST_LINE), text), skipped


def _pieces(line: str) -> list[str]:
    """The line in pieces of bounded length, cut behind a sentence or at the last mark: an endless line is read in time."""
    pieces = []
    while len(line) > _LONGEST_LINE:
        ends = [match.end() for match in _SENTENCE_ENDS.finditer(line, _LONGEST_LINE // 2, _LONGEST_LINE)]
        marks = ends or [match.end() for match in _MARK.finditer(line, 0, _LONGEST_LINE)]
        cut = marks[-1] if marks else _LONGEST_LINE
        pieces.append(line[:cut])
        line = line[cut:]
    return [*pieces, line]


def without_pinyin(text: str) -> str:
    """``text`` without injected readings in brackets, stacked ones too.

    A bracket goes when it holds a syllable with a tone mark; one without a mark goes only on a page that has marked ones,
    so that a unit in brackets, like (t) or (kg), stays.
    """
    marked = any(_HAS_TONE.search(found[1]) for found in _BRACKETED.finditer(text))

    def keep(found: re.Match[str]) -> str:
        syllable = found[1]
        injected = _PINYIN.fullmatch(syllable) and (_HAS_TONE.search(syllable) or marked)
        return "" if injected else found[0]

    return _BRACKETED.sub(keep, text) if marked else text


def simplified(text: str) -> str:
    """``text`` in simplified characters."""
    return str(_converter().convert(text))


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def _without_doubled_marks(line: str) -> str:
    line = _DOUBLED.sub(r"\1", line)
    line = _BEFORE_STOP.sub(r"\1", line)
    return _STOPS_DOUBLED.sub(r"\1", line)


def is_furniture(line: str, lexicon: Lexicon) -> bool:
    """Whether a line is page furniture: injected keywords, strings of names, author and date lines, counters."""
    stripped = line.strip()
    if not stripped:
        return False
    if len(_SPAM_SEPARATED.findall(stripped)) >= 2 and not _SENTENCE.search(stripped):
        return True
    if stripped.count("|") >= 8 and not re.search(r"\d", stripped):
        return True
    return len(stripped) <= 80 and _labelled(stripped, lexicon)


def _labelled(line: str, lexicon: Lexicon) -> bool:
    """Whether a short line begins with a label like author or date, or holds two of them, and states no measured amount."""
    labels = list(lexicon.furniture.finditer(line))
    if not labels or lexicon.measured.search(line):
        return False
    return labels[0].start() <= 2 or len(labels) >= 2


def joined_paragraphs(lines: list[str]) -> list[str]:
    """Lines with those that a narrow column had broken in mid-sentence put together again."""
    paragraphs: list[str] = []
    for line in lines:
        if paragraphs and _continues(paragraphs[-1], line):
            gap = "" if _HAN.match(line.strip()[:1]) else " "
            paragraphs[-1] = paragraphs[-1].rstrip() + gap + line.strip()
        else:
            paragraphs.append(line)
    return [piece for paragraph in paragraphs for piece in _pieces(paragraph)]


def _continues(before: str, line: str) -> bool:
    if not before.strip() or not line.strip() or "|" in before + line or "\t" in before + line:
        return False
    if _LABELLED.match(line) or (_LABELLED.match(before) and len(before) < _FULL_COLUMN):
        return False
    long_enough = len(before.strip()) >= (18 if _HAN.search(before) else 50)
    return long_enough and not _ENDED.search(before) and not _STARTS_ANEW.match(line)
