"""The tree of a formula: each node knows its leaves, its sentence, its unit and its value.

A value is anything with arithmetic: an Ibis column here, a number in an explanation or a worked example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from greenpark.engine.unit_powers import combined, raised
from greenpark.engine.units import DIMENSIONLESS, UnitError, Units
from greenpark.model.numbers import printed
from greenpark.model.text import Language, Text


class FormulaError(ValueError):
    """A formula that is not allowed, names something unknown, or mixes units."""


class Arithmetic(Protocol):
    """How values are combined: one implementation on columns, one on numbers."""

    def number(self, value: float) -> Any: ...
    def divide(self, left: Any, right: Any) -> Any: ...
    def growth(self, now: Any, before: Any) -> Any: ...
    def compare(self, operator: str, left: Any, right: Any) -> Any: ...
    def least(self, values: list[Any]) -> Any: ...
    def greatest(self, values: list[Any]) -> Any: ...
    def power(self, value: Any, exponent: float) -> Any: ...
    def root(self, value: Any, degree: float) -> Any: ...
    def log(self, value: Any) -> Any: ...
    def if_else(self, condition: Any, yes: Any, no: Any) -> Any: ...
    def known(self, value: Any) -> Any: ...


@dataclass(frozen=True)
class Scope:
    """What a formula is evaluated in.

    ``value`` gives the value of a leaf, ``unit`` the unit of a name, ``members`` the quantities of a family
    (the name itself when it is a quantity).
    """

    value: Callable[[Leaf], Any]
    unit: Callable[[str], str]
    members: Callable[[str], tuple[str, ...]]
    units: Units
    arithmetic: Arithmetic


@dataclass(frozen=True)
class Result:
    """Values (one, or one per member of a family) with their unit."""

    values: tuple[Any, ...]
    unit: str
    keys: tuple[str, ...] = ("",)


@dataclass(frozen=True, order=True)
class Leaf:
    """A name, ``lag`` years back."""

    name: str
    lag: int = 0

    def leaves(self) -> Iterator[Leaf]:
        yield self

    def families(self) -> Iterator[str]:
        return iter(())

    def sentence(self, names: Mapping[str, Text], language: Language) -> str:
        return names[self.name].in_language(language) if self.name in names else self.name

    def evaluate(self, scope: Scope) -> Result:
        members = scope.members(self.name)
        if not members:
            raise FormulaError(f"{self.name} is neither a quantity nor a family")
        units = {scope.unit(member) for member in members}
        if len(units) > 1:
            raise FormulaError(f"the family {self.name} has several units: {', '.join(sorted(units))}")
        values = tuple(scope.value(Leaf(member, self.lag)) for member in members)
        return Result(values, units.pop(), members if len(members) > 1 or members[0] != self.name else ("",))


@dataclass(frozen=True)
class Number:
    """A number without unit."""

    value: float

    def leaves(self) -> Iterator[Leaf]:
        return iter(())

    def families(self) -> Iterator[str]:
        return iter(())

    def sentence(self, names: Mapping[str, Text], language: Language) -> str:
        return printed(self.value).replace("-", "−")

    def evaluate(self, scope: Scope) -> Result:
        return Result((scope.arithmetic.number(self.value),), DIMENSIONLESS)


@dataclass(frozen=True)
class Sign:
    """Minus something."""

    operand: Node

    def leaves(self) -> Iterator[Leaf]:
        return self.operand.leaves()

    def families(self) -> Iterator[str]:
        return self.operand.families()

    def sentence(self, names: Mapping[str, Text], language: Language) -> str:
        return f"−{_grouped(self.operand, names, language)}"

    def evaluate(self, scope: Scope) -> Result:
        inner = self.operand.evaluate(scope)
        return Result(tuple(-value for value in inner.values), inner.unit, inner.keys)


@dataclass(frozen=True)
class Binary:
    """Two sides joined by + − * /."""

    operator: str
    left: Node
    right: Node

    def leaves(self) -> Iterator[Leaf]:
        yield from self.left.leaves()
        yield from self.right.leaves()

    def families(self) -> Iterator[str]:
        yield from self.left.families()
        yield from self.right.families()

    def sentence(self, names: Mapping[str, Text], language: Language) -> str:
        sign = {"+": "+", "-": "−", "*": "×", "/": "÷"}[self.operator]
        return f"{self._side(self.left, names, language)} {sign} {self._side(self.right, names, language, True)}"

    def _side(self, node: Node, names: Mapping[str, Text], language: Language, right: bool = False) -> str:
        words = node.sentence(names, language)
        if isinstance(node, Binary):
            product = node.operator in "*/"
            weaker = (self.operator in "*/" and not product) or (right and not (product and self.operator in "+-"))
            return f"({words})" if weaker else words
        return f"({words})" if right and words.startswith("−") else words

    def evaluate(self, scope: Scope) -> Result:
        left, right = self.left.evaluate(scope), self.right.evaluate(scope)
        if self.operator in "+-":
            right = _in_unit(right, left.unit, scope, self.operator)
            unit = left.unit
        else:
            unit = combined(left.unit, right.unit, 1 if self.operator == "*" else -1)
        pairs, keys = _paired(left, right)
        return Result(tuple(self._apply(a, b, scope) for a, b in pairs), unit, keys)

    def _apply(self, left: Any, right: Any, scope: Scope) -> Any:
        if self.operator == "+":
            return left + right
        if self.operator == "-":
            return left - right
        return left * right if self.operator == "*" else scope.arithmetic.divide(left, right)


@dataclass(frozen=True)
class Compare:
    """A comparison: stands only as the condition of if_else."""

    operator: str
    left: Node
    right: Node

    def leaves(self) -> Iterator[Leaf]:
        yield from self.left.leaves()
        yield from self.right.leaves()

    def families(self) -> Iterator[str]:
        yield from self.left.families()
        yield from self.right.families()

    def sentence(self, names: Mapping[str, Text], language: Language) -> str:
        sign = {"<=": "≤", ">=": "≥", "==": "="}.get(self.operator, self.operator)
        return f"{self.left.sentence(names, language)} {sign} {self.right.sentence(names, language)}"

    def evaluate(self, scope: Scope) -> Result:
        left = self.left.evaluate(scope)
        right = self.right.evaluate(scope)
        if not isinstance(self.right, Number):
            right = _in_unit(right, left.unit, scope, self.operator)
        pairs, keys = _paired(left, right)
        return Result(tuple(scope.arithmetic.compare(self.operator, a, b) for a, b in pairs), "condition", keys)


@dataclass(frozen=True)
class Aggregate:
    """The total or average over the members of a family."""

    function: str
    operand: Node

    def leaves(self) -> Iterator[Leaf]:
        return self.operand.leaves()

    def families(self) -> Iterator[str]:
        yield from (leaf.name for leaf in self.operand.leaves())

    def sentence(self, names: Mapping[str, Text], language: Language) -> str:
        words = {"total": ("合计", "total"), "average": ("平均", "average")}[self.function]
        inner = self.operand.sentence(names, language)
        return (
            f"{inner}的{words[0]}"
            if language == "zh" and isinstance(self.operand, Leaf)
            else (f"{words[0] if language == 'zh' else words[1]}({inner})")
        )

    def evaluate(self, scope: Scope) -> Result:
        inner = self.operand.evaluate(scope)
        if inner.keys == ("",):
            raise FormulaError(f"{self.function} needs a family, not a single quantity")
        value = inner.values[0]
        for each in inner.values[1:]:
            value = value + each
        if self.function == "average":
            value = value / len(inner.values)
        return Result((value,), inner.unit)


@dataclass(frozen=True)
class Call:
    """A function of values. ``previous`` and ``growth`` hold operands that already look back."""

    function: str
    operands: tuple[Node, ...]
    years: int = field(default=0)

    def leaves(self) -> Iterator[Leaf]:
        for operand in self.operands:
            yield from operand.leaves()

    def families(self) -> Iterator[str]:
        for operand in self.operands:
            yield from operand.families()

    def sentence(self, names: Mapping[str, Text], language: Language) -> str:
        parts = [operand.sentence(names, language) for operand in self.operands]
        words = _WORDS[self.function][language]
        if self.function in ("least", "greatest"):
            return words[0].format("、".join(parts) if language == "zh" else ", ".join(parts))
        if self.function in ("previous", "growth", "power", "root"):
            parts[0] = _grouped(self.operands[0], names, language)
        return words[self.years > 1].format(*parts, years=self.years)

    def evaluate(self, scope: Scope) -> Result:
        results = [operand.evaluate(scope) for operand in self.operands]
        if self.function == "previous":
            return results[0]
        if self.function == "growth":
            return _growth(results[0], results[1], scope)
        second = self.operands[1] if self.function in ("power", "root") else None
        return _scalar_call(self.function, results, second.value if isinstance(second, Number) else 1.0, scope)


# How a function is said; of two ways, the first is for one year and the second for several.
_WORDS: dict[str, dict[Language, tuple[str, ...]]] = {
    "previous": {
        "zh": ("上年的{0}", "{years} 年前的{0}"),
        "en": ("{0} of the year before", "{0} of {years} years before"),
    },
    "growth": {
        "zh": ("{0}的年增长率", "{0}的 {years} 年增长率"),
        "en": ("yearly growth of {0}", "growth of {0} over {years} years"),
    },
    "least": {"zh": ("{0}中的最小值",), "en": ("the least of {0}",)},
    "greatest": {"zh": ("{0}中的最大值",), "en": ("the greatest of {0}",)},
    "power": {"zh": ("{0}的 {1} 次方",), "en": ("{0} to the power of {1}",)},
    "root": {"zh": ("{0}的 {1} 次方根",), "en": ("root of degree {1} of {0}",)},
    "log": {"zh": ("ln({0})",), "en": ("ln({0})",)},
    "known": {"zh": ("{0}已知",), "en": ("{0} is known",)},
    "if_else": {"zh": ("（若{0}，取{1}，否则取{2}）",), "en": ("({1} if {0}, else {2})",)},
}
Node = Leaf | Number | Sign | Binary | Compare | Aggregate | Call


def _grouped(node: Node, names: Mapping[str, Text], language: Language) -> str:
    words = node.sentence(names, language)
    return f"({words})" if isinstance(node, Binary | Sign) else words


def _growth(now: Result, before: Result, scope: Scope) -> Result:
    pairs, keys = _paired(now, before)
    return Result(tuple(scope.arithmetic.growth(a, b) for a, b in pairs), DIMENSIONLESS, keys)


def _scalar_call(function: str, results: list[Result], exponent: float, scope: Scope) -> Result:
    if any(result.keys != ("",) for result in results):
        raise FormulaError(f"{function} takes single values, not a family")
    arithmetic = scope.arithmetic
    values = [result.values[0] for result in results]
    first = results[0]
    if function in ("least", "greatest"):
        same = [_in_unit(result, first.unit, scope, function).values[0] for result in results]
        return Result(((arithmetic.least if function == "least" else arithmetic.greatest)(same),), first.unit)
    if function == "known":
        return Result((arithmetic.known(values[0]),), "condition")
    if function == "if_else":
        other = _in_unit(results[2], results[1].unit, scope, function)
        return Result((arithmetic.if_else(values[0], values[1], other.values[0]),), results[1].unit)
    if function == "power":
        return Result((arithmetic.power(values[0], exponent),), raised(first.unit, int(exponent)))
    if not scope.units.convertible(first.unit, DIMENSIONLESS):
        raise FormulaError(f"{function} needs a number without unit, found {first.unit}")
    scaled = values[0] * scope.units.multiplier(first.unit, DIMENSIONLESS)
    value = arithmetic.root(scaled, exponent) if function == "root" else arithmetic.log(scaled)
    return Result((value,), DIMENSIONLESS)


def _paired(left: Result, right: Result) -> tuple[list[tuple[Any, Any]], tuple[str, ...]]:
    if left.keys == right.keys:
        return list(zip(left.values, right.values, strict=True)), left.keys
    if left.keys == ("",):
        return [(left.values[0], value) for value in right.values], right.keys
    if right.keys == ("",):
        return [(value, right.values[0]) for value in left.values], left.keys
    raise FormulaError("two different families cannot be combined")


def _in_unit(result: Result, unit: str, scope: Scope, where: str) -> Result:
    if result.unit == unit:
        return result
    try:
        multiplier = scope.units.multiplier(result.unit, unit)
    except UnitError as error:
        raise FormulaError(f"both sides of {where} need one dimension: {error}") from error
    return Result(tuple(value * multiplier for value in result.values), unit, result.keys)
