"""Methods and profiles: what they refer to exists, and flows are counted once."""

from tests.packs.packed import PACKS, carriers, factors, methods, profiles

FUNCTIONS = {
    "standard_coal",
    "primary_energy",
    "combustion_net",
    "combustion_direct",
    "process_product",
    "power",
    "heat",
    "combustion_gases",
    "unoxidised",
    "chp_heat_quantity",
    "chp_efficiency",
    "chp_exergy",
    "steam_to_heat",
}
FLOWS = {
    "purchase",
    "transform_in",
    "use_industrial",
    "use_other",
    "use_feedstock",
    "transform_out",
    "recovery",
    "sale",
}


def test_methods_refer_to_what_exists():
    packs = {folder.name for folder in (PACKS / "factors").iterdir()}
    for each in methods().values():
        assert each["function"] in FUNCTIONS
        assert set(each["factor_sets"]) <= packs, each["id"]
        assert set(each.get("carriers", ())) <= set(carriers()), each["id"]
        assert set(each.get("flows", {})) <= FLOWS, each["id"]


def test_profiles_refer_to_methods_and_a_known_gwp_set():
    sets = {row.definition for row in factors("gwp")}
    for each in profiles().values():
        assert set(each["methods"]) <= set(methods()), each["id"]
        assert each["gwp_set"] in sets


def test_a_method_has_its_definition_in_one_of_its_sets():
    for each in methods().values():
        if each.get("definition"):
            found = {row.definition for name in each["factor_sets"] for row in factors(name)}
            assert each["definition"] in found, each["id"]


def test_no_carrier_meets_two_power_or_heat_methods_of_one_view():
    """A kilowatt hour counts once in a view."""
    for profile in profiles().values():
        seen = [
            (methods()[name]["view"], carrier)
            for name in profile["methods"]
            if methods()[name]["function"] in ("power", "heat")
            for carrier in methods()[name]["carriers"]
        ]
        assert len(seen) == len(set(seen)), profile["id"]


def test_every_kind_of_bought_electricity_is_met_in_each_view_of_a_park():
    bought = {name for name, row in carriers().items() if row["kind"] == "electricity"}
    for profile in ("china_park_national", "china_park_province", "zero_carbon_park_2025"):
        used = [methods()[name] for name in profiles()[profile]["methods"] if methods()[name]["function"] == "power"]
        for view in {each["view"] for each in used}:
            assert {carrier for each in used if each["view"] == view for carrier in each["carriers"]} == bought


def test_what_is_bought_and_sold_goes_through_one_method():
    for each in methods().values():
        if each["function"] in ("power", "heat") and each["id"] != "power_ets":
            assert each["flows"] == {"purchase": 1, "sale": -1}, each["id"]


def test_feedstock_and_fuels_made_are_not_burnt():
    for each in methods().values():
        if each["function"] == "combustion_net":
            assert each["flows"] == {
                "use_industrial": 1,
                "use_other": 1,
                "use_feedstock": -1,
                "transform_out": -1,
                "recovery": -1,
            }


def test_energy_is_industrial_use_less_what_is_made_and_recovered():
    for name in ("gbt2589_2020_calorific", "gbt2589_2020_primary_energy", "gbt2589_2008_calorific"):
        assert methods()[name]["flows"] == {"use_industrial": 1, "transform_out": -1, "recovery": -1}


def test_a_zero_carbon_park_counts_use_outside_production_too():
    for name, each in methods().items():
        if name.startswith("energy_zero_carbon_park"):
            assert each["flows"] == {"use_industrial": 1, "use_other": 1, "transform_out": -1, "recovery": -1}, name


def test_a_profile_counts_each_kind_of_carrier_once_on_each_basis_of_energy():
    for each in profiles().values():
        chosen = [methods()[name] for name in each["methods"] if methods()[name]["produces"] == "energy"]
        counted = [(method["basis"], kind) for method in chosen for kind in method["kinds"]]
        assert len(counted) == len(set(counted)), each["id"]


def test_working_media_enter_a_total_in_no_profile():
    for each in profiles().values():
        for method in (methods()[name] for name in each["methods"]):
            assert "flows" not in method or "working_medium" not in method.get("kinds", ()), (each["id"], method["id"])


def test_plants_of_the_us_are_accounted_on_the_gross_basis():
    assert profiles()["us_plants"]["methods"] == ["combustion_us_plants"]
    (name,) = methods()["combustion_us_plants"]["factor_sets"]
    assert {row.basis for row in factors(name)} == {"gross"}
