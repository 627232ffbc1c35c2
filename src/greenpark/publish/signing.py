"""Who answers for the data: the batches that a run rests on, their names and dates, and whether all of them are signed."""

from __future__ import annotations

from dataclasses import dataclass

from greenpark.model.forms import Form
from greenpark.model.submission import SignOff
from greenpark.model.text import Text
from greenpark.model.time import local_text
from greenpark.publish.naming import NOTHING, plain
from greenpark.publish.shown import Shown
from greenpark.publish.signed import BatchUsed

COUNTED_STATES = ("accepted", "locked")
HASH_DIGITS = 16


@dataclass(frozen=True)
class SigningLine:
    """One batch with its signatures; a dash where nobody signed."""

    batch: str
    state: str
    entity: Text
    period: str
    form: Text
    filled_by: str
    checked_by: str
    responsible: str
    signed_on: str
    accepted_by: str
    accepted_on: str
    legal_basis: str
    file: str
    file_hash: str
    reason: str
    supersedes: str
    remark: Text
    signed: bool


@dataclass(frozen=True)
class FormMarks:
    """A form as the law wants it marked: number, issuer, approval, validity, basis, and what it is not."""

    title: Text
    version: str
    number: str
    issued_by: Text
    approval: Text
    valid_until: Text
    legal_basis: Text
    note: Text


@dataclass(frozen=True)
class Signing:
    """All batches; ``state`` is signed, partly or unsigned, ``sentence`` says what that means."""

    state: str
    sentence: Text
    lines: tuple[SigningLine, ...]
    forms: tuple[FormMarks, ...]


def signing(shown: Shown) -> Signing:
    """Who signed the batches of a release, in the order of entities and periods; unsigned ones follow."""
    release = shown.release
    signed = [_signed_line(shown, each) for each in release.signatures]
    known = {each.batch for each in release.signatures}
    read = [_read_line(shown, each) for each in release.batches if each.id not in known]
    signed.sort(key=lambda line: (line.entity.zh, line.period, line.batch))
    read.sort(key=lambda line: (line.file, line.batch))
    lines = (*signed, *read)
    count = sum(line.signed for line in lines)
    state = "unsigned" if not count else "signed" if count == len(lines) else "partly"
    sentence = shown.names.say(f"publish.signing.{state}", signed=count, count=len(lines))
    return Signing(state, sentence, lines, tuple(_forms(shown)))


def _signed_line(shown: Shown, sign: SignOff) -> SigningLine:
    names = (sign.filled_by, sign.checked_by, sign.responsible)
    by_enterprise = sign.origin == "enterprise"
    return SigningLine(
        batch=sign.batch,
        state=sign.state,
        entity=plain(sign.entity_name) if sign.entity_name else shown.names.entity(sign.entity),
        period=sign.period or NOTHING,
        form=_form_title(shown, sign.form, sign.form_version),
        filled_by=sign.filled_by or NOTHING,
        checked_by=sign.checked_by or NOTHING,
        responsible=sign.responsible or NOTHING,
        signed_on=sign.signed_on.isoformat(),
        accepted_by=sign.accepted_by or NOTHING,
        accepted_on=local_text(sign.accepted_on, shown.release.job.utc_offset_hours) if sign.accepted_on else NOTHING,
        legal_basis=sign.legal_basis,
        file=sign.file,
        file_hash=sign.file_sha256[:HASH_DIGITS],
        reason=sign.reason,
        supersedes=sign.supersedes or "",
        remark=_remark(shown, sign),
        signed=by_enterprise and all(names) and sign.state in COUNTED_STATES,
    )


def _remark(shown: Shown, sign: SignOff) -> Text:
    """Whose estimate it is, why it was handed in with errors, and what it corrects for which reason."""
    say = shown.names.say
    parts = _vintage(shown, sign.vintage)
    if sign.origin == "park":
        parts.append(say("publish.signing.estimate", method=sign.method or NOTHING))
    if sign.exception:
        parts.append(say("publish.signing.exception", reason=sign.exception))
    if sign.supersedes:
        known = sign.reason in shown.names.definitions.messages  # a reason that nobody had to say
        reason = say(sign.reason) if known else sign.reason or NOTHING
        parts.append(say("publish.signing.correction", batch=sign.supersedes, reason=reason))
    return Text(zh="".join(part.zh for part in parts), en=" ".join(part.en for part in parts))


def _vintage(shown: Shown, vintage: str) -> list[Text]:
    """Which revision of its numbers a batch holds, where somebody said so."""
    say, word = shown.names.say, shown.names.word
    return [say("publish.signing.vintage", vintage=word("vintage", vintage))] if vintage else []


def _read_line(shown: Shown, batch: BatchUsed) -> SigningLine:
    """A batch that nobody signed: a file that the job read, or rows that were made up."""
    return SigningLine(
        batch=batch.id,
        state="simulated" if batch.kind == "simulation" else "read",
        entity=shown.names.entity(batch.entity) if batch.entity else plain(NOTHING),
        period=batch.period or NOTHING,
        form=_form_title(shown, batch.form_version.partition("@")[0], batch.form_version.partition("@")[2]),
        filled_by=NOTHING,
        checked_by=NOTHING,
        responsible=NOTHING,
        signed_on=NOTHING,
        accepted_by=NOTHING,
        accepted_on=NOTHING,
        legal_basis="",
        file=batch.file,
        file_hash=batch.file_sha256[:HASH_DIGITS],
        reason="",
        supersedes="",
        remark=next(iter(_vintage(shown, batch.vintage)), plain("")),
        signed=False,
    )


def _form_title(shown: Shown, form: str, version: str) -> Text:
    """The form's number and title, with its version."""
    known = shown.names.definitions.forms.get(form)
    if known is None:
        return plain(f"{form} {version}".strip() or NOTHING)
    title = known.head.title
    named = version if version.startswith(f"{form}@") else f"{form}@{version}" if version else form
    mark = " ".join(part for part in (known.number, named) if part)
    return Text(zh=f"{title.zh}（{mark}）", en=f"{title.en} ({mark})")


def _forms(shown: Shown) -> list[FormMarks]:
    """The forms of the batches, by id."""
    release, forms = shown.release, shown.names.definitions.forms
    stated = {each.form for each in release.signatures} | {each.form for each in release.job.inputs}
    asked = stated | {each.form_version.partition("@")[0] for each in release.batches}
    return [_marks(shown, forms[each]) for each in sorted(asked) if each in forms]


def _marks(shown: Shown, form: Form) -> FormMarks:
    say = shown.names.say
    return FormMarks(
        title=form.head.title,
        version=form.version,
        number=form.number or NOTHING,
        issued_by=form.issued_by or plain(NOTHING),
        approval=plain(form.approval) if form.approval else say("publish.signing.no_approval"),
        valid_until=plain(form.valid_until) if form.valid_until else say("publish.signing.no_limit"),
        legal_basis=shown.names.word("legal_basis", form.legal_basis),
        note=form.legal_note,
    )
