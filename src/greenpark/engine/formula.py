"""Formulas: a small subset of Python expressions, read with ``ast`` and an allow-list.

One parse gives the names a formula needs, its unit, a sentence in both languages and, through ``evaluate``,
a column. Nothing of a formula is ever executed as Python.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from greenpark.engine.formula_tree import (
    Aggregate,
    Binary,
    Call,
    Compare,
    FormulaError,
    Leaf,
    Node,
    Number,
    Sign,
)
from greenpark.model.text import Language, Text

MAX_LENGTH = 600
MAX_DEPTH = 24
MAX_LAG = 10
MAX_NUMBER = 1e15
MAX_EXPONENT = 10

_ODD = re.compile(r"[^ -~\s]|#")
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==",
}  # fmt: skip
_ARITY: dict[str, tuple[int, int]] = {
    "previous": (1, 2), "growth": (1, 2), "total": (1, 1), "average": (1, 1), "least": (2, 8), "greatest": (2, 8),
    "power": (2, 2), "root": (2, 2), "log": (1, 1), "if_else": (3, 3), "known": (1, 1),
}  # fmt: skip


@dataclass(frozen=True)
class Formula:
    """A parsed formula.

    ``leaves`` are the (name, years back) pairs whose values it needs; a family stands for all its members.
    """

    text: str
    tree: Node

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """The names with their lags, sorted, each once."""
        return tuple(sorted(set(self.tree.leaves())))

    @property
    def names(self) -> tuple[str, ...]:
        """The names, sorted, each once."""
        return tuple(sorted({leaf.name for leaf in self.leaves}))

    @property
    def families(self) -> tuple[str, ...]:
        """The names that stand inside ``total`` or ``average`` and may be families."""
        return tuple(sorted(set(self.tree.families())))

    def sentence(self, names: Mapping[str, Text], language: Language) -> str:
        """The formula in words."""
        return self.tree.sentence(names, language)


@lru_cache(maxsize=1024)
def parse_formula(text: str) -> Formula:
    """Read a formula.

    Raises
    ------
    FormulaError
        With what is not allowed and where.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"longer than {MAX_LENGTH} characters")
    odd = _ODD.search(text)
    if odd:  # Python would fold other letters into these, and cut a comment off
        raise FormulaError(f"the character {odd[0]!r} is not allowed in a formula")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python has opinions on some of what is refused below
            tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FormulaError(f"cannot be read: {error}") from error
    formula = Formula(text, _node(tree.body, 0, 0))
    if not formula.leaves:
        raise FormulaError("names no quantity")
    return formula


def _node(node: ast.expr, lag: int, depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise FormulaError(f"nested deeper than {MAX_DEPTH}")
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return Binary(_OPERATORS[type(node.op)], _node(node.left, lag, depth + 1), _node(node.right, lag, depth + 1))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        operand = _node(node.operand, lag, depth + 1)
        return Number(-operand.value) if isinstance(operand, Number) else Sign(operand)
    if isinstance(node, ast.Compare):
        raise FormulaError(f"{ast.unparse(node)[:60]!r}: a comparison stands only as the condition of if_else")
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return _number(node.value)
    if isinstance(node, ast.Name | ast.Attribute):
        return Leaf(_dotted(node), lag)
    if isinstance(node, ast.Call):
        return _call(node, lag, depth)
    raise FormulaError(f"{ast.unparse(node)[:60]!r} is not allowed in a formula")


def _number(value: float) -> Number:
    if not abs(value) <= MAX_NUMBER:  # a whole number may be too large to be said as another
        raise FormulaError(f"a number is larger than {MAX_NUMBER:g}")
    return Number(float(value))


def _dotted(node: ast.expr) -> str:
    last = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else "x"
    if not _NAME.fullmatch(last):
        raise FormulaError(f"{last[:60]!r} is no name of a quantity: small letters, digits, single underscores")
    if isinstance(node, ast.Name):
        if last in _ARITY:
            raise FormulaError(f"{last} is a function: write {last}(…)")
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    raise FormulaError(f"{ast.unparse(node)[:60]!r} is not a name")


def _call(node: ast.Call, lag: int, depth: int) -> Node:
    if not isinstance(node.func, ast.Name) or node.func.id not in _ARITY or node.keywords:
        raise FormulaError(f"{ast.unparse(node)[:60]!r}: functions are {', '.join(sorted(_ARITY))}")
    name = node.func.id
    fewest, most = _ARITY[name]
    if not fewest <= len(node.args) <= most:
        raise FormulaError(f"{name} takes {fewest} to {most} arguments, found {len(node.args)}")
    if name in ("previous", "growth"):
        return _time_call(name, node, lag, depth)
    if name == "known":
        raise FormulaError("known stands only as the condition of if_else")
    if name == "if_else":
        yes, no = (_node(each, lag, depth + 1) for each in node.args[1:])
        return Call(name, (_condition(node.args[0], lag, depth + 1), yes, no))
    arguments = tuple(_node(each, lag, depth + 1) for each in node.args)
    if name in ("total", "average"):
        return Aggregate(name, arguments[0])
    if name in ("power", "root"):
        _check_exponent(name, arguments[1])
    return Call(name, arguments)


def _condition(node: ast.expr, lag: int, depth: int) -> Node:
    """The first argument of if_else: a comparison, or known(a quantity)."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARISONS:
        left, right = _node(node.left, lag, depth + 1), _node(node.comparators[0], lag, depth + 1)
        return Compare(_COMPARISONS[type(node.ops[0])], left, right)
    is_known = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "known"
    if not (is_known and isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords):
        raise FormulaError("the first argument of if_else is a comparison or known(…)")
    name = _node(node.args[0], lag, depth + 1)
    if not isinstance(name, Leaf):
        raise FormulaError("known takes the name of a quantity")
    return Call("known", (name,))


def _check_exponent(name: str, exponent: Node) -> None:
    if not isinstance(exponent, Number):
        raise FormulaError(f"the second argument of {name} is a number")
    if name == "root" and not 0 < exponent.value <= MAX_EXPONENT:
        raise FormulaError(f"the degree of a root is a number above 0 and up to {MAX_EXPONENT}")
    if name == "power" and not (exponent.value.is_integer() and abs(exponent.value) <= MAX_EXPONENT):
        raise FormulaError(f"an exponent is a whole number from -{MAX_EXPONENT} to {MAX_EXPONENT}")


def _time_call(name: str, node: ast.Call, lag: int, depth: int) -> Node:
    years = 1
    if len(node.args) == 2:
        second = node.args[1]
        if not (isinstance(second, ast.Constant) and type(second.value) is int and 1 <= second.value <= MAX_LAG):
            raise FormulaError(f"the years of {name} are a whole number from 1 to {MAX_LAG}")
        years = second.value
    if lag + years > MAX_LAG:
        raise FormulaError(f"looks back more than {MAX_LAG} years")
    before = _node(node.args[0], lag + years, depth + 1)
    if name == "previous":
        return Call("previous", (before,), years)
    return Call("growth", (_node(node.args[0], lag, depth + 1), before), years)
