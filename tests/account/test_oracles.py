"""Cases with published or independently computed answers, through the real stages."""

import csv

import pytest
import yaml

from tests.account.made_park import MadePark, carrier, definitions, factor, method, run, with_own

RATIO = {"carbon_to_co2": 44 / 12}
USES = {"use_industrial": 1.0, "use_other": 1.0}


@pytest.fixture(scope="session")
def oracle(shared):
    def read(name):
        return yaml.safe_load((shared / "reference" / "oracles" / f"{name}.yaml").read_text(encoding="utf-8"))

    return read


def test_company_with_gas_coal_and_a_diesel_tank(packs, engine, oracle):
    case = oracle("co2__company_gas_coal_diesel_stock")
    given, expected = case["inputs"], case["expected"]
    carriers = [carrier("gas", "m3"), carrier("hard_coal", "t"), carrier("diesel_tank", "L")]
    factors = [
        factor("gas", "co2", given["ef"]["natural_gas_kg_per_m3"], "kgCO2/m3", basis="net"),
        factor("hard_coal", "co2", given["ef"]["coal_kg_per_t"], "kgCO2/t", basis="net"),
        factor("diesel_tank", "co2", given["ef"]["diesel_kg_per_l"], "kgCO2/L", basis="net"),
    ]
    direct = method("direct", "combustion_direct", flows=USES, kinds=("fuel",))
    made = MadePark(packs, carriers={each.id: each for each in carriers}).unit("A")
    made.energy("A", "gas", "use_industrial", given["natural_gas_m3"])
    made.energy("A", "hard_coal", "use_industrial", given["coal_t"])
    made.energy("A", "diesel_tank", "stock_open", given["diesel_litre_opening"])
    made.energy("A", "diesel_tank", "stock_close", given["diesel_litre_closing"])
    made.energy("A", "diesel_tank", "purchase", given["diesel_purchased"])
    result = run(made, with_own(definitions(packs), [direct], factors, carriers), engine)
    for item, key in (("gas", "natural_gas_t"), ("hard_coal", "coal_t"), ("diesel_tank", "diesel_t")):
        assert result.value("co2.direct", item=item) == pytest.approx(expected[key], rel=1e-9)
    assert result.value("co2.direct") == pytest.approx(expected["total_tco2"], rel=1e-9)
    derived = [finding for finding in result.findings if finding.rule == "use_derived"]
    assert [finding.values["amount"] for finding in derived] == [expected["diesel_used_l"]]
    assert {row["observed"] for row in result.emissions if row["carrier"] == "diesel_tank"} == {"estimated"}
    assert result.figure("co2.direct", item="diesel_tank")["estimated_share"] == pytest.approx(1)


def test_enterprise_by_the_formula_of_gbt_32150(packs, engine, oracle):
    case = oracle("co2__constructed_enterprise_32150")
    given, expected = case["inputs"], case["expected"]
    names = {"coal": "bituminous_coal", "gas": "natural_gas", "diesel": "diesel"}
    factors = [factor("calcium_carbonate", "process", given["ef_caco3"], "tCO2/t", gas="CO2")]
    factors.append(factor("captured_co2", "process", -1.0, "tCO2/t", gas="CO2"))
    factors.append(factor("electricity", "power", given["ef_power"], "tCO2/MWh", gas="CO2"))
    factors.append(factor("heat", "heat", given["ef_heat"], "tCO2/GJ", gas="CO2"))
    made = MadePark(packs, carriers={"captured_co2": carrier("captured_co2", "t", "product")}).unit("A")
    for name, fuel in given["fuels"].items():
        item = names[name]
        unit = packs.carriers[item].unit
        factors.append(factor(item, "ncv", fuel["ncv_GJ_per_unit"], f"GJ/{unit}", basis="net"))
        factors.append(factor(item, "carbon_content", fuel["cc_tC_per_GJ"], "tC/GJ", basis="net"))
        factors.append(factor(item, "oxidation", fuel["of"], "1"))
        made.energy("A", item, "use_industrial", fuel["amount"])
    made.made("A", "calcium_carbonate", given["limestone_t"] * given["caco3_purity"])
    made.made("A", "captured_co2", given["co2_recovered_sold_t"])
    made.energy("A", "electricity", "purchase", given["purchased_electricity_MWh"])
    made.energy("A", "electricity", "sale", given["exported_electricity_MWh"])
    made.energy("A", "heat", "purchase", given["purchased_heat_GJ"]).energy(
        "A", "heat", "sale", given["exported_heat_GJ"]
    )
    traded = {"purchase": 1.0, "sale": -1.0}
    methods = [
        method("fuels", "combustion_net", flows=USES, kinds=("fuel",), parameters=RATIO),
        method("carbonate", "process_product", category="process", carriers=("calcium_carbonate",)),
        method("recovered", "process_product", category="recovery", carriers=("captured_co2",)),
        method("power", "power", category="power", view="location", flows=traded, carriers=("electricity",)),
        method("heat", "heat", category="heat", view="location", flows=traded, carriers=("heat",)),
    ]
    result = run(made, with_own(definitions(packs), methods, factors, made.carriers.values()), engine)
    location = {"variant": "view=location"}
    assert result.value("co2.combustion") == pytest.approx(expected["combustion"], rel=1e-9)
    assert result.value("co2.process") == pytest.approx(expected["process"], rel=1e-9)
    assert result.value("co2.power_net", **location) == pytest.approx(expected["net_electricity"], rel=1e-9)
    assert result.value("co2.heat_net", **location) == pytest.approx(expected["net_heat"], rel=1e-9)
    assert result.value("co2.total", **location) == pytest.approx(expected["total"], rel=1e-9)


