"""Whose figure it is: the scope named nearest before an amount, else the one the sentence or the page is about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from greenpark.collect.pages.clauses import Clause, Paragraph
from greenpark.collect.pages.contexts import Context
from greenpark.collect.pages.lexicon import Lexicon, ScopeMention


@dataclass(frozen=True)
class Topic:
    """The scope a page goes on about, with its kind."""

    id: str
    kind: str


def topic_of(paragraph: Paragraph, clause: Clause, lexicon: Lexicon) -> Topic | None:
    """The scope that a clause brings up: the first named, the narrower where two stand together (江苏省苏州工业园区)."""
    if clause.inside:
        return None
    named = [one for one in paragraph.scopes if clause.start <= one.start and one.end <= clause.end and not one.part]
    named = [one for one in named if not _is_measure(paragraph, one, lexicon)]
    areas = [one for one in named if one.kind != "nation"]
    if areas:
        chosen = areas[0]
        for following in areas[1:]:
            if following.start - chosen.end <= 1:
                chosen = following
        return Topic(chosen.id, str(chosen.kind))
    opening = [one for one in named if not _words_before(paragraph, clause, one)]
    return Topic(opening[0].id, "nation") if opening else None


def _words_before(paragraph: Paragraph, clause: Clause, mention: ScopeMention) -> str:
    """The words of a clause before a scope, periods apart."""
    head = paragraph.text[clause.start : mention.start]
    for one in paragraph.periods:
        if clause.start <= one.start and one.end <= mention.start:
            head = head.replace(paragraph.text[one.start : one.end], "")
    return re.sub(r"[\W\d_]|\b(?:in|the|by|of)\b", "", head)


def _is_measure(paragraph: Paragraph, mention: ScopeMention, lexicon: Lexicon) -> bool:
    """Whether a scope only serves to measure by: 占全国, 比全国平均, 全国平均的11倍."""
    head = paragraph.text[max(0, mention.start - 20) : mention.start].rstrip().removesuffix("了")
    tail = paragraph.text[mention.start : mention.end + 4]
    marks = (*lexicon.cues.share, *lexicon.cues.baseline_before, *lexicon.cues.higher, *lexicon.cues.lower, "于")
    measured = any(head.endswith(word) for word in marks) or re.search(r"(?:%|percent|per cent)\s+of(?:\s+the)?$", head)
    return mention.kind == "nation" and bool(measured or lexicon.averages.match(tail))


def scope_of(context: Context, lexicon: Lexicon, topic: Topic | None, relative: bool) -> tuple[str | None, str]:
    """The scope of an amount and its kind; ``relative`` figures (shares, ratios) are not about the nation they measure by."""
    part = _part(context)
    if context.scope:
        return _joined(context.scope.id, part), str(context.scope.kind)
    own = _counted_set(context, lexicon) or _nearest(context, relative, lexicon)
    found = Topic(own.id, str(own.kind)) if own else topic
    if found is None:
        return part, ""
    return _joined(found.id, part), found.kind


def _joined(scope: str, part: str | None) -> str:
    return f"{scope} {part}" if part else scope


def _nearest(context: Context, relative: bool, lexicon: Lexicon) -> ScopeMention | None:
    """The scope named last before the amount in its clause; in English also one directly behind it (… of the zones)."""
    inside = [
        one
        for one in context.paragraph.scopes
        if context.clause.start <= one.start and one.end <= context.amount.start and not one.part
    ]
    if relative:
        inside = [one for one in inside if one.kind != "nation"]
    else:
        inside = [
            one
            for one in inside
            if _is_average(one, context, lexicon) or not _is_measure(context.paragraph, one, lexicon)
        ]
    return inside[-1] if inside else None


def _is_average(mention: ScopeMention, context: Context, lexicon: Lexicon) -> bool:
    """Whether the mention opens a statement of an average itself: 全国平均0.65吨."""
    text = context.paragraph.text
    stated = lexicon.averages.match(text, mention.start)
    return bool(stated) and not re.sub(
        r"[\s值为约是:]|水平", "", text[stated.end() if stated else 0 : context.amount.start]
    )


def _counted_set(context: Context, lexicon: Lexicon) -> ScopeMention | None:
    """The set whose members are counted: 30家国家高新区."""
    if context.amount.unit not in lexicon.counted_units:
        return None
    for one in context.paragraph.scopes:
        if context.amount.number_end <= one.start and one.end <= context.after_end and one.kind == "zones":
            return one
    return None


def _part(context: Context) -> str | None:
    """The part of a scope named in the clause before the amount: 工业企业."""
    parts = [
        one.id
        for one in context.paragraph.scopes
        if one.part and context.clause.start <= one.start and one.end <= context.amount.start
    ]
    return parts[-1] if parts else None
