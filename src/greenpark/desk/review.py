"""Review: a submission is returned with comments at its cells, accepted or locked; nobody edits a number here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from greenpark.collect.returned import find_sheet, sheets_of, write_returned
from greenpark.desk.books import sign_off
from greenpark.desk.errors import DeskError
from greenpark.desk.law import move
from greenpark.engine.originals import kept_original
from greenpark.engine.store import Store
from greenpark.model.submission import CellComment

_AT_CELL = re.compile(
    r"^(?:(?P<sheet>[^!]+)!)?(?P<cell>[A-Za-z]{1,3}[1-9]\d*|L[1-9]\d*)\s*[:：]\s*(?P<text>.+)$", re.DOTALL
)


def return_submission(
    store: Store, batch: str, by: str, comments: Sequence[CellComment], at: datetime, workbook: Path | None = None
) -> None:
    """Send a submission back with comments; with ``workbook`` the file as handed in is written with them at its cells.

    Raises
    ------
    DeskError
        When there is no comment, a comment names no sheet of the file or more than one, or the state does not allow it.
    """
    if not comments:
        raise DeskError("desk.comment_missing", batch=batch)
    signed = sign_off(store.register, batch)
    original = kept_original(store.workspace, signed.file, signed.file_sha256)
    placed = _placed(comments, sheets_of(original), signed.file)
    move(store.register, batch, "returned", by, at, comments=placed)
    if workbook is not None:
        write_returned(original, [(each.sheet, each.cell, each.text) for each in placed], by, workbook)


def _placed(comments: Sequence[CellComment], sheets: Sequence[str], file: str) -> list[CellComment]:
    """The comments with the whole names of their sheets; as they are where the file has no sheets."""
    if not sheets:
        return list(comments)
    found = {each.sheet: find_sheet(each.sheet, sheets) if each.sheet else "" for each in comments}
    nowhere = [f"“{named}”" for named, sheet in found.items() if sheet is None]
    if nowhere:
        known = ", ".join(f"“{sheet}”" for sheet in sheets)
        raise DeskError("desk.comment_nowhere", sheets=", ".join(nowhere), file=file, known=known)
    return [each.model_copy(update={"sheet": found[each.sheet]}) for each in comments]


def accept_submission(store: Store, batch: str, by: str, at: datetime, note: str = "") -> None:
    """Accept a submission: from this moment it counts, and what it supersedes counts no longer.

    Raises
    ------
    DeskError
        When the state does not allow it, or who accepts is who filled it in.
    """
    move(store.register, batch, "accepted", by, at, note)


def lock_submission(store: Store, batch: str, by: str, at: datetime, note: str = "") -> None:
    """Lock an accepted submission: it stays readable, and is corrected only with a reason that names the lock.

    Raises
    ------
    DeskError
        When it is not accepted.
    """
    move(store.register, batch, "locked", by, at, note)


def read_comment(text: str) -> CellComment:
    """A comment written as ``sheet!cell: text``, ``cell: text`` (the first sheet) or text about the whole.

    Raises
    ------
    DeskError
        When nothing is said, or a place is begun and cannot be read.
    """
    found = _AT_CELL.match(text.strip())
    if found:
        sheet = (found["sheet"] or "").strip().strip("'")
        return CellComment(sheet=sheet, cell=found["cell"].upper(), text=found["text"].strip())
    if not text.strip() or re.match(r"^[^!\s]+![^:：]*[:：]", text.strip()):
        raise DeskError("desk.comment_unreadable", comment=text)
    return CellComment(text=text.strip())
