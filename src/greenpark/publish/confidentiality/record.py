"""The record of released tables, kept in the workspace: against it every later table is held.

The record holds what units contributed, because only so can a difference between two tables be judged. It is part of
the workspace, hence internal, and never part of a release.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from greenpark.publish.confidentiality.contributions import Contribution, Dimension
from greenpark.publish.confidentiality.layers import Layer
from greenpark.publish.confidentiality.quantiles import Spread

_FORMAT = 1


def record_layer(folder: Path, layer: Layer) -> Path:
    """Keep a released table; the same table again is the same file."""
    return _keep(folder, _as_data(layer))


def record_spread(folder: Path, key: str, spread: Spread) -> Path:
    """Keep a released distribution; the same again is the same file."""
    data = {"format": _FORMAT, "key": key, **asdict(spread)}
    return _keep(folder, data)


def read_spreads(folder: Path, key: str) -> tuple[Spread, ...]:
    """The released distributions of one ratio, in the order of their release."""
    return tuple(_as_spread(data) for data in _kept(folder) if data["key"] == key and "quantiles" in data)


def _keep(folder: Path, data: dict[str, Any]) -> Path:
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
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
    return tuple(_as_layer(data) for data in _kept(folder) if data["key"] == key and "contributions" in data)


def read_all_layers(folder: Path) -> tuple[Layer, ...]:
    """The released tables of all numbers, in the order of their release."""
    return tuple(_as_layer(data) for data in _kept(folder) if "contributions" in data)


def _kept(folder: Path) -> list[dict[str, Any]]:
    paths = sorted(folder.glob("*.json")) if folder.is_dir() else []
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def _as_spread(data: dict[str, Any]) -> Spread:
    members = tuple((name, value, weight) for name, value, weight in data["members"])
    sums = tuple((tuple(group), total) for group, total in data["sums"])
    quantiles = tuple((q, mean) for q, mean in data["quantiles"])
    return Spread(members, quantiles, data["limit"], data["below"], sums)


def _as_data(layer: Layer) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "key": layer.key,
        "dimensions": [{"id": each.id, "parents": dict(each.parents)} for each in layer.dimensions],
        "contributions": sorted(
            [each.unit, list(each.place), each.value, *([each.part] if each.part else [])]
            for each in layer.contributions
        ),
        "suppressed": sorted(list(place) for place in layer.suppressed),
    }


def _as_layer(data: dict[str, Any]) -> Layer:
    dimensions = tuple(Dimension(each["id"], each["parents"]) for each in data["dimensions"])
    rows = tuple(Contribution(unit, tuple(place), value, *part) for unit, place, value, *part in data["contributions"])
    gone = frozenset(tuple(place) for place in data["suppressed"])
    return Layer(str(data["key"]), dimensions, rows, gone)
