"""What is wrong with a pack: collected, located, and said in two languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from greenpark.catalog.messages import load_messages
from greenpark.model.fit import Path
from greenpark.model.text import Language, Messages

GUIDE = "docs/guides/packs.md"
_SHOWN = 300


@dataclass(frozen=True)
class Phrase:
    """A part of a sentence that is itself a message, so that it is said in the reader's language."""

    message: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class PackMistake:
    """One mistake in a pack: where, what is wrong (``message``) and what to do (``<message>.fix``).

    ``folder`` and ``file`` together are the place; ``severity`` is ``note`` for what is allowed but worth knowing.
    """

    folder: str
    file: str
    line: int
    key: str
    message: str
    values: dict[str, object] = field(default_factory=dict)
    severity: Literal["error", "note"] = "error"

    @property
    def place(self) -> str:
        """``folder/file:line``; without the line when the whole file is meant."""
        path = "/".join(part for part in (self.folder, self.file) if part)
        return f"{path}:{self.line}" if self.line else path


class PackError(Exception):
    """Packs that cannot be used, with every mistake found in them."""

    def __init__(self, mistakes: Iterable[PackMistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(self.mistakes)

    def __str__(self) -> str:
        return format_mistakes(self.mistakes, "zh")


def format_mistakes(mistakes: Iterable[PackMistake], language: Language) -> str:
    """The mistakes as text: the place, then what is wrong, then what to do."""
    messages = _messages()
    return "\n".join(_told(mistake, messages, language) for mistake in mistakes)


def sorted_mistakes(mistakes: Iterable[PackMistake]) -> tuple[PackMistake, ...]:
    """The mistakes once each, errors before notes, in the order of files and lines."""
    unique = {(m.severity, m.folder, m.file, m.line, m.key, m.message, repr(m.values)): m for m in mistakes}
    return tuple(unique[key] for key in sorted(unique))


def printed_key(path: Path) -> str:
    """``criteria[3].rule.unit`` for ("criteria", 3, "rule", "unit")."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


@lru_cache(maxsize=1)
def _messages() -> Messages:
    return load_messages()


def _told(mistake: PackMistake, messages: Messages, language: Language) -> str:
    values = {name: _said(value, messages, language) for name, value in mistake.values.items()} | {"guide": GUIDE}
    first = f"{mistake.place}  {mistake.key}".rstrip()
    if mistake.severity == "note":
        first += f"  [{messages.say('catalog.word.note', language)}]"
    problem = messages.say(mistake.message, language, **values)
    return f"{first}\n  {problem}\n  {messages.say(f'{mistake.message}.fix', language, **values)}"


def _said(value: object, messages: Messages, language: Language) -> str:
    """A value as it is shown inside a sentence."""
    if isinstance(value, Phrase):
        inner = {name: _said(each, messages, language) for name, each in value.values.items()}
        return messages.say(value.message, language, **inner)
    if isinstance(value, tuple | list):
        return messages.say("catalog.word.comma", language).join(_said(each, messages, language) for each in value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.10g}"
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
