"""A calendar of duties: read, and compared with the forms that are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from greenpark.catalog.mistakes import PackError, PackMistake, Phrase, sorted_mistakes
from greenpark.catalog.read_one import ReadFile, read_file
from greenpark.catalog.suggest import suggestion
from greenpark.model.submission import Calendar


def load_calendar(path: Path, forms: Iterable[str]) -> Calendar:
    """The calendar in a file.

    Raises
    ------
    PackError
        With every mistake in the file: an unknown form, a duty that nobody owes, one that stands twice.
    """
    file = read_file(path, Calendar)
    mistakes = [*_check(file, tuple(forms))]
    if mistakes:
        raise PackError(sorted_mistakes(mistakes))
    return file.definition


def _check(file: ReadFile[Calendar], forms: tuple[str, ...]) -> Iterator[PackMistake]:
    seen: set[str] = set()
    for index, duty in enumerate(file.definition.duties):
        if duty.form not in forms:
            values = {"sort": Phrase("catalog.sort.form"), "found": duty.form}
            hint = suggestion(duty.form, forms)
            yield file.mistake(("duties", index, "form"), "catalog.unknown_id", hint=hint, **values)
        if bool(duty.entities) == bool(duty.group):
            yield file.mistake(("duties", index), "catalog.duty_of_nobody", name=duty.id)
        if duty.id in seen:
            yield file.mistake(("duties", index, "id"), "catalog.duty_twice", name=duty.id)
        seen.add(duty.id)
