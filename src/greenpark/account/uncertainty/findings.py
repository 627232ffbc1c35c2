"""What is to be said about an uncertainty: means that move, factors without a range, intervals that hold zero."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from greenpark.account.uncertainty.analytic import propagate
from greenpark.account.uncertainty.build import Built
from greenpark.account.uncertainty.shapes import shape_of
from greenpark.account.uncertainty.simulate import Simulated, differs, is_skewed
from greenpark.model.findings import Finding
from greenpark.model.time import Period

_STAGE, _RULE = "account", "uncertainty"
_NAMED = 5


def doubts_of(built: Built, simulated: Simulated | None, draws: int) -> Iterator[Finding]:
    """Findings on the propagated totals, or, with ``simulated``, on where the draws disagree with them."""
    if simulated is None:
        yield from _unknown(built)
        yield from _around_zero(built)
    else:
        yield from _moved_means(built, simulated, draws)


def _moved_means(built: Built, simulated: Simulated, draws: int) -> Iterator[Finding]:
    """Means that are not the total within three standard errors, with the reason: uneven ranges, classes, or chance.

    One finding for each entity and reason, on the total that moves most.
    """
    values = built.cells.values
    skewed = is_skewed(simulated, values)
    moves: dict[tuple[str, str], list[tuple[float, int]]] = {}
    for target in np.flatnonzero(differs(simulated, values)).tolist():
        reason = "chance"
        if skewed[target]:
            reason = "skewed"
        elif built.cells.sources.correlation.any():
            reason = "correlated"
        moved = 100 * (simulated.mean[target] / values[target] - 1) if values[target] else 0.0
        moves.setdefault((built.targets["entity"].iloc[target], reason), []).append((float(moved), target))
    for (_, reason), found in sorted(moves.items()):
        moved, target = max(found, key=lambda each: (abs(each[0]), -each[1]))
        source = _most_uneven(built, target) if reason == "skewed" else ""
        told = {"moved": f"{moved:.2f}", "draws": draws, "source": source, "count": len(found)}
        yield _finding(built, target, f"account.uncertainty_mean_{reason}", told)


def _most_uneven(built: Built, target: int) -> str:
    sources = built.cells.sources
    rests = np.abs(built.cells.totals[target] @ built.cells.uses)
    moves = [abs(shape_of(low, high).mean - 1) for low, high in zip(sources.low, sources.high, strict=True)]
    return sources.names[int(np.argmax(rests * np.array(moves)))] if sources.names else ""


def _unknown(built: Built) -> Iterator[Finding]:
    """For each entity the factors for which nobody states or assumes a range, on the total that rests on them most."""
    uses, names = built.cells.uses, built.cells.sources.names
    unknown = np.array([not built.ranges[f"factor:{name}"].known for name in names], bool)
    sizes = np.abs(built.cells.totals)
    on_them = sizes @ (uses[:, unknown].sum(axis=1) > 0)
    share = on_them / np.where(sizes.sum(axis=1) > 0, sizes.sum(axis=1), 1)
    for _, rows in built.targets.groupby("entity", sort=True):
        target = int(max(rows["target"], key=lambda each: (share[each], each)))
        factors = sorted({name for each in rows["target"] for name in _unknown_of(built, int(each))})
        if factors:
            named = ", ".join(factors[:_NAMED]) + (" …" if len(factors) > _NAMED else "")
            told = {"count": len(factors), "factors": named, "share": f"{100 * share[target]:.1f}"}
            yield _finding(built, target, "account.uncertainty_unstated", told)


def _unknown_of(built: Built, target: int) -> list[str]:
    return [name.partition(":")[2] for name in built.rests[target] if not built.ranges[name].known]


def _around_zero(built: Built) -> Iterator[Finding]:
    found = propagate(built.cells)
    for target in np.flatnonzero((found.low < 0) & (found.high > 0)):
        told = {"low": f"{found.low[target]:.1f}", "high": f"{found.high[target]:.1f}"}
        yield _finding(built, int(target), "account.uncertainty_holds_zero", told)


def _finding(built: Built, target: int, message: str, told: dict[str, Any]) -> Finding:
    row = built.targets.iloc[target]
    start, end = row["start"], row["end"]
    values = {**told, "quantity": row["quantity"], "variant": row["variant"], "unit": row["unit"]}
    values["period"] = str(Period(start, end)) if start is not None else ""
    return Finding("note", _STAGE, _RULE, message, values, row["entity"], row["quantity"], start, end)
