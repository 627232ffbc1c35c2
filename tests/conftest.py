"""Fixtures of all tests: the repository, the reference data beside it, a browser, and real services."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.browser import Chromium
from tests.services import environment_of, start_postgres, start_spark
from tools.ensure_chromium import find_chromium

# How long an example takes depends on the machine and on what else it does: that is no property of the code.
settings.register_profile("greenpark", deadline=None, max_examples=50)
settings.load_profile("greenpark")
# As the command line does: else a tenth of the time goes into looking for cycles.
gc.set_threshold(50_000)

REPO = Path(__file__).resolve().parent.parent
SHARED_ABSENT = "../shared is absent"
# Tests that use one of these run on one worker, so that the service is started, or the example run, once. What takes
# long stands first: it must not be what is left at the end.
ONE_WORKER = {"spark_master": "spark", "run_job": "examples", "postgres_url": "postgres", "chromium": "browser"}
LONG_FOLDERS = ("pipeline", "requests", "account", "cli", "desk", "engine", "published", "publish")


@pytest.fixture(scope="session")
def repo() -> Path:
    """The root of the repository."""
    return REPO


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with reference data beside the repository; without it the test is counted as not run."""
    folder = REPO.parent / "shared"
    if not folder.is_dir():
        pytest.skip(SHARED_ABSENT)
    return folder


@pytest.fixture(scope="session")
def chromium() -> Chromium:
    """A real browser; `make test` sets it up, so its absence is a failure."""
    program = find_chromium()
    if program is None:
        raise RuntimeError("no Chromium on this machine: run `make test`, which sets it up")
    return Chromium(program)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The url of an empty PostgreSQL server."""
    service = start_postgres()
    try:
        yield service.url
    finally:
        service.stop()


@pytest.fixture(scope="session")
def spark_master() -> Iterator[str]:
    """The url of a running Spark cluster; this process has the environment a driver needs."""
    service = start_spark()
    try:
        with environment_of(service):
            yield service.url
            _end_session()
    finally:
        service.stop()


def _end_session() -> None:
    """Let go of the cluster before it ends, else its driver waits for it."""
    from pyspark.sql import SparkSession

    if session := SparkSession.getActiveSession():
        session.stop()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the users of one service and of one file on one worker, set marks, leave long repetitions to `make soak`."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("xdist_group") is None:
            group = next((group for fixture, group in ONE_WORKER.items() if fixture in names), None)
            group = group or item.path.relative_to(REPO).as_posix()
            item.add_marker(pytest.mark.xdist_group(group))
        if "shared" in names:
            item.add_marker(pytest.mark.shared)
        if "chromium" in names:
            item.add_marker(pytest.mark.browser)
    items.sort(key=_turn)
    if os.environ.get("GREENPARK_SOAK") == "1":
        return
    soaking = [item for item in items if item.get_closest_marker("soak")]
    if soaking:
        config.hook.pytest_deselected(items=soaking)
        items[:] = [item for item in items if not item.get_closest_marker("soak")]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse to run when xdist does not see the groups: every service and example would be started on every worker."""
    asked = session.config.getoption("loadgroup", False)  # set on the workers of `--dist loadgroup`
    if asked and not all("@" in item.nodeid for item in session.items):
        raise pytest.UsageError("pytest-xdist does not see groups of tests: pytest is too new for it")


def _turn(item: pytest.Item) -> int:
    """When a test is given to a worker: services first, then the folders that take long; otherwise the order stays."""
    mark = item.get_closest_marker("xdist_group")
    groups = list(ONE_WORKER.values())
    if mark is not None and mark.args[0] in groups:
        return groups.index(mark.args[0])
    folder = item.path.relative_to(REPO / "tests").parts[0]
    return len(groups) + (LONG_FOLDERS.index(folder) if folder in LONG_FOLDERS else len(LONG_FOLDERS))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line how many checks were not run because the reference data is absent."""
    skipped = terminalreporter.stats.get("skipped", [])
    count = sum(SHARED_ABSENT in str(report.longrepr) for report in skipped)
    if count:
        terminalreporter.write_line(f"{count} checks were not run because {SHARED_ABSENT}.")
