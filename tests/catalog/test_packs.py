"""Packs are found, compared with one another, and hashed."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenpark.catalog import PackError, check_pack, load_packs, new_pack
from greenpark.catalog.layout import LAYOUTS
from tests.catalog.conftest import MakePack


def mistakes_of(folders: list[Path], kinds: tuple[str, ...] = ("quantities",)) -> list[str]:
    """The messages of the mistakes that loading ends with; none when it succeeds."""
    try:
        load_packs(folders, kinds)
    except PackError as error:
        return [mistake.message for mistake in error.mistakes]
    return []


def test_a_pack_of_a_users_folder_is_loaded_beside_the_built_in_ones(make_pack: MakePack) -> None:
    packs = load_packs([make_pack("quantities")], ("quantities",))
    assert {"mine.example", "energy.total"} <= set(packs.quantities)
    assert packs.heads["quantities/mine"].version == "1"


def test_a_folder_of_packs_is_searched_by_kind(make_pack: MakePack) -> None:
    root = make_pack("quantities").parent.parent
    make_pack("units")
    packs = load_packs([root], ("quantities",))
    assert "mine.example" in packs.quantities
    assert "mine_unit" in packs.units


def test_the_mistakes_of_several_packs_are_reported_together(make_pack: MakePack) -> None:
    first = make_pack("quantities", ("quantities.yaml", "unit: t,", "unit: nothing,"))
    second = make_pack("units", ("units.yaml", '"1000 t"', '"1000 nothing"'))
    assert mistakes_of([first, second]) == ["catalog.unknown_id"]
    second_fixed = make_pack("carriers", ("carriers.csv", ",t,fuel", ",nothing,fuel"))
    assert mistakes_of([first, second_fixed], ("quantities", "carriers")) == ["catalog.unknown_unit"] * 2


def test_only_the_kinds_asked_for_and_those_they_need_are_read() -> None:
    packs = load_packs(kinds=("quantities",))
    assert {name.split("/")[0] for name in packs.hashes} == {"units", "quantities"}
    assert packs.carriers == {}


def test_a_newer_version_in_a_users_folder_replaces_a_pack(make_pack: MakePack) -> None:
    old = make_pack("quantities", root="old")
    new = make_pack("quantities", ("pack.yaml", 'version: "1"', 'version: "2"'), root="new")
    packs = load_packs([old, new], ("quantities",))
    assert packs.heads["quantities/mine"].version == "2"


def test_the_same_version_with_other_content_is_refused_and_with_the_same_content_is_not(make_pack: MakePack) -> None:
    first = make_pack("quantities", root="a")
    same = make_pack("quantities", root="b")
    other = make_pack("quantities", ("quantities.yaml", "unit: t,", "unit: kg,"), root="c")
    assert mistakes_of([first, same]) == []
    assert mistakes_of([first, other]) == ["catalog.same_version"]


def test_the_hash_of_a_pack_follows_its_content_and_not_its_line_ends_or_place(make_pack: MakePack) -> None:
    first, second = make_pack("quantities", root="a"), make_pack("quantities", root="b")
    for path in second.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    third = make_pack("quantities", ("quantities.yaml", "unit: t,", "unit: kg,"), root="c")
    hashes = [load_packs([each], ("quantities",)).hashes["quantities/mine"] for each in (first, second, third)]
    assert hashes[0] == hashes[1] != hashes[2]


def test_a_folder_without_packs_and_a_misspelt_kind_are_mistakes(tmp_path: Path, make_pack: MakePack) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert mistakes_of([empty]) == ["catalog.no_pack_here"]
    assert mistakes_of([tmp_path / "absent"]) == ["catalog.no_pack_here"]
    folder = make_pack("quantities", root="misspelt")
    folder.parent.rename(folder.parent.parent / "quantitys")
    assert mistakes_of([folder.parent.parent.parent / "quantitys"])
    assert mistakes_of([tmp_path / "misspelt"]) == ["catalog.unknown_kind"]


def test_the_folder_of_a_pack_bears_its_id(make_pack: MakePack) -> None:
    folder = make_pack("quantities")
    renamed = folder.rename(folder.parent / "yours")
    assert [(m.message, m.line, m.key) for m in check_pack(renamed)] == [("catalog.folder_name", 3, "id")]


def test_a_broken_pack_does_not_make_the_ids_of_its_kind_unknown(make_pack: MakePack) -> None:
    """One mistake is said once: what refers to a pack that cannot be read is not reported as well."""
    units = make_pack("units", ("units.yaml", ' definition: "1000', ' definitoin: "1000'))
    quantities = make_pack("quantities", ("quantities.yaml", "unit: t,", "unit: mine_unit,"))
    messages = mistakes_of([units, quantities])
    assert messages == ["catalog.unknown_key"]


@pytest.mark.parametrize("kind", list(LAYOUTS))
def test_the_skeleton_of_each_kind_is_accepted_as_it_is(kind: str, make_pack: MakePack) -> None:
    assert check_pack(make_pack(kind)) == ()


def test_a_skeleton_is_asked_for_in_the_singular_and_overwrites_nothing(tmp_path: Path) -> None:
    assert new_pack("quantity", "mine", tmp_path) == tmp_path / "quantities" / "mine"
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")}
    for kind, name, message in (
        ("quantities", "mine", "catalog.pack_exists"),
        ("nothing", "mine", "catalog.unknown_kind"),
        ("quantity", "我的", "catalog.pack_id"),
        ("quantity", "../mine", "catalog.pack_id"),
    ):
        with pytest.raises(PackError) as error:
            new_pack(kind, name, tmp_path)
        assert [mistake.message for mistake in error.value.mistakes] == [message]
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")} == before


def test_the_error_is_told_in_chinese_with_place_problem_and_remedy(make_pack: MakePack) -> None:
    folder = make_pack("quantities", ("quantities.yaml", "unit: t,", "unit: 吨标煤,"))
    with pytest.raises(PackError) as error:
        load_packs([folder], ("quantities",))
    place, problem, remedy = str(error.value).splitlines()
    assert place == f"{folder.as_posix()}/quantities.yaml:3  quantities[0].unit"
    assert "吨标煤" in problem
    assert "请写成 tce" in remedy
