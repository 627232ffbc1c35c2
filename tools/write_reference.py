"""Write docs/reference from what it describes: packs, methods, commands, messages and tables.

`python -m tools.write_reference` writes, with `--check` it only says what is not up to date and exits 1.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import yaml

from greenpark.cli.commands import build
from greenpark.model.tables import TABLES
from tools.machine import ROOT
from tools.markdown import grid, page
from tools.write_schemes import scheme_pages

PACKAGE = ROOT / "src" / "greenpark"
FOLDER = ROOT / "docs" / "reference"


def main(arguments: list[str]) -> int:
    """Write the pages, or compare them; returns the exit code."""
    pages = {
        "packs.md": packs(),
        "methods.md": methods(),
        "commands.md": commands(),
        "messages.md": messages(),
        "tables.md": tables(),
        **scheme_pages(),
    }
    stale = [name for name, text in pages.items() if _read(FOLDER / name) != text]
    if "--check" in arguments:
        for name in stale:
            print(f"docs/reference/{name} is not up to date: run `make docs`")
        return 1 if stale else 0
    for name in stale:
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(pages[name], encoding="utf-8")
    print(f"docs/reference: {len(pages)} pages, {len(stale)} changed")
    return 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def packs() -> str:
    """A table of all packs with their titles and sources."""
    heads = [(path, _yaml(path)) for path in sorted((PACKAGE / "packs").rglob("pack.yaml"))]
    lines = (
        (head["kind"], f"`{head['id']}`", head["version"], head["title"]["zh"], head["title"]["en"], _source(head))
        for _, head in heads
    )
    return page("Packs 知识包", [grid(("kind", "id", "version", "名称", "title", "source"), lines)])


def _source(head: dict[str, Any]) -> str:
    source = head["source"]
    return source if isinstance(source, str) else "; ".join(f"{key}: {value}" for key, value in source.items())


def methods() -> str:
    """All accounting methods and the profiles that use them, and the statuses that rows can have."""
    found = [_yaml(path) for path in sorted((PACKAGE / "packs" / "methods").rglob("methods.yaml"))]
    rows = [
        (
            f"`{each['id']}`", each["version"], each["title"]["zh"], each["title"]["en"], each["source"],
            each.get("clause", ""), each["confidence"],
        )
        for pack in found
        for each in pack.get("methods", [])
    ]  # fmt: skip
    profiles = [
        (f"`{each['id']}`", each["title"]["zh"], each["title"]["en"], ", ".join(f"`{m}`" for m in each["methods"]))
        for pack in found
        for each in pack.get("profiles", [])
    ]
    parts = [
        grid(("id", "version", "名称", "title", "source", "clause", "confidence"), rows),
        "## Profiles 核算方案\n",
        grid(("id", "名称", "title", "methods"), profiles),
    ]
    return page("Accounting methods 核算方法", parts)


def commands() -> str:
    """All commands with their options, in both languages."""
    parts = []
    for zh, en in zip(_walked(build("zh"), ()), _walked(build("en"), ()), strict=True):
        name, chinese, options_zh = zh
        _, english, options_en = en
        rows = [(flags, first, second) for (flags, first), (_, second) in zip(options_zh, options_en, strict=True)]
        parts += [f"## greenpark {name}\n", f"{chinese}\n\n{english}\n", grid(("option", "说明", "meaning"), rows)]
    return page("Commands 命令", parts)


def _walked(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from _walked(command.commands[name], (*path, name))
        return
    options = [
        (f"`{', '.join(each.opts)}`", each.help or "") for each in command.params if isinstance(each, click.Option)
    ]
    arguments = " ".join(
        each.make_metavar(click.Context(command)) for each in command.params if each.param_type_name == "argument"
    )
    yield " ".join([*path, arguments]).strip(), command.help or "", options


def messages() -> str:
    """All sentences by stage, each with what to do where it has one."""
    parts = []
    for path in sorted((PACKAGE / "model" / "messages").glob("*.yaml")):
        sentences = _yaml(path)
        lines = ((f"`{name}`", texts["zh"], texts["en"]) for name, texts in sorted(sentences.items()))
        parts += [f"## {path.stem}\n", grid(("id", "中文", "English"), lines)]
    return page("Messages 提示语", parts)


def tables() -> str:
    """All tables with their columns."""
    parts = []
    for table in TABLES.values():
        lines = ((f"`{c.name}`", c.kind, "yes" if c.nullable else "", c.holds) for c in table.columns)
        parts += [f"## {table.name}\n", f"Key: {', '.join(f'`{name}`' for name in table.key)}\n"]
        parts += [grid(("column", "kind", "may be empty", "holds"), lines)]
    return page("Tables 数据表", parts)


def _yaml(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return content


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
