"""What an amount is: a level, a change with its sign, a share, a ratio, a comparison, a condition of a counted set."""

from __future__ import annotations

import re

from greenpark.collect.pages.contexts import Context
from greenpark.collect.pages.lexicon import Lexicon

RELATIVE = frozenset({"percent", "point", "times", "ratio"})
_BECAME = re.compile(r"\s?[^,，;；。]{0,12}?(?:[降增升提减扩缩变][^,，;；。\d]{0,6}?[至到为]|\bto\b)", re.IGNORECASE)
_OTHER = re.compile(r"(?:(?<![占同环])比|较)(?P<other>[^,，;；]{1,14}?)(?:高出?|低|多|少)\s*[约近了]?\s*$")
_EARLIER = re.compile(r"年|月|季|同期|以前|原来|此前|前期")
_MORE_THAN = re.compile(r"\s(?:(?P<less>less|lower|fewer)|more|higher|greater)\sthan\b", re.IGNORECASE)
_AFTER_OF = re.compile(r"\s?(?:的|of\b)", re.IGNORECASE)
_RATE_OF_CHANGE = re.compile(r"(?:率|速|速度|幅)$|^growth", re.IGNORECASE)
_TITLES = re.compile(r"《[^》]*》")


def change_sign(context: Context, lexicon: Lexicon) -> int:
    """+1 for a rise, -1 for a fall, 0 when the amount is no change.

    A level that was reached by a change (降至0.4) is no change, and a set newly counted (新增30家) is none either.
    """
    before, after, amount = context.before, context.after, context.amount
    if (level := lexicon.level.search(before)) and not _RATE_OF_CHANGE.search(level["word"]):
        return 0
    relative = amount.family in RELATIVE
    sign = _sign(before, lexicon, least=1 if relative else 2) or _verb_before_quantity(context, lexicon)
    if behind := _MORE_THAN.match(after):
        return -1 if behind["less"] else 1
    if sign or not relative:
        return sign
    if lexicon.fall_after.match(after):
        return -1
    return 1 if lexicon.rise_after.match(after) or amount.family == "point" or amount.signed else 0


def _sign(text: str, lexicon: Lexicon, least: int) -> int:
    """The sign of the change word at the end of ``text``; 负增长 holds 增长, so the one that reaches further back counts."""
    fall, rise = lexicon.fall.search(text), lexicon.rise.search(text)
    fall = fall if fall and len(fall["word"]) >= least else None
    rise = rise if rise and len(rise["word"]) >= least else None
    if fall and rise:
        return -1 if fall.start() <= rise.start() else 1
    return -1 if fall else 1 if rise else 0


def _verb_before_quantity(context: Context, lexicon: Lexicon) -> int:
    """The sign in orders like 压减煤炭消费30万吨 and cut coal use by 30 tonnes: verb, quantity, amount without a gap."""
    for mention in reversed(context.paragraph.quantities):
        if context.start <= mention.start and mention.end <= context.amount.start:
            gap = context.paragraph.text[mention.end : context.amount.start]
            head = context.paragraph.text[context.start : mention.start]
            return _sign(head, lexicon, least=2) if lexicon.only_fillers.fullmatch(gap) else 0
    return 0


def is_comparison(context: Context, lexicon: Lexicon) -> int:
    """+1 when the amount says by how much something lies above another area or an average, -1 below, else 0."""
    before = context.before
    other = _OTHER.search(before)
    against = bool(lexicon.averages.search(before)) or bool(other and not _EARLIER.search(other["other"]))
    if against and (sign := _side(before, lexicon)):
        return sign
    return (
        _side_of_average(before, lexicon)
        or _side(_without_measure(before, lexicon), lexicon)
        or _compared_behind(context, lexicon)
    )


def _side_of_average(before: str, lexicon: Lexicon) -> int:
    """The side in 高于全省平均水平6.5个百分点: the word shortly before an average that the amount follows."""
    for match in lexicon.averages.finditer(before):
        head = before[max(0, match.start() - 8) : match.start()]
        if _ends(before, match.end()) and (lexicon.lower_than.search(head) or lexicon.higher_than.search(head)):
            return -1 if lexicon.lower_than.search(head) else 1
    return 0


def _side(text: str, lexicon: Lexicon) -> int:
    """+1 when ``text`` ends with higher, -1 with lower, else 0."""
    if lexicon.lower.search(text):
        return -1
    return 1 if lexicon.higher.search(text) else 0


