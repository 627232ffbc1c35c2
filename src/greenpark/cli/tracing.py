"""``explain``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from greenpark.catalog import Packs, load_packs
from greenpark.cli.ending import refuse, refusing
from greenpark.cli.sentences import say
from greenpark.engine.connect import Engine
from greenpark.engine.store import RunRecord, Store, open_store
from greenpark.pipeline.lookup import StoreLookup
from greenpark.pipeline.outputs import definitions_of
from greenpark.publish import explain, render_explanation


def explain_reference(
    language: Any, *, reference: str, workspace: Path | None, run_id: str,
    register: str | None,
) -> None:  # fmt: skip
    """Trace a reference in the newest run of each workspace until one has it."""
    folders = [workspace] if workspace else sorted(path.parent for path in Path("workspace").glob("*/workspace.yaml"))
    if not folders or not all(folder.is_dir() for folder in folders):
        refuse(say("cli.explain.no_workspace", language, where=workspace or "workspace"), language)
    with refusing(language):
        engine = Engine("duckdb")
        found = False
        for folder in folders:
            with open_store(folder, engine, register) as store:
                for record in _runs(store, run_id):
                    definitions = definitions_of(_kept_packs(store, record))
                    told = explain(reference, StoreLookup(store, record), definitions, language)
                    if told is not None:
                        print(render_explanation(told, language))
                        found = True
        if not found:
            where = ", ".join(folder.as_posix() for folder in folders)
            refuse(say("cli.explain.unknown", language, reference=reference, where=where), language)


def _kept_packs(store: Store, record: RunRecord) -> Packs:
    """The packs as they were when the run was made: a number is explained by what it rests on, not by newer packs."""
    return load_packs([store.kept_pack(use.hash) for _, use in sorted(record.packs.items())], built_in=False)


def _runs(store: Store, run_id: str) -> list[Any]:
    if run_id:
        return [store.run(run_id)]
    return list(store.latest_runs())
