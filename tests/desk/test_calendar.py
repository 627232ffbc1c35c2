"""The calendar: every duty of every unit is in exactly one list, and days are counted in the calendar's time zone."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from unittest.mock import patch

import pytest

from greenpark.catalog import PackError, Packs
from greenpark.catalog.calendar import load_calendar
from greenpark.desk import handing_in, review
from greenpark.desk.calendar import Owed, owed, to_remind, write_csv
from greenpark.engine.store import Store
from greenpark.model.submission import CellComment
from tests.collect.conftest import code, write_book
from tests.desk.made_books import TITLES, book, coal, handed_in, moment

HEAD = "title: {zh: 报送日历, en: Calendar}\nutc_offset_hours: 8\nduties:\n"
MONTHLY = "  - {id: monthly, form: park_annual, frequency: monthly, due_days: 15, since: 2025-01-01, group: units}\n"
BEIJING = timezone(timedelta(hours=8))


def calendar_file(folder: Path, text: str) -> Path:
    path = folder / "calendar.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def found_on(store: Store, packs: Packs, path: Path, day: date) -> dict[tuple[str, str], Owed]:
    found = owed(load_calendar(path, packs.forms), store, day)
    assert len({(each.entity, each.period) for each in found}) == len(found)
    return {(each.entity, each.period): each for each in found}


@pytest.fixture
def registered(tmp_path: Path, store: Store, packs: Packs) -> Store:
    """A park with three units: the second left in February, the third is above scale since March."""
    titles = ("统一社会信用代码", "单位名称", "类别", "入园日", "离园日", "规上起始日")
    rows = [
        ("PARK", "示范园区", "园区", None, None, None),
        (code(1), "甲厂", "法人单位", None, None, None),
        (code(2), "乙厂", "法人单位", None, "2025-02-10", None),
        (code(3), "丙厂", "法人单位", "2025-01-01", None, "2025-03-01"),
    ]
    file = write_book(tmp_path / "park.xlsx", {"园区单位": [titles, *rows], "能源": [TITLES]})
    batch = handed_in(store, packs, file, entity="PARK", period="2025").sign_off.batch
    review.accept_submission(store, batch, "赵六", moment())
    return store


def received(store: Store, packs: Packs, file: Path, at: datetime, **more: object) -> str:
    """Hand in at a moment."""
    with patch.object(handing_in, "utc_now", lambda: at):
        return handed_in(store, packs, file, **more).sign_off.batch


def test_each_duty_is_due_late_missing_or_received(tmp_path: Path, registered: Store, packs: Packs) -> None:
    path = calendar_file(tmp_path, MONTHLY)
    for period, at in (
        ("2025-01", datetime(2025, 2, 15, 23, tzinfo=BEIJING)),
        ("2025-02", datetime(2025, 3, 18, tzinfo=BEIJING)),
    ):
        received(registered, packs, book(tmp_path / f"{period}.xlsx", [coal(1, 5, period)]), at, period=period)
    file = book(tmp_path / "c.xlsx", [coal(3, 5, "2025-01")], [3])
    batch = received(registered, packs, file, datetime(2025, 2, 10, tzinfo=BEIJING), entity=code(3), period="2025-01")
    review.return_submission(registered, batch, "赵六", [CellComment(text="不全")], moment())
    found = found_on(registered, packs, path, date(2025, 4, 12))
    told = {key: (each.state, each.days) for key, each in found.items()}
    assert told == {
        (code(1), "2025-01"): ("received", 0),
        (code(1), "2025-02"): ("received_late", 3),
        (code(1), "2025-03"): ("due", -3),
        (code(2), "2025-01"): ("missing", 56),
        (code(3), "2025-01"): ("late", 56),
        (code(3), "2025-02"): ("missing", 28),
        (code(3), "2025-03"): ("due", -3),
    }
    assert found[code(3), "2025-01"].standing == "returned"
    reminded = to_remind(owed(load_calendar(path, packs.forms), registered, date(2025, 4, 12)))
    assert [each.state for each in reminded] == ["missing", "missing", "late", "due", "due"]


def test_what_arrives_after_the_day_asked_about_is_not_there_yet(
    tmp_path: Path, registered: Store, packs: Packs
) -> None:
    path = calendar_file(tmp_path, MONTHLY)
    file = book(tmp_path / "a.xlsx", [coal(1, 5, "2025-01")])
    received(registered, packs, file, datetime(2025, 2, 15, 16, 30, tzinfo=UTC), period="2025-01")
    assert found_on(registered, packs, path, date(2025, 2, 15))[code(1), "2025-01"].state == "due"
    late = found_on(registered, packs, path, date(2025, 2, 16))[code(1), "2025-01"]
    assert (late.state, late.received, late.days) == ("received_late", date(2025, 2, 16), 1)


def test_an_estimate_of_the_park_ends_no_duty(tmp_path: Path, registered: Store, packs: Packs) -> None:
    path = calendar_file(tmp_path, MONTHLY)
    file = book(tmp_path / "a.xlsx", [coal(1, 5, "2025-01")])
    at = datetime(2025, 2, 1, tzinfo=BEIJING)
    received(registered, packs, file, at, period="2025-01", origin="park", method="上年同月")
    found = found_on(registered, packs, path, date(2025, 2, 20))[code(1), "2025-01"]
    assert (found.state, found.estimated) == ("missing", True)


@pytest.mark.parametrize(
    ("group", "frequency", "expected"),
    [
        ("above_scale", "monthly", {(3, "2025-03")}),
        ("units", "quarterly", {(1, "2025-Q1"), (3, "2025-Q1")}),
        ("units", "annual", set()),
        ("in_statistics", "monthly", set()),
    ],
)
def test_groups_are_those_at_the_end_of_the_period(
    tmp_path: Path, registered: Store, packs: Packs, group: str, frequency: str, expected: set[tuple[int, str]]
) -> None:
    text = MONTHLY.replace("group: units", f"group: {group}").replace("frequency: monthly", f"frequency: {frequency}")
    found = found_on(registered, packs, calendar_file(tmp_path, text), date(2025, 4, 5))
    assert set(found) == {(code(number), period) for number, period in expected}


def test_the_lists_open_in_a_spreadsheet_program(tmp_path: Path, registered: Store, packs: Packs) -> None:
    found = owed(load_calendar(calendar_file(tmp_path, MONTHLY), packs.forms), registered, date(2025, 2, 20))
    words = {"missing": "逾期未报", "estimated": "园区已估算"}
    write_csv(tmp_path / "list.csv", found, {"state": "情况", "entity_name": "单位名称", "due": "截止日"}, words)
    assert (tmp_path / "list.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["情况", "单位名称", "截止日"]
    assert ["逾期未报", "甲厂", "2025-02-15"] in rows


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (MONTHLY.replace("park_annual", "park_anual"), "catalog.unknown_id"),
        (MONTHLY.replace(", group: units", ""), "catalog.duty_of_nobody"),
        (MONTHLY + MONTHLY, "catalog.duty_twice"),
        (MONTHLY.replace("due_days: 15", "due_days: 0"), ""),
    ],
)
def test_a_wrong_calendar_is_refused_with_its_line(tmp_path: Path, packs: Packs, text: str, message: str) -> None:
    with pytest.raises(PackError) as refused:
        load_calendar(calendar_file(tmp_path, text), packs.forms)
    assert message in {"", *(each.message for each in refused.value.mistakes)}
    assert all(each.line >= 4 for each in refused.value.mistakes)
