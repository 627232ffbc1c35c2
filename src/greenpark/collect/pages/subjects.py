"""Which quantity an amount states: named before it, behind it, or carried on from the clause before."""

from __future__ import annotations

import re
from dataclasses import replace

from greenpark.collect.pages.contexts import Context
from greenpark.collect.pages.kinds import RELATIVE
from greenpark.collect.pages.lexicon import Lexicon, Mention, Quantity

_DIRECT = re.compile(r"\s?(?:的|of\s(?:the\s)?|in\s|worth\sof\s)?\s?", re.IGNORECASE)
# So many letters besides linking words may stand between a level and the quantity it goes on about.
_STRAY_LETTERS = 2
# More letters, or Chinese characters, than these before a change or share are a subject of its own.
_STRANGE_LETTERS, _STRANGE_SIGNS = 12, 3


def fits(quantity: Quantity, family: str) -> bool:
    """Whether a quantity is stated in units of this family; a bare scale word fits anything measured in money or people."""
    if family == "scale":
        return True
    families = set(quantity.families)
    if {"count", "items"} & families and family in {"count", "items"}:
        return True
    return family in families or (family.partition("/")[0] in families and "/" not in "".join(families))


def level_quantity(context: Context, lexicon: Lexicon, carried: Quantity | None) -> Quantity | None:
    """The quantity of an amount that is a level or a count."""
    if context.quantity and fits(context.quantity.quantity, context.amount.family):
        return _with_head(context.quantity.quantity, context, lexicon)
    if context.amount.unit in lexicon.counted_units:
        return _counted(context, lexicon)
    named = (
        _named_before(context, context.start) or _named_before(context, context.clause.start) or _named_behind(context)
    )
    if named:
        return _with_head(named.quantity, context, lexicon)
    return carried if carried and fits(carried, context.amount.family) and _may_carry(context, lexicon) else None


def _with_head(quantity: Quantity, context: Context, lexicon: Lexicon) -> Quantity:
    """The quantity per head when the clause opens with 每万名从业人员, or the unit ends with per 10,000 employees."""
    for head in context.paragraph.per_heads:
        if context.clause.start <= head.start and head.end <= context.amount.end:
            families = tuple(f"{family}/people" for family in quantity.families)
            return replace(quantity, id=f"{quantity.id}_{head.suffix}", families=families + quantity.families)
    return quantity


def _named_before(context: Context, start: int) -> Mention | None:
    """The last quantity named between ``start`` and the amount whose unit fits."""
    for mention in reversed(context.paragraph.quantities):
        inside = start <= mention.start and mention.end <= context.amount.start
        if inside and (fits(mention.quantity, context.amount.family)):
            return mention
    return None


def _named_behind(context: Context) -> Mention | None:
    """The quantity directly behind the amount: 1.9万亿元税收, 5.2 trillion yuan of GDP."""
    for mention in context.paragraph.quantities:
        if mention.start >= context.amount.number_end and mention.end <= context.after_end:
            gap = (
                context.paragraph.text[context.amount.end : mention.start]
                if mention.start >= context.amount.end
                else ""
            )
            if _DIRECT.fullmatch(gap) and fits(mention.quantity, context.amount.family):
                return mention
    return None


def _may_carry(context: Context, lexicon: Lexicon) -> bool:
    """Whether a level may belong to the quantity of an earlier clause: a compound unit, or next to no words of its own."""
    if "/" in context.amount.family:
        return True
    words = context.before
    named = [(one.start, one.end) for one in context.paragraph.periods] + [
        (one.start, one.end) for one in context.paragraph.scopes
    ]
    for start, end in named:
        if context.start <= start and end <= context.amount.start:
            words = words.replace(context.paragraph.text[start:end], "")
    return len(re.sub(r"[\W\d_]", "", lexicon.links.sub("", words))) <= _STRAY_LETTERS


def _is_linked(context: Context, lexicon: Lexicon) -> bool:
    """Whether only linking words stand between the thing named last and its count: 园区总数达60家, not 园区锅炉60台."""
    ends = [
        one.end
        for one in context.paragraph.quantities
        if context.start <= one.start and one.end <= context.amount.start
    ]
    gap = context.paragraph.text[max(ends) : context.amount.start] if ends else ""
    return not re.sub(r"[\s\"”」》]", "", lexicon.links.sub("", gap))


def _counted(context: Context, lexicon: Lexicon) -> Quantity | None:
    """What is counted: a title behind the amount, a member behind it, else what is named before it."""
    family = context.amount.family
    behind = [
        one.quantity
        for one in context.paragraph.quantities
        if context.amount.number_end <= one.start and one.end <= context.after_end and fits(one.quantity, family)
    ]
    before = [
        one.quantity
        for one in context.paragraph.quantities
        if context.start <= one.start and one.end <= context.amount.start and fits(one.quantity, family)
    ]
    before = before if before and _is_linked(context, lexicon) else []
    titles = [one for one in behind if one.title]
    chosen = titles[:1] or behind[:1] or [one for one in before if one.title][-1:] or before[-1:]
    return _with_head(chosen[0], context, lexicon) if chosen else None


def changed_quantity(context: Context, lexicon: Lexicon, carried: Quantity | None) -> str | None:
    """The id of a change: ``gdp_growth``, ``zone_gdp_growth_nominal``, ``pm25_change``."""
    base = context.quantity.quantity if context.quantity else _changed(context, carried)
    if base is None:
        return None
    ending = "change" if base.intensive or base.rate or context.amount.family == "point" else "growth"
    if lexicon.nominal.search(context.head):
        return f"{base.id}_{ending}_nominal"
    return f"{base.id}_{ending}_real" if lexicon.real.search(context.head) else f"{base.id}_{ending}"


