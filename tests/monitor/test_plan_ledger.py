"""The ledger of the action plan: status of each measure, and what is remarked."""

from __future__ import annotations

from datetime import date

import pytest

from greenpark.monitor.plan_ledger import ledger_findings, ledger_table, status_of

DAY = date(2025, 7, 1)


def measure(name: str = "M1", **more):
    return {"measure": name, "name": name, "kind": "energy_saving", "due": date(2025, 12, 31)} | more


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({}, "planned"),
        ({"begun": date(2025, 1, 1)}, "under_way"),
        ({"due": date(2025, 6, 30)}, "overdue"),
        ({"due": DAY}, "planned"),
        ({"done": date(2025, 6, 1), "evidence": "验收报告"}, "done"),
        ({"done": date(2025, 6, 1)}, "done_without_evidence"),
        ({"done": date(2025, 8, 1)}, "planned"),
    ],
)
def test_the_status_follows_dates_and_evidence(more, status):
    assert status_of(measure(**more), DAY) == status


def told(*measures, needed=None):
    return [each.message for each in ledger_findings(ledger_table(measures, DAY), DAY, needed or {})]


def test_an_overdue_measure_is_named_with_its_place():
    rows = ledger_table([measure(due=date(2025, 3, 31), file="ledger.xlsx", sheet="措施台账", cell="A5")], DAY)
    (found,) = ledger_findings(rows, DAY, {})
    assert (found.message, str(found.place)) == ("monitor.measure_overdue", "ledger.xlsx!措施台账!A5")


def test_results_need_evidence_and_an_end_needs_results():
    assert told(measure(achieved_co2=10.0)) == ["monitor.achieved_without_evidence"]
    assert told(measure(done=DAY, evidence="x")) == ["monitor.done_without_result"]
    assert told(measure(done=DAY, evidence="x", achieved_tce=0.0)) == []


def test_what_is_expected_is_held_against_what_is_still_needed():
    done = measure("C", expected_co2=500.0, done=DAY, achieved_co2=1.0, evidence="x")
    measures = [measure("A", expected_co2=30.0), measure("B"), done]
    assert told(*measures, needed={"co2": 31.0}) == ["monitor.ledger_falls_short"]
    assert told(*measures, needed={"co2": 30.0}) == []
    assert told(needed={"co2": 30.0}) == []


def test_measures_stand_in_the_order_of_their_ids():
    assert ledger_table([measure("B"), measure("A")], DAY).column("measure").to_pylist() == ["A", "B"]
