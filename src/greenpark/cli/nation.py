"""``simulate``: an invented nation of zones, written as a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from greenpark.cli.sentences import LANGUAGES, say

_FILE = click.Path(path_type=Path)
_MONTHS = 12


def simulate_command(language: Any, tell: Any) -> click.Command:
    """The command ``simulate`` in one language."""
    months = click.IntRange(1, _MONTHS)

    @click.command("simulate", help=tell("cli.simulate.help"))
    @click.argument("folder", type=_FILE)
    @click.option("--zones", type=click.IntRange(1), default=178, show_default=True, help=tell("cli.simulate.zones"))
    @click.option(
        "--enterprises", type=click.IntRange(1), default=1200, show_default=True, help=tell("cli.simulate.enterprises")
    )
    @click.option("--year", type=int, default=2024, show_default=True, help=tell("cli.simulate.year"))
    @click.option("--years", type=click.IntRange(1), default=1, show_default=True, help=tell("cli.simulate.years"))
    @click.option("--since", type=months, default=1, show_default=True, help=tell("cli.simulate.since"))
    @click.option("--months", type=months, default=_MONTHS, show_default=True, help=tell("cli.simulate.months"))
    @click.option("--seed", type=click.IntRange(0), default=7, show_default=True, help=tell("cli.simulate.seed"))
    @click.option("--register", default=None, help=tell("cli.run.register"))
    @click.option("--lang", type=click.Choice(LANGUAGES), help=tell("cli.lang"), expose_value=False)
    def simulate(folder: Path, register: str | None, **options: int) -> None:
        _simulate(language, folder, register, options)

    return simulate


def _simulate(language: Any, folder: Path, register: str | None, options: dict[str, int]) -> None:
    from greenpark.catalog import load_packs
    from greenpark.cli.ending import refusing
    from greenpark.cli.workspaces import opened, teller
    from greenpark.pipeline.nation import JOB, Wanted, simulate

    with refusing(language):
        packs = load_packs()
        with opened(folder, register) as store:
            rows = simulate(Wanted(**options), packs, store, teller(language))
    job = (folder / JOB).as_posix()
    print(say("cli.simulate.done", language, rows=rows, folder=folder.as_posix(), job=job))
