"""From the sum of enterprise reports to the total of the park, with nothing hidden between them."""

import pyarrow as pa
import pytest

from greenpark.account.reconciliation import reconcile
from greenpark.engine.schema import arrow_schema
from greenpark.model.tables import FIGURES
from tests.account.made_park import definitions, run


def told(result, engine):
    rows = [{"run": "r", **row} for row in result.figures]
    table = engine.from_arrow(pa.Table.from_pylist(rows, schema=arrow_schema(FIGURES)))
    return {finding.rule: finding.values for finding in reconcile(table, "park", "view=location", engine)}


def park(made, received=350.0):
    """A sells heat to B, something is lost on the way, and power goes to the grid."""
    made.unit("A").energy("A", "natural_gas", "use_industrial", 40.0).energy("A", "natural_gas", "purchase", 40.0)
    made.energy("A", "natural_gas", "transform_in", 40.0).energy("A", "heat", "transform_out", 350.0)
    made.energy("A", "electricity", "transform_out", 25.0).energy("A", "electricity", "sale", 25.0)
    made.energy("A", "heat", "sale", 350.0).energy("A", "heat", "transfer", 350.0, counterparty="B")
    made.unit("B").energy("B", "heat", "purchase", received).energy("B", "heat", "use_industrial", received)
    return made.energy("B", "electricity", "purchase", 10.0).energy("B", "electricity", "use_industrial", 10.0)


@pytest.mark.parametrize("received", [350.0, 340.0])
def test_the_sum_of_reports_becomes_the_total_without_a_rest(packs, engine, made, received):
    result = run(park(made, received), definitions(packs, "china_park_national"), engine)
    values = told(result, engine)["reconciled"]
    assert values["total"] == result.value("co2.total", variant="view=location")
    assert values["sum"] == result.value("co2.enterprise_sum", variant="view=location")
    assert values["rest"] == pytest.approx(0, abs=2e-5)
    assert values["lost"] == pytest.approx((350 - received) * 0.11, abs=1e-6)


def test_gate_meters_stand_beside_what_units_import(packs, engine, made):
    made = park(made).row("park", "metered.electricity", 12.0).energy("A", "electricity", "loss", 1.5)
    result = run(made, definitions(packs, "china_park_national"), engine)
    values = told(result, engine)["gate_meter"]
    assert (values["metered"], values["imported"], values["lost"]) == (12, 10, 1.5)
    assert (values["difference"], values["rest"]) == (2, 0.5)


def test_what_the_default_factor_leaves_is_told_for_each_split(packs, engine, made):
    result = run(park(made), definitions(packs, "china_park_national"), engine)
    assert told(result, engine)["unallocated"]["value"] == pytest.approx(
        result.value("co2.unallocated", variant="allocation=heat_quantity")
    )
