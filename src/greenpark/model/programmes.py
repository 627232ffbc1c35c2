"""Programmes and their titles: who awards them, who holds them since when, and how ready each park is for them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from greenpark.model.columns import PERIOD, RESULT, Table, columns_of
from greenpark.model.confidence import Confidence
from greenpark.model.knowledge import PackHead, Source
from greenpark.model.text import Frozen, Text
from greenpark.model.time import Period

Stage = Literal["approved", "named", "reviewed", "withdrawn"]
# 批准建设或试点 → 验收命名 → 复查 → 撤销: who reached a stage passed those before it.
STAGES: tuple[Stage, ...] = ("approved", "named", "reviewed", "withdrawn")


class Programme(Frozen):
    """A programme that awards a title to parks, factories, products, supply chains or service providers.

    ``schemes`` are the evaluation schemes by which it judges, each in its time.
    """

    id: str
    title: Text
    kind: Literal["park", "factory", "product", "supply_chain", "service_provider"]
    level: Literal["nation", "province", "international"]
    awarding_body: Text
    document: str = ""
    schemes: tuple[str, ...] = ()
    source: str
    confidence: Confidence
    note: Text | None = None


class ZoneGroup(Frozen):
    """The zones that a published number speaks of: those whose id begins with ``begins``; empty: every holder."""

    id: str
    title: Text
    begins: str = ""


class PublishedCount(Frozen):
    """How many titles a body said there were; ``new`` numbers are those of one batch and are never set against a total."""

    id: str
    programme: str
    counts: Literal["total", "new"]
    when: str
    group: str
    stage: Stage
    count: int
    source: str
    confidence: Confidence
    note: Text | None = None


class Designation(Frozen):
    """One event in the life of a title (a row of designations.csv, or a title that a job adds).

    ``zone`` is the zone that it counts for, ``holder`` the name as published: of the zone, of the part of it that holds
    the title (``level`` sub_park), or of a park, enterprise or product outside the lists. ``when`` is a day, month or
    year, a span ``2012/2017``, or ``/2017`` for "by the end of 2017"; empty: not known. ``until``: the first day on
    which the title no longer stands.
    """

    id: str
    programme: str
    zone: str = ""
    holder: str
    level: Literal["zone", "sub_park", "enterprise", "product", "outside"] = "zone"
    stage: Stage
    when: str = ""
    batch: str = ""
    document: str = ""
    result: str = ""
    until: date | None = None
    source: str
    confidence: Confidence
    note: str = ""

    @property
    def key(self) -> str:
        """Whom it counts for: the zone, else the holder's name."""
        return self.zone or self.holder


class ProgrammePack(Frozen):
    """A programmes pack: programmes, published numbers, and the register of designations."""

    head: PackHead
    sources: tuple[Source, ...]
    programmes: tuple[Programme, ...] = ()
    groups: tuple[ZoneGroup, ...] = ()
    published: tuple[PublishedCount, ...] = ()
    designations: tuple[Designation, ...] = ()


def days_of(text: str) -> tuple[date, date]:
    """The first and the last day on which something so dated can have happened.

    Raises
    ------
    ValueError
        When the text is no date of this kind.
    """
    if not text:
        return date.min, date.max
    if text.startswith("/"):
        return date.min, Period.parse(text[1:]).end - timedelta(days=1)
    period = Period.parse(text)
    return period.start, period.end - timedelta(days=1)


STANDINGS = Table(
    "standings",
    ("programme", "holder"),
    columns_of(
        ("programme", "string", "programme id"),
        ("holder", "string", "zone id, or the name of a holder outside the lists"),
        ("name", "string", "name as published"),
        ("level", "string", "zone, sub_park, enterprise, product or outside"),
        ("stage", "string", "approved, named, reviewed, withdrawn, lapsed or possible (dated too loosely to say)"),
        ("date", "string", "date of the stage as registered", True),
        ("batch", "string", "batch", True),
        ("document", "string", "document", True),
        ("result", "string", "result of the review", True),
        ("until", "date", "first day on which the title no longer stands", True),
        ("source", "string", "source id"),
        ("provisional", "boolean", "true when the stage rests on a low-confidence row or on no certain date"),
        ("confidence", "string", "high, medium or low"),
    ),
)

TALLIES = Table(
    "tallies",
    ("programme", "group"),
    columns_of(
        ("programme", "string", "programme id"),
        ("group", "string", "group of zones that is counted; empty: every holder of the register"),
        ("approved", "int64", "distinct zones approved to build or pilot"),
        ("named", "int64", "distinct zones accepted and named"),
        ("reviewed", "int64", "distinct zones named and reviewed"),
        ("withdrawn", "int64", "distinct zones whose title was withdrawn or lapsed"),
        ("possible", "int64", "distinct zones whose only date may lie after the day"),
        ("holding", "int64", "distinct zones that hold the title at any stage"),
        ("low", "int64", "of these, on a low-confidence row"),
        ("published", "int64", "number that was published last by the day", True),
        ("published_date", "string", "its date", True),
        ("published_stage", "string", "the stage it speaks of", True),
        ("reached", "int64", "zones of the register that had reached that stage by the published date", True),
        ("difference", "int64", "published less reached: those whose names the register does not have", True),
        ("source", "string", "source id of the published number", True),
        ("confidence", "string", "confidence of the published number", True),
    ),
)

READINESS = Table(
    "readiness",
    ("run", "programme", "scheme", "entity", "start", "end"),
    columns_of(
        *RESULT,
        ("programme", "string", "programme id"),
        ("scheme", "string", "scheme id; empty when no scheme of the programme is known"),
        ("entity", "string", "entity id"),
        *PERIOD,
        ("state", "string", "met, not_met, not_applicable, not_evaluable, or not_assessed"),
        ("criteria_met", "int64", "criteria met, under the least favourable variant", True),
        ("criteria_not_met", "int64", "criteria not met, under the least favourable variant", True),
        ("criteria_missing", "int64", "criteria that cannot be evaluated, under the least favourable variant", True),
        ("conditions_not_met", "int64", "conditions for entry that are not met", True),
        ("conditions_open", "int64", "conditions for entry that nobody has answered", True),
        ("score", "float64", "score of an index", True),
        ("low", "float64", "lower end of the score's range", True),
        ("high", "float64", "upper end of the score's range", True),
        ("in_force", "boolean", "whether the scheme was in force at the end of the period", True),
        ("stage", "string", "the title that the entity held on the last day of the period; empty: none", True),
        ("reason", "string", "message id of the verdict's reason", True),
        ("detail", "string", "JSON: placeholders of the reason", True),
        ("provisional", "boolean", "true when the verdict is provisional"),
        ("confidence", "string", "high, medium or low"),
    ),
)
