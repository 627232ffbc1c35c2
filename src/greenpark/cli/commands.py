"""The commands and what they are given on the command line; what they do stands in ``work``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import click

from greenpark.cli.desk_commands import desk_commands
from greenpark.cli.drivers import drivers_command
from greenpark.cli.gap import gap_command
from greenpark.cli.league import league_command
from greenpark.cli.nation import simulate_command
from greenpark.cli.peers import peers_command
from greenpark.cli.programmes import programmes_command
from greenpark.cli.quarterly import quarterly_command
from greenpark.cli.restating_commands import as_of_options, restating_commands
from greenpark.cli.sentences import LANGUAGES, say
from greenpark.cli.statistics import statistics_command

_FILE = click.Path(path_type=Path)
_SEVERITIES = ("error", "warning", "note")
Command = TypeVar("Command", bound=Callable[..., Any])


def build(language: Any) -> click.Group:
    """The command line in one language."""
    tell = partial(say, language=language)

    @click.group(help=tell("cli.help"), context_settings={"help_option_names": ["-h", "--help"]})
    @click.option("--lang", type=click.Choice(LANGUAGES), help=tell("cli.lang"), expose_value=False)
    @click.version_option(version("greenpark"), help=tell("cli.version"))
    def greenpark() -> None:
        """Hold the commands."""

    for command in (_run, _demo, _template, _check, _read_page, _explain, _pack):
        greenpark.add_command(command(language, tell))
    for made in (
        *desk_commands(language, tell),
        *restating_commands(language, tell),
        quarterly_command(language, tell),
        league_command(language, tell),
        programmes_command(language, tell),
        gap_command(language, tell),
        peers_command(language, tell),
        simulate_command(language, tell),
        drivers_command(language, tell),
        statistics_command(language, tell),
    ):
        greenpark.add_command(made)
    return greenpark


def _lang(tell: Any) -> Callable[[Command], Command]:
    """``--lang`` is read before; every command takes it too, so that it may stand anywhere."""
    return click.option("--lang", type=click.Choice(LANGUAGES), help=tell("cli.lang"), expose_value=False)


def _engine(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """An engine is duckdb or the address of a Spark cluster."""
    if value != "duckdb" and not value.startswith("spark://"):
        raise click.BadParameter(f"{value}: duckdb | spark://host:port", context, parameter)
    return value


def _run(language: Any, tell: Any) -> click.Command:
    @click.command("run", help=tell("cli.run.help"))
    @click.argument("jobs", nargs=-1, required=True, type=_FILE, metavar="JOB…")
    @click.option("--input", "inputs", multiple=True, type=_FILE, help=tell("cli.run.input"))
    @click.option("--output", type=_FILE, help=tell("cli.run.output"))
    @click.option("--workspace", type=_FILE, help=tell("cli.run.workspace"))
    @click.option("--engine", default="duckdb", show_default=True, callback=_engine, help=tell("cli.run.engine"))
    @click.option("--packs", multiple=True, type=_FILE, help=tell("cli.run.packs"))
    @click.option("--register", default=None, help=tell("cli.run.register"))
    @click.option("--rejected", type=_FILE, help=tell("cli.run.rejected"))
    @click.option("--fail-on", type=click.Choice(_SEVERITIES), help=tell("cli.run.fail_on"))
    @click.option("--json", "as_json", is_flag=True, help=tell("cli.run.json"))
    @as_of_options(tell)
    @_lang(tell)
    def run(jobs: tuple[Path, ...], **options: Any) -> None:
        from greenpark.cli.jobs import run_jobs

        run_jobs(jobs, language, **options)

    return run


def _demo(language: Any, tell: Any) -> click.Command:
    @click.command("demo", help=tell("cli.demo.help"))
    @click.option("--output", type=_FILE, help=tell("cli.run.output"))
    @click.option("--workspace", type=_FILE, help=tell("cli.run.workspace"))
    @click.option("--json", "as_json", is_flag=True, help=tell("cli.run.json"))
    @_lang(tell)
    def demo(**options: Any) -> None:
        from greenpark.cli.jobs import run_demo

        run_demo(language, **options)

    return demo


def _template(language: Any, tell: Any) -> click.Command:
    @click.command("template", help=tell("cli.template.help"))
    @click.argument("form")
    @click.option("-o", "--output", required=True, type=_FILE, help=tell("cli.template.output"))
    @click.option("--year", type=int, help=tell("cli.template.year"))
    @click.option("--last-year", type=_FILE, help=tell("cli.template.last_year"))
    @click.option("--packs", multiple=True, type=_FILE, help=tell("cli.run.packs"))
    @_lang(tell)
    def template(**options: Any) -> None:
        from greenpark.cli.forms import make_template

        make_template(language, **options)

    return template


def _check(language: Any, tell: Any) -> click.Command:
    @click.command("check", help=tell("cli.check.help"))
    @click.argument("file", type=_FILE)
    @click.option("--form", default="park_annual", show_default=True, help=tell("cli.check.form"))
    @click.option("--sheet", default="", help=tell("cli.check.sheet"))
    @click.option("--year", "years", multiple=True, type=int, help=tell("cli.check.year"))
    @click.option("--history", multiple=True, type=_FILE, help=tell("cli.check.history"))
    @click.option("--rejected", type=_FILE, help=tell("cli.run.rejected"))
    @click.option("--packs", multiple=True, type=_FILE, help=tell("cli.run.packs"))
    @click.option("--fail-on", type=click.Choice(_SEVERITIES), help=tell("cli.run.fail_on"))
    @click.option("--json", "as_json", is_flag=True, help=tell("cli.run.json"))
    @_lang(tell)
    def check(**options: Any) -> None:
        from greenpark.cli.forms import check_file

        check_file(language, **options)

    return check


def _read_page(language: Any, tell: Any) -> click.Command:
    @click.command("read-page", help=tell("cli.read_page.help"))
    @click.argument("file", type=_FILE)
    @click.option("--json", "as_json", is_flag=True, help=tell("cli.run.json"))
    @_lang(tell)
    def read_page(**options: Any) -> None:
        from greenpark.cli.pages import show_page

        show_page(language, **options)

    return read_page


def _explain(language: Any, tell: Any) -> click.Command:
    @click.command("explain", help=tell("cli.explain.help"))
    @click.argument("reference")
    @click.option("--workspace", type=_FILE, help=tell("cli.explain.workspace"))
    @click.option("--run", "run_id", default="", help=tell("cli.explain.run"))
    @click.option("--release", type=_FILE, help=tell("cli.explain.release"))
    @click.option("--register", default=None, help=tell("cli.run.register"))
    @_lang(tell)
    def explain(**options: Any) -> None:
        from greenpark.cli.tracing import explain_reference

        explain_reference(language, **options)

    return explain


def _pack(language: Any, tell: Any) -> click.Group:
    group = click.Group("pack", help=tell("cli.pack.help"))

    @group.command("check", help=tell("cli.pack.check.help"))
    @click.argument("folders", nargs=-1, type=_FILE)
    @_lang(tell)
    def check(folders: tuple[Path, ...]) -> None:
        from greenpark.cli.packs import check_packs

        check_packs(language, folders)

    @group.command("list", help=tell("cli.pack.list.help"))
    @click.option("--packs", multiple=True, type=_FILE, help=tell("cli.run.packs"))
    @_lang(tell)
    def list_(packs: tuple[Path, ...]) -> None:
        from greenpark.cli.packs import list_packs

        list_packs(language, packs)

    @group.command("new", help=tell("cli.pack.new.help"))
    @click.argument("kind")
    @click.argument("name")
    @click.option("--folder", type=_FILE, default=Path(), help=tell("cli.pack.new.folder"))
    @_lang(tell)
    def new(kind: str, name: str, folder: Path) -> None:
        from greenpark.cli.packs import write_skeleton

        write_skeleton(language, kind, name, folder)

    return group
