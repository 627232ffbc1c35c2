"""What must hold for every park."""

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.account.made_park import MadePark, carrier, definitions, factor, method, run, with_own

# Each example runs the real stages, which takes about a second.
FEW = settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
FUELS = ("bituminous_coal", "natural_gas", "diesel", "raw_coal", "biomass")
amounts = st.floats(min_value=0, max_value=1e6).map(lambda value: round(value, 3))
STATUSES = ("reported", "corrected", "estimated", "doubtful", "declared_absent")


@st.composite
def parks(draw):
    """Rows of a few units: fuels by month or year, power and heat, transfers, water, a few odd rows."""
    units = draw(st.integers(2, 4))
    rows = []
    for number in range(units):
        name = f"U{number}"
        for fuel in draw(st.lists(st.sampled_from(FUELS), max_size=3, unique=True)):
            flow = draw(st.sampled_from(("use_industrial", "use_other")))
            value = draw(st.none() | amounts)
            rows.append((name, fuel, flow, value, draw(st.sampled_from(STATUSES)), None))
        for item in draw(st.lists(st.sampled_from(("electricity", "heat")), max_size=2, unique=True)):
            value = draw(amounts)
            rows.append((name, item, "purchase", value, "reported", None))
            rows.append((name, item, "use_industrial", value, "reported", None))
    for _ in range(draw(st.integers(0, 3))):
        supplier, receiver = draw(st.permutations(range(units)))[:2]
        rows.append((f"U{supplier}", "electricity", "transfer", draw(amounts), "reported", f"U{receiver}"))
    return units, rows


def build(packs, drawn):
    units, rows = drawn
    made = MadePark(packs)
    for number in range(units):
        made.unit(f"U{number}")
    for entity, item, flow, value, status, receiver in rows:
        if receiver:
            made.transfer(entity, receiver, item, value)
        else:
            made.energy(entity, item, flow, value, status=status)
    return made


def national(packs):
    return definitions(packs, "china_park_national")


def by_key(figures):
    names = ("entity", "quantity", "item", "variant", "start", "end")
    return {tuple(row[name] for name in names): row for row in figures}


