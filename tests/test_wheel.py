"""The wheel is complete: it runs in an empty folder without clone, reference data, Node or network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

from tools.list_licences import closure
from tools.machine import is_root

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]
REPORTS = ("report.html", "report.xlsx", "report.docx", "summary.json")
ASK_NETWORK = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=5)"  # an address for documentation


@pytest.fixture(scope="module")
def wheel(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, repo]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs' folder of a new environment with the wheel and, linked, only the packages it says it needs."""
    home = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    packages = next((home / "lib").glob("python*")) / "site-packages"
    for name in closure("greenpark", set()):
        link_package(name, packages)
    command = [sys.executable, "-m", "pip", "--python", home, "install", "-q", "--no-deps", "--no-index", wheel]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return home / "bin"


def link_package(name: str, into: Path) -> None:
    """Link what an installed package put into its folder."""
    package = distribution(name)
    tops = {file.parts[0] for file in package.files or () if file.parts[0] not in ("..", "__pycache__")}
    for top in sorted(tops):
        link = into / top
        if not link.exists():
            link.symlink_to(Path(str(package.locate_file(top))).resolve())


def without_network(command: list[str | Path], folder: Path, programs: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder with nothing but the environment's programs on PATH, and no way out."""
    nowhere = "http://127.0.0.1:9"
    environment = {
        "PATH": str(programs),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "HTTP_PROXY": nowhere,
        "HTTPS_PROXY": nowhere,
    }
    cut_off = [*network_cutter(), *command]
    return subprocess.run(cut_off, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)


def network_cutter() -> list[str | Path]:
    """The command that starts another without a network, where this machine permits it, else none."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return []
    cutter: list[str | Path] = [unshare, "-n"] if is_root() else [unshare, "-rn"]
    permitted = subprocess.run([*cutter, sys.executable, "-c", ""], capture_output=True, check=False).returncode == 0
    return cutter if permitted else []


def test_the_wheel_holds_every_file_of_the_package_and_the_demo(wheel: Path, repo: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    package = repo / "src"
    files = (path for path in (package / "greenpark").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert {path.relative_to(package).as_posix() for path in files} <= names
    assert {"greenpark/demo/job.yaml", "greenpark/publish/assets/echarts.min.js"} <= names
    assert {"greenpark/publish/assets/echarts.LICENSE", "greenpark/publish/assets/echarts.NOTICE"} <= names


def test_the_network_is_cut_off_where_the_machine_permits_it(installed: Path, tmp_path: Path) -> None:
    done = without_network([installed / "python", "-c", ASK_NETWORK], tmp_path, installed)
    assert done.returncode != 0
    if network_cutter():
        assert "unreachable" in done.stderr


def test_the_demo_runs_in_an_empty_folder_without_clone_node_or_network(installed: Path, tmp_path: Path) -> None:
    where = without_network(
        [installed / "python", "-c", "import greenpark; print(greenpark.__file__)"], tmp_path, installed
    )
    assert str(installed.parent.resolve()) in str(Path(where.stdout.strip()).resolve())
    done = without_network([installed / "greenpark", "demo"], tmp_path, installed)
    assert done.returncode == 0, done.stdout + done.stderr
    made = {path.name: path for path in tmp_path.rglob("*") if path.name in REPORTS}
    assert sorted(made) == sorted(REPORTS)
    assert all(path.stat().st_size > 0 for path in made.values())
    page = made["report.html"].read_text(encoding="utf-8")
    assert "echarts" in page
    assert 'src="http' not in page
    assert not os.path.lexists(tmp_path / "examples")


def test_help_needs_nothing_but_the_wheel(installed: Path, tmp_path: Path) -> None:
    done = without_network([installed / "greenpark", "--help"], tmp_path, installed)
    assert done.returncode == 0, done.stderr
    assert "demo" in done.stdout
