"""``calendar``: who owes what, what is late or missing, and whom to remind."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

from greenpark.catalog import load_messages, load_packs
from greenpark.catalog.calendar import load_calendar
from greenpark.cli.ending import refusing
from greenpark.cli.workspaces import opened
from greenpark.desk.calendar import Owed, OwedState, owed, to_remind, write_csv
from greenpark.model.text import Language, Messages

_LISTS: tuple[OwedState, ...] = ("missing", "late", "due", "received_late", "received")
_TITLES = (
    "state", "duty", "form", "entity", "entity_name", "period", "due", "days", "received", "batch", "standing",
    "estimated",
)  # fmt: skip


def show_calendar(
    language: Language, *, file: Path, on: datetime | None, table: Path | None, packs: tuple[Path, ...], as_json: bool,
    workspace: Path, register: str | None,
) -> None:  # fmt: skip
    """Print the lists as of a day, and write them as a table."""
    with refusing(language):
        known = load_packs(packs, kinds=["forms"])
        calendar = load_calendar(file, known.forms)
        day = on.date() if on else date.today()  # noqa: DTZ011 - the day where the person is
        with opened(workspace, register) as store:
            found = owed(calendar, store, day)
        messages = load_messages()
        if table is not None:
            write_csv(table, found, _titles(messages, language), _words(messages, language))
    if as_json:
        rows = [asdict(each) for each in found]
        reminded = [asdict(each) for each in to_remind(found)]
        print(json.dumps({"on": day, "owed": rows, "remind": reminded}, ensure_ascii=False, indent=2, default=str))
        return
    print(f"{calendar.title.in_language(language)}  {day}")
    for name in _LISTS:
        _show(name, [each for each in found if each.state == name], messages, language)
    _show("remind", list(to_remind(found)), messages, language)


def _show(name: str, rows: list[Owed], messages: Messages, language: Language) -> None:
    print()
    print(messages.say(f"desk.owed.list.{name}", language, count=len(rows)))
    for each in rows:
        line = "line_received" if each.received else "line_over" if each.days > 0 else "line_left"
        said = messages.say(
            f"desk.owed.{line}", language, entity=each.entity, name=each.entity_name, form=each.form,
            period=each.period, due=each.due, days=abs(each.days), received=each.received, batch=each.batch,
        )  # fmt: skip
        more = [messages.say(f"desk.state.{each.standing}", language)] if each.standing and not each.received else []
        more += [messages.say("desk.owed.estimated", language)] if each.estimated else []
        print("  " + "  ".join([said, *more]))


def _titles(messages: Messages, language: Language) -> dict[str, str]:
    return {name: messages.say(f"desk.owed.title.{name}", language) for name in _TITLES}


def _words(messages: Messages, language: Language) -> dict[str, str]:
    """What the table says for states and marks."""
    states = {
        name: messages.say(f"desk.state.{name}", language)
        for name in ("draft", "submitted", "returned", "accepted", "locked")
    }
    return states | {name: messages.say(f"desk.owed.{name}", language) for name in (*_LISTS, "estimated")}
