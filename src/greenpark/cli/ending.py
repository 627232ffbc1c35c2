"""How a command ends: what it says when it refuses, and its exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from greenpark.cli.sentences import say

# Nothing is wrong with the input: there is no such thing in it, it may not be told, or it was not said which is meant.
_NO_ANSWER, _RESTRICTED, _MORE_NEEDED = "cli.no_answer", "cli.restricted", "cli.more_needed"
_HEADINGS = {
    **dict.fromkeys(
        (
            "cli.explain.unknown", "cli.league.none", "cli.peers.none", "cli.programmes.no_zone",
            "cli.quarterly.none", "cli.restate.unknown", "gaps.no_value", "gaps.not_judged", "pipeline.no_run_then",
            "pipeline.nothing_changed", "pipeline.nothing_ever", "pipeline.nothing_then", "pipeline.release_nothing",
            "pipeline.statistics_no_level", "pipeline.statistics_nothing", "pipeline.statistics_unknown",
            "store.run_unknown",
        ),
        _NO_ANSWER,
    ),
    **dict.fromkeys(
        ("cli.explain.not_released", "cli.statistics.no_release_of_tables", "pipeline.release_without_units"), _RESTRICTED
    ),
    **dict.fromkeys(
        ("cli.peers.whose", "cli.statistics.which_job", "cli.submit.for_whom", "cli.too_many_outputs"), _MORE_NEEDED
    ),
}  # fmt: skip
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
        _end(error.message, "\n".join(said), language)
    except PermissionError as error:
        decline("cli.busy", language, path=error.filename)
    except FileNotFoundError as error:
        decline("cli.no_file", language, path=error.filename)
    except KeyboardInterrupt:
        print(say("cli.interrupted", language), file=sys.stderr)
        sys.exit(INTERRUPTED)


def refuse(text: str, language: str) -> NoReturn:
    """Say why an input or a pack was refused, and end with 1."""
    _end("", text, language)


def decline(message: str, language: str, **values: object) -> NoReturn:
    """Say a message under the heading that fits it, and end with 1."""
    _end(message, say(message, language, **values), language)


def _end(message: str, text: str, language: str) -> NoReturn:
    print(say(_HEADINGS.get(message, "cli.refused"), language), file=sys.stderr)
    print(text, file=sys.stderr)
    sys.exit(REFUSED)


def end_on(severities: Iterable[str], fail_on: str | None) -> None:
    """End with 3 when a severity is as bad as the one named."""
    if fail_on and any(_RANK[each] <= _RANK[fail_on] for each in severities):
        sys.exit(FINDINGS)


def _typed(language: str) -> Any:
    return language
