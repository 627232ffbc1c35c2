"""``peers``: where parks stand among their peers, of whom nobody is named and few are not shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from greenpark.cli.sentences import LANGUAGES

_FILE = click.Path(path_type=Path)


def peers_command(language: Any, tell: Any) -> click.Command:
    """The command in one language."""

    @click.command("peers", help=tell("cli.peers.help"))
    @click.argument("job", type=_FILE, metavar="JOB")
    @click.option("--entity", "own", multiple=True, help=tell("cli.peers.entity"))
    @click.option("--by", multiple=True, help=tell("cli.peers.by"))
    @click.option("--size-by", default="", help=tell("cli.peers.size_by"))
    @click.option("--year", type=int, help=tell("cli.gap.year"))
    @click.option("--unrestricted", default="", metavar="TEXT", help=tell("cli.peers.unrestricted"))
    @click.option("--output", type=_FILE, help=tell("cli.league.output"))
    @click.option("--workspace", type=_FILE, help=tell("cli.run.workspace"))
    @click.option("--packs", multiple=True, type=_FILE, help=tell("cli.run.packs"))
    @click.option("--json", "as_json", is_flag=True, help=tell("cli.run.json"))
    @click.option("--lang", type=click.Choice(LANGUAGES), help=tell("cli.lang"), expose_value=False)
    def peers(job: Path, **options: Any) -> None:
        show_peers(job, language, **options)

    return peers


def show_peers(
    job: Path, language: Any, *, own: tuple[str, ...], by: tuple[str, ...], size_by: str, year: int | None,
    unrestricted: str, output: Path | None, workspace: Path | None, packs: tuple[Path, ...], as_json: bool,
) -> None:  # fmt: skip
    """Run the job and print, or write, the benchmark of one's own parks; of all only for a reason."""
    from greenpark.cli.ending import decline, refusing
    from greenpark.cli.workspaces import teller
    from greenpark.pipeline import Choices, run
    from greenpark.publish import Shown, peer_data, peer_lines, peer_text, write_peers

    if not job.is_file():
        decline("cli.no_file", language, path=job)
    with refusing(language):
        published, _ = run(job, Choices(None, workspace, (), "duckdb", packs, language), teller(language))
        release = published.release
        parks = own or ((release.job.boundary,) if release.job.boundary else ())
        if not parks and not unrestricted:
            decline("cli.peers.whose", language)
        asked = release.job.peers
        peering = asked.model_copy(update={"by": by or asked.by, "size_by": size_by or asked.size_by})
        table = _compared(release, peering, year, workspace, packs, () if unrestricted else parks)
    shown = Shown(release)
    lines = peer_lines(shown, table, None if unrestricted else parks)
    if not lines and table.num_rows and not own:  # the job is about a nation or group, which has no peers itself
        decline("cli.peers.whose", language)
    if not lines:
        decline("cli.peers.none", language, least=peering.least)
    remark = shown.names.say("gaps.peers_restricted")
    if unrestricted:
        remark = shown.names.say("publish.league.unrestricted", reason=unrestricted)
    if output:
        write_peers(release, lines, remark, output)
    if as_json:
        print(json.dumps({"remark": remark.model_dump(), "peers": peer_data(lines)}, ensure_ascii=False, indent=2))
        return
    print("\n".join([remark.in_language(language), *peer_text(shown, lines, peering.least, language)]))
    if output:
        print(f"  {output.as_posix()}")


def _compared(
    release: Any, peering: Any, year: int | None, workspace: Path | None, packs: tuple[Path, ...],
    parks: tuple[str, ...],
) -> Any:  # fmt: skip
    """The benchmark of all parks of a run by the peers that are asked for; of ``parks`` what no other benchmark gives away."""
    from greenpark.catalog import load_packs
    from greenpark.cli.workspaces import opened
    from greenpark.model.job import JobError
    from greenpark.pipeline.gapping import assessed_again
    from greenpark.pipeline.peer_guard import without_overlaps
    from greenpark.pipeline.peering import peer_rows, peers_behind, sizes_of

    loaded = load_packs(packs)
    if peering.size_by not in loaded.quantities:
        raise JobError("gaps.unknown_size", quantity=peering.size_by)
    with opened(workspace or Path("workspace") / release.job.id, None) as store:
        record = store.run(release.run)
        assessed = assessed_again(release.job, loaded, record, store)

        def sizes(asked: Any) -> Any:
            return sizes_of(store.run_table(record.id, "figures"), asked, store)

        table = peer_rows(assessed.judging, assessed.indicators, sizes(peering), peering, year)
        if not parks:
            return table
        behind = [
            peers_behind(assessed.judging, assessed.indicators, sizes(each), each, parks, year)
            for each in (release.job.peers, peering)
        ]
        return without_overlaps(table, behind[1], behind[0], peering.least, store.workspace.releases / "peers")
