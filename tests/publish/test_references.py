from __future__ import annotations

import hashlib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpark.model.tables import RESULT_TABLES
from greenpark.publish.references import (
    LETTERS,
    SHORTEST,
    UnknownReferenceError,
    digest_text,
    key_of,
    reference_of,
    references,
    resolve,
)
from tests.publish.sample import figure, table, year


def test_a_reference_is_a_letter_and_the_first_digits_of_sha256_of_the_key_without_run() -> None:
    key = ("park", "co2.total", "", date(2024, 1, 1), date(2025, 1, 1), None)
    text = "park\x1fco2.total\x1f\x1f2024-01-01\x1f2025-01-01\x1f"
    assert reference_of("figures", key) == "F-" + hashlib.sha256(text.encode()).hexdigest()[:4]


def test_every_result_table_has_its_own_letter() -> None:
    assert len(set(LETTERS.values())) == len(LETTERS)
    assert set(LETTERS) <= set(RESULT_TABLES)


def test_the_run_and_the_order_of_rows_do_not_move_a_reference() -> None:
    rows = [figure("co2.total", 1.0, year(of)) for of in (2021, 2022, 2023)]
    other = [{**row, "run": "another"} for row in reversed(rows)]
    assert references("figures", table("figures", rows)) == references("figures", table("figures", other))[::-1]


@settings(max_examples=20, deadline=None)
@given(st.integers(min_value=400, max_value=1500))
def test_references_are_unique_within_a_run_and_longer_only_where_they_would_collide(count: int) -> None:
    rows = table("figures", [figure("co2.total", 1.0, year(2024), entity=f"u{each}") for each in range(count)])
    found = references("figures", rows)
    assert len(set(found)) == count
    digests = [digest_text(key_of("figures", row)) for row in rows.to_pylist()]
    for reference, digest in zip(found, digests, strict=True):
        digits = reference[2:]
        assert sum(each.startswith(digits) for each in digests) == 1
        assert len(digits) == SHORTEST or sum(each.startswith(digest[: len(digits) - 1]) for each in digests) > 1


def test_a_reference_leads_back_to_its_row_whatever_its_case_and_length() -> None:
    rows = table("figures", [figure("co2.total", float(of), year(of)) for of in (2021, 2022)])
    reference = references("figures", rows)[1]
    name, row = resolve(reference.lower(), {"figures": rows})
    assert (name, row["value"]) == ("figures", 2022.0)
    full = reference_of("figures", key_of("figures", row), 64)
    assert resolve(full, {"figures": rows})[1] == row


def test_a_reference_shared_by_two_rows_names_both_candidates() -> None:
    rows = table("figures", [figure("co2.total", 1.0, year(2024), entity=f"u{each}") for each in range(1500)])
    shared = next(each[: 2 + SHORTEST] for each in references("figures", rows) if len(each) > 2 + SHORTEST)
    with pytest.raises(UnknownReferenceError) as raised:
        resolve(shared, {"figures": rows})
    assert len(raised.value.candidates) >= 2


@pytest.mark.parametrize("reference", ["F-zzzz", "Q-1234", "F-12", "", "7f3a", "F-0000"])
def test_what_is_no_reference_of_the_run_is_refused(reference: str) -> None:
    with pytest.raises(UnknownReferenceError):
        resolve(reference, {"figures": table("figures", [figure("co2.total", 1.0, year(2024))])})
