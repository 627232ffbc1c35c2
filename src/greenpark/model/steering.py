"""What a park steers by: plan lines of the year, the rule of the lights, and the ledger of measures."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from greenpark.model.columns import PERIOD, PLACE, RESULT, Table, columns_of
from greenpark.model.confidence import Confidence
from greenpark.model.knowledge import PackHead, Source
from greenpark.model.text import Frozen, Text

Direction = Literal["<=", ">="]
Light = Literal["green", "amber", "red", "none"]
MEASURE_KINDS = (
    "energy_saving", "green_technology", "low_carbon_scenario", "green_infrastructure", "clean_energy",
    "energy_cascade", "carbon_sink",
)  # fmt: skip
Fraction = Annotated[float, Field(ge=0)]


class LightRule(Frozen):
    """When a light is green, amber or red: by how far the cumulative value misses the plan line, as its fraction.

    Green as long as the miss is not more than ``green``, amber not more than ``amber``, else red.
    """

    id: str
    title: Text
    green: Fraction = 0.0
    amber: Fraction
    source: str
    confidence: Confidence
    note: Text | None = None


class SteeringPack(Frozen):
    """A steering pack: rules of lights."""

    head: PackHead
    sources: tuple[Source, ...]
    lights: tuple[LightRule, ...]


class PlanLine(Frozen):
    """What the year is planned to give: at most (or at least) ``goal`` in ``unit`` of a quantity.

    ``over`` makes it a ratio of two quantities that add up, like energy over value added. ``split`` says how the year
    is divided: by last year's shape, or evenly; the plan line of a ratio is the goal all year.
    """

    quantity: str
    over: str = ""
    entity: str = ""
    variant: str = ""
    year: int
    operator: Direction = "<="
    goal: float
    unit: str
    split: Literal["last_year", "even"] = "last_year"
    source: str


class Steering(Frozen):
    """What a job steers by: plan lines, the rule of the lights, and the day on which measures are judged.

    ``day`` empty: the day after the last period with data. ``quarterly`` false leaves the quarterly sheet out, which
    reads all rows once more: for jobs of many millions of rows.
    """

    quarterly: bool = True

    rule: str = "deviation_from_plan"
    plan: tuple[PlanLine, ...] = ()
    day: date | None = None


QUARTERLY = Table(
    "quarterly",
    ("run", "entity", "quantity", "over", "variant", "start", "end"),
    columns_of(
        *RESULT,
        ("entity", "string", "entity id"),
        ("quantity", "string", "quantity id"),
        ("over", "string", "quantity that it is divided by; empty when it is no ratio"),
        ("variant", "string", "like figures.variant"),
        *PERIOD,
        ("value", "float64", "value from the start of the year to the end of the quarter in `unit`", True),
        ("last_value", "float64", "the same quarters of last year in `unit`", True),
        ("growth", "float64", "value / last_value - 1, as a fraction", True),
        ("goal", "float64", "planned value of the whole year in `unit`", True),
        (
            "plan",
            "float64",
            "plan line at the end of the quarter in `unit`, without what is reported yearly only",
            True,
        ),
        ("operator", "string", "<= where less is better, >= where more is", True),
        ("split", "string", "how the year's goal was divided: last_year, even or whole", True),
        ("rest", "float64", "what the rest of the year may (<=) or must (>=) still bring in `unit`", True),
        ("pace_needed", "float64", "rest against the same quarters of last year, as a growth (fraction)", True),
        ("miss", "float64", "by how far the value misses the plan line, as a fraction of it; below 0: better", True),
        ("light", "string", "green, amber, red or none"),
        ("rule", "string", "rule of the light"),
        ("missing", "string", "months of the year so far without data, joined by +", True),
        ("last_missing", "string", "the same of last year", True),
        ("yearly_share", "float64", "share that is reported for whole years only and is in no quarter, 0 to 1", True),
        ("source", "string", "where the goal stands", True),
        ("unit", "string", "unit of the values"),
        ("status", "string", "ok, partial or not_evaluable"),
        ("confidence", "string", "high, medium or low"),
    ),
)

# The units of the ledger's amounts, in the order in which they are shown.
LEDGER_UNITS = {
    "investment": "万元", "expected_tce": "tce", "expected_co2": "tCO2", "achieved_tce": "tce", "achieved_co2": "tCO2",
}  # fmt: skip

LEDGER = Table(
    "ledger",
    ("run", "measure"),
    columns_of(
        *RESULT,
        ("measure", "string", "id of the measure"),
        ("name", "string", "its name"),
        ("kind", "string", ", ".join(MEASURE_KINDS)),
        ("owner", "string", "who answers for it", True),
        ("investment", "float64", "[万元]", True),
        ("begun", "date", "first day", True),
        ("due", "date", "day by which it is to be done", True),
        ("done", "date", "day on which it was done", True),
        ("expected_tce", "float64", "expected saving [tce/year]", True),
        ("expected_co2", "float64", "expected reduction [tCO2/year]", True),
        ("achieved_tce", "float64", "achieved saving [tce/year]", True),
        ("achieved_co2", "float64", "achieved reduction [tCO2/year]", True),
        ("evidence", "string", "document or reading that shows it", True),
        ("note", "string", "remark", True),
        ("status", "string", "planned, under_way, overdue, done, done_without_evidence"),
        *PLACE,
    ),
)
