"""The package keeps the rules of its architecture, and each rule can be broken."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import messages, rules

HEAVY = (
    "ibis",
    "pandas",
    "pint",
    "pydantic",
    "duckdb",
    "pyspark",
    "sqlalchemy",
    "polars",
    "pyarrow",
    "numpy",
    "jinja2",
)


@pytest.fixture(scope="module")
def package(repo: Path) -> Path:
    return repo / "src" / "greenpark"


def broken(tmp_path: Path, path: str, source: str) -> list[str]:
    """What the rules say about a package with this one module."""
    file = tmp_path / "greenpark" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source, encoding="utf-8")
    return rules.violations(tmp_path / "greenpark")


# ---------------------------------------------------------------- the package
def test_the_package_keeps_the_rules_of_the_source(package: Path) -> None:
    assert rules.violations(package) == []


def test_each_message_of_the_package_exists_in_both_languages(package: Path) -> None:
    assert messages.violations(package) == []


def test_imports_point_down_only(repo: Path) -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache", "--no-logo"], cwd=repo, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_command_line_starts_without_heavy_libraries() -> None:
    ask = f"import sys, greenpark.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


# ---------------------------------------------------------------- the rules can be broken
@pytest.mark.parametrize(
    ("path", "source", "told"),
    [
        ("evaluate/points.py", "import yaml", "yaml belongs to catalog"),
        (
            "engine/store.py",
            "def f():\n    from sqlalchemy.orm import Session",
            "sqlalchemy belongs to engine.register",
        ),
        ("model/words.py", "import requests", "requests has no home"),
        ("engine/locks.py", "import fcntl", "fcntl is missing on other systems"),
        ("model/words.py", "a = 1\n" * 351, "the module has 351 lines"),
        ("model/words.py", "def long():\n" + "    a = 1\n" * 61, "long has a body of 61 lines"),
        ("engine/files.py", "text = open('a').read()", "without encoding"),
        ("engine/files.py", "from pathlib import Path\nPath('a').read_text()", "without encoding"),
        ("engine/files.py", "def f(p):\n    p.write_text('a')", "without encoding"),
        ("engine/files.py", "def f(p):\n    return p.open('w')", "without encoding"),
        ("engine/files.py", "def f(p):\n    with p.open() as file:\n        return file.read()", "without encoding"),
        ("collect/read.py", "told = 'the unit is not known'", "a sentence stands in the code"),
        ("collect/read.py", "told = f'found {1} rows in the {2}'", "a sentence stands in the code"),
        ("collect/read.py", "told = '这个单位不认识，请检查'", "a sentence stands in the code"),
        ("publish/page.py", "label = '碳排放'", "a sentence stands in the code"),
        (
            "evaluate/points.py",
            "def f(x):\n    return {'hint': 'Give the missing value'}",
            "a sentence stands in the code",
        ),
    ],
)
def test_a_broken_source_is_told_with_its_line(tmp_path: Path, path: str, source: str, told: str) -> None:
    violations = broken(tmp_path, path, source)
    assert len(violations) == 1
    assert violations[0].startswith(f"{path}:")
    assert told in violations[0]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("catalog/load.py", "import yaml\nfrom pathlib import Path"),
        ("engine/register/tables.py", "import sqlalchemy"),
        ("engine/files.py", "def f(p):\n    return p.open('rb'), p.read_text(encoding='utf-8'), open(p, mode='wb')"),
        (
            "collect/read.py",
            "import re\nTEN_THOUSAND = '万'\nSHARE = re.compile('百分之([零一二三四五六七八九十点]+)')",
        ),
        (
            "collect/read.py",
            "def f():\n    '''What is read from the file.'''\n    raise ValueError('this is a wrong program')",
        ),
        ("collect/read.py", "import logging\nlogger = logging.getLogger()\nlogger.info('read %s rows of a file', 3)"),
        ("measure/growth.py", "KEY = ('entity', 'period start', 'above_scale')\nSHAPE = 'run={}/batch={}'"),
        ("model/words.py", "HOLDS = 'the first day of the period'"),
    ],
)
def test_a_sound_source_passes(tmp_path: Path, path: str, source: str) -> None:
    assert broken(tmp_path, path, source) == []


@pytest.mark.parametrize(
    ("yaml_text", "source", "told"),
    [
        ("collect.a: {zh: '甲'}", "", "collect.a: needs zh and en"),
        ("collect.a: {zh: '甲 {unit}', en: 'a {units}'}", "", "placeholders differ: unit, units"),
        ("collect.a: {zh: '甲 {}', en: 'a {}'}", "", "placeholders have names"),
        ("collect.a.fix: {zh: '甲', en: 'a'}", "", "there is no collect.a"),
        ("measure.a: {zh: '甲', en: 'a'}", "", "belongs into the file of its stage"),
        ("collect.a: {zh: '甲', en: 'a'}", "say('collect.b')", "collect/read.py:1 there is no message collect.b"),
        (
            "collect.a: {zh: '甲', en: 'a'}",
            "Finding('error', 'collect', 'rule', 'collect.a')",
            "a finding needs the messages collect.a and collect.a.fix",
        ),
    ],
)
def test_a_broken_message_is_told(tmp_path: Path, yaml_text: str, source: str, told: str) -> None:
    for path, text in (("model/messages/collect.yaml", yaml_text), ("collect/read.py", source)):
        file = tmp_path / path
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    assert any(told in each for each in messages.violations(tmp_path))


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("collect/read.py", "import greenpark.account.match"),
        ("model/words.py", "import greenpark.engine"),
        ("engine/store.py", "def f():\n    from greenpark import pipeline"),
        ("extra.py", "import greenpark.model"),
    ],
)
def test_an_import_that_points_up_or_sideways_is_refused(tmp_path: Path, repo: Path, path: str, source: str) -> None:
    package = tmp_path / "greenpark"
    stages = ["catalog", "collect", "validate", "account", "measure", "monitor", "evaluate", "publish"]
    folders = [".", "model", "engine", *stages, "desk"]
    for file in [*(f"{name}/__init__.py" for name in folders), "pipeline.py", "cli.py", "account/match.py"]:
        (package / file).parent.mkdir(parents=True, exist_ok=True)
        (package / file).write_text("", encoding="utf-8")
    linter = Path(sys.executable).with_name("lint-imports")
    command = [linter, "--no-cache", "--no-logo", "--config", repo / "pyproject.toml"]
    environment = {"PYTHONPATH": str(tmp_path), "PYTHONUTF8": "1"}
    sound = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert sound.returncode == 0, sound.stdout + sound.stderr
    (package / path).write_text(source, encoding="utf-8")
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1, done.stdout + done.stderr
