"""Areas and zones."""

import re
from collections import Counter

from tests.packs.packed import PACKS, areas, carriers, read_csv


def zones():
    return read_csv(PACKS / "places" / "high_tech_zones" / "zones.csv")


def test_there_are_34_provinces_seven_regions_and_50_states():
    kinds = Counter((row["kind"], row["parent"].split("_")[0]) for row in areas().values())
    assert kinds["province", "china"] == 34
    assert kinds["province", "united"] == 51
    assert sum(row["kind"] == "grid_region" and "2012" not in name for name, row in areas().items()) == 7


def test_every_area_leads_to_the_world():
    for name in areas():
        trail = [name]
        while areas()[trail[-1]]["parent"]:
            trail.append(areas()[trail[-1]]["parent"])
        assert trail[-1] == "world"
        assert len(trail) == len(set(trail))


def test_all_zones_of_the_list_are_there_with_stable_ids(shared):
    table = read_csv(shared / "reference/high_tech_zones.csv")
    assert [row["name_zh"] for row in zones()] == [row["name_zh"] for row in table]
    ids = [row["id"] for row in zones()]
    assert len(ids) == len(set(ids)) == 179
    assert all(re.fullmatch(r"htz_[a-z0-9]+(_[a-z0-9]+)*", each) for each in ids)
    assert {"htz_zhongguancun", "htz_suzhou", "htz_suzhou_industrial_park", "htz_yangling_agricultural"} <= set(ids)


def test_zones_lie_in_provinces_and_say_how_sure_they_are():
    assert all(areas()[row["province"]]["kind"] == "province" for row in zones())
    assert Counter(row["confidence"] for row in zones()) == {"medium": 110, "high": 68, "low": 1}


def test_all_zones_together_are_an_entity_but_no_zone():
    (group,) = read_csv(PACKS / "places" / "zone_groups" / "zones.csv")
    assert (group["id"], group["province"], group["batch"]) == ("national_high_tech_zones", "china", "group")
    assert group["id"] not in {row["id"] for row in zones()}


def test_names_of_carriers_are_unambiguous():
    words = Counter()
    for row in carriers().values():
        words.update(
            {
                word.casefold()
                for word in (row["name_zh"], row["name_en"], row["code"], *row["synonyms"].split("|"))
                if word
            }
        )
    assert [word for word, count in words.items() if count > 1] == []
