"""The amounts of a text: numbers with their units, before anything is known of what they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from greenpark.collect.pages.lexicon import Lexicon
from greenpark.collect.pages.marks import POWER, Covered, Span, spans_without_figures
from greenpark.collect.pages.numerals import NUMBER, NUMERAL, read_number

BARE_SCALE = "scale"
# A comma may part two numbers of a list only behind decimals: 12.3,45.6 are two, 1,23 is damaged.
_NUMBER = re.compile(rf"(?<![\d.])(?:(?=[\d,]+\.\d){NUMBER}(?!\.?\d)|{NUMBER}(?![.,]?\d))")
_TORN = re.compile(r"(?:^|[^\d.])\d+,$")
_NUMERAL = re.compile(rf"(?<![零〇一二三四五六七八九十百千万亿两点第])(?:{NUMERAL})")
_PERCENT = re.compile(rf"百分之(?P<number>{NUMBER}|{NUMERAL}|百)")
# 一成 is a tenth, but 成 also begins words like 成立.
_TENTHS = re.compile(
    r"(?P<number>[一二三四五六七八九1-9])成(?P<half>[半一二三四五六七八九])?(?![立功为员本果效长都就品交型分])"
)
_FRACTION = re.compile(
    r"(?P<below>[二三四五六七八九十百千万]{1,2}|\d{1,4})分之(?P<above>[一二三四五六七八九十]{1,3}|\d{1,4})"
)
_STROKE = re.compile(r"(?<=[的为约近和])(?P<above>[1-9])/(?P<below>[1-9]\d?)(?![\d/])")
_UNIT_BEFORE = re.compile(r"[(（]([^()（）\d]+)[)）]\s*:?\s*$")
_RANGE = re.compile(r"\s?(?:[-—–~]{1,2}|至|到|\sto\s)\s?")
_FROM = re.compile(r"(?:从|由|自|\bfrom)\s?$", re.IGNORECASE)
_LIST = re.compile(r"\s?(?:[、,，]|和|与|及|以及|,?\s?and)\s?(?:and\s)?", re.IGNORECASE)
_SIGN = re.compile(r"(?<![\d.%A-Za-z)])[-–+]$")
_LONG_DASH = re.compile(r"(?<![-—–])—$")
_WORDS_SHOWN = 12
_MALFORMED = re.compile(r"(?<![\d.,A-Za-z])(?:\d[\d,.]*[.,]\d+|\d*[OolI]+\d[\d.]*|\d+[OolI]+(?:[\d.]+)?)(?![\d])")


@dataclass(frozen=True)
class Amount:
    """A number and its unit at [start, end) of a text; ``number_end`` is where the unit begins.

    ``family`` is empty for a number without unit and ``scale`` for one with a scale word alone (5.2万亿).
    """

    start: int
    end: int
    number_end: int
    value: Decimal
    unit: str
    family: str
    approximate: bool = False
    spoken: bool = False
    signed: bool = False


@dataclass(frozen=True)
class Amounts:
    """The amounts of a text in order, and the stretches that look like amounts but are damaged."""

    found: tuple[Amount, ...]
    damaged: tuple[str, ...]


def amounts_in(text: str, lexicon: Lexicon, periods: list[Span]) -> Amounts:
    """The amounts of ``text``; ``periods`` are stretches already read as periods."""
    blocked = spans_without_figures(text, lexicon) + periods
    covered = Covered(len(text), blocked)
    found = _spoken(text, lexicon, covered)
    taken = Covered(len(text), [(one.start, one.end) for one in found])
    doubtful: list[str] = []
    for match in _NUMBER.finditer(text):
        torn = _TORN.search(text[max(0, match.start() - 12) : match.start()])
        if torn or covered.touches(*match.span()) or taken.touches(*match.span()):
            continue
        amount = _digits(text, match, lexicon)
        if amount.unit and _follows_a_doubtful_dash(text, match.start(), lexicon):
            doubtful.append(text[max(0, match.start() - _WORDS_SHOWN) : amount.end])
        else:
            found.append(amount)
    found.sort(key=lambda one: one.start)
    found = _with_shared_units(text, found, blocked)
    found, reversed_ranges = _ranges(text, found)
    damaged = [*doubtful, *reversed_ranges, *_powers_alone(text, lexicon), *_malformed(text, lexicon, covered)]
    return Amounts(tuple(one for one in found if one.unit), tuple(damaged))


def _follows_a_doubtful_dash(text: str, start: int, lexicon: Lexicon) -> bool:
    """Whether one long dash parts a number from the word that it belongs to (增长—3.2%): a sign, or only a dash."""
    if not _LONG_DASH.search(text[max(0, start - 2) : start]):
        return False
    head = text[max(0, start - 1 - _WORDS_SHOWN) : start - 1]
    return bool(lexicon.rise.search(head) or lexicon.fall.search(head)) or any(
        one.end == len(head) for one in lexicon.quantities_in(head)
    )


def _powers_alone(text: str, lexicon: Lexicon) -> list[str]:
    """Powers of ten without a number before them (10⁶吨), which nothing is made of; those in denominators are none."""
    alone = []
    for match in POWER.finditer(text):
        tail = lexicon.tail.match(text, match.end())
        opens = not match["times"] and text[match.start() - 1 : match.start()] not in ("/", "每")
        if opens and tail and (tail["atom"] or tail["bare"]):
            alone.append(text[match.start() : tail.end()])
    return alone


def _digits(text: str, match: re.Match[str], lexicon: Lexicon) -> Amount:
    """A number in digits with the unit behind it or the currency before it, or without a unit."""
    start, value = match.start(), read_number(match[0])
    signed = bool(_SIGN.search(text[max(0, start - 2) : start]))
    if signed:
        start -= 1
        value = -value if text[start] != "+" else value
    amount = Amount(start, match.end(), match.end(), value, "", "", signed=signed)
    if (power := POWER.match(text, match.end())) and power["times"]:
        powered = _with_unit(text, replace(amount, end=power.end(), number_end=power.end()), lexicon)
        return replace(powered, unit=f"{power[0].strip()}{powered.unit}") if powered.unit else powered
    if before := lexicon.currency.search(text, max(0, start - 8), start):
        return _with_currency(text, amount, before, lexicon)
    return _with_unit(text, amount, lexicon)


def _with_unit(text: str, amount: Amount, lexicon: Lexicon) -> Amount:
    tail = lexicon.tail.match(text, amount.number_end)
    if tail and tail["atom"]:
        below = re.sub(r"^\s+(?=/)", "", tail["below"] or "")
        unit = (tail["scale"] or "") + _gap(text, tail) + tail["atom"] + below
        rough = bool(tail["before"] or tail["more"])
        return replace(amount, end=tail.end(), unit=unit, family=lexicon.family_of(unit), approximate=rough)
    plain = amount.value == int(amount.value) and not 1900 <= amount.value <= 2100
    if plain and (noun := lexicon.noun_tail.match(text, amount.number_end)):
        return replace(amount, end=noun.end(), unit=noun["atom"], family=lexicon.family_of(noun["atom"]))
    if tail and tail["bare"]:
        rough = bool(tail["before"] or tail["over"])
        return replace(amount, end=tail.end(), unit=tail["bare"], family=BARE_SCALE, approximate=rough)
    label = _UNIT_BEFORE.search(text, max(0, amount.start - 32), amount.start)
    if label and (family := lexicon.family_of(label[1])):
        return replace(amount, unit=label[1].strip(), family=family)
    return amount


def _gap(text: str, tail: re.Match[str]) -> str:
    """The space between an English scale word and the unit, as printed."""
    return " " if tail["scale"] and text[tail.end("scale") : tail.start("atom")].startswith(" ") else ""


def _with_currency(text: str, amount: Amount, before: re.Match[str], lexicon: Lexicon) -> Amount:
    """An amount like US$3.2 billion: the unit is the sign and the scale."""
    tail = lexicon.tail.match(text, amount.number_end)
    sign = before[0].strip()
    if tail and tail["bare"]:
        return replace(amount, start=before.start(), end=tail.end(), unit=f"{sign} {tail['bare']}", family="money")
    if tail and tail["atom"]:
        return _with_unit(text, amount, lexicon)
    return replace(amount, start=before.start(), unit=sign, family="money")


def _spoken(text: str, lexicon: Lexicon, blocked: Covered) -> list[Amount]:
    """Amounts in Chinese numerals, per cent and tenths in words, and ratios like 一半."""
    found: list[Amount] = []
    taken = Covered(len(text))

    def add(amount: Amount) -> None:
        if not blocked.touches(amount.start, amount.number_end) and not taken.touches(amount.start, amount.end):
            found.append(amount)
            taken.add(amount.start, amount.end)

    for match in _PERCENT.finditer(text):
        value = Decimal(100) if match["number"] == "百" else read_number(match["number"])
        add(Amount(match.start(), match.end(), match.end(), value, "%", "percent", spoken=True))
    for match in _FRACTION.finditer(text):
        value = read_number(match["above"]) / read_number(match["below"].replace("百", "一百").replace("千", "一千"))
        add(Amount(match.start(), match.end(), match.end(), value, "比值", "ratio", spoken=True))
    for match in _STROKE.finditer(text):
        value = read_number(match["above"]) / read_number(match["below"])
        add(Amount(match.start(), match.end(), match.end(), value, "比值", "ratio", spoken=True))
    for match in _TENTHS.finditer(text):
        value = read_number(match["number"]) * 10 + _tenth_of_tenth(match["half"])
        add(Amount(match.start(), match.end(), match.end(), value, "%", "percent", spoken=True))
    for entry in lexicon.vocabulary.spoken:
        for name in entry.names:
            for match in re.finditer(re.escape(name), text, re.IGNORECASE):
                family = "times" if entry.unit == "倍" else "ratio"
                add(Amount(*match.span(), match.end(), Decimal(str(entry.value)), entry.unit, family, spoken=True))
    for match in _NUMERAL.finditer(text):
        if amount := _numeral(text, match, lexicon):
            add(amount)
    return found


def _tenth_of_tenth(sign: str | None) -> Decimal:
    """The digit behind 成: 三成五 is 35 %, 三成半 too."""
    if not sign:
        return Decimal(0)
    return Decimal(5) if sign == "半" else read_number(sign)


def _numeral(text: str, match: re.Match[str], lexicon: Lexicon) -> Amount | None:
    """A Chinese numeral that has a unit and is more than the article 一 (一家 is a firm, not one firm)."""
    try:
        value = read_number(match[0])
    except ValueError:
        return None
    amount = _with_unit(text, Amount(match.start(), match.end(), match.end(), value, "", ""), lexicon)
    if not amount.unit or value <= 1 or amount.family == BARE_SCALE:
        return None
    return replace(amount, spoken=True)


def _with_shared_units(text: str, found: list[Amount], blocked: list[Span]) -> list[Amount]:
    """Numbers without unit take that of the next one in a list or range (20~30万吨), or of the one they changed from."""
    amounts = list(found)
    for place in range(len(amounts) - 2, -1, -1):
        left, right = amounts[place], amounts[place + 1]
        between = text[left.end : right.start]
        if left.family == BARE_SCALE and right.unit.startswith(left.unit) and _LIST.fullmatch(between):
            amounts[place] = replace(left, unit=right.unit, family=right.family)
        if left.unit or not right.unit:
            continue
        listed = not right.spoken and (_RANGE.fullmatch(between) or _LIST.fullmatch(between))
        if listed or (_changed(between) and _comes_from(text, left, blocked)):
            amounts[place] = replace(left, unit=right.unit, family=right.family)
    for place in range(1, len(amounts)):
        left, right = amounts[place - 1], amounts[place]
        if left.unit and not right.unit and _changed(text[left.end : right.start]):
            amounts[place] = replace(right, unit=left.unit, family=left.family)
    return amounts


_CHANGED = re.compile(
    r"(?:降|增|升|提高|减少|扩大|缩小|下降|上升|增长|增加|提升|变)(?:低|加|长)?(?:至|到|为)|\bto\b", re.IGNORECASE
)


def _changed(between: str) -> bool:
    """Whether the words between two numbers say that the first became the second."""
    return len(between) <= 40 and bool(_CHANGED.search(between)) and not re.search(r"[。；;]", between)


def _comes_from(text: str, amount: Amount, blocked: list[Span]) -> bool:
    """Whether 从, 由 or from stands before a number, with at most a period between."""
    head = text[max(0, amount.start - 32) : amount.start]
    if _FROM.search(head):
        return True
    for start, end in blocked:
        if end <= amount.start and re.fullmatch(r"(?:年|年度|的|\s)*", text[end : amount.start]):
            return bool(_FROM.search(text[max(0, start - 8) : start]))
    return bool(re.search(r"(?:从|由|自)[^,，;；。]{0,14}$", head))


def _ranges(text: str, found: list[Amount]) -> tuple[list[Amount], list[str]]:
    """Both ends of a range marked approximate; a pair that runs backwards (27446-3) is damaged and dropped."""
    amounts, damaged, skipped = list(found), [], set()
    for place in range(len(amounts) - 1):
        left, right = amounts[place], amounts[place + 1]
        between = text[left.end : right.start]
        if right.signed and not between:
            right = replace(right, start=right.start + 1, value=abs(right.value), signed=False)
            between = text[left.end : right.start]
        if (
            not _RANGE.fullmatch(between)
            or left.unit != right.unit
            or _FROM.search(text[max(0, left.start - 8) : left.start])
        ):
            continue
        if left.value < right.value:
            amounts[place], amounts[place + 1] = replace(left, approximate=True), replace(right, approximate=True)
        elif re.search(r"[-—–]", between):
            skipped |= {place, place + 1}
            damaged.append(text[left.start : right.end])
    return [one for place, one in enumerate(amounts) if place not in skipped], damaged


def _malformed(text: str, lexicon: Lexicon, blocked: Covered) -> list[str]:
    """Stretches of digits with misplaced points or commas, or letters among them, that a unit follows."""
    damaged = []
    for match in _MALFORMED.finditer(text):
        a_date = blocked.touches(*match.span()) and match[0][0].isdigit() and "." in match[0]
        fine = re.fullmatch(rf"{NUMBER}|\d+\.\d+(?:,\d+\.\d+)+", match[0]) or a_date
        tail = lexicon.tail.match(text, match.end())
        if not fine and tail and (tail["atom"] or tail["bare"]):
            damaged.append(text[match.start() : tail.end()])
    return damaged
