"""Formulas: a small subset of Python expressions, read with ``ast`` and an allow-list.

One parse gives the names a formula needs, its unit, a sentence in both languages and, through ``evaluate``,
a column. Nothing of a formula is ever executed as Python.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

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


def parse_formula(text: str) -> Formula:
    """Read a formula.

    Raises
    ------
    FormulaError
        With what is not allowed and where.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"longer than {MAX_LENGTH} characters")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FormulaError(f"cannot be read: {error}") from error
    return Formula(text, _node(tree.body, 0, 0))


def _node(node: ast.expr, lag: int, depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise FormulaError(f"nested deeper than {MAX_DEPTH}")
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return Binary(
            _OPERATORS[type(node.op)], _node(node.left, lag, depth + 1), _node(node.right, lag, depth + 1)
        )
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return Sign(_node(node.operand, lag, depth + 1))
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARISONS:
        left, right = _node(node.left, lag, depth + 1), _node(node.comparators[0], lag, depth + 1)
        return Compare(_COMPARISONS[type(node.ops[0])], left, right)
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return _number(float(node.value))
    if isinstance(node, ast.Name | ast.Attribute):
        return Leaf(_dotted(node), lag)
    if isinstance(node, ast.Call):
        return _call(node, lag, depth)
    raise FormulaError(f"{ast.unparse(node)[:60]!r} is not allowed in a formula")


def _number(value: float) -> Number:
    if not abs(value) <= MAX_NUMBER:
        raise FormulaError(f"the number {value} is too large")
    return Number(value)


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
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
    arguments = tuple(_node(each, lag, depth + 1) for each in node.args)
    if name in ("total", "average"):
        return Aggregate(name, arguments[0])
    if name in ("power", "root") and not isinstance(arguments[1], Number):
        raise FormulaError(f"the second argument of {name} is a number")
    if name == "if_else" and not isinstance(arguments[0], Compare | Call):
        raise FormulaError("the first argument of if_else is a comparison or known(…)")
    if name == "known" and not isinstance(arguments[0], Leaf):
        raise FormulaError("known takes the name of a quantity")
    return Call(name, arguments)


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
