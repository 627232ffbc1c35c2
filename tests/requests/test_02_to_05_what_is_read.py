"""Requests 2 to 5: never silent, where and how to mend, Excel's errors and text numbers, repeated rows."""

from __future__ import annotations

import openpyxl
import pytest

from greenpark.catalog import Packs, load_messages
from greenpark.collect import write_rejected
from tests.requests.small_park import Park, figure, messages_of, read, table


# ---------------------------------------------------------------- 2: never silent
def test_02_an_unknown_unit_never_becomes_a_number(park: Park) -> None:
    park.rows = [("甲厂", "2023", "汽油", "桶桶", 10, 10), ("乙厂", "2023", "汽油", "吨", 4, 4)]
    published = park.run()
    total = figure(published, "co2.direct")
    assert total["status"] == "partial"
    assert total["value"] == pytest.approx(figure(published, "co2.direct", "u_乙厂")["value"])
    assert [row["cell"] for row in table(published, "findings") if row["severity"] == "error"]


def test_02_a_carrier_without_factor_is_named_and_the_total_is_partial(park: Park) -> None:
    park.rows = [("甲厂", "2023", "其他燃料", "tce", 10, 10), ("乙厂", "2023", "汽油", "吨", 4, 4)]
    published = park.run()
    assert figure(published, "co2.direct")["status"] == "partial"
    assert any(message.startswith("account.") for message in messages_of(published))


def test_02_a_gap_is_a_finding_and_its_share_is_counted(park: Park) -> None:
    months = [f"2023-{month:02d}" for month in range(1, 10)]
    park.rows = [("甲厂", month, "电力", "万千瓦时", 1, 1) for month in months]
    published = park.run()
    assert "account.months_missing" in messages_of(published)
    (row,) = [row for row in table(published, "completeness") if row["carrier"] == "electricity"]
    assert (row["expected"], row["present"], row["missing"]) == (12, 9, 3)


# ---------------------------------------------------------------- 3: where, and how to mend; rows come back
SEEDED = [
    ("甲厂", "2023", "汽油", "桶桶", 10, 10),  # E2, F2: unit
    ("甲厂", "2023", "煤炭炭", "吨", 10, 10),  # C3: carrier
    ("丙厂", "二〇二三年十三月", "汽油", "吨", 10, 10),  # B4: period
    ("甲厂", "2023", "汽油", "吨", "约十", 10),  # E5: number
]


def test_03_each_finding_has_sheet_cell_value_and_a_way_to_mend_it(park: Park, packs: Packs) -> None:
    park.rows = SEEDED
    park.write()
    collected = read(park.workbook, packs)
    messages = load_messages()
    cells = {finding.place.cell: finding for finding in collected.findings if finding.place.sheet == "能源"}
    assert {"E2", "C3", "B4", "E5"} <= set(cells)
    for finding in cells.values():
        for language in ("zh", "en"):
            assert messages.say(finding.message, language, **finding.values)
            assert messages.say(f"{finding.message}.fix", language, **finding.values)
    assert "桶桶" in messages.say(cells["E2"].message, "zh", **cells["E2"].values)


def test_03_the_refused_rows_come_back_in_a_workbook(park: Park, packs: Packs) -> None:
    park.rows = [*SEEDED, ("乙厂", "2023", "汽油", "吨", 4, 4)]
    park.write()
    collected = read(park.workbook, packs)
    back = park.folder / "back.xlsx"
    write_rejected(back, collected, packs.forms["park_annual"], load_messages())
    sheet = openpyxl.load_workbook(back)["能源 Energy"]
    texts = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {"桶桶", "煤炭炭", "约十"} <= texts
    assert "乙厂" not in texts


# ---------------------------------------------------------------- 4: Excel's error cells and text numbers
@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("#VALUE!", None), ("#NUM!", None), ("#N/A", None), ("#DIV/0!", None), ("1,234", 1234.0), ("12万", 120000.0),
        ("１２３．５", 123.5), (" 7 ", 7.0),
    ],
)  # fmt: skip
def test_04_error_cells_and_text_numbers(park: Park, packs: Packs, written: str, value: float | None) -> None:
    park.rows = [("甲厂", "2023", "汽油", "吨", 1, written)]
    park.write()
    collected = read(park.workbook, packs)
    found = [row["value"] for row in collected.observations.to_pylist() if row["flow"] == "use_industrial"]
    assert found == ([] if value is None else [value])
    if value is None:
        assert any(finding.place.cell == "F2" and finding.severity == "error" for finding in collected.findings)


# ---------------------------------------------------------------- 5: repeated rows add up
def test_05_five_rows_of_one_category_are_their_sum(park: Park) -> None:
    park.rows = [("甲厂", "2023", "汽油", "吨", None, amount) for amount in (1, 2, 3, 4, 5)]
    one = park.run()
    other = Park(park.folder / "other")
    other.folder.mkdir()
    other.rows = [("甲厂", "2023", "汽油", "吨", None, 15)]
    assert figure(one, "co2.direct")["value"] == pytest.approx(figure(other.run(), "co2.direct")["value"], rel=1e-12)


def test_05_identical_rows_are_added_with_a_warning(park: Park, packs: Packs) -> None:
    park.rows = [("甲厂", "2023", "汽油", "吨", None, 3)] * 2
    park.write()
    collected = read(park.workbook, packs)
    assert "repeated_identical" in {finding.rule for finding in collected.findings}
    assert sum(row["value"] for row in collected.observations.to_pylist()) == 6
