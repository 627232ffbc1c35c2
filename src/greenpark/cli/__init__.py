"""The command line. Starting it imports no engine and no definitions: each command imports what it needs."""

from __future__ import annotations

import gc
import sys

from greenpark.cli.sentences import choose_language

# Building queries makes many small objects that hold no cycles: looking for some after every 700 takes a tenth of a run.
_LOOK_AFTER = 50_000


def main() -> None:
    """Run the command line; the language is chosen before anything is said."""
    from greenpark.cli.commands import build

    for stream in (sys.stdout, sys.stderr):
        # A console with a narrower encoding shows a question mark rather than ending the command.
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    gc.set_threshold(_LOOK_AFTER)
    language = choose_language(sys.argv[1:])
    build(language)(prog_name="greenpark")
