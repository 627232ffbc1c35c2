"""What a value cell means that is no plain number: read with a remark, declared absent, or refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from greenpark.collect.names import Names
from greenpark.collect.text_numbers import (
    SCALES,
    TextNumber,
    declared_absent,
    is_date,
    is_error,
    is_unclear,
    read_text_number,
    scale_in,
)


@dataclass(frozen=True)
class Outcome:
    """One of: a value (with the unit written in the cell, and a remark), a notation of absence, a refusal (rule id)."""

    value: float = math.nan
    unit: str = ""
    notation: str = ""
    refusal: str = ""
    remark: str = ""


def read_odd_cell(
    text: str, base_unit: str, find_unit: Callable[[str], str | None], codes: Names | None = None
) -> Outcome:
    """The meaning of a cell's text.

    Parameters
    ----------
    base_unit
        The unit that holds where the cell writes none; a scale word (万) before a unit that has one itself is refused.
    codes
        The code list of a column whose cells are chosen, the ids being numbers.
    """
    if codes is not None and (code := codes.find(text)) is not None:
        return Outcome(value=float(code))
    if notation := declared_absent(text):
        return Outcome(notation=notation)
    if refusal := _refusal(text):
        return Outcome(refusal=refusal)
    if codes is not None:
        return Outcome(refusal="unknown_code")
    number = read_text_number(text)
    if number is None or not math.isfinite(float(number.number)):
        return Outcome(refusal="not_a_number")
    return _with_unit(number, base_unit, find_unit) if number.rest else _bare(number)


def _refusal(text: str) -> str:
    if is_error(text):
        return "error_cell"
    if text.startswith("="):
        return "formula_without_value"
    if is_unclear(text):
        return "unclear_mark"
    return "date_in_value" if is_date(text) else ""


def _bare(number: TextNumber) -> Outcome:
    if _vanishes(number):
        return Outcome(refusal="number_too_small")
    return Outcome(value=float(number.number), remark="text_number")


def _vanishes(number: TextNumber) -> bool:
    """Whether a number other than zero is too small to be stored."""
    return bool(number.number) and not float(number.number)


def _with_unit(number: TextNumber, base_unit: str, find_unit: Callable[[str], str | None]) -> Outcome:
    """A number followed by a unit, a scale word, or both."""
    if _vanishes(number):
        return Outcome(refusal="number_too_small")
    if find_unit(number.rest) is not None:
        return Outcome(value=float(number.number), unit=number.rest, remark="text_number_scaled")
    scale, left = scale_in(number.rest)
    if scale == 1:
        return Outcome(refusal="not_a_number")
    if left:
        known = find_unit(left) is not None
        value = float(number.number * scale)
        return (
            Outcome(value=value, unit=left, remark="text_number_scaled") if known else Outcome(refusal="not_a_number")
        )
    if any(base_unit.startswith(word) for word in SCALES):
        return Outcome(refusal="scale_twice")
    return Outcome(value=float(number.number * scale), remark="text_number_scaled")
