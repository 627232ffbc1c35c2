"""``gap``: the way to passing of a job's park, and what changes would do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from greenpark.cli.sentences import LANGUAGES

_FILE = click.Path(path_type=Path)


def gap_command(language: Any, tell: Any) -> click.Command:
    """The command in one language."""

    @click.command("gap", help=tell("cli.gap.help"))
    @click.argument("job", type=_FILE, metavar="JOB")
    @click.option("--scheme", default="", help=tell("cli.gap.scheme"))
    @click.option("--entity", default="", help=tell("cli.gap.entity"))
    @click.option("--year", type=int, help=tell("cli.gap.year"))
    @click.option("--what-if", "changes", multiple=True, help=tell("cli.gap.what_if"))
    @click.option("--output", type=_FILE, help=tell("cli.run.output"))
    @click.option("--workspace", type=_FILE, help=tell("cli.run.workspace"))
    @click.option("--packs", multiple=True, type=_FILE, help=tell("cli.run.packs"))
    @click.option("--json", "as_json", is_flag=True, help=tell("cli.run.json"))
    @click.option("--lang", type=click.Choice(LANGUAGES), help=tell("cli.lang"), expose_value=False)
    def gap(job: Path, **options: Any) -> None:
        show_gap(job, language, **options)

    return gap


def show_gap(
    job: Path, language: Any, *, scheme: str, entity: str, year: int | None, changes: tuple[str, ...],
    output: Path | None, workspace: Path | None, packs: tuple[Path, ...], as_json: bool,
) -> None:  # fmt: skip
    """Run the job, find the gaps of one park by one scheme or all of the job, and print them."""
    from greenpark.cli.ending import decline, refusing
    from greenpark.cli.workspaces import opened, teller
    from greenpark.model.job import JobError
    from greenpark.pipeline import Choices, run
    from greenpark.pipeline.gapping import assessed_again, find_ways, read_change
    from greenpark.publish import Shown

    if not job.is_file():
        decline("cli.no_file", language, path=job)
    with refusing(language):
        asked = [read_change(text) for text in changes]
        published, _ = run(job, Choices(output, workspace, (), "duckdb", packs, language), teller(language))
        release = published.release
        known, park = release.job.schemes, entity or release.job.boundary
        if scheme and scheme not in known:
            raise JobError("gaps.unknown_scheme", scheme=scheme, known=", ".join(known))
        from greenpark.catalog import load_packs

        loaded = load_packs(packs)
        with opened(workspace or Path("workspace") / release.job.id, None) as store:
            assessed = assessed_again(release.job, loaded, store.run(release.run), store)
            ways = [
                way
                for name in ([scheme] if scheme else known)
                for way in find_ways(assessed, loaded.schemes[name], park, asked, year)
            ]
        if not ways:
            raise JobError("gaps.not_judged", scheme=scheme or ", ".join(known), entity=park)
    if as_json:
        print(json.dumps([_as_json(way) for way in ways], ensure_ascii=False, indent=2, default=str))
        return
    shown = Shown(release)
    for way in ways:
        print("\n".join(_lines(shown, way, language)))


def _lines(shown: Any, way: Any, language: Any) -> list[str]:
    from greenpark.publish import gap_groups, gap_text, what_if_text

    told = gap_text(shown, gap_groups(shown, {"gaps": way.gaps, "levers": way.levers}), language)
    if way.outcome is None:
        return told
    tried = way.outcome
    return [
        *told,
        *what_if_text(
            shown, way.subject.scheme, tried.indicators, tried.nodes, tried.undefined, tried.not_recomputed, language
        ),
    ]


def _as_json(way: Any) -> dict[str, Any]:
    found = {"gaps": way.gaps.to_pylist(), "levers": way.levers.to_pylist()}
    if way.outcome is None:
        return found
    tried = way.outcome
    kept = ("state", "value", "limit", "ratio", "score")
    nodes = {name: [{key: row[key] for key in kept} for row in pair] for name, pair in tried.nodes.items()}
    return found | {
        "what_if": {
            "indicators": tried.indicators, "nodes": nodes, "undefined": tried.undefined,
            "not_recomputed": tried.not_recomputed,
        }
    }  # fmt: skip
