"""What changed from one run to another: every figure, indicator and verdict, and the factor, method or GWP behind it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from greenpark.engine.schema import arrow_schema
from greenpark.engine.store import RunRecord, Store
from greenpark.measure import Task
from greenpark.model.numbers import rounded
from greenpark.model.tables import RESTATEMENT
from greenpark.pipeline.terms import Terms

NAMED = 4  # changes that a reason names; how many more there are it says
_FIGURE = ("entity", "quantity", "item", "start", "end", "variant")
_INDICATOR = ("entity", "indicator", "start", "end", "variant")
_SCORE = ("scheme", "entity", "start", "end", "variant", "node")
_NO_DAY = date(1, 1, 1)
_ROW = ["entity", "year", "carrier", "flow", "part", "gas", "view"]
_MEANS = ["method", "factor", "factor_value", "gwp_set"]
_SIDES = ("old", "new")
Row = Mapping[str, Any]
Behind = dict[tuple[str, int], dict[tuple[str, str, str], dict[str, list[str]]]]


@dataclass(frozen=True)
class Runs:
    """The tables of a run in work beside those of the run that it restates."""

    old: RunRecord
    energy: Any
    emissions: Any
    figures: Any
    indicators: pa.Table
    verdicts: pa.Table
    parents: Mapping[str, str]


def restatement_rows(runs: Runs, tasks: Sequence[Task], terms: Terms, store: Store) -> pa.Table:
    """The table ``restatement`` without its run: one row per changed value, with why it changed."""
    behind = _changes_behind(runs, store)
    figures = [_with_reason(row, behind, terms) for row in _changed_figures(runs, store)]
    moved = {(row["entity"], row["quantity"], row["variant"], _year(row)) for row in figures if not row["item"]}
    needs = {(task.indicator, task.variant): task.needs for task in tasks}
    indicators = [_of_inputs(row, needs, moved, terms) for row in _changed(runs, "indicators", store)]
    schemes = {(row["entity"], row["quantity"].partition(".")[0]): row["quantity"] for row in indicators}
    verdicts = [_of_indicators(row, schemes, terms) for row in _changed(runs, "scores", store)]
    rows = [*figures, *indicators, *verdicts]
    for number, row in enumerate(rows, start=1):
        row |= {"sort_key": number, "detail": json.dumps(row["detail"], ensure_ascii=False, sort_keys=True)}
    schema = pa.schema([arrow_schema(RESTATEMENT).field(name) for name in RESTATEMENT.names if name != "run"])
    return pa.Table.from_pylist(rows, schema=schema)


# ---------------------------------------------------------------- values
def _changed_figures(runs: Runs, store: Store) -> list[dict[str, Any]]:
    """The figures that one of the runs has alone, or with another value or status; the engine finds them."""
    names = [*_FIGURE, "value", "unit", "status"]
    old = store.run_table(runs.old.id, "figures").select(*names)
    new = runs.figures.select(*names)
    pair = [store.engine.to_arrow(_without_same(a, b)).to_pylist() for a, b in ((old, new), (new, old))]
    return list(_paired("figure", pair, _FIGURE, "quantity", "item"))


def _without_same(rows: Any, others: Any) -> Any:
    alike = [rows[name].identical_to(others[name]) for name in rows.columns]
    return rows.anti_join(others, alike)


def _changed(runs: Runs, table: str, store: Store) -> Iterator[dict[str, Any]]:
    new = runs.indicators if table == "indicators" else runs.verdicts
    pair = [store.engine.to_arrow(store.run_table(runs.old.id, table)).to_pylist(), new.to_pylist()]
    if table == "indicators":
        yield from _paired("indicator", pair, _INDICATOR, "indicator", None)
    else:
        yield from _paired("verdict", pair, _SCORE, "scheme", "node")


def _paired(
    sort: str, pair: Sequence[Sequence[Row]], key: Sequence[str], named: str, item: str | None
) -> Iterator[dict[str, Any]]:
    sides = [{tuple(row[name] for name in key): row for row in rows} for rows in pair]
    for each in sorted({*sides[0], *sides[1]}, key=lambda found: tuple(str(part or "") for part in found)):
        old, new = (_said(side.get(each)) for side in sides)
        if old[:2] == new[:2]:
            continue
        shown = dict(zip(key, each, strict=True))
        difference = new[0] - old[0] if old[0] is not None and new[0] is not None else None
        yield {
            "sort": sort, "entity": shown["entity"], "quantity": shown[named],
            "item": shown[item] if item else "", "start": shown["start"], "end": shown["end"],
            "variant": shown["variant"] or "", "value_old": old[0], "value_new": new[0],
            "difference": None if difference is None else rounded(difference),
            "relative": rounded(difference / abs(old[0])) if difference is not None and old[0] else None,
            "unit": new[2] or old[2], "state_old": old[1], "state_new": new[1],
        }  # fmt: skip


def _said(row: Row | None) -> tuple[float | None, str | None, str | None]:
    """Value, state and unit of a row; of an index its score, of a verdict its state with its score."""
    if row is None:
        return None, None, None
    value = row["value"] if row["value"] is not None else row.get("score")
    return value, row.get("state") or row.get("status"), row["unit"]


# ---------------------------------------------------------------- why
def _changes_behind(runs: Runs, store: Store) -> Behind:
    """What changed in the rows of each entity and year, and of everything above it.

    By entity and year, then by family (energy or co2), view or basis, and carrier: message id to words.
    """
    found: dict[tuple[Any, ...], dict[str, set[tuple[Any, ...]]]] = defaultdict(lambda: {"old": set(), "new": set()})
    for table, new in (("energy", runs.energy), ("emissions", runs.emissions)):
        pair = (_means(table, store.run_table(runs.old.id, table)), _means(table, new))
        for side, rows, others in zip(_SIDES, pair, pair[::-1], strict=True):
            for row in store.engine.to_arrow(_without_same(rows, others).distinct()).to_pylist():
                key = (table, *(row[name] if row[name] is not None else "" for name in _ROW))
                found[key][side].add(tuple(row[name] for name in _MEANS))
    behind: Behind = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for key in sorted(found, key=str):
        table, entity, year, carrier, _, _, gas, view = key
        family = "energy" if table == "energy" else "co2"
        for message, words in _words(found[key], carrier, gas):
            for level in _above(entity, runs.parents):
                told = behind[(level, year)][(family, view, carrier)][message]
                if words not in told:
                    told.append(words)
    return behind


def _means(table: str, rows: Any) -> Any:
    """By which method, factor and GWP set each entity's carriers were counted in each year: one row per way."""
    plain = rows.mutate(year=rows.start.year().cast("int64"))
    if table == "energy":
        # A basis takes the place of a view; energy has neither gas nor GWP set.
        plain = plain.mutate(
            part=plain.role, gas=plain.basis.substr(0, 0), view=plain.basis, gwp_set=plain.basis.nullif(plain.basis)
        )
    else:
        plain = plain.mutate(part=plain.category)
    return plain.select(*_ROW, *_MEANS).distinct()


