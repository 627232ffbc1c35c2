"""Benchmarks among overlapping groups of peers: what one group has more than another must not be one park or two.

The benchmark of a job by its own groups is in its reports. Every other one is held against it and against all that were
shown before, which the workspace keeps (``releases/peers``, internal).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa

from greenpark.evaluate.gap import Compared

_SHOWN = ("percentile", "low_quarter", "median", "high_quarter")
_WITHHELD, _OVERLAP = ("withheld", "no_group"), "overlap"
Behind = Mapping[Compared, frozenset[str]]


def without_overlaps(table: pa.Table, behind: Behind, own: Behind, least: int, folder: Path) -> pa.Table:
    """The benchmark with nothing shown of a row whose peers differ from those of another shown row by fewer than ``least``.

    What is shown is kept in ``folder``, so that later benchmarks are held against it.

    Parameters
    ----------
    behind, own
        The peers behind the rows of this benchmark, and of the job's own.
    """
    if dict(behind) == dict(own):
        return table
    shown = [*own.items(), *_kept(folder)]
    rows = table.to_pylist()
    told = {}
    for row in rows:
        key = (row["entity"], row["indicator"], (row["start"], row["end"]), row["variant"] or "")
        if row["status"] in _WITHHELD or key not in behind:
            continue
        if any(_tells_of_few(key, behind[key], other, peers, least) for other, peers in shown):
            row |= {**dict.fromkeys(_SHOWN), "status": _OVERLAP}
        else:
            told[key] = behind[key]
    _keep(folder, told)
    return pa.Table.from_pylist(rows, schema=table.schema)


def _tells_of_few(key: Compared, peers: frozenset[str], other: Compared, others: frozenset[str], least: int) -> bool:
    """Whether two rows of one indicator and period differ by one or a few parks, those who ask left out."""
    if key[1:] != other[1:] or len(others) < least:
        return False
    asking = {key[0], other[0]}
    return any(0 < len(one - asking) < least for one in (peers - others, others - peers))


def _keep(folder: Path, told: Behind) -> None:
    if not told:
        return
    data = [
        [park, indicator, start.isoformat(), end.isoformat(), variant, sorted(peers)]
        for (park, indicator, (start, end), variant), peers in sorted(told.items())
    ]
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(text.encode()).hexdigest()[:16]
    (folder / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")


def _kept(folder: Path) -> Iterable[tuple[Compared, frozenset[str]]]:
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        for park, indicator, start, end, variant, peers in json.loads(path.read_text(encoding="utf-8")):
            yield (park, indicator, (date.fromisoformat(start), date.fromisoformat(end)), variant), frozenset(peers)
