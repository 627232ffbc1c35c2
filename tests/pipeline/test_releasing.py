"""A release of the demo park as it is published, attacked by a reader who has nothing but its files."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from typing import Any

import pytest

from greenpark.catalog import Packs, load_packs
from greenpark.engine.connect import Engine
from greenpark.engine.store import RunRecord, Store, open_store
from greenpark.model.confidentiality import ConfidentialityRule
from greenpark.model.job import JobError
from greenpark.model.statistics import Asked
from greenpark.model.time import Period
from greenpark.pipeline.recalling import kept_packs
from greenpark.pipeline.statistics import Read, protect_run, read_run, record_release, release_of
from greenpark.publish.statistics import explain_released, release_data, write_release_html, write_statistics_excel
from tests.pipeline.conftest import RunJob
from tests.publish.attacker import Equations, interval

# Direct emissions less those of fuels are those of processes, which few units have and nobody asked to publish.
LINKED, PROCESS = ("co2.direct", "co2.combustion"), "co2.process"
ASKED = Asked(
    quantities=(*LINKED, "energy.total", "economy.industrial_value_added"),
    ratios=("energy.total/economy.industrial_value_added",),
    limit=0.1,
    period="2025",
)
ALL = "all industries"
ENOUGH = 1 - 1e-4


@pytest.fixture(scope="module")
def rule() -> ConfidentialityRule:
    return load_packs(kinds=("confidentiality",)).confidentiality["release"]


@dataclass(frozen=True)
class Opened:
    """The run of the demo park in its workspace."""

    read: Read
    record: RunRecord
    store: Store

    def publish(self, read: Read, rule: ConfidentialityRule, asked: Asked = ASKED) -> dict[str, Any]:
        """One release, recorded, as the JSON that leaves the house."""
        protection = protect_run(read, asked, rule, self.record, self.store, None)
        released = release_of(protection, asked, self.record, self.store)
        record_release(protection, self.store)
        data: dict[str, Any] = json.loads(json.dumps(release_data(released, read.names), ensure_ascii=False))
        return data


@pytest.fixture(scope="module")
def opened(run_job: RunJob) -> Iterator[Opened]:
    published, _ = run_job("demo_park")
    engine = Engine()
    with open_store(published.folder.parent / "workspace", engine) as store:
        record = store.latest_runs()[0]
        packs: Packs = kept_packs(store, record)
        yield Opened(read_run(record, packs, ASKED, store), record, store)
    engine.close()


@pytest.fixture(scope="module")
def first(opened: Opened, rule: ConfidentialityRule) -> dict[str, Any]:
    return opened.publish(opened.read, rule)


def name_of(read: Read, quantity: str) -> str:
    return read.names.quantity(quantity).en


def cells(data: Mapping[str, Any], read: Read, quantity: str, period: str = "2025") -> dict[str, float | None]:
    """Industry → released value, None where it is withheld: as anybody reads it from the file."""
    return {
        row["industry"]["en"]: None if isinstance(row["value"], dict) else row["value"]
        for row in data["tables"]["cells"]["rows"]
        if row["quantity"]["en"] == name_of(read, quantity) and row["period"] == period
    }


def contributors(opened: Opened, quantity: str, period: str = "2025") -> dict[str, dict[str, float]]:
    """What each unit adds to each industry and to all, counted from the figures of the run."""
    rows = opened.store.read("entities", opened.record.batches).select("entity", "industry").distinct()
    industry = {row["entity"]: row["industry"] for row in opened.store.engine.to_arrow(rows).to_pylist()}
    own: dict[str, dict[str, float]] = defaultdict(dict)
    for row in opened.read.series:
        of_unit = row["quantity"] == quantity and row["entity"] != opened.read.boundary
        in_year = str(Period(row["start"], row["end"])) == period
        if of_unit and in_year and row["variant"] in ("", "basis=calorific") and row["value"] is not None:
            for cell in (opened.read.names.industry(industry[row["entity"]]).en, ALL):
                own[cell][row["entity"]] = row["value"]
    return own


def is_sensitive(own: Mapping[str, float], rule: ConfidentialityRule) -> bool:
    sizes = sorted((abs(each) for each in own.values()), reverse=True)
    return (
        len(sizes) < rule.threshold
        or sum(sizes[:2]) > (rule.dominance_share or 1) * sum(sizes)
        or sum(sizes[2:]) < (rule.p_share or 0) * sizes[0]
    )


def equations(data: Mapping[str, Any], read: Read, quantity: str) -> Equations:
    """The released cells of one quantity over the unknown values of its industries."""
    held = cells(data, read, quantity)
    industries = [each for each in held if each != ALL]
    found: Equations = []
    for each, value in held.items():
        if value is not None:
            row = dict.fromkeys(industries if each == ALL else [each], 1.0)
            found.append(({(quantity, industry): weight for industry, weight in row.items()}, value))
    return found


def test_totals_and_most_numbers_are_released_and_some_are_withheld(first: dict[str, Any], opened: Opened) -> None:
    for quantity in ("energy.total", "economy.industrial_value_added"):
        held = cells(first, opened.read, quantity)
        assert held[ALL] is not None
        assert None in held.values()
        assert sum(value is not None for value in held.values()) >= len(held) / 2


def test_no_sum_that_tells_of_a_single_unit_is_released(
    first: dict[str, Any], opened: Opened, rule: ConfidentialityRule
) -> None:
    for quantity in ASKED.quantities:
        held = cells(first, opened.read, quantity)
        for cell, own in contributors(opened, quantity).items():
            if cell != ALL and is_sensitive(own, rule):
                assert held[cell] is None, (quantity, cell)


def test_withheld_sums_cannot_be_worked_out(first: dict[str, Any], opened: Opened, rule: ConfidentialityRule) -> None:
    checked = 0
    for quantity in ("energy.total", "economy.industrial_value_added"):
        known = equations(first, opened.read, quantity)
        for cell, own in contributors(opened, quantity).items():
            if cell != ALL and is_sensitive(own, rule) and sum(own.values()):
                _must_stay_unknown((quantity, cell), sum(own.values()), known, rule)
                checked += 1
    assert checked >= 5


def _must_stay_unknown(aim: object, true: float, known: Equations, rule: ConfidentialityRule) -> None:
    low, high = interval([aim], known)
    assert low <= true * (1 + 1e-6)
    assert high >= true * (1 - 1e-6)
    assert high - low >= 2 * rule.protection_share * true * ENOUGH, aim


def test_what_one_table_leaves_of_another_cannot_be_worked_out(
    first: dict[str, Any], opened: Opened, rule: ConfidentialityRule
) -> None:
    direct, fuels = LINKED
    known = [each for quantity in LINKED for each in equations(first, opened.read, quantity)]
    industries = [each for each in cells(first, opened.read, direct) if each != ALL]
    known += [({(direct, each): 1.0, (fuels, each): -1.0, (PROCESS, each): -1.0}, 0.0) for each in industries]
    both = contributors(opened, direct), contributors(opened, fuels)
    own = {
        cell: {unit: value - both[1][cell].get(unit, 0.0) for unit, value in both[0][cell].items()} for cell in industries
        if cell in both[0]
    }  # fmt: skip
    own = {cell: {unit: value for unit, value in each.items() if value > 1e-6} for cell, each in own.items()}
    own = {cell: each for cell, each in own.items() if each}
    assert own
    for cell, each in own.items():
        if is_sensitive(each, rule):
            _must_stay_unknown((PROCESS, cell), sum(each.values()), known, rule)
    # The total of processes has few contributors too, and would be the difference of two totals that are harmless alone.
    whole: dict[str, float] = {}
    for each in own.values():
        whole |= each
    assert is_sensitive(whole, rule)
    assert not any(is_sensitive(each[ALL], rule) for each in both)
    low, high = interval([(PROCESS, each) for each in industries], known)
    assert high - low >= 2 * rule.protection_share * sum(whole.values()) * ENOUGH


def test_the_same_release_again_says_the_same(first: dict[str, Any], opened: Opened, rule: ConfidentialityRule) -> None:
    assert opened.publish(opened.read, rule)["tables"]["cells"] == first["tables"]["cells"]


def test_a_unit_that_is_left_out_of_the_next_release_is_not_told_by_the_difference(
    first: dict[str, Any], opened: Opened, rule: ConfidentialityRule
) -> None:
    quantity, read = "energy.total", opened.read
    own = contributors(opened, quantity)
    # A unit of an industry that is released: the difference of the two tables would be its energy.
    held = cells(first, read, quantity)
    cell = next(each for each, value in held.items() if value is not None and each != ALL)
    unit, value = min(own[cell].items(), key=lambda pair: (-pair[1], pair[0]))
    rows = [row for row in read.series if row["entity"] != unit]
    lost = {key_of(row): row["value"] for row in read.series if row["entity"] == unit}
    less = [
        row | {"value": row["value"] - (lost.get(key_of(row)) or 0.0)} if row["entity"] == read.boundary else row
        for row in rows
    ]
    second = opened.publish(replace(read, series=tuple(less)), rule)
    known = equations(first, read, quantity)
    for row, _ in known:
        if (quantity, cell) in row:
            row["left"] = 1.0  # the piece that only the first release has
    known += equations(second, read, quantity)
    low, high = interval(["left"], known)
    assert low <= value * (1 + 1e-6)
    assert high >= value * (1 - 1e-6)
    assert high - low >= 2 * rule.protection_share * value * ENOUGH


def key_of(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("quantity", "item", "variant", "start", "end"))


def test_ratios_shares_and_growth_stand_only_where_all_their_cells_do(first: dict[str, Any], opened: Opened) -> None:
    energy, added = (cells(first, opened.read, each) for each in ("energy.total", "economy.industrial_value_added"))
    before = cells(first, opened.read, "energy.total", "2024")
    for row in first["tables"]["released_ratios"]["rows"]:
        industry = row["industry"]["en"]
        assert row["value"] == pytest.approx(energy[industry] / added[industry])
    for row in first["tables"]["cells"]["rows"]:
        if isinstance(row["value"], dict):
            assert [row[name] for name in ("growth", "share", "reference")] == [None, None, None]
        elif row["quantity"]["en"] == name_of(opened.read, "energy.total") and row["period"] == "2025":
            assert (row["growth"] is None) == (before[row["industry"]["en"]] is None)


def test_no_file_of_the_release_names_a_unit_or_prints_a_withheld_number(
    opened: Opened, rule: ConfidentialityRule, tmp_path: Path
) -> None:
    protection = protect_run(opened.read, ASKED, rule, opened.record, opened.store, None)
    released = release_of(protection, ASKED, opened.record, opened.store)
    write_release_html(released, opened.read.names, tmp_path / "release.html", "zh")
    write_statistics_excel(released.statistics, opened.read.names, tmp_path / "release.xlsx")
    data = json.dumps(release_data(released, opened.read.names), ensure_ascii=False)
    texts = [(tmp_path / "release.html").read_text(encoding="utf-8"), data, _workbook(tmp_path / "release.xlsx")]
    units = [name for name, row in opened.read.members.items() if row["kind"] == "unit"]
    withheld = [
        cell.value
        for table in protection.tables.values()
        for cell in table.cells
        if cell.mark and abs(cell.value) > 1000
    ]
    assert withheld
    for text in texts:
        assert not [each for each in units if each in text or opened.read.members[each]["name"] in text]
        plain = text.replace(",", "")
        assert not [value for value in withheld if f"{value:.10g}"[:8] in plain]


def _workbook(path: Path) -> str:
    import openpyxl

    book = openpyxl.load_workbook(path)
    return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)


def test_explanations_never_leave_the_released_cells(first: dict[str, Any], opened: Opened) -> None:
    values = {row["reference"]: row["value"] for row in first["tables"]["cells"]["rows"] if row["reference"]}
    assert set(first["explained"]) == set(values)
    for reference, told in first["explained"].items():
        assert set(told["parts"]) <= set(values)
        lines = explain_released(first, reference, opened.read.names, "zh")
        assert lines is not None
        assert "其余部分保密" in "\n".join(lines)


def test_a_roll_up_that_keeps_no_figures_of_units_is_not_released(opened: Opened, rule: ConfidentialityRule) -> None:
    from greenpark.pipeline.statistics.reading import job_of

    job = job_of(opened.record, opened.store)
    assert job is not None
    with pytest.raises(JobError) as error:
        protect_run(
            opened.read, ASKED, rule, opened.record, opened.store, job.model_copy(update={"figures_of": ("zone",)})
        )
    assert error.value.message == "pipeline.release_without_units"


def test_what_one_table_leaves_of_another_cannot_be_worked_out_from_two_releases(
    opened: Opened, rule: ConfidentialityRule, tmp_path: Path
) -> None:
    """A release of the direct emissions, then one of those of fuels: one minus the other is the lime works alone."""
    direct, fuels = LINKED
    shutil.copytree(opened.store.workspace.folder, tmp_path / "w", ignore=shutil.ignore_patterns("releases"))
    engine = Engine()
    with open_store(tmp_path / "w", engine) as store:
        fresh = replace(opened, store=store, record=store.latest_runs()[0])
        one, other = (
            fresh.publish(opened.read, rule, replace(ASKED, quantities=(each,), ratios=())) for each in LINKED
        )
    engine.close()
    held = cells(one, opened.read, direct), cells(other, opened.read, fuels)
    both = contributors(opened, direct), contributors(opened, fuels)
    known = []
    for cell in {*held[0], *held[1]}:
        own = {unit: value - both[1].get(cell, {}).get(unit, 0.0) for unit, value in both[0].get(cell, {}).items()}
        own = {unit: value for unit, value in own.items() if value > 1e-6}
        if own and is_sensitive(own, rule):
            known += [cell] if None not in (held[0].get(cell), held[1].get(cell)) else []
    assert known == []
    assert held[0][ALL] is not None
    assert held[1][ALL] is None


MANY = (
    "co2.total", "co2.direct", "co2.combustion", "co2.process", "co2.power_net", "co2.heat_net",
    "energy.total", "energy.final", "energy.clean", "electricity.use", "electricity.imported",
)  # fmt: skip
# What a reader of the methods knows: what each number is the sum of, location-based.
PARTS = {
    "co2.total": ("co2.combustion", "co2.process", "co2.power_net", "co2.heat_net"),
    "co2.direct": ("co2.combustion", "co2.process"),
    **{each: (each,) for each in ("co2.combustion", "co2.process", "co2.power_net", "co2.heat_net")},
}


def test_a_release_of_a_whole_family_keeps_the_totals_of_the_park_and_hides_what_any_of_them_leave(
    opened: Opened, rule: ConfidentialityRule, tmp_path: Path
) -> None:
    asked = Asked(quantities=MANY, period="2025")
    shutil.copytree(opened.store.workspace.folder, tmp_path / "w", ignore=shutil.ignore_patterns("releases"))
    engine = Engine()
    with open_store(tmp_path / "w", engine) as store:
        record = store.latest_runs()[0]
        read = read_run(record, opened.read.packs, asked, store)
        fresh = replace(opened, read=read, store=store, record=record)
        data = fresh.publish(read, rule, asked)
        parts = contributors(fresh, "co2.combustion"), contributors(fresh, "co2.process")
    engine.close()
    held = {quantity: cells(data, read, quantity) for quantity in MANY}
    for whole in ("co2.total", "co2.direct", "energy.total"):
        assert held[whole][ALL] is not None
    # The lime works alone has a process: either of the two that would leave it is withheld in total.
    assert held["co2.process"][ALL] is None
    assert held["co2.combustion"][ALL] is None
    counts = {row["quantity"]["en"]: row for row in data["tables"]["withheld"]["rows"] if row["period"] == "2025"}
    for quantity, own in held.items():
        row = counts[name_of(read, quantity)]
        assert row["cells"] == len(own)
        assert row["released"] == sum(value is not None for value in own.values())
        assert row["primary"] + row["secondary"] == row["cells"] - row["released"]
    _attack_the_family(held, *parts, rule)


def _attack_the_family(
    held: Mapping[str, Mapping[str, float | None]], burning: dict[str, dict[str, float]],
    process: dict[str, dict[str, float]], rule: ConfidentialityRule,
) -> None:  # fmt: skip
    """All six numbers of CO2 at once; power and heat that a unit sells are negative, so only burning and process bound."""
    industries = sorted({each for own in held.values() for each in own} - {ALL})
    known: Equations = []
    for quantity, parts in PARTS.items():
        for cell, value in held[quantity].items():
            if value is not None:
                inside = industries if cell == ALL else [cell]
                known.append(({(part, each): 1.0 for part in parts for each in inside}, value))
    free: dict[object, tuple[float, float | None]] = {
        (part, each): (-inf, None) for part in ("co2.power_net", "co2.heat_net") for each in industries
    }
    checked = 0
    for part, own in (("co2.combustion", burning), ("co2.process", process)):
        for cell, units in own.items():
            if is_sensitive(units, rule) and sum(units.values()):
                aim = [(part, each) for each in (industries if cell == ALL else [cell])]
                low, high = interval(aim, known, free)
                assert high - low >= 2 * rule.protection_share * sum(units.values()) * ENOUGH, (part, cell)
                checked += 1
    assert checked >= 4
