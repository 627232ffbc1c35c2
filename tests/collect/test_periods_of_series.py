"""A table of figures may write its periods as any other file: 2025年1-6月, 2025年上半年, 202503, 2025-Q1."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from greenpark.collect.series import read_series


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2025年1-6月", date(2025, 1, 1), date(2025, 7, 1)),
        ("2025年上半年", date(2025, 1, 1), date(2025, 7, 1)),
        ("2025-1..9", date(2025, 1, 1), date(2025, 10, 1)),
        ("202503", date(2025, 3, 1), date(2025, 4, 1)),
        ("2025-Q1", date(2025, 1, 1), date(2025, 4, 1)),
        ("2025年", date(2025, 1, 1), date(2026, 1, 1)),
    ],
)
def test_a_period_is_read_as_people_write_it(written: str, start: date, end: date, tmp_path: Path) -> None:
    for name, text in (
        ("long.csv", f"quantity,period,value,unit\nenergy.total,{written},7,tce\n"),
        ("wide.csv", f"quantity,unit,{written}\nenergy.total,tce,7\n"),
    ):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        read = read_series(file)
        assert [(row["start"], row["end"], row["value"]) for row in read.rows.to_pylist()] == [(start, end, 7.0)]
        assert not read.findings


def test_a_period_that_cannot_be_told_is_named_and_left_out(tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    file.write_text("quantity,period,value,unit\nenergy.total,去年,7,tce\n", encoding="utf-8")
    read = read_series(file)
    assert (read.rows.num_rows, [each.rule for each in read.findings]) == (0, ["series_no_period"])
