"""Factors that a job chooses otherwise, with who chose them and why."""

from __future__ import annotations

import pytest

from greenpark.catalog import Packs
from greenpark.model.job import FactorChoice, Job, JobError
from greenpark.pipeline.factors import choose_factors, notices_of_factors


def job(**factors: FactorChoice) -> Job:
    title = {"zh": "甲", "en": "a"}
    return Job.model_validate({"id": "a", "title": title, "inputs": [], "boundary": "park", "factors": factors})


def test_a_method_takes_the_area_and_year_that_the_job_names(packs: Packs) -> None:
    choice = FactorChoice(area="province", year=2022, by="张三", reason="主管部门要求")
    chosen = choose_factors(job(power_average_national=choice), packs)["power_average_national"]
    assert (chosen.area, chosen.year, chosen.factor_sets) == ("province", 2022, ("cn_power_average",))
    assert packs.methods["power_average_national"].area == "nation"


def test_a_function_means_its_methods_with_dated_factors(packs: Packs) -> None:
    chosen = choose_factors(job(power=FactorChoice(year=2021, by="b", reason="r")), packs)
    assert chosen["power_residual_market"].year == 2021
    assert chosen["power_direct_location"].year is None


def test_who_chose_and_why_is_told(packs: Packs) -> None:
    told = notices_of_factors(job(power_average_national=FactorChoice(year=2022, by="张三", reason="要求")), packs)
    assert [(each.severity, each.values["by"], each.values["reason"]) for each in told] == [("note", "张三", "要求")]


@pytest.mark.parametrize("name", ["no_such_method", "power_average_national"])
def test_what_no_pack_defines_is_refused(packs: Packs, name: str) -> None:
    with pytest.raises(JobError):
        choose_factors(job(**{name: FactorChoice(factor_set="no_such_set", by="b", reason="r")}), packs)
