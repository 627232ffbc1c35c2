"""What is handed in and signed: sign-offs, comments, explanations of findings, legal bases, the calendar of duties."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from greenpark.model.confidence import Confidence
from greenpark.model.forms import LegalBasis
from greenpark.model.knowledge import PackHead
from greenpark.model.text import Frozen, Text

# 报送状态: 草稿、已报送、已退回、已接受、已锁定.
SubmissionState = Literal["draft", "submitted", "returned", "accepted", "locked"]
# Who answers for the numbers: the enterprise itself, or the park that estimated them for it.
Origin = Literal["enterprise", "park"]
# 统计、评价单个企业、预警单个企业、发布汇总数.
Use = Literal["statistics", "rating_of_enterprise", "warning_of_enterprise", "publication_of_aggregate"]
Frequency = Literal["monthly", "quarterly", "annual"]


class SignOff(Frozen):
    """Who signed a batch for whom and when, and what became of it.

    ``filled_by`` is the 填表人, ``checked_by`` the 审核人, ``responsible`` the 单位负责人. ``origin`` says whose numbers
    they are: those of a park are estimates by ``method`` and carry no signature of the enterprise. ``exception`` says
    why it was handed in although errors stood in it. ``number`` counts the batches of one entity, form and period. ``vintage``
    is flash, annual, final or census where somebody said so.
    """

    batch: str
    entity: str
    entity_name: str
    form: str
    form_version: str
    period: str
    file: str
    file_sha256: str
    filled_by: str
    checked_by: str
    responsible: str
    signed_on: date
    state: SubmissionState
    accepted_on: datetime | None = None
    accepted_by: str = ""
    legal_basis: LegalBasis
    reason: str = ""
    supersedes: str | None = None
    origin: Origin = "enterprise"
    method: str = ""
    exception: str = ""
    number: int = 1
    rows: int = 0
    submitted_on: datetime | None = None
    vintage: str = ""


class CellComment(Frozen):
    """What a reviewer says at a cell of what was handed in; without a cell it is about the whole."""

    sheet: str = ""
    cell: str = ""
    text: str
    by: str = ""
    at: datetime | None = None


class Explanation(Frozen):
    """Why a finding is closed: it stays with the data as long as the finding says the same.

    ``fingerprint`` is that of the finding; ``batches`` are those of the run in which it was found.
    """

    fingerprint: str
    text: str
    by: str
    at: datetime
    batches: tuple[str, ...] = ()


class FeedBasis(Frozen):
    """One legal basis on which data are collected, and what they may then be used for."""

    id: LegalBasis
    title: Text
    uses: tuple[Use, ...]
    note: Text
    source: str
    clause: str = ""
    confidence: Confidence


class FeedPack(Frozen):
    """A feeds pack: the legal bases of feeds with their permitted uses."""

    head: PackHead
    bases: tuple[FeedBasis, ...]


class Duty(Frozen):
    """Who owes a form how often, and until when.

    ``entities`` names them; ``group`` takes those of the workspace instead: all units, 规上 or 入统 at the period's end.
    ``due_days`` counts from the day after the period: 15 for a month is the 15th of the next. Periods that begin before
    ``since`` or end after ``until`` are not owed.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$")]
    form: str
    frequency: Frequency
    due_days: Annotated[int, Field(ge=1)]
    since: date
    until: date | None = None
    entities: tuple[str, ...] = ()
    group: Literal["", "units", "above_scale", "in_statistics"] = ""


class Calendar(Frozen):
    """A calendar of duties; ``utc_offset_hours`` tells on which day something arrived (China: 8)."""

    title: Text
    utc_offset_hours: Annotated[int, Field(ge=-12, le=14)]
    duties: tuple[Duty, ...]
