"""A product of factors as it is written for a table: ``co2 = sum(va) * va/sum(va) * energy/va * co2/energy``.

Factors are separated by ``*``. A factor is a column, a number, a quotient of these, or ``sum(column)`` over all rows of a
period, ``sum(column, key)`` over the rows that share a key. Names with other signs stand in quotation marks.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from greenpark.measure.drivers.lmdi import Floats

MAX_LENGTH = 2000
MAX_FACTORS = 20
MAX_DEPTH = 20


class FactorsError(ValueError):
    """A formula that cannot be read; its text says which part."""


@dataclass(frozen=True)
class Factors:
    """``value``: the column of the total, empty when none is named; ``texts`` name the factors as written."""

    value: str
    texts: tuple[str, ...]
    trees: tuple[ast.expr, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns with numbers, in the order in which they are met."""
        found = dict.fromkeys(name for tree in self.trees for name in _columns(tree))
        return tuple(dict.fromkeys([*([self.value] if self.value else []), *found]))

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that ``sum`` groups by."""
        return tuple(dict.fromkeys(name for tree in self.trees for name in _keys(tree)))


def parse_factors(text: str) -> Factors:
    """Read a formula.

    Raises
    ------
    FactorsError
        With the part that is not allowed.
    """
    left, equals, right = text.rpartition("=")
    parts = [part.strip() for part in _split(right if equals else text)]
    if len(text) > MAX_LENGTH or len(parts) > MAX_FACTORS:
        raise FactorsError(text[:60])
    trees = []
    for part in parts:
        try:
            tree = ast.parse(part, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise FactorsError(part[:60]) from error
        _check(tree, 0)
        trees.append(tree)
    found = Factors(left.strip().strip("'\""), tuple(parts), tuple(trees))
    if not any(True for tree in trees for _ in _columns(tree)):
        raise FactorsError(text[:60])
    return found


def evaluate(tree: ast.expr, column: Callable[[str], Floats], group: Callable[[str, str], Floats]) -> Floats:
    """A factor [cell]; 0/0 is NaN, another number over zero infinite.

    Parameters
    ----------
    group
        The sum of a column over the cells that share a key; an empty key: over all.
    """
    if isinstance(tree, ast.BinOp):
        left, right = evaluate(tree.left, column, group), evaluate(tree.right, column, group)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return np.asarray(left / right if isinstance(tree.op, ast.Div) else left * right, dtype=float)
    if isinstance(tree, ast.Call):
        names = [_name(each) for each in tree.args]
        return group(names[0], names[1] if len(names) > 1 else "")
    if isinstance(tree, ast.Constant) and not isinstance(tree.value, str):
        return np.asarray(float(str(tree.value)))
    return column(_name(tree))


def _split(text: str) -> list[str]:
    """The parts between ``*`` that stand in no brackets and no quotation marks."""
    parts, depth, quote = [""], 0, ""
    for sign in text:
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        depth += (sign == "(") - (sign == ")") if not quote else 0
        if sign == "*" and not depth and not quote:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def _check(tree: ast.expr, depth: int) -> None:
    allowed = depth <= MAX_DEPTH
    if isinstance(tree, ast.BinOp):
        allowed &= isinstance(tree.op, ast.Div | ast.Mult)
        _check(tree.left, depth + 1)
        _check(tree.right, depth + 1)
    elif isinstance(tree, ast.Call):
        called = isinstance(tree.func, ast.Name) and tree.func.id == "sum" and not tree.keywords
        allowed &= called and 1 <= len(tree.args) <= 2 and all(map(_is_name, tree.args))
    elif isinstance(tree, ast.Constant):
        allowed &= isinstance(tree.value, str | int | float) and not isinstance(tree.value, bool)
    else:
        allowed &= isinstance(tree, ast.Name)
    if not allowed:
        raise FactorsError(ast.unparse(tree)[:60])


def _is_name(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Name) or (isinstance(tree, ast.Constant) and isinstance(tree.value, str))


def _name(tree: ast.expr) -> str:
    return tree.id if isinstance(tree, ast.Name) else str(tree.value) if isinstance(tree, ast.Constant) else ""


def _columns(tree: ast.expr) -> Iterator[str]:
    if isinstance(tree, ast.BinOp):
        yield from _columns(tree.left)
        yield from _columns(tree.right)
    elif isinstance(tree, ast.Call):
        yield _name(tree.args[0])
    elif _is_name(tree):
        yield _name(tree)


def _keys(tree: ast.expr) -> Iterator[str]:
    if isinstance(tree, ast.BinOp):
        yield from _keys(tree.left)
        yield from _keys(tree.right)
    elif isinstance(tree, ast.Call) and len(tree.args) > 1:
        yield _name(tree.args[1])


def plain_name(text: Any) -> str:
    """A column's name as it is written in a formula."""
    word = str(text)
    return word if word.isidentifier() else f'"{word}"'
