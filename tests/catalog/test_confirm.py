"""Confirmations raise the confidence of values beside the pack: one reader makes medium, two make high."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenpark.catalog import PackError, check_pack, load_packs
from tests.catalog.conftest import MakePack

FACTOR = "mine_raw_coal_ncv"


def entry(value: str, reader: str, extra: str = "") -> str:
    """One line of a confirmations file."""
    return f"  - {{value: '{value}', document: 文件, page: '12', reader: {reader}, date: 2026-03-01{extra}}}\n"


def confirm(path: Path, *entries: str, pack: str = "") -> None:
    """Write a confirmations file."""
    head = f"pack: {pack}\n" if pack else ""
    path.write_text(head + "confirmations:\n" + "".join(entries), encoding="utf-8")


def confidence_of_factor(root: Path, *more: Path) -> str:
    """The effective confidence of the factor of this test."""
    packs = load_packs([root, *more])
    return {each.id: each for each in packs.factor_sets["mine"].factors}[FACTOR].confidence


def test_one_reader_makes_a_low_value_medium_and_a_second_one_high(make_pack: MakePack) -> None:
    folder = make_pack("factors")
    assert confidence_of_factor(folder.parent.parent) == "low"
    confirm(folder / "confirmations.yaml", entry(FACTOR, "张三"))
    assert confidence_of_factor(folder.parent.parent) == "medium"
    confirm(folder / "confirmations.yaml", entry(FACTOR, "张三"), entry(FACTOR, "李四"))
    assert confidence_of_factor(folder.parent.parent) == "high"


def test_the_same_reader_twice_is_one_reader(make_pack: MakePack) -> None:
    folder = make_pack("factors")
    confirm(folder / "confirmations.yaml", entry(FACTOR, "Zhang San"), entry(FACTOR, "zhang san "))
    assert confidence_of_factor(folder.parent.parent) == "medium"


def test_a_confirmation_never_lowers(make_pack: MakePack) -> None:
    folder = make_pack("factors", ("factors.csv", ",document,low,", ",document,high,"))
    confirm(folder / "confirmations.yaml", entry(FACTOR, "张三"))
    assert confidence_of_factor(folder.parent.parent) == "high"


def test_a_confirmation_changes_the_hash_but_no_file_of_the_pack(make_pack: MakePack) -> None:
    folder = make_pack("factors")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    first = load_packs([folder]).hashes["factors/mine"]
    confirm(folder / "confirmations.yaml", entry(FACTOR, "张三"))
    assert load_packs([folder]).hashes["factors/mine"] != first
    assert {name: (folder / name).read_bytes() for name in before} == before


def test_each_part_of_a_criterion_is_confirmed_by_itself(make_pack: MakePack) -> None:
    folder = make_pack("schemes")
    values = ("criteria[0].rule.limit", "criteria[c1].role", "indicators[0].formula", "verdict.kind")
    confirm(folder / "confirmations.yaml", *(entry(value, "张三") for value in values))
    scheme = load_packs([folder]).schemes["mine"]
    assert scheme.criteria[0].confidence.model_dump() == {
        "name": "low", "role": "medium", "value": "medium", "formula": "low",
    }  # fmt: skip
    assert scheme.indicators[0].confidence == "medium"
    assert scheme.verdict_confidence == "medium"


def test_a_target_is_confirmed_by_the_path_of_its_figure(make_pack: MakePack) -> None:
    folder = make_pack("targets")
    confirm(folder / "confirmations.yaml", entry("targets[co2_2030].goal.value", "张三", ", reads: 800000"))
    target = load_packs([folder]).targets["mine"].targets[0]
    assert target.goal is not None and target.baseline is not None
    assert (target.goal.confidence, target.baseline.confidence, target.confidence) == ("medium", "low", "low")


def test_a_confirmation_ends_when_the_value_it_read_has_changed(make_pack: MakePack) -> None:
    folder = make_pack("factors")
    confirm(folder / "confirmations.yaml", entry(FACTOR, "张三", ", reads: 20.908"))
    assert check_pack(folder) == ()
    path = folder / "factors.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("20.908", "20.934"), encoding="utf-8")
    assert [mistake.message for mistake in check_pack(folder)] == ["catalog.reads_otherwise"]


def test_confirmations_of_a_pack_elsewhere_lie_in_a_folder_of_their_own(make_pack: MakePack, tmp_path: Path) -> None:
    root = make_pack("factors").parent.parent
    outside = tmp_path / "confirmed"
    outside.mkdir()
    confirm(outside / "confirmations.yaml", entry(FACTOR, "张三"), pack="factors/mine")
    assert confidence_of_factor(root, outside) == "medium"


def test_a_confirmation_of_a_pack_that_does_not_exist_is_a_mistake(tmp_path: Path) -> None:
    confirm(tmp_path / "confirmations.yaml", entry(FACTOR, "张三"), pack="factors/absent")
    with pytest.raises(PackError) as error:
        load_packs([tmp_path], kinds=("units",))
    assert [mistake.message for mistake in error.value.mistakes] == ["catalog.confirms_no_pack"]


TREE = """groups:
  - {id: main, title: {zh: 主要指标, en: Main indicators}, weight: null}
criteria:
  - id: c1
    title: {zh: 单位能耗碳排放, en: CO2 emissions per unit of energy}
    indicator: co2_per_energy
    group: main
    role: scored
    weight: null
    rule: {kind: linear, base: null, leading: 2, unit: tCO2/tce}
    missing: not_evaluable
    source: document
    confidence: {name: high, role: high, value: high, formula: high}
verdict: {kind: tree, scale: 100, unknown_weights: {low: 0.8, high: 1.2, source: document, confidence: low}}
verdict_confidence: high
"""


def supplied(make_pack: MakePack, *entries: str) -> Path:
    """A scheme of which base and weights are not public, with what readers supply."""
    folder = make_pack("schemes")
    (folder / "scheme.yaml").write_text(TREE, encoding="utf-8")
    confirm(folder / "confirmations.yaml", *entries)
    return folder


def reads(value: float) -> str:
    return f", reads: {value}"


def test_a_value_that_is_not_public_is_supplied_by_who_reads_it(make_pack: MakePack) -> None:
    folder = supplied(
        make_pack,
        entry("criteria[c1].rule.base", "张三", reads(5)),
        entry("criteria[c1].weight", "张三", reads(1.2)),
        entry("criteria[c1].weight", "李四", reads(1.2)),
        entry("groups[main].weight", "张三", reads(20)),
    )
    scheme = load_packs([folder.parent.parent]).schemes["mine"]
    criterion, group = scheme.criteria[0], scheme.groups[0]
    assert (criterion.rule.base, criterion.weight, group.weight) == (5, 1.2, 20)  # type: ignore[union-attr]
    assert (criterion.confidence.value, criterion.weight_confidence, group.weight_confidence) == (
        "medium",
        "high",
        "medium",
    )


def test_readers_who_disagree_on_a_value_that_is_not_public_are_told(make_pack: MakePack) -> None:
    folder = supplied(
        make_pack,
        entry("criteria[c1].weight", "张三", reads(1.2)),
        entry("criteria[c1].weight", "李四", reads(0.8)),
    )
    assert {each.message for each in check_pack(folder) if each.severity == "error"} >= {"catalog.reads_otherwise"}


def test_nothing_is_supplied_where_nobody_says_what_he_read(make_pack: MakePack) -> None:
    folder = supplied(make_pack, entry("criteria[c1].weight", "张三"))
    assert {each.message for each in check_pack(folder) if each.severity == "error"} >= {"catalog.nothing_to_confirm"}
