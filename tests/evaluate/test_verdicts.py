"""Choices, counts, the index, conditions, variants, and what they say."""

from __future__ import annotations

import pytest

from greenpark.evaluate import check_requests, score_findings
from tests.evaluate.making import criterion, indicator_table, make_scheme, node, row, scores

AT_LEAST = {"kind": "threshold", "operator": ">=", "limit": 10, "unit": "1"}
LEADING = {"kind": "leading_value", "better": "higher", "leading": 10, "unit": "1"}


def any_of(k: int = 1, meaning: str = "at_least") -> dict[str, object]:
    return {"id": "any", "meaning": meaning, "k": k, "members": ["A", "B", "C"]}


def optional(rule: dict[str, object]) -> list[dict[str, object]]:
    return [criterion(name, rule, "optional") for name in "ABC"]


# ---------------------------------------------------------------- at least k
@pytest.mark.parametrize(
    ("values", "k", "state"),
    [
        ((10, 1, 1), 1, "met"),
        ((9, 9, 9), 1, "not_met"),
        ((9, None, 9), 1, "not_evaluable"),
        ((10, None, 9), 1, "met"),
        ((10, 10, 9), 2, "met"),
        ((10, 9, 9), 2, "not_met"),
        ((10, None, 9), 2, "not_evaluable"),
        ((9, None, 9), 2, "not_met"),
    ],
)
def test_at_least_k_of_n(values: tuple[float | None, ...], k: int, state: str) -> None:
    scheme = make_scheme(optional(AT_LEAST), choices=[any_of(k)])
    rows = scores(scheme, [row(name, value) for name, value in zip("abc", values, strict=True)])
    assert node(rows, "any")["state"] == state
    assert node(rows, "verdict")["state"] == state


# ---------------------------------------------------------------- counts
@pytest.mark.parametrize(
    ("values", "min_met", "state", "reason"),
    [
        ((10, 10, 10), 2, "met", "evaluate.verdict_met"),
        ((10, 9, 9), 2, "not_met", "evaluate.verdict_too_few"),
        ((10, None, 9), 2, "not_evaluable", "evaluate.verdict_count_open"),
        ((9, 10, 10), 2, "not_met", "evaluate.verdict_not_met"),
        ((None, 10, 10), 2, "not_evaluable", "evaluate.verdict_open"),
        ((None, 9, 9), 2, "not_met", "evaluate.verdict_too_few"),
    ],
)
def test_counts_need_all_mandatory_and_enough_in_all(
    values: tuple[float | None, ...], min_met: int, state: str, reason: str
) -> None:
    criteria = [criterion("A", AT_LEAST), criterion("B", AT_LEAST, "optional"), criterion("C", AT_LEAST, "optional")]
    scheme = make_scheme(criteria, {"kind": "counts", "min_met": min_met})
    found = node(scores(scheme, [row(name, value) for name, value in zip("abc", values, strict=True)]), "verdict")
    assert (found["state"], found["reason"], found["limit"]) == (state, reason, 2)


def test_guiding_criteria_do_not_decide_and_the_core_does() -> None:
    criteria = [criterion("A", AT_LEAST, "guiding"), criterion("B", AT_LEAST, "guiding")]
    scheme = make_scheme(criteria, {"kind": "counts", "core": ["A"]})
    assert node(scores(scheme, [row("a", 10), row("b", 1)]), "verdict")["state"] == "met"
    assert node(scores(scheme, [row("a", 9), row("b", 11)]), "verdict")["state"] == "not_met"


def test_a_group_is_a_subtotal_without_a_state_of_its_own() -> None:
    found = node(
        scores(make_scheme([criterion("A", AT_LEAST), criterion("B", AT_LEAST)]), [row("a", 10), row("b", 1)]), "G"
    )
    assert (found["state"], found["value"], found["limit"]) == ("not_applicable", 1, 2)


# ---------------------------------------------------------------- exactly k and the index
def index_scheme(**other: object) -> object:
    criteria = [*optional(LEADING), criterion("D", LEADING)]
    verdict = {"kind": "index", "terms": 2, "scale": 100} | dict(other)
    return make_scheme(criteria, verdict, choices=[any_of(1, "exactly")])


def measured(**values: float | None) -> list[dict[str, object]]:
    return [row(name, value) for name, value in values.items()]


def test_the_chosen_member_enters_the_index_and_the_others_do_not() -> None:
    rows = scores(index_scheme(), measured(a=5, b=20, c=None, d=10), chosen={"any": ("A",)})
    assert node(rows, "index")["score"] == 75
    assert node(rows, "any")["reason"] == "evaluate.choice_recorded"
    assert node(rows, "B")["state"] == "not_applicable"
    assert node(rows, "B")["ratio"] == 2
    assert node(rows, "B")["reason"] == "evaluate.not_chosen"


def test_without_a_choice_the_best_is_not_assumed() -> None:
    rows = scores(index_scheme(), measured(a=5, b=20, c=None, d=10))
    assert node(rows, "any")["reason"] == "evaluate.choice_needed"
    assert node(rows, "index")["state"] == "not_evaluable"
    assert node(rows, "index")["score"] is None
    assert node(rows, "verdict")["state"] == "not_evaluable"


