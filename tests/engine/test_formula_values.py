"""A formula gives the same on a column of an engine and on plain numbers."""

import math

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpark.engine.connect import Engine
from greenpark.engine.formula import MAX_LENGTH, parse_formula
from greenpark.engine.formula_tree import FormulaError, Leaf
from greenpark.engine.formula_values import check_formula, evaluate_column, evaluate_numbers
from tests.engine.formula_park import UNITS, members_of, unit_of

PLAIN = ("waste.used", "waste.made", "pollutant.cod", "total(pollutant)", "average(pollutant)", "previous(waste.used)")
NUMBERS = ("0", "1", "2", "0.5", "-3", "1000")
values = st.none() | st.sampled_from([0.0, 1.0, -1.0, 5.0, 1e-6]) | st.floats(-1e6, 1e6)


def grown(inner):
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map("({0[0]} + {0[1]})".format),
        pairs.map("({0[0]} - {0[1]})".format),
        pairs.map("least({0[0]}, {0[1]})".format),
        pairs.map("greatest({0[0]}, {0[1]})".format),
        st.tuples(inner, st.sampled_from(NUMBERS)).map("({0[0]} * {0[1]})".format),
        st.tuples(inner, st.sampled_from(NUMBERS)).map("({0[0]} / {0[1]})".format),
        st.tuples(inner, inner, inner).map("({0[0]} * {0[1]} / {0[2]})".format),
        st.tuples(inner, inner).map("({0[0]} * growth({0[1]}))".format),
        st.tuples(inner, inner).map("({0[0]} * root({0[1]} / {0[0]}, 2))".format),
        st.tuples(inner, inner).map("({0[0]} * log({0[1]} / {0[0]}))".format),
        st.tuples(inner, inner).map("(power({0[0]}, 2) / {0[1]})".format),
        st.tuples(inner, inner).map("(power({0[0]}, -1) * {0[1]} * {0[1]})".format),
        st.tuples(inner, inner, inner).map("if_else({0[0]} < {0[1]}, {0[2]}, {0[0]})".format),
        st.tuples(inner, inner).map("if_else(known(waste.made), {0[0]}, {0[1]})".format),
        inner.map("(-{0})".format),
    )


formulas = st.recursive(st.sampled_from(PLAIN), grown, max_leaves=6)


@pytest.fixture(scope="module")
def engine():
    opened = Engine("duckdb")
    yield opened
    opened.close()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_column_and_number_agree(engine, data):
    text = data.draw(formulas.filter(lambda each: len(each) <= MAX_LENGTH))
    try:
        formula = parse_formula(text)
        check_formula(formula, unit_of, members_of, UNITS, "t")
    except FormulaError:
        return  # deeper than allowed
    leaves = sorted({Leaf(member, leaf.lag) for leaf in formula.leaves for member in members_of(leaf.name)})
    numbers = {leaf: data.draw(values) for leaf in leaves}
    columns = {leaf: f"v{number}" for number, leaf in enumerate(leaves)}
    table = ibis.memtable(
        [{columns[leaf]: value for leaf, value in numbers.items()}], schema=dict.fromkeys(columns.values(), "float64")
    )
    column = evaluate_column(formula, lambda leaf: table[columns[leaf]], unit_of, members_of, UNITS, "t")
    found = engine.backend.to_pyarrow(table.select(found=column.cast("float64"))).column("found")[0].as_py()
    found = None if found is None or not math.isfinite(found) else found
    expected = evaluate_numbers(formula, numbers, unit_of, members_of, UNITS, "t")
    assert found == (None if expected is None else pytest.approx(expected, rel=1e-9, abs=1e-12)), text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("waste.used / (waste.used - waste.used) * waste.used", None),
        ("if_else(1 < 2, waste.used, waste.made)", 4.0),
        ("least(2, 3) * waste.used", 8.0),
        ("waste.used * (1 / 0)", None),
        ("waste.used * growth(waste.made)", None),
    ],
)
def test_numbers_alone_work_in_columns_too(engine, text, expected):
    table = ibis.memtable([{"a": 4.0, "b": 6.0, "c": 0.0}])
    names = {Leaf("waste.used"): "a", Leaf("waste.made"): "b", Leaf("waste.made", 1): "c"}
    column = evaluate_column(parse_formula(text), lambda leaf: table[names[leaf]], unit_of, members_of, UNITS, "t")
    assert engine.backend.to_pyarrow(table.select(found=column)).column("found")[0].as_py() == expected
