"""Global warming potentials against an independent compilation."""

from tests.packs.packed import factors, one, read_csv, value

REPORTS = ("SAR", "TAR", "AR4", "AR5", "AR5CCF", "AR6")
BY_ORIGIN = {"CH4_fossil", "CH4_biogenic", "CO2"}


def test_values_are_those_of_the_reports(shared):
    """Oracle gwp/globalwarmingpotentials.csv."""
    table = {each["Species"]: each for each in read_csv(shared / "reference/oracles/gwp/globalwarmingpotentials.csv")}
    compared = 0
    for row in factors("gwp"):
        if row.item not in BY_ORIGIN:
            printed = table[row.item.replace("-", "")][f"{row.definition}GWP100"]
            assert row.value == float(printed), row.id
            compared += 1
    assert compared == 118


def test_each_report_is_a_set_of_its_own():
    """Trap 14: 21/310, 23/296, 25/298, 28/265, 27.9/273."""
    expected = {"SAR": (21, 310), "TAR": (23, 296), "AR4": (25, 298), "AR5": (28, 265), "AR6": (27.9, 273)}
    for report, (methane, nitrous_oxide) in expected.items():
        assert value("gwp", "CH4", "gwp", definition=report) == methane
        assert value("gwp", "N2O", "gwp", definition=report) == nitrous_oxide


def test_origin_of_methane_matters_in_the_sixth_report():
    assert value("gwp", "CH4_fossil", "gwp", definition="AR6") == 29.8
    assert value("gwp", "CH4_biogenic", "gwp", definition="AR6") == 27.0
    assert one("gwp", "CH4_fossil", "gwp", definition="AR6").confidence == "low"


def test_carbon_dioxide_is_one_in_every_report():
    assert {row.definition: row.value for row in factors("gwp") if row.item == "CO2"} == dict.fromkeys(REPORTS, 1.0)


def test_the_sector_guidelines_use_the_second_report(shared):
    table = read_csv(shared / "reference/factors/gwp.csv")
    quoted = [each for each in table if each["report"].startswith("NDRC")]
    assert len(quoted) == 6
    for each in quoted:
        assert value("gwp", each["gas"], "gwp", definition="SAR") == float(each["gwp100"])
