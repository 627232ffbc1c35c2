"""The figures of running text."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from greenpark.collect.pages.amounts import BARE_SCALE, amounts_in
from greenpark.collect.pages.clauses import Clause, Paragraph, paragraph_of
from greenpark.collect.pages.contexts import Context, contexts_of
from greenpark.collect.pages.kinds import (
    RELATIVE,
    change_sign,
    changed_to,
    describes_a_set,
    has_condition,
    is_approximate,
    is_comparison,
    is_condition,
    is_ratio,
    says_target,
)
from greenpark.collect.pages.lexicon import Lexicon, Quantity
from greenpark.collect.pages.periods import PeriodMention, PeriodReader
from greenpark.collect.pages.scopes import Topic, scope_of, topic_of
from greenpark.collect.pages.subjects import (
    carried_from,
    changed_quantity,
    level_quantity,
    ratio_quantity,
    shared_quantity,
    speaks_of_another,
)
from greenpark.model.pages import FigureKind, PageFigure
from greenpark.model.time import Period

_BEHIND = re.compile(
    r"\s?(?:\([^()]*\)|\))?\s?[(（]?\s?(?:截至|截止)?(?:(?:in|for|during|by|as of|(?:as of |at )?the end of)\s(?:the year\s)?)?",
    re.IGNORECASE,
)
_ORIGIN = re.compile(r"(?:从|由|自|\bfrom\b)[^,，;；。]{0,20}$", re.IGNORECASE)
_EDGES = " \t,，;；。:：、|"
_AMOUNTS_BEFORE_BRACKET = 3
_GENERIC_UNITS = frozenset({"个", "项", "种", "处", "所", "座", "台", "套"})


@dataclass
class _Sentence:
    """What has been said so far in a sentence."""

    number: int = -1
    group: int = -1
    quantity: Quantity | None = None
    nation: bool = False
    target: bool = False
    threshold: bool = False
    sharing: bool = False
    share: str | None = None


@dataclass(frozen=True)
class _Reading:
    """What an amount turned out to be, before its scope, period and text are added."""

    quantity: str | None
    kind: FigureKind
    sign: int
    base: Quantity | None


class ProseReader:
    """Reads paragraphs of one page in order; the page's topic goes on from paragraph to paragraph, a period does not."""

    def __init__(self, lexicon: Lexicon, page_year: int | None) -> None:
        self._lexicon = lexicon
        self._periods = PeriodReader(lexicon)
        self._page_year = page_year
        self._last: Period | None = None
        self._listed: list[Quantity] = []
        self.topic: Topic | None = None
        self.damaged: list[tuple[str, str]] = []

    def read(self, text: str) -> list[PageFigure]:
        """The figures of one paragraph, in order; damaged passages are added to ``damaged``."""
        periods = self._periods.periods_in(text, self._last, self._page_year)
        found = amounts_in(text, self._lexicon, [(one.start, one.end) for one in periods])
        self.damaged += [(passage, text) for passage in found.damaged]
        paragraph = paragraph_of(text, found.found, periods, self._lexicon)
        contexts = contexts_of(paragraph, self._lexicon)
        figures = self._figures(paragraph, contexts)
        stated = [one.period for one in periods if one.period and one.role == "stated"]
        self._last = stated[-1] if stated else self._last
        return figures

    def _figures(self, paragraph: Paragraph, contexts: list[Context]) -> list[PageFigure]:
        figures = []
        said = _Sentence()
        starts = [one.amount.start for one in contexts]
        for clause in paragraph.clauses:
            self._enter(said, paragraph, clause)
            first, end = (bisect_left(starts, place) for place in (clause.start, clause.end))
            own = contexts[first:end]
            for context in own:
                figure = self._figure(context, contexts, said)
                figures += [figure] if figure else []
            if not own:
                said.quantity = _named_last(paragraph, clause) or said.quantity
            said.threshold |= bool(self._lexicon.threshold.search(paragraph.text[clause.start : clause.end]))
        return figures

    def _enter(self, said: _Sentence, paragraph: Paragraph, clause: Clause) -> None:
        """Begin a clause: forget what ends with the sentence, and take up the scope that the clause names."""
        if clause.sentence != said.number:
            said.target = said.threshold = False
        if clause.sentence != said.number or (clause.group != said.group and not clause.inside):
            said.quantity, said.nation = (None if clause.sentence != said.number else said.quantity), False
            said.sharing, said.share = False, None
        said.number, said.group = clause.sentence, clause.group
        self.topic = topic_of(paragraph, clause, self._lexicon) or self.topic

    def _figure(self, context: Context, contexts: list[Context], said: _Sentence) -> PageFigure | None:
        """The figure that an amount states, or nothing when it is a condition, a bare number or a plain counting word."""
        period = _period(context)
        target = self._is_target(context, period, said)
        if is_condition(context, contexts, self._lexicon) and not target:
            return None
        reading = self._reading(context, said)
        if has_condition(context, contexts, self._lexicon) and reading.base and not reading.base.title:
            reading = replace(reading, quantity=None)
        said.quantity = carried_from(context, self._lexicon, reading.base, said.quantity)
        if self._says_nothing(context, reading):
            return None
        kind = self._kind(context, reading, target, said)
        scope, kind_of_scope = scope_of(context, self._lexicon, self.topic, _is_measured_by_nation(reading.kind))
        quantity = reading.quantity
        if quantity and reading.base and reading.base.in_zones and kind_of_scope == "zones":
            quantity = re.sub(rf"^{reading.base.id}(?=_|$)", reading.base.in_zones, quantity)
        return PageFigure(
            quantity,
            _signed(float(context.amount.value), reading.sign),
            self._unit(context, reading),
            str(period.period) if period and period.period else None,
            scope,
            kind,
            is_approximate(context, self._lexicon),
            self._text(context),
        )

    def _reading(self, context: Context, said: _Sentence) -> _Reading:
        """The kind and quantity of an amount: comparison, change, ratio, share, else a level or count."""
        lexicon, carried = self._lexicon, self._carried(context, said)
        relative = context.amount.family in RELATIVE
        level = level_quantity(context, lexicon, carried)
        base = level or self._base(context, carried)
        if sign := is_comparison(context, lexicon):
            return _Reading(_id(base, "_against_average"), "comparison", sign, base)
        if sign := change_sign(context, lexicon):
            changed = changed_quantity(context, lexicon, carried)
            if context.amount.family == "point" and said.share and not self._base(context, None):
                changed = f"{said.share}_change"
            return _Reading(changed, "growth", 0 if context.amount.signed else sign, base)
        if is_ratio(context, lexicon):
            return _Reading(ratio_quantity(context, lexicon, carried), "ratio", 0, None)
        if relative:
            quantity, said.nation = shared_quantity(context, lexicon, carried, said.nation and said.sharing)
            said.sharing, said.share = True, quantity
            return _Reading(quantity, "share", 0, level if level and level.rate else None)
        counted = context.amount.family == "count" or bool(level and level.counted)
        return _Reading(_id(level), "count" if counted else "actual", 0, level)

    def _carried(self, context: Context, said: _Sentence) -> Quantity | None:
        """The quantity that a clause may go on about; in a list, the one listed at the same place before."""
        place = context.place_in_list
        if place is None:
            return None if speaks_of_another(context, self._lexicon) else said.quantity
        if context.quantity:
            self._listed = [*self._listed[:place], context.quantity.quantity]
        return self._listed[place] if place < len(self._listed) else said.quantity

    def _base(self, context: Context, carried: Quantity | None) -> Quantity | None:
        named = [
            one.quantity
            for one in context.paragraph.quantities
            if context.clause.start <= one.start and one.end <= context.amount.start
        ]
        return context.quantity.quantity if context.quantity else named[-1] if named else carried

    def _says_nothing(self, context: Context, reading: _Reading) -> bool:
        """Whether a number without a known quantity is too little to be a figure: 3个方面, 两项任务, 5天."""
        amount = context.amount
        if reading.quantity or reading.base:
            return False
        if amount.family in {BARE_SCALE, "days"} or self._lexicon.not_counted.match(context.after):
            return True
        return amount.spoken and (amount.unit in _GENERIC_UNITS or amount.family == "people" or amount.value < 10)

    def _is_target(self, context: Context, period: PeriodMention | None, said: _Sentence) -> bool:
        """Whether an amount is to be reached: a word of aim, or a year to be reached, unless it is said to be done."""
        done = bool(self._lexicon.actual.search(context.head))
        if says_target(context, self._lexicon):
            said.target = True
        elif done:
            said.target = False
        return said.target or bool(period and period.role == "target" and not done)

    def _kind(self, context: Context, reading: _Reading, target: bool, said: _Sentence) -> FigureKind:
        asked = self._lexicon.threshold.search(context.head) and not said.target
        if target and not asked:
            return "target"
        if reading.kind not in {"growth", "comparison", "ratio"} and (
            said.threshold or self._lexicon.threshold.search(context.head) or describes_a_set(context, self._lexicon)
        ):
            return "threshold"
        return reading.kind

    def _unit(self, context: Context, reading: _Reading) -> str:
        """The unit as printed, completed by the denominator said elsewhere: 万元增加值能耗0.4吨, 每万人9件, 年均4%."""
        unit = context.amount.unit
        if "/" in unit or " per " in unit or "每" in unit:
            return unit
        if reading.kind == "growth":
            return f"{unit}/{self._lexicon.cues.yearly_unit}" if _is_yearly(context, self._lexicon) else unit
        if reading.kind in {"share", "ratio"}:
            return unit
        if reading.base and reading.base.denominator:
            return f"{unit}{reading.base.denominator}"
        for head in context.paragraph.per_heads:
            if context.clause.start <= head.start and head.end <= context.amount.start and head.suffix != "per_head":
                return f"{unit}/{head.unit}"
        return unit

    def _text(self, context: Context) -> str:
        clause = context.clause
        end = max(clause.end, context.amount.end)
        return _trimmed(context.paragraph.text[clause.start : end])


