"""``restate``, ``report`` and ``migrate``: what they do."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from greenpark.catalog import Packs, load_messages
from greenpark.cli.ending import decline, refuse, refusing
from greenpark.cli.sentences import say
from greenpark.cli.workspaces import find_workspaces, opened, teller
from greenpark.engine.register.connection import migrate_register
from greenpark.engine.store import RunRecord, Store
from greenpark.engine.workspace import migrate_workspace
from greenpark.model.numbers import printed, rounded
from greenpark.model.text import Language
from greenpark.model.time import Period, local_text
from greenpark.pipeline.recalling import kept_packs
from greenpark.pipeline.restating import Otherwise, Restated, find_base, find_run, republish, restate

_NUMBERS = ("value_old", "value_new", "difference", "percent")
_ID = re.compile(r"[a-z][a-z0-9_.]+")  # of a carrier, product or quantity
SHOWN = 30  # changed values on the terminal; the files hold all
_COLUMNS = (
    "sort", "entity", "quantity", "item", "period", "variant", "value_old", "value_new", "difference", "percent", "unit",
    "state_old", "state_new", "why_zh", "why_en",
)  # fmt: skip


def restate_run(
    language: Any, *, named: str, workspace: Path | None, register: str | None, output: Path | None, profile: str,
    gwp: str, packs: tuple[str, ...], factors_year: int | None, members_of: datetime | None, as_json: bool,
) -> None:  # fmt: skip
    """Restate a run, write its reports and the list of changed values, and show the beginning of the list."""
    day = None if members_of is None else members_of.date()
    otherwise = Otherwise(profile, gwp, packs, factors_year, day)
    with refusing(language), _run_named(named, workspace, register, language, find_base) as (store, record):
        folder = output or Path("out") / f"{record.job}-restated"
        done = restate(record, otherwise, store, folder, language, teller(language))
        lines = list(_lines(done, kept_packs(store, done.new)))
    paths = _write(done, lines, folder)
    if as_json:
        print((folder / "restatement.json").read_text(encoding="utf-8"), end="")
        return
    _show(done, lines, language)
    for path in (*done.published.paths, *paths):
        print(f"  {path.as_posix()}")


def report_run(
    language: Any, *, named: str, workspace: Path | None, register: str | None, output: Path | None
) -> None:  # fmt: skip
    """Write the reports of a closed run again, from the workspace alone."""
    with refusing(language), _run_named(named, workspace, register, language, find_run) as (store, record):
        published = republish(record, store, output or Path("out") / record.job, language)
    print(say("cli.reports", language))
    for path in published.paths:
        print(f"  {path.as_posix()}")


def migrate_folder(language: Any, *, workspace: Path, register: str | None) -> None:
    """Bring a workspace, or its register in a database of its own, to the present format."""
    with refusing(language):
        if register:
            migrate_register(register)
        copy = migrate_workspace(workspace)
    if copy is None:
        print(say("cli.migrate.nothing", language, path=workspace))
    else:
        print(say("cli.migrate.done", language, path=workspace, copy=copy))


def read_moment(text: str, language: Any) -> datetime | None:
    """The moment of ``--as-of``: a day counts to its end, by the clock of this machine; empty: none."""
    if not text:
        return None
    try:
        if len(text) == len("2026-01-31"):
            day = datetime.combine(datetime.fromisoformat(text).date(), time()) + timedelta(days=1)
            return day.astimezone() - timedelta(microseconds=1)
        found = datetime.fromisoformat(text)
    except ValueError:
        refuse(say("cli.run.not_a_moment", language, text=text), language)
    return found if found.tzinfo else found.astimezone()


@contextmanager
def _run_named(
    named: str,
    workspace: Path | None,
    register: str | None,
    language: Any,
    find: Callable[[str, Store], RunRecord | None],
) -> Iterator[tuple[Store, RunRecord]]:
    """The store and the run of a run id, job id or job file; looked for in all workspaces where none is given."""
    name = _job_of(Path(named)) if named.endswith((".yaml", ".yml")) else named
    folders = find_workspaces(workspace, language)
    for folder in folders:
        with opened(folder, register) as store:
            record = find(name, store)
            if record is not None:
                yield store, record
                return
    where = ", ".join(folder.as_posix() for folder in folders)
    decline("cli.restate.unknown", language, named=named, where=where)


def _job_of(path: Path) -> str:
    from greenpark.catalog import load_job

    return load_job(path).id


def _lines(done: Restated, packs: Packs) -> Iterator[dict[str, Any]]:
    """The changed values: numbers in full digits, why in both languages."""
    messages = load_messages()
    for row in done.rows.to_pylist():
        detail = json.loads(row["detail"])
        relative = row["relative"]
        yield {
            **{name: row[name] or "" for name in ("sort", "entity", "quantity", "item", "variant", "unit")},
            "period": str(Period(row["start"], row["end"])) if row["start"] else "",
            **{name: None if row[name] is None else rounded(row[name]) for name in _NUMBERS[:-1]},
            "percent": None if relative is None else rounded(100 * relative),
            "state_old": row["state_old"] or "", "state_new": row["state_new"] or "",
            "why_zh": messages.say(row["reason"], "zh", **_in_words(detail, packs, "zh")),
            "why_en": messages.say(row["reason"], "en", **_in_words(detail, packs, "en")),
            "name": _name_of(row, packs),
            "item_name": _item_of(row["item"], packs),
        }  # fmt: skip


def _in_words(detail: Mapping[str, Any], packs: Packs, language: Language) -> dict[str, Any]:
    """What changed, with the names of carriers, products and quantities in place of their ids."""

    def named(found: re.Match[str]) -> str:
        known = packs.carriers.get(found[0]) or packs.quantities.get(found[0])
        return known.name.in_language(language) if known else found[0]

    return {name: _ID.sub(named, value) if isinstance(value, str) else value for name, value in detail.items()}


def _name_of(row: Mapping[str, Any], packs: Packs) -> dict[str, str]:
    quantity = packs.quantities.get(row["quantity"])
    return quantity.name.model_dump() if quantity else {"zh": row["quantity"], "en": row["quantity"]}


def _item_of(item: str | None, packs: Packs) -> dict[str, str]:
    carrier = packs.carriers.get(item or "")
    return carrier.name.model_dump() if carrier else {"zh": item or "", "en": item or ""}


def _write(done: Restated, lines: Sequence[Mapping[str, Any]], folder: Path) -> tuple[Path, ...]:
    """restatement.csv and restatement.json beside the reports of the new run."""
    table, whole = folder / "restatement.csv", folder / "restatement.json"
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    said = {
        "restated": done.old.id, "run": done.new.id, "changed": len(lines), "unchanged": done.unchanged,
        "values": [{name: line[name] for name in (*_COLUMNS, "name")} for line in lines],
    }  # fmt: skip
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, indent=2)
    whole.write_text(text + "\n", encoding="utf-8", newline="\n")
    return table, whole


def _show(done: Restated, lines: Sequence[Mapping[str, Any]], language: Any) -> None:
    closed = "" if done.old.closed is None else local_text(done.old.closed, seconds=True)
    base = "cli.restate.base_restated" if done.of else "cli.restate.base"
    print(say(base, language, run=done.old.id, job=done.old.job, closed=closed, restates=done.of))
    counts = {"changed": len(lines), "unchanged": done.unchanged}
    print(say("cli.restate.counts", language, old=done.old.id, new=done.new.id, **counts))
    ordered = sorted(lines, key=lambda line: (line["sort"] == "figure", bool(line["item"])))
    for line in ordered[:SHOWN]:
        subject = " ".join(
            part
            for part in (
                line["entity"],
                line["name"][language],
                line["item_name"][language],
                line["variant"],
                line["period"],
            )
            if part
        )
        percent = f" ({printed(line['percent'])} %)" if line["percent"] else ""
        old, new = (_with_state(line, side) for side in ("old", "new"))
        print(f"{subject}: {old} → {new} {line['unit']}{percent}")
        print(f"    {line[f'why_{language}']}")
    if len(lines) > SHOWN:
        print(say("cli.restate.more", language, count=len(lines) - SHOWN))


def _with_state(line: Mapping[str, Any], side: str) -> str:
    """A value; its state too where that changed or there is no value."""
    number, state = line[f"value_{side}"], line[f"state_{side}"]
    value = "" if number is None else printed(number)
    changed = line["state_old"] != line["state_new"]
    return " ".join(part for part in (value, state if changed or not value else "") if part) or "–"
