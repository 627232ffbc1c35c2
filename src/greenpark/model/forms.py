"""What a form pack states: sheets and columns of a workbook, and a mapping of somebody else's columns."""

from __future__ import annotations

from datetime import date
from typing import Literal

from greenpark.model.confidence import Confidence
from greenpark.model.knowledge import PackHead
from greenpark.model.text import Frozen, Text

# 统计调查、行政记录、自愿提供: on what a feed rests, hence what its data may be used for.
LegalBasis = Literal["statistical_survey", "administrative_record", "voluntary"]


class Code(Frozen):
    """One entry of a code list: what is stored, its name, and other ways in which it is written."""

    id: str
    name: Text
    synonyms: tuple[str, ...] = ()


class CodeList(Frozen):
    """A code list of a form, offered as a drop-down: its codes with their source and confidence."""

    id: str
    title: Text
    source: str = ""
    confidence: Confidence = "high"
    codes: tuple[Code, ...]


class FormColumn(Frozen):
    """One column of a form sheet.

    ``holds`` says what a cell is: part of the row's key (entity, period, carrier, quantity, counterparty, reference, unit,
    coverage, status, note) or a ``value``. A value column names its quantity (or takes the row's ``quantity`` cell),
    flow and unit; ``unit`` empty means the unit of the row's unit cell or of the carrier. ``code_list`` names the list
    of the form from which the cell is chosen; for a value the code is the number that is stored. A ``reference`` is
    the number of a document, like that of a certificate; it is kept where a counterparty would be. ``choices`` of an area
    column are the nations whose provinces are offered.
    """

    id: str
    title: Text
    holds: Literal[
        "entity",
        "period",
        "carrier",
        "quantity",
        "counterparty",
        "reference",
        "unit",
        "coverage",
        "status",
        "value",
        "note",
        "attribute",
        "date",
        "ignored",
    ]
    quantity: str = ""
    flow: str = ""
    unit: str = ""
    carrier: str = ""
    attribute: str = ""
    choices: tuple[str, ...] = ()
    code_list: str = ""
    required: bool = False
    help: Text | None = None
    synonyms: tuple[str, ...] = ()
    may_be_negative: bool = False
    width: int = 14


class FormSheet(Frozen):
    """One sheet: what its rows are and its columns.

    ``rows``: ``entities`` rows register units of the park; ``observations`` rows carry values;
    ``measures`` rows are measures of an action plan, whose entity column holds the measure's id. ``carriers`` and
    ``quantities`` limit what the rows may name (empty: all); ``coverage`` holds where a row states none. ``any_year``:
    rows are events with dates of their own, so that other years than those of the job need no remark.
    """

    id: str
    title: Text
    rows: Literal["entities", "observations", "measures"]
    note: Text | None = None
    carriers: tuple[str, ...] = ()
    quantities: tuple[str, ...] = ()
    coverage: str = "unstated"
    any_year: bool = False
    columns: tuple[FormColumn, ...]


class CoverField(Frozen):
    """One field of a form's cover: what it holds, its title, and other ways in which people write the title."""

    id: Literal["entity_name", "entity", "period", "filled_by", "checked_by", "responsible", "signed_on", "contact"]
    title: Text
    synonyms: tuple[str, ...] = ()
    required: bool = False
    help: Text | None = None


class Form(Frozen):
    """A form pack: a workbook of sheets.

    ``number`` is the 表号, ``issued_by`` the 制定机关, ``approval`` the 批准或备案文号, ``valid_until`` the 有效期;
    empty where there is none, as in greenpark's own forms, which are no approved statistical survey. ``legal_basis``
    says on what the form rests. ``cover`` are the fields that whoever fills it in signs with.
    """

    head: PackHead
    sheets: tuple[FormSheet, ...]
    legal_note: Text
    legal_basis: LegalBasis = "voluntary"
    number: str = ""
    issued_by: Text | None = None
    approval: str = ""
    valid_until: date | None = None
    cover: tuple[CoverField, ...] = ()
    lists: tuple[CodeList, ...] = ()

    @property
    def version(self) -> str:
        """Which form in which version, like ``park_annual@1``."""
        return f"{self.head.id}@{self.head.version}"


class RowFilter(Frozen):
    """Keep the rows whose column holds one of the given values."""

    column: str
    equals: tuple[str, ...]


class MappedValue(Frozen):
    """One value column of a mapped file.

    The unit is fixed (``unit``), read from a column (``unit_column`` through ``unit_names``), or that of the carrier.
    ``column`` is ``*`` where the mapping's ``period_columns`` hold the values; ``quantity`` is empty where the rows
    name it in ``quantity_column``.
    """

    column: str
    quantity: str
    unit: str = ""
    unit_column: str = ""
    flow: str = ""
    may_be_empty: bool = False


class Mapping(Frozen):
    """How the columns of somebody else's table become observations: saved beside the job, reused each year.

    The entity's id is the text of ``entity_columns`` joined by ``-``, or ``entity`` where the table has no such
    column. A prefix (``carrier_prefix``, ``parent_prefix``) is set before the cell's text in lower case.
    ``period_columns`` maps the titles of columns, one per period, to their ISO periods (months in columns). ``sheet``
    names the sheet of a workbook (empty: its first).
    """

    id: str
    title: Text
    source: str
    keep: tuple[RowFilter, ...] = ()
    entity_columns: tuple[str, ...] = ()
    entity: str = ""
    entity_name_column: str = ""
    entity_kind: str = "plant"
    parent_column: str = ""
    parent_prefix: str = ""
    area: str = ""
    carrier_column: str = ""
    carrier_prefix: str = ""
    carrier: str = ""
    period: str = ""
    period_column: str = ""
    period_columns: dict[str, str] = {}
    quantity_column: str = ""
    quantity_names: dict[str, str] = {}
    carrier_names: dict[str, str] = {}
    note_column: str = ""
    sheet: str = ""
    unit_names: dict[str, str] = {}
    values: tuple[MappedValue, ...]
    coverage: str = "unstated"
    confidence: Literal["high", "medium", "low"] = "high"
