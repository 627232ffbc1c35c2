"""``pack check``, ``pack list``, ``pack new``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from greenpark.catalog import Packs, check_pack, format_mistakes, load_packs, new_pack
from greenpark.cli.ending import REFUSED, refusing
from greenpark.cli.sentences import say


def check_packs(language: Any, folders: Sequence[Path]) -> None:
    """Every mistake of the named packs, or of all built-in ones."""
    with refusing(language):
        if not folders:
            packs = load_packs()
            _notes(packs.notes, language)
            _work_examples(packs, tuple(packs.schemes), language)
            print(say("cli.pack.check.clean", language, count=len(packs.heads)))
            return
        mistakes = tuple(mistake for folder in folders for mistake in check_pack(folder))
        _notes(mistakes, language)
        if any(mistake.severity == "error" for mistake in mistakes):
            sys.exit(REFUSED)
        packs = load_packs(folders)
        own = tuple(folder.resolve().name for folder in folders)
        _work_examples(packs, tuple(name for name in packs.schemes if name in own), language)
        print(say("cli.pack.check.clean", language, count=len(folders)))


def _work_examples(packs: Packs, schemes: tuple[str, ...], language: Any) -> None:
    """Run the worked examples of these schemes; a deviation ends with 1."""
    if not schemes:
        return
    from greenpark.engine.connect import Engine
    from greenpark.pipeline.worked import run_worked_examples

    count, deviations = run_worked_examples(packs, schemes, Engine("duckdb"))
    for each in deviations:
        print(
            say(
                "cli.pack.check.deviation",
                language,
                scheme=each.scheme,
                example=each.example,
                node=each.node,
                expected=each.expected,
                found=each.found,
            ),
            file=sys.stderr,
        )
    if deviations:
        sys.exit(REFUSED)
    print(say("cli.pack.check.examples", language, count=count))


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
