"""Every check of reading can say what is wrong and what to do."""

from __future__ import annotations

import ast
from pathlib import Path

from greenpark.model.text import Messages

SAYING = {"enter", "refuse", "FileRefused", "resolve", "_resolved"}
NAMING = {"refusal", "remark"}


def _rules(folder: Path) -> set[str]:
    """Words that the reading code uses as the name of a check: arguments of calls that make findings."""
    found: set[str] = set()
    for path in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in SAYING:
                found |= {
                    each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
                }
            if isinstance(node, ast.keyword) and node.arg in NAMING and isinstance(node.value, ast.Constant):
                found.add(node.value.value)
    return {rule for rule in found if rule}


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def test_every_check_has_its_sentence_and_what_to_do(repo: Path, messages: Messages) -> None:
    rules = _rules(repo / "src" / "greenpark" / "collect")
    assert len(rules) > 50
    for rule in sorted(rules):
        assert f"collect.{rule}" in messages, rule
        assert f"collect.{rule}.fix" in messages, rule


def test_every_sentence_about_a_finding_has_one_about_what_to_do(messages: Messages) -> None:
    spoken = [each for each in messages.ids() if each.startswith("collect.") and each.count(".") == 1]
    assert all(f"{message}.fix" in messages for message in spoken)
