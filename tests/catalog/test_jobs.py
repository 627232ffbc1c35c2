"""Jobs and mappings are read with the line of every mistake and compared with the packs."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenpark.catalog import PackError, Packs, load_job, load_mapping, load_packs

JOB = """\
id: small
title: {zh: 小例, en: Small example}
inputs:
  - {file: data.csv, kind: mapping, mapping: mapping.yaml, year: 2017}
profile: no_such_profile_of_all
schemes: [zero_carbon_park_2026]
compare:
  - {activity: energy.heat_gross, computed: co2.direct, reported: co2.reportd, tolerance: 0.001}
"""
MAPPING = """\
id: plants
title: {zh: 电厂表, en: Plant table}
source: agency
entity_columns: [plant]
area: united_state
values:
  - {column: heat, quantity: energy.heat_gros, unit: MMBtu}
"""


@pytest.fixture(scope="module")
def packs() -> Packs:
    """All built-in packs."""
    return load_packs()


def write(folder: Path, name: str, text: str) -> Path:
    """A file with a text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def places(error: PackError) -> list[tuple[str, int, str]]:
    """File, line and key of each mistake."""
    return [(mistake.file, mistake.line, mistake.key) for mistake in error.mistakes]


def test_a_job_is_read_as_written(tmp_path: Path) -> None:
    job = load_job(write(tmp_path, "job.yaml", JOB))
    assert job.inputs[0].year == 2017
    assert job.compare[0].tolerance == 0.001


def test_unknown_ids_of_a_job_are_reported_together_with_their_lines(tmp_path: Path, packs: Packs) -> None:
    with pytest.raises(PackError) as error:
        load_job(write(tmp_path, "job.yaml", JOB), packs)
    assert places(error.value) == [
        ("job.yaml", 5, "profile"),
        ("job.yaml", 6, "schemes[0]"),
        ("job.yaml", 8, "compare[0].reported"),
    ]


def test_a_form_input_names_its_form(tmp_path: Path) -> None:
    text = JOB.replace("kind: mapping, mapping: mapping.yaml", "kind: form")
    with pytest.raises(PackError) as error:
        load_job(write(tmp_path, "job.yaml", text))
    assert places(error.value) == [("job.yaml", 4, "inputs[0]")]


def test_an_unknown_key_and_a_wrong_type_of_a_job_are_reported_together(tmp_path: Path) -> None:
    text = JOB.replace("year: 2017", 'year: "2017"').replace("profile:", "profil:")
    with pytest.raises(PackError) as error:
        load_job(write(tmp_path, "job.yaml", text))
    assert places(error.value) == [("job.yaml", 4, "inputs[0].year"), ("job.yaml", 5, "profil")]


def test_a_job_that_is_absent_is_one_located_mistake(tmp_path: Path) -> None:
    with pytest.raises(PackError) as error:
        load_job(tmp_path / "job.yaml")
    assert [mistake.message for mistake in error.value.mistakes] == ["catalog.missing_file"]


def test_unknown_ids_of_a_mapping_are_reported_together(tmp_path: Path, packs: Packs) -> None:
    path = write(tmp_path, "mapping.yaml", MAPPING)
    assert load_mapping(path).values[0].unit == "MMBtu"
    with pytest.raises(PackError) as error:
        load_mapping(path, packs)
    assert places(error.value) == [("mapping.yaml", 5, "area"), ("mapping.yaml", 7, "values[0].quantity")]
