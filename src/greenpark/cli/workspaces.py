"""Workspaces on the command line: which are looked at, a store opened for a while, and progress told meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from greenpark.catalog import load_messages
from greenpark.cli.ending import refuse
from greenpark.cli.sentences import say
from greenpark.engine.connect import Engine
from greenpark.engine.store import Store, open_store


def find_workspaces(workspace: Path | None, language: str) -> list[Path]:
    """The workspace that is named, else those of the present folder; without any the command ends."""
    folders = [workspace] if workspace else sorted(path.parent for path in Path("workspace").glob("*/workspace.yaml"))
    if not folders or not all(folder.is_dir() for folder in folders):
        refuse(say("cli.explain.no_workspace", language, where=workspace or "workspace"), language)
    return folders


@contextmanager
def opened(workspace: Path, register: str | None) -> Iterator[Store]:
    """The store of a workspace on an engine of its own."""
    engine = Engine("duckdb")
    try:
        with open_store(workspace, engine, register) as store:
            yield store
    finally:
        engine.close()


def teller(language: Any) -> Callable[[str, str], None]:
    """Tells each step of a run (a message id and what it works on) on standard error."""
    messages = load_messages()

    def tell(message: str, name: str) -> None:
        print(messages.say(message, language, name=name), file=sys.stderr)

    return tell
