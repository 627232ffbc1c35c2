"""The commands about runs of the past: restating them, publishing them again, bringing a workspace up to date."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from greenpark.cli.sentences import LANGUAGES

_FILE = click.Path(path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])
Command = TypeVar("Command", bound=Callable[..., Any])


def restating_commands(language: Any, tell: Any) -> tuple[click.Command, ...]:
    """``restate``, ``report`` and ``migrate`` in one language."""
    return tuple(build(language, tell) for build in (_restate, _report, _migrate))


def as_of_options(tell: Any) -> Callable[[Command], Command]:
    """The options of a run as of a moment in the past."""

    def decorate(command: Command) -> Command:
        command = click.option("--packs-as-of", is_flag=True, help=tell("cli.run.packs_as_of"))(command)
        return click.option("--as-of", default="", metavar="DATE", help=tell("cli.run.as_of"))(command)

    return decorate


def _of_a_run(tell: Any) -> Callable[[Command], Command]:
    """What names a run: its id or its job, and the workspace that keeps it."""

    def decorate(command: Command) -> Command:
        for option in (
            click.option("--lang", type=click.Choice(LANGUAGES), help=tell("cli.lang"), expose_value=False),
            click.option("--register", default=None, help=tell("cli.run.register")),
            click.option("--workspace", type=_FILE, help=tell("cli.restate.workspace")),
            click.option("--output", type=_FILE, help=tell("cli.restate.output")),
            click.argument("named", metavar="RUN|JOB"),
        ):
            command = option(command)
        return command

    return decorate


def _restate(language: Any, tell: Any) -> click.Command:
    @click.command("restate", help=tell("cli.restate.help"))
    @_of_a_run(tell)
    @click.option("--profile", default="", help=tell("cli.restate.profile"))
    @click.option("--gwp", default="", help=tell("cli.restate.gwp"))
    @click.option("--packs", multiple=True, metavar="newer|FOLDER", help=tell("cli.restate.packs"))
    @click.option("--factors-year", type=int, help=tell("cli.restate.factors_year"))
    @click.option("--boundary-as-of", "members_of", type=_DAY, help=tell("cli.restate.boundary_as_of"))
    @click.option("--json", "as_json", is_flag=True, help=tell("cli.run.json"))
    def restate(**options: Any) -> None:
        from greenpark.cli.restating import restate_run

        restate_run(language, **options)

    return restate


def _report(language: Any, tell: Any) -> click.Command:
    @click.command("report", help=tell("cli.report.help"))
    @_of_a_run(tell)
    def report(**options: Any) -> None:
        from greenpark.cli.restating import report_run

        report_run(language, **options)

    return report


def _migrate(language: Any, tell: Any) -> click.Command:
    @click.command("migrate", help=tell("cli.migrate.help"))
    @click.argument("workspace", type=_FILE)
    @click.option("--register", default=None, help=tell("cli.run.register"))
    @click.option("--lang", type=click.Choice(LANGUAGES), help=tell("cli.lang"), expose_value=False)
    def migrate(**options: Any) -> None:
        from greenpark.cli.restating import migrate_folder

        migrate_folder(language, **options)

    return migrate
