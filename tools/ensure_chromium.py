"""Have a Chromium to test pages with: found on the machine, or Debian's package."""

from __future__ import annotations

import os
from pathlib import Path

from tools.machine import can_install_system_packages, found, install_system_packages, stop

PACKAGES = ("chromium", "fonts-noto-cjk")


def find_chromium() -> Path | None:
    """The browser's program, or None; the variable CHROMIUM names one outside PATH."""
    if named := os.environ.get("CHROMIUM"):
        return Path(named)
    return found("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> None:
    """Install Chromium and a Chinese font when no browser is there."""
    if find_chromium() is not None:
        return
    if not can_install_system_packages():
        stop("the page tests need Chromium; install it (Debian: apt-get install chromium fonts-noto-cjk).")
    install_system_packages(*PACKAGES)


if __name__ == "__main__":
    main()
