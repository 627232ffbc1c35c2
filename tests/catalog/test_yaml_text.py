"""YAML is read as YAML 1.2: what other readers turn into something else stays what was written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpark.catalog.yaml_text import YamlText

# Plain scalars with what the YAML 1.2 core schema makes of them (specification 1.2.2, section 10.3).
SCALARS: list[tuple[str, Any]] = [
    ("no", "no"), ("NO", "NO"), ("yes", "yes"), ("on", "on"), ("off", "off"), ("y", "y"), ("n", "n"),
    ("true", True), ("false", False), ("null", None), ("~", None), ("", None),
    ("12:30", "12:30"), ("1:30:00", "1:30:00"), ("2025-06-30", "2025-06-30"), ("2023-01/2023-09", "2023-01/2023-09"),
    ("0", 0), ("-3", -3), ("+7", 7), ("0.5", 0.5), ("1e3", 1000.0), (".5", 0.5), ("1.", 1.0),
    ("1,000", "1,000"), ("<=", "<="), ("3 t", "3 t"), ("1.0.1", "1.0.1"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "expected"), SCALARS)
def test_a_plain_scalar_is_what_yaml_1_2_says(written: str, expected: Any) -> None:
    read = YamlText(f"key: {written}\n")
    assert read.data == {"key": expected}
    assert type(read.data["key"]) is type(expected)
    assert not read.mistakes


@pytest.mark.parametrize("written", ["010", "0o17", "0x1F", "1_000", ".inf", "-.inf", ".nan", "1e999", "007.5"])
def test_a_number_that_readers_disagree_about_is_a_mistake(written: str) -> None:
    read = YamlText(f"first: 1\nkey: {written}\n")
    assert [(mistake.message, mistake.line) for mistake in read.mistakes] == [("catalog.ambiguous_number", 2)]


def test_a_quoted_scalar_is_text_whatever_it_looks_like() -> None:
    assert YamlText("a: '010'\nb: \"true\"\nc: '2'\n").data == {"a": "010", "b": "true", "c": "2"}


def test_a_key_that_stands_twice_is_reported_with_both_lines_and_the_first_value_kept() -> None:
    read = YamlText("a: 1\nb:\n  c: 1\n  c: 2\n")
    assert [(m.message, m.line, m.values["first"]) for m in read.mistakes] == [("catalog.duplicate_key", 4, 3)]
    assert read.data == {"a": 1, "b": {"c": 1}}


def test_nothing_inherits_so_aliases_and_merge_keys_are_refused() -> None:
    read = YamlText("a: &x {k: 1}\nb: *x\nc:\n  <<: *x\n")
    assert [(m.message, m.line) for m in read.mistakes] == [("catalog.yaml_alias", 2), ("catalog.yaml_alias", 4)]


def test_a_chain_of_aliases_is_not_expanded() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 40))
    assert len(YamlText(bomb).mistakes) == 78


def test_a_key_is_one_word() -> None:
    assert [m.message for m in YamlText("? [a, b]\n: 1\n").mistakes] == ["catalog.yaml_key"]


@pytest.mark.parametrize("text", ["a: [1, 2\n", "a: 1\n  b: 2\n", "a: 'x\n", "a: 1\n---\nb: 2\n", "a: \x01\n"])
def test_text_that_is_no_yaml_is_one_mistake_and_no_data(text: str) -> None:
    read = YamlText(text)
    assert [mistake.message for mistake in read.mistakes] == ["catalog.yaml_syntax"]
    assert read.data == {}


@pytest.mark.parametrize("text", [
    "a: " + "[" * 100_000 + "]" * 100_000 + "\n",
    "".join(f"{' ' * depth}a:\n" for depth in range(3000)),
    "- " * 5000 + "x\n",
    "? " * 5000 + "x\n",
    "{" * 500 + "\n",
])  # fmt: skip
def test_text_nested_without_end_is_one_mistake_and_no_crash(text: str) -> None:
    read = YamlText(text)
    assert [mistake.message for mistake in read.mistakes] == ["catalog.yaml_depth"]
    assert read.data == {}


def test_nesting_up_to_the_limit_and_brackets_in_text_are_read() -> None:
    deep = "[" * 40 + "]" * 40
    assert YamlText(f"{deep}\n").mistakes == []
    assert YamlText(f"a: '{'[' * 100}'\n{' ' * 60}\n").data == {"a": "[" * 100}


def test_the_line_of_a_path_is_that_of_its_key_or_of_the_nearest_thing_above() -> None:
    read = YamlText("a:\n  - {x: 1}\n  - x: 2\n    y: {z: 3}\n")
    assert read.line(("a", 1, "y", "z")) == 4
    assert read.line(("a", 1)) == 3
    assert read.line(("a", 1, "absent", "deeper")) == 3
    assert read.line(("absent",)) == 1


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(st.characters(exclude_categories=["C", "Zl", "Zp"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc_", min_size=1), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(st.dictionaries(st.text("abc_", min_size=1), VALUES, min_size=1))
def test_json_is_read_as_it_is_written(data: dict[str, Any]) -> None:
    read = YamlText(json.dumps(data, ensure_ascii=False))
    assert read.data == data
    assert not read.mistakes
