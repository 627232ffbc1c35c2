"""The sentences of the catalog exist in both languages, and every mistake says what to do."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from greenpark.catalog.messages import MessagesError, load_messages, message_problems


def ids_in(folder: Path) -> set[str]:
    """Each string of the catalog's code that is a message id."""
    found: set[str] = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.update(re.findall(r"^catalog\.[a-z0-9_.]*[a-z0-9_]$", node.value))
    return found


def test_every_message_of_the_catalog_exists_and_every_mistake_has_a_remedy(repo: Path) -> None:
    messages = load_messages()
    for name in ids_in(repo / "src" / "greenpark" / "catalog"):
        assert name in messages, name
        if name.count(".") == 1:
            assert f"{name}.fix" in messages, name


def test_the_messages_of_the_catalog_fit_in_both_languages() -> None:
    assert [problem for problem in message_problems() if problem.startswith("catalog.yaml")] == []


@pytest.mark.parametrize(("text", "problem"), [
    ("a.b: {zh: 一}\n", "needs_zh_and_en"),
    ("a.b: {zh: 一, en: ''}\n", "empty_language"),
    ("a.b: {zh: '{x}', en: '{y}'}\n", "placeholders_differ ['x', 'y']"),
    ("a.b: {zh: '{x', en: x}\n", "broken_braces"),
    ("a.B: {zh: 一, en: one}\n", "id_is_not_stage.snake_case"),
])  # fmt: skip
def test_a_sentence_that_does_not_fit_is_named_with_its_line(text: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"a.first: {{zh: 一, en: one}}\n{text}", encoding="utf-8")
    assert [each.split("  ")[0] for each in message_problems(tmp_path)] == ["a.yaml:2"]
    assert message_problems(tmp_path)[0].endswith(problem)


def test_a_sentence_without_a_language_cannot_be_loaded(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a.b: {zh: 一}\n", encoding="utf-8")
    with pytest.raises(MessagesError, match=r"a\.yaml:1"):
        load_messages(tmp_path)