@FEW
@given(parks(), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter_to_the_last_bit(packs, engine, drawn, shuffler):
    made = build(packs, drawn)
    before = run(made, national(packs), engine)
    shuffler.shuffle(made.rows)
    shuffler.shuffle(made.entities)
    after = run(made, national(packs), engine)
    assert by_key(before.figures) == by_key(after.figures)
    assert before.findings == after.findings


@FEW
@given(parks())
def test_units_add_up_to_the_park(packs, engine, drawn):
    result = run(build(packs, drawn), national(packs), engine)
    figures = by_key(result.figures)
    additive = ("co2.direct", "co2.combustion", "co2.power_net", "co2.heat_net", "electricity.use", "energy.final")
    for key, row in figures.items():
        entity, quantity, item, *rest = key
        if entity != "park" or quantity not in additive or item in ("import", "export"):
            continue
        units = [row for other, row in figures.items() if other[0] != "park" and other[1:] == (quantity, item, *rest)]
        values = [each["value"] for each in units if each["value"] is not None]
        assert (sum(values) if values else None) == (
            None if row["value"] is None else pytest.approx(row["value"], rel=1e-12, abs=1e-5)
        )
        assert sum(each["rows"] for each in units) == row["rows"]
        assert sum(each["rows_unmatched"] for each in units) == row["rows_unmatched"]


@FEW
@given(parks())
def test_nothing_is_lost_or_becomes_a_number_silently(packs, engine, drawn):
    """Each counted row comes out in energy with a status, or a finding speaks of it; no status, no number."""
    made = build(packs, drawn)
    result = run(made, national(packs), engine)
    counted = {row["line"] for row in made.rows if row["status"] not in ("doubtful", "declared_absent")}
    assert {row["line"] for row in result.energy} == counted
    assert {row["line"] for row in result.emissions} <= counted
    for row, amount in [(row, row["tce"]) for row in result.energy] + [(row, row["t"]) for row in result.emissions]:
        assert (amount is None) == (row["status"] in ("no_factor", "no_activity", "basis_mismatch")), row
        assert amount is None or amount == amount
    for row in result.figures:
        assert (row["value"] is None) == (row["status"] == "not_evaluable"), row
        assert row["rows_unmatched"] == 0 or row["status"] != "ok"


@FEW
@given(parks())
def test_doubtful_and_declared_absent_rows_count_in_nothing(packs, engine, drawn):
    made = build(packs, drawn)
    with_them = run(made, national(packs), engine)
    made.rows = [row for row in made.rows if row["status"] not in ("doubtful", "declared_absent")]
    assert by_key(run(made, national(packs), engine).figures) == by_key(with_them.figures)


@FEW
@given(parks())
def test_deliveries_inside_never_change_the_total_of_the_park(packs, engine, drawn):
    units, rows = drawn
    plain = run(build(packs, (units, [row for row in rows if row[2] != "transfer"])), national(packs), engine)
    result = run(build(packs, drawn), national(packs), engine)
    wanted = ("co2.total", "energy.total", "ghg.total", "co2.direct", "energy.imported")
    nets = {
        key: row["value"]
        for key, row in by_key(result.figures).items()
        if key[0] == "park" and key[1] in wanted and not key[2]
    }
    for key, row in by_key(plain.figures).items():
        if key in nets:
            value = row["value"]
            assert nets[key] == (None if value is None else pytest.approx(value, abs=1e-4, rel=1e-9)), key
    for quantity in ("electricity.imported", "electricity.exported"):
        if plain.has(quantity):
            assert result.value(quantity) == pytest.approx(plain.value(quantity), abs=1e-5)
        elif result.has(quantity):
            assert result.value(quantity) == pytest.approx(0, abs=1e-5)


@FEW
@given(parks())
def test_twice_the_activity_gives_twice_the_emissions(packs, engine, drawn):
    made = build(packs, drawn)
    once = by_key(run(made, national(packs), engine).figures)
    made.rows = [row | {"value": None if row["value"] is None else row["value"] * 2} for row in made.rows]
    twice = by_key(run(made, national(packs), engine).figures)
    assert once.keys() == twice.keys()
    for key, row in once.items():
        value = row["value"]
        assert twice[key]["value"] == (None if value is None else pytest.approx(value * 2, abs=1e-4, rel=1e-9)), key


# Third parts of 10^4 Nm3 of gas: a factor of 21.6 tCO2 makes the rounding of the parts 21.6 times as large.
_THIRDS = (2, [("U0", "natural_gas", "use_industrial", 1.0, "reported", None)])


@FEW
@example(_THIRDS, 3)
@given(parks(), st.integers(2, 5))
def test_splitting_a_row_changes_nothing_beyond_rounding(packs, engine, drawn, parts):
    made = build(packs, drawn)
    whole = by_key(run(made, national(packs), engine).figures)
    rows = [
        row | {"value": None if row["value"] is None else row["value"] / parts}
        for row in made.rows
        for _ in range(parts)
    ]
    made.rows = [row | {"line": line} for line, row in enumerate(rows, start=1)]
    split = by_key(run(made, national(packs), engine).figures)
    assert whole.keys() == split.keys()
    for key, row in whole.items():
        value = row["value"]
        rounding = 1e-6 * split[key]["rows"] * 2
        assert split[key]["value"] == (None if value is None else pytest.approx(value, abs=rounding, rel=1e-12)), key
        assert split[key]["status"] == row["status"]


@FEW
@given(st.lists(amounts, min_size=1, max_size=3), st.sampled_from([("GJ/t", 1.0), ("MJ/t", 1000.0), ("kJ/kg", 1000.0)]))
def test_units_of_factors_and_carriers_do_not_matter(packs, engine, values, stated):
    unit, scale = stated
    results = []
    for mass, per_tonne, ncv_unit, ncv in (("t", 1.0, "GJ/t", 25.0), ("kg", 1000.0, unit, 25.0 * scale)):
        fuel = carrier("own_coal", mass)
        factors = [
            factor("own_coal", "ncv", ncv, ncv_unit, basis="net"),
            factor(
                "own_coal",
                "carbon_content",
                0.026 if mass == "t" else 26.0,
                "tC/GJ" if mass == "t" else "kgC/GJ",
                basis="net",
            ),
            factor("own_coal", "oxidation", 0.93 if mass == "t" else 93.0, "1" if mass == "t" else "%"),
        ]
        fuels = method(
            "f", "combustion_net", flows={"use_industrial": 1.0}, kinds=("fuel",), parameters={"carbon_to_co2": 44 / 12}
        )
        made = MadePark(packs, carriers={"own_coal": fuel}).unit("A")
        for value in values:
            made.energy("A", "own_coal", "use_industrial", value * per_tonne)
        results.append(run(made, with_own(definitions(packs), [fuels], factors, [fuel]), engine).value("co2.direct"))
    assert results[0] == pytest.approx(results[1], rel=1e-9, abs=1e-5)


@FEW
@given(st.integers(1, 12), st.sampled_from(["use_industrial", "use_other"]))
def test_a_missing_month_makes_totals_partial(packs, engine, missing, flow):
    values = [10.0 + month for month in range(12)]
    full = MadePark(packs).unit("A").unit("B").energy("B", "diesel", "use_industrial", 5.0)
    full.months("A", "natural_gas", flow, values)
    complete = run(full, national(packs), engine)
    assert complete.figure("co2.direct")["status"] == "ok"
    assert "months_missing" not in complete.rules
    part = MadePark(packs).unit("A").unit("B").energy("B", "diesel", "use_industrial", 5.0)
    part.months("A", "natural_gas", flow, [None if month == missing else v for month, v in enumerate(values, start=1)])
    result = run(part, national(packs), engine)
    assert result.figure("co2.direct")["status"] == result.figure("co2.direct", "A")["status"] == "partial"
    assert result.figure("co2.direct", "B")["status"] == "ok"
    assert result.rules.count("months_missing") == 1


def test_a_shuffled_park_of_many_rows_gives_the_same_bits(packs, engine):
    """Threads reorder sums: fixed-point addition does not care."""
    shuffler = random.Random(7)
    made = MadePark(packs).unit("A").unit("B")
    for number in range(3000):
        made.energy("AB"[number % 2], "bituminous_coal", "use_industrial", shuffler.uniform(0, 1e4))
    once = by_key(run(made, national(packs), engine).figures)
    again = replace(made, rows=shuffler.sample(made.rows, len(made.rows)))
    assert by_key(run(again, national(packs), engine).figures) == once
