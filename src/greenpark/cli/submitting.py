"""``submit``: read, say what is wrong, hand in, and give a receipt."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from greenpark.catalog import Packs, load_packs
from greenpark.cli.desk import show_changes
from greenpark.cli.ending import decline, refusing
from greenpark.cli.forms import show_collected
from greenpark.cli.workspaces import opened
from greenpark.desk.books import cells_of
from greenpark.desk.errors import DeskError
from greenpark.desk.handing_in import Handover, Read, Receipt, hand_in, read_handover
from greenpark.engine.store import Store
from greenpark.model.forms import LegalBasis
from greenpark.model.text import Language
from greenpark.pipeline.validating import accepted_elsewhen, check_rows

_LINES = (
    "batch", "state", "entity", "form", "period", "vintage", "number", "origin", "method", "legal_basis", "uses", "file",
    "file_sha256", "filled_by", "checked_by", "responsible", "signed_on", "submitted_on", "rows", "cells", "supersedes",
    "reason", "exception",
)  # fmt: skip


def submit_file(
    language: Language, *, file: Path, form: str, sheet: str, entity: str, period: str, filled_by: str, checked_by: str,
    responsible: str, signed_on: datetime | None, basis: LegalBasis | None, draft: bool, corrects: str, reason: str,
    although_locked: bool, exception: str, estimate_for: str, by_park: str, method: str, receipt: Path | None,
    packs: tuple[Path, ...], as_json: bool, workspace: Path, register: str | None,
    vintage: str | None,
) -> None:  # fmt: skip
    """Hand a file in, or refuse it with every finding."""
    if bool(entity) == bool(estimate_for) or bool(by_park) != bool(estimate_for):
        decline("cli.submit.for_whom", language)
    if not file.is_file():
        decline("cli.no_file", language, path=file)
    with refusing(language):
        known = load_packs(packs, kinds=["forms", "places", "feeds", "checks"])
        if form not in known.forms:
            raise DeskError("desk.unknown_form", form=form, known=", ".join(sorted(known.forms)))
        handover = Handover(
            file, known.forms[form], entity or estimate_for, period, filled_by or by_park, checked_by, responsible,
            signed_on.date() if signed_on else None, basis, sheet, draft, corrects, reason, although_locked, exception,
            "park" if estimate_for else "enterprise", method, vintage or "",
        )  # fmt: skip
        with opened(workspace, register) as store:
            read = _checked(read_handover(handover, known, store), known, store)
            if not as_json:
                show_collected(read.collected, known, language, None, read.findings, referenced=True)
            given = hand_in(read, store, date.today())  # noqa: DTZ011 - the day that the person signs, where the person is
            told = _told(given, known, store, language)
            said = json.dumps(_as_json(given, store), ensure_ascii=False, indent=2, default=str)
            if receipt is not None:
                receipt.parent.mkdir(parents=True, exist_ok=True)
                receipt.write_text(said if receipt.suffix.lower() == ".json" else told, encoding="utf-8")
            print(said if as_json else told)
            if given.sign_off.supersedes and not as_json:
                show_changes(given.changes, known, language)


def _checked(read: Read, packs: Packs, store: Store) -> Read:
    """What was read, with what the checks find odd in it against what the same units handed in for other periods."""
    rows = read.collected.observations
    before = accepted_elsewhen(store, rows, read.period)
    odd = check_rows(rows, read.collected.entities, before, packs)
    return replace(read, findings=(*read.findings, *odd))


def _told(given: Receipt, packs: Packs, store: Store, language: Language) -> str:
    """The receipt as text, one line for each thing that is said."""
    messages, signed = packs.messages, given.sign_off
    values: dict[str, Any] = signed.model_dump()
    values["state"] = messages.say(f"desk.state.{signed.state}", language)
    values["entity"] = f"{signed.entity} {signed.entity_name if signed.entity_name != signed.entity else ''}".strip()
    values["form"] = f"{signed.form}@{signed.form_version}"
    if signed.vintage:
        values["vintage"] = messages.say(f"publish.vintage.{signed.vintage}", language)
    values["origin"] = messages.say(f"desk.origin.{signed.origin}", language)
    values["legal_basis"] = messages.say(f"desk.basis.{signed.legal_basis}", language)
    uses = packs.feeds[signed.legal_basis].uses if signed.legal_basis in packs.feeds else ()
    values["uses"] = "、".join(messages.say(f"desk.use.{use}", language) for use in uses)
    if signed.reason in messages:
        values["reason"] = messages.say(signed.reason, language)
    values["submitted_on"] = f"{signed.submitted_on:%Y-%m-%d %H:%M:%S %Z}" if signed.submitted_on else ""
    cells = cells_of(store.register, signed.batch)
    values["cells"] = messages.say(
        "desk.receipt.cells_counted", language, non_empty=cells.non_empty, accepted=cells.accepted,
        rejected=cells.rejected, absent=cells.declared_absent,
    )  # fmt: skip
    lines = [messages.say("desk.receipt.title", language)]
    if given.known:
        lines.append(messages.say("desk.receipt.known", language))
    lines += [f"  {messages.say(f'desk.receipt.{name}', language)}: {values[name]}" for name in _LINES if values[name]]
    return "\n".join([*lines, ""])


def _as_json(given: Receipt, store: Store) -> dict[str, Any]:
    return {
        **given.sign_off.model_dump(mode="json"),
        "known": given.known,
        "cells": asdict(cells_of(store.register, given.sign_off.batch)),
        "findings": [finding.as_row() for finding in given.read.findings],
    }
