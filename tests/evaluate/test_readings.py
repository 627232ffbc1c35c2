"""Open points of a scheme, read otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from greenpark.evaluate import score_findings
from tests.evaluate.making import criterion, indicator_table, make_scheme, node, row, scores

AT_LEAST_10 = {"kind": "threshold", "operator": ">=", "limit": 10, "unit": "1"}
AT_LEAST_12 = AT_LEAST_10 | {"limit": 12}
STRICT, OTHER = "switch=limit:strict", "switch=value:other"
POINT = {"zh": "口径", "en": "point"}


def scheme_with_switches() -> Any:
    switches = [
        {
            "id": "limit", "text": POINT, "chosen": "lenient", "alternatives": ["strict"],
            "readings": {"strict": {"rules": {"A": AT_LEAST_12}}},
        },
        {
            "id": "value", "text": POINT, "chosen": "own", "alternatives": ["other", "only_told"],
            "readings": {"other": {"formulas": {"a": "y"}}},
        },
    ]  # fmt: skip
    return make_scheme([criterion("A", AT_LEAST_10)], switches=switches)


def verdicts(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {each["variant"]: each["state"] for each in rows if each["node"] == "verdict"}


def test_every_reading_is_judged_beside_the_chosen_one() -> None:
    rows = scores(scheme_with_switches(), [row("a", 15), row("a", 8, variant=OTHER)])
    assert verdicts(rows) == {"": "met", STRICT: "met", OTHER: "not_met"}
    assert [node(rows, "A", variant=each)["value"] for each in ("", STRICT, OTHER)] == [15, 15, 8]
    assert node(rows, "A", variant=STRICT)["limit"] == 12


def test_an_alternative_without_a_reading_is_told_and_not_computed() -> None:
    assert not [each for each in verdicts(scores(scheme_with_switches(), [row("a", 15)])) if "only_told" in each]


def test_a_verdict_that_flips_is_provisional_and_says_on_which_point_it_hangs() -> None:
    rows = scores(scheme_with_switches(), [row("a", 11), row("a", 15, variant=OTHER)])
    verdict = node(rows, "verdict", variant="")
    assert (verdict["state"], verdict["provisional"], verdict["confidence"]) == ("met", True, "low")
    assert verdict["reason"] == "evaluate.verdict_depends_on_switch"
    assert STRICT in verdict["detail"]
    assert OTHER not in verdict["detail"]


def test_a_verdict_that_no_reading_moves_stays_as_it_is() -> None:
    rows = scores(scheme_with_switches(), [row("a", 15), row("a", 14, variant=OTHER)])
    verdict = node(rows, "verdict", variant="")
    assert (verdict["state"], verdict["provisional"], verdict["confidence"]) == ("met", False, "high")
    assert verdict["reason"] != "evaluate.verdict_depends_on_switch"


def test_what_only_another_reading_lacks_is_no_finding() -> None:
    from greenpark.evaluate import evaluate

    table = indicator_table([row("a", 15), row("a", None, variant=OTHER)])
    found = score_findings(evaluate(table, [scheme_with_switches()], {}, {}))
    assert [each.message for each in found] == ["evaluate.verdict_depends_on_switch"]


@pytest.mark.parametrize("years", [(2022, 2023, 2024)])
def test_each_year_is_held_against_its_own_readings(years: tuple[int, ...]) -> None:
    rows = scores(
        scheme_with_switches(), [row("a", value, year=year) for value, year in zip((9, 11, 15), years, strict=True)]
    )
    told = {
        each["start"].year: each["provisional"] for each in rows if each["node"] == "verdict" and not each["variant"]
    }
    assert told == {2022: False, 2023: True, 2024: False}


def test_rows_stand_in_the_order_chosen_first_and_readings_as_the_scheme_lists_them() -> None:
    rows = scores(scheme_with_switches(), [row("a", 15), row("a", 8, variant=OTHER)])
    order = list(dict.fromkeys(each["variant"] for each in rows))
    assert order == ["", STRICT, OTHER]