def _words(sides: Mapping[str, set[tuple[Any, ...]]], carrier: str, gas: str) -> Iterator[tuple[str, str]]:
    """Which of method, factor and GWP set differ, in words of ids and numbers."""
    old, new = (sorted(sides[side], key=str) for side in _SIDES)
    subject = " ".join(part for part in (carrier, gas) if part)
    for place, message in ((0, "methods"), (1, "factors"), (3, "gwp")):
        if message == "gwp" and gas == "CO2":  # one tonne of it is one tonne in every set
            continue
        before, after = (_shown(side, place) for side in (old, new))
        if before != after:
            yield f"pipeline.restate_{message}", f"{subject}: {before} → {after}"


def _shown(means: Sequence[tuple[Any, ...]], place: int) -> str:
    told = []
    for each in means:
        text = str(each[place] or "–")
        if place == 1 and each[2] is not None:
            text = f"{text} = {rounded(each[2])!r}"
        told.append(text)
    return ", ".join(dict.fromkeys(told)) or "–"


def _above(entity: str, parents: Mapping[str, str]) -> Iterator[str]:
    seen: set[str] = set()
    while entity and entity not in seen:
        yield entity
        seen.add(entity)
        entity = parents.get(entity, "")


def _with_reason(row: dict[str, Any], behind: Behind, terms: Terms) -> dict[str, Any]:
    """The row of a figure with the changes in the rows that it sums."""
    told: dict[str, list[str]] = defaultdict(list)
    for (family, view, carrier), changes in behind.get((row["entity"], _year(row)), {}).items():
        if _concerns(row, family, view, carrier):
            for message, words in changes.items():
                told[message] += [each for each in words if each not in told[message]]
    gases = row["quantity"].startswith("ghg.")
    for message in ("pipeline.restate_methods", "pipeline.restate_factors", "pipeline.restate_gwp"):
        if told[message] and (gases or message != "pipeline.restate_gwp"):
            return row | _reason(message, told[message])
    return row | _otherwise(terms)


def _concerns(row: Row, family: str, view: str, carrier: str) -> bool:
    """Whether rows of a family, view or basis and carrier enter a figure."""
    quantity, variant = row["quantity"], row["variant"]
    if (family == "energy") != quantity.startswith("energy."):
        return False
    if family == "co2" and not quantity.startswith(("co2.", "ghg.")):
        return False
    wanted = variant.partition("=")[2].partition("@")[0]
    if family == "energy":
        return view == wanted and row["item"] in ("", carrier)
    # What is allocated between products rests on several views at once.
    return view in ("direct", wanted) or (bool(variant) and not variant.startswith("view="))


def _of_inputs(
    row: dict[str, Any], needs: Mapping[Any, Sequence[Any]], moved: set[tuple[str, str, str, int]], terms: Terms
) -> dict[str, Any]:
    """The row of an indicator with the figures behind it that changed."""
    used = needs.get((row["quantity"], row["variant"]), ())
    told = [
        each.label
        for each in used
        if (row["entity"], each.quantity, each.variant, _year(row) - each.lag) in moved
    ]  # fmt: skip
    return row | (_reason("pipeline.restate_inputs", told) if told else _otherwise(terms))


def _of_indicators(row: dict[str, Any], schemes: Mapping[tuple[str, str], str], terms: Terms) -> dict[str, Any]:
    changed = schemes.get((row["entity"], row["quantity"]))
    return row | (_reason("pipeline.restate_inputs", [changed]) if changed else _otherwise(terms))


def _otherwise(terms: Terms) -> dict[str, Any]:
    """Where no row behind a value was counted otherwise: the boundary or a definition changed."""
    words = [f"{name} {value}" for name, value in sorted(terms.changes.items())]
    message = "pipeline.restate_boundary" if terms.members_of is not None else "pipeline.restate_definition"
    return _reason(message, words)


def _reason(message: str, words: Sequence[str]) -> dict[str, Any]:
    more = f" … +{len(words) - NAMED}" if len(words) > NAMED else ""
    return {"reason": message, "detail": {"changed": "; ".join(words[:NAMED]) + more}}


def _year(row: Row) -> int:
    return int((row["start"] or _NO_DAY).year)
