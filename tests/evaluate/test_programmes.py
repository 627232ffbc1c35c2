"""Titles as of a day, their numbers beside the published ones, and readiness: published numbers and hand-worked parks."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpark.catalog import load_packs
from greenpark.evaluate import evaluate
from greenpark.evaluate.programmes import programme_readiness, title_counts, title_standings
from greenpark.model.programmes import STAGES, Designation, Programme, PublishedCount, ZoneGroup, days_of
from greenpark.model.schemes import Rounds
from greenpark.pipeline.programmes import Register, register_of
from tests.evaluate.making import criterion, indicator_table, make_scheme, row

DAY = date(2023, 12, 12)
ZONES = "national_high_tech_zones"


@pytest.fixture(scope="module")
def register() -> Register:
    return register_of(load_packs(kinds=("programmes",)))


@pytest.fixture(scope="module")
def zones() -> tuple[str, ...]:
    return tuple(load_packs(kinds=("places",)).zones)


def event(stage: str, when: str, holder: str = "a", **other: Any) -> Designation:
    """An event of one title."""
    base = {
        "id": f"{holder}-{stage}-{when}", "programme": "p", "zone": f"z_{holder}", "holder": holder, "stage": stage,
        "when": when, "source": "s", "confidence": "high",
    }  # fmt: skip
    return Designation.model_validate(base | other)


def standing(events: list[Designation], day: date) -> list[tuple[str, str]]:
    return [(each["holder"], each["stage"]) for each in title_standings(events, day).to_pylist()]


def counts(events: list[Designation], day: date, published: tuple[PublishedCount, ...] = ()) -> dict[str, Any]:
    programme = Programme.model_validate(
        {"id": "p", "title": {"zh": "甲", "en": "p"}, "kind": "park", "level": "nation", "source": "s", "confidence": "high",
         "awarding_body": {"zh": "甲", "en": "a"}}
    )  # fmt: skip
    group = ZoneGroup.model_validate({"id": "all", "title": {"zh": "全", "en": "all"}})
    rows = title_counts(events, [programme], [group], published, (), day).to_pylist()
    return rows[0] if rows else {}


# ------------------------------------------------------------------ published numbers of 2023-12-12
@pytest.mark.parametrize(
    ("programme", "published", "stage", "in_register"),
    [
        ("green_industrial_park", 60, "named", 0),
        ("carbon_peaking_pilot", 4, "approved", 4),
        ("circular_transformation", 9, "approved", 1),
        ("eco_industrial_park", 14, "approved", 14),
    ],
)
def test_the_numbers_announced_on_2023_12_12_stand_beside_those_of_the_register(
    programme: str, published: int, stage: str, in_register: int, register: Register, zones: tuple[str, ...]
) -> None:
    rows = register.counts(zones, DAY).to_pylist()
    (found,) = [each for each in rows if (each["programme"], each["group"]) == (programme, ZONES)]
    assert (found["published"], found["published_stage"], found["published_date"]) == (published, stage, "2023-12-12")
    assert (found["reached"], found["difference"]) == (in_register, published - in_register)


def test_half_of_the_names_of_eco_industrial_and_carbon_peaking_parks_are_from_memory_and_say_so(
    register: Register, zones: tuple[str, ...]
) -> None:
    rows = {each["programme"]: each for each in register.counts(zones, DAY).to_pylist() if each["group"] == ZONES}
    assert (rows["eco_industrial_park"]["low"], rows["carbon_peaking_pilot"]["low"]) == (7, 2)
    # Three were reviewed in 2018; the fourteen announced are approved to build, which is a smaller step than named.
    assert [rows["eco_industrial_park"][stage] for stage in ("approved", "named", "reviewed")] == [0, 11, 3]


def test_before_the_announcement_nothing_published_stands_beside_the_register(
    register: Register, zones: tuple[str, ...]
) -> None:
    rows = register.counts(zones, date(2023, 12, 11)).to_pylist()
    (found,) = [each for each in rows if (each["programme"], each["group"]) == ("carbon_peaking_pilot", ZONES)]
    assert (found["holding"], found["published"], found["difference"]) == (4, None, None)


def test_the_second_batch_of_pilots_is_not_among_the_high_tech_zones(
    register: Register, zones: tuple[str, ...]
) -> None:
    rows = register.counts(zones, date(2025, 3, 15)).to_pylist()
    found = {each["group"]: each["holding"] for each in rows if each["programme"] == "carbon_peaking_pilot"}
    assert found == {ZONES: 4, "all": 7}


def test_the_register_holds_every_name_of_the_reference_list_once_and_no_other(
    shared: Path, register: Register
) -> None:
    with (shared / "reference" / "designations.csv").open(encoding="utf-8", newline="") as file:
        listed = [each for each in csv.DictReader(file) if not each["zone_name_zh"].startswith("(")]
    zones = load_packs(kinds=("places",)).zones
    first = [each for each in register.designations if each.stage != "reviewed"]
    titles = {each.id: each.title.zh for each in register.programmes}

    def named(each: Designation) -> str:
        return zones[each.zone].name.zh if each.zone else each.holder.replace("（", "(").replace("）", ")")

    assert sorted((named(each), titles[each.programme], each.confidence) for each in first) == sorted(
        (each["zone_name_zh"], each["programme"].partition(" (")[0], each["confidence"]) for each in listed
    )


# ------------------------------------------------------------------ stages by hand
LIFE = [
    event("approved", "2010-03"),
    event("named", "2013"),
    event("reviewed", "2018-06-30"),
    event("withdrawn", "2021"),
]


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        ("2010-02-28", None),
        ("2010-03-15", "possible"),  # some day of March
        ("2010-03-31", "approved"),
        ("2013-07-01", "approved"),  # naming may have happened, or not
        ("2013-12-31", "named"),
        ("2018-06-29", "named"),
        ("2018-06-30", "reviewed"),
        ("2021-12-31", "withdrawn"),
    ],
)
def test_a_title_has_the_stage_of_its_last_certain_event(day: str, stage: str | None) -> None:
    assert standing(LIFE, date.fromisoformat(day)) == ([] if stage is None else [("z_a", stage)])


def test_a_later_event_of_uncertain_date_makes_the_stage_provisional() -> None:
    (found,) = title_standings(LIFE, date(2013, 7, 1)).to_pylist()
    assert (found["stage"], found["provisional"]) == ("approved", True)


def test_a_review_within_a_long_span_of_naming_is_still_the_furthest_stage() -> None:
    events = [event("named", "2012/2017"), event("reviewed", "2015")]
    assert standing(events, date(2018, 1, 1)) == [("z_a", "reviewed")]


def test_by_the_end_of_a_year_counts_from_its_last_day() -> None:
    events = [event("named", "/2017")]
    assert standing(events, date(2017, 12, 30)) == [("z_a", "possible")]
    assert standing(events, date(2017, 12, 31)) == [("z_a", "named")]


def test_an_event_without_a_date_is_only_ever_possible() -> None:
    assert standing([event("named", "")], date(2026, 1, 1)) == [("z_a", "possible")]


def test_a_title_lapses_on_the_day_it_no_longer_stands() -> None:
    events = [event("named", "2020", until=date(2023, 1, 1))]
    assert [standing(events, day)[0][1] for day in (date(2022, 12, 31), date(2023, 1, 1))] == ["named", "lapsed"]
    assert (counts(events, date(2023, 1, 1))["holding"], counts(events, date(2023, 1, 1))["withdrawn"]) == (0, 1)


def test_a_title_given_anew_after_its_withdrawal_counts_again() -> None:
    assert standing([*LIFE, event("approved", "2023")], date(2024, 1, 1)) == [("z_a", "approved")]


def test_a_sub_park_counts_for_its_zone_and_the_zone_once() -> None:
    events = [
        event("named", "2012", level="sub_park", holder="part"),
        event("named", "2014", zone="z_part", holder="zone"),
    ]
    (found,) = title_standings(events, DAY).to_pylist()
    assert (found["holder"], found["level"], counts(events, DAY)["named"]) == ("z_part", "zone", 1)


def test_a_published_total_of_named_parks_is_not_set_against_parks_that_are_only_approved() -> None:
    events = [event("approved", "2010", "a"), event("named", "2011", "b"), event("reviewed", "2012", "c")]
    told = PublishedCount.model_validate(
        {"id": "t", "programme": "p", "counts": "total", "when": "2015", "group": "all", "stage": "named", "count": 5,
         "source": "s", "confidence": "high"}
    )  # fmt: skip
    found = counts(events, DAY, (told,))
    assert (found["holding"], found["reached"], found["difference"]) == (3, 2, 3)
    batch = told.model_copy(update={"counts": "new"})
    assert counts(events, DAY, (batch,))["published"] is None


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(STAGES), st.sampled_from(("2010", "2012-05", "/2014", "2013/2016", "2018-03-01", ""))),
        max_size=6, unique=True,
    ),
    st.dates(date(2009, 1, 1), date(2020, 1, 1)),
)  # fmt: skip
def test_whatever_the_events_a_holder_has_one_stage_and_nothing_later_than_the_day_decides_it(
    pairs: list[tuple[str, str]], day: date
) -> None:
    events = [event(stage, when) for stage, when in pairs]
    found = standing(events, day)
    begun = [each for each in events if days_of(each.when)[0] <= day]
    assert len(found) == min(1, len(begun))
    assert found == standing(list(reversed(begun)), day)


# ------------------------------------------------------------------ readiness, by hand
SCHEME = make_scheme(
    [
        criterion("A", {"kind": "threshold", "operator": ">=", "limit": 1.0, "unit": "1"}),
        criterion("B", {"kind": "threshold", "operator": "<=", "limit": 1.0, "unit": "1"}),
    ],
    conditions=[{"id": "C1", "text": {"zh": "无事故", "en": "no accident"}, "kind": "veto", "source": "S1"}],
    since="2020-01-01", until="2025-01-01",
)  # fmt: skip


def program(name: str, *schemes: str, kind: str = "park") -> Programme:
    return Programme.model_validate(
        {"id": name, "title": {"zh": name, "en": name}, "kind": kind, "level": "nation", "schemes": schemes, "source": "s",
         "awarding_body": {"zh": "甲", "en": "a"}, "confidence": "high"}
    )  # fmt: skip


def readiness(
    rows: list[dict[str, Any]],
    programmes: list[Programme],
    register: list[Designation],
    parks: list[str],
    firms: tuple[str, ...] = (),
) -> Any:
    scores = evaluate(indicator_table(rows), [SCHEME], {}, {})
    return programme_readiness(scores, programmes, [SCHEME], register, parks, firms).to_pylist()


def test_each_park_has_its_verdict_with_what_is_met_not_met_missing_and_open() -> None:
    rows = [
        row("a", 2.0, "north"), row("b", 0.5, "north"),  # both met
        row("a", 2.0, "south"), row("b", 1.5, "south"),  # one not met
        row("a", 2.0, "west"), row("b", None, "west"),  # one missing
    ]  # fmt: skip
    found = readiness(rows, [program("p", "s")], [], [])
    columns = ("entity", "state", "criteria_met", "criteria_not_met", "criteria_missing", "conditions_open")
    assert [tuple(each[name] for name in columns) for each in found] == [
        ("north", "met", 2, 0, 0, 1),
        ("south", "not_met", 1, 1, 0, 1),
        ("west", "not_evaluable", 1, 0, 1, 1),
    ]


def test_a_programme_without_scheme_and_a_park_without_data_are_said_to_be_not_assessed() -> None:
    found = readiness(
        [row("a", 2.0, "north"), row("b", 0.5, "north")], [program("p", "s"), program("q")], [], ["north", "east"]
    )
    assert [(each["programme"], each["scheme"], each["entity"], each["state"]) for each in found] == [
        ("p", "s", "north", "met"), ("p", "s", "east", "not_assessed"), ("q", "", "east", "not_assessed"),
        ("q", "", "north", "not_assessed"),
    ]  # fmt: skip


def test_the_title_on_the_last_day_of_the_period_stands_beside_the_verdict_and_old_schemes_say_so() -> None:
    rows = [row(name, value, "z_a", year) for year in (2024, 2025) for name, value in (("a", 2.0), ("b", 0.5))]
    register = [event("approved", "2020"), event("named", "2025-12-31")]
    found = readiness(rows, [program("p", "s")], register, ["z_a"])
    assert [(each["stage"], each["in_force"]) for each in found] == [("approved", True), ("named", False)]


def test_a_scheme_is_in_force_up_to_its_last_round_which_judges_the_data_of_the_year_before() -> None:
    scheme = SCHEME.model_copy(update={"until": None, "rounds": Rounds(last=2024, source="S1", confidence="high")})
    rows = [row(name, value, "z_a", year) for year in (2023, 2024) for name, value in (("a", 2.0), ("b", 0.5))]
    scores = evaluate(indicator_table(rows), [scheme], {}, {})
    found = programme_readiness(scores, [program("p", "s")], [scheme], [], ["z_a"]).to_pylist()
    assert [(each["start"].year, each["in_force"]) for each in found] == [(2023, True), (2024, False)]


def test_programmes_of_enterprises_ask_nothing_of_parks() -> None:
    assert readiness([row("a", 2.0), row("b", 0.5)], [program("p", "s", kind="factory")], [], ["park"]) == []


def test_a_factory_is_assessed_for_programmes_of_factories_where_their_scheme_was_applied_and_for_none_of_parks() -> (
    None
):
    rows = [row("a", 2.0, "plant"), row("b", 0.5, "plant")]
    programmes = [program("f", "s", kind="factory"), program("g", "t", kind="factory"), program("p", "s")]
    found = readiness(rows, programmes, [], ["plant"], ("plant",))
    assert [(each["programme"], each["entity"], each["state"]) for each in found] == [("f", "plant", "met")]


def test_open_variants_are_counted_by_the_least_favourable_one() -> None:
    rows = [
        row("a", 2.0, variant="basis=calorific"), row("b", 0.5, variant="basis=calorific"),
        row("a", 0.5, variant="basis=primary_energy"), row("b", 0.5, variant="basis=primary_energy"),
    ]  # fmt: skip
    (found,) = readiness(rows, [program("p", "s")], [], [])
    assert (found["state"], found["criteria_met"], found["criteria_not_met"], found["provisional"]) == (
        "not_met",
        1,
        1,
        True,
    )