def constructed_park(packs, given):
    """A CHP plant A that sells power and heat to B and C in the park, and power to the grid."""
    source = carrier("any_fuel", "t")
    made = MadePark(packs, carriers={"any_fuel": source})
    for name in "ABC":
        made.unit(name).energy(name, "any_fuel", "use_industrial", given[name]["direct_tco2"])
    for kind, amounts in (("electricity", given["A"]["power_MWh"]), ("heat", given["A"]["heat_GJ"])):
        made.energy("A", kind, "transform_out", sum(amounts.values()))
        for name in "BC":
            made.transfer("A", name, kind, amounts[name])
            bought = amounts[name] + (given[name]["grid_power_MWh"] if kind == "electricity" else 0)
            made.energy(name, kind, "use_industrial", bought)
    made.energy("A", "electricity", "sale", given["A"]["power_MWh"]["grid_outside"])
    for name in "BC":
        made.energy(name, "electricity", "purchase", given[name]["grid_power_MWh"])
    factors = [
        factor("any_fuel", "co2", 1.0, "tCO2/t", basis="net"),
        factor("electricity", "power", given["factors"]["grid"], "tCO2/MWh", gas="CO2"),
        factor("heat", "heat", given["factors"]["heat_default"], "tCO2/GJ", gas="CO2"),
    ]
    traded = {"purchase": 1.0, "sale": -1.0}
    methods = [
        method("fuels", "combustion_direct", flows=USES, kinds=("fuel",)),
        method("power", "power", category="power", view="location", flows=traded, carriers=("electricity",)),
        method("heat", "heat", category="heat", view="location", flows=traded, carriers=("heat",)),
        packs.methods["gbt2589_2020_calorific"],
        packs.methods["gbt2589_2020_primary_energy"],
    ]
    return made, with_own(definitions(packs), methods, factors, [source])


