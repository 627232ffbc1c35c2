"""Weighted trees, weights that are not public, normalisations, standings and ranks; numbers worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from greenpark.evaluate import Context, evaluate
from tests.evaluate.making import criterion, indicator_table, make_scheme, node, row, scores

SHARE = {"kind": "linear", "base": 0, "leading": 1, "unit": "1", "outside": "open"}
TEXT = {"zh": "组", "en": "group"}
BOUNDS = {"low": 0.8, "high": 1.2, "draws": 500, "seed": 7, "source": "S1", "confidence": "low"}


def group(name: str, weight: float | None = 1.0, **other: Any) -> dict[str, Any]:
    return {"id": name, "title": TEXT, "weight": weight} | other


def term(name: str, weight: float | None = 1.0, inside: str = "G", rule: Any = None, **other: Any) -> dict[str, Any]:
    return criterion(name, rule or SHARE, "scored", weight=weight, group=inside, **other)


def tree(criteria: list[Any], groups: list[Any] | None = None, extra: Any = (), **verdict: Any) -> Any:
    stated = {"kind": "tree", "scale": 100, "weights": "equal"} | verdict
    more = extra if isinstance(extra, dict) else {}
    return make_scheme(criteria, stated, groups=groups or [group("G")], **more)


def values(**entities: list[float | None]) -> list[Any]:
    """One row per entity and criterion a, b, c …"""
    return [
        row(name, value, entity=entity)
        for entity, listed in entities.items()
        for name, value in zip("abcdef", listed, strict=False)
    ]


def score(scheme: Any, *listed: float | None) -> Any:
    return node(scores(scheme, values(park=list(listed))), "index")


# ---------------------------------------------------------------- aggregation
def test_an_arithmetic_tree_is_the_weighted_mean_of_weighted_means() -> None:
    """G1 = (2·0.6 + 1·0.3)/3 = 0.5; G2 = 0.9; whole = (25·0.5 + 75·0.9)/100 = 0.8."""
    scheme = tree(
        [term("A", 2, "G1"), term("B", 1, "G1"), term("C", 1, "G2")],
        [group("G1", 25), group("G2", 75)],
        weights="stated",
    )
    found = scores(scheme, values(park=[0.6, 0.3, 0.9]))
    assert node(found, "G1")["score"] == 50
    assert node(found, "index")["score"] == 80


def test_a_geometric_tree_is_the_root_of_the_product_and_zero_where_one_term_is() -> None:
    """(0.2 · 0.4 · 0.8)^(1/3) = 0.064^(1/3) = 0.4."""
    scheme = tree([term("A"), term("B"), term("C")], [group("G", aggregation="geometric")])
    assert score(scheme, 0.2, 0.4, 0.8)["score"] == pytest.approx(40)
    assert score(scheme, 0.0, 0.4, 0.8)["score"] == 0
    assert score(scheme, -0.1, 0.4, 0.8)["state"] == "not_evaluable"


def test_points_are_weights_that_are_summed() -> None:
    """8 points in full and half of 6: 11."""
    scheme = tree([term("A", 8), term("B", 6)], [group("G", aggregation="sum")], scale=1, aggregation="sum")
    assert score(scheme, 1.0, 0.5)["score"] == 11


def test_the_lowest_term_may_decide() -> None:
    assert score(tree([term("A"), term("B")], [group("G", aggregation="lowest")]), 0.7, 0.3)["score"] == 30


# ---------------------------------------------------------------- terms without a value
@pytest.mark.parametrize(
    ("missing", "expected"),
    # Weights 1, 2, 5 of which C (5) is missing, A = 0.9, B = 0.3.
    # leave_out: (0.9 + 0.6)/3 = 0.5. spread_equally: 2.5 each to A and B: (3.5·0.9 + 4.5·0.3)/8 = 0.5625.
    # zero: 1.5/8 = 0.1875.
    [("incomplete", None), ("leave_out", 50.0), ("spread_equally", 56.25), ("zero", 18.75)],
)
def test_a_missing_term_does_what_the_scheme_says(missing: str, expected: float | None) -> None:
    scheme = tree([term("A", 1), term("B", 2), term("C", 5)], [group("G", missing=missing)])
    found = scores(scheme, values(park=[0.9, 0.3, None]))
    assert node(found, "G")["score"] == expected
    if expected is None:
        assert node(found, "index")["state"] == "not_evaluable"
        assert node(found, "G")["reason"] == "evaluate.tree_incomplete"
    else:
        assert node(found, "G")["reason"] == "evaluate.tree_left_out"


def test_what_does_not_apply_and_what_is_missing_are_treated_apart() -> None:
    """C does not apply and is left out; were it missing there would be no score."""
    rules = [group("G", missing="incomplete", not_applicable="leave_out")]
    applies = tree([term("A"), term("C", missing="not_applicable")], rules)
    assert node(scores(applies, [row("a", 0.4), row("c", None)]), "index")["score"] == 40
    missing = tree([term("A"), term("C")], rules)
    assert node(scores(missing, [row("a", 0.4), row("c", None)]), "index")["score"] is None


def test_too_few_terms_give_no_score() -> None:
    scheme = tree([term("A"), term("B"), term("C")], [group("G", missing="leave_out", least_terms=2)])
    assert score(scheme, 0.5, 0.5, None)["score"] == 50
    assert score(scheme, 0.5, None, None)["score"] is None


def test_a_group_of_which_no_criterion_is_known_leaves_the_whole_open() -> None:
    scheme = tree([term("A", 1, "G1")], [group("G1", 15), group("REST", 85)], weights="stated")
    found = scores(scheme, values(park=[0.5]))
    assert node(found, "G1")["score"] == 50
    assert node(found, "index")["reason"] == "evaluate.tree_incomplete"


# ---------------------------------------------------------------- weights that are not public
def unknown(*weights: float | None, **bounds: Any) -> Any:
    names = "ABCDEF"[: len(weights)]
    criteria = [term(name, weight) for name, weight in zip(names, weights, strict=True)]
    return tree(criteria, unknown_weights=BOUNDS | bounds)


def test_a_weight_that_is_not_public_gives_a_provisional_score_with_its_range() -> None:
    """A = 1, B = 0, both weights in 0.8–1.2: the middle is 0.5, the ends 0.8/2.0 = 0.4 and 1.2/2.0 = 0.6."""
    found = score(unknown(None, None, draws=20000), 1.0, 0.0)
    assert (found["score"], found["provisional"], found["confidence"]) == (50, True, "low")
    assert found["reason"] == "evaluate.weights_not_public"
    assert 40 <= found["low"] < 40.5
    assert 59.5 < found["high"] <= 60


def test_weights_that_are_all_public_have_no_range() -> None:
    found = score(unknown(1.0, 3.0), 1.0, 0.0)
    assert (found["score"], found["low"], found["high"], found["provisional"]) == (25, 25, 25, False)


def test_the_range_of_the_rank_is_that_of_every_draw_ranked_by_itself() -> None:
    """An independent loop over the same draws, one at a time."""
    rng = np.random.default_rng(3)
    table = rng.random((12, 4))
    scheme = unknown(None, None, None, 0.9)
    found = scores(scheme, values(**{f"p{i:02d}": list(map(float, line)) for i, line in enumerate(table)}))
    drawn = np.random.default_rng(7).uniform(0.8, 1.2, (500, 3))
    ranks = []
    for weights in np.column_stack([drawn, np.full(500, 0.9)]):
        result = table @ weights / weights.sum()
        ranks.append([1 + int((result > each).sum()) for each in result])
    for index in range(len(table)):
        own = node(found, "index", entity=f"p{index:02d}")
        assert own["rank_low"] == min(each[index] for each in ranks)
        assert own["rank_high"] == max(each[index] for each in ranks)
        assert own["rank_low"] <= own["rank"] <= own["rank_high"]
        assert own["ranked"] == 12


def test_the_same_seed_gives_the_same_ranges_and_a_narrower_interval_lies_inside() -> None:
    rows = values(p=[0.9, 0.1, 0.4], q=[0.2, 0.8, 0.5], r=[0.5, 0.5, 0.5])
    whole, again = (scores(unknown(None, None, None), rows) for _ in range(2))
    assert whole == again
    inner = scores(unknown(None, None, None, interval=90), rows)
    for entity in "pqr":
        wide, narrow = node(whole, "index", entity=entity), node(inner, "index", entity=entity)
        assert wide["low"] <= narrow["low"] <= narrow["score"] <= narrow["high"] <= wide["high"]


# ---------------------------------------------------------------- normalisation
NORMAL = {
    "chosen": "min_max",
    "alternatives": ["z_score", "percent_rank", "ratio_to_best"],
    "source": "S1",
    "confidence": "low",
}
HIGHER, LOWER = ({"kind": "normalised", "better": each, "unit": "1"} for each in ("higher", "lower"))


def normalised(rule: Any, listed: list[float | None], method: str = "min_max") -> list[float | None]:
    scheme = tree([term("A", rule=rule)], normalisation=NORMAL | {"chosen": method, "alternatives": []})
    found = scores(scheme, values(**{f"p{i}": [value] for i, value in enumerate(listed)}))
    return [node(found, "A", entity=f"p{i}")["ratio"] for i in range(len(listed))]


def test_a_normalised_value_has_no_limit_to_be_met_and_counts_with_its_score_alone() -> None:
    found = scores(tree([term("A", rule=HIGHER)], normalisation=NORMAL), values(p=[2], q=[4], r=[None]))
    rows = {name: node(found, "A", entity=name, variant="") for name in "pqr"}
    assert [rows[name]["state"] for name in "pqr"] == ["scored", "scored", "not_evaluable"]
    assert [(rows[name]["ratio"], rows[name]["limit"], rows[name]["operator"]) for name in "pq"] == [
        (0.0, None, None), (1.0, None, None),
    ]  # fmt: skip
    assert rows["p"]["reason"] == "evaluate.normalised"


def test_each_normalisation_as_worked_by_hand() -> None:
    """Of 2, 4, 6: mean 4, population standard deviation sqrt(8/3)."""
    assert normalised(HIGHER, [2, 4, 6]) == [0, 0.5, 1]
    assert normalised(LOWER, [2, 4, 6]) == [1, 0.5, 0]
    step = 0.1 * 2 / (8 / 3) ** 0.5
    assert normalised(HIGHER, [2, 4, 6], "z_score") == pytest.approx([0.5 - step, 0.5, 0.5 + step])
    assert normalised(HIGHER, [2, 4, 4, 6], "percent_rank") == pytest.approx([0, 0.5, 0.5, 1])
    assert normalised(HIGHER, [2, 4, 8], "ratio_to_best") == [0.25, 0.5, 1]
    assert normalised(LOWER, [2, 4, 8], "ratio_to_best") == [1, 0.5, 0.25]
    assert normalised(LOWER, [2, 4, 6], "ratio_to_mean") == pytest.approx([2, 1, 2 / 3])


@pytest.mark.parametrize(
    ("rule", "listed", "method", "reason"),
    [
        (HIGHER, [5.0, 5.0, 5.0], "min_max", "evaluate.constant_column"),
        (HIGHER, [5.0, 5.0, 5.0], "z_score", "evaluate.constant_column"),
        (HIGHER, [-1.0, 0.0], "ratio_to_best", "evaluate.normalisation_undefined"),
        (LOWER, [-1.0, 4.0], "ratio_to_best", "evaluate.normalisation_undefined"),
        (HIGHER, [-3.0, 3.0], "ratio_to_mean", "evaluate.normalisation_undefined"),
        (HIGHER, [5.0, None], "min_max", "evaluate.constant_column"),
    ],
)
def test_a_normalisation_that_is_undefined_says_so(rule: Any, listed: list[Any], method: str, reason: str) -> None:
    scheme = tree([term("A", rule=rule)], normalisation=NORMAL | {"chosen": method, "alternatives": []})
    found = scores(scheme, values(**{f"p{i}": [value] for i, value in enumerate(listed)}))
    own = node(found, "A", entity="p0")
    assert (own["state"], own["ratio"], own["reason"]) == ("not_evaluable", None, reason)


def test_the_rank_under_each_other_normalisation_stands_beside() -> None:
    """By min–max p wins (1 + 0 against 0.6 + 0.5); by percentile rank q does (0.5 + 1 … )."""
    scheme = tree([term("A", rule=HIGHER), term("B", rule=HIGHER)], normalisation=NORMAL)
    rows = values(p=[10, 0], q=[6, 5], r=[0, 10], s=[0, 1])
    found = scores(scheme, rows)
    variants = {each["variant"] for each in found}
    assert variants == {"", *(f"switch=normalisation:{name}" for name in NORMAL["alternatives"])}
    for variant in variants:
        ranks = {
            each["entity"]: each["rank"] for each in found if each["node"] == "index" and each["variant"] == variant
        }
        assert sorted(ranks) == ["p", "q", "r", "s"]
        assert min(ranks.values()) == 1
    assert {each["kind"] for each in found if each["variant"]} == {"group", "index", "verdict"}


# ---------------------------------------------------------------- sub-scores, verdict, standings
def test_a_sub_score_is_over_its_members_and_says_that_it_is_unofficial() -> None:
    sub = [{"id": "green", "title": TEXT, "members": ["A", "C"], "official": False, "source": "S1"}]
    scheme = tree([term("A", 1), term("B", 5), term("C", 3)], extra={"subscores": sub})
    found = node(scores(scheme, values(park=[1.0, 0.0, 0.2])), "green")
    assert (found["kind"], found["score"], found["reason"]) == ("subscore", 40, "evaluate.unofficial_score")


@pytest.mark.parametrize(
    ("value", "state"), [(0.6, "met"), (0.599, "not_met"), (0.601, "met"), (None, "not_evaluable")]
)
def test_a_tree_passes_at_its_minimum_score(value: float | None, state: str) -> None:
    scheme = tree([term("A")], min_score=60)
    assert node(scores(scheme, values(park=[value])), "verdict")["state"] == state


def test_required_criteria_must_be_met_whatever_the_score() -> None:
    must = criterion("B", {"kind": "flag"}, "mandatory", weight=1.0)
    scheme = tree([term("A"), must], required=["mandatory"])
    assert node(scores(scheme, values(park=[1.0, 1])), "verdict")["state"] == "met"
    failed = node(scores(scheme, values(park=[1.0, 0])), "verdict")
    assert (failed["state"], failed["reason"]) == ("not_met", "evaluate.verdict_not_met")


def standing(kind: str, effect: str = "beside", **other: Any) -> dict[str, Any]:
    base = {"id": "after", "title": TEXT, "kind": kind, "effect": effect, "source": "S1", "confidence": "high"}
    return {"standings": [base | other]}


@pytest.mark.parametrize(
    ("value", "level"), [(0.9, "good"), (0.899, "fair"), (0.8, "fair"), (0.799, None), (1.0, "good")]
)
def test_a_score_falls_into_a_level_or_is_undefined(value: float, level: str | None) -> None:
    levels = [{"id": "fair", "title": TEXT, "at_least": 80, "below": 90}, {"id": "good", "title": TEXT, "at_least": 90}]
    found = node(scores(tree([term("A")], extra=standing("levels", levels=levels)), values(park=[value])), "after")
    if level is None:
        assert (found["state"], found["reason"]) == ("not_evaluable", "evaluate.outside_levels")
    else:
        assert (found["reason"], found["detail"]) == ("evaluate.level", f'{{"level": "{level}"}}')


def test_grades_by_rank_take_the_best_five_then_thirty_five_then_sixty_per_cent() -> None:
    shares = [{"id": name, "title": TEXT, "percent": share} for name, share in (("A+", 5), ("A", 35), ("B", 60))]
    scheme = tree([term("A")], extra=standing("grades", shares=shares))
    found = scores(scheme, values(**{f"p{i:02d}": [1 - i / 100] for i in range(20)}))
    grades = [node(found, "after", entity=f"p{i:02d}")["detail"][11:-2] for i in range(20)]
    assert grades == ["A+"] + ["A"] * 7 + ["B"] * 12


def test_the_last_of_the_list_three_years_running_fails_and_two_years_do_not() -> None:
    """Of four, the last quarter is one: r is last in 2022, 2023 and 2024, s only in 2021."""
    scheme = tree([term("A")], extra=standing("last_share", "veto", percent=25, years=3))
    order = {2021: "pqrs", 2022: "pqsr", 2023: "pqsr", 2024: "qpsr"}
    rows = [
        row("a", 1 - place / 10, entity=entity, year=year)
        for year, names in order.items()
        for place, entity in enumerate(names)
    ]
    found = scores(scheme, rows)
    at = {year: row("a", 1, year=year)["start"] for year in order}
    assert node(found, "after", entity="r", start=at[2024])["state"] == "not_met"
    assert node(found, "verdict", entity="r", start=at[2024])["reason"] == "evaluate.standing_fails"
    assert node(found, "after", entity="r", start=at[2023])["state"] == "met"
    assert node(found, "after", entity="s", start=at[2021])["reason"] == "evaluate.last_share_open"
    assert node(found, "after", entity="p", start=at[2021])["state"] == "met"


def test_entry_needs_a_score_not_below_the_mean_of_the_listed() -> None:
    scheme = tree([term("A")], extra=standing("against_peers", "veto", operator=">=", group="listed"))
    context = Context(groups={"listed": ("p", "q")})
    found = scores(scheme, values(p=[0.4], q=[0.6], x=[0.5], y=[0.499]), context=context)
    assert node(found, "after", entity="x")["state"] == "met"
    assert node(found, "after", entity="y")["state"] == "not_met"
    assert node(found, "after", entity="y")["limit"] == 50


def test_equal_scores_share_the_better_rank_and_one_alone_is_not_ranked() -> None:
    found = scores(tree([term("A")]), values(p=[0.9], q=[0.5], r=[0.5], s=[0.1], t=[None]))
    ranks = {name: node(found, "index", entity=name)["rank"] for name in "pqrst"}
    assert ranks == {"p": 1, "q": 2, "r": 2, "s": 4, "t": None}
    assert {node(found, "index", entity=name)["ranked"] for name in "pqrs"} == {4}
    assert node(scores(tree([term("A")]), values(p=[0.9])), "index")["rank"] is None


def test_a_scheme_without_criteria_has_a_verdict_that_says_so() -> None:
    scheme = make_scheme([], extra=("a",))
    found = node(scores(scheme, [row("a", 1)]), "verdict")
    assert (found["state"], found["reason"]) == ("not_evaluable", "evaluate.no_criteria")


def test_a_scheme_of_which_nothing_is_known_is_told_of_everybody_whom_others_are_about() -> None:
    stub = make_scheme([], head={**make_scheme([]).head.model_dump(), "id": "stub"})
    found = evaluate(indicator_table([row("a", 1), row("a", 2, entity="q")]), [stub], {}, {}).to_pylist()
    assert {each["entity"]: each["reason"] for each in found} == {
        "park": "evaluate.no_criteria",
        "q": "evaluate.no_criteria",
    }
