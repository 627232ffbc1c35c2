"""``statistics``: growth, shares, distributions and league tables of a job, a workspace or a table; and releases."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from greenpark.cli.sentences import LANGUAGES

_FILE = click.Path(path_type=Path)
_TABLES = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm")
_JOBS = (".yaml", ".yml")


def statistics_command(language: Any, tell: Any) -> click.Command:
    """The command in one language."""
    several: dict[str, Any] = {"multiple": True}

    @click.command("statistics", help=tell("cli.statistics.help"))
    @click.argument("source", type=_FILE, metavar="JOB|WORKSPACE|TABLE")
    @click.option("--quantity", "quantities", **several, help=tell("cli.statistics.quantity"))
    @click.option("--ratio", "ratios", **several, help=tell("cli.statistics.ratio"))
    @click.option("--share", "shares", **several, help=tell("cli.statistics.share"))
    @click.option("--limit", type=float, help=tell("cli.statistics.limit"))
    @click.option("--level", default="", help=tell("cli.statistics.level"))
    @click.option("--period", default="", help=tell("cli.statistics.period"))
    @click.option("--release", type=_FILE, help=tell("cli.statistics.release"))
    @click.option("--rule", default="release", show_default=True, help=tell("cli.statistics.rule"))
    @click.option("--unrestricted", default="", help=tell("cli.statistics.unrestricted"))
    @click.option("--job", "job_id", default="", help=tell("cli.statistics.job"))
    @click.option("--output", type=_FILE, help=tell("cli.run.output"))
    @click.option("--workspace", type=_FILE, help=tell("cli.run.workspace"))
    @click.option("--packs", multiple=True, type=_FILE, help=tell("cli.run.packs"))
    @click.option("--register", default=None, help=tell("cli.run.register"))
    @click.option("--json", "as_json", is_flag=True, help=tell("cli.run.json"))
    @click.option("--lang", type=click.Choice(LANGUAGES), help=tell("cli.lang"), expose_value=False)
    def statistics(source: Path, **options: Any) -> None:
        show_statistics(source, language, options)

    return statistics


def show_statistics(source: Path, language: Any, options: dict[str, Any]) -> None:
    """Compute, write and print the statistics; with ``--release`` also what may be published."""
    from greenpark.catalog import load_packs
    from greenpark.cli.ending import decline, refusing
    from greenpark.model.statistics import Asked
    from greenpark.pipeline.statistics import read_table

    names = ("quantities", "ratios", "shares", "limit", "level", "period", "unrestricted")
    asked = Asked(**{name: options[name] for name in names})
    if not source.exists():
        decline("cli.no_file", language, path=source)
    with refusing(language):
        if source.suffix.lower() not in _TABLES:
            _of_run(source, asked, language, options)
            return
        if options["release"]:
            decline("cli.statistics.no_release_of_tables", language)
        packs = load_packs(options["packs"], kinds=("units", "quantities", "carriers", "places"))
        read = read_table(source, packs, asked)
        _write(read, asked, options["output"] or Path("out") / source.stem, language, as_json=options["as_json"])


def _of_run(source: Path, asked: Any, language: Any, options: dict[str, Any]) -> None:
    from greenpark.catalog import load_job, load_packs
    from greenpark.cli.ending import decline
    from greenpark.cli.workspaces import opened, teller
    from greenpark.pipeline import Choices, run
    from greenpark.pipeline.recalling import kept_packs
    from greenpark.pipeline.restating import find_run
    from greenpark.pipeline.statistics import read_run

    job, workspace, named = None, source, options["job_id"]
    if source.suffix.lower() in _JOBS:
        job = load_job(source, load_packs(options["packs"]))
        choices = Choices(
            options["output"], options["workspace"], (), "duckdb", options["packs"], language, options["register"]
        )
        run(source, choices, teller(language))
        workspace, named = options["workspace"] or Path("workspace") / job.id, job.id
    with opened(workspace, options["register"]) as store:
        latest = store.latest_runs()
        record = find_run(named, store) if named else (latest[0] if len(latest) == 1 else None)
        if record is None:
            known = ", ".join(each.job for each in latest) or "—"
            decline("cli.statistics.which_job", language, jobs=known)
        packs = kept_packs(store, record)
        read = read_run(record, packs, asked, store, job)
        folder = options["output"] or Path("out") / record.job
        _write(read, asked, folder, language, as_json=options["as_json"] and not options["release"])
        if options["release"]:
            _release(read, asked, job, record, store, language, options)


def _write(read: Any, asked: Any, folder: Path, language: Any, *, as_json: bool) -> None:
    """The internal statistics: complete, and labelled so."""
    from greenpark.pipeline.statistics import statistics_of
    from greenpark.publish.statistics import statistics_data, statistics_text, write_statistics_excel

    statistics = statistics_of(read, asked)
    folder.mkdir(parents=True, exist_ok=True)
    data = json.dumps(statistics_data(statistics, read.names), ensure_ascii=False, indent=2, default=str)
    (folder / "statistics.json").write_text(data + "\n", encoding="utf-8", newline="\n")
    write_statistics_excel(statistics, read.names, folder / "statistics.xlsx")
    if as_json:
        print(data)
        return
    print(statistics_text(statistics, read.names, language))
    for name in ("statistics.xlsx", "statistics.json"):
        print(f"  {(folder / name).as_posix()}")


def _release(read: Any, asked: Any, job: Any, record: Any, store: Any, language: Any, options: dict[str, Any]) -> None:
    """What may be published; what was published is kept in the workspace, so that later releases are held against it."""
    from greenpark.catalog import load_packs
    from greenpark.model.job import JobError
    from greenpark.pipeline.statistics import protect_run, record_release, release_of
    from greenpark.publish.statistics import release_data, statistics_text, write_release_html, write_statistics_excel

    rules = load_packs(options["packs"], kinds=("confidentiality",)).confidentiality
    if options["rule"] not in rules:
        raise JobError("pipeline.release_no_rule", rule=options["rule"], known=", ".join(sorted(rules)))
    protection = protect_run(read, asked, rules[options["rule"]], record, store, job)
    released = release_of(protection, asked, record, store)
    folder: Path = options["release"]
    folder.mkdir(parents=True, exist_ok=True)
    data = json.dumps(release_data(released, read.names), ensure_ascii=False, indent=2, default=str)
    (folder / "release.json").write_text(data + "\n", encoding="utf-8", newline="\n")
    write_statistics_excel(released.statistics, read.names, folder / "release.xlsx")
    write_release_html(released, read.names, folder / "release.html", language)
    record_release(protection, store)
    for (number, period), place in protection.given_away:
        values = {"quantity": number[0], "period": str(period), "place": " ".join(place)}
        print(read.names.sentence("statistics.given_away", language, **values), file=sys.stderr)
    if options["as_json"]:
        print(data)
        return
    print(statistics_text(released.statistics, read.names, language))
    for name in ("release.html", "release.xlsx", "release.json"):
        print(f"  {(folder / name).as_posix()}")
