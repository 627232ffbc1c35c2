"""The two arithmetics of formulas: on plain numbers and on Ibis columns."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

import ibis

from greenpark.engine.formula import Formula
from greenpark.engine.formula_tree import FormulaError, Leaf, Result, Scope
from greenpark.engine.units import UnitError, Units

MISSING = math.nan
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq,
}  # fmt: skip


class NumberArithmetic:
    """Arithmetic on floats; a missing value is NaN in here and never leaves as a number."""

    def number(self, value: float) -> float:
        return value

    def divide(self, left: float, right: float) -> float:
        return MISSING if right == 0 else left / right

    def growth(self, now: float, before: float) -> float:
        return now / before - 1 if before > 0 else MISSING

    def compare(self, sign: str, left: float, right: float) -> Any:
        return None if math.isnan(left) or math.isnan(right) else _COMPARE[sign](left, right)

    def least(self, values: list[float]) -> float:
        return MISSING if any(map(math.isnan, values)) else min(values)

    def greatest(self, values: list[float]) -> float:
        return MISSING if any(map(math.isnan, values)) else max(values)

    def power(self, value: float, exponent: float) -> float:
        if value == 0 and exponent < 0:
            return MISSING
        try:
            return float(value**exponent)
        except OverflowError:
            return MISSING

    def root(self, value: float, degree: float) -> float:
        return MISSING if not value >= 0 else value ** (1 / degree)

    def log(self, value: float) -> float:
        return math.log(value) if value > 0 else MISSING

    def if_else(self, condition: Any, yes: float, no: float) -> float:
        return MISSING if condition is None else (yes if condition else no)

    def known(self, value: float) -> bool:
        return not math.isnan(value)


class ColumnArithmetic:
    """Arithmetic on Ibis columns: a division by zero is null on every engine."""

    def number(self, value: float) -> Any:
        return ibis.literal(value, "float64")

    def divide(self, left: Any, right: Any) -> Any:
        return left / right.nullif(0)

    def growth(self, now: Any, before: Any) -> Any:
        return now / ibis.ifelse(before > 0, before, ibis.null("float64")) - 1

    def compare(self, sign: str, left: Any, right: Any) -> Any:
        return _COMPARE[sign](left, right)

    def least(self, values: list[Any]) -> Any:
        return _with_all(values, ibis.least(*values))

    def greatest(self, values: list[Any]) -> Any:
        return _with_all(values, ibis.greatest(*values))

    def power(self, value: Any, exponent: float) -> Any:
        return value.nullif(0) ** exponent if exponent < 0 else value**exponent

    def root(self, value: Any, degree: float) -> Any:
        return ibis.ifelse(value >= 0, value, ibis.null("float64")) ** (1 / degree)

    def log(self, value: Any) -> Any:
        return ibis.ifelse(value > 0, value, ibis.null("float64")).ln()

    def if_else(self, condition: Any, yes: Any, no: Any) -> Any:
        missing = ibis.null("float64")
        return ibis.cases((condition.isnull(), missing), (condition, yes), else_=no)

    def known(self, value: Any) -> Any:
        return value.notnull()


def _with_all(values: list[Any], result: Any) -> Any:
    """Null when any value is null: engines differ in whether least and greatest skip nulls."""
    missing = values[0].isnull()
    for column in values[1:]:
        missing = missing | column.isnull()
    return ibis.ifelse(missing, ibis.null("float64"), result)


def evaluate_column(
    formula: Formula,
    column: Callable[[Leaf], Any],
    unit_of: Callable[[str], str],
    members: Callable[[str], tuple[str, ...]],
    units: Units,
    target: str,
) -> Any:
    """The formula as an Ibis column in the unit ``target``."""
    return _single(formula, Scope(column, unit_of, members, units, ColumnArithmetic()), target)


def evaluate_numbers(
    formula: Formula,
    values: Mapping[Leaf, float | None],
    unit_of: Callable[[str], str],
    members: Callable[[str], tuple[str, ...]],
    units: Units,
    target: str,
) -> float | None:
    """The formula on plain numbers in the unit ``target``; None when a value is missing or it is undefined."""

    def value(leaf: Leaf) -> float:
        number = values.get(leaf)
        return MISSING if number is None else number

    result = _single(formula, Scope(value, unit_of, members, units, NumberArithmetic()), target)
    return float(result) if math.isfinite(result) else None


def check_formula(
    formula: Formula,
    unit_of: Callable[[str], str],
    members: Callable[[str], tuple[str, ...]],
    units: Units,
    target: str,
) -> str:
    """The unit in which the formula comes out, by its own arithmetic.

    Raises
    ------
    FormulaError
        When a name is unknown, units do not fit one another or the target, or the result is no single number.
    """
    scope = Scope(lambda leaf: MISSING, unit_of, members, units, NumberArithmetic())
    _single(formula, scope, target)
    return formula.tree.evaluate(scope).unit


def _single(formula: Formula, scope: Scope, target: str) -> Any:
    result: Result = formula.tree.evaluate(scope)
    if result.keys != ("",) or result.unit == "condition":
        raise FormulaError("the formula does not give one number per row")
    try:
        multiplier = scope.units.multiplier(result.unit, target)
    except UnitError as error:
        raise FormulaError(f"expected {target}, found {result.unit}: {error}") from error
    value = result.values[0]
    return value if multiplier == 1 else value * multiplier
