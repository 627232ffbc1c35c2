"""The rules of sentences: each message that the code names exists in both languages with the same placeholders."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from tests.architecture.rules import Module, read_modules

LANGUAGES = {"zh", "en"}
FIX = ".fix"
FILES = (".yaml", ".csv", ".json", ".html", ".xlsx")  # names of files have the shape of ids


def read_messages(folder: Path) -> tuple[dict[str, dict[str, str]], list[str]]:
    """All messages of a folder by id, and what is wrong with the files themselves."""
    messages: dict[str, dict[str, str]] = {}
    wrong: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for name, sentences in content.items():
            if name.split(".")[0] != path.stem:
                wrong.append(f"{path.name}: {name} belongs into the file of its stage")
            if name in messages:
                wrong.append(f"{path.name}: {name} stands twice")
            messages[name] = sentences if isinstance(sentences, dict) else {}
    return messages, wrong


def placeholders(sentence: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def wrong_messages(messages: dict[str, dict[str, str]]) -> Iterator[str]:
    """Messages that lack a language, differ in placeholders, or whose fix has no message."""
    for name, sentences in messages.items():
        if set(sentences) != LANGUAGES or not all(str(each).strip() for each in sentences.values()):
            yield f"{name}: needs zh and en, has {', '.join(sorted(sentences)) or 'none'}"
            continue
        zh, en = placeholders(str(sentences["zh"])), placeholders(str(sentences["en"]))
        if zh != en:
            yield f"{name}: placeholders differ: {', '.join(sorted(zh ^ en))}"
        if "" in zh | en or any(each.isdigit() for each in zh | en):
            yield f"{name}: placeholders have names"
        what = name.removesuffix(FIX)
        family = [other for other in messages if other.startswith(f"{what}.")]
        if name.endswith(FIX) and what not in messages and family == [name]:
            yield f"{name}: there is no {what}"


def named_messages(module: Module, stages: set[str]) -> Iterator[tuple[ast.AST, str]]:
    """Each string of a module that has the shape of a message id of one of the stages."""
    if not stages:
        return
    shape = re.compile(rf"({'|'.join(sorted(map(re.escape, stages)))})(\.[a-z][a-z0-9_]*)+")
    in_f_strings = {
        id(part) for node in ast.walk(module.tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)
    }
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in in_f_strings:
            continue
        if shape.fullmatch(node.value) and not node.value.endswith(FILES):
            yield node, node.value


def found_messages(module: Module) -> Iterator[tuple[ast.AST, str]]:
    """Each literal message of a `Finding(…)`."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        if called != "Finding":
            continue
        given = [keyword.value for keyword in node.keywords if keyword.arg == "message"] or node.args[3:4]
        yield from (
            (each, each.value) for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)
        )


def violations(package: Path) -> list[str]:
    """Everything that is wrong with the messages of a package folder."""
    messages, wrong = read_messages(package / "model" / "messages")
    wrong += wrong_messages(messages)
    stages = {name.split(".")[0] for name in messages}
    for module in read_modules(package):
        for node, name in named_messages(module, stages):
            if name not in messages:
                wrong.append(module.at(node, f"there is no message {name}"))
        for node, name in found_messages(module):
            if name not in messages or f"{name}{FIX}" not in messages:
                wrong.append(module.at(node, f"a finding needs the messages {name} and {name}{FIX}"))
    return wrong
