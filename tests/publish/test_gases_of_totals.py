"""A total of greenhouse gases says which gases it holds."""

import pyarrow as pa

from greenpark.catalog import load_packs
from greenpark.catalog.messages import load_messages
from greenpark.publish.naming import Names
from greenpark.publish.release import Definitions


def figure(variant: str, item: str, value: float | None = 1.0) -> dict[str, object]:
    return {"quantity": "ghg.total", "variant": variant, "item": item, "value": value}


def names(*rows: dict[str, object]) -> Names:
    packs = load_packs(kinds=("methods", "factors", "carriers", "units", "quantities", "places"))
    definitions = Definitions(load_messages(), profiles=packs.profiles, profile="china_park_national")
    return Names(definitions, pa.table({"entity": pa.array([], pa.string())}), lambda: rows)


def test_a_total_of_co2_alone_says_so_in_both_languages() -> None:
    said = names(figure("view=location", ""), figure("view=location", "CO2")).variant("view=location", "ghg.total")
    assert said.zh == "基于位置、只含 CO2（未计 CH4、N2O 等其他气体）、增温潜势 AR5"
    assert said.en == "location-based, CO2 alone, no other gas was counted, GWP of AR5"


def test_the_gases_of_each_variant_are_named_carbon_dioxide_first() -> None:
    told = names(
        figure("view=location", "N2O"),
        figure("view=location", "CO2"),
        figure("view=location", "CF4", None),
        figure("view=market", "CO2"),
    )
    assert told.variant("view=location", "ghg.total").zh == "基于位置、含 CO2 + N2O、增温潜势 AR5"
    assert "CO2 alone" in told.variant("view=market", "ghg.total").en
    assert "CO2" not in told.variant("view=market", "co2.total").zh


def test_nothing_is_said_where_the_figures_are_not_at_hand() -> None:
    assert names().variant("view=location", "ghg.total").en == "location-based, GWP of AR5"
