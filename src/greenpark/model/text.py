"""Sentences and names in the two languages of greenpark."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


class Frozen(BaseModel):
    """Base of all definitions: immutable, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Text(Frozen):
    """A name or sentence in Chinese and English."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """The text in one language."""
        return self.zh if language == "zh" else self.en


class Messages:
    """The sentences of the programme by id, each in both languages with named placeholders.

    A missing id or placeholder raises ``KeyError``: a sentence that cannot be said is a wrong program.
    """

    def __init__(self, sentences: dict[str, Text]) -> None:
        self._sentences = sentences

    def __contains__(self, message: str) -> bool:
        return message in self._sentences

    def ids(self) -> tuple[str, ...]:
        """All message ids, sorted."""
        return tuple(sorted(self._sentences))

    def say(self, message: str, language: Language, **values: object) -> str:
        """The sentence ``message`` in ``language`` with its placeholders filled."""
        return self._sentences[message].in_language(language).format(**values)