def test_without_a_choice_exactly_as_many_as_can_be_evaluated_are_taken() -> None:
    rows = scores(index_scheme(), measured(a=None, b=20, c=None, d=10))
    assert node(rows, "any")["reason"] == "evaluate.choice_by_availability"
    assert node(rows, "index")["score"] == 150
    assert node(rows, "index_capped")["score"] == 100


def test_too_few_members_and_wrong_choices_are_told() -> None:
    assert node(scores(index_scheme(), measured(d=10)), "any")["reason"] == "evaluate.choice_too_few"
    for wrong in (("A", "B"), ("D",), (), ("A", "A")):
        found = scores(index_scheme(), measured(a=5, b=20, d=10), chosen={"any": wrong})
        assert node(found, "any")["reason"] == "evaluate.choice_wrong"
        assert node(found, "index")["score"] is None
    chosen_but_unknown = scores(index_scheme(), measured(a=5, d=10), chosen={"s.any": ("B",)})
    assert node(chosen_but_unknown, "any")["reason"] == "evaluate.chosen_not_evaluable"


def test_an_index_never_averages_fewer_terms_than_stated() -> None:
    rows = scores(index_scheme(), measured(a=5, d=None), chosen={"any": ("A",)})
    index = node(rows, "index")
    assert (index["score"], index["value"], index["limit"]) == (None, 1, 2)
    assert index["reason"] == "evaluate.index_incomplete"
    assert index["detail"] == '{"criteria": ["D"]}'
    assert "evaluate.index_incomplete" in {each.message for each in found_in(index_scheme(), measured(a=5))}


def test_a_minimum_score_decides_and_without_one_there_is_no_pass_or_fail() -> None:
    values = measured(a=10, d=6)
    assert node(scores(index_scheme(), values), "verdict")["state"] == "not_applicable"
    assert node(scores(index_scheme(), values), "verdict")["score"] == 80
    for least, state in ((80, "met"), (80.001, "not_met"), (79.999, "met")):
        assert node(scores(index_scheme(min_score=least), values), "verdict")["state"] == state


# ---------------------------------------------------------------- conditions
def with_conditions(*conditions: dict[str, object]) -> object:
    rows = [{"text": {"zh": "甲", "en": "a"}, "source": "S1"} | each for each in conditions]
    return make_scheme([criterion("A", AT_LEAST)], extra=("share",), conditions=rows)


def facts(value: float | None) -> object:
    from greenpark.engine.shape import arrow_rows
    from greenpark.model.tables import FIGURES

    base = row("a", value)
    keep = {name: base[name] for name in ("entity", "start", "end", "value", "confidence")}
    extra = {"quantity": "fact.safe", "item": "", "variant": "", "unit": "1", "rows": 1, "rows_unmatched": 0}
    return arrow_rows([keep | extra | {"coverage": "boundary", "status": "ok"}], FIGURES)


def test_a_failed_veto_decides_and_an_unknown_one_is_left_to_a_reader() -> None:
    scheme = with_conditions({"id": "B1", "kind": "veto", "fact": "fact.safe"}, {"id": "B2", "kind": "veto"})
    safe, unsafe, unknown = (scores(scheme, [row("a", 10)], facts=given) for given in (facts(1), facts(0), None))
    assert node(safe, "verdict")["state"] == "met"
    assert (node(unsafe, "verdict")["state"], node(unsafe, "verdict")["reason"]) == ("not_met", "evaluate.vetoed")
    assert node(unsafe, "verdict")["detail"] == '{"conditions": ["B1"]}'
    assert node(unknown, "verdict")["state"] == "met"
    assert node(unknown, "B1")["reason"] == "evaluate.fact_not_reported"
    assert node(safe, "B2")["reason"] == "evaluate.condition_for_a_reader"


@pytest.mark.parametrize(("share", "state"), [(50, "not_applicable"), (50.01, "met"), (None, "met")])
def test_a_park_that_is_not_eligible_is_not_judged(share: float | None, state: str) -> None:
    rule = {"kind": "threshold", "operator": ">", "limit": 50, "unit": "1"}
    scheme = with_conditions({"id": "B9", "kind": "eligibility", "indicator": "share", "rule": rule})
    assert node(scores(scheme, [row("a", 10), row("share", share)]), "verdict")["state"] == state


# ---------------------------------------------------------------- variants
CALORIFIC, PRIMARY = "basis=calorific", "basis=primary_energy"


def open_scheme() -> object:
    criteria = [criterion("A", AT_LEAST), criterion("B", AT_LEAST)]
    return make_scheme(criteria, indicators={"a": {"energy_basis": "open"}})


def test_open_variants_that_agree_give_one_verdict() -> None:
    rows = scores(open_scheme(), [row("a", 11, variant=CALORIFIC), row("a", 12, variant=PRIMARY), row("b", 10)])
    states = [(each["variant"], each["state"], each["provisional"]) for each in rows if each["kind"] == "verdict"]
    assert states == [("", "met", False), (CALORIFIC, "met", False), (PRIMARY, "met", False)]


