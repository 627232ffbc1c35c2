"""A finding is known by what it says: closed while it says the same, open again when it says otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpark.desk.closing import close_finding
from greenpark.desk.errors import DeskError
from greenpark.engine.register.handed_in import explanations
from greenpark.engine.store import Store
from greenpark.model.findings import Finding, Place, finding_from_row, fingerprint, reference_of_fingerprint
from greenpark.pipeline.notices import findings_table
from tests.desk.made_books import moment

WARNING = Finding(
    "warning", "validate", "range", "measure.coverage_differs", {"indicator": "i", "coverage": "a", "period": "2025"},
    "甲", "coal", date(2025, 1, 1), date(2026, 1, 1), Place("f.xlsx", "能源", "E2"),
)  # fmt: skip

findings = st.builds(
    Finding,
    st.sampled_from(["error", "warning", "note"]),
    st.just("validate"),
    st.sampled_from(["range", "growth"]),
    st.sampled_from(["a.b", "a.c"]),
    st.dictionaries(st.sampled_from(["x", "y"]), st.one_of(st.integers(0, 3), st.floats(0, 1), st.text(max_size=2))),
    st.sampled_from(["", "甲"]),
    st.sampled_from(["", "coal"]),
    st.sampled_from([None, date(2025, 1, 1)]),
    st.sampled_from([None, date(2026, 1, 1)]),
    st.builds(Place, st.sampled_from(["", "f"]), st.sampled_from(["", "s"]), st.sampled_from(["", "A1"])),
)


@given(one=findings)
def test_a_finding_written_as_a_row_is_read_back_with_the_same_fingerprint(one: Finding) -> None:
    row = one.as_row() | {"start": str(one.start) if one.start else None, "end": str(one.end) if one.end else None}
    assert fingerprint(finding_from_row(row)) == fingerprint(one)


@given(one=findings, other=findings)
def test_two_findings_share_a_fingerprint_only_when_they_say_the_same(one: Finding, other: Finding) -> None:
    def said(each: Finding) -> dict[str, object]:
        row = each.as_row()
        return {name: row[name] for name in row if name not in ("severity", "stage", "reference")}

    assert (fingerprint(one) == fingerprint(other)) == (said(one) == said(other))


def test_severity_and_stage_do_not_matter_but_a_value_does() -> None:
    assert fingerprint(replace(WARNING, severity="note", stage="account")) == fingerprint(WARNING)
    assert fingerprint(replace(WARNING, values={**WARNING.values, "period": "2024"})) != fingerprint(WARNING)


def run_with(store: Store, *found: Finding) -> list[dict[str, object]]:
    """The findings of a new run, as the pipeline writes them."""
    explained = {name: each.text for name, each in explanations(store.register).items()}
    run = store.begin_run("job", f"{len(explained)}{found}", [], {}, "code")
    rows = store.write(run, "findings", findings_table(found, explained))
    store.close_run(run)
    told: list[dict[str, object]] = store.engine.to_arrow(rows).to_pylist()
    return told


def test_a_closed_warning_stays_closed_until_it_says_otherwise(store: Store) -> None:
    (before,) = run_with(store, WARNING)
    assert (before["state"], before["explanation"]) == ("open", None)
    finding, told = close_finding(store, str(before["reference"]).upper(), " 三月停炉检修 ", "张三", moment())
    assert (finding, told.text) == (WARNING, "三月停炉检修")
    (after,) = run_with(store, WARNING)
    assert (after["state"], after["explanation"], after["reference"]) == ("closed", "三月停炉检修", before["reference"])
    changed = replace(WARNING, values={**WARNING.values, "coverage": "b"})
    (again,) = run_with(store, changed)
    assert (again["state"], again["explanation"]) == ("open", None)
    assert again["reference"] != before["reference"]


def test_the_newest_explanation_counts_and_earlier_moments_know_the_earlier_one(store: Store) -> None:
    (row,) = run_with(store, WARNING)
    for number, text in enumerate(("一", "二")):
        close_finding(store, str(row["reference"]), text, "张三", moment(number))
    assert explanations(store.register)[fingerprint(WARNING)].text == "二"
    assert explanations(store.register, moment(0.5))[fingerprint(WARNING)].text == "一"
    assert explanations(store.register, moment(-1)) == {}


@pytest.mark.parametrize(
    ("reference", "because", "by", "message"),
    [
        ("Q-00000000", "x", "张三", "desk.finding_unknown"),
        ("", "x", "张三", "desk.finding_unknown"),
        ("known", " ", "张三", "desk.explanation_missing"),
        ("known", "x", " ", "desk.name_missing"),
        ("error", "x", "张三", "desk.error_not_closed"),
    ],
)
def test_what_cannot_be_closed_is_refused(store: Store, reference: str, because: str, by: str, message: str) -> None:
    error = replace(WARNING, severity="error", rule="other")
    run_with(store, WARNING, error)
    named = {"known": WARNING, "error": error}.get(reference)
    asked = reference_of_fingerprint(fingerprint(named)) if named else reference
    with pytest.raises(DeskError) as refused:
        close_finding(store, asked, because, by, moment())
    assert refused.value.message == message
    assert explanations(store.register) == {}
