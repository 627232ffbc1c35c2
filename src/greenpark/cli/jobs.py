"""``run`` and ``demo``."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from greenpark.cli.ending import decline, end_on, refusing
from greenpark.cli.restating import read_moment
from greenpark.cli.sentences import say
from greenpark.cli.workspaces import teller
from greenpark.pipeline import Choices, Published, run
from greenpark.pipeline.gather import Gathered


def run_jobs(
    jobs: Sequence[Path], language: Any, *, inputs: tuple[Path, ...], output: Path | None, workspace: Path | None,
    engine: str, packs: tuple[Path, ...], register: str | None, rejected: Path | None, fail_on: str | None,
    as_json: bool, as_of: str = "", packs_as_of: bool = False,
) -> None:  # fmt: skip
    """Run the jobs one after the other, then show one page about all of them."""
    if len(jobs) > 1 and (inputs or output or workspace or rejected):
        decline("cli.too_many_outputs", language)
    moment = read_moment(as_of, language)
    choices = Choices(output, workspace, inputs, engine, packs, language, register, moment, packs_as_of)
    done: list[tuple[Published, Gathered]] = []
    with refusing(language):
        for job in jobs:
            if not job.is_file():
                decline("cli.no_file", language, path=job)
            done.append(run(job, choices, teller(language)))
        if rejected:
            write_rejected_rows(done[-1][1], rejected, language)
    _show([published for published, _ in done], language, as_json)
    severities = [
        row["severity"]
        for published, _ in done
        for row in published.release.tables["findings"].select(["severity", "state"]).to_pylist()
        if row["state"] != "closed"
    ]
    end_on(severities, fail_on)


def run_demo(language: Any, *, output: Path | None, workspace: Path | None, as_json: bool) -> None:
    """Run the invented park that comes with greenpark."""
    with as_file(_demo_folder()) as folder:
        run_jobs(
            (folder / "job.yaml",), language, inputs=(), output=output, workspace=workspace, engine="duckdb",
            packs=(), register=None, rejected=None, fail_on=None, as_json=as_json,
        )  # fmt: skip


def write_rejected_rows(gathered: Gathered, path: Path, language: Any) -> None:
    """Give the refused rows back, marked: one workbook for each input that has any, numbered after the first."""
    from greenpark.catalog import load_messages
    from greenpark.collect import write_rejected

    refused = [each for each in gathered.read if each.collected.rejected_rows]
    for number, each in enumerate(refused, start=1):
        target = path if number == 1 else path.with_stem(f"{path.stem}-{number}")
        write_rejected(target, each.collected, each.form, load_messages())
        print(say("cli.check.rejected", language, path=target), file=sys.stderr)


def _show(done: Sequence[Published], language: Any, as_json: bool) -> None:
    if as_json:
        summaries = [json.loads((each.folder / "summary.json").read_text(encoding="utf-8")) for each in done]
        print(json.dumps(summaries if len(summaries) > 1 else summaries[0], ensure_ascii=False, indent=2))
        return
    for each in done:
        print(each.page)
        print(say("cli.reports", language))
        for path in each.paths:
            print(f"  {path.as_posix()}")
        print()


def _demo_folder() -> Any:
    """The demo inside an installed package, or the example of a checkout."""
    installed = files("greenpark") / "demo"
    if installed.is_dir():
        return installed
    return Path(__file__).resolve().parents[3] / "examples" / "demo_park"
