"""CSV tables of packs are read cell by cell, and nothing becomes a number by guessing."""

from __future__ import annotations

import pytest

from greenpark.catalog.csv_text import CsvText

COLUMNS = {"id": "text", "name_zh": "text", "name_en": "text", "value": "number", "year": "whole", "words": "words"}


def read(text: str) -> CsvText:
    """The table with the columns of this test."""
    return CsvText(text, COLUMNS, ("id",))


def test_an_empty_cell_is_an_absent_key_and_never_zero() -> None:
    assert read("id,value,year\na,,\n").data == [{"id": "a"}]


def test_the_two_languages_of_a_name_become_one_text() -> None:
    assert read("id,name_zh,name_en\na,原煤,raw coal\n").data == [{"id": "a", "name": {"zh": "原煤", "en": "raw coal"}}]


@pytest.mark.parametrize("cell", ["1,234", "12万", "１２", "nan", "inf", "-", "20~21", "≤5", "1e5000", "0x1f", "1 2"])
def test_a_cell_that_is_no_plain_number_is_a_mistake(cell: str) -> None:
    table = read(f'id,value\na,"{cell}"\n')
    assert [(m.message, m.line, m.path) for m in table.mistakes] == [("catalog.wrong_cell", 2, ("value",))]
    assert "value" not in table.data[0]


def test_numbers_keep_every_digit() -> None:
    assert read("id,value,year\na,0.03412,2023\n").data == [{"id": "a", "value": 0.03412, "year": 2023}]


def test_a_cell_over_several_lines_does_not_shift_the_line_of_the_next_row() -> None:
    table = read('id,name_zh\na,"x\ny"\nb,z\n')
    assert [table.line((0,)), table.line((1,))] == [2, 4]


def test_a_column_that_stands_twice_is_a_mistake() -> None:
    assert [m.message for m in read("id,value,value\na,1,2\n").mistakes] == ["catalog.duplicate_column"]


def test_words_are_separated_by_bars() -> None:
    assert read("id,words\na,煤| 原煤 |\n").data == [{"id": "a", "words": ["煤", "原煤"]}]
