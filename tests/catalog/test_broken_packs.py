"""One deliberately broken pack per mistake, with the expected messages beside it, in Chinese and then in English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from greenpark.catalog import check_pack, format_mistakes, load_messages

FOLDER = Path(__file__).resolve().parent.parent / "broken_packs"
BROKEN = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
# Allowed, yet worth knowing: the only folders whose message is a note.
NOTES = {"cases_open_at_the_end"}


def told(folder: Path) -> str:
    """The mistakes of a pack in both languages, with places relative to the pack."""
    mistakes = check_pack(folder)
    texts = [format_mistakes(mistakes, language).replace(f"{folder.as_posix()}/", "") for language in ("zh", "en")]
    return "\n".join(texts) + "\n"


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_pack_is_reported_with_the_expected_message_file_and_line(name: str) -> None:
    expected = (FOLDER / name / "expected.txt").read_text(encoding="utf-8")
    assert told(FOLDER / name) == expected


@pytest.mark.parametrize("name", BROKEN)
def test_every_broken_pack_has_an_error_that_names_an_existing_line(name: str) -> None:
    mistakes = check_pack(FOLDER / name)
    severities = {mistake.severity for mistake in mistakes}
    assert ("note" if name in NOTES else "error") in severities
    for mistake in mistakes:
        path = FOLDER / name / mistake.file
        if mistake.line:
            lines = path.read_bytes().count(b"\n")
            assert 1 <= mistake.line <= lines + 1


def test_there_is_a_broken_pack_for_nearly_every_kind_of_mistake() -> None:
    found = {mistake.message for name in BROKEN for mistake in check_pack(FOLDER / name)}
    every = {name.removesuffix(".fix") for name in load_messages().ids() if re.match(r"catalog\..*\.fix$", name)}
    # These are about several packs or about odd texts and have tests of their own.
    elsewhere = {
        "catalog.same_version", "catalog.no_pack_here", "catalog.confirms_no_pack", "catalog.folder_name",
        "catalog.yaml_key", "catalog.duplicate_column", "catalog.no_cases", "catalog.reserved_id",
        "catalog.cases_open_above", "catalog.pack_exists", "catalog.yaml_depth", "catalog.duty_of_nobody", "catalog.duty_twice",
    }  # fmt: skip
    assert every - found == elsewhere


def test_a_pack_with_many_mistakes_reports_all_of_them_at_once() -> None:
    assert len(check_pack(FOLDER / "many_mistakes_at_once")) == 8
    assert len(check_pack(FOLDER / "many_factor_mistakes_at_once")) == 8
    assert len(check_pack(FOLDER / "many_scheme_mistakes_at_once")) == 8
