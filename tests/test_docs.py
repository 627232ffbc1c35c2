"""The documents are true: generated pages are up to date, links lead somewhere, and what is named exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from greenpark.catalog import load_packs
from greenpark.cli.commands import build
from tools.write_reference import main as write_reference

LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


def _pages(repo: Path) -> list[Path]:
    return [*repo.glob("*.md"), *(repo / "docs").rglob("*.md"), *(repo / "examples").rglob("*.md")]


def test_generated_reference_pages_are_up_to_date() -> None:
    assert write_reference(["--check"]) == 0


def test_every_link_of_every_document_leads_to_a_file(repo: Path) -> None:
    broken = [
        f"{page.relative_to(repo)}: {target}"
        for page in _pages(repo)
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []


def test_the_readme_names_every_command_and_no_other(repo: Path) -> None:
    text = (repo / "README.md").read_text(encoding="utf-8")
    commands = set(build("en").commands)
    assert set(re.findall(r"^greenpark ([a-z-]+)", text, re.MULTILINE)) <= commands
    assert [name for name in sorted(commands) if not re.search(rf"greenpark {name}\b", text)] == []


@pytest.mark.parametrize("part", ["packs", "methods"])
def test_every_pack_and_method_has_a_place_in_the_reference(part: str, repo: Path) -> None:
    page = (repo / "docs" / "reference" / f"{part}.md").read_text(encoding="utf-8")
    packs = load_packs()
    names = {name.partition("/")[2] for name in packs.heads} if part == "packs" else set(packs.methods)
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []


def test_every_scheme_is_described(repo: Path) -> None:
    page = (repo / "docs" / "reference" / "schemes.md").read_text(encoding="utf-8")
    assert [name for name in load_packs().schemes if f"(../schemes/{name}.md)" not in page] == []


def test_every_scheme_has_a_page_with_its_worked_examples_and_a_page_of_its_rows(repo: Path) -> None:
    packs = load_packs()
    for name, scheme in packs.schemes.items():
        by_hand = (repo / "docs" / "schemes" / f"{name}.md").read_text(encoding="utf-8")
        rows = (repo / "docs" / "reference" / "schemes" / f"{name}.md").read_text(encoding="utf-8")
        assert [each for each in packs.examples.get(name, {}) if "手算" not in by_hand] == []
        assert [each.id for each in scheme.criteria if f"`{each.id}`" not in rows] == []
