"""Confirmations: a reader with the document in hand raises the confidence of a value, beside the pack, never in it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from greenpark.catalog.mistakes import PackMistake
from greenpark.catalog.read import ReadPack, digest_of
from greenpark.catalog.read_one import ReadFile, read_file
from greenpark.model.confidence import RANK, Confidence
from greenpark.model.contents import Confirmation, Confirmations
from greenpark.model.fit import Path as KeyPath

_STEP = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)|\[([^\]]+)\]|\.")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$")
# The part of a criterion's confidence that a confirmed key belongs to; every other key is part of its value.
_PARTS = {"title": "name", "text": "name", "role": "role", "group": "role", "indicator": "formula"}
_TWO_READERS = 2


def load_confirmations(path: Path) -> ReadFile[Confirmations]:
    """The confirmations of a file, with their lines.

    Raises
    ------
    PackError
        With every entry that is not complete.
    """
    return read_file(path, Confirmations)


def confirmed(pack: ReadPack, files: tuple[ReadFile[Confirmations], ...]) -> tuple[ReadPack, tuple[PackMistake, ...]]:
    """The pack with the confidence that its confirmations give, and the entries that do not fit.

    One reader makes a value medium, two different readers make it high; nothing is ever lowered. A value that the pack
    does not have (null: not public) is supplied by what a reader ``reads``; readers must agree. Confirmations that do
    not lie inside the pack's folder enter its hash here.
    """
    definition, mistakes = pack.definition, []
    readers: dict[KeyPath, set[str]] = {}
    supplied: dict[KeyPath, float] = {}
    for file in files:
        for index, entry in enumerate(file.definition.confirmations):
            wrong, target = _target(pack, entry, supplied)
            if wrong:
                message, key, values = wrong
                mistakes.append(file.mistake(("confirmations", index, key), message, **values))
            elif target is not None:
                readers.setdefault(target, set()).add(entry.reader.strip().casefold())
    lacking = {_confidence_of(pack.definition, path) for path in supplied}
    for path, number in sorted(supplied.items(), key=str):
        definition = _with(definition, path, number)
    for target, names in sorted(readers.items(), key=str):
        confidence: Confidence = "high" if len(names) >= _TWO_READERS else "medium"
        if target in lacking:
            definition = _with(definition, target, confidence)
        definition = _raised(definition, target, confidence)
    outside = [(str(index), file.definition.model_dump_json().encode()) for index, file in enumerate(files)]
    digest = digest_of([("pack", pack.digest.encode()), *outside]) if outside else pack.digest
    return replace(pack, definition=definition, digest=digest), tuple(mistakes)


def _target(
    pack: ReadPack, entry: Confirmation, supplied: dict[KeyPath, float]
) -> tuple[tuple[str, str, dict[str, object]] | None, KeyPath | None]:
    """The path of the confidence that an entry raises, or what is wrong with the entry; what it supplies is kept."""
    if not _ISO_DAY.match(entry.date):
        return ("catalog.not_a_day", "date", {"found": entry.date}), None
    for key in ("document", "page", "reader"):
        if not getattr(entry, key).strip():
            return ("catalog.missing_key", key, {"name": key}), None
    path = _path(pack.definition, entry.value)
    found: Any = None if path is None else _at(pack.definition, path)
    if path is not None and found is None and entry.reads is not None:
        found = supplied.setdefault(path, entry.reads)
    confidence = None if path is None or found is None else _confidence_of(pack.definition, path)
    if path is None or found is None or confidence is None:
        return ("catalog.nothing_to_confirm", "value", {"found": entry.value}), None
    number = getattr(found, "value", found)
    if entry.reads is not None and entry.reads != number:
        return ("catalog.reads_otherwise", "reads", {"found": entry.reads, "expected": str(number)}), None
    return None, confidence


def _path(definition: Any, text: str) -> KeyPath | None:
    """The path that a text names: ``criteria[3].rule.limit``, ``criteria[EG1].rule`` or the id of a factor."""
    for key in ("factors", "ranges", "methods"):
        for index, each in enumerate(getattr(definition, key, ())):
            if each.id == text:
                return (key, index)
    path: list[str | int] = []
    here = definition
    for name, place in _STEP.findall(text):
        step: str | int | None = name or _index(here, place) if name or place else ""
        if step == "":
            continue
        if here is None or step is None or not _has(here, step):
            return None
        here = _at(here, (step,))
        path.append(step)
    return tuple(path) or None


def _has(here: Any, step: str | int) -> bool:
    """Whether there is a place of that name, filled or empty."""
    return isinstance(step, int) or step in getattr(type(here), "model_fields", {})


def _index(here: Any, place: str) -> int | None:
    if not isinstance(here, tuple):
        return None
    if place.isdigit():
        return int(place)
    return next((index for index, each in enumerate(here) if getattr(each, "id", None) == place), None)


def _at(here: Any, path: KeyPath) -> Any:
    for step in path:
        if isinstance(step, int):
            here = here[step] if isinstance(here, tuple) and step < len(here) else None
        else:
            here = getattr(here, step, None) if step in getattr(type(here), "model_fields", {}) else None
        if here is None:
            return None
    return here


def _confidence_of(definition: Any, path: KeyPath) -> KeyPath | None:
    """The path of the confidence that covers a path: the nearest one above it."""
    if path[0] == "verdict":
        return ("verdict_confidence",)
    if path[-1] == "weight" and _has(_at(definition, path[:-1]), "weight_confidence"):
        return (*path[:-1], "weight_confidence")
    for length in range(len(path), 0, -1):
        inner = _at(definition, (*path[:length], "confidence"))
        if isinstance(inner, str):
            return (*path[:length], "confidence")
        if inner is not None:
            part = _PARTS.get(str(path[length]), "value") if len(path) > length else "value"
            return (*path[:length], "confidence", part)
    return None


def _with(here: Any, path: KeyPath, value: Any) -> Any:
    """A copy with another value at a path."""
    if not path:
        return value
    step = path[0]
    if isinstance(step, int):
        return (*here[:step], _with(here[step], path[1:], value), *here[step + 1 :])
    return here.model_copy(update={step: _with(getattr(here, step), path[1:], value)})


def _raised(here: Any, path: KeyPath, confidence: Confidence) -> Any:
    """A copy in which the confidence at a path is at least the given one."""
    if not path:
        return max(here, confidence, key=lambda each: RANK[each])
    step = path[0]
    if isinstance(step, int):
        return (*here[:step], _raised(here[step], path[1:], confidence), *here[step + 1 :])
    return here.model_copy(update={step: _raised(getattr(here, step), path[1:], confidence)})
