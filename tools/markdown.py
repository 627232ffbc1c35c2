"""Pages and tables in Markdown, as the generated reference writes them."""

from __future__ import annotations

from collections.abc import Iterable

NOTE = "Written by `make docs`; change what it describes instead. 由 `make docs` 生成。\n"


def page(title: str, parts: Iterable[str]) -> str:
    """A page with a title."""
    return "\n".join([f"# {title}\n", NOTE, *(part for part in parts if part)])


def grid(head: tuple[str, ...], lines: Iterable[tuple[object, ...]]) -> str:
    """A table in Markdown."""
    rows = ["| " + " | ".join(_cell(each) for each in line) + " |\n" for line in lines]
    return "".join(["| " + " | ".join(head) + " |\n", "|" + "---|" * len(head) + "\n", *rows])


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")
