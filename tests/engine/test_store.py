"""Batches and runs: what is appended is there, once; what is closed stays as it is."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest

from greenpark.engine.connect import Engine
from greenpark.engine.errors import StoreError
from greenpark.engine.schema import SchemaError
from greenpark.engine.store import RunRecord, Store, open_store
from tests.engine.made_rows import emissions, entities, observations, source

PACKS = {"factors_cn": ("1", "f" * 64)}


def append(store: Store, mark: str = "a", count: int = 3, **more: str) -> str:
    return store.append(observations(count, mark), entities(mark), source(mark), **more)


def with_column(rows: pa.Table, name: str, values: list[object]) -> pa.Table:
    return rows.set_column(rows.column_names.index(name), name, pa.array(values))


def rows_of(store: Store, expr: object) -> list[dict[str, object]]:
    return sorted(store.engine.to_arrow(expr).to_pylist(), key=lambda row: (row.get("batch", ""), row.get("line", 0)))


def test_appended_rows_are_read_back_with_their_batch_and_nothing_else_changed(store: Store) -> None:
    batch = append(store)
    read = rows_of(store, store.read("observations", [batch]))
    assert [row.pop("batch") for row in read] == [batch] * 3
    assert read == observations(3).to_pylist()
    assert rows_of(store, store.read("entities", store.accepted())) == [{**entities().to_pylist()[0], "batch": batch}]


def test_the_same_rows_are_the_same_batch_and_are_added_once(store: Store) -> None:
    first = append(store)
    shuffled = observations(3).take([2, 0, 1])
    chunked = pa.concat_tables([shuffled.slice(0, 1), shuffled.slice(1)])
    assert store.append(chunked, entities(), source("another file")) == first
    assert len(store.accepted()) == 1
    assert store.engine.to_arrow(store.read("observations", [first])).num_rows == 3


def test_another_value_is_another_batch(store: Store) -> None:
    changed = with_column(observations(3), "reported_value", ["1.5", "2.5", "3.50"])
    assert store.append(changed, entities(), source()) != append(store)


def test_a_batch_says_where_it_comes_from(store: Store) -> None:
    batch = append(store)
    (record,) = store.accepted()
    assert (record.id, record.rows, record.source, record.state) == (batch, 3, source(), "accepted")


def test_a_correction_replaces_the_batch_from_its_moment_on(tmp_path: Path, duckdb_engine: Engine) -> None:
    moments = iter(datetime(2025, 1, day, tzinfo=UTC) for day in range(1, 9))
    with open_store(tmp_path / "w", duckdb_engine, clock=lambda: next(moments)) as store:
        wrong = append(store, count=3)
        other = append(store, "b")
        right = append(store, count=4, supersedes=wrong, reason="a line was forgotten")
        assert {batch.id for batch in store.accepted()} == {other, right}
        before = store.accepted(datetime(2025, 1, 2, 12, tzinfo=UTC))
        assert {batch.id for batch in before} == {wrong, other}
        assert store.accepted(datetime(2024, 1, 1, tzinfo=UTC)) == ()
        with pytest.raises(StoreError, match=r"store\.already_superseded"):
            append(store, count=5, supersedes=wrong)
        back = append(store, count=3, supersedes=right, reason="it was right at first")
        assert {batch.id for batch in store.accepted()} == {other, back}


def test_a_correction_of_an_unknown_batch_is_refused_and_leaves_nothing(store: Store) -> None:
    with pytest.raises(StoreError, match=r"store\.batch_unknown"):
        append(store, supersedes="nobody")
    assert store.accepted() == ()


def test_a_moment_without_time_zone_is_refused(store: Store) -> None:
    append(store)
    with pytest.raises(Exception, match="time zone"):
        store.accepted(datetime(2025, 1, 1, tzinfo=UTC).replace(tzinfo=None))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda rows: rows.drop_columns("entity"), "entity is missing"),
        (lambda rows: rows.append_column("extra", pa.array([1, 2, 3])), "extra is unknown"),
        (lambda rows: with_column(rows, "line", ["1", "2", "3"]), "line is string"),
        (lambda rows: with_column(rows, "line", [1, 1, 2]), "repeat the key line"),
        (lambda rows: with_column(rows, "line", [1, None, 2]), "line is empty"),
        (lambda rows: with_column(rows, "value", [1.0, float("nan"), None]), "value is not a finite"),
        (lambda rows: with_column(rows, "value", [1, 2**60 + 1, 3]), "does not convert"),
    ],
)
def test_rows_that_are_not_what_the_model_states_are_refused(store: Store, change: Any, told: str) -> None:
    rows = change(observations(3))
    with pytest.raises(SchemaError, match=told):
        store.append(rows, entities(), source())
    assert store.accepted() == ()


def test_absent_nullable_columns_are_added_empty_and_narrow_types_widened(store: Store) -> None:
    rows = observations(3).drop_columns(["notation", "cell"])
    rows = rows.set_column(0, "line", rows.column("line").cast(pa.int8()))
    rows = rows.set_column(1, "entity", rows.column("entity").dictionary_encode())
    batch = store.append(rows, entities(), source())
    read = store.engine.to_arrow(store.read("observations", [batch]))
    assert read.column("cell").null_count == 3
    assert read.column("line").type == pa.int64()


def test_batches_without_rows_can_be_kept_and_read(store: Store) -> None:
    batch = store.append(observations(0), entities().slice(0, 0), source())
    assert store.engine.to_arrow(store.read("observations", [batch])).num_rows == 0
    assert store.engine.to_arrow(store.read("entities", [])).column_names[0] == "batch"


def test_an_unknown_batch_cannot_be_read(store: Store) -> None:
    with pytest.raises(StoreError, match=r"store\.batch_unknown"):
        store.read("observations", ["nobody"])


# ---------------------------------------------------------------- runs
def test_a_run_shows_its_rows_to_itself_at_once_and_to_others_when_closed(store: Store) -> None:
    batch = append(store)
    run = store.begin_run("job", "j1", [batch], PACKS, "code")
    written = store.write(run, "emissions", emissions(5))
    assert store.engine.to_arrow(written).column("run").unique().to_pylist() == [run.id]
    with pytest.raises(StoreError, match=r"store\.run_open"):
        store.run_table(run.id, "emissions")
    assert store.latest_run("job") is None
    record = store.close_run(run)
    assert (record.state, record.batches, record.packs["factors_cn"].hash) == ("closed", (batch,), "f" * 64)
    read = rows_of(store, store.run_table(run.id, "emissions"))
    assert [{name: value for name, value in row.items() if name != "run"} for row in read] == emissions(5).to_pylist()
    assert store.engine.to_arrow(store.run_table(run.id, "scores")).num_rows == 0


def test_expressions_are_written_like_arrow_tables(store: Store) -> None:
    batch = append(store)
    run = store.begin_run("job", "j1", [batch], PACKS, "code")
    given = store.engine.from_arrow(emissions(5).drop_columns(["scope", "factor_year"]))
    expr = given.mutate(scope=ibis.literal(1))
    read = rows_of(store, store.write(run, "emissions", expr))
    assert [{name: value for name, value in row.items() if name != "run"} for row in read] == emissions(5).to_pylist()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda rows: rows.drop("gas"), "gas is missing"),
        (lambda rows: rows.mutate(extra=1), "extra is unknown"),
        (lambda rows: rows.mutate(gas=1), "gas is int8"),
        (lambda rows: rows.mutate(gas=ibis.null("string")), "gas is empty in 5 rows"),
        (lambda rows: rows.mutate(line=ibis.literal(1)), "4 rows repeat the key"),
        (lambda rows: rows.mutate(t=rows.t / 0), "t is not a finite number in 5 rows"),
    ],
)
def test_expressions_that_are_not_what_the_model_states_are_refused(store: Store, change: Any, told: str) -> None:
    run = store.begin_run("job", "j1", [append(store)], PACKS, "code")
    expr = change(store.engine.from_arrow(emissions(5)))
    with pytest.raises(SchemaError, match=told):
        store.write(run, "emissions", expr)
    assert store.close_run(run).state == "closed"
    assert store.engine.to_arrow(store.run_table(run.id, "emissions")).num_rows == 0


def test_a_table_is_written_once_and_a_closed_run_never_changes(store: Store) -> None:
    run = store.begin_run("job", "j1", [append(store)], PACKS, "code")
    store.write(run, "emissions", emissions(5))
    with pytest.raises(StoreError, match=r"store\.written_once"):
        store.write(run, "emissions", emissions(6))
    store.close_run(run)
    again = store.begin_run("job", "j1", run.record.batches, PACKS, "code")
    assert (again.id, again.closed) == (run.id, True)
    with pytest.raises(StoreError, match=r"store\.written_once"):
        store.write(again, "energy", emissions(6))
    assert store.close_run(again) == store.run(run.id)


def test_the_run_id_follows_from_job_batches_packs_and_code_and_from_nothing_else(store: Store) -> None:
    a, b = append(store, "a"), append(store, "b")
    run = store.begin_run("job", "j1", [a, b], PACKS, "code").id
    assert store.begin_run("job", "j1", [b, a, b], PACKS, "code").id == run
    others = [
        store.begin_run("job", "j2", [a, b], PACKS, "code").id,
        store.begin_run("job", "j1", [a], PACKS, "code").id,
        store.begin_run("job", "j1", [a, b], {"factors_cn": ("1", "e" * 64)}, "code").id,
        store.begin_run("job", "j1", [a, b], PACKS, "code2").id,
    ]
    assert len({run, *others}) == 5


def test_the_latest_run_is_the_one_asked_for_last(tmp_path: Path, duckdb_engine: Engine) -> None:
    moments = iter(datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(99))
    with open_store(tmp_path / "w", duckdb_engine, clock=lambda: next(moments)) as store:
        first = store.close_run(store.begin_run("job", "j1", [], PACKS, "code"))
        second = store.close_run(store.begin_run("job", "j2", [], PACKS, "code"))
        assert store.latest_run("job") == second
        store.begin_run("job", "j1", [], PACKS, "code")
        assert store.latest_run("job") == first


def test_a_run_as_of_a_past_moment_is_not_the_latest_beside_one_that_knows_more(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    def day(number: int, hour: int = 0) -> datetime:
        return datetime(2025, 1, number, hour, tzinfo=UTC)

    now = [day(10)]
    with open_store(tmp_path / "w", duckdb_engine, clock=lambda: now[0]) as store:

        def ran(name: str, as_of: datetime | None = None) -> RunRecord:
            return store.close_run(store.begin_run("job", name, [], PACKS, "code", as_of))

        early = ran("early", day(5))
        assert store.latest_run("job") == early  # there is no other
        plain = ran("plain")
        now[0] = day(20)
        before = ran("before", day(7))
        assert store.latest_run("job") == plain
        assert store.latest_runs() == (plain,)
        ran("early", day(8))  # a run of the past, asked for again
        assert store.latest_run("job") == plain
        after = ran("after", day(15))
        assert store.latest_run("job") == after  # knows what was accepted after the plain run
        ran("plain", day(9))  # as of a moment before it was asked for plainly: stays where it is
        assert [each.id for each in store.register.runs_of("job")] == [after.id, plain.id, early.id, before.id]
        ran("ahead", day(31))  # the end of a day to come is not later than now
        now[0] = day(21)
        ran("plain")
        assert store.latest_run("job") == plain


def test_two_writers_of_one_run_do_not_mix_and_the_first_to_close_counts(store: Store) -> None:
    ids = [append(store)]
    one, two = (store.begin_run("job", "j1", ids, PACKS, "code") for _ in range(2))
    store.write(one, "emissions", emissions(5))
    store.write(two, "emissions", emissions(5))
    assert store.close_run(two) == store.close_run(one)
    assert store.engine.to_arrow(store.run_table(one.id, "emissions")).num_rows == 5


def test_a_run_of_unknown_batches_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match=r"store\.batch_unknown"):
        store.begin_run("job", "j1", ["nobody"], PACKS, "code")
    with pytest.raises(StoreError, match=r"store\.run_unknown"):
        store.run("nobody")


def test_a_run_is_not_closed_over_files_that_are_gone(store: Store) -> None:
    run = store.begin_run("job", "j1", [append(store)], PACKS, "code")
    store.write(run, "emissions", emissions(5))
    for path in (store.workspace.folder / "emissions").rglob("*.parquet"):
        path.unlink()
    with pytest.raises(StoreError, match=r"store\.file_lost"):
        store.close_run(run)
    assert store.latest_run("job") is None


# ---------------------------------------------------------------- the house
def test_damage_and_loss_of_files_are_found(store: Store) -> None:
    batch = append(store)
    assert store.damaged_files() == ()
    path = store.workspace.folder / store.register.files("observations")[0].path
    path.write_bytes(path.read_bytes() + b"x")
    assert store.damaged_files() == (path.relative_to(store.workspace.folder).as_posix(),)
    path.unlink()
    assert len(store.damaged_files()) == 1
    with pytest.raises(StoreError, match=r"store\.file_lost"):
        store.read("observations", [batch])


def test_a_sweep_takes_only_what_is_old_and_not_listed(store: Store) -> None:
    append(store)
    run = store.begin_run("job", "j1", [], PACKS, "code")
    store.write(run, "emissions", emissions(5))
    left = store.workspace.folder / "observations" / "tmp-left" / "part-0.parquet"
    left.parent.mkdir()
    left.write_bytes(b"half")
    assert store.sweep() == ()
    assert store.sweep(timedelta(seconds=-1)) == tuple(
        sorted(["observations/tmp-left/part-0.parquet", run.written["emissions"][0].path])
    )
    assert not left.parent.exists()
    assert store.damaged_files() == ()


def test_a_pack_is_kept_once_under_its_content(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "factors_cn"
    (folder / "examples").mkdir(parents=True)
    (folder / "pack.yaml").write_text("kind: factors\n", encoding="utf-8")
    kept = store.keep_pack(folder, "f" * 64)
    assert (kept / "pack.yaml").read_text(encoding="utf-8") == "kind: factors\n"
    assert store.keep_pack(folder, "f" * 64) == kept == store.kept_pack("f" * 64)
    assert [path.name for path in kept.parent.iterdir()] == ["f" * 64]
    with pytest.raises(StoreError, match=r"store\.pack_not_kept"):
        store.kept_pack("0" * 64)


def test_logs_name_no_enterprise_and_no_file(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        batch = append(store)
        run = store.begin_run("job", "j1", [batch], PACKS, "code")
        store.write(run, "emissions", emissions(5))
        store.close_run(run)
        store.pack()
        store.sweep()
    assert batch in caplog.text
    assert not any(word in caplog.text for word in ("unit_a", "钢铁", "报表", "raw_coal", "5.5"))


def test_file_names_are_plain_even_for_chinese_ids(store: Store) -> None:
    store.append(observations(2, "甲"), entities("甲"), source("甲", entity="园区"))
    inside = store.workspace.folder.rglob("*")
    assert all(path.relative_to(store.workspace.folder).as_posix().isascii() for path in inside)
