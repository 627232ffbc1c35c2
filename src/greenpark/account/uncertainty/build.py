"""From a frame of cells and the ranges of their inputs to the arrays that are propagated and drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from greenpark.account.uncertainty.cells import SKEW, WIDE, Cells, Floats, Joint, Parts, Sources, add_up, signature_uses
from greenpark.account.uncertainty.ranges import Range, Ranges
from greenpark.account.uncertainty.rows import TARGET
from greenpark.model.confidence import RANK

_ACTIVITY = ["target", "carrier", "flow", "area", "observed", "grade"]


@dataclass(frozen=True)
class Built:
    """Cells with what each of their targets is, and what its uncertainty rests on.

    ``rests`` [per target]: names of the sources (``factor:…``, ``activity:…``) that have a part in it. ``ranges`` are
    those of all sources; an activity has the widest of its ranges there.
    """

    cells: Cells
    targets: pd.DataFrame
    ranges: Mapping[str, Range]
    rests: tuple[tuple[str, ...], ...]


def build_cells(frame: pd.DataFrame, ranges: Ranges) -> Built:
    """The cells of all targets of a frame (`rows.enter_cells`) with the ranges of their factors and activities."""
    frame = frame.copy()
    frame["target"] = frame.groupby(TARGET, dropna=False, sort=True).ngroup()
    targets = frame.drop_duplicates("target").sort_values("target")[[*TARGET, "target", "rank"]]
    targets["rank"] = frame.groupby("target")["rank"].min().to_numpy()
    signatures, codes = np.unique(frame["factor"].to_numpy(dtype=str), return_inverse=True)
    frame["signature"] = codes
    names = sorted({name for each in signatures for name in _members(each)})
    sources, known = _sources(names, ranges)
    place = {name: number for number, name in enumerate(names)}
    uses = signature_uses([[place[name] for name in _members(each)] for each in signatures], len(names))
    frame, activity = _with_activity(frame, ranges)
    cells = _collapse(frame, uses, sources, len(targets))
    known |= activity
    labels = cells.parts.labels
    by_activity = pd.Series([labels[code] for code in cells.parts.label]).groupby(cells.parts.target).agg(list)
    rests = []
    for target in range(len(targets)):
        used = np.flatnonzero(np.abs(cells.totals[target]) @ uses)
        rests.append((*by_activity.get(target, []), *(f"factor:{names[each]}" for each in used)))
    return Built(cells, targets.reset_index(drop=True), known, tuple(tuple(each) for each in rests))


def _members(signature: str) -> list[str]:
    return [name for name in signature.split("+") if name]


def _sources(names: list[str], ranges: Ranges) -> tuple[Sources, dict[str, Range]]:
    found = {name: ranges.of_factor(name) for name in names}
    classes = {name: ranges.correlation_of(name) for name in names}
    groups = sorted({each for each in classes.values() if each[0]})
    group = [groups.index(classes[name]) if classes[name][0] else -1 for name in names]
    sources = Sources(
        tuple(names),
        np.array([found[name].low for name in names], float),
        np.array([found[name].high for name in names], float),
        np.array(group, np.int64),
        tuple(name for name, _ in groups),
        np.array([correlation for _, correlation in groups], float),
    )
    return sources, {f"factor:{name}": each for name, each in found.items()}


def _with_activity(frame: pd.DataFrame, ranges: Ranges) -> tuple[pd.DataFrame, dict[str, Range]]:
    """The frame with the range of each activity and the number of its error; and the widest range of each carrier.

    The gases of one activity share its error. Where one gas of it has several factors (heat and mass of one fuel),
    these are different lines, and each has its own.
    """
    kinds = frame[["carrier", "observed", "grade"]].drop_duplicates()
    widest: dict[str, Range] = {}
    looked = {}
    for carrier, observed, grade in kinds.sort_values(list(kinds.columns)).itertuples(index=False):
        found = ranges.of_activity(carrier, observed, grade)
        looked[(carrier, observed, grade)] = found
        before = widest.get(f"activity:{carrier}")
        if before is None or found.low + found.high > before.low + before.high:
            widest[f"activity:{carrier}"] = found
    keys = list(zip(frame["carrier"], frame["observed"], frame["grade"], strict=True))
    frame["low"] = [looked[key].low for key in keys]
    frame["high"] = [looked[key].high for key in keys]
    several = frame.groupby([*_ACTIVITY, "method", "part", "gas"])["factor"].transform("nunique") > 1
    several = several.groupby([frame[name] for name in _ACTIVITY]).transform("any")
    frame["split"] = frame["factor"].where(several, "")
    frame["error"] = frame.groupby([*_ACTIVITY, "split"], sort=True).ngroup()
    return frame, widest


def _collapse(frame: pd.DataFrame, uses: Floats, sources: Sources, targets: int) -> Cells:
    totals = _table(frame, frame["value"], targets, len(uses))
    # The size of an error is that of the units' series added as squares, with the sign of the cell.
    frame["extent"] = np.sqrt(frame["square"]) * np.where(frame["value"] < 0, -1.0, 1.0)
    frame["size"] = frame["value"].abs()
    by_error = frame.groupby("error", sort=True)
    errors = by_error.agg(
        target=("target", "first"), carrier=("carrier", "first"), value=("value", "sum"), extent=("extent", "sum"),
        low=("low", "first"), high=("high", "first"), parts=("signature", "nunique"), size=("size", "sum"),
    )  # fmt: skip
    positive = errors["extent"] >= 0
    errors["up"] = (errors["extent"] * errors["high"].where(positive, errors["low"])) ** 2
    errors["down"] = (errors["extent"] * errors["low"].where(positive, errors["high"])) ** 2
    joint = _joint(frame, errors)
    apart = set(joint)
    alone = frame[~frame["error"].isin(apart)]
    half = (alone["low"] + alone["high"]) / 2
    squares = _table(alone, (alone["extent"] * half) ** 2, targets, len(uses))
    return Cells(totals, squares, tuple(joint.values()), _parts(errors), uses, sources)


def _table(frame: pd.DataFrame, amounts: pd.Series[float], targets: int, signatures: int) -> Floats:
    """The amounts added up by target and signature."""
    place = frame["target"].to_numpy(np.int64) * signatures + frame["signature"].to_numpy(np.int64)
    return add_up(place, np.asarray(amounts, np.float64), (targets, signatures))


def _joint(frame: pd.DataFrame, errors: pd.DataFrame) -> dict[int, Joint]:
    """The errors that several signatures share, and those too wide or uneven to be normal.

    The error of many series is narrower than that of one: ``shrunk`` is by how much.
    """
    shrunk = (errors["extent"].abs() / errors["size"].where(errors["size"] > 0)).fillna(0.0)
    low, high = errors["low"] * shrunk, errors["high"] * shrunk
    apart = (errors["parts"] > 1) | (np.maximum(low, high) > WIDE) | ((high - low).abs() > SKEW * (low + high))
    chosen = errors[apart & (low + high > 0)].index
    extents = frame[frame["error"].isin(chosen)].groupby(["error", "signature"], sort=True)["extent"].sum()
    found: dict[int, Joint] = {}
    for number in chosen:
        own = extents.loc[number]
        found[int(number)] = Joint(
            int(errors["target"][number]), own.index.to_numpy(np.int64), own.to_numpy(float) / float(shrunk[number]),
            float(low[number]), float(high[number]), str(errors["carrier"][number]),
        )  # fmt: skip
    return found


def _parts(errors: pd.DataFrame) -> Parts:
    by = errors.groupby(["target", "carrier"], sort=True)[["value", "down", "up"]].sum().reset_index()
    carriers = sorted(set(by["carrier"]))
    codes = {name: number for number, name in enumerate(carriers)}
    return Parts(
        by["target"].to_numpy(np.int64), by["carrier"].map(codes).to_numpy(np.int64), by["value"].to_numpy(float),
        by["down"].to_numpy(float), by["up"].to_numpy(float), tuple(f"activity:{name}" for name in carriers),
    )  # fmt: skip


def least_rank(built: Built, target: int) -> int:
    """The least confidence of the rows and ranges that a target rests on, 0 to 2."""
    ranks = [RANK[built.ranges[name].confidence] for name in built.rests[target] if built.ranges[name].known]
    return min([int(built.targets["rank"].iloc[target]), *ranks])
