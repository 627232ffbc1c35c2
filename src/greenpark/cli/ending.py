"""How a command ends: what it says when it refuses, and its exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from greenpark.cli.sentences import say

REFUSED, FINDINGS, INTERRUPTED = 1, 3, 130
_RANK = {"error": 0, "warning": 1, "note": 2}


@contextmanager
def refusing(language: str) -> Iterator[None]:
    """Turn what a person can mend into a message and exit code 1; a wrong program still shows its traceback."""
    from greenpark.catalog import PackError, format_mistakes, load_messages
    from greenpark.engine.errors import StoreError
    from greenpark.model.job import JobError

    try:
        yield
    except PackError as error:
        refuse(format_mistakes(error.mistakes, _typed(language)), language)
    except (JobError, StoreError) as error:
        messages = load_messages()
        told = [error.message, f"{error.message}.fix"]
        named = {
            name: messages.say(state, _typed(language)) if (state := f"desk.state.{value}") in messages else value
            for name, value in error.values.items()
        }
        said = [messages.say(each, _typed(language), **named) for each in told if each in messages]
        refuse("\n".join(said), language)
    except PermissionError as error:
        refuse(say("cli.busy", language, path=error.filename), language)
    except FileNotFoundError as error:
        refuse(say("cli.no_file", language, path=error.filename), language)
    except KeyboardInterrupt:
        print(say("cli.interrupted", language), file=sys.stderr)
        sys.exit(INTERRUPTED)


def refuse(text: str, language: str) -> NoReturn:
    """Say why and end with 1."""
    print(say("cli.refused", language), file=sys.stderr)
    print(text, file=sys.stderr)
    sys.exit(REFUSED)


def end_on(severities: Iterable[str], fail_on: str | None) -> None:
    """End with 3 when a severity is as bad as the one named."""
    if fail_on and any(_RANK[each] <= _RANK[fail_on] for each in severities):
        sys.exit(FINDINGS)


def _typed(language: str) -> Any:
    return language
