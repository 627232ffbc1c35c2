"""Hashes say what rows and code are, not how they lie in memory or on disk."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpark.engine.provenance import code_version, hash_code, hash_rows, hash_words
from tests.engine.made_rows import observations

texts = st.lists(st.none() | st.text(max_size=5), min_size=1, max_size=8)


@given(texts)
def test_chunks_slices_and_garbage_behind_empty_cells_do_not_count(values: list[str | None]) -> None:
    plain = pa.table({"x": pa.array(values, pa.string())})
    padded = pa.table({"x": pa.array(["junk", *values, "junk"], pa.string())}).slice(1, len(values))
    pieces = pa.concat_tables([padded.slice(place, 1) for place in range(len(values))])
    assert hash_rows(plain) == hash_rows(padded) == hash_rows(pieces)


@given(texts, texts)
def test_different_texts_have_different_hashes(left: list[str | None], right: list[str | None]) -> None:
    tables = [pa.table({"x": pa.array(values, pa.string())}) for values in (left, right)]
    assert (hash_rows(tables[0]) == hash_rows(tables[1])) == (left == right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (["ab", "c"], ["a", "bc"]),
        (["", None], [None, ""]),
        ([0.0, None], [None, 0.0]),
        ([1, 2], [2, 1]),
        ([1], [1.0]),
        ([True, None], [True, False]),
    ],
)
def test_borders_missing_values_order_and_types_count(left: list[Any], right: list[Any]) -> None:
    assert hash_rows(pa.table({"x": left})) != hash_rows(pa.table({"x": right}))


def test_the_hash_of_rows_is_the_same_on_every_machine_and_version() -> None:
    """Written down once: a workspace outlives the versions of Python and Arrow."""
    assert hash_rows(observations(3)) == "7c4477973057823890b07055d8892ac683404d74da19eefd3cfaf550c55f2018"


def test_words_keep_their_borders() -> None:
    assert hash_words("ab", "c") != hash_words("a", "bc") != hash_words("abc")


def test_code_has_one_hash_whatever_the_line_ends_and_changes_with_every_module_and_message(tmp_path: Path) -> None:
    def package(name: str, end: str, **files: str) -> str:
        for path, text in {"a.py": "x = 1", "model/messages/m.yaml": "m: 1", "notes.txt": name, **files}.items():
            file = tmp_path / name / path.replace("__", "/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes((text + end).encode())
        return hash_code(tmp_path / name)

    first = package("one", "\n")
    assert package("two", "\r\n") == first
    assert package("three", "\n", **{"a.py": "x = 2"}) != first
    assert package("four", "\n", **{"model/messages/m.yaml": "m: 2"}) != first
    assert package("five", "\n", **{"b.py": ""}) != first


def test_the_code_version_names_the_version_and_the_hash() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\+[0-9a-f]{16}", code_version())
    assert code_version() is code_version()
