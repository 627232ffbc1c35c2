"""A million lines × 10,000 draws added up by park: cells of greenpark, and NumPy that draws every line.

Both have the same lines in memory: park, factors, amount and the width of its range. The references draw each line's
activity, which is what greenpark does not need to do; a part of the draws is taken and its time scaled up.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.__main__ import peak_mb
from greenpark.account.uncertainty.cells import Cells, Floats, Ints, Sources, collapse_lines, signature_uses
from greenpark.account.uncertainty.shapes import Z95
from greenpark.account.uncertainty.simulate import Simulated, differs, simulate

LINES, DRAWS, PARKS = 1_000_000, 10_000, 178
FACTORS, SIGNATURES = 40, 60
SEED, ROUNDS = 7, 3
SECONDS, MEMORY_MB = 1.0, 512.0
PART = 20  # draws that the reference really makes


class Lines:
    """Invented lines with a fixed seed."""

    def __init__(self, lines: int, parks: int) -> None:
        rng = np.random.default_rng(SEED)
        self.parks = parks
        self.park: Ints = rng.integers(0, parks, lines)
        self.signature: Ints = rng.integers(0, SIGNATURES, lines)
        self.value: Floats = rng.lognormal(3.0, 1.5, lines)
        self.half_width: Floats = rng.choice(np.array([0.01, 0.05, 0.2]), lines)
        members = [sorted(set(rng.integers(0, FACTORS, 3).tolist())) for _ in range(SIGNATURES)]
        self.uses = signature_uses(members, FACTORS)
        widths = rng.uniform(0.02, 0.2, FACTORS)
        names = tuple(f"factor{number}" for number in range(FACTORS))
        self.sources = Sources(names, widths, widths, np.full(FACTORS, -1), (), np.zeros(0))


def targets() -> list[dict[str, Any]]:
    """Time and memory of greenpark, and its time against drawing every line."""
    lines = Lines(LINES, PARKS)
    before = peak_mb()
    seconds, found = _fastest(lambda: by_cells(lines, DRAWS))
    peak = peak_mb()
    values = by_cells_only(lines).values
    off = int(differs(found, values).sum())
    started = time.perf_counter()
    brute = by_lines(lines, PART)
    reference = (time.perf_counter() - started) * DRAWS / PART
    check(found, brute, values)
    told = f"{int((~differs(found, values)).sum())} of {PARKS} means within 3 standard errors; inputs alone {before} MB"
    what = f"{LINES:,} lines x {DRAWS:,} draws by park"
    return [
        _target("uncertainty_seconds", what, SECONDS, seconds, "s", told, None, peak, seconds <= SECONDS and off <= 2),
        _target("uncertainty_memory", what, MEMORY_MB, peak, "MB", "the process with its inputs", None, peak, peak <= MEMORY_MB),
        _target(
            "uncertainty_lines", "the same by drawing every line", 1.0, seconds, "s",
            f"NumPy, {PART} of {DRAWS:,} draws measured and scaled: {reference:.0f} s", seconds / reference, peak,
            seconds <= reference,
        ),
    ]  # fmt: skip


def by_cells(lines: Lines, draws: int) -> Simulated:
    """What greenpark says of each park."""
    cells = by_cells_only(lines)
    return simulate(cells, [f"park{number}" for number in range(lines.parks)], draws, SEED)


def by_cells_only(lines: Lines) -> Cells:
    """The lines collapsed."""
    return collapse_lines(
        lines.park, lines.signature, lines.value, lines.half_width, lines.parks, lines.uses, lines.sources
    )


def by_lines(lines: Lines, draws: int) -> NDArray[np.float64]:
    """Every line drawn, and added up by park [draw, park]."""
    rng = np.random.default_rng(SEED + 1)
    found = np.empty((draws, lines.parks))
    for draw in range(draws):
        factors = 1 + lines.sources.half / Z95 * rng.standard_normal(FACTORS)
        product = np.prod(np.power(factors, lines.uses), axis=1)
        activity = lines.value * (1 + lines.half_width / Z95 * rng.standard_normal(len(lines.value)))
        found[draw] = np.bincount(lines.park, weights=activity * product[lines.signature], minlength=lines.parks)
    return found


def check(found: Simulated, brute: NDArray[np.float64], values: Floats) -> None:
    """Refuse to compare speed where the two do not say the same.

    Raises
    ------
    ValueError
        When the means or the spreads of the two ways differ by more than sampling explains.
    """
    error = brute.std(axis=0, ddof=1) / np.sqrt(len(brute))
    if np.abs(brute.mean(axis=0) - found.mean).max() > 6 * error.max():
        raise ValueError("the two ways differ in their means")
    spread = float(np.median(brute.std(axis=0, ddof=1) / ((found.high - found.low) / 2 / Z95)))
    if not 0.5 < spread < 2:
        raise ValueError("the two ways differ in their spreads")
    if np.abs(found.mean / values - 1).max() > 0.01:
        raise ValueError("the means are not the totals")


def _fastest(work: Any) -> tuple[float, Simulated]:
    times: list[float] = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - started)
    return min(times), found


def _target(
    name: str, what: str, target: float, measured: float, unit: str, reference: str, ratio: float | None, peak: float,
    ok: bool,
) -> dict[str, Any]:  # fmt: skip
    return {
        "id": name, "what": what, "target": target, "measured": round(measured, 3), "unit": unit,
        "reference": reference, "ratio": None if ratio is None else round(ratio, 5), "rows": LINES, "peak_mb": peak,
        "ok": ok,
    }  # fmt: skip
