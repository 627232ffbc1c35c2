"""Request 9: how complete the data are, by enterprise, month and energy carrier, and up to which day they reach."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.requests.small_park import Park, command, sheet_rows

# What each unit reports of each carrier, a letter for each month: r a number, a declared not used, m nothing.
REPORTED = {
    ("u_甲厂", "electricity"): "rrrrrrrrrmmm",
    ("u_甲厂", "gasoline"): "rmrrrrrrrrrr",
    ("u_乙厂", "electricity"): "rrrrrraaaaaa",
    ("u_丙厂", ""): "mmmmmmmmmmmm",
}
NAMES = {"electricity": ("电力", "万千瓦时"), "gasoline": ("汽油", "吨")}
LAST_DAYS = {("u_甲厂", "electricity"): "2023-09-30", ("u_甲厂", "gasoline"): "2023-12-31"}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of a park of which something is missing."""
    park = Park(tmp_path_factory.mktemp("request_09"), units=("甲厂", "乙厂", "丙厂"))
    for (unit, carrier), months in REPORTED.items():
        for month, letter in enumerate(months, start=1):
            if letter in "ra" and carrier:
                amount = month if letter == "r" else "未使用"
                park.rows.append((unit.removeprefix("u_"), f"2023-{month:02d}", *NAMES[carrier], amount, amount))
    done = command("run", park.write(), "--output", park.folder / "out", "--workspace", park.folder / "w")
    assert done.exit_code == 0, done.output
    return park.folder / "out"


def test_09_every_month_of_every_unit_and_carrier_is_accounted_for(out: Path) -> None:
    rows = {
        (row["单位标识"], _carrier(row["品种或类别"])): row
        for row in sheet_rows(out / "report.xlsx", "完整性明细 Completeness")
    }
    assert rows.keys() == REPORTED.keys()
    for key, months in REPORTED.items():
        row = rows[key]
        assert row["1–12月（r"] == months, key
        counted = (row["应报"], row["已报"], row["声明没有"], row["缺失"])
        assert counted == (12, months.count("r"), months.count("a"), months.count("m")), key
    assert {key: rows[key]["数据截止日期"] for key in LAST_DAYS} == LAST_DAYS
    assert rows["u_丙厂", ""]["数据截止日期"] in ("", "—", None)


def test_09_gaps_name_their_months_on_the_page_and_in_the_summary(out: Path) -> None:
    complete = json.loads((out / "summary.json").read_text(encoding="utf-8"))["completeness"]
    gaps = {(each["entity"], each["carrier"]["zh"]): each["missing_months"] for each in complete["gaps"]}
    assert gaps == {("甲厂", "电力"): "10–12", ("甲厂", "汽油"): "2", ("丙厂", ""): "1–12"}
    whole = complete["total"]
    letters = "".join(REPORTED.values())
    assert (whole["expected"], whole["present"], whole["absent"], whole["missing"]) == (
        len(letters), letters.count("r"), letters.count("a"), letters.count("m"),
    )  # fmt: skip
    assert whole["last_day"] == "2023-12-31"
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "<td>10–12</td>" in page


def _carrier(text: object) -> str:
    known = {f"{zh}": carrier for carrier, (zh, _) in NAMES.items()}
    return known.get(str(text or "").split(" ")[0].split("\n")[0], "")
