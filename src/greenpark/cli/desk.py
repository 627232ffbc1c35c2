"""``return``, ``accept``, ``lock``, ``submissions``, ``diff``, ``history`` and ``close``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from greenpark.catalog import Packs, load_messages, load_packs
from greenpark.cli.ending import refusing
from greenpark.cli.workspaces import opened
from greenpark.desk.books import history, sign_off
from greenpark.desk.closing import close_finding
from greenpark.desk.differences import Change, difference
from greenpark.desk.review import accept_submission, lock_submission, read_comment, return_submission
from greenpark.engine.register.handed_in import explanations, findings_of, sign_offs
from greenpark.engine.register.records import utc_now
from greenpark.model.findings import Finding, fingerprint, reference_of_fingerprint
from greenpark.model.knowledge import Carrier, Quantity
from greenpark.model.numbers import rounded
from greenpark.model.submission import Explanation, SubmissionState
from greenpark.model.text import Language, Messages
from greenpark.model.time import local_text


def return_batch(
    language: Language, *, batch: str, by: str, comments: tuple[str, ...], workbook: Path | None, workspace: Path,
    register: str | None,
) -> None:  # fmt: skip
    """Send a submission back with comments at its cells."""
    with refusing(language), opened(workspace, register) as store:
        read = [read_comment(text) for text in comments]
        return_submission(store, batch, by, read, utc_now(), workbook)
        _moved(batch, "returned", language)
        if workbook is not None:
            print(load_messages().say("desk.returned_file", language, path=workbook.as_posix()))


def accept_batch(language: Language, *, batch: str, by: str, note: str, workspace: Path, register: str | None) -> None:
    """Accept a submission."""
    with refusing(language), opened(workspace, register) as store:
        accept_submission(store, batch, by, utc_now(), note)
        _moved(batch, "accepted", language)


def lock_batch(language: Language, *, batch: str, by: str, note: str, workspace: Path, register: str | None) -> None:
    """Lock an accepted submission."""
    with refusing(language), opened(workspace, register) as store:
        lock_submission(store, batch, by, utc_now(), note)
        _moved(batch, "locked", language)


def list_submissions(
    language: Language, *, state: SubmissionState | None, as_json: bool, workspace: Path, register: str | None
) -> None:
    """Every submission with all that is known of it."""
    with refusing(language), opened(workspace, register) as store:
        found = [each for each in sign_offs(store.register) if state in (None, each.state)]
    if as_json:
        print(json.dumps([each.model_dump(mode="json") for each in found], ensure_ascii=False, indent=2))
        return
    messages = load_messages()
    if not found:
        print(messages.say("desk.none", language))
    for each in found:
        print(f"{each.batch}  {messages.say(f'desk.state.{each.state}', language)}  {each.entity} {each.entity_name}")
        told = each.model_dump(exclude={"batch", "state", "entity", "entity_name"})
        if each.vintage:
            told["vintage"] = messages.say(f"publish.vintage.{each.vintage}", language)
        told["origin"] = messages.say(f"desk.origin.{each.origin}", language)
        told["legal_basis"] = messages.say(f"desk.basis.{each.legal_basis}", language)
        told["reason"] = _reason(each.reason, messages, language)
        told["form"] = f"{each.form}@{told.pop('form_version')}"
        for name, value in told.items():
            if value not in (None, ""):
                print(f"    {messages.say(f'desk.receipt.{name}', language)}: {value}")


def show_difference(
    language: Language, *, batch: str, other: str | None, as_json: bool, workspace: Path, register: str | None
) -> None:
    """What a batch says otherwise than the one it supersedes, or than another."""
    with refusing(language), opened(workspace, register) as store:
        before = other or sign_off(store.register, batch).supersedes
        changes = difference(store, before, batch) if before else ()
    if as_json:
        print(json.dumps([asdict(each) for each in changes], ensure_ascii=False, indent=2))
        return
    with refusing(language):
        show_changes(changes, load_packs(kinds=["quantities", "carriers"]), language)


def show_changes(changes: Sequence[Change], packs: Packs, language: Language) -> None:
    """One line for each changed value with both places."""
    messages = packs.messages
    name = "desk.diff.count" if changes else "desk.diff.none"
    print(messages.say(name, language, count=len(changes)))
    for each in changes:
        about = " ".join(
            part
            for part in (
                each.entity,
                _name_of(packs.quantities.get(each.quantity), each.quantity, language),
                _name_of(packs.carriers.get(each.carrier or ""), each.carrier, language),
                _flow(each.flow, messages, language),
                each.counterparty,
                each.period,
                each.field,
            )
            if part
        )
        delta = "" if each.difference is None else f" ({rounded(each.difference):+.10g})"
        kind = messages.say(f"desk.diff.{each.kind}", language)
        print(f"  {kind}  {about}: {_shown(each.old)} → {_shown(each.new)}{delta} {each.unit}".rstrip())
        print(f"      {each.old_place or '–'} → {each.new_place or '–'}")


def _name_of(known: Carrier | Quantity | None, identifier: str | None, language: Language) -> str | None:
    return known.name.in_language(language) if known else identifier


def _flow(flow: str | None, messages: Messages, language: Language) -> str | None:
    message = f"publish.flow.{flow}"
    return messages.say(message, language) if message in messages else flow


def show_history(language: Language, *, batch: str, workspace: Path, register: str | None) -> None:
    """Every batch of the same entity, form and period, and what happened to each."""
    with refusing(language), opened(workspace, register) as store:
        told = history(store.register, batch)
        warned = findings_of(store.register, [signed.batch for signed, _, _ in told])
        closed = explanations(store.register)
    messages = load_messages()
    for signed, events, comments in told:
        state = messages.say(f"desk.state.{signed.state}", language)
        print(f"{signed.number}. {signed.batch}  {state}  {signed.entity} {signed.form} {signed.period}  {signed.file}")
        for event in events:
            moment = local_text(event.at, seconds=True)
            note = _reason(event.note, messages, language)
            print(f"    {moment}  {messages.say(f'desk.state.{event.state}', language)}  {event.by}  {note}".rstrip())
        for comment in comments:
            place = "!".join(part for part in (comment.sheet, comment.cell) if part)
            print(f"    {comment.by}  {place}: {comment.text}")
        for of, finding, refused in warned:
            if of == signed.batch and finding.severity != "note" and not refused:
                _show_finding(finding, closed.get(fingerprint(finding)), messages, language)


def close_with_explanation(
    language: Language, *, finding: str, because: str, by: str, workspace: Path, register: str | None
) -> None:
    """Keep why a finding is as it is."""
    with refusing(language), opened(workspace, register) as store:
        _, told = close_finding(store, finding, because, by, utc_now())
        reference = reference_of_fingerprint(told.fingerprint)
        print(load_messages().say("desk.closed", language, reference=reference))


def _show_finding(finding: Finding, told: Explanation | None, messages: Messages, language: Language) -> None:
    """A finding with which a batch was handed in, and why it is as it is."""
    severity = messages.say(f"cli.severity.{finding.severity}", language)
    reference = reference_of_fingerprint(fingerprint(finding))
    print(f"    [{severity}] {reference}  {messages.say(finding.message, language, **finding.values)}")
    if told is not None:
        print(f"        {told.by}: {told.text}")


def _moved(batch: str, state: SubmissionState, language: Language) -> None:
    messages = load_messages()
    print(messages.say("desk.moved", language, batch=batch, state=messages.say(f"desk.state.{state}", language)))


def _reason(text: str, messages: Messages, language: Language) -> str:
    """A reason that nobody had to say is a message id."""
    return messages.say(text, language) if text in messages else text


def _shown(value: float | str | None) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else f"{rounded(value):.10g}"
