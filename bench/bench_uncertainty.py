"""A million lines × 10,000 draws added up by park: the uncertainty stage of a run, and NumPy that draws every line.

The stage is timed as a run calls it, on the accounted lines of an invented nation in one month, for one total of each
zone and for all seven. The comparison is on plain arrays of another million lines, where it is easy to see that both
do the same: NumPy draws each line's activity, which greenpark does not need to do; a part of the draws is taken and its
time scaled up.
"""

from __future__ import annotations

import pickle
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bench.__main__ import peak_mb
from bench.bench_national import YEAR, apart, nation
from greenpark.account import account
from greenpark.account.boundary import Boundary
from greenpark.account.entries import EmissionEntry, EnergyEntry
from greenpark.account.rollup import merge_registers
from greenpark.account.uncertainty import Asked, assess
from greenpark.account.uncertainty.cells import Cells, Floats, Ints, Sources, collapse_lines, signature_uses
from greenpark.account.uncertainty.ranges import Ranges
from greenpark.account.uncertainty.shapes import Z95
from greenpark.account.uncertainty.simulate import Simulated, simulate
from greenpark.catalog import load_job, load_packs
from greenpark.engine.connect import Engine
from greenpark.engine.store import open_store
from greenpark.pipeline.nation import JOB
from greenpark.pipeline.wiring import definitions_of, entities_of, entries_of

LINES, DRAWS, PARKS = 1_000_000, 10_000, 178
FACTORS, SIGNATURES = 40, 60
SEED, ROUNDS = 7, 3
SECONDS, MEMORY_MB = 1.0, 512.0
MONTH = replace(YEAR, enterprises=375, since=12)  # one month: a line of each enterprise and carrier
ONE = "co2.total"  # the quantity that is asked for alone, in its first variant
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


@dataclass(frozen=True)
class Stage:
    """What the stage is given: the accounted lines in a file, and the small tables beside them."""

    cells: Path
    lines: int
    matches: pa.Table
    boundary: Boundary
    entries: tuple[tuple[EmissionEntry, ...], tuple[EnergyEntry, ...]]
    ranges: Ranges


@dataclass(frozen=True)
class Assessment:
    """What the stage took: seconds for one total of each zone and for all, peak memory [MB]; totals; means that are off."""

    one: float
    every: float
    peak_mb: float
    totals: int
    off: int


def targets() -> list[dict[str, Any]]:
    """Time and memory of the stage, and of cells against drawing every line."""
    with tempfile.TemporaryDirectory(prefix="greenpark-bench-") as folder:
        file = Path(folder) / "stage"
        count = apart(prepare_stage, file)
        found = apart(assess_zones, file)
    told = f"one total of {PARKS} zones, {PARKS - found.off} means within 3 standard errors; all {found.totals} totals: {found.every:.2f} s"
    told_memory = "the process alone, its libraries included; the engine held to 128 MB"
    what = f"{count:,} accounted lines x {DRAWS:,} draws by park, by the stage of a run"
    ok = found.one <= SECONDS and found.off <= 2
    return [
        _target("uncertainty_seconds", what, SECONDS, found.one, "s", told, None, count, found.peak_mb, ok),
        _target("uncertainty_memory", what, MEMORY_MB, found.peak_mb, "MB", told_memory,
                None, count, found.peak_mb, found.peak_mb <= MEMORY_MB),
        against_lines(),
    ]  # fmt: skip


def against_lines() -> dict[str, Any]:
    """Cells of plain arrays against NumPy that draws every line."""
    lines = Lines(LINES, PARKS)
    seconds, found = _fastest(lambda: by_cells(lines, DRAWS))
    started = time.perf_counter()
    brute = by_lines(lines, PART)
    reference = (time.perf_counter() - started) * DRAWS / PART
    check(found, brute, by_cells_only(lines).values)
    return _target(
        "uncertainty_lines", f"{LINES:,} lines of plain arrays x {DRAWS:,} draws by park", 1.0, seconds, "s",
        f"NumPy drawing every line, {PART} of {DRAWS:,} draws measured and scaled: {reference:.0f} s", seconds / reference,
        LINES, peak_mb(), seconds <= reference,
    )  # fmt: skip


def prepare_stage(file: Path) -> int:
    """Account an invented month and keep what the uncertainty stage is given; the number of lines."""
    folder, packs, engine = nation(MONTH), load_packs(), Engine()
    job = load_job(folder / JOB, packs)
    with open_store(folder, engine) as store:
        accepted = store.accepted()
        batches = [each.id for each in accepted]
        submitters = {each.id: each.source.entity for each in accepted if each.source.entity}
        definitions = definitions_of(job, packs, (), ())
        entities = merge_registers(entities_of(store, batches), submitters)
        accounts = account(store.read("observations", batches), entities, definitions, engine)
        engine.write_parquet(accounts.tally.cells, file.with_suffix(".lines"))
        counted = engine.to_arrow(accounts.tally.cells.aggregate(n=accounts.tally.cells.count()))
        count = int(counted.column("n")[0].as_py())
        ranges = Ranges(
            packs.uncertainties[job.uncertainty.pack], packs.factor_sets, packs.carriers, job.uncertainty.stated
        )
        stage = Stage(
            file.with_suffix(".lines") / "part-0.parquet", count, accounts.matches, accounts.boundary,
            entries_of(accounts, definitions), ranges,
        )  # fmt: skip
    engine.close()
    file.write_bytes(pickle.dumps(stage))
    return count


def assess_zones(file: Path) -> Assessment:
    """The stage for every zone: one total, then all of them."""
    stage: Stage = pickle.loads(file.read_bytes())
    engine = Engine(memory_limit="128MB")
    cells = engine.backend.read_parquet(str(stage.cells))
    units = stage.boundary.units.select(["entity", "kind"]).to_pylist()
    zones = [row["entity"] for row in units if row["kind"] == "zone"]
    asked = Asked(zones, (YEAR.year,), ("monte_carlo",), DRAWS, SEED)
    own, use = stage.entries
    first = min(each.variant for each in own if each.quantity == ONE)
    one = tuple(each for each in own if (each.quantity, each.variant) == (ONE, first))

    def work(*entries: Any) -> Any:
        return assess(
            cells,
            stage.matches,
            stage.boundary,
            entries,
            {"analytic": stage.ranges, "monte_carlo": stage.ranges},
            asked,
            engine,
        )

    seconds, found = _fastest(lambda: work(one, ()))
    peak = peak_mb()
    every, all_found = _fastest(lambda: work(own, use))
    rows = found.table.to_pylist()
    off = sum(each.message == "account.uncertainty_mean_chance" for each in found.findings)
    if len(rows) != len(zones):
        raise ValueError(f"{len(rows)} totals of {len(zones)} zones")
    engine.close()
    return Assessment(seconds, every, peak, all_found.table.num_rows, off)


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


def _fastest(work: Any) -> tuple[float, Any]:
    times: list[float] = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - started)
    return min(times), found


def _target(
    name: str, what: str, target: float, measured: float, unit: str, reference: str, ratio: float | None, rows: int,
    peak: float, ok: bool,
) -> dict[str, Any]:  # fmt: skip
    return {
        "id": name, "what": what, "target": target, "measured": round(measured, 3), "unit": unit,
        "reference": reference, "ratio": None if ratio is None else round(ratio, 5), "rows": rows, "peak_mb": peak,
        "ok": ok,
    }  # fmt: skip