def test_park_with_a_chp_plant_counts_nothing_twice(packs, engine, oracle):
    """Trap 15: a plain sum of the enterprises' reports counts what the plant delivers inside the park twice."""
    case = oracle("co2__constructed_park_double_counting")
    expected = case["expected"]
    result = run(*constructed_park(packs, case["inputs"]), engine)
    location = {"variant": "view=location"}
    imported = result.value("co2.power_net", item="import", **location)
    imported += result.value("co2.heat_net", item="import", **location)
    exported = result.value("co2.power_net", item="export", **location)
    net = [result.value("co2.total", name, **location) for name in "ABC"]
    found = {
        "sum_of_enterprise_reports_gross": result.value("co2.enterprise_sum", **location),
        "sum_of_enterprise_net_reports": sum(net),
        "park_scope1": result.value("co2.direct"),
        "park_scope2_imported_only": imported,
        "park_exported_power_tco2_memo": -exported,
        "park_total_territorial_plus_net_import": result.value("co2.total", **location),
        "internal_transfer_double_count": result.value("co2.internal_double_count", **location),
    }
    assert found == {key: pytest.approx(value, rel=1e-9) for key, value in expected.items()}
    assert (
        result.value("electricity.imported")
        == case["inputs"]["B"]["grid_power_MWh"] + case["inputs"]["C"]["grid_power_MWh"]
    )
    assert result.value("electricity.exported") == case["inputs"]["A"]["power_MWh"]["grid_outside"]
    assert result.value("heat.imported") == result.value("heat.exported") == 0
    gross = found["sum_of_enterprise_reports_gross"]
    assert gross - found["park_scope1"] - imported == pytest.approx(found["internal_transfer_double_count"], rel=1e-9)


@pytest.mark.parametrize("basis", ["calorific", "primary_energy"])
def test_energy_of_the_units_adds_up_to_that_of_the_park(packs, engine, oracle, basis):
    """Both ways of counting, by use less output and by imports, meet where every balance closes."""
    result = run(*constructed_park(packs, oracle("co2__constructed_park_double_counting")["inputs"]), engine)
    variant = f"basis={basis}"
    for item in ("electricity", "heat"):
        units = [result.value("energy.total", name, variant=variant, item=item) for name in "ABC"]
        assert sum(units) == pytest.approx(result.value("energy.total", variant=variant, item=item), abs=1e-5)


def test_gas_factor_from_calorific_value_carbon_content_and_oxidation(packs, engine, oracle):
    case = oracle("co2__gas_ef_from_ncv_cc_of")
    names = {each.name.zh: each.id for each in packs.carriers.values()}
    factors, made = [], MadePark(packs).unit("A")
    for fuel in case["inputs"]:
        item = names[fuel["fuel"]]
        factors.append(factor(item, "ncv", fuel["ncv_kJ_per_m3"], "kJ/Nm3", basis="net"))
        factors.append(factor(item, "carbon_content", fuel["cc_tC_per_TJ"], "tC/TJ", basis="net"))
        factors.append(factor(item, "oxidation", fuel["of_pct"], "%"))
        made.energy("A", item, "use_industrial", 1.0)
    fuels = method("fuels", "combustion_net", flows=USES, kinds=("fuel",), parameters=RATIO)
    result = run(made, with_own(definitions(packs), [fuels], factors), engine)
    for fuel in case["expected"]:
        per_m3 = result.value("co2.direct", item=names[fuel["fuel"]]) / 10_000
        tolerance = 5.1e-5 if fuel["fuel"] == "天然气" else 5.1e-6
        assert per_m3 == pytest.approx(fuel["tco2_per_m3"], abs=tolerance), fuel["fuel"]


def test_factors_of_the_national_database(packs, engine, oracle):
    """The pack's own values, through the profile of the 2025 zero-carbon-park method."""
    case = oracle("co2__national_db_v2_converted")
    made = (
        MadePark(packs)
        .unit("A")
        .energy("A", "natural_gas", "use_industrial", 1.0)
        .energy("A", "diesel_road", "use_industrial", 1.0)
    )
    result = run(made, definitions(packs, "zero_carbon_park_2025"), engine)
    expected = {each["fuel"]: each for each in case["expected"]}
    gas = result.value("co2.direct", item="natural_gas") / 10_000 * 1000
    assert gas == pytest.approx(expected["natural gas"]["kgco2_per_Nm3"], abs=6e-4)
    assert result.value("co2.direct", item="diesel_road") == pytest.approx(expected["diesel"]["tco2_per_t"], abs=6e-4)


def test_standard_coal_of_gbt_2589_2008(packs, engine, oracle):
    case = oracle("energy__gbt2589_2008_table_consistency")
    made = MadePark(packs).unit("A")
    for each in case["inputs"]:
        made.energy("A", each["carrier"], "use_industrial", 1.0)
    result = run(made, with_own(definitions(packs), [packs.methods["gbt2589_2008_calorific"]]), engine)
    for each, given in zip(case["expected"], case["inputs"], strict=True):
        per_unit = result.value("energy.total", variant="basis=calorific", item=each["carrier"])
        scale = 10_000 if given["per"] == "m3" else 1000
        assert per_unit * 1000 / scale == pytest.approx(each["kgce_per_unit"], abs=1e-6), each["carrier"]
        assert each["kgce_per_unit"] == pytest.approx(given["ncv_kcal"] / 7000, abs=5e-5)


