"""The commands of the desk: handing in, reviewing, comparing, reminding, and closing findings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from greenpark.cli.sentences import LANGUAGES

_FILE = click.Path(path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])
_BASES = ("statistical_survey", "administrative_record", "voluntary")
_VINTAGES = ("flash", "annual", "final", "census")
_STATES = ("draft", "submitted", "returned", "accepted", "locked")
Command = TypeVar("Command", bound=Callable[..., Any])


def desk_commands(language: Any, tell: Any) -> tuple[click.Command, ...]:
    """All commands of the desk in one language."""
    builders = (_submit, _return, _accept, _lock, _submissions, _diff, _history, _calendar, _close)
    return tuple(build(language, tell) for build in builders)


def _everywhere(tell: Any) -> Callable[[Command], Command]:
    """The options of every command of the desk: the workspace and its register."""

    def decorate(command: Command) -> Command:
        for option in (
            click.option("--lang", type=click.Choice(LANGUAGES), help=tell("cli.lang"), expose_value=False),
            click.option("--register", default=None, help=tell("cli.run.register")),
            click.option("--workspace", type=_FILE, required=True, help=tell("cli.desk.workspace")),
        ):
            command = option(command)
        return command

    return decorate


def _submit(language: Any, tell: Any) -> click.Command:
    @click.command("submit", help=tell("cli.submit.help"))
    @click.argument("file", type=_FILE)
    @click.option("--form", default="park_annual", show_default=True, help=tell("cli.check.form"))
    @click.option("--sheet", default="", help=tell("cli.check.sheet"))
    @click.option("--entity", default="", help=tell("cli.submit.entity"))
    @click.option("--period", required=True, help=tell("cli.submit.period"))
    @click.option("--filled-by", default="", help=tell("cli.submit.filled_by"))
    @click.option("--checked-by", default="", help=tell("cli.submit.checked_by"))
    @click.option("--responsible", default="", help=tell("cli.submit.responsible"))
    @click.option("--date", "signed_on", type=_DAY, help=tell("cli.submit.date"))
    @click.option("--basis", type=click.Choice(_BASES), help=tell("cli.submit.basis"))
    @click.option("--draft", is_flag=True, help=tell("cli.submit.draft"))
    @click.option("--corrects", default="", help=tell("cli.submit.corrects"))
    @click.option("--reason", default="", help=tell("cli.submit.reason"))
    @click.option("--although-locked", is_flag=True, help=tell("cli.submit.although_locked"))
    @click.option("--with-errors", "exception", default="", help=tell("cli.submit.with_errors"))
    @click.option("--estimate-for", default="", help=tell("cli.submit.estimate_for"))
    @click.option("--by-park", default="", help=tell("cli.submit.by_park"))
    @click.option("--method", default="", help=tell("cli.submit.method"))
    @click.option("--vintage", type=click.Choice(_VINTAGES), help=tell("cli.submit.vintage"))
    @click.option("--receipt", type=_FILE, help=tell("cli.submit.receipt"))
    @click.option("--packs", multiple=True, type=_FILE, help=tell("cli.run.packs"))
    @click.option("--json", "as_json", is_flag=True, help=tell("cli.run.json"))
    @_everywhere(tell)
    def submit(**options: Any) -> None:
        from greenpark.cli.submitting import submit_file

        submit_file(language, **options)

    return submit


def _return(language: Any, tell: Any) -> click.Command:
    @click.command("return", help=tell("cli.return.help"))
    @click.argument("batch")
    @click.option("--by", required=True, help=tell("cli.desk.by"))
    @click.option("--comment", "comments", multiple=True, help=tell("cli.return.comment"))
    @click.option("--workbook", type=_FILE, help=tell("cli.return.workbook"))
    @_everywhere(tell)
    def return_(**options: Any) -> None:
        from greenpark.cli.desk import return_batch

        return_batch(language, **options)

    return return_


def _accept(language: Any, tell: Any) -> click.Command:
    @click.command("accept", help=tell("cli.accept.help"))
    @click.argument("batch")
    @click.option("--by", required=True, help=tell("cli.desk.by"))
    @click.option("--note", default="", help=tell("cli.desk.note"))
    @_everywhere(tell)
    def accept(**options: Any) -> None:
        from greenpark.cli.desk import accept_batch

        accept_batch(language, **options)

    return accept


def _lock(language: Any, tell: Any) -> click.Command:
    @click.command("lock", help=tell("cli.lock.help"))
    @click.argument("batch")
    @click.option("--by", required=True, help=tell("cli.desk.by"))
    @click.option("--note", default="", help=tell("cli.desk.note"))
    @_everywhere(tell)
    def lock(**options: Any) -> None:
        from greenpark.cli.desk import lock_batch

        lock_batch(language, **options)

    return lock


def _submissions(language: Any, tell: Any) -> click.Command:
    @click.command("submissions", help=tell("cli.submissions.help"))
    @click.option("--state", type=click.Choice(_STATES), help=tell("cli.submissions.state"))
    @click.option("--json", "as_json", is_flag=True, help=tell("cli.run.json"))
    @_everywhere(tell)
    def submissions(**options: Any) -> None:
        from greenpark.cli.desk import list_submissions

        list_submissions(language, **options)

    return submissions


def _diff(language: Any, tell: Any) -> click.Command:
    @click.command("diff", help=tell("cli.diff.help"))
    @click.argument("batch")
    @click.argument("other", required=False)
    @click.option("--json", "as_json", is_flag=True, help=tell("cli.run.json"))
    @_everywhere(tell)
    def diff(**options: Any) -> None:
        from greenpark.cli.desk import show_difference

        show_difference(language, **options)

    return diff


def _history(language: Any, tell: Any) -> click.Command:
    @click.command("history", help=tell("cli.history.help"))
    @click.argument("batch")
    @_everywhere(tell)
    def history(**options: Any) -> None:
        from greenpark.cli.desk import show_history

        show_history(language, **options)

    return history


def _calendar(language: Any, tell: Any) -> click.Command:
    @click.command("calendar", help=tell("cli.calendar.help"))
    @click.argument("file", type=_FILE)
    @click.option("--on", type=_DAY, help=tell("cli.calendar.on"))
    @click.option("--csv", "table", type=_FILE, help=tell("cli.calendar.csv"))
    @click.option("--packs", multiple=True, type=_FILE, help=tell("cli.run.packs"))
    @click.option("--json", "as_json", is_flag=True, help=tell("cli.run.json"))
    @_everywhere(tell)
    def calendar(**options: Any) -> None:
        from greenpark.cli.reminding import show_calendar

        show_calendar(language, **options)

    return calendar


def _close(language: Any, tell: Any) -> click.Command:
    @click.command("close", help=tell("cli.close.help"))
    @click.argument("finding")
    @click.option("--because", required=True, help=tell("cli.close.because"))
    @click.option("--by", required=True, help=tell("cli.desk.by"))
    @_everywhere(tell)
    def close(**options: Any) -> None:
        from greenpark.cli.desk import close_with_explanation

        close_with_explanation(language, **options)

    return close