def _named_last(paragraph: Paragraph, clause: Clause) -> Quantity | None:
    """The measured quantity that a clause without amounts brings up for the next one."""
    named = [
        one.quantity
        for one in paragraph.quantities
        if clause.start <= one.start and one.end <= clause.end and not one.quantity.counted
    ]
    return named[-1] if named else None


def _is_yearly(context: Context, lexicon: Lexicon) -> bool:
    """Whether a change is one a year: 年均削减4%, but not 年均浓度下降4%."""
    names = [(one.start - context.start, one.end - context.start) for one in context.paragraph.quantities]
    found = lexicon.yearly.search(context.before)
    return bool(found) and found is not None and not any(a <= found.start() and found.end() <= b for a, b in names)


def _trimmed(text: str) -> str:
    """A clause without marks at its edges and without half a bracket."""
    text = re.sub(r"\s+", " ", text).strip(_EDGES)
    if text.count("(") > text.count(")"):
        text = text.removeprefix("(") if text.startswith("(") else text + ")"
    elif text.count(")") > text.count("("):
        text = text.removesuffix(")") if text.endswith(")") else "(" + text
    return text


def _id(quantity: Quantity | None, ending: str = "") -> str | None:
    return quantity.id + ending if quantity else None


def _signed(value: float, sign: int) -> float:
    return value * sign if sign else value


