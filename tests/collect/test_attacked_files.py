"""Tables that used to be read wrongly without a word: each cell is now right, or refused where it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from greenpark.collect.collected import Collected
from greenpark.collect.context import Context
from greenpark.collect.forms import collect_form
from greenpark.collect.mappings import collect_mapping
from greenpark.collect.text_numbers import read_text_number
from greenpark.model.forms import Form, MappedValue, Mapping
from greenpark.model.text import Messages, Text
from tests.collect.conftest import REGISTER, code, rules, write_book

HEADER = "单位名称,时期,能源品种,计量单位,购进量,工业生产消费量\n"
Read = Callable[..., Collected]


@pytest.fixture
def read_text(tmp_path: Path, form: Form, context: Context) -> Read:
    """Read a text file of the energy sheet, with no unit registered."""

    def read(text: str) -> Collected:
        path = tmp_path / "energy.csv"
        path.write_text(text, encoding="utf-8")
        return collect_form(path, form, "energy", context)

    return read


def refusals(collected: Collected) -> list[tuple[str, str, str]]:
    return [(cell.finding.rule, cell.place.cell, cell.text) for cell in collected.rejected]


def read_values(collected: Collected) -> list[float]:
    return collected.observations["value"].to_pylist()


def test_a_unit_in_the_title_and_another_in_the_row_refuse_the_cell(read_text: Read, messages: Messages) -> None:
    titled = HEADER.replace("购进量", "购进量（kg）")
    collected = read_text(titled + "甲,2023,汽油,t,1000,1\n乙,2023,汽油,,1000,1\n丙,2023,汽油,千克,1000,1\n")
    assert refusals(collected) == [("unit_conflict", "L2", "1000")]
    assert read_values(collected) == [1, 1, 1, 1, 0.001]
    assert [each.values["unit"] for each in collected.findings if each.rule == "unit_blank"] == ["kg", "t"]
    (conflict,) = [each for each in collected.findings if each.rule == "unit_conflict"]
    said = messages.say(conflict.message, "zh", **conflict.values)
    assert "kg" in said
    assert "t" in said
    assert messages.say(f"{conflict.message}.fix", "zh", **conflict.values)


def test_a_unit_in_the_title_of_a_mapped_column_is_judged_alike(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "x.csv"
    path.write_text("品种,单位,数量(kg)\n汽油,t,1000\n汽油,kg,1000\n", encoding="utf-8")
    values = (MappedValue(column="数量(kg)", quantity="energy.amount", flow="purchase", unit_column="单位"),)
    mapping = Mapping(
        id="m",
        title=Text(zh="甲", en="a"),
        source="x",
        entity="park",
        period="2023",
        carrier_column="品种",
        values=values,
    )
    collected = collect_mapping(path, mapping, context)
    assert refusals(collected) == [("unit_conflict", "L2", "1000")]
    assert read_values(collected) == [1.0]


@pytest.mark.parametrize("text", ["5²", "²", "②", "5 ²", "⑴", "12½", "10⁴", "10⁻³", "5²吨", "１²"])
def test_raised_and_circled_digits_are_no_digits(text: str) -> None:
    assert read_text_number(text) is None


@pytest.mark.parametrize(("text", "rest"), [("5m³", "m3"), ("5 W·m⁻²", "W·m−2".replace("−", "-"))])
def test_the_raised_digit_of_a_unit_stays(text: str, rest: str) -> None:
    found = read_text_number(text)
    assert found is not None
    assert (found.number, found.rest) == (5, rest)


def test_one_comma_in_a_file_of_semicolons_is_refused_and_clear_numbers_are_read(read_text: Read) -> None:
    rows = "甲;2023;汽油;t;1,234;3\n甲;2023;柴油;t;1,234.5;1,234,567\n甲;2023;煤油;t;1,234 t;12,5\n甲;2023;烟煤;t;1.234,5;１，２３４\n"
    collected = read_text(HEADER.replace(",", ";") + rows)
    assert refusals(collected) == [
        ("comma_unclear", "L2", "1,234"),
        ("comma_unclear", "L4", "1,234 t"),
        ("not_a_number", "L4", "12,5"),
        ("not_a_number", "L5", "1.234,5"),
        ("comma_unclear", "L5", "１，２３４"),
    ]
    assert read_values(collected) == [3.0, 1234.5, 1234567.0]


def test_a_row_longer_than_its_header_is_refused_as_a_whole(read_text: Read) -> None:
    collected = read_text(HEADER + "甲,2023,汽油,t,1,234,5\n甲,2023,柴油,t,1,1\n")
    assert refusals(collected) == [("row_too_long", "L2", "1"), ("row_too_long", "L2", "234")]
    assert read_values(collected) == [1.0, 1.0]


def test_a_long_row_that_ends_in_empty_fields_is_refused_too(read_text: Read) -> None:
    collected = read_text(HEADER + "甲,2023,汽油,t,1,234,\n甲,2023,柴油,t,1,1\n")
    assert {each[:2] for each in refusals(collected)} == {("row_too_long", "L2")}


def test_a_separator_at_the_end_of_every_row_is_no_field(read_text: Read) -> None:
    collected = read_text(HEADER + "甲,2023,汽油,t,1,1,\n甲,2023,柴油,t,1,1,\n")
    assert refusals(collected) == []
    assert read_values(collected) == [1.0] * 4


def test_a_long_row_of_the_register_is_refused(tmp_path: Path, form: Form, context: Context) -> None:
    path = tmp_path / "units.csv"
    lines = [*(",".join(map(str, row)) for row in REGISTER), f"{code(3)},丙,厂,法人单位"]
    path.write_text("\n".join(lines), encoding="utf-8")
    collected = collect_form(path, form, "units", context)
    assert {each[:2] for each in refusals(collected)} == {("row_too_long", "L5")}
    assert collected.entities.num_rows == 3


@pytest.mark.parametrize("text", ["1E-400", "-1e-999", "0.5E-400", "１E-400"])
def test_a_number_that_would_become_zero_is_refused(read_text: Read, text: str) -> None:
    collected = read_text(HEADER + f"甲,2023,汽油,t,{text},0.0\n")
    assert refusals(collected) == [("number_too_small", "L2", text)]
    assert read_values(collected) == [0.0]


@pytest.mark.parametrize("word", ["园区总计", "全年合计", "本年累计", "各 企业 小计：", "1号园合计数"])
def test_a_name_that_ends_like_a_total_makes_a_total(read_text: Read, word: str) -> None:
    collected = read_text(HEADER + f"甲,2023,汽油,t,1,1\n{word},2023,汽油,t,1,1\n")
    assert {each[:2] for each in refusals(collected)} == {("total_row", "L3")}


def test_a_registered_unit_whose_name_ends_so_is_no_total(tmp_path: Path, form: Form, context: Context) -> None:
    register = [*REGISTER, (code(3), "丙累计", "法人单位")]
    energy = [("单位名称", "时期", "能源品种", "计量单位", "购进量"), ("丙累计", "2023", "汽油", "t", 1)]
    book = write_book(tmp_path / "b.xlsx", {"园区单位": register, "能源": energy})
    collected = collect_form(book, form, "", context)
    assert refusals(collected) == []
    assert collected.observations["entity"].to_pylist() == [code(3)]


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ('"甲,2023,汽油,t,1,1\n' * 3, 2),
        ('甲,2023,汽油,t,1,1\n甲,2023,"柴油,t,1,1\n乙,2023,汽油,t,1,1\n', 3),
        ('甲,2023,汽油,t,1,1\n"甲,2023,柴油,t,1,1\n乙",2023,汽油,t,1,1\n', 3),
    ],
)
def test_a_quotation_mark_without_its_fellow_is_an_error_and_no_name(read_text: Read, rows: str, line: int) -> None:
    collected = read_text(HEADER + rows)
    (finding,) = [each for each in collected.findings if each.rule == "quote_open"]
    assert finding.severity == "error"
    assert finding.values["line"] == line
    assert collected.observations.num_rows == 0


def test_signs_that_are_not_seen_make_no_other_name(
    read_text: Read, tmp_path: Path, form: Form, context: Context
) -> None:
    collected = read_text(HEADER + "甲,2023,汽油,t,1,1\n\u202e甲\u200b,2023,柴油,t,1,1\n甲\x07,2023,煤油,t,1,1\n")
    assert set(collected.observations["entity"].to_pylist()) == {"甲"}
    register = [*REGISTER, (f"\u202e{code(3)}", "丙\u2066厂", "法人单位")]
    book = write_book(tmp_path / "b.xlsx", {"园区单位": register})
    entities = collect_form(book, form, "", context).entities
    assert (entities["entity"][3].as_py(), entities["name"][3].as_py()) == (code(3), "丙厂")


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("x.xls", b"", "file_old"),
        ("x.xlsx", "Workbook\0".encode("utf-16-le"), "file_old"),
        ("x.xls", "EncryptedPackage".encode("utf-16-le"), "file_encrypted"),
        ("x.xlsx", b"", "file_encrypted"),
    ],
)
def test_an_old_workbook_is_not_called_encrypted(
    tmp_path: Path, form: Form, context: Context, messages: Messages, name: str, content: bytes, rule: str
) -> None:
    path = tmp_path / name
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + content)
    collected = collect_form(path, form, "", context)
    assert rules(collected) == [rule]
    if rule == "file_old":
        assert ".xlsx" in messages.say("collect.file_old.fix", "zh")
