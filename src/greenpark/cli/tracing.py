"""``explain``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from greenpark.cli.ending import decline, refusing
from greenpark.cli.workspaces import find_workspaces, opened
from greenpark.engine.store import Store
from greenpark.pipeline.lookup import StoreLookup
from greenpark.pipeline.outputs import definitions_of, with_boundary
from greenpark.pipeline.particulars import read_particulars
from greenpark.pipeline.recalling import kept_packs
from greenpark.publish import explain, render_explanation


def explain_reference(
    language: Any, *, reference: str, workspace: Path | None, run_id: str, release: Path | None,
    register: str | None,
) -> None:  # fmt: skip
    """Trace a reference in the newest run of each workspace until one has it; in a release within what it holds."""
    if release:
        explain_in_release(reference, release, language)
        return
    folders = find_workspaces(workspace, language)
    with refusing(language):
        found = False
        for folder in folders:
            with opened(folder, register) as store:
                runs = _runs(store, run_id)
                for record in runs:
                    kept = read_particulars(store, record)
                    definitions = definitions_of(kept_packs(store, record))
                    definitions = with_boundary(definitions, kept.job) if kept else definitions
                    told = explain(reference, StoreLookup(store, record), definitions, language)
                    if told is not None:
                        if len(folders) > 1 or len(runs) > 1:  # a reference names a number of one run
                            print(f"[{record.job} · {record.id}]")
                        print(render_explanation(told, language))
                        found = True
        if not found:
            where = ", ".join(folder.as_posix() for folder in folders)
            decline("cli.explain.unknown", language, reference=reference, where=where)


def explain_in_release(reference: str, release: Path, language: Any) -> None:
    """Trace a number of a release to the released numbers that it sums; a withheld number has no reference."""
    from greenpark.pipeline.statistics import names_of
    from greenpark.publish.statistics import explain_released

    path = release / "release.json" if release.is_dir() else release
    with refusing(language):
        lines = explain_released(json.loads(path.read_text(encoding="utf-8")), reference, names_of(), language)
    if lines is None:
        decline("cli.explain.not_released", language, reference=reference)
    print("\n".join(lines))


def _runs(store: Store, run_id: str) -> list[Any]:
    if run_id:
        return [store.run(run_id)]
    return list(store.latest_runs())