@pytest.mark.parametrize("mode", ["def", "min", "max"])
def test_cement_by_tier_1_of_the_ipcc_guidelines(packs, engine, shared, mode):
    path = shared / "reference" / "oracles" / "ipcc_cement" / "tier1_cement_case1.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    given = {row["step"]: float(row["value"]) for row in rows if row["mode"] == mode}
    carriers = [
        carrier("cement", "t", "product"),
        carrier("clinker_out", "t", "product"),
        carrier("clinker_in", "t", "material"),
    ]
    tier1 = method(
        "cement", "cement_tier1", category="process", carriers=("cement_clinker",),
        parameters={"cement": given["c_cl"], "clinker_in": -1.0, "clinker_out": 1.0},
    )  # fmt: skip
    made = MadePark(packs, carriers={each.id: each for each in carriers}).unit("A")
    made.made("A", "cement", given["m_c"]).made("A", "clinker_in", given["im_cl"]).made(
        "A", "clinker_out", given["ex_cl"]
    )
    own = factor("cement_clinker", "process", given["ef_clc"], "tCO2/t", gas="CO2")
    result = run(made, with_own(definitions(packs), [tier1], [own], carriers), engine)
    assert result.value("co2.process") == pytest.approx(given["co2_emissions_tier1_"], abs=2e-6)


def test_cement_factor_holds_the_kiln_dust(shared):
    """EF of clinker = CaO in it × CO2 per CaO × correction for kiln dust, with one ratio throughout."""
    path = shared / "reference" / "oracles" / "ipcc_cement" / "tier1_cement_case1.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    ratios = []
    for mode in ("def", "min", "max"):
        given = {row["step"]: float(row["value"]) for row in rows if row["mode"] == mode}
        ratios.append(given["ef_clc"] / given["cao_in_clinker"] / given["ckd_correc_fact"])
    assert ratios == [pytest.approx(44.01 / 56.08, rel=1e-4)] * 3


def read_gwp(shared):
    path = shared / "reference" / "oracles" / "gwp" / "globalwarmingpotentials.csv"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {row["Species"]: row for row in csv.DictReader(lines)}


def test_masses_are_stored_and_warming_potentials_applied_last(packs, engine, shared):
    """Trap 14: another GWP set moves the CO2 equivalent and no tonne of gas."""
    table = read_gwp(shared)
    factors = [
        factor("natural_gas", "co2", 56.1, "kgCO2/GJ", basis="net"),
        factor("natural_gas", "ch4", 1.0, "kg/TJ", basis="net"),
        factor("natural_gas", "n2o", 0.1, "kg/TJ", basis="net"),
    ]
    direct = method("direct", "combustion_direct", kinds=("fuel",))
    bought = method("power", "power", category="power", view="location", flows={"purchase": 1.0})
    made = MadePark(packs).unit("A").row("A", "energy.heat_net", 1e9, carrier="natural_gas", unit="GJ")
    masses, totals = {}, {}
    for gwp_set in ("SAR", "AR4", "AR5", "AR6"):
        given = with_own(definitions(packs), [direct, bought], factors, gwp_set=gwp_set)
        result = run(made, given, engine)
        masses[gwp_set] = {row["gas"]: row["t"] for row in result.emissions}
        totals[gwp_set] = result.value("ghg.total", variant="view=location")
        potential = {gas: float(table[gas][f"{gwp_set}GWP100"]) for gas in ("CH4", "N2O")} | {"CO2": 1.0}
        assert totals[gwp_set] == pytest.approx(sum(t * potential[gas] for gas, t in masses[gwp_set].items()), rel=1e-9)
        assert {row["gwp_set"] for row in result.emissions} == {gwp_set}
    assert masses["SAR"] == masses["AR4"] == masses["AR5"] == masses["AR6"]
    assert len(set(totals.values())) == 4
