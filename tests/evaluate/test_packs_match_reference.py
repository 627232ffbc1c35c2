"""The scheme packs carry every fact of the reference tables: names, values, roles, choices, confidence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from greenpark.catalog import Packs
from greenpark.model.schemes import (
    Cases,
    CountVerdict,
    Elasticity,
    External,
    Flag,
    IndexVerdict,
    LeadingValue,
    Scheme,
    Threshold,
)

IDS = ("zero_carbon_park_2025", "eco_industrial_park_hj274_2015", "green_industrial_park_2016")
UNITS = {"-": "1", "level": "1", "次": "个", "次/年": "个"}


def reference(shared: Path, scheme: str) -> dict[str, Any]:
    text = (shared / "reference" / "schemes" / f"{scheme}.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


def plain(name: str) -> str:
    return re.sub(r"[（）()\s]", "", name)


@pytest.mark.parametrize("scheme_id", IDS)
def test_every_criterion_has_name_unit_role_and_confidence_of_the_reference(
    packs: Packs, shared: Path, scheme_id: str
) -> None:
    scheme, facts = packs.schemes[scheme_id], reference(shared, scheme_id)
    assert [each.id for each in scheme.criteria] == [each["id"] for each in facts["indicators"]]
    units = {each.id: each.unit for each in scheme.indicators}
    for criterion, fact in zip(scheme.criteria, facts["indicators"], strict=True):
        assert plain(criterion.title.zh) == plain(fact["name_zh"]), criterion.id
        assert criterion.group == fact["group"]
        assert units[criterion.indicator] == UNITS.get(fact["unit"], fact["unit"]), criterion.id
        assert criterion.confidence.model_dump() == fact["confidence"], criterion.id
        role = fact["requirement"] if isinstance(fact["requirement"], str) else "optional"
        assert criterion.role == role, criterion.id


@pytest.mark.parametrize("scheme_id", IDS)
def test_every_limit_is_that_of_the_reference(packs: Packs, shared: Path, scheme_id: str) -> None:
    scheme, facts = packs.schemes[scheme_id], reference(shared, scheme_id)
    for criterion, fact in zip(scheme.criteria, facts["indicators"], strict=True):
        rule, stated = criterion.rule, fact["threshold"]
        if isinstance(rule, Threshold):
            assert (rule.operator, rule.limit) == (stated["op"], stated["value"]), criterion.id
        elif isinstance(rule, LeadingValue):
            assert (rule.leading, rule.better) == (stated["value"], fact["direction"]), criterion.id
            assert rule.cap is None
        elif isinstance(rule, Cases):
            assert [(case.operator, case.limit) for case in rule.cases] == [
                (c["op"], c["value"]) for c in stated["cases"]
            ]
        elif isinstance(rule, Elasticity):
            assert {case["value"] for case in stated["cases"]} == {rule.limit}
            assert [case["op"] for case in stated["cases"]] == ["<=", ">="]
        elif isinstance(rule, External):
            assert stated["type"] == "external_standard"
        else:
            assert isinstance(rule, Flag)
            assert stated["value"] is rule.expected


@pytest.mark.parametrize("scheme_id", IDS)
def test_choices_conditions_and_sources_are_those_of_the_reference(packs: Packs, shared: Path, scheme_id: str) -> None:
    scheme, facts = packs.schemes[scheme_id], reference(shared, scheme_id)
    stated = [(each["k"], tuple(each["members"])) for each in facts.get("choice_groups", [])]
    assert [(choice.k, choice.members) for choice in scheme.choices] == stated
    conditions = {each.id: each.kind for each in scheme.conditions if "_" not in each.id}
    assert conditions == {each["id"]: each.get("kind", "eligibility") for each in facts["eligibility"]}
    assert {"S1", "S2", "S3"} <= {each.id for each in scheme.sources}
    allowed = re.compile(r"https://([a-z]+\.)*(gov|ndrc\.gov|huzhou\.gov)\.cn/")
    assert all(not each.url or allowed.match(each.url) for each in scheme.sources)


def test_the_verdicts_are_those_of_the_reference(packs: Packs, shared: Path) -> None:
    zero, eco, green = (packs.schemes[each].verdict for each in IDS)
    assert isinstance(zero, CountVerdict)
    assert zero.core == ("Z1",)
    assert isinstance(eco, CountVerdict)
    assert eco.min_met == reference(shared, IDS[1])["pass_rule"]["min_met_total"]
    assert isinstance(green, IndexVerdict)
    composite = reference(shared, IDS[2])["composite"]
    assert (green.terms, green.scale, green.min_score) == (composite["n_terms"], composite["scale"], None)


def counted(scheme: Scheme) -> tuple[int, int]:
    return sum(each.role == "mandatory" for each in scheme.criteria), sum(
        each.role == "optional" for each in scheme.criteria
    )


def test_mandatory_and_optional_add_up_as_the_documents_say(packs: Packs) -> None:
    assert counted(packs.schemes[IDS[1]]) == (17, 15)
    green = packs.schemes[IDS[2]]
    assert counted(green) == (18, 13)
    assert 18 + sum(choice.k for choice in green.choices) == 24


def test_nothing_compared_with_no_document_is_of_high_confidence(packs: Packs) -> None:
    """Verdicts of HJ 274 and of the green index rest on low-confidence values, those of the core of 910号 do not."""
    low = {
        scheme.head.id: any(
            "low" in (c.confidence.value, c.confidence.formula) for c in scheme.criteria if c.role == "mandatory"
        )
        for scheme in packs.schemes.values()
        if scheme.head.id in IDS
    }
    assert low == {IDS[0]: False, IDS[1]: True, IDS[2]: True}
