"""Request 17: a ledger of one's own, with months in columns and merged titles."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from greenpark.pipeline import Choices, run
from tests.requests.small_park import figure


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
