"""What each criterion of a scheme was computed from: the figures of its formula, and the cells in which they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from greenpark.engine.formula import parse_formula
from greenpark.model.schemes import Criterion, Scheme
from greenpark.model.text import Text
from greenpark.model.time import Period
from greenpark.publish.evidence import evidence_of, is_observed
from greenpark.publish.reading import as_read
from greenpark.publish.remarks import split_ids
from greenpark.publish.shown import Number, Row, Shown, number_of, period_of

# Cells named beside a figure; how many rows there are in all is stated.
PLACES = 3
# Rows of directly reported quantities that are read for their places, the largest first.
OBSERVED_ROWS = 5_000


@dataclass(frozen=True)
class InputLine:
    """A figure that entered a criterion, or a quantity that is missing (``number`` is then empty).

    ``places`` are cells as file!sheet!cell. A figure that was accounted from many rows names none: its reference leads
    to them.
    """

    node: str
    criterion: Text
    name: Text
    period: str
    variant: Text
    number: Number
    rows: int
    places: tuple[str, ...]


def input_lines(shown: Shown, scheme: Scheme | None, case: list[Row]) -> list[InputLine]:
    """The inputs of every criterion of one scheme, entity and period, in the order of the scheme.

    ``case`` are its rows of the table ``scores``.
    """
    if scheme is None or not case or case[0]["start"] is None:
        return []
    judged = {row["node"] for row in case if row["kind"] == "criterion"}
    entity, period = case[0]["entity"], Period(case[0]["start"], case[0]["end"])
    found = [
        (criterion, figure)
        for criterion in scheme.criteria
        if criterion.id in judged
        for figure in _figures(shown, scheme, criterion, entity, period)
    ]
    places = _places(shown, [figure for _, figure in found])
    lines: list[InputLine] = []
    for criterion in scheme.criteria:
        lines += [_line(shown, criterion, figure, places) for each, figure in found if each is criterion]
        if criterion.id in judged:
            lines += _missing(shown, scheme, criterion, entity, period)
    return lines


def _figures(shown: Shown, scheme: Scheme, criterion: Criterion, entity: str, period: Period) -> Iterator[Row]:
    """The figures of a criterion's formula, also those of earlier years; each once."""
    indicator = next((each for each in scheme.indicators if each.id == criterion.indicator), None)
    if indicator is None or not indicator.formula:
        return
    told: set[str] = set()
    for leaf in parse_formula(indicator.formula).leaves:
        when = period.shifted(-leaf.lag)
        names = {leaf.name, f"{leaf.name}_comparable"} if indicator.price_basis == "open" else {leaf.name}
        found = [
            row
            for row in shown.figures_of.get((entity, when.start, when.end), ())
            if (row["quantity"] in names or row["quantity"].startswith(f"{leaf.name}.")) and not row["item"]
        ]
        for row in as_read(found, indicator, scheme.profile):
            if row["reference"] not in told:
                told.add(row["reference"])
                yield row


def _places(shown: Shown, figures: list[Row]) -> dict[str, list[str]]:
    """The cells behind figures that were reported as they are, by reference; one question for all of them."""
    direct = {row["reference"]: row for row in figures if is_observed(row["quantity"]) and row["start"]}
    if not direct:
        return {}
    wanted = tuple(sorted({row["quantity"] for row in direct.values()}))
    span = Period(min(row["start"] for row in direct.values()), max(row["end"] for row in direct.values()))
    where = dict(evidence_of(next(iter(direct.values())), shown.names)[0].where)
    asked = {name: where[name] for name in ("entity",) if name in where} | {"quantity": wanted, "within": span}
    cells: dict[str, list[tuple[Period, str]]] = defaultdict(list)
    for row in shown.lookup.rows("observations", asked, OBSERVED_ROWS, "value").to_pylist():
        if row["cell"] or row["file"]:
            place = "!".join(part for part in (row["file"], row["sheet"], row["cell"]) if part)
            cells[row["quantity"]].append((Period(row["start"], row["end"]), place))
    return {reference: _inside(cells[row["quantity"]], row) for reference, row in direct.items()}


def _inside(cells: list[tuple[Period, str]], figure: Row) -> list[str]:
    return [place for when, place in cells if when.start >= figure["start"] and when.end <= figure["end"]]


def _line(shown: Shown, criterion: Criterion, figure: Row, places: dict[str, list[str]]) -> InputLine:
    return InputLine(
        node=criterion.id,
        criterion=criterion.title,
        name=shown.names.quantity(figure["quantity"]),
        period=period_of(figure),
        variant=shown.names.variant(figure["variant"]),
        number=shown.number(figure),
        rows=figure["rows"] or 0,
        places=tuple(places.get(figure["reference"], [])[:PLACES]),
    )


def _missing(shown: Shown, scheme: Scheme, criterion: Criterion, entity: str, period: Period) -> list[InputLine]:
    """What the criterion's indicator lacks, as stated when it was measured."""
    asked = f"{scheme.head.id}.{criterion.indicator}"
    names: dict[str, None] = {}
    for row in shown.indicators:
        if row["indicator"] == asked and row["entity"] == entity and row["start"] == period.start:
            names |= dict.fromkeys(split_ids(row["missing"]))
    nothing = number_of(None, shown.names.unit(None), status="missing")
    variant = shown.names.variant("")
    return [
        InputLine(
            criterion.id, criterion.title, shown.names.quantity(name), str(period.start.year), variant, nothing, 0, ()
        )
        for name in names
    ]
