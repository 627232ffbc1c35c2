"""What stands around one amount: the words before it and behind it, as far as they can belong to it."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from greenpark.collect.pages.amounts import Amount
from greenpark.collect.pages.clauses import Clause, Paragraph
from greenpark.collect.pages.lexicon import Lexicon, Mention, ScopeMention
from greenpark.collect.pages.periods import PeriodMention
from greenpark.model.time import Period

_LIST_MARK = re.compile(r"[、]")
_CHAIN = re.compile(r"\s?(?:[、,，]|和|与|及|以及|,?\s?and)\s?(?:and\s)?", re.IGNORECASE)


@dataclass(frozen=True)
class Context:
    """An amount in its clause.

    ``head`` runs from the clause's start to the amount, ``before`` from the amount before it, ``after`` to the next
    amount or list mark. ``start`` is where ``before`` begins in the paragraph. The last three are what a list with
    分别 (respectively) assigns to this amount.
    """

    paragraph: Paragraph
    clause: Clause
    amount: Amount
    start: int
    head: str
    before: str
    after: str
    quantity: Mention | None = None
    period: PeriodMention | None = None
    scope: ScopeMention | None = None
    place_in_list: int | None = None

    @property
    def after_end(self) -> int:
        """Where ``after`` ends in the paragraph."""
        return self.amount.end + len(self.after)


def contexts_of(paragraph: Paragraph, lexicon: Lexicon) -> list[Context]:
    """One context for each amount, in order."""
    contexts = []
    starts = [one.start for one in paragraph.amounts]
    for clause in paragraph.clauses:
        last = clause.start
        first, end_of_clause = (bisect_left(starts, place) for place in (clause.start, clause.end))
        inside = paragraph.amounts[first:end_of_clause]
        for place, amount in enumerate(inside):
            end = inside[place + 1].start if place + 1 < len(inside) else clause.end
            after = paragraph.text[amount.end : max(amount.end, end)]
            if mark := _LIST_MARK.search(after):
                after = after[: mark.start()]
            head, before = paragraph.text[clause.start : amount.start], paragraph.text[last : amount.start]
            contexts.append(Context(paragraph, clause, amount, last, head, before, after))
            last = amount.end
    return _with_lists(contexts, paragraph, lexicon)


def _with_lists(contexts: list[Context], paragraph: Paragraph, lexicon: Lexicon) -> list[Context]:
    """Contexts of lists said to belong to their subjects one by one (分别, respectively) with what belongs to each."""
    result = list(contexts)
    for match in lexicon.respectively.finditer(paragraph.text):
        chain = _chain(contexts, paragraph.text, match.start(), match.end())
        if len(chain) < 2:
            continue
        first = contexts[chain[0]]
        subjects = _Subjects(paragraph, first, min(match.start(), first.amount.start), len(chain))
        for place, index in enumerate(chain):
            result[index] = subjects.given_to(contexts[index], first, place)
    return result


def _chain(contexts: list[Context], text: str, start: int, end: int) -> list[int]:
    """The indices of the amounts joined in one list behind the word, or before it when none follows."""
    following = [index for index, one in enumerate(contexts) if one.amount.start >= end]
    chain = _joined(contexts, text, following)
    if chain and len(chain) > 1 and not re.search(r"[。；;]", text[end : contexts[chain[0]].amount.start]):
        return chain
    preceding = [index for index, one in enumerate(contexts) if one.amount.end <= start]
    backwards = _joined(contexts, text, preceding[::-1])
    return backwards[::-1]


def _joined(contexts: list[Context], text: str, indices: list[int]) -> list[int]:
    chain = indices[:1]
    for index in indices[1:]:
        one, two = sorted((contexts[chain[-1]].amount, contexts[index].amount), key=lambda amount: amount.start)
        if not _CHAIN.fullmatch(text[one.end : two.start]):
            break
        chain.append(index)
    return chain


class _Subjects:
    """The subjects before a list: as many periods, quantities or scopes as the list has amounts."""

    def __init__(self, paragraph: Paragraph, first: Context, until: int, count: int) -> None:
        sentence = first.clause.sentence
        start = min(one.start for one in paragraph.clauses if one.sentence == sentence)
        self._periods = self._years(paragraph, sentence, until, count)
        named = [one for one in paragraph.quantities if start <= one.start and one.end <= until]
        own = [one for one in named if one.start >= first.clause.start]
        self._quantities = own[-count:] if len(own) >= count and not self._periods else []
        scopes = [one for one in paragraph.scopes if start <= one.start and one.end <= until and not one.part]
        self._scopes = scopes[-count:] if len(scopes) >= count and not self._periods and not self._quantities else []

    @staticmethod
    def _years(paragraph: Paragraph, sentence: int, until: int, count: int) -> list[PeriodMention]:
        """As many periods as amounts, before the list or behind it; a span of just as many years gives one to each."""
        inside = [one for one in paragraph.clauses if one.sentence == sentence]
        start, end = inside[0].start, inside[-1].end
        stated = [one for one in paragraph.periods if start <= one.start and one.end <= end and one.period]
        before = [one for one in stated if one.end <= until]
        if len(before) == 1 and (whole := before[0].period) and whole.months == 12 * count:
            year, one = whole.start.year, before[0]
            return [PeriodMention(one.start, one.end, Period.year(year + step), one.role) for step in range(count)]
        if len(before) == count:
            return before
        return stated if len(stated) == count and not before else []

    def given_to(self, context: Context, first: Context, place: int) -> Context:
        """The amount's context with its own subject, and the words before the first amount of the list."""
        return Context(
            context.paragraph,
            first.clause,
            context.amount,
            first.start,
            first.head,
            first.before,
            context.after,
            self._quantities[place] if self._quantities else None,
            self._periods[place] if self._periods else None,
            self._scopes[place] if self._scopes else None,
            place,
        )