def _changed(context: Context, carried: Quantity | None) -> Quantity | None:
    for start in (context.start, context.clause.start):
        inside = [
            one.quantity
            for one in context.paragraph.quantities
            if start <= one.start and one.end <= context.amount.start
        ]
        if inside:
            return ([one for one in inside if not one.counted] or inside)[-1]
    behind = _directly_behind(context)
    return behind or carried


def _directly_behind(context: Context) -> Quantity | None:
    """The quantity in orders like a 3 % fall in emissions."""
    for one in context.paragraph.quantities:
        if context.amount.end <= one.start and one.end <= context.after_end:
            gap = context.paragraph.text[context.amount.end : one.start]
            return one.quantity if re.search(r"(?:in|of)\s(?:the\s|its\s)?$", gap) else None
    return None


def shared_quantity(
    context: Context, lexicon: Lexicon, carried: Quantity | None, nation_before: bool
) -> tuple[str | None, bool]:
    """The id of a share, and whether it is one of the nation: ``share_of_national_gdp``, ``share_of_export``."""
    rate = next((one for one in _between(context, context.start) if one.rate), None)
    if rate and not _cue_before(context, lexicon):
        return rate.id, False
    cue = lexicon.share.search(context.before)
    start = context.start + cue.start() if cue else context.start
    wholes = _between(context, start)
    behind = _behind(context)
    nation = _names_nation(context, lexicon) or nation_before
    subjects = _between(context, context.clause.start, start)
    subject = context.quantity.quantity if context.quantity else subjects[-1] if subjects else carried
    whole = behind or (wholes[-1] if wholes and (cue or nation_before) else None)
    return _share_id(subject, whole, nation, bool(cue) or nation), nation


def _names_nation(context: Context, lexicon: Lexicon) -> bool:
    """Whether the nation is named beside the amount, not only within a name like 国家高新区."""
    names = [(one.start, one.end) for one in context.paragraph.quantities]
    names += [(one.start, one.end) for one in context.paragraph.scopes if one.end - one.start > 2]
    text = context.paragraph.text
    return any(
        not any(start <= match.start() and match.end() < end for start, end in names)
        for match in lexicon.whole_nation.finditer(text, context.start, context.after_end)
    )


def _share_id(subject: Quantity | None, whole: Quantity | None, nation: bool, said: bool) -> str | None:
    if whole and nation:
        return whole.share or f"share_of_national_{whole.id}"
    if whole:
        named = subject and subject.id != whole.id and not whole.counted and not subject.counted
        return f"{subject.id}_share_of_{whole.id}" if named and subject else f"share_of_{whole.id}"
    if subject and subject.rate:
        return subject.id
    if subject is None or not said:
        return None
    named_share = subject.share if nation or not (subject.share or "").startswith("share_of_national") else None
    return named_share or f"share_of_{subject.id}"


def _cue_before(context: Context, lexicon: Lexicon) -> bool:
    """Whether a share word stands before the amount outside the names of quantities (清洁能源占比 is a name)."""
    names = [(one.start - context.start, one.end - context.start) for one in context.paragraph.quantities]
    return any(
        not any(start <= match.start() and match.end() <= end for start, end in names)
        for match in lexicon.share.finditer(context.before)
    )


def _between(context: Context, start: int, end: int | None = None) -> list[Quantity]:
    until = context.amount.start if end is None else end
    return [one.quantity for one in context.paragraph.quantities if start <= one.start and one.end <= until]


def _behind(context: Context) -> Quantity | None:
    """What a percentage is a share of when it follows directly: 6.5%的GDP, 6.5 % of the national GDP."""
    for one in context.paragraph.quantities:
        if context.amount.end <= one.start and one.end <= context.after_end:
            gap = context.paragraph.text[context.amount.end : one.start]
            if re.fullmatch(r"\s?(?:的|of\b)[^,，]{0,16}", gap, re.IGNORECASE):
                return one.quantity
    return None


def ratio_quantity(context: Context, lexicon: Lexicon, carried: Quantity | None) -> str | None:
    """The id of a multiple or part: ``…_ratio_to_national_average`` when that is what it is measured by."""
    named = _between(context, context.start) or _between(context, context.clause.start)
    base = named[-1] if named else carried
    around = context.before + context.after
    base = next((one for one in reversed(named) if not one.counted), base)
    if lexicon.averages.search(around) and lexicon.whole_nation.search(around):
        return f"{base.id}_ratio_to_national_average" if base else "ratio_to_national_average"
    return f"{base.id}_ratio" if base else None


def carried_from(
    context: Context, lexicon: Lexicon, quantity: Quantity | None, before: Quantity | None
) -> Quantity | None:
    """The quantity that later clauses go on about: the one just stated, else the one named or carried before."""
    if quantity:
        return quantity
    if context.amount.family not in RELATIVE or speaks_of_another(context, lexicon):
        return None
    named = _between(context, context.clause.start)
    if named:
        return named[-1] if not lexicon.share.search(context.before) else named[0]
    return before


def speaks_of_another(context: Context, lexicon: Lexicon) -> bool:
    """Whether the words before an amount name something that the vocabulary does not know, so that nothing is carried on."""
    if _between(context, context.start):
        return False
    spans = [(one.start, one.end) for one in context.paragraph.periods]
    spans += [(one.start, one.end) for one in context.paragraph.scopes]
    words = context.before
    for start, end in spans:
        if context.start <= start and end <= context.amount.start:
            words = words.replace(context.paragraph.text[start:end], "")
    stray = re.sub(r"[\W\d_]", "", lexicon.grammar.sub("", words))
    return len(stray) > (_STRANGE_LETTERS if stray.isascii() else _STRANGE_SIGNS)
