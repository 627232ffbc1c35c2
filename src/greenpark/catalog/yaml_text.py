"""YAML as greenpark reads it: YAML 1.2 scalars, no key twice, no alias, and the line of everything.

YAML 1.1, which most readers still speak, takes ``no`` for false, ``12:30`` for 750 and ``010`` for eight. Here only
``true``, ``false``, ``null`` and decimal numbers are more than text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Any

import yaml

from greenpark.model.fit import Path

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)$")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")
# Numbers to one reader, text or another number to the next: they must say which.
_AMBIGUOUS = re.compile(r"[-+]?(0[0-9]+(\.[0-9]*)?|0[xob][0-9a-fA-F]+|\.(inf|nan)|[0-9]+(_[0-9]+)+)$", re.IGNORECASE)
_LONGEST_INTEGER = 18
_DEEPEST = 40
_BRACKETS = re.compile(r"[\[\]{}]")
_INDENTS = re.compile(r"^[ ?-]+", re.MULTILINE)
_NULLS = ("", "~", "null")
_TEXT_TAG = "tag:yaml.org,2002:str"
_PLAIN_TAGS = (_TEXT_TAG, "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")

# The C parser where libyaml is present.
_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# The same parser without the resolution of YAML 1.1: every plain scalar arrives as it is written.
_Loader: Any = type("_Loader", (_Parser,), {"yaml_implicit_resolvers": {}})


@dataclass(frozen=True)
class YamlMistake:
    """Something wrong with the text itself: line, path, message id, values."""

    line: int
    path: Path
    message: str
    values: dict[str, object]


class YamlText:
    """A read YAML file: its data, its mistakes, and the line of each path."""

    def __init__(self, text: str) -> None:
        self.mistakes: list[YamlMistake] = []
        self._seen: set[int] = set()
        self._root = self._compose(text)
        self.data: Any = self._plain(self._root, ()) if self._root is not None else {}

    def line(self, path: Path) -> int:
        """The line (from 1) of the key at a path, or of the nearest thing above it that exists."""
        if self._root is None:
            return 1
        node, line = self._root, 1
        for step in path:
            found = _child(node, step)
            if found is None:
                break
            line, node = found
        return line

    def lines_of_keys(self) -> dict[str, int]:
        """The line (from 1) of each key that stands at the top."""
        pairs = self._root.value if isinstance(self._root, yaml.MappingNode) else ()
        return {key.value: key.start_mark.line + 1 for key, _ in reversed(pairs)}

    def _compose(self, text: str) -> Any:
        try:
            if _may_be_deep(text) and (line := _line_too_deep(text)):
                self._note(line, (), "catalog.yaml_depth", most=_DEEPEST)
                return None
            loader = _Loader(text)
            try:
                return loader.get_single_node()
            finally:
                loader.dispose()
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            detail = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
            self._note(mark.line + 1 if mark else 1, (), "catalog.yaml_syntax", detail=detail)
            return None

    def _note(self, line: int, path: Path, message: str, **values: object) -> None:
        self.mistakes.append(YamlMistake(line, path, message, values))

    def _plain(self, node: Any, path: Path) -> Any:
        """The node as plain data."""
        line = node.start_mark.line + 1
        if id(node) in self._seen:
            # The shared node stands where the anchor is; the line wanted is that of the alias.
            self._note(self.line(path), path, "catalog.yaml_alias")
            return None
        self._seen.add(id(node))
        if node.tag not in _PLAIN_TAGS:
            self._note(line, path, "catalog.yaml_tag", tag=node.tag)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path, line)
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(each, (*path, index)) for index, each in enumerate(node.value)]
        return self._mapping(node, path)

    def _mapping(self, node: Any, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._note(line, path, "catalog.yaml_key")
                continue
            key = key_node.value
            if key in result:
                self._note(line, (*path, key), "catalog.duplicate_key", name=key, first=self.line((*path, key)))
                continue
            result[key] = self._plain(value_node, (*path, key))
        return result

    def _scalar(self, node: Any, path: Path, line: int) -> Any:
        text = node.value
        if node.style not in (None, ""):
            return text
        if text in ("true", "false"):
            return text == "true"
        if text in _NULLS:
            return None
        if _INTEGER.match(text) and len(text) <= _LONGEST_INTEGER:
            return int(text)
        number = float(text) if _FLOAT.match(text) else None
        if _AMBIGUOUS.match(text) or (number is not None and not isfinite(number)):
            self._note(line, path, "catalog.ambiguous_number", found=text)
            return text
        return text if number is None else number


def _may_be_deep(text: str) -> bool:
    """Whether the text could be nested too deeply: a quick look that may say yes for nothing."""
    depth = 0
    for found in _BRACKETS.finditer(text):
        depth += 1 if found[0] in "[{" else -1
        if depth > _DEEPEST:
            return True
    return any(len(found[0]) > _DEEPEST for found in _INDENTS.finditer(text))


def _line_too_deep(text: str) -> int:
    """The line at which the nesting passes the limit, or 0. Events do not recurse; nodes do, down to a crash."""
    depth = 0
    loader = _Loader(text)
    try:
        while loader.check_event():
            event = loader.get_event()
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > _DEEPEST:
                    return event.start_mark.line + 1 if event.start_mark else 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    finally:
        loader.dispose()
    return 0


def _child(node: Any, step: str | int) -> tuple[int, Any] | None:
    """Line and node of one step down; for a list the line where the element starts."""
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        child = node.value[step]
        return child.start_mark.line + 1, child
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            if key_node.value == step:
                return key_node.start_mark.line + 1, value_node
    return None


def walk(data: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every path of the data with what stands there, from the top."""
    yield path, data
    if isinstance(data, dict):
        for key, value in data.items():
            yield from walk(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from walk(value, (*path, index))
