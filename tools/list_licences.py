"""Write THIRD_PARTY.md: what greenpark uses and under which licence, read from the installed packages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from tools.machine import ROOT

FILE = ROOT / "THIRD_PARTY.md"
HEAD = """# Third-party software 第三方软件

Nothing third-party lies in this repository. The wheel carries what the table "In the wheel" names, with its licences
and notices; the rest is installed beside it by the package client. Written by `make licences`.
本仓库不含第三方代码；发布包中只带有下面 “In the wheel” 一表所列的内容及其许可证与声明，其余由包管理器安装。
"""
# What licence texts are called when a package states no expression.
KNOWN = (
    ("Apache", "Apache-2.0"),
    ("MIT", "MIT"),
    ("BSD 3", "BSD-3-Clause"),
    ("BSD", "BSD-3-Clause"),
    ("LGPL", "LGPL-3.0"),
    ("GPLv2", "GPL-2.0 (with Classpath exception)"),
    ("Mozilla", "MPL-2.0"),
    ("Python Software", "PSF-2.0"),
)


def main() -> None:
    """Write the file anew."""
    base = closure("greenpark", set())
    extras = closure("greenpark", {"spark", "postgres"}) - base
    development = closure("greenpark", {"dev"}) - base - extras
    parts = [
        HEAD,
        table("In the wheel 随包分发", assets()),
        table("Installed with greenpark 随 greenpark 安装", rows(base)),
        table("Extras `spark`, `postgres` 可选", rows(extras)),
        table("Development and tests only 仅用于开发与测试", rows(development)),
    ]
    FILE.write_text("\n".join(parts), encoding="utf-8")


def closure(name: str, extras: set[str]) -> set[str]:
    """The names of all packages that `name` with these extras needs, itself not among them."""
    seen: set[tuple[str, str]] = set()
    waiting = [(canonicalize_name(name), extra) for extra in ("", *sorted(extras))]
    while waiting:
        package, extra = waiting.pop()
        if (package, extra) in seen or (installed := _installed(package)) is None:
            continue
        seen.add((package, extra))
        waiting += _needed(installed, extra)
    return {package for package, _ in seen} - {canonicalize_name(name)}


def _installed(name: str) -> Distribution | None:
    """The installed package, or None when this system does not need it."""
    return next(iter(distributions(name=name)), None)


def _needed(package: Distribution, extra: str) -> Iterator[tuple[NormalizedName, str]]:
    for line in package.requires or ():
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate({"extra": extra}):
            yield from ((canonicalize_name(wanted.name), each) for each in ("", *sorted(wanted.extras)))


def rows(names: set[str]) -> list[tuple[str, str, str]]:
    """Name, version and licence of each package."""
    found = (distribution(name) for name in sorted(names))
    return [(package.metadata["Name"], package.version, licence(package)) for package in found]


def licence(package: Distribution) -> str:
    """The licence expression a package states, else what its classifiers, its field or its licence file say."""
    metadata = package.metadata
    if "License-Expression" in metadata:
        return metadata["License-Expression"]
    classified = [each.split("::")[-1].strip() for each in metadata.get_all("Classifier") or () if "License ::" in each]
    text = " ".join([*classified, *(each[:200] for each in metadata.get_all("License") or ())])
    for file in package.files or ():
        if re.search(r"LICEN[SC]E", file.name, re.IGNORECASE) and not text.strip():
            text = Path(str(file.locate())).read_text(encoding="utf-8", errors="replace")[:400]
    return next((short for word, short in KNOWN if word in text), text.strip()[:40] or "not stated")


def assets() -> list[tuple[str, str, str]]:
    """Name, version and licence of what is fetched from npm."""
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    found = ((path.removeprefix("node_modules/"), each) for path, each in packages.items() if path)
    return [(name, each["version"], each["license"]) for name, each in sorted(found)]


def table(title: str, lines: list[tuple[str, str, str]]) -> str:
    """A section with a table."""
    body = "".join(f"| {name} | {version} | {terms} |\n" for name, version, terms in lines)
    return f"## {title}\n\n| package | version | licence |\n|---|---|---|\n{body}"


if __name__ == "__main__":
    main()
