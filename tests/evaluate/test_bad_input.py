"""Whatever stands in the indicators: a result or a located finding, never a traceback and never NaN unannounced."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from greenpark.engine.schema import conform
from greenpark.evaluate import evaluate, score_findings
from greenpark.model.schemes import Scheme
from greenpark.model.tables import INDICATORS
from tests.evaluate.making import criterion, indicator_table, make_scheme, row

TEXT = {"zh": "组", "en": "group"}
BOUNDS = {"low": 0.8, "high": 1.2, "draws": 300, "source": "S1", "confidence": "low"}
METHODS = ("min_max", "z_score", "percent_rank", "ratio_to_best", "ratio_to_mean")
NUMBERS = ("value", "limit", "ratio", "score", "low", "high", "rank", "rank_low", "rank_high", "ranked")


def ranking(method: str = "min_max") -> Scheme:
    """Three normalised criteria of unknown weight, one linear, one leading value."""
    others = [each for each in METHODS if each != method]
    verdict = {
        "kind": "tree", "scale": 100, "weights": "equal", "unknown_weights": BOUNDS,
        "normalisation": {"chosen": method, "alternatives": others, "source": "S1", "confidence": "low"},
    }  # fmt: skip
    rules: list[dict[str, Any]] = [
        {"kind": "normalised", "better": "higher", "unit": "1"},
        {"kind": "normalised", "better": "lower", "unit": "1"},
        {"kind": "linear", "base": 0, "leading": 10, "unit": "1"},
        {"kind": "leading_value", "better": "lower", "leading": 2, "unit": "1"},
    ]
    criteria = [criterion(name, rule, "scored", weight=None) for name, rule in zip("ABCD", rules, strict=True)]
    return make_scheme(criteria, verdict, groups=[{"id": "G", "title": TEXT, "missing": "incomplete"}])


def judged(scheme: Scheme, table: list[list[float | None]]) -> list[dict[str, Any]]:
    """The scores of entities with these values, looked through for anything unannounced."""
    rows = [
        row(name, value, entity=f"p{place:03d}")
        for place, line in enumerate(table)
        for name, value in zip("abcd", line, strict=True)
    ]
    found = evaluate(indicator_table(rows), [scheme], {}, {})
    told = {(each.entity, rule) for each in score_findings(found) for rule in each.values.get("of", [each.rule])}
    listed: list[dict[str, Any]] = found.to_pylist()
    for each in listed:
        assert all(each[name] is None or math.isfinite(each[name]) for name in NUMBERS)
        assert each["reason"] or each["state"] != "not_evaluable"
        is_open = each["state"] == "not_evaluable" and each["kind"] == "criterion" and not each["variant"]
        assert not is_open or (each["entity"], each["node"]) in told
    return listed


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "table",
    [
        pytest.param([[None] * 4, [None] * 4], id="nothing at all"),
        pytest.param([[1, 2, 3, 4], [None, 2, None, 4]], id="gaps"),
        pytest.param([[5, 5, 5, 5], [5, 5, 5, 5]], id="constant columns"),
        pytest.param([[0, 0, 0, 0], [0, 0, 0, 0]], id="zeros"),
        pytest.param([[0, 1, 0, 0], [1, 0, 10, 2]], id="some zeros"),
        pytest.param([[-1, -2, -3, -4], [-5, 6, -7, 8]], id="negatives"),
        pytest.param([[1e300, 1e-300, 1e300, 1e-300], [-1e300, 1, 1, 1]], id="extremes"),
        pytest.param([[1, 2, 3, 4]], id="one zone"),
    ],
)
def test_odd_columns_give_a_result_or_a_located_finding(method: str, table: list[list[float | None]]) -> None:
    found = judged(ranking(method), table)
    verdicts = [each for each in found if each["node"] == "verdict" and not each["variant"]]
    assert len(verdicts) == len(table)


def test_two_zones_are_ranked_and_one_is_not() -> None:
    two = judged(ranking(), [[1, 2, 3, 4], [2, 1, 4, 3]])
    assert {each["rank"] for each in two if each["node"] == "index" and not each["variant"]} == {1, 2}
    one = judged(make_scheme([criterion("C", {"kind": "linear", "base": 0, "leading": 10, "unit": "1"})],
                             {"kind": "index", "terms": 1, "scale": 100}, extra=("a", "b", "d")), [[1, 2, 3, 4]])  # fmt: skip
    assert {each["rank"] for each in one} == {None}


def test_the_same_entity_twice_is_a_wrong_program_and_stops() -> None:
    """Two rows of one key cannot come out of measuring; the shape of the table is checked, not guessed."""
    with pytest.raises(ValueError, match="repeat the key"):
        indicator_table([row("a", 1.0), row("a", 2.0)])


def test_text_where_a_number_belongs_is_refused_with_the_column_named() -> None:
    data = indicator_table([row("a", 1.0)]).to_pydict() | {"value": ["12 吨"]}
    with pytest.raises(ValueError, match=r"indicators\.value"):
        conform(pa.table(data), INDICATORS, ("run",))


def test_a_hundred_thousand_zones_are_ranked_and_say_how_many_draws_were_taken() -> None:
    size = 100_000
    rng = np.random.default_rng(1)
    names = ("a", "b", "c", "d")
    data = {
        "entity": np.tile([f"z{index:06d}" for index in range(size)], len(names)),
        "indicator": np.repeat([f"s.{name}" for name in names], size),
        "start": pa.array([date(2024, 1, 1)] * size * 4), "end": pa.array([date(2025, 1, 1)] * size * 4),
        "variant": [""] * size * 4, "value": rng.uniform(1, 9, size * 4), "unit": ["1"] * size * 4,
        "coverage": ["boundary"] * size * 4, "status": ["ok"] * size * 4, "confidence": ["high"] * size * 4,
    }  # fmt: skip
    table = conform(pa.table(data), INDICATORS, ("run",), keyed=True)
    verdict = {"kind": "tree", "scale": 100, "weights": "equal", "unknown_weights": BOUNDS}
    rule = {"kind": "linear", "base": 0, "leading": 10, "unit": "1"}
    scheme = make_scheme(
        [criterion(name, rule, "scored", weight=None) for name in "ABCD"], verdict, groups=[{"id": "G", "title": TEXT}]
    )
    found = evaluate(table, [scheme], {}, {})
    index = found.filter(pa.compute.equal(found.column("node"), "index"))
    assert index.num_rows == size
    assert set(index.column("ranked").to_pylist()) == {size}
    assert '"draws": 200' in index.column("detail")[0].as_py()
