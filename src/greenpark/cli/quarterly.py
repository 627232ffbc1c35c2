"""``quarterly``: the quarterly sheet and the ledger of a job."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import click

from greenpark.cli.sentences import LANGUAGES, say

_FILE = click.Path(path_type=Path)


def quarterly_command(language: Any, tell: Any) -> click.Command:
    """The command in one language."""

    @click.command("quarterly", help=tell("cli.quarterly.help"))
    @click.argument("job", type=_FILE, metavar="JOB")
    @click.option("--quarter", default="", help=tell("cli.quarterly.quarter"))
    @click.option("--output", type=_FILE, help=tell("cli.run.output"))
    @click.option("--workspace", type=_FILE, help=tell("cli.run.workspace"))
    @click.option("--packs", multiple=True, type=_FILE, help=tell("cli.run.packs"))
    @click.option("--json", "as_json", is_flag=True, help=tell("cli.run.json"))
    @click.option("--lang", type=click.Choice(LANGUAGES), help=tell("cli.lang"), expose_value=False)
    def quarterly(job: Path, **options: Any) -> None:
        show_quarter(job, language, **options)

    return quarterly


def show_quarter(
    job: Path, language: Any, *, quarter: str, output: Path | None, workspace: Path | None, packs: tuple[Path, ...],
    as_json: bool,
) -> None:  # fmt: skip
    """Run the job, publish its reports, and print the sheet of one quarter."""
    from greenpark.cli.ending import decline, refusing
    from greenpark.cli.workspaces import teller
    from greenpark.pipeline import Choices, run
    from greenpark.pipeline.steering import rule_of
    from greenpark.publish import Shown, quarterly_text

    if not job.is_file():
        decline("cli.no_file", language, path=job)
    asked = _end_of(quarter, language)
    with refusing(language):
        published, _ = run(job, Choices(output, workspace, (), "duckdb", packs, language), teller(language))
    release = published.release
    ends = [row["end"] for row in release.tables["quarterly"].select(["end"]).to_pylist()]
    if not ends:
        decline("cli.quarterly.none", language)
    end = asked or max(ends)
    if as_json:
        rows = [row for row in release.tables["quarterly"].to_pylist() if row["end"] == end]
        found = {"quarterly": rows, "ledger": release.tables["ledger"].to_pylist()}
        print(json.dumps(found, ensure_ascii=False, indent=2, default=str))
        return
    print(release.job.title.in_language(language))
    print("\n".join(quarterly_text(Shown(release), end, rule_of(release.job, packs), language)))


def _end_of(quarter: str, language: Any) -> date | None:
    """The day after a quarter; None when none is named."""
    from greenpark.cli.ending import refuse
    from greenpark.model.time import Period

    if not quarter:
        return None
    try:
        period = Period.parse(quarter)
    except ValueError:
        period = None
    if period is None or period.months != 3 or period.start.month % 3 != 1:
        refuse(say("cli.quarterly.bad", language, text=quarter), language)
    return period.end
