"""The list of expressions that both engines must answer alike; each is a function of the made tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.engines.made_tables import Made

Build = Callable[[Made], Any]


@dataclass(frozen=True)
class Expression:
    """A function that builds an Ibis table, and whether the order of its rows is part of the answer."""

    build: Build
    ordered: bool = False


EXPRESSIONS: dict[str, Expression] = {}


def expression(build: Build) -> Build:
    """Enter an expression under the name of its function."""
    EXPRESSIONS[build.__name__] = Expression(build)
    return build


def ordered_expression(build: Build) -> Build:
    """Enter an expression whose rows come in an order."""
    EXPRESSIONS[build.__name__] = Expression(build, ordered=True)
    return build
