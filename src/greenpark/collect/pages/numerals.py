"""Numbers as a page writes them: in digits, with separators, or in Chinese numerals."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}

NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
NUMERAL = r"[一二三四五六七八九十两][零〇一二三四五六七八九十百千两]*(?:点[零〇一二三四五六七八九]+)?"
_NUMERAL = re.compile(NUMERAL)


def read_number(written: str) -> Decimal:
    """The value of digits with optional thousands commas, or of a Chinese numeral up to the thousands.

    Raises
    ------
    ValueError
        When it is neither.
    """
    plain = written.replace(",", "")
    if re.fullmatch(r"[-+]?\d+(?:\.\d+)?", plain):
        return Decimal(plain)
    if _NUMERAL.fullmatch(written):
        return _read_numeral(written)
    raise ValueError(f"not a number: {written!r}")


def _read_numeral(written: str) -> Decimal:
    whole, _, fraction = written.partition("点")
    total, digit = 0, 0
    if not any(sign in _PLACES for sign in whole):
        total = int("".join(str(_DIGITS[sign]) for sign in whole))
    else:
        for sign in whole:
            if sign in _PLACES:
                total, digit = total + (digit or 1) * _PLACES[sign], 0
            else:
                digit = _DIGITS[sign]
        total += digit
    decimals = "".join(str(_DIGITS[sign]) for sign in fraction)
    return Decimal(f"{total}.{decimals}") if decimals else Decimal(total)
