"""The sentences of the programme: read from model/messages, and checked for both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from greenpark.catalog.yaml_text import YamlText
from greenpark.model.text import LANGUAGES, Messages, Text

FOLDER = Path(__file__).resolve().parent.parent / "model" / "messages"
_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9][a-z0-9_]*)+$")


class MessagesError(Exception):
    """Message files that cannot be used: a wrong program, with every problem named."""


def load_messages(folder: Path = FOLDER) -> Messages:
    """All sentences of greenpark by id.

    Raises
    ------
    MessagesError
        With every sentence that lacks a language.
    """
    sentences = tuple(_sentences(folder))
    problems = [f"{place}  {problem}" for place, _, sentence in sentences if (problem := _shape(sentence))]
    if problems:
        raise MessagesError("\n".join(problems))
    return Messages({name: Text(**sentence) for _, name, sentence in sentences})


def message_problems(folder: Path = FOLDER) -> tuple[str, ...]:
    """``file:line  id  problem`` for each sentence that does not fit: what the tests ask of every message."""
    found: dict[str, str] = {}
    problems: list[str] = []
    for place, name, sentence in _sentences(folder):
        problem = "" if _ID.match(name) else "id_is_not_stage.snake_case"
        problem = problem or _shape(sentence) or _placeholder_problem(sentence)
        if name in found:
            problem = f"stands_twice {found[name]}"
        if problem:
            problems.append(f"{place}  {name}  {problem}")
        found[name] = place
    return tuple(problems)


def _shape(sentence: object) -> str:
    if not isinstance(sentence, dict) or set(sentence) != set(LANGUAGES):
        return "needs_zh_and_en"
    return "" if all(isinstance(text, str) and text.strip() for text in sentence.values()) else "empty_language"


def _placeholder_problem(sentence: dict[str, str]) -> str:
    try:
        first, second = (_placeholders(sentence[language]) for language in LANGUAGES)
    except ValueError:
        return "broken_braces"
    return "" if first == second else f"placeholders_differ {sorted(first ^ second)}"


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _sentences(folder: Path) -> Iterator[tuple[str, str, dict[str, str]]]:
    for path in sorted(folder.glob("*.yaml")):
        read = YamlText(path.read_text(encoding="utf-8"))
        if read.mistakes:
            wrong = read.mistakes[0]
            raise MessagesError(f"{path.name}:{wrong.line}  {wrong.message} {wrong.values}")
        lines = read.lines_of_keys()
        for name, sentence in read.data.items():
            yield f"{path.name}:{lines[name]}", name, sentence
