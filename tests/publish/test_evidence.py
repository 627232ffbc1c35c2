"""Figures that stand beside the rows of units name the observations that they rest on."""

from datetime import date

import pyarrow as pa
import pytest

from greenpark.catalog import load_packs
from greenpark.catalog.messages import load_messages
from greenpark.publish.evidence import evidence_of, is_observed
from greenpark.publish.naming import Names
from greenpark.publish.release import Definitions


@pytest.fixture(scope="module")
def names() -> Names:
    packs = load_packs(kinds=("methods", "factors", "carriers", "units", "quantities", "places"))
    definitions = Definitions(
        load_messages(), carriers=packs.carriers, methods=packs.methods, profiles=packs.profiles, profile="china_park_national"
    )  # fmt: skip
    return Names(definitions, pa.table({"entity": pa.array([], pa.string())}))


def asked(names: Names, quantity: str, variant: str = "", item: str = "") -> dict[str, object]:
    figure = {"entity": "A", "quantity": quantity, "variant": variant, "item": item}
    [found] = evidence_of({**figure, "start": date(2023, 1, 1), "end": date(2024, 1, 1)}, names)
    return {"table": found.table, **found.where}


def test_energy_sold_rests_on_the_sales_of_every_carrier(names: Names) -> None:
    where = asked(names, "energy.sold", "basis=calorific")
    assert (where["table"], where["role"]) == ("energy", ("sale", "memo_sale"))
    carriers = where["carrier"]
    assert isinstance(carriers, tuple) and {"coke", "electricity", "heat", "waste_heat_pressure"} <= set(carriers)
    assert asked(names, "energy.sold", "basis=calorific", "coke")["carrier"] == ("coke",)


def test_clean_energy_rests_on_the_carriers_that_its_profile_calls_clean(names: Names) -> None:
    plain = asked(names, "energy.clean", "basis=primary_energy")["carrier"]
    with_gas = asked(names, "energy.clean", "basis=primary_energy@zero_carbon_park_2025_gas_clean")["carrier"]
    assert isinstance(plain, tuple) and isinstance(with_gas, tuple)
    assert "natural_gas" in with_gas and "natural_gas" not in plain and "biogas" in plain


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        ("green.unproven", {"flow": "purchase"}),
        ("co2.green_unproven", {"flow": "purchase"}),
        ("co2.green_denied", {"quantity": ("certificate.claimed", "certificate.sold", "certificate.year")}),
        ("co2.network_loss", {"flow": "transfer"}),
        ("co2.conversion_oxidation", {"flow": ("transform_in", "transform_out")}),
        ("electricity.direct_green", {"carrier": "electricity_direct_green", "flow": ("use_industrial", "use_other")}),
    ],
)
def test_what_stands_beside_the_rows_names_its_observations(
    names: Names, quantity: str, expected: dict[str, object]
) -> None:
    where = asked(names, quantity)
    assert where["table"] == "observations"
    assert expected.items() <= where.items()
    assert not is_observed(quantity)
