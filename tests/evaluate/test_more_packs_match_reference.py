"""The other scheme packs carry every fact of their reference tables: names, values, weights, roles, confidence, rules.

Packs of schemes that state thresholds, leading values and choices are compared in ``test_packs_match_reference``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from greenpark.catalog import Packs
from greenpark.model.scheme_verdicts import AgainstPeers, LastShare, Levels
from greenpark.model.schemes import (
    Conditional,
    CountVerdict,
    Criterion,
    External,
    Flag,
    LeadingValue,
    Linear,
    Normalised,
    Points,
    Scheme,
    SelfSet,
    Threshold,
    TreeVerdict,
)

SIGN = {"+": "higher", "-": "lower"}
OFFICIAL = re.compile(r"https?://([a-z0-9]+\.)*(gov\.cn|worldbank\.org)/")
# Units as the packs write them; 3.7 is the ratio of a wage to the price of a square metre.
UNITS = {
    "-": "1", "家": "个", "项": "个", "count": "个", "months": "月", "years": "year", "件/万人": "个/万人", "件/千万元": "个/千万元",
    "件/百亿元": "个/百亿元", "项 / %": "个", "万元/m2; %; -": "万元/m2", "t/product or case": "t/产品单位",
    "kgCO2e/kWh": "1", "kWh/$": "1", "t": "t",
}  # fmt: skip


def reference(shared: Path, scheme: str) -> dict[str, Any]:
    text = (shared / "reference" / "schemes" / f"{scheme}.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


def plain(name: str) -> str:
    return re.sub(r"[（）()；;\s]", "", name)


def by_id(scheme: Scheme) -> dict[str, Criterion]:
    return {each.id: each for each in scheme.criteria}


def unit_of(scheme: Scheme, criterion: Criterion) -> str:
    return next(each.unit for each in scheme.indicators if each.id == criterion.indicator)


def same_names_and_confidence(
    scheme: Scheme, facts: list[dict[str, Any]], name_of: Any = lambda fact: fact["id"]
) -> None:
    criteria = by_id(scheme)
    for fact in facts:
        criterion = criteria[name_of(fact)]
        assert plain(criterion.title.zh) == plain(fact["name_zh"]), criterion.id
        if isinstance(fact["confidence"], dict):
            stated = {key: value for key, value in fact["confidence"].items() if value in ("high", "medium", "low")}
            found = criterion.confidence.model_dump()
            assert {key: found[key] for key in stated} == stated, criterion.id
        else:
            assert criterion.confidence.name == fact["confidence"], criterion.id


def test_no_source_of_a_pack_links_to_an_odd_copy(packs: Packs) -> None:
    found = [(name, each.url) for name, scheme in packs.schemes.items() for each in scheme.sources if each.url]
    assert [each for each in found if not OFFICIAL.match(each[1])] == []


# ---------------------------------------------------------------- high-tech zones
@pytest.mark.parametrize(("scheme_id", "count"), [("high_tech_zone_2021", 46), ("high_tech_zone_2024", 4)])
def test_zone_indicators_have_name_direction_weight_and_unit(
    packs: Packs, shared: Path, scheme_id: str, count: int
) -> None:
    scheme, facts = packs.schemes[scheme_id], reference(shared, scheme_id)
    assert len(scheme.criteria) == len(facts["indicators"]) == count
    same_names_and_confidence(scheme, facts["indicators"], lambda fact: "H" + fact["code"].replace(".", "_"))
    for criterion, fact in zip(scheme.criteria, facts["indicators"], strict=True):
        assert isinstance(criterion.rule, Normalised)
        assert criterion.rule.better == SIGN[fact["direction"]]
        assert criterion.weight == fact["weight"]  # null stays null
        assert (criterion.clause, criterion.group, criterion.role) == (fact["code"], fact["dimension"], "scored")
        unit = unit_of(scheme, criterion)
        assert unit == ("m2/人" if fact["code"] == "3.7" else UNITS.get(fact["unit"], fact["unit"])), criterion.id


def test_weights_of_the_dimensions_and_what_is_not_public(packs: Packs, shared: Path) -> None:
    scheme, facts = packs.schemes["high_tech_zone_2021"], reference(shared, "high_tech_zone_2021")
    assert {each.id: each.weight for each in scheme.groups} == {
        each["id"]: each["weight"] for each in facts["dimensions"]
    }
    assert sum(each.weight is None for each in scheme.criteria) == 44
    verdict = scheme.verdict
    assert isinstance(verdict, TreeVerdict)
    assert verdict.unknown_weights is not None and verdict.normalisation is not None
    assert (verdict.unknown_weights.low, verdict.unknown_weights.high) == (0.8, 1.2)
    assert verdict.normalisation.confidence == "low"
    assert verdict.normalisation.alternatives
    assert verdict.min_score is None
    stub = {each.id: each.weight for each in packs.schemes["high_tech_zone_2024"].groups}
    found = reference(shared, "high_tech_zone_2024")
    assert stub == {"D1": found["dimensions"][0]["weight"], "REST": found["dimensions_weight_not_found"]}


def test_the_green_nine_are_there_and_the_green_sub_score_is_unofficial(packs: Packs) -> None:
    scheme = packs.schemes["high_tech_zone_2021"]
    nine = [each for each in scheme.criteria if each.group == "D3"]
    assert len(nine) == 9
    titles = {each.title.zh for each in nine}
    assert {"园区二氧化碳排放量增长率", "园区总绿地率"} <= titles
    (green,) = scheme.subscores
    assert not green.official
    assert set(green.members) <= {each.id for each in nine}
    assert "非官方" in green.title.zh and "unofficial" in green.title.en


# ---------------------------------------------------------------- green parks of 2025
def test_of_the_set_of_2025_only_what_was_found_is_there(packs: Packs, shared: Path) -> None:
    scheme, facts = packs.schemes["green_industrial_park_2025"], reference(shared, "green_industrial_park_2024")
    assert [each.id for each in scheme.criteria] == [each["id"] for each in facts["indicators_found"]]
    for criterion, fact in zip(scheme.criteria, facts["indicators_found"], strict=True):
        assert criterion.title.zh == fact["name_zh"]
        assert fact["confidence"].startswith(criterion.confidence.name)
    co2 = scheme.criteria[0].rule
    assert isinstance(co2, LeadingValue)
    assert (co2.leading, co2.better) == (None, "lower")
    conditions = {each.id: each.kind for each in scheme.conditions if each.id != "TYPE"}
    assert conditions == {each["id"]: each["kind"] for each in facts["eligibility"]}
    peers, last = scheme.standings
    assert isinstance(peers, AgainstPeers) and isinstance(last, LastShare)
    assert (peers.statistic, peers.same, peers.confidence) == ("mean", "area", "high")
    assert (last.percent, last.years, last.confidence) == (5, 3, "medium")


def test_the_national_standard_has_its_five_dimensions_and_no_guess(packs: Packs, shared: Path) -> None:
    scheme, facts = packs.schemes["green_industrial_park_general"], reference(shared, "green_industrial_park_2024")
    assert facts["indicators"] == []
    assert (scheme.criteria, scheme.indicators) == ((), ())
    assert [(each.id, each.title.zh) for each in scheme.groups] == [
        (each["id"], each["name_zh"]) for each in facts["groups"]
    ]


# ---------------------------------------------------------------- factories and supply chains
def test_factory_2018_has_its_twelve_indicators_against_mean_and_advanced_level(packs: Packs, shared: Path) -> None:
    scheme, facts = packs.schemes["green_factory_gbt36132_2018"], reference(shared, "green_factory_gbt36132_2018")
    same_names_and_confidence(scheme, facts["indicators"])
    criteria, references = by_id(scheme), {each.id: each for each in scheme.references}
    for fact in facts["indicators"]:
        operator = ">=" if fact["direction"] == "higher" else "<="
        for suffix, source, role in (("", "_mean", "mandatory"), ("_advanced", "_advanced_level", "optional")):
            criterion = criteria[fact["id"] + suffix]
            assert isinstance(criterion.rule, Threshold)
            assert (criterion.rule.operator, criterion.rule.limit, criterion.role) == (operator, None, role)
            known = references[criterion.rule.limit_from]
            assert known.id == fact["id"] + source
            assert (known.supplied, known.by, known.values) == ("user", "industry", ())
    weights = {each["id"]: each["weight"] for each in facts["groups"] if each["id"] != "G0"}
    assert {each.id: each.weight for each in scheme.groups} == weights
    assert {each.weight_confidence for each in scheme.groups} == {"low"}
    assert sum(isinstance(each.rule, External) for each in scheme.criteria) == 5
    assert str(scheme.until) in facts["status"]


def test_factory_2025_has_its_fourteen_indicators_weights_and_nulls(packs: Packs, shared: Path) -> None:
    scheme, facts = packs.schemes["green_factory_gbt36132_2025"], reference(shared, "green_factory_gbt36132_2025")
    same_names_and_confidence(scheme, facts["indicators"], lambda fact: "F" + fact["id"])
    criteria = by_id(scheme)
    for fact in facts["indicators"]:
        criterion = criteria["F" + fact["id"]]
        assert criterion.weight == fact["weight_illustrative"]
        assert fact["weight_confidence"].startswith(criterion.weight_confidence)
        assert criterion.group == fact["group"]
    assert {each.id: each.weight for each in scheme.groups} == {
        each["id"]: each["weight_illustrative"] for each in facts["groups"]
    }
    assert sum(each.weight or 0 for each in scheme.groups) == 100
    assert sum(each.weight or 0 for each in scheme.groups if each.id in ("E", "R")) == 60
    platform, bands = criteria["F4"].rule, criteria["F3"].rule
    assert isinstance(platform, Linear) and isinstance(bands, Conditional)
    assert (platform.base, platform.leading) == (None, facts["indicators"][3]["threshold"]["leading"])
    assert [(each.at_least, each.below) for each in bands.cases] == [
        (10000, None),
        (5000, 10000),
        (3000, 5000),
        (None, 3000),
    ]
    assert all(isinstance(each.rule, Linear) and each.rule.base is None is each.rule.leading for each in bands.cases)
    assert isinstance(criteria["F12"].rule, Flag)
    assert {each.id for each in scheme.conditions} == {each["id"] for each in facts["eligibility"]}
    assert str(scheme.since) == facts["effective"]


def test_supply_chain_points_are_those_of_the_reference_and_add_up_to_100(packs: Packs, shared: Path) -> None:
    scheme = packs.schemes["green_supply_chain_enterprise"]
    facts = reference(shared, "green_industrial_park_2024")["companion_schemes"]["green_supply_chain_enterprise"]
    found = []
    for criterion in scheme.criteria:
        assert isinstance(criterion.rule, Points)
        assert criterion.weight == criterion.rule.maximum
        found.append((criterion.id, criterion.group, plain(criterion.title.zh), criterion.rule.maximum))
    stated = [(each["id"], each["group"], plain(each["name_zh"]), each["max_points"]) for each in facts["indicators"]]
    assert found == stated
    assert sum(each[3] for each in found) == 100
    assert {each.id: each.weight for each in scheme.groups} == {each["id"]: each["points"] for each in facts["groups"]}


# ---------------------------------------------------------------- programmes with targets of their own
@pytest.mark.parametrize(("scheme_id", "count"), [("circular_transformation", 18), ("carbon_peak_pilot_2023", 13)])
def test_targets_of_a_programme_are_the_parks_own(packs: Packs, shared: Path, scheme_id: str, count: int) -> None:
    scheme, facts = packs.schemes[scheme_id], reference(shared, scheme_id)
    assert [each.id for each in scheme.criteria] == [each["id"] for each in facts["indicators"]]
    assert len(scheme.criteria) == count
    same_names_and_confidence(scheme, facts["indicators"])
    open_values = {each.id for each in scheme.references if each.supplied == "user"}
    for criterion, fact in zip(scheme.criteria, facts["indicators"], strict=True):
        assert isinstance(criterion.rule, SelfSet)
        assert criterion.rule.target_from in open_values
        assert criterion.group == fact["group"]
        assert criterion.role == "guiding"  # no pass or fail
        falls = "[t0]-" in fact["formula"]["expr"] or fact["formula"]["expr"].startswith("100*(1-(")
        better = "lower" if falls else fact["direction"]
        assert criterion.rule.better == better, criterion.id
    assert isinstance(scheme.verdict, CountVerdict)
    assert all(value.value == 0 for each in scheme.references for value in each.values)  # nothing but "from zero"


# ---------------------------------------------------------------- the framework and the review
def test_the_framework_has_every_prerequisite_and_limit(packs: Packs, shared: Path) -> None:
    scheme, facts = packs.schemes["unido_eip_v2"], reference(shared, "unido_eip_v2")
    ids = [each["id"] for each in (*facts["prerequisites"], *facts["indicators"])]
    assert [each.id for each in scheme.criteria] == ids
    assert len(facts["prerequisites"]) == facts["count_check"]["rows_here"]["prerequisites"] == 18
    same_names_and_confidence(scheme, facts["indicators"])
    criteria = by_id(scheme)
    for fact in facts["prerequisites"]:
        assert isinstance(criteria[fact["id"]].rule, Flag)
        assert criteria[fact["id"]].group == fact["group"]
    for fact in facts["indicators"]:
        rule, stated = criteria[fact["id"]].rule, fact["threshold"]
        if stated["type"] == "boolean":
            assert isinstance(rule, Flag)
            continue
        assert isinstance(rule, Threshold)
        if stated["type"] == "relative":  # an external value of the year, supplied by the user
            assert (rule.operator, rule.limit_from) == (">=", "national_renewable_share")
        else:
            assert (rule.operator, rule.limit) == (stated["op"], stated["value"]), fact["id"]
            assert unit_of(scheme, criteria[fact["id"]]) == UNITS.get(fact["unit"], fact["unit"]), fact["id"]
    assert all(each.role == "mandatory" for each in scheme.criteria)
    assert {each.confidence.value for each in scheme.criteria} == {"low"}


def test_the_bands_of_the_review_are_those_of_2018(packs: Packs, shared: Path) -> None:
    (bands,) = packs.schemes["eco_industrial_park_review_2018"].standings
    stated = reference(shared, "eco_industrial_park_hj274_2015")["review_rule"]["bands"]
    assert isinstance(bands, Levels)
    assert [each.at_least for each in bands.levels] == [each.get("min") for each in stated]
    assert bands.levels[-1].below == stated[-1]["below"]


def test_every_reference_file_has_its_pack(packs: Packs, shared: Path) -> None:
    renamed = {"green_industrial_park_2024": "green_industrial_park_2025"}
    files = {path.stem for path in (shared / "reference" / "schemes").glob("*.yaml")}
    assert {renamed.get(each, each) for each in files} <= set(packs.schemes)


@pytest.mark.parametrize(
    "scheme_id",
    [
        "green_factory_gbt36132_2018",
        "green_factory_gbt36132_2025",
        "circular_transformation",
        "carbon_peak_pilot_2023",
        "unido_eip_v2",
    ],
)
def test_every_condition_for_entry_is_there_with_its_kind(packs: Packs, shared: Path, scheme_id: str) -> None:
    found = {each.id: each.kind for each in packs.schemes[scheme_id].conditions}
    stated = reference(shared, scheme_id)["eligibility"]
    assert found == {each["id"]: each.get("kind", "eligibility") for each in stated}


def test_groups_have_the_names_of_the_reference(packs: Packs, shared: Path) -> None:
    for name in ("circular_transformation", "carbon_peak_pilot_2023", "unido_eip_v2", "green_factory_gbt36132_2025"):
        stated = [(each["id"], each["name_zh"], each["name_en"]) for each in reference(shared, name)["groups"]]
        assert [(each.id, each.title.zh, each.title.en) for each in packs.schemes[name].groups] == stated
