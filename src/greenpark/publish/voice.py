"""Speaking of a release in one language."""

from __future__ import annotations

from greenpark.model.text import Language, Text
from greenpark.publish.shown import Shown


class Voice:
    """Says sentences, texts and words of a release in one language."""

    def __init__(self, shown: Shown, language: Language) -> None:
        self.shown = shown
        self.language = language

    def say(self, message: str, **values: object) -> str:
        """A sentence."""
        return self.shown.names.sentence(message, self.language, **values)

    def of(self, text: Text) -> str:
        """A text."""
        return text.in_language(self.language)

    def word(self, kind: str, value: str) -> str:
        """A word of a fixed list."""
        return self.of(self.shown.names.word(kind, value))
