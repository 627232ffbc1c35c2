"""``league``: the parks of a job in the order of their scores, without names unless a reason is given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from greenpark.cli.sentences import LANGUAGES

_FILE = click.Path(path_type=Path)


def league_command(language: Any, tell: Any) -> click.Command:
    """The command in one language."""

    @click.command("league", help=tell("cli.league.help"))
    @click.argument("job", type=_FILE, metavar="JOB")
    @click.option("--scheme", default="", help=tell("cli.league.scheme"))
    @click.option("--year", default="", help=tell("cli.league.year"))
    @click.option("--own", multiple=True, help=tell("cli.league.own"))
    @click.option("--unrestricted", default="", metavar="TEXT", help=tell("cli.league.unrestricted"))
    @click.option("--output", type=_FILE, help=tell("cli.league.output"))
    @click.option("--workspace", type=_FILE, help=tell("cli.run.workspace"))
    @click.option("--packs", multiple=True, type=_FILE, help=tell("cli.run.packs"))
    @click.option("--json", "as_json", is_flag=True, help=tell("cli.run.json"))
    @click.option("--lang", type=click.Choice(LANGUAGES), help=tell("cli.lang"), expose_value=False)
    def league(job: Path, **options: Any) -> None:
        show_league(job, language, **options)

    return league


def show_league(
    job: Path, language: Any, *, scheme: str, year: str, own: tuple[str, ...], unrestricted: str, output: Path | None,
    workspace: Path | None, packs: tuple[Path, ...], as_json: bool,
) -> None:  # fmt: skip
    """Run the job and print, or write, the ranks of its parks."""
    from greenpark.cli.ending import decline, refusing
    from greenpark.cli.workspaces import teller
    from greenpark.pipeline import Choices, run
    from greenpark.publish import Shown, league_data, league_tables, league_text, masked, newest_tables, write_league

    if not job.is_file():
        decline("cli.no_file", language, path=job)
    with refusing(language):
        published, _ = run(job, Choices(None, workspace, (), "duckdb", packs, language), teller(language))
    shown = Shown(published.release)
    tables = (
        league_tables(shown, scheme, year) if year else [t for t in newest_tables(shown) if scheme in ("", t.scheme)]
    )
    if not tables:
        decline("cli.league.none", language)
    remark = shown.names.say("publish.league.masked")
    if unrestricted:
        remark = shown.names.say("publish.league.unrestricted", reason=unrestricted)
    else:
        tables = [masked(table, own) for table in tables]
    if output:
        write_league(published.release, tables, remark, output)
    if as_json:
        print(json.dumps(league_data(tables, remark), ensure_ascii=False, indent=2))
        return
    print("\n".join(league_text(shown, tables, remark, language)))
    if output:
        print(f"  {output.as_posix()}")
