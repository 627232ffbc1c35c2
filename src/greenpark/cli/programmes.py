"""``programmes``: titles as of a day, and the readiness of a job's parks."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from greenpark.cli.sentences import LANGUAGES, say

_FILE = click.Path(path_type=Path)


def programmes_command(language: Any, tell: Any) -> click.Command:
    """The command in one language."""

    @click.command("programmes", help=tell("cli.programmes.help"))
    @click.option("--as-of", default="", help=tell("cli.programmes.as_of"))
    @click.option("--zone", default="", help=tell("cli.programmes.zone"))
    @click.option("--job", type=_FILE, help=tell("cli.programmes.job"))
    @click.option("--workspace", type=_FILE, help=tell("cli.run.workspace"))
    @click.option("--output", type=_FILE, help=tell("cli.programmes.output"))
    @click.option("--packs", multiple=True, type=_FILE, help=tell("cli.run.packs"))
    @click.option("--json", "as_json", is_flag=True, help=tell("cli.run.json"))
    @click.option("--lang", type=click.Choice(LANGUAGES), help=tell("cli.lang"), expose_value=False)
    def programmes(**options: Any) -> None:
        show_programmes(language, **options)

    return programmes


def show_programmes(
    language: Any, *, as_of: str, zone: str, job: Path | None, workspace: Path | None, output: Path | None,
    packs: tuple[Path, ...], as_json: bool,
) -> None:  # fmt: skip
    """Print the titles of the day; with a job also how ready its parks are."""
    from greenpark.catalog import load_packs
    from greenpark.cli.ending import refusing
    from greenpark.publish import Shown, readiness_text, titles_text, write_titles

    day = _day(as_of, language)
    with refusing(language):
        release = None if job is None else _run(job, workspace, packs, language)
        known = load_packs(packs, kinds=("programmes",))
        book = _book(known, release, day, None if release is None else _titled(known, release, workspace))
        _known_zone(zone, known, book, language)
        if output:
            write_titles(book, release, output)
    if as_json:
        print(json.dumps(_as_json(book, release, zone), ensure_ascii=False, indent=2, default=str))
    else:
        print("\n".join(titles_text(book, language, zone)))
        if release is not None:
            print("\n".join(["", *readiness_text(Shown(release), language)]))
    if output and not as_json:
        print(f"  {output.as_posix()}")


def _day(text: str, language: Any) -> date | None:
    from greenpark.cli.ending import refuse

    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        refuse(say("cli.programmes.no_day", language, text=text), language)


def _run(job: Path, workspace: Path | None, packs: tuple[Path, ...], language: Any) -> Any:
    from greenpark.cli.workspaces import teller
    from greenpark.pipeline import Choices, run

    published, _ = run(job, Choices(None, workspace, (), "duckdb", packs, language), teller(language))
    return published.release


def _titled(known: Any, release: Any, workspace: Path | None) -> Any:
    """The job of a run with the titles that its forms state."""
    from greenpark.cli.workspaces import opened
    from greenpark.pipeline.titles import titles_of_batches, with_titles

    job = release.job
    with opened(workspace or Path("workspace") / job.id, None) as store:
        batches = store.run(release.run).batches
        return with_titles(job, titles_of_batches(job, known, batches, store))


def _book(known: Any, release: Any, day: date | None, job: Any) -> Any:
    """The register of the day: without one, of the last day of the run's newest period, else of today."""
    from greenpark.pipeline.outputs import definitions_of
    from greenpark.pipeline.programmes import register_of
    from greenpark.publish import TitleBook

    register = register_of(known, job)
    ends = [] if release is None else [each for each in release.tables["readiness"].column("end").to_pylist() if each]
    on = day or (max(ends) - timedelta(days=1) if ends else datetime.now().astimezone().date())
    counts = register.counts(tuple(known.zones), on)
    return TitleBook(on, register.standings(on), counts, register.groups, register.published, definitions_of(known))


def _known_zone(zone: str, known: Any, book: Any, language: Any) -> None:
    from greenpark.cli.ending import decline

    if zone and zone not in known.zones and zone not in book.standings.column("holder").to_pylist():
        decline("cli.programmes.no_zone", language, zone=zone)


def _as_json(book: Any, release: Any, zone: str) -> dict[str, Any]:
    titles = [row for row in book.standings.to_pylist() if zone in ("", row["holder"])]
    found: dict[str, Any] = {"as_of": book.as_of, "titles": titles}
    if not zone:
        found["counts"] = book.tallies.to_pylist()
    if release is not None:
        rows = release.tables["readiness"].to_pylist()
        found["readiness"] = [{name: value for name, value in row.items() if name != "run"} for row in rows]
    return found
