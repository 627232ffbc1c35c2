"""Make the virtual environment and install the package with what its tests need: `python3 tools/set_up.py FOLDER`."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.machine import CONSTRAINTS, can_install_system_packages, install_system_packages, run_quietly, stop

OLDEST = (3, 11)
PACKAGE = ".[spark,postgres,dev]"


def make_environment(folder: Path) -> None:
    """Make a virtual environment, first installing Debian's venv package where Python comes without it."""
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not can_install_system_packages():
            stop(f"this Python cannot make virtual environments; install the system's package {package}.")
        install_system_packages(package)
    run_quietly([sys.executable, "-m", "venv", str(folder)])


def main(folder: Path) -> None:
    """Set up FOLDER; what lies there already is kept."""
    if sys.version_info < OLDEST:
        stop(f"Python 3.11 or newer is needed, found {sys.version.split()[0]}; say `make PYTHON=python3.12 …`.")
    if not (folder / "bin" / "pip").exists():
        make_environment(folder)
    python = str(folder / "bin" / "python")
    run_quietly([python, "-m", "pip", "install", "-q", "-c", str(CONSTRAINTS), "-e", PACKAGE], cwd=CONSTRAINTS.parent)


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
