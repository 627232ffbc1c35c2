"""The runner of the benchmarks keeps its promises."""

from __future__ import annotations

import pytest

from bench import __main__ as runner

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
