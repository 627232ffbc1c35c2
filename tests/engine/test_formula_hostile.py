"""Nothing of a formula is executed: whatever is not on the list is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpark.engine.formula import parse_formula
from greenpark.engine.formula_tree import FormulaError
from greenpark.engine.formula_values import check_formula
from greenpark.engine.units import UnitError
from tests.engine.formula_park import UNITS, members_of, unit_of

HOSTILE = [
    "", " ", "1", "1 + 2", "1e400 * waste.used", "9" * 400 + " * waste.used", "1e16 * waste.used",
    "import os", "__import__('os')", "__import__('os').system('true')", "exec('1')", "eval('1')", "open('x')",
    "waste.used; waste.made", "waste.used\nwaste.made", "x = 1", "del waste", "lambda: 1", "(lambda x: x)(waste.used)",
    "[waste.used for waste in (1, 2)]", "{waste.used}", "{1: waste.used}", "(waste.used, 1)", "[waste.used]",
    "{x for x in waste}", "(x for x in waste)", "f'{waste.used}'", "'text'", "b'text'", "waste.used if 1 else 2",
    "(x := waste.used)", "total(*waste)", "least(*waste.used, 1)", "least(**waste)", "least(waste.used, b=1)",
    "10**10**10 * waste.used", "waste.used ** 2", "waste.used // 2", "waste.used % 2", "waste.used @ waste.made",
    "waste.used & 1", "waste.used | 1", "waste.used ^ 1", "~waste.used", "+waste.used", "not waste.used", "waste.used << 1",
    "waste.used and waste.made", "waste.used or 1", "waste.used in waste.made", "waste.used is waste.made", "waste.used != 1",
    "waste.__class__", "waste.used.__class__.__bases__", "().__class__", "''.join(waste)", "waste._used", "_waste.used",
    "waste.used()", "waste.used(1)", "waste.used[0]", "waste[0].used", "total(waste)(1)", "total.waste(1)",
    "1j * waste.used", "True * waste.used", "None", "...", "waste.used * ...", "await waste.used", "yield waste.used",
    "waste.used # remark", "waste.used \\\n", "\x00waste.used", "waste.used\x00", "ｗａｓｔｅ.used", "waste．used", "废物 / waste.used",
    "waste.usеd", "“waste.used”", "waste.used × 2", "Waste.used", "waste.used.", ".used", "waste..used", "waste used",
    "print(waste.used)", "sum(waste.used)", "min(waste.used, 1)", "abs(waste.used)", "getattr(waste, 'used')", "globals()",
    "average", "total", "growth", "previous", "average + waste.used", "total()", "average()", "total(waste, pollutant)",
    "growth()", "growth(waste.used, 0)", "growth(waste.used, -1)", "growth(waste.used, 1.5)", "growth(waste.used, waste.made)",
    "growth(waste.used, True)", "previous(waste.used, 1, 2)", "least(waste.used)", "greatest()", "power(waste.used)",
    "power(waste.used, 0.5)", "power(waste.used, 1000000)", "power(waste.used, waste.made)", "root(waste.used / waste.made, 0)",
    "root(waste.used / waste.made, -2)", "root(waste.used / waste.made, 1e9)", "log()", "log(waste.used, 2)",
    "known(waste.used)", "known(waste.used) + 1", "growth(known(waste.used))", "if_else(waste.used, 1, 2)",
    "if_else(1, waste.used, waste.made)", "if_else(known(1), waste.used, 1)", "if_else(known(waste.used + 1), 1, 2)",
    "if_else(previous(waste.used), 1, 2)", "if_else(1 < waste.used < 2, 1, 2)", "if_else(waste.used < 1 < 2, 1, 2)",
    "waste.used < waste.made", "total(pollutant > 1)", "growth(waste.used > 1)", "least(waste.used > 1, 2)",
    "if_else(waste.used > 1, waste.used > 2, waste.made)", "if_else(not known(waste.used), 1, 2)",
    "(" * 300 + "waste.used" + ")" * 300, "-" * 300 + "waste.used", "total(" * 30 + "waste" + ")" * 30, "waste" + ".used" * 200,
    "waste.used" + "+waste.used" * 100,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_refused(text):
    with pytest.raises(FormulaError):
        check_formula(parse_formula(text), unit_of, members_of, UNITS, "1")


WORDS = [
    "waste.used", "waste.made", "pollutant", "energy.total", "1", "0", "2.5", "1e300", "+", "-", "*", "/", "**", "(", ")", ",", "<", ">=",
    "==", "total(", "average(", "growth(", "previous(", "least(", "power(", "root(", "log(", "if_else(", "known(", "lambda", ":", "[", "]",
    "__class__", ".", "for", "in", "if", "else", ":=", "'", "#", "\n", "中", "\x00",
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join) | st.text(max_size=80))
def test_any_text_is_a_formula_or_a_formula_error(text):
    """Neither crash nor number without unit, whatever the text."""
    try:
        formula = parse_formula(text)
        found = check_formula(formula, unit_of, members_of, UNITS, "1")
    except (FormulaError, UnitError):
        return
    assert UNITS.known(found)
    assert formula.sentence({}, "zh")
