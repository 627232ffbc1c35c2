"""A workspace is a folder that says what it is; what it is not is refused, never overwritten."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from greenpark.engine.connect import Engine
from greenpark.engine.errors import StoreError
from greenpark.engine.store import open_store
from greenpark.engine.workspace import (
    FORMAT,
    migrate_workspace,
    open_workspace,
    read_workspace,
)
from tests.engine.made_rows import entities, observations, source

MESSAGES = Path("src/greenpark/model/messages/store.yaml")


def say(folder: Path, text: str) -> None:
    (folder / "workspace.yaml").write_text(text, encoding="utf-8")


def test_an_absent_folder_becomes_a_workspace_that_says_format_and_version(tmp_path: Path) -> None:
    made = open_workspace(tmp_path / "a" / "园区")
    text = (made.folder / "workspace.yaml").read_text(encoding="utf-8")
    assert re.fullmatch(r"format: 2\ngreenpark: \d+\.\d+\.\d+\nid: [0-9a-f]{16}\n", text)
    assert open_workspace(made.folder) == made
    assert [path.name for path in made.folder.glob("tmp-*")] == []


def test_a_folder_with_other_things_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_bytes(b"x")
    with pytest.raises(StoreError, match=r"store\.not_a_workspace"):
        open_workspace(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


@pytest.mark.parametrize("text", ["", "format: x\ngreenpark: 0.1.0\nid: a\n", "format: 1\n", "\x00"])
def test_a_broken_first_file_is_refused(tmp_path: Path, text: str) -> None:
    say(tmp_path, text)
    with pytest.raises(StoreError, match=r"store\.workspace_unreadable"):
        open_workspace(tmp_path)


def test_a_newer_format_is_refused_and_an_older_one_asks_to_be_migrated(tmp_path: Path) -> None:
    say(tmp_path, f"format: {FORMAT + 1}\ngreenpark: 9.0.0\nid: a\n")
    with pytest.raises(StoreError, match=r"store\.workspace_newer"):
        open_workspace(tmp_path)
    with pytest.raises(StoreError, match=r"store\.workspace_newer"):
        migrate_workspace(tmp_path)
    say(tmp_path, f"format: {FORMAT - 1}\ngreenpark: 0.0.1\nid: a\n")
    with pytest.raises(StoreError, match=r"store\.workspace_older"):
        open_workspace(tmp_path)


def test_migration_goes_step_by_step_and_keeps_a_copy(tmp_path: Path, duckdb_engine: Engine) -> None:
    folder = tmp_path / "w"
    with open_store(folder, duckdb_engine) as store:
        store.append(observations(2), entities(), source())
    assert migrate_workspace(folder) is None
    steps: list[int] = []
    migrations = {FORMAT: lambda _: steps.append(FORMAT), FORMAT + 1: lambda _: steps.append(FORMAT + 1)}
    copy = migrate_workspace(folder, migrations, known=FORMAT + 2)
    assert steps == [FORMAT, FORMAT + 1]
    assert copy is not None
    assert copy.name == f"w.format-{FORMAT}"
    assert (read_workspace(folder).format, read_workspace(copy).format) == (FORMAT + 2, FORMAT)
    with open_store(copy, duckdb_engine) as store:
        assert len(store.accepted()) == 1
    say(folder, (copy / "workspace.yaml").read_text(encoding="utf-8"))
    with pytest.raises(StoreError, match=r"store\.copy_exists"):
        migrate_workspace(folder, migrations, known=FORMAT + 2)


def test_a_workspace_whose_register_is_lost_is_refused(tmp_path: Path, duckdb_engine: Engine) -> None:
    with open_store(tmp_path / "w", duckdb_engine) as store:
        store.append(observations(2), entities(), source())
    for path in (tmp_path / "w").glob("register.sqlite*"):
        path.unlink()
    with pytest.raises(StoreError, match=r"store\.register_empty"), open_store(tmp_path / "w", duckdb_engine):
        pass


def test_everything_that_the_store_refuses_has_a_message_and_a_fix_in_both_languages(repo: Path) -> None:
    text = (repo / MESSAGES).read_text(encoding="utf-8")
    raised: dict[str, set[str]] = {}
    for path in (repo / "src/greenpark/engine").rglob("*.py"):
        for message, values in re.findall(r'StoreError\(\s*"([\w.]+)"([^)]*)', path.read_text(encoding="utf-8")):
            raised.setdefault(message, set()).update(re.findall(r"(\w+)=", values))
    assert len(raised) > 10
    for message, values in raised.items():
        for key in (message, f"{message}.fix"):
            found = re.search(rf'^{re.escape(key)}:\n  zh: "(.+)"\n  en: "(.+)"$', text, re.MULTILINE)
            assert found, key
            assert set(re.findall(r"{(\w+)}", found[1] + found[2])) <= values, key
