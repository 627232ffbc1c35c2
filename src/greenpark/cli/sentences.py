"""What the command line says before any definition is loaded: its help and its errors, in both languages.

``model/messages/cli.yaml`` is written in the part of YAML that is JSON, so that it can be read here at once.
"""

from __future__ import annotations

import json
import locale
import os
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

LANGUAGES = ("zh", "en")


def choose_language(arguments: Sequence[str]) -> str:
    """The language of ``--lang``, else of GREENPARK_LANG, else of the locale; Chinese first."""
    for number, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return _known(argument.partition("=")[2])
        if argument == "--lang" and number + 1 < len(arguments):
            return _known(arguments[number + 1])
    stated = os.environ.get("GREENPARK_LANG") or _locale()
    return "zh" if stated.lower().startswith("zh") else "en"


def say(message: str, language: str, **values: object) -> str:
    """One sentence of the command line."""
    return str(_sentences()[message][language]).format(**values)


def _locale() -> str:
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return named or locale.getlocale()[0] or "zh"


def _known(text: str) -> str:
    return text if text in LANGUAGES else "zh"


@lru_cache(maxsize=1)
def _sentences() -> dict[str, dict[str, str]]:
    text = (files("greenpark.model") / "messages" / "cli.yaml").read_text(encoding="utf-8")
    read: dict[str, dict[str, str]] = json.loads(text)
    return read
