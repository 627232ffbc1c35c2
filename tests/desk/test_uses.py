"""Data of a statistical survey serve statistics: a job that rates or warns a single enterprise with them is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenpark.catalog import Packs, load_messages
from greenpark.desk.review import accept_submission
from greenpark.engine.store import Store
from greenpark.model.job import Job, JobError
from greenpark.model.steering import PlanLine, Steering
from greenpark.model.text import Text
from greenpark.pipeline.handed_in import handed_in as read_handed_in
from tests.collect.conftest import code
from tests.desk.made_books import book, coal, handed_in, moment

ANY = Text(zh="任", en="any")


def job(boundary: str, **more: object) -> Job:
    return Job(id="j", title=ANY, inputs=(), boundary=boundary, **more)  # type: ignore[arg-type]


def accepted(store: Store, packs: Packs, folder: Path, **more: object) -> str:
    batch = handed_in(store, packs, book(folder / "a.xlsx", [coal(1, 5)]), **more).sign_off.batch
    accept_submission(store, batch, "赵六", moment())
    return batch


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"schemes": ("s",)}, "pipeline.rating_of_enterprise"),
        ({"targets": ("t",)}, "pipeline.warning_of_enterprise"),
    ],
)
def test_survey_data_never_rate_or_warn_one_enterprise(
    tmp_path: Path, store: Store, packs: Packs, more: dict[str, tuple[str, ...]], message: str
) -> None:
    batch = accepted(store, packs, tmp_path, basis="statistical_survey")
    with pytest.raises(JobError) as refused:
        read_handed_in(job(code(1), **more), packs, [batch], store)
    assert refused.value.message == message
    messages = load_messages()
    for language in ("zh", "en"):
        assert batch in messages.say(message, language, **refused.value.values)
        assert messages.say(f"{message}.fix", language, **refused.value.values)


def test_survey_data_serve_the_statistics_of_a_park(tmp_path: Path, store: Store, packs: Packs) -> None:
    file = book(tmp_path / "two.xlsx", [coal(1, 5), coal(2, 7)], [1, 2])
    batch = handed_in(store, packs, file, entity="PARK", basis="statistical_survey").sign_off.batch
    accept_submission(store, batch, "赵六", moment())
    read_handed_in(job("PARK", schemes=("s",), targets=("t",)), packs, [batch], store)
    read_handed_in(job(code(1)), packs, [batch], store)


def test_a_park_of_one_reporting_unit_is_that_unit(tmp_path: Path, store: Store, packs: Packs) -> None:
    batch = accepted(store, packs, tmp_path, basis="statistical_survey")
    read_handed_in(job("PARK"), packs, [batch], store)
    with pytest.raises(JobError) as refused:
        read_handed_in(job("PARK", schemes=("s",)), packs, [batch], store)
    assert refused.value.message == "pipeline.rating_of_enterprise"


def test_a_plan_line_that_names_one_enterprise_warns_it(tmp_path: Path, store: Store, packs: Packs) -> None:
    file = book(tmp_path / "two.xlsx", [coal(1, 5), coal(2, 7)], [1, 2])
    batch = handed_in(store, packs, file, entity="PARK", basis="statistical_survey").sign_off.batch
    accept_submission(store, batch, "赵六", moment())
    line = PlanLine(quantity="co2.total", year=2025, goal=1.0, unit="tCO2", source="plan", entity=code(1))
    with pytest.raises(JobError) as refused:
        read_handed_in(job("PARK", steering=Steering(plan=(line,))), packs, [batch], store)
    assert (refused.value.message, refused.value.values["boundary"]) == ("pipeline.warning_of_enterprise", code(1))


@pytest.mark.parametrize("basis", ["administrative_record", "voluntary"])
def test_other_bases_may_rate_the_enterprise_itself(tmp_path: Path, store: Store, packs: Packs, basis: str) -> None:
    batch = accepted(store, packs, tmp_path, basis=basis)
    read_handed_in(job(code(1), schemes=("s",), targets=("t",)), packs, [batch], store)


def test_the_pack_says_each_basis_with_its_uses_and_that_nobody_compared_the_law_yet(packs: Packs) -> None:
    assert set(packs.feeds) == {"statistical_survey", "administrative_record", "voluntary"}
    survey = packs.feeds["statistical_survey"]
    assert set(survey.uses) == {"statistics", "publication_of_aggregate"}
    assert all(basis.source and basis.confidence == "low" for basis in packs.feeds.values())


def test_refused_cells_and_errors_of_a_submission_are_known_to_every_run_that_rests_on_it(
    tmp_path: Path, store: Store, packs: Packs
) -> None:
    file = book(tmp_path / "e.xlsx", [coal(1, 100), (code(1), "2025-03", "电力", "斤两", 5, 5)])
    batch = handed_in(store, packs, file, exception="无法补报").sign_off.batch
    accept_submission(store, batch, "赵六", moment())
    told = read_handed_in(job("PARK"), packs, [batch], store)
    assert told.refused
    assert {(entity, year) for entity, _, year in told.refused} == {(code(1), 2025)}
    assert {finding.severity for finding in told.findings} == {"error"}
