"""What the set-up scripts ask of the machine: where programs are, and how to get a missing one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "constraints.txt"


def stop(line: str) -> NoReturn:
    """End the set-up with one line that says what to do."""
    print(f"set-up: {line}", file=sys.stderr)
    raise SystemExit(1)


def found(*names: str) -> Path | None:
    """The first of the named programs that is on PATH."""
    for name in names:
        if path := shutil.which(name):
            return Path(path)
    return None


def is_root() -> bool:
    """Whether packages of the system can be installed."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def run_quietly(command: list[str], cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
    """Run a command; the end of its output is shown only when it fails.

    Raises
    ------
    subprocess.CalledProcessError
        When the command fails.
    """
    done = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    if done.returncode:
        sys.stderr.write(done.stdout[-4000:] + done.stderr[-4000:])
        done.check_returncode()


def can_install_system_packages() -> bool:
    """Whether this is root on a Debian-like machine."""
    return is_root() and found("apt-get") is not None


def install_system_packages(*packages: str) -> None:
    """Install Debian packages; only for root."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run_quietly(["apt-get", "update", "-qq"], env=environment)
    run_quietly(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], env=environment)


def install_python_packages(*packages: str) -> None:
    """Install packages into the environment of this interpreter, in the tested versions."""
    run_quietly([sys.executable, "-m", "pip", "install", "-q", "-c", str(CONSTRAINTS), *packages])
