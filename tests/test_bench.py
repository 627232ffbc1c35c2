"""The runner of the benchmarks keeps its promises."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bench import __main__ as runner
from bench import bench_drivers
from bench.activity_rows import Size, list_entities, write_rows
from bench.bench_accounting import by_greenpark, by_pandas, by_sql, compared, prepare, resolved_factors
from bench.bench_evaluation import compare_bare
from bench.bench_national import LAST, REGISTER, append_months, link_workspace, roll, write_nation
from bench.bench_schemes import BASES, bounds_of, by_numpy, flat_tree, national_figures
from bench.bench_uncertainty import Lines, by_cells, by_cells_only, by_lines, check
from greenpark.catalog import load_packs
from greenpark.engine.schema import arrow_schema
from greenpark.evaluate.draws import sample
from greenpark.measure import list_tasks
from greenpark.model.tables import OBSERVATIONS
from greenpark.pipeline.nation import Wanted
from tools import write_speed

TARGET = {
    "id": "rollup.park_gas",
    "what": "activity rows to park totals",
    "target": 1.5,
    "measured": 1.2,
    "unit": "times SQL",
    "reference": "hand-written SQL",
    "ratio": 1.2,
    "rows": 10,
    "peak_mb": 5.0,
    "ok": True,
}


def test_a_target_has_its_keys_in_order() -> None:
    shuffled = dict(reversed(TARGET.items()))
    assert list(runner.checked("bench_x", shuffled)) == list(runner.KEYS)


@pytest.mark.parametrize("key", runner.KEYS)
def test_a_target_that_lacks_a_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=key):
        runner.checked("bench_x", {name: value for name, value in TARGET.items() if name != key})


def test_a_module_that_does_not_exist_is_told_as_failed(capfd: pytest.CaptureFixture[str]) -> None:
    results, failed = runner.run_all(["bench_that_is_not_there"])
    assert results == []
    assert failed == ["bench_that_is_not_there"]
    assert "bench_that_is_not_there" in capfd.readouterr().err


def test_the_table_says_no_loudly(capsys: pytest.CaptureFixture[str]) -> None:
    runner.print_table([TARGET, {**TARGET, "id": "slow", "ok": False}])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in lines] == ["ok", "yes", "NO"]


TINY = Size(parks=3, units=12, years=2)


def test_greenpark_sql_and_pandas_total_the_same_rows(tmp_path: Path) -> None:
    work = prepare(TINY, tmp_path)
    factors = resolved_factors(work)
    mine = by_greenpark(work)
    assert len({park for park, _, _ in mine}) == TINY.parks
    assert {gas for _, gas, _ in mine} == {"CO2", "N2O"}
    for other in (by_sql(work, factors), by_pandas(work, factors), by_pandas(work, factors, resolve=False)):
        assert compared(mine, other, TINY) < 1e-6


def test_totals_that_differ_are_refused() -> None:
    mine, other = {("park", "CO2", "coke"): 1000.0}, {("park", "CO2", "coke"): 1000.1}
    with pytest.raises(ValueError, match="differ"):
        compared(mine, other, TINY)
    with pytest.raises(ValueError, match="other parks"):
        compared(mine, {}, TINY)


def test_the_made_rows_are_observations_and_the_same_each_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_rows(TINY, 7, tmp_path / name)
    first, second = (pq.read_table(tmp_path / name) for name in ("one", "two"))
    assert first.equals(second)
    assert first.schema.names == arrow_schema(OBSERVATIONS).names
    assert first.num_rows == TINY.rows == len(set(first.column("line").to_pylist()))
    entities = set(list_entities(TINY, ["hebei"]).column("entity").to_pylist())
    assert set(first.column("entity").to_pylist()) <= entities


def test_the_bare_pass_over_indicators_counts_values_from_one_on() -> None:
    assert compare_bare(pa.table({"value": pa.array([0.5, 1.0, None, 3.0])})) == 2


def test_the_page_of_speed_says_what_was_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = tmp_path / "results.json"
    results.write_text(json.dumps([TARGET, {**TARGET, "id": "slow", "ok": False}]), encoding="utf-8")
    monkeypatch.setattr(write_speed, "RESULTS", results)
    monkeypatch.setattr(write_speed, "PAGE", tmp_path / "speed.md")
    assert write_speed.main() == 0
    page = (tmp_path / "speed.md").read_text(encoding="utf-8")
    assert "| rollup.park_gas |" in page
    assert "1.2" in page
    assert "no 否" in page


def test_cells_and_drawn_lines_have_the_same_means_and_spreads() -> None:
    lines = Lines(2000, 5)
    check(by_cells(lines, 4000), by_lines(lines, 400), by_cells_only(lines).values)


def test_the_drivers_that_are_timed_are_those_of_the_bare_formula() -> None:
    factors = np.random.default_rng(1).lognormal(size=(3, 4, 5, 2))
    additive, chained = bench_drivers.decompose(factors)
    assert additive == pytest.approx(bench_drivers.decompose_bare(factors))
    assert chained.sum(axis=-1) == pytest.approx((factors[-1].prod(axis=-1) - factors[0].prod(axis=-1)).sum(axis=-1))


def test_the_bench_of_the_nation_counts_a_month_more_alone(tmp_path: Path) -> None:
    wanted = Wanted(zones=2, enterprises=5, year=2024, seed=7)
    write_nation(wanted, tmp_path / "made")
    link_workspace(tmp_path / "made", tmp_path / "once", REGISTER)
    link_workspace(tmp_path / "made", tmp_path / "later", f"{REGISTER}.before")
    before = roll(tmp_path / "later")
    append_months(replace(wanted, since=LAST), tmp_path / "later")
    after, whole = roll(tmp_path / "later"), roll(tmp_path / "once")
    assert before.rows < after.rows == whole.rows
    assert before.counted + after.counted == whole.counted
    assert 10 * after.counted < before.counted < 12 * after.counted


def test_the_ranges_of_drawn_weights_are_those_of_the_reference() -> None:
    matrix = np.random.default_rng(3).random((7, 20))
    classes, everyone = np.zeros(20, dtype=np.int64), np.ones(20, dtype=np.bool_)
    found = sample(flat_tree(matrix), bounds_of(300), 100.0, classes, everyone)["index"]
    expected = by_numpy(matrix, bounds_of(300))
    for own, other in zip((found.low, found.high, found.rank_low, found.rank_high), expected, strict=True):
        np.testing.assert_allclose(own, other, rtol=1e-12)


def test_an_invented_nation_has_figures_of_everything_that_schemes_ask_for() -> None:
    packs = load_packs(kinds=("schemes",))
    figures = national_figures(packs, 2, 1)
    asked = {
        need.quantity
        for task in list_tasks(list(packs.schemes.values()), packs.quantities, BASES)
        for need in task.needs
    }
    assert asked <= set(figures.column("quantity").to_pylist())
    assert set(figures.column("entity").to_pylist()) == {"zone_000", "zone_001"}
