"""One YAML file → one definition, with the line of every mistake: jobs, mappings, confirmations."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from greenpark.catalog.mistakes import PackError, PackMistake, printed_key
from greenpark.catalog.read import told
from greenpark.catalog.yaml_text import YamlText
from greenpark.model.fit import Path as KeyPath
from greenpark.model.fit import fit
from greenpark.model.text import Frozen

Definition = TypeVar("Definition", bound=Frozen)


@dataclass(frozen=True)
class ReadFile(Generic[Definition]):
    """A read file: its definition and its text, which knows the line of everything."""

    path: Path
    definition: Definition
    text: YamlText

    def mistake(self, path: KeyPath, message: str, **values: object) -> PackMistake:
        """A mistake at a path of the file."""
        place = (self.path.parent.as_posix(), self.path.name, self.text.line(path), printed_key(path))
        return PackMistake(*place, message, values)


def read_file(path: Path, definition: type[Definition]) -> ReadFile[Definition]:
    """The definition in a YAML file.

    Raises
    ------
    PackError
        With every mistake in the file.
    """
    shown = path.parent.as_posix()
    try:
        text = YamlText(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise PackError([PackMistake(shown, path.name, 0, "", "catalog.missing_file", {"name": path.name})]) from None
    except UnicodeDecodeError:
        raise PackError([PackMistake(shown, path.name, 1, "", "catalog.not_utf8")]) from None
    mistakes = [
        PackMistake(shown, path.name, wrong.line, printed_key(wrong.path), wrong.message, wrong.values)
        for wrong in text.mistakes
    ]
    fitted, misfits = fit(definition, text.data)
    seen = {mistake.key for mistake in mistakes}
    for misfit in misfits:
        if printed_key(misfit.path) not in seen:
            message, values = told(misfit, table=False)
            place = (path.name, text.line(misfit.path), printed_key(misfit.path))
            mistakes.append(PackMistake(shown, *place, message, values))
    if fitted is None or mistakes:
        raise PackError(mistakes)
    return ReadFile(path, fitted, text)
