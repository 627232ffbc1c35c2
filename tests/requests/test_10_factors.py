"""Request 10: where a factor comes from, for when it is valid, and what is refused."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from greenpark.catalog import PackError, Packs, load_packs


# ---------------------------------------------------------------- 10: provenance of factors
def test_10_every_factor_has_source_unit_validity_confidence(packs: Packs) -> None:
    known = {source.id for each in packs.factor_sets.values() for source in each.sources}
    factors = [factor for each in packs.factor_sets.values() for factor in each.factors]
    assert len(factors) > 1000
    for factor in factors:
        assert factor.source in known, factor.id
        assert factor.unit, factor.id
        assert factor.confidence in ("high", "medium", "low"), factor.id
    power = [factor for factor in factors if factor.kind == "power" and factor.value]
    # A factor that a method prescribes has the day of its document instead of a year of data; a zero by definition none.
    assert all(factor.definition and (factor.data_year or factor.published) for factor in power)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda rows: rows[0].update(source=""), "(source"),
        (lambda rows: rows[0].update(unit=""), "(unit"),
        (lambda rows: rows.append(dict(rows[0], id="twice", value="99")), "overlap"),
    ],
)
def test_10_a_factor_without_source_or_unit_or_with_overlapping_validity_is_refused(
    tmp_path: Path, change: Any, message: str
) -> None:
    import greenpark

    origin = Path(greenpark.__path__[0]) / "packs" / "factors" / "cn_power_average"
    folder = tmp_path / "factors" / "my_power"
    folder.mkdir(parents=True)
    for name in ("pack.yaml", "sources.yaml"):
        text = (origin / name).read_text(encoding="utf-8").replace("id: cn_power_average", "id: my_power")
        (folder / name).write_text(text, encoding="utf-8")
    with (origin / "factors.csv").open(encoding="utf-8", newline="") as file:
        rows = [row | {"id": f"my.{number}"} for number, row in enumerate(csv.DictReader(file))][:3]
    change(rows)
    with (folder / "factors.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(PackError) as refused:
        load_packs([folder])
    assert message in " ".join(f"({each.key} {each.message} {each.values}" for each in refused.value.mistakes)
