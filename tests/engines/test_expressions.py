"""Every kind of expression that greenpark uses gives the same rows on DuckDB and on the Spark cluster."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from greenpark.engine.connect import Engine
from tests.engines import expressions_of_columns, expressions_of_tables
from tests.engines.comparing import differences
from tests.engines.expressions import EXPRESSIONS
from tests.engines.made_tables import Made, make_tables

MODULES = (expressions_of_tables, expressions_of_columns)  # imported for the expressions they enter

Side = tuple[Engine, Made]


@pytest.fixture(scope="module")
def sides(spark_master: str) -> Iterator[tuple[Side, Side]]:
    """Both engines with the same tables."""
    engines = Engine(), Engine(spark_master)
    yield tuple((engine, make_tables(engine)) for engine in engines)  # type: ignore[misc]
    for engine in engines:
        engine.close()


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_same_rows_on_both_engines(name: str, sides: tuple[Side, Side]) -> None:
    expression = EXPRESSIONS[name]
    results = [engine.to_arrow(expression.build(made)) for engine, made in sides]
    assert results[0].num_rows
    assert differences(*results, ordered=expression.ordered) == []


def test_there_are_some_sixty_expressions() -> None:
    assert len(EXPRESSIONS) >= 60
