"""Confirmation files work for every number of every scheme pack, also for those that the pack does not have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from greenpark.catalog import Packs, load_packs
from greenpark.model.schemes import Scheme

NUMBERS = ("limit", "leading", "base", "maximum")
SUPPLIED = 1.1  # what the reader finds where the pack has null


def numbers_of(rule: dict[str, Any], path: str) -> Iterator[tuple[str, float | None]]:
    """The path and value of every number of a rule, cases included."""
    for key, value in rule.items():
        if key in NUMBERS and not rule.get(f"{key}_from"):
            yield f"{path}.{key}", value
        elif key == "cases":
            for index, case in enumerate(value):
                yield from numbers_of(
                    case.get("rule", case), f"{path}.cases[{index}]" + (".rule" if "rule" in case else "")
                )


def entries_of(scheme: Scheme) -> list[tuple[str, float | None]]:
    """What a reader with the document can confirm: numbers of rules, and weights of a tree."""
    found: list[tuple[str, float | None]] = []
    for criterion in scheme.criteria:
        found += numbers_of(criterion.rule.model_dump(), f"criteria[{criterion.id}].rule")
        if criterion.role == "scored":
            found.append((f"criteria[{criterion.id}].weight", criterion.weight))
        found.append((f"criteria[{criterion.id}].role", None))
    return found


def line(path: str, value: float | None, reader: str) -> str:
    found = SUPPLIED * 2 if path.endswith(".leading") else SUPPLIED
    reads = "" if path.endswith(".role") else f", reads: {found if value is None else value}"
    return f"  - {{value: '{path}', document: 文件, page: '3', reader: {reader}, date: 2026-05-01{reads}}}\n"


def confirmed_by(packs: Packs, folder: Path, *readers: str) -> Packs:
    folders = []
    for name, scheme in packs.schemes.items():
        entries = entries_of(scheme)
        if entries:
            own = folder / name
            own.mkdir(parents=True)
            lines = [line(path, value, reader) for path, value in entries for reader in readers]
            text = f"pack: schemes/{name}\nconfirmations:\n" + "".join(lines)
            (own / "confirmations.yaml").write_text(text, encoding="utf-8")
            folders.append(own)
    return load_packs(folders, kinds=("schemes",))


@pytest.fixture(scope="module")
def packs() -> Packs:
    return load_packs(kinds=("schemes",))


@pytest.mark.parametrize(("readers", "level"), [(("张三",), "medium"), (("张三", "李四"), "high")])
def test_one_reader_makes_every_number_medium_and_two_make_it_high(
    packs: Packs, tmp_path: Path, readers: tuple[str, ...], level: str
) -> None:
    least = {"medium": ("medium", "high"), "high": ("high",)}[level]
    found = confirmed_by(packs, tmp_path, *readers)
    for name, scheme in packs.schemes.items():
        paths = {path.rsplit(".rule", 1)[0] for path, _ in entries_of(scheme) if ".rule." in path}
        for criterion, before in zip(found.schemes[name].criteria, scheme.criteria, strict=True):
            if f"criteria[{criterion.id}]" in paths:
                assert criterion.confidence.value in least, (name, criterion.id)
            assert criterion.confidence.role in least
            assert criterion.confidence.formula == before.confidence.formula  # nobody confirmed it


def test_what_is_null_in_the_pack_is_supplied_by_its_reader_and_by_nobody_else(packs: Packs, tmp_path: Path) -> None:
    found = confirmed_by(packs, tmp_path, "张三")
    before, after = packs.schemes["high_tech_zone_2021"], found.schemes["high_tech_zone_2021"]
    assert sum(each.weight is None for each in before.criteria) == 44
    for criterion, old in zip(after.criteria, before.criteria, strict=True):
        assert criterion.weight == (SUPPLIED if old.weight is None else old.weight)
        assert criterion.weight_confidence == ("medium" if old.weight is None else "high")
    platform = next(each for each in found.schemes["green_factory_gbt36132_2025"].criteria if each.id == "F4")
    assert platform.rule.model_dump()["base"] == SUPPLIED
    unread = next(each for each in packs.schemes["green_factory_gbt36132_2025"].criteria if each.id == "F4")
    assert unread.rule.model_dump()["base"] is None
