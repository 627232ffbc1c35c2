"""The record of released tables, kept in the workspace: against it every later table is held.

The record holds what units contributed, because only so can a difference between two tables be judged. It is part of
the workspace, hence internal, and never part of a release.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from greenpark.publish.confidentiality.contributions import Contribution, Dimension
from greenpark.publish.confidentiality.layers import Layer

_FORMAT = 1


def record_layer(folder: Path, layer: Layer) -> Path:
    """Keep a released table; the same table again is the same file."""
    text = json.dumps(_as_data(layer), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    name = hashlib.sha256(text.encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    known = sorted(folder.glob(f"*-{name}.json"))
    if known:
        return known[0]
    path = folder / f"{len(list(folder.glob('*.json'))) + 1:06d}-{name}.json"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def read_layers(folder: Path, key: str) -> tuple[Layer, ...]:
    """The released tables of one number, in the order of their release."""
    found = []
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["key"] == key:
            found.append(_as_layer(data))
    return tuple(found)


def _as_data(layer: Layer) -> dict[str, object]:
    return {
        "format": _FORMAT,
        "key": layer.key,
        "dimensions": [{"id": each.id, "parents": dict(each.parents)} for each in layer.dimensions],
        "contributions": sorted([each.unit, list(each.place), each.value] for each in layer.contributions),
        "suppressed": sorted(list(place) for place in layer.suppressed),
    }


def _as_layer(data: dict[str, object]) -> Layer:
    dimensions = tuple(Dimension(each["id"], each["parents"]) for each in data["dimensions"])  # type: ignore[attr-defined]  # JSON
    rows = tuple(Contribution(unit, tuple(place), value) for unit, place, value in data["contributions"])  # type: ignore[attr-defined]  # JSON
    gone = frozenset(tuple(place) for place in data["suppressed"])  # type: ignore[attr-defined]  # JSON
    return Layer(str(data["key"]), dimensions, rows, gone)