def test_open_variants_that_differ_are_provisional_and_show_the_least_favourable() -> None:
    rows = scores(open_scheme(), [row("a", 11, variant=CALORIFIC), row("a", 9, variant=PRIMARY), row("b", 10)])
    combined = node(rows, "verdict", variant="")
    assert (combined["state"], combined["provisional"]) == ("not_met", True)
    assert combined["reason"] == "evaluate.verdict_depends_on_basis"
    assert combined["detail"] == f'{{"met": ["{CALORIFIC}"], "not_met": ["{PRIMARY}"], "open": ["—"]}}'


def test_a_basis_that_the_scheme_states_is_taken_and_is_no_variant() -> None:
    scheme = make_scheme([criterion("A", AT_LEAST)], indicators={"a": {"energy_basis": "primary_energy"}})
    rows = scores(scheme, [row("a", 9, variant=f"{PRIMARY}@zero"), row("a", 11, variant=CALORIFIC)])
    assert [(each["variant"], each["state"]) for each in rows if each["kind"] == "verdict"] == [("", "not_met")]


def test_two_open_axes_are_combined() -> None:
    scheme = make_scheme([criterion("A", AT_LEAST), criterion("B", AT_LEAST)])
    values = [row("a", 10, variant=each) for each in (CALORIFIC, PRIMARY)]
    values += [row("b", value, variant=f"price={each}") for each, value in (("current", 10), ("comparable", 9))]
    found = {each["variant"]: each["state"] for each in scores(scheme, values) if each["kind"] == "verdict"}
    assert found == {
        "": "not_met",
        f"{CALORIFIC};price=comparable": "not_met",
        f"{CALORIFIC};price=current": "met",
        f"{PRIMARY};price=comparable": "not_met",
        f"{PRIMARY};price=current": "met",
    }


# ---------------------------------------------------------------- periods, entities, findings
def test_each_entity_and_year_is_judged_and_months_are_not() -> None:
    from datetime import date

    scheme = make_scheme([criterion("A", AT_LEAST)])
    values = [row("a", 10, "p1", 2023), row("a", 9, "p1", 2024), row("a", 11, "p2", 2024)]
    values.append(row("a", 1, "p2") | {"start": date(2024, 1, 1), "end": date(2024, 2, 1)})
    found = [
        (each["entity"], each["start"].year, each["state"])
        for each in scores(scheme, values)
        if each["node"] == "verdict"
    ]
    assert found == [("p1", 2023, "met"), ("p1", 2024, "not_met"), ("p2", 2024, "met")]


def test_nothing_to_judge_gives_an_empty_table() -> None:
    assert scores(make_scheme([criterion("A", AT_LEAST)]), []) == []


def test_the_same_key_twice_is_a_wrong_program() -> None:
    from greenpark.engine.shape import reshape

    table = indicator_table([row("a", 1)])
    import pyarrow as pa

    with pytest.raises(ValueError, match="repeat the key"):
        reshape(pa.concat_tables([table, table]), "indicator", ["s.a"])


def found_in(scheme: object, values: list[dict[str, object]]) -> tuple[object, ...]:
    from greenpark.evaluate import evaluate

    return score_findings(evaluate(indicator_table(values), [scheme], {}, {}))


def test_states_that_need_attention_become_findings() -> None:
    scheme = make_scheme([criterion("A", AT_LEAST), criterion("B", AT_LEAST)])
    found = {(each.subject, each.message) for each in found_in(scheme, [row("a", 10)])}
    assert found == {("s.B", "evaluate.value_not_reported")}


def test_what_many_criteria_of_a_scheme_lack_is_said_once() -> None:
    def found(count: int) -> list[tuple[object, ...]]:
        scheme = make_scheme([criterion(name, AT_LEAST) for name in "ABCDEF"[:count]])
        return [(each.subject, each.message, each.values.get("count")) for each in found_in(scheme, [row("a", 10)])]

    assert found(4) == [(f"s.{name}", "evaluate.value_not_reported", None) for name in "BCD"]
    assert found(5) == [("s", "evaluate.value_not_reported_many", 4)]


def test_wrong_requests_are_findings() -> None:
    scheme = make_scheme([*optional(LEADING), criterion("D", LEADING, "guiding", may_be_excused=True)],
                         {"kind": "index", "terms": 1, "scale": 100}, choices=[any_of(1, "exactly")])  # fmt: skip
    assert check_requests([scheme], {"any": ("A",)}, {"D": "why"}) == ()
    wrong = check_requests([scheme], {"none": ("A",), "any": ("D",)}, {"X": "why", "A": "why", "D": " "})
    assert [each.message for each in wrong] == [
        "evaluate.unknown_choice",
        "evaluate.choice_wrong",
        "evaluate.excuse_not_allowed",
        "evaluate.excuse_without_reason",
        "evaluate.unknown_excuse",
    ]
