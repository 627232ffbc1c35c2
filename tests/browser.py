"""A real browser for tests: what a page holds after its scripts ran, and a picture of it."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tools.machine import is_root

FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    # A page that asks for anything outside this machine gets nothing.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
)
SECONDS = 60


@dataclass(frozen=True)
class Chromium:
    """Chromium, run once per question with an empty profile."""

    program: Path

    def document(self, address: str, wait_ms: int = 3000) -> str:
        """The document at `address` (file:// or http://127.0.0.1) as HTML, after its scripts ran."""
        return self._ask(address, "--dump-dom", f"--virtual-time-budget={wait_ms}")

    def picture(self, address: str, into: Path, size: tuple[int, int] = (1280, 2000), wait_ms: int = 3000) -> Path:
        """A PNG of the page, written to `into`."""
        self._ask(
            address, f"--screenshot={into}", f"--window-size={size[0]},{size[1]}", f"--virtual-time-budget={wait_ms}"
        )
        return into

    def console(self, address: str, wait_ms: int = 3000) -> list[str]:
        """The lines that the page's scripts wrote to the console, errors among them."""
        told = self._run(address, "--enable-logging=stderr", "--v=0", "--dump-dom", f"--virtual-time-budget={wait_ms}")
        return [line for line in told.stderr.splitlines() if "CONSOLE" in line]

    def _ask(self, address: str, *flags: str) -> str:
        return self._run(address, *flags).stdout

    def _run(self, address: str, *flags: str) -> subprocess.CompletedProcess[str]:
        with tempfile.TemporaryDirectory(prefix="greenpark-chromium-", ignore_cleanup_errors=True) as profile:
            root = ["--no-sandbox"] if is_root() else []
            command = [str(self.program), *FLAGS, *root, f"--user-data-dir={profile}", *flags, address]
            done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=SECONDS)
        if done.returncode:
            raise RuntimeError(f"Chromium ended with {done.returncode}: {done.stderr[-2000:]}")
        return done
