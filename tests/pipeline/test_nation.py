"""An invented nation: the same for the same seed, equal to the published totals, rolled up through the real pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from greenpark.catalog import Packs
from greenpark.engine.connect import Engine
from greenpark.engine.store import RunRecord, open_store
from greenpark.engine.unfolding import NARROW
from greenpark.model.job import JobError
from greenpark.model.tables import TABLES
from greenpark.model.time import Period
from greenpark.pipeline import Choices, Published, run
from greenpark.pipeline.lookup import StoreLookup
from greenpark.pipeline.nation import BOUNDARY, JOB, Wanted, make_nation, simulate
from greenpark.pipeline.nation.made import GDP, VALUE_ADDED, code_of, zone_tables
from greenpark.publish.references import row_reference

WANTED = Wanted(zones=5, enterprises=12, year=2024, seed=7)
KINDS = ("units", "quantities", "carriers", "factors", "methods", "places", "simulations")
# 0.423 tce/万元 (press conference of 2023-12-12) × 9.8 万亿元 of industrial value added (press conference of 2025-02-26).
ENERGY_2024 = 0.423 * 9.8e8


@dataclass(frozen=True)
class Rolled:
    """A nation that was simulated and rolled up."""

    published: Published
    workspace: Path
    rows: int

    @property
    def figures(self) -> list[dict[str, Any]]:
        return self.published.release.tables["figures"].to_pylist()

    def value(self, entity: str, quantity: str, variant: str = "") -> float:
        (found,) = [
            row["value"]
            for row in self.figures
            if (row["entity"], row["quantity"], row["variant"], row["item"]) == (entity, quantity, variant, "")
        ]
        assert isinstance(found, float)
        return found

    def findings(self, rule: str) -> list[dict[str, Any]]:
        return [row for row in self.published.release.tables["findings"].to_pylist() if row["rule"] == rule]


@pytest.fixture(scope="module")
def rolled(tmp_path_factory: pytest.TempPathFactory, packs: Packs) -> Rolled:
    folder = tmp_path_factory.mktemp("nation")
    engine = Engine()
    with open_store(folder / "workspace", engine) as store:
        rows = simulate(WANTED, packs, store, lambda step, name: None)
    engine.close()
    choices = Choices(output=folder / "out", workspace=folder / "workspace")
    published, _ = run(folder / "workspace" / JOB, choices, lambda step, name: None)
    return Rolled(published, folder / "workspace", rows)


@pytest.fixture
def lookup(rolled: Rolled) -> Iterator[tuple[StoreLookup, RunRecord, Engine, Any]]:
    engine = Engine()
    with open_store(rolled.workspace, engine) as store:
        record = store.run(rolled.published.release.run)
        yield StoreLookup(store, record), record, engine, store
    engine.close()


def test_the_same_seed_invents_the_same_rows_and_another_seed_others(packs: Packs) -> None:
    def rows(seed: int) -> pa.Table:
        return zone_tables(make_nation(replace(WANTED, seed=seed), packs, 2024), 1, range(1, 13))[0]

    assert rows(7).equals(rows(7))
    assert not rows(7).equals(rows(8))


def test_a_month_alone_has_the_values_that_it_has_in_the_year(packs: Packs) -> None:
    nation = make_nation(WANTED, packs, 2024)
    keys = ["entity", "carrier", "flow", "start", "value", "status"]
    year = zone_tables(nation, 2, range(1, 13))[0]
    month = zone_tables(nation, 2, range(5, 6))[0]
    in_year = year.filter(pc.and_(pc.equal(pc.month(year["start"]), 5), pc.equal(year["sheet"], "energy")))
    assert month.select(keys).equals(in_year.select(keys))


def test_an_enterprise_reports_fifteen_lines_each_month(packs: Packs) -> None:
    rows = zone_tables(make_nation(WANTED, packs, 2024), 0, range(1, 2))[0]
    counts = rows.group_by("entity").aggregate([([], "count_all")]).column("count_all").unique().to_pylist()
    assert counts == [15]


def test_everything_is_labelled_as_invented(rolled: Rolled, packs: Packs) -> None:
    observations, entities = zone_tables(make_nation(WANTED, packs, 2024), 0, range(1, 13))
    assert all("虚构" in name for name in entities.column("name").to_pylist())
    assert all(file.startswith("invented-") for file in observations.column("file").unique().to_pylist())
    assert rolled.published.release.job.invented


def test_no_invented_code_can_be_the_credit_code_of_anybody() -> None:
    # GB 32100-2015 leaves I, O, S, V and Z out of the code.
    assert len(code_of(177, 1199)) == 18
    assert set(code_of(177, 1199)) & set("IOSVZ")


def test_the_nation_uses_the_energy_that_follows_from_the_published_totals(rolled: Rolled) -> None:
    assert rolled.value(BOUNDARY, "energy.total", "basis=calorific") == pytest.approx(ENERGY_2024, rel=1e-3)
    assert rolled.value(BOUNDARY, VALUE_ADDED) == pytest.approx(9.8e8, rel=1e-9)


def test_the_nation_of_2022_has_the_published_product_and_intensity(packs: Packs) -> None:
    # 17.3 万亿元 and 0.423 tce/万元: press conference of 2023-12-12, figures of 2022.
    totals = make_nation(WANTED, packs, 2022).totals
    assert totals[GDP] == pytest.approx(17.3e8)
    assert totals["energy"] / totals[VALUE_ADDED] == pytest.approx(0.423)


def test_figures_are_those_of_zones_and_above(rolled: Rolled) -> None:
    entities = {row["entity"] for row in rolled.figures}
    assert BOUNDARY in entities
    assert len(entities) == WANTED.zones + 2  # the group, and the sub-park that two zones share
    assert not {entity for entity in entities if entity.startswith("SIM")}


def test_zones_add_up_to_the_nation_and_what_was_counted_twice(rolled: Rolled) -> None:
    zones = [row["entity"] for row in rolled.published.release.entities.to_pylist() if row["kind"] == "zone"]
    total = sum(rolled.value(zone, "co2.direct") for zone in zones)
    told = [row for row in rolled.findings("counted_once") if row["subject"] == "co2.direct"]
    assert len(told) == 1
    assert total > rolled.value(BOUNDARY, "co2.direct")
    assert f'"twice": {round(total - rolled.value(BOUNDARY, "co2.direct"), 3)}' in told[0]["values"]
    assert len(rolled.findings("rows_of_two_zones")) == len(rolled.findings("no_national_emission")) == 1


def test_a_job_that_was_run_is_not_computed_again(rolled: Rolled) -> None:
    choices = Choices(output=rolled.workspace.parent / "again", workspace=rolled.workspace)
    steps: list[str] = []
    published, _ = run(rolled.workspace / JOB, choices, lambda step, name: steps.append(step))
    assert published.release.run == rolled.published.release.run
    assert "pipeline.accounting" not in steps


@pytest.mark.parametrize("small", [0, 10**9], ids=["asked for in portions", "held"])
def test_every_row_is_stored_and_found_by_its_reference(
    lookup: tuple[StoreLookup, RunRecord, Engine, Any], small: int
) -> None:
    _, record, engine, store = lookup
    found = StoreLookup(store, record, small)
    emissions = engine.to_arrow(store.run_table(record.id, "emissions").limit(1)).to_pylist()[0]
    rows = found.rows("emissions", {"reference": row_reference("emissions", emissions)}, 5).to_pylist()
    assert rows == [emissions]
    assert {each.table for each in store.register.files() if each.run == record.id} >= set(NARROW)


@pytest.mark.parametrize(
    ("table", "size", "where"),
    [
        ("energy", "tce", {"within": Period.year(2024), "basis": "calorific", "role": ("use", "use_other")}),
        (
            "emissions",
            "co2e",
            {"within": Period.year(2024), "scope": (1, 2), "gas": "CO2", "view": ("direct", "location")},
        ),
        ("emissions", "co2e", {"within": Period.parse("2024-03"), "scope": 1}),
    ],
)
def test_the_largest_rows_are_those_of_all_rows_in_order(
    lookup: tuple[StoreLookup, RunRecord, Engine, Any], table: str, size: str, where: dict[str, Any]
) -> None:
    found, record, engine, store = lookup
    rows = engine.to_arrow(store.run_table(record.id, table)).to_pylist()
    fits = [row for row in rows if row[size] is not None and all(_fits(row, *each) for each in where.items())]
    key = [name for name in TABLES[table].key if name != "run"]
    fits.sort(key=lambda row: (-abs(row[size]), *(row[name] for name in key)))
    assert len(fits) > 50
    assert found.rows(table, where, 6, size).to_pylist() == fits[:6]
    assert StoreLookup(store, record, small=0).rows(table, where, 6, size).to_pylist() == fits[:6]


def _fits(row: dict[str, Any], name: str, wanted: Any) -> bool:
    if name == "within":
        return bool(row["start"] >= wanted.start and row["end"] <= wanted.end)
    return row[name] in wanted if isinstance(wanted, tuple) else bool(row[name] == wanted)


def test_more_zones_than_there_are_is_refused(packs: Packs) -> None:
    from greenpark.model.job import JobError

    with pytest.raises(JobError) as refused:
        make_nation(replace(WANTED, zones=1000), packs, 2024)
    assert refused.value.message == "pipeline.too_many_zones"


@pytest.mark.parametrize("key", ["schemes: [zero_carbon_park_2025]", "targets: [htz_green_action_plan_2021]"])
def test_what_a_roll_up_does_not_answer_is_refused(rolled: Rolled, tmp_path: Path, key: str) -> None:
    (tmp_path / JOB).write_text(
        "id: other\ntitle: {zh: 汇总, en: roll-up}\ninputs:\n  - {kind: accepted}\n"
        f"boundary: {BOUNDARY}\nprofile: china_park_province\nfigures_of: [zone]\nyears: [2024]\n{key}\n",
        encoding="utf-8",
    )
    with pytest.raises(JobError) as refused:
        run(tmp_path / JOB, Choices(tmp_path / "out", rolled.workspace), lambda step, name: None)
    assert refused.value.message == "pipeline.not_rolled_up"


def test_a_roll_up_says_that_it_checks_no_value(rolled: Rolled) -> None:
    assert len(rolled.findings("not_checked")) == 1
