"""Numbers that were typed as text: read where there is one meaning, refused where there are two."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

PLAIN = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"
GROUPED = r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$"
ERRORS = frozenset(
    {"#VALUE!", "#NUM!", "#N/A", "#DIV/0!", "#REF!", "#NAME?", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
ABSENT: dict[str, str] = {
    **dict.fromkeys(("nu", "no", "未使用", "不使用", "未发生"), "not_used"),
    **dict.fromkeys(("ne", "未估算", "未统计", "未计量"), "not_estimated"),
    **dict.fromkeys(("ie", "已含在别处", "已计入他处", "含在其他项"), "included_elsewhere"),
    **dict.fromkeys(("c", "保密", "涉密"), "confidential"),
}
# Marks that may mean zero, not used, not known or not applicable.
UNCLEAR = frozenset(
    {"-", "--", "—", "——", "–", "/", "\\", "n/a", "na", "nan", "null", "none", "无", "空", "…", "...", "*", "?"}
)

SCALES: dict[str, int] = {"万亿": 10**12, "亿": 10**8, "万": 10**4, "千": 10**3}

_GROUPING = re.compile(r"(?<=\d)[,' ](?=\d{3}(\D|$))")
_NUMBER = re.compile(r"^([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?![\d.,'+~-])(.*)$")
_LOOSE = re.compile(r"\d[,']| \d")
_BAD_GROUPS = re.compile(r"(^|\D)\d{4,}[,' ]\d{3}|\.\d+[,' ]\d|(^|[^\d,' ])0[,' ]\d{3}")
_ACCOUNTING = re.compile(r"^\((.*)\)$")
# In a file separated by semicolons 1,234 may be 1.234: only a second comma or a point tells.
_ONE_COMMA = re.compile(r"(?<![\d.,])\d{1,3},\d{3}(?![\d.,])")
_RAISED = ("<super>", "<sub>")
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?$")


@dataclass(frozen=True)
class TextNumber:
    """A number found in text, exact, and what follows it: a scale word, a unit, a per cent sign or nothing."""

    number: Decimal
    rest: str = ""


def read_text_number(text: str) -> TextNumber | None:
    """The number in a text such as ``1,234``, ``１２``, ``12万``, ``(123)``, ``1 234`` or ``12吨``; else None.

    Grouping is taken only in full groups of three: ``1,23`` may be a decimal comma and is no number here.
    """
    if _holds_signs_for_digits(text):
        return None
    plain = folded(text)
    if found := _ACCOUNTING.match(plain):
        inner = read_text_number(found[1])
        return TextNumber(-inner.number, inner.rest) if inner and inner.number >= 0 else None
    if _BAD_GROUPS.search(plain):
        return None
    ungrouped = _GROUPING.sub("", plain)
    found = _NUMBER.match(ungrouped)
    if not found or _LOOSE.search(ungrouped):
        return None
    return TextNumber(Decimal(found[1]), found[2].strip())


def _holds_signs_for_digits(text: str) -> bool:
    """Whether the text holds ②, ½ or a raised digit that stands at no unit (5²): folding would make digits of them."""
    before = ""
    for sign in text.strip():
        kind = unicodedata.decomposition(sign).partition(" ")[0]
        if kind and sign.isnumeric() and not sign.isdecimal() and (kind not in _RAISED or not before.isalpha()):
            return True
        before = before if kind in _RAISED else sign
    return False


def may_be_decimal_comma(text: str) -> bool:
    """Whether the text holds a number like 1,234, whose comma groups thousands or begins the decimals."""
    return bool(_ONE_COMMA.search(folded(text)))


def scale_in(rest: str) -> tuple[int, str]:
    """The factor of a scale word (万, 亿) that ``rest`` begins with, and what is left; 1 when there is none."""
    word = next((word for word in SCALES if rest.startswith(word)), "")
    return SCALES.get(word, 1), rest[len(word) :].strip()


def declared_absent(text: str) -> str:
    """Why a value is absent, when the text is one of the notations; empty otherwise."""
    return ABSENT.get(folded(text).lower(), "")


def is_unclear(text: str) -> bool:
    """Whether the text is a mark that leaves open why there is no number."""
    return folded(text).lower() in UNCLEAR


def is_error(text: str) -> bool:
    """Whether the text is one of Excel's error values."""
    return text.strip().upper() in ERRORS


def is_date(text: str) -> bool:
    """Whether the text is a date as it comes from a cell that Excel formats as one."""
    return bool(_DATE.match(text))


def folded(text: str) -> str:
    """The text with full-width digits and signs as half-width ones, without outer spaces."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return plain.replace("−", "-").replace("，", ",").replace("’", "'").replace("\u00a0", " ").replace("\t", " ")