def _without_measure(before: str, lexicon: Lexicon) -> str:
    """``before`` without the area or average that it ends with (高于全国平均), or nothing when it ends with none."""
    ends = [match.start() for match in lexicon.averages.finditer(before) if _ends(before, match.end())]
    ends += [one.start for one in lexicon.scopes_in(before) if _ends(before, one.end)]
    if not ends:
        return ""
    return re.sub(r"(?:同期|同年|同类)$", "", before[: min(ends)].rstrip())


def _ends(text: str, place: int) -> bool:
    return re.fullmatch(r"\s*(?:水平|平均|均值|average)?\s*", text[place:]) is not None


def _compared_behind(context: Context, lexicon: Lexicon) -> int:
    """The English order: 12 % lower than the national average."""
    after = context.after
    if context.amount.family not in RELATIVE or not lexicon.averages.search(after):
        return 0
    if re.match(rf"\s?(?:{'|'.join(map(re.escape, lexicon.cues.lower))})\b", after, re.IGNORECASE):
        return -1
    if re.match(rf"\s?(?:{'|'.join(map(re.escape, lexicon.cues.higher))})\b", after, re.IGNORECASE):
        return 1
    return 0


def is_ratio(context: Context, lexicon: Lexicon) -> bool:
    """Whether the amount is a multiple or part of something: 2.8倍, 一半, 全国平均的40%."""
    if context.amount.family == "percent":
        measured = list(lexicon.averages.finditer(context.before))
        return bool(measured) and re.fullmatch(r"\s*水?平?值?的?", context.before[measured[-1].end() :]) is not None
    return context.amount.family == "times" or (
        context.amount.family == "ratio"
        and not share_of_following(context)
        and not lexicon.share.search(context.before)
    )


def is_limit(context: Context, lexicon: Lexicon) -> bool:
    """Whether a word beside the amount makes it a limit: 低于0.3, 25%以上."""
    return bool(lexicon.limit_before.search(context.before) or lexicon.limit_after.match(context.after))


def is_condition(context: Context, contexts: list[Context], lexicon: Lexicon) -> bool:
    """Whether the amount only describes a counted set: 61家绿化覆盖率超过40%, 年耗能1万吨以上的企业30家."""
    if not is_limit(context, lexicon) or context.amount.unit in lexicon.counted_units:
        return False
    if lexicon.totals.search(context.head):
        return False
    counts = [
        one
        for one in contexts
        if one.clause == context.clause
        and one.amount.unit in lexicon.counted_units
        and one.amount is not context.amount
    ]
    earlier = [one for one in counts if one.amount.end <= context.amount.start and one.after.strip()]
    later = [one for one in counts if one.amount.start >= context.amount.end]
    return bool(earlier) or bool(later and lexicon.limit_after.match(context.after))


def describes_a_set(context: Context, lexicon: Lexicon) -> bool:
    """Whether a limit tells which members are meant: 年耗能5000吨以上的单位."""
    limit = lexicon.limit_after.match(context.after)
    return bool(limit) and limit is not None and bool(re.match(r"的[一-鿿]", context.after[limit.end() :]))


def has_condition(context: Context, contexts: list[Context], lexicon: Lexicon) -> bool:
    """Whether the counted set is narrowed by a condition later in its clause, so that its general name does not fit."""
    return (
        context.amount.unit in lexicon.counted_units
        and bool(context.after.strip())
        and any(
            one.clause == context.clause
            and one.amount.start >= context.amount.end
            and is_condition(one, contexts, lexicon)
            for one in contexts
        )
    )


def is_approximate(context: Context, lexicon: Lexicon) -> bool:
    """Whether a word beside the amount says about, nearly, over, under, at least or the like."""
    before = context.before
    return bool(
        context.amount.approximate
        or lexicon.approximate_before.search(before)
        or lexicon.approximate_after.match(context.after)
    )


def says_target(context: Context, lexicon: Lexicon) -> bool:
    """Whether a word of aim stands before the amount in its clause, document titles apart."""
    return bool(lexicon.target.search(_TITLES.sub("", context.head)))


def changed_to(after: str) -> bool:
    """Whether the words behind an amount say what it became: …降至, … to."""
    return bool(_BECAME.match(after))


def share_of_following(context: Context) -> bool:
    """Whether a percentage is followed by what it is a share of: 6.5%的GDP."""
    return context.amount.family in {"percent", "ratio"} and bool(_AFTER_OF.match(context.after))
