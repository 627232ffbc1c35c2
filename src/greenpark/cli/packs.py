"""``pack check``, ``pack list``, ``pack new``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from greenpark.catalog import check_pack, format_mistakes, load_packs, new_pack
from greenpark.cli.ending import REFUSED, refusing
from greenpark.cli.sentences import say


def check_packs(language: Any, folders: Sequence[Path]) -> None:
    """Every mistake of the named packs, or of all built-in ones."""
    with refusing(language):
        if not folders:
            packs = load_packs()
            _notes(packs.notes, language)
            print(say("cli.pack.check.clean", language, count=len(packs.heads)))
            return
        mistakes = tuple(mistake for folder in folders for mistake in check_pack(folder))
        _notes(mistakes, language)
        if any(mistake.severity == "error" for mistake in mistakes):
            sys.exit(REFUSED)
        print(say("cli.pack.check.clean", language, count=len(folders)))


def list_packs(language: Any, folders: tuple[Path, ...]) -> None:
    """Kind, id, version and title of every pack."""
    with refusing(language):
        for name, head in sorted(load_packs(folders).heads.items()):
            print(f"{name}\t{head.version}\t{head.title.in_language(language)}")


def write_skeleton(language: Any, kind: str, name: str, folder: Path) -> None:
    """The skeleton of a new pack."""
    with refusing(language):
        print(say("cli.pack.new.done", language, path=new_pack(kind, name, folder)))


def _notes(mistakes: Sequence[Any], language: Any) -> None:
    if mistakes:
        print(format_mistakes(mistakes, language), file=sys.stderr)
