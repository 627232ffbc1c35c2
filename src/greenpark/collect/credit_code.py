"""The unified social credit code of GB 32100-2015 and its check character."""

from __future__ import annotations

import re
from typing import Literal

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_MODULUS = len(_ALPHABET)
_FORM = re.compile(rf"^[{_ALPHABET}]{{2}}\d{{6}}[{_ALPHABET}]{{10}}$")


def check_character(code: str) -> str:
    """The 18th character that belongs to the first 17 of ``code``.

    ``C18 = (31 - sum(C_i * W_i) mod 31) mod 31`` with ``W_i = 3^(i-1) mod 31``.

    References
    ----------
    GB 32100-2015, section 4 and annex on the check character.
    """
    total = sum(_ALPHABET.index(sign) * pow(3, place, _MODULUS) for place, sign in enumerate(code[:17]))
    return _ALPHABET[(_MODULUS - total % _MODULUS) % _MODULUS]


def judge_credit_code(code: str) -> Literal["right", "wrong_check", "other_form"]:
    """Whether the code has the form of a credit code, and whether its check character is right."""
    if not _FORM.match(code):
        return "other_form"
    return "right" if check_character(code) == code[17] else "wrong_check"
