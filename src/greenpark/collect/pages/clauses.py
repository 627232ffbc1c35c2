"""A paragraph cut into sentences and clauses, with all that is named in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from greenpark.collect.pages.amounts import Amount
from greenpark.collect.pages.lexicon import Lexicon, Mention, PerMention, ScopeMention
from greenpark.collect.pages.marks import Covered
from greenpark.collect.pages.periods import PeriodMention

_ENGLISH_STOP = re.compile(r"(?<=[\w%)])(?<![.\s][A-Z])\.(?=\s+[A-Z\"“(]|\s*$)")
_SENTENCE_END = re.compile(r"[。！？!?\n]|" + _ENGLISH_STOP.pattern)
_GROUP_END = re.compile(r"[;；]")
# A comma between digits groups thousands.
_CLAUSE_END = re.compile(r"[，:：]|(?<!\d),|,(?!\d)")
_VALUE_OPENS = re.compile(r"(?:\([^()]*\))?\s*(:)\s*[约近超]?过?\s*[\d+-]")
_PARENTHESIS = re.compile(r"[(（]([^()（）]*)[)）]")


@dataclass(frozen=True)
class Clause:
    """[start, end) of a paragraph; ``group`` counts parts between semicolons, ``inside`` marks a parenthesis."""

    start: int
    end: int
    sentence: int
    group: int
    inside: bool


@dataclass(frozen=True)
class Paragraph:
    """The text of a paragraph and what it names, each in order of place."""

    text: str
    amounts: tuple[Amount, ...]
    periods: list[PeriodMention]
    quantities: list[Mention]
    scopes: list[ScopeMention]
    per_heads: list[PerMention]
    clauses: list[Clause] = field(default_factory=list)


def paragraph_of(text: str, amounts: tuple[Amount, ...], periods: list[PeriodMention], lexicon: Lexicon) -> Paragraph:
    """``text`` cut into clauses at marks that stand outside amounts and periods."""
    protected = [(one.start, one.end) for one in amounts] + [(one.start, one.end) for one in periods]
    scopes = lexicon.scopes_in(text)
    quantities = _without_names(lexicon.quantities_in(text), scopes)
    # A colon behind a quantity opens its value (用电量:12.3亿千瓦时) and parts nothing.
    protected += [match.span(1) for one in quantities if (match := _VALUE_OPENS.match(text, one.end))]
    return Paragraph(
        text,
        amounts,
        periods,
        quantities,
        scopes,
        lexicon.per_heads_in(text),
        _clauses(text, protected, amounts),
    )


def _without_names(quantities: list[Mention], scopes: list[ScopeMention]) -> list[Mention]:
    """Quantities apart from those inside a name: 苏州工业园区 counts no parks."""
    names = [one for one in scopes if one.kind in {"zone", "enterprise", "region"}]
    return [one for one in quantities if not any(name.start <= one.start and one.end <= name.end for name in names)]


def _clauses(text: str, protected: list[tuple[int, int]], amounts: tuple[Amount, ...]) -> list[Clause]:
    """The clauses in order; a parenthesis is cut out when it holds an amount, else it belongs to its clause."""
    cuts = {match.start(): "sentence" for match in _SENTENCE_END.finditer(text)}
    cuts |= {match.start(): "group" for match in _GROUP_END.finditer(text)}
    cuts |= {match.start(): "clause" for match in _CLAUSE_END.finditer(text)}
    covered = Covered(len(text), protected)
    cuts = {place: kind for place, kind in cuts.items() if not covered.touches(place, place + 1)}
    for match in _PARENTHESIS.finditer(text):
        if any(match.start() < one.start and one.end <= match.end() for one in amounts):
            cuts[match.start()], cuts[match.end() - 1] = "open", "close"
        else:
            for place in range(*match.span()):
                cuts.pop(place, None)
    return _between(cuts, len(text))


def _between(cuts: dict[int, str], length: int) -> list[Clause]:
    clauses: list[Clause] = []
    start = sentence = group = 0
    inside = False
    for place in [*sorted(cuts), length]:
        if place > start:
            clauses.append(Clause(start, place, sentence, group, inside))
        kind = cuts.get(place, "")
        inside = kind == "open" or (inside and kind in {"clause", "group"})
        if kind == "sentence":
            sentence, group = sentence + 1, group + 1
        elif kind == "group" and not inside:
            group += 1
        start = place + 1
    return clauses


def within(clause: Clause, start: int, end: int) -> bool:
    """Whether [start, end) lies in the clause."""
    return clause.start <= start and end <= clause.end