def _is_measured_by_nation(kind: FigureKind) -> bool:
    return kind in {"share", "ratio", "comparison", "growth"}


def _period(context: Context) -> PeriodMention | None:
    """The period of an amount: given by a list, written right behind it, else the last one stated before it.

    A year that a figure changed from holds for that figure alone.
    """
    if context.period:
        return context.period
    paragraph, amount = context.paragraph, context.amount
    for one in paragraph.periods:
        if one.start >= amount.end and one.period and one.role != "baseline":
            if _BEHIND.fullmatch(paragraph.text[amount.end : one.start]):
                return one
            break
    if late := _behind_in_english(context):
        return late
    before = [one for one in paragraph.periods if one.end <= amount.start and one.role != "baseline"]
    if (origin := _ORIGIN.search(context.before)) and changed_to(context.after):
        # What something changed from is not of the period that the change is reported for.
        before = [one for one in before if one.start >= context.start + origin.start()]
    return _last_that_holds(context, before)


def _behind_in_english(context: Context) -> PeriodMention | None:
    """The only period of an English sentence when it follows: … was recorded in 2023."""
    if re.search(r"[一-鿿]", context.head + context.after):
        return None
    sentence = [one for one in context.paragraph.clauses if one.sentence == context.clause.sentence]
    start, end = sentence[0].start, sentence[-1].end
    inside = [
        one for one in context.paragraph.periods if start <= one.start and one.end <= end and one.role != "baseline"
    ]
    late = len(inside) == 1 and inside[0].role == "stated" and context.amount.end <= inside[0].start
    return inside[0] if late else None


def _last_that_holds(context: Context, before: list[PeriodMention]) -> PeriodMention | None:
    for one in reversed(before):
        between = [other for other in context.paragraph.amounts if one.end <= other.start < context.amount.start]
        if one.role == "origin" and (between or one.start < context.clause.start):
            continue
        if _written_behind_another(context, one):
            continue
        return one
    return None


def _written_behind_another(context: Context, mention: PeriodMention) -> bool:
    """Whether a period in brackets belongs to the amount that it follows: 0.65吨(2016年)."""
    text, amounts = context.paragraph.text, context.paragraph.amounts
    last = bisect_left(amounts, mention.start + 1, key=lambda one: one.end)
    for other in amounts[max(0, last - _AMOUNTS_BEFORE_BRACKET) : last]:
        between = text[other.end : mention.start]
        if between.count("(") > between.count(")") and _BEHIND.fullmatch(between):
            return True
    return False
