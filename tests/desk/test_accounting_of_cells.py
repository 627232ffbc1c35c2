"""Nothing is lost on the way to the register: every non-empty cell is a stored row or a kept refusal."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings

from greenpark.catalog import Packs
from greenpark.desk.books import cells_of
from greenpark.engine.connect import Engine
from greenpark.engine.register.handed_in import findings_of
from greenpark.engine.store import open_store
from tests.collect.conftest import REGISTER, write_book
from tests.collect.test_accounting_of_cells import TITLES, VALUES, rows
from tests.desk.made_books import handed_in

NUMBERS = itertools.count()  # each example has a workspace of its own


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=rows)
def test_each_cell_of_a_generated_workbook_is_a_stored_row_or_a_kept_refusal(
    tmp_path: Path, packs: Packs, duckdb_engine: Engine, table: list[Any]
) -> None:
    file = write_book(tmp_path / "b.xlsx", {"园区单位": REGISTER, "能源": [TITLES, *table]})
    filled = Counter(
        f"{'EFG'[place]}{row}"
        for row, texts in enumerate(table, start=2)
        for place, column in enumerate(VALUES)
        if texts[column] is not None and str(texts[column]).strip()
    )
    with open_store(tmp_path / f"workspace{next(NUMBERS)}", duckdb_engine) as store:
        more: dict[str, Any] = {"entity": "PARK", "period": "2023", "exception": "x"}
        signed = handed_in(store, packs, file, **more).sign_off
        stored = store.engine.to_arrow(store.read("observations", [signed.batch])).to_pylist()
        kept = Counter(row["cell"] for row in stored if row["sheet"] == "能源")
        refusals = [finding for _, finding, rejected in findings_of(store.register, [signed.batch]) if rejected]
        refused = Counter(finding.place.cell for finding in refusals if finding.place.sheet == "能源")
        cells = cells_of(store.register, signed.batch)
        assert kept + refused == filled
        assert cells.non_empty == cells.accepted + cells.rejected + cells.declared_absent
        assert len(refusals) == cells.rejected
        registered = store.engine.to_arrow(store.read("entities", [signed.batch]))
        assert registered.num_rows == len(REGISTER) - 1
        assert handed_in(store, packs, file, **more).known
