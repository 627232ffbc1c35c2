"""One folder on disk → one read pack: its definition, every mistake in its text, and the place of every value."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from greenpark.catalog.csv_text import CsvText, column_of
from greenpark.catalog.layout import FORMAT, HEAD, LAYOUTS, PACK_ID, Layout
from greenpark.catalog.mistakes import PackMistake, Phrase, printed_key
from greenpark.catalog.suggest import suggestion
from greenpark.catalog.yaml_text import YamlText, walk
from greenpark.model.contents import WorkedExample
from greenpark.model.fit import Misfit, fit
from greenpark.model.fit import Path as KeyPath
from greenpark.model.text import Frozen

CONFIRMATIONS = "confirmations.yaml"
_HEAD_OPTIONAL = ("note",)
_CHECKED_SUFFIXES = (".yaml", ".yml", ".csv")


@dataclass(frozen=True)
class ReadPack:
    """A pack as read; ``definition`` is None when its text does not fit its kind."""

    shown: str
    kind: str
    id: str
    version: str
    digest: str
    files: Mapping[str, YamlText | CsvText]
    sections: Mapping[str, str]
    definition: Any
    examples: Mapping[str, WorkedExample]
    mistakes: tuple[PackMistake, ...]
    data: Mapping[str, Any] = field(repr=False)

    @property
    def name(self) -> str:
        """``kind/id``: the pack among all packs."""
        return f"{self.kind}/{self.id}"

    def mistake(self, path: KeyPath, message: str, **values: object) -> PackMistake:
        """A mistake at a path of the definition, with file and line."""
        return PackMistake(self.shown, *self.at(path), message, values)

    def remark(self, path: KeyPath, message: str, **values: object) -> PackMistake:
        """Something that is allowed but worth knowing."""
        return replace(self.mistake(path, message, **values), severity="note")

    def at(self, path: KeyPath) -> tuple[str, int, str]:
        """File, line and printed key of a path of the definition."""
        if path and path[0] == "examples":
            file, inner = f"examples/{path[1]}", path[2:]
        else:
            file = self.sections.get(str(path[0]), "pack.yaml") if path else "pack.yaml"
            inner = path[1:] if path and path[0] == "head" else path
        text = self.files.get(file)
        if isinstance(text, CsvText):
            return file, text.line(inner[1:]), column_of(inner[2:])
        return file, text.line(inner) if text else 0, printed_key(inner)


def read_pack(folder: Path, shown: str) -> ReadPack:
    """The pack in a folder; ``shown`` is how messages name the folder. Read again only when its bytes changed."""
    content = tuple(sorted(_content(folder)))
    return _read(folder.name, folder.parent.name, shown, content)


def digest_of(content: Iterable[tuple[str, bytes]]) -> str:
    """The content hash: sha256 over the sorted file names and their bytes with unified line ends."""
    digest = hashlib.sha256()
    for name, data in sorted(content):
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def _content(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith((".", "__")) for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden:
            yield path.relative_to(folder).as_posix(), path.read_bytes().replace(b"\r\n", b"\n")


def _pack_content(content: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """What makes a pack itself: confirmations lie beside it and enter the hash when they are applied."""
    return ((name, data) for name, data in content.items() if name != CONFIRMATIONS)


@lru_cache(maxsize=1024)
def _read(folder: str, parent: str, shown: str, content: tuple[tuple[str, bytes], ...]) -> ReadPack:
    return _Reader(folder, parent, shown, dict(content)).pack()


class _Reader:
    """Reads the files of one pack and collects what is wrong with their text."""

    def __init__(self, folder: str, parent: str, shown: str, content: dict[str, bytes]) -> None:
        self._folder, self._parent, self._shown, self._content = folder, parent, shown, content
        self._files: dict[str, YamlText | CsvText] = {}
        self._sections: dict[str, str] = {}
        self._lost: set[str] = set()
        self._mistakes: list[PackMistake] = []
        self._data: dict[str, Any] = {}

    def pack(self) -> ReadPack:
        """The read pack."""
        head = self._yaml("pack.yaml", required=True)
        kind = head.get("kind")
        layout = LAYOUTS.get(kind) if isinstance(kind, str) else None
        self._check_head(head, layout)
        definition: Frozen | None = None
        if layout:
            self._read_files(head, layout)
            definition = self._fitted(layout.definition, self._data, ())
        examples = dict(self._examples()) if kind == "schemes" else {}
        version, identifier = str(head.get("version", "")), str(head.get("id", self._folder))
        return ReadPack(
            self._shown, str(kind or ""), identifier, version, digest_of(_pack_content(self._content)), self._files,
            self._sections, definition, examples, tuple(self._mistakes), self._data,
        )  # fmt: skip

    def _note(self, file: str, line: int, key: str, message: str, **values: object) -> None:
        self._mistakes.append(PackMistake(self._shown, file, line, key, message, values))

    def _text(self, file: str, required: bool) -> str | None:
        if file not in self._content:
            if required:
                self._note(file, 0, "", "catalog.missing_file", name=file)
            return None
        try:
            return self._content[file].decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = self._content[file][: error.start].count(b"\n") + 1
            self._note(file, line, "", "catalog.not_utf8")
            return None

    def _yaml(self, file: str, required: bool) -> dict[str, Any]:
        """The top mapping of a YAML file; empty when the file cannot be used."""
        text = self._text(file, required)
        if text is None:
            return {}
        read = YamlText(text)
        self._files[file] = read
        for wrong in read.mistakes:
            self._note(file, wrong.line, printed_key(wrong.path), wrong.message, **wrong.values)
        if not isinstance(read.data, dict):
            if read.data is not None:
                self._note(file, 1, "", "catalog.wrong_type", **_type_values("mapping", read.data))
            return {}
        for path, value in walk(read.data):
            if path and path[-1] in ("zh", "en") and isinstance(value, str) and not value.strip():
                self._note(file, read.line(path), printed_key(path), "catalog.missing_language", name=path[-1])
        return read.data

    def _check_head(self, head: dict[str, Any], layout: Layout | None) -> None:
        if "pack.yaml" not in self._files:
            return
        line = self._files["pack.yaml"].line
        if tuple(head)[: len(HEAD)] != HEAD and set(HEAD) <= set(head):
            self._note("pack.yaml", 1, "", "catalog.head_order", expected=HEAD, found=tuple(head)[: len(HEAD)])
        if "kind" in head and layout is None:
            options = tuple(LAYOUTS)
            found = head["kind"]
            hint = suggestion(found, options)
            self._note("pack.yaml", line(("kind",)), "kind", "catalog.unknown_kind", found=found, hint=hint)
        elif layout is None:
            self._note("pack.yaml", 1, "kind", "catalog.missing_key", name="kind")
        if isinstance(head.get("format"), int) and head["format"] != FORMAT:
            place = ("pack.yaml", line(("format",)), "format")
            self._note(*place, "catalog.unknown_format", found=head["format"], expected=FORMAT)
        if isinstance(head.get("id"), str) and not PACK_ID.fullmatch(head["id"]):
            self._note("pack.yaml", line(("id",)), "id", "catalog.pack_id", found=head["id"])
        if self._parent in LAYOUTS:
            for key, expected in (("kind", self._parent), ("id", self._folder)):
                if key in head and head[key] != expected:
                    place = ("pack.yaml", line((key,)), key)
                    self._note(*place, "catalog.folder_name", name=key, expected=expected, found=head[key])

    def _read_files(self, head: dict[str, Any], layout: Layout) -> None:
        known = (*HEAD, *_HEAD_OPTIONAL)
        self._data["head"] = {key: head[key] for key in known if key in head}
        homes = {key: file for file, keys in layout.texts.items() for key in keys}
        self._take("pack.yaml", head, (*known, *layout.extra), layout.extra, homes)
        for file, keys in layout.texts.items():
            top = self._yaml(file, required=file not in layout.optional)
            if file not in self._files or not top:
                self._lost.update(keys)
            others = {key: other for key, other in homes.items() if other != file}
            self._take(file, top, keys, keys, others | dict.fromkeys(layout.extra, "pack.yaml"))
        for file, table in layout.tables.items():
            text = self._text(file, required=file not in layout.optional)
            self._sections[table.key] = file
            if text is None:
                self._lost.add(table.key)
                continue
            read = CsvText(text, table.columns, table.required)
            self._files[file] = read
            self._data[table.key] = read.data
            for wrong in read.mistakes:
                self._note(file, wrong.line, printed_key(wrong.path), wrong.message, **_said(wrong.values))
        self._check_files(layout)

    def _take(
        self, file: str, top: dict[str, Any], known: tuple[str, ...], kept: tuple[str, ...], homes: Mapping[str, str]
    ) -> None:
        """Keep the keys of one file; a key that belongs elsewhere or nowhere is a mistake."""
        for key, value in top.items():
            line = self._files[file].line((key,))
            if key in kept:
                self._data[key] = value
                self._sections[key] = file
            elif key in homes:
                self._note(file, line, key, "catalog.key_in_wrong_file", name=key, expected=homes[key])
                self._lost.add(key)
            elif key not in known:
                self._note(file, line, key, "catalog.unknown_key", name=key, hint=suggestion(key, (*known, *homes)))
        for key in kept:
            self._sections.setdefault(key, file)

    def _check_files(self, layout: Layout) -> None:
        known = {"pack.yaml", CONFIRMATIONS, *layout.texts, *layout.tables}
        for name in sorted(self._content):
            example = layout is LAYOUTS["schemes"] and name.startswith("examples/")
            if name.endswith(_CHECKED_SUFFIXES) and name not in known and not example:
                self._note(name, 0, "", "catalog.unexpected_file", hint=suggestion(name, sorted(known)))

    def _examples(self) -> Iterator[tuple[str, WorkedExample]]:
        names = [n for n in sorted(self._content) if n.startswith("examples/") and n.endswith(".yaml")]
        if not names and self._data.get("criteria") != []:  # of a scheme without criteria nothing can be worked out
            self._note("examples", 0, "", "catalog.no_example")
        for name in names:
            data = self._yaml(name, required=True)
            short = name.removeprefix("examples/")
            example = self._fitted(WorkedExample, data, ("examples", short)) if data else None
            if isinstance(example, WorkedExample):
                yield short, example

    def _fitted(self, definition: type[Frozen], data: dict[str, Any], prefix: KeyPath) -> Frozen | None:
        fitted, misfits = fit(definition, data)
        seen = {(mistake.file, mistake.line, mistake.key) for mistake in self._mistakes}
        locate = ReadPack(
            self._shown, "", "", "", "", self._files, self._sections, None, {}, (), {}
        )  # fmt: skip
        for misfit in misfits:
            path = (*prefix, *misfit.path)
            if misfit.path and misfit.path[0] in self._lost and len(misfit.path) == 1:
                continue
            if locate.at(path) not in seen:
                message, values = told(misfit, isinstance(self._files.get(locate.at(path)[0]), CsvText))
                self._mistakes.append(locate.mistake(path, message, **values))
        return fitted


def told(misfit: Misfit, table: bool) -> tuple[str, dict[str, object]]:
    """The message of a misfit with its values."""
    name = str(misfit.path[-1]) if misfit.path else ""
    if misfit.problem == "missing":
        if name in ("zh", "en"):
            return "catalog.missing_language", {"name": name}
        if name == "missing":
            return "catalog.missing_rule", {}
        return ("catalog.empty_cell" if table else "catalog.missing_key"), {"name": name}
    if misfit.problem == "unknown":
        return "catalog.unknown_key", {"name": name, "hint": suggestion(name, misfit.options)}
    if misfit.problem == "option":
        return "catalog.not_an_option", {"found": misfit.found, "options": misfit.options}
    return "catalog.wrong_type", _type_values(misfit.expected, misfit.found)


def _type_values(expected: str, found: object) -> dict[str, object]:
    return {"expected": Phrase(f"catalog.type.{expected}"), "found": shown_value(found)}


def _said(values: Mapping[str, object]) -> dict[str, object]:
    """The values of a CSV mistake with types as phrases and options as a suggestion."""
    said = dict(values)
    options = said.get("options")
    if isinstance(options, Iterable) and "found" in said:
        del said["options"]
        said["hint"] = suggestion(said["found"], tuple(map(str, options)))
    if isinstance(said.get("expected"), str):
        said["expected"] = Phrase(f"catalog.type.{said['expected']}")
    return said


def shown_value(found: object) -> object:
    """What was found, with its type where the text alone would not tell."""
    if isinstance(found, bool):
        return Phrase("catalog.found.true_or_false", {"value": str(found).lower()})
    if isinstance(found, str):
        return Phrase("catalog.found.text", {"value": found})
    if isinstance(found, int | float):
        return Phrase("catalog.found.number", {"value": str(found)})
    if isinstance(found, list):
        return Phrase("catalog.found.list", {})
    if isinstance(found, dict):
        return Phrase("catalog.found.mapping", {})
    return Phrase("catalog.found.nothing", {})
