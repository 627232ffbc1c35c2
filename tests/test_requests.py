"""What users of such systems ask for, by number: each request shown on real files, through the whole line.

The numbers are those of the reference list of requests (1 to 12, 15, 17, 19); the others belong to later work.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from greenpark.catalog import PackError, Packs, load_messages, load_packs
from greenpark.collect import Collected, Context, collect_form, write_rejected
from greenpark.engine.units import Units
from greenpark.pipeline import Choices, Published, run

UNITS = ("统一社会信用代码", "单位名称", "类别", "所在省份", "上级")
ENERGY = ("单位名称", "时期", "能源品种", "计量单位", "购进量", "工业生产消费量")
Row = dict[str, Any]


@dataclass
class Park:
    """A small park as its statistician would hand it in: a workbook with a sheet of units and one of energy."""

    folder: Path
    units: tuple[str, ...] = ("甲厂", "乙厂")
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    more: str = "profile: china_park_national\nyears: [2023]\n"

    @property
    def workbook(self) -> Path:
        return self.folder / "park.xlsx"

    def write(self) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "园区单位"
        for row in [UNITS, ("park", "示例园区", "园区", "江苏", ""), *(_unit(name) for name in self.units)]:
            sheet.append(row)
        energy = book.create_sheet("能源")
        for row in [ENERGY, *self.rows]:
            energy.append(row)
        book.save(self.workbook)
        job = self.folder / "job.yaml"
        job.write_text(
            "id: small\ntitle: {zh: 小园区, en: small park}\nboundary: park\n"
            f"inputs:\n  - {{file: park.xlsx, kind: form, form: park_annual}}\n{self.more}",
            encoding="utf-8",
        )
        return job

    def run(self) -> Published:
        return run(self.write(), Choices(self.folder / "out", self.folder / "w"), lambda step, name: None)[0]


def _unit(name: str) -> tuple[str, ...]:
    return (f"u_{name}", name, "法人单位", "江苏", "park")


@pytest.fixture
def park(tmp_path: Path) -> Park:
    return Park(tmp_path)


@pytest.fixture(scope="module")
def packs() -> Packs:
    return load_packs()


def table(published: Published, name: str) -> list[Row]:
    return [dict(row) for row in published.release.tables[name].to_pylist()]


def figure(published: Published, quantity: str, entity: str = "park", item: str = "") -> Row:
    found = [
        row
        for row in table(published, "figures")
        if (row["entity"], row["quantity"], row["item"]) == (entity, quantity, item)
    ]
    assert len(found) == 1, (quantity, found)
    return found[0]


def messages_of(published: Published) -> set[str]:
    return {row["message"] for row in table(published, "findings")}


def read(path: Path, packs: Packs) -> Collected:
    context = Context(Units(packs.units.values()), packs.quantities, packs.carriers, packs.areas, None, (2023,))
    return collect_form(path, packs.forms["park_annual"], "", context)


# ---------------------------------------------------------------- 2: never silent
def test_02_an_unknown_unit_never_becomes_a_number(park: Park) -> None:
    park.rows = [("甲厂", "2023", "汽油", "桶桶", 10, 10), ("乙厂", "2023", "汽油", "吨", 4, 4)]
    published = park.run()
    total = figure(published, "co2.direct")
    assert total["status"] == "partial"
    assert total["value"] == pytest.approx(figure(published, "co2.direct", "u_乙厂")["value"])
    assert [row["cell"] for row in table(published, "findings") if row["severity"] == "error"]


def test_02_a_carrier_without_factor_is_named_and_the_total_is_partial(park: Park) -> None:
    park.rows = [("甲厂", "2023", "其他燃料", "tce", 10, 10), ("乙厂", "2023", "汽油", "吨", 4, 4)]
    published = park.run()
    assert figure(published, "co2.direct")["status"] == "partial"
    assert any(message.startswith("account.") for message in messages_of(published))


def test_02_a_gap_is_a_finding_and_its_share_is_counted(park: Park) -> None:
    months = [f"2023-{month:02d}" for month in range(1, 10)]
    park.rows = [("甲厂", month, "电力", "万千瓦时", 1, 1) for month in months]
    published = park.run()
    assert "account.months_missing" in messages_of(published)
    (row,) = [row for row in table(published, "completeness") if row["carrier"] == "electricity"]
    assert (row["expected"], row["present"], row["missing"]) == (12, 9, 3)


# ---------------------------------------------------------------- 3: where, and how to mend; rows come back
SEEDED = [
    ("甲厂", "2023", "汽油", "桶桶", 10, 10),  # E2, F2: unit
    ("甲厂", "2023", "煤炭炭", "吨", 10, 10),  # C3: carrier
    ("丙厂", "二〇二三年十三月", "汽油", "吨", 10, 10),  # B4: period
    ("甲厂", "2023", "汽油", "吨", "约十", 10),  # E5: number
]


def test_03_each_finding_has_sheet_cell_value_and_a_way_to_mend_it(park: Park, packs: Packs) -> None:
    park.rows = SEEDED
    park.write()
    collected = read(park.workbook, packs)
    messages = load_messages()
    cells = {finding.place.cell: finding for finding in collected.findings if finding.place.sheet == "能源"}
    assert {"E2", "C3", "B4", "E5"} <= set(cells)
    for finding in cells.values():
        for language in ("zh", "en"):
            assert messages.say(finding.message, language, **finding.values)
            assert messages.say(f"{finding.message}.fix", language, **finding.values)
    assert "桶桶" in messages.say(cells["E2"].message, "zh", **cells["E2"].values)


def test_03_the_refused_rows_come_back_in_a_workbook(park: Park, packs: Packs) -> None:
    park.rows = [*SEEDED, ("乙厂", "2023", "汽油", "吨", 4, 4)]
    park.write()
    collected = read(park.workbook, packs)
    back = park.folder / "back.xlsx"
    write_rejected(back, collected, packs.forms["park_annual"], load_messages())
    sheet = openpyxl.load_workbook(back)["能源 Energy"]
    texts = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {"桶桶", "煤炭炭", "约十"} <= texts
    assert "乙厂" not in texts


# ---------------------------------------------------------------- 4: Excel's error cells and text numbers
@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("#VALUE!", None), ("#NUM!", None), ("#N/A", None), ("#DIV/0!", None), ("1,234", 1234.0), ("12万", 120000.0),
        ("１２３．５", 123.5), (" 7 ", 7.0),
    ],
)  # fmt: skip
def test_04_error_cells_and_text_numbers(park: Park, packs: Packs, written: str, value: float | None) -> None:
    park.rows = [("甲厂", "2023", "汽油", "吨", 1, written)]
    park.write()
    collected = read(park.workbook, packs)
    found = [row["value"] for row in collected.observations.to_pylist() if row["flow"] == "use_industrial"]
    assert found == ([] if value is None else [value])
    if value is None:
        assert any(finding.place.cell == "F2" and finding.severity == "error" for finding in collected.findings)


# ---------------------------------------------------------------- 5: repeated rows add up
def test_05_five_rows_of_one_category_are_their_sum(park: Park) -> None:
    park.rows = [("甲厂", "2023", "汽油", "吨", None, amount) for amount in (1, 2, 3, 4, 5)]
    one = park.run()
    other = Park(park.folder / "other")
    other.folder.mkdir()
    other.rows = [("甲厂", "2023", "汽油", "吨", None, 15)]
    assert figure(one, "co2.direct")["value"] == pytest.approx(figure(other.run(), "co2.direct")["value"], rel=1e-12)


def test_05_identical_rows_are_added_with_a_warning(park: Park, packs: Packs) -> None:
    park.rows = [("甲厂", "2023", "汽油", "吨", None, 3)] * 2
    park.write()
    collected = read(park.workbook, packs)
    assert "repeated_identical" in {finding.rule for finding in collected.findings}
    assert sum(row["value"] for row in collected.observations.to_pylist()) == 6


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


# ---------------------------------------------------------------- 17: my own columns and layouts
def test_17_months_in_columns_merged_titles_and_no_id_column(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2023 年用能", None, None, None, None])
    sheet.merge_cells("A1:E1")
    sheet.append(["能源", "单位", "1月", "2月", "3月"])
    sheet.append(["电力", "万千瓦时", 10, 20, 30])
    sheet.append(["汽油", "吨", 1, None, 2])
    book.save(tmp_path / "own.xlsx")
    (tmp_path / "mapping.yaml").write_text(
        "id: own\ntitle: {zh: 自有台账, en: own ledger}\nsource: the park's own ledger\nentity: u_own\n"
        "entity_kind: unit\narea: jiangsu\ncarrier_column: 能源\ncarrier_names: {电力: electricity, 汽油: gasoline}\n"
        'period_columns: {1月: "2023-01", 2月: "2023-02", 3月: "2023-03"}\n'
        'values:\n  - {column: "*", quantity: energy.amount, unit_column: 单位, flow: purchase, may_be_empty: true}\n',
        encoding="utf-8",
    )
    job = tmp_path / "job.yaml"
    job.write_text(
        "id: own\ntitle: {zh: 台账, en: ledger}\nboundary: u_own\nprofile: china_park_national\nyears: [2023]\n"
        "inputs:\n  - {file: own.xlsx, kind: mapping, mapping: mapping.yaml}\n",
        encoding="utf-8",
    )
    published = run(job, Choices(tmp_path / "out", tmp_path / "w"), lambda step, name: None)[0]
    assert figure(published, "electricity.imported", "u_own")["value"] == pytest.approx(600.0)  # 60 万kWh in MWh
    cells = published.release.summary["cells"]
    assert isinstance(cells, dict)
    assert (cells["accepted"], cells["rejected"]) == (5, 0)
