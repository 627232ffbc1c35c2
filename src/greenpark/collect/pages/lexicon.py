"""The vocabulary made ready for search: patterns, and what each found word stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain

from greenpark.collect.pages.numerals import NUMBER
from greenpark.collect.pages.words import Ending, alternation, any_of, at_end, at_start
from greenpark.model.pages import IntensityPart, PageVocabulary, PerHead, QuantityWords, ScopeKind

# Cue words that name no quantity of their own.
_GRAMMAR = (
    "links", "rises", "falls", "fillers", "change_base", "level", "yearly", "nominal", "real", "share", "whole_nation",
    "averages", "higher", "lower", "target", "target_by", "actual", "threshold", "respectively", "same_period",
    "unknown_period", "baseline_before", "approximate_before", "period_after",
)  # fmt: skip


@dataclass(frozen=True)
class Quantity:
    """What a found word or combination of words names."""

    id: str
    families: tuple[str, ...]
    counted: bool = False
    title: bool = False
    rate: bool = False
    intensive: bool = False
    share: str | None = None
    in_zones: str | None = None
    # Denominator said with the quantity (万元增加值能耗): "/万元" completes a unit that lacks one.
    denominator: str = ""


@dataclass(frozen=True)
class Mention:
    """A quantity named at [start, end) of a text."""

    start: int
    end: int
    quantity: Quantity


@dataclass(frozen=True)
class ScopeMention:
    """A scope named at [start, end) of a text; ``part`` marks a part of a scope named before."""

    start: int
    end: int
    id: str
    kind: ScopeKind | None
    part: bool = False


@dataclass(frozen=True)
class PerMention:
    """A denominator said before the quantity, at [start, end)."""

    start: int
    end: int
    suffix: str
    unit: str


class Lexicon:
    """All patterns of one vocabulary, compiled once."""

    def __init__(self, vocabulary: PageVocabulary) -> None:
        self.vocabulary = vocabulary
        cues = self.cues = vocabulary.cues
        self._build_units()
        self._build_quantities()
        self._build_scopes()
        self.approximate_before = at_end(cues.approximate_before, ("了", "为", "达", "有", "the", "a"))
        self.approximate_after = at_start(cues.approximate_after)
        self.limit_before = at_end(cues.limit_before, ("了", "到", "至"))
        self.limit_after = at_start(cues.limit_after)
        self.rise = at_end(cues.rises, cues.fillers)
        self.fall = at_end(cues.falls, cues.fillers)
        self.rise_after = re.compile(
            rf"\s*(?:的|year-on-year\s|annual\s)?(?P<word>{alternation(cues.rises)})", re.IGNORECASE
        )
        self.fall_after = re.compile(
            rf"\s*(?:的|year-on-year\s|annual\s)?(?P<word>{alternation(cues.falls)})", re.IGNORECASE
        )
        changes = alternation((*cues.rises, *cues.falls))
        filler = alternation(cues.fillers)
        self.level = Ending(rf"(?P<word>{changes})\s*{alternation(cues.level)}(?:\s*{filler})*")
        self.only_fillers = re.compile(rf"(?:\s*{filler})*\s*", re.IGNORECASE)
        self.totals = any_of(cues.totals)
        self.links = any_of(cues.links)
        self.grammar = any_of(chain.from_iterable(getattr(cues, name) for name in _GRAMMAR))
        self.changed_to = Ending(rf"{changes}\s*{alternation(cues.level)}")
        self.higher = at_end(cues.higher, cues.fillers, not_after="不")
        self.lower = at_end(cues.lower, cues.fillers, not_after="不")
        self.yearly = any_of(cues.yearly)
        self.nominal, self.real = any_of(cues.nominal), any_of(cues.real)
        self.share, self.whole_nation = any_of(cues.share), any_of(cues.whole_nation)
        self.averages = any_of(cues.averages)
        self.higher_than = any_of(word for word in cues.higher if len(word) > 1)
        self.lower_than = any_of(word for word in cues.lower if len(word) > 1)
        self.target, self.actual, self.threshold = any_of(cues.target), any_of(cues.actual), any_of(cues.threshold)
        self.target_by = at_end(cues.target_by)
        self.as_of = at_end(cues.as_of)
        self.respectively = any_of(cues.respectively)
        self.not_counted = re.compile(rf"[一-鿿]{{0,4}}?{alternation(cues.not_counted)}", re.IGNORECASE)
        self.furniture = re.compile(rf"{alternation(cues.page_furniture)}(?=\s*(?::|所有|\d|$|\s))", re.IGNORECASE)
        self.measured = re.compile(rf"{NUMBER}\s?{self._scale}?{alternation(self._measured_names())}")

    # ---- units
    def _build_units(self) -> None:
        words = self.vocabulary.units
        self.families = {name: entry.family for entry in words for name in entry.names}
        counted = [name for entry in words if entry.counted for name in entry.names]
        self.counted_units = frozenset(counted)
        self._scale = alternation(self.vocabulary.scales)
        # A spelling that only begins like a unit (3个月, 5人才) is none.
        forbidden = "|".join(re.escape(word) for word in self.vocabulary.not_units)
        self._atom = f"(?:(?!{forbidden}){_units(self.families)})"
        number = r"(?:10,000|10 000|1,000|100,000|100|10\^4|ten thousand)"
        below = rf"(?:{self._scale}|{number})?\s?(?:{self._atom}|{alternation(self.vocabulary.per_units)})"
        self.unit = re.compile(
            rf"(?P<scale>{self._scale})?\s?(?P<more>[余多])?\s?(?P<atom>{self._atom})(?P<below>\s?(?:/|每|per\s)\s?{below})?"
        )
        self.tail = re.compile(
            rf"\s?(?P<before>[余多来])?\s?(?:{self.unit.pattern}|(?P<bare>{self._scale})(?P<over>[余多])?)"
        )
        nouns = alternation(name for name in counted if name.isascii())
        self.noun_tail = re.compile(
            rf"(?:\s(?!(?:and|of|in|to|the|for|by|from|per|or|with|than|was|were|is|are|an?|as|on)\s)[A-Za-z][A-Za-z-]*)"
            rf"{{0,4}}?\s(?P<atom>{nouns})"
        )
        self.currency = re.compile("(?:" + "|".join(map(re.escape, self.vocabulary.currencies_before)) + r")\s?$")

    def _measured_names(self) -> list[str]:
        return [name for name in self.families if len(name) > 1]

    def family_of(self, unit: str) -> str:
        """The family of a printed unit: ``money``, ``energy/money``; empty when the unit is unknown."""
        found = self.unit.fullmatch(unit.strip())
        if not found:
            return ""
        upper = self.families.get(found["atom"], "")
        below = (found["below"] or "").strip()
        if not below:
            return upper
        part = re.search(rf"({self._atom})$", re.sub(r"^(?:/|每|per)\s*", "", below))
        lower = self.families.get(part[1], "") if part else ""
        return f"{upper}/{lower}" if lower else upper

    # ---- quantities
    def _build_quantities(self) -> None:
        entries = self.vocabulary.quantities
        self._quantities = {name.lower(): _quantity(entry) for entry in entries for name in (*entry.zh, *entry.en)}
        self._quantity = any_of(self._quantities)
        # Quantities written in letters alone (GDP, COD): a value may follow them without a space.
        self.lettered = frozenset(name for name in self._quantities if name.isascii() and name.isalpha())
        joined = self.vocabulary.intensities
        self._upper = _parts(joined.numerators)
        self._lower = _parts(joined.denominators)
        zh_lower = alternation(chain.from_iterable(part.zh for part in joined.denominators))
        zh_upper = alternation(chain.from_iterable(part.zh for part in joined.numerators))
        en_lower = alternation(chain.from_iterable(part.en for part in joined.denominators))
        en_upper = alternation(chain.from_iterable(part.en for part in joined.numerators))
        self._intensities = (
            re.compile(
                rf"(?P<open>{alternation(joined.zh_openers)})(?P<lower>{zh_lower})(?:\([A-Za-z]+\))?的?(?P<upper>{zh_upper})",
                re.IGNORECASE,
            ),
            re.compile(
                rf"(?P<upper>{en_upper})\s+(?P<open>{alternation(joined.en_joiners)})\s+(?:the\s+)?(?P<lower>{en_lower})",
                re.IGNORECASE,
            ),
        )
        self._per_heads = {
            name.lower(): entry for entry in self.vocabulary.per_heads for name in (*entry.zh, *entry.en)
        }
        self._per_head = any_of(self._per_heads)

    def quantities_in(self, text: str) -> list[Mention]:
        """The quantities that ``text`` names, in order; intensities before the words they are made of."""
        found = [self._intensity(match) for pattern in self._intensities for match in pattern.finditer(text)]
        taken = [(mention.start, mention.end) for mention in found]
        for match in self._quantity.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                key = re.sub(r"\s+", " ", match[0]).lower()
                found.append(Mention(match.start(), match.end(), self._quantities[key]))
        return sorted(found, key=lambda mention: mention.start)

    def _intensity(self, match: re.Match[str]) -> Mention:
        upper = self._upper[re.sub(r"\s+", " ", match["upper"]).lower()]
        lower = self._lower[re.sub(r"\s+", " ", match["lower"]).lower()]
        families = tuple(f"{one}/{two}" for one in upper.families for two in lower.families) + upper.families
        quantity = Quantity(
            f"{upper.id}_per_{lower.id}", families, intensive=True, denominator=_denominator(match["open"])
        )
        return Mention(match.start(), match.end(), quantity)

    def per_heads_in(self, text: str) -> list[PerMention]:
        """The denominators said in words, in order."""
        found: list[PerMention] = []
        for match in self._per_head.finditer(text):
            entry: PerHead = self._per_heads[re.sub(r"\s+", " ", match[0]).lower()]
            found.append(PerMention(match.start(), match.end(), entry.suffix, entry.unit))
        return found

    # ---- scopes
    def _build_scopes(self) -> None:
        self._scopes = {name.lower(): entry for entry in self.vocabulary.scopes for name in (*entry.zh, *entry.en)}
        self._scope = any_of(self._scopes)
        self._scope_parts = {
            name.lower(): entry.id for entry in self.vocabulary.scope_parts for name in (*entry.zh, *entry.en)
        }
        self._scope_part = any_of(self._scope_parts)
        cues = self.cues
        edge = r"(?:^|(?<=[，,。；;:、（(\"“”年月底末度和与及\s|]))(?![度底末初份])"
        self._named: tuple[tuple[ScopeKind, re.Pattern[str]], ...] = (
            ("zone", re.compile(edge + r"(?P<stem>[一-鿿]{2,7}?)" + _native(cues.place_endings))),
            ("enterprise", re.compile(edge + r"(?P<stem>[一-鿿A-Za-z()]{2,20}?)" + _native(cues.firm_endings))),
            (
                "region",
                re.compile(edge + r"(?P<stem>[一-鿿]{2,4}?)" + _native(cues.region_endings) + "(?!场|值|级|长)"),
            ),
            ("zone", re.compile(r"\b(?P<stem>(?:[A-Z][a-z]+\s)+)" + _foreign(cues.place_endings))),
        )

    def scopes_in(self, text: str) -> list[ScopeMention]:
        """The areas, sets and firms that ``text`` names, in order, and the parts of them."""
        found = []
        for match in self._scope.finditer(text):
            if match[0].startswith("中") and text[: match.start()].endswith("其"):
                continue  # 其中国家级 names no China
            entry = self._scopes[re.sub(r"\s+", " ", match[0]).lower()]
            found.append(ScopeMention(match.start(), match.end(), entry.id, entry.kind))
        for kind, pattern in self._named:
            for match in pattern.finditer(text):
                if self._is_a_name(match["stem"]):
                    found = [
                        one
                        for one in found
                        if one.end <= match.start() or match.end() <= one.start or one.kind == "zone"
                    ]
                    if all(one.end <= match.start() or match.end() <= one.start for one in found):
                        found.append(ScopeMention(match.start(), match.end(), match[0].strip(), kind))
        for match in self._scope_part.finditer(text):
            name = self._scope_parts[re.sub(r"\s+", " ", match[0]).lower()]
            found.append(ScopeMention(match.start(), match.end(), name, None, part=True))
        return sorted(found, key=lambda mention: (mention.start, mention.part))

    def _is_a_name(self, stem: str) -> bool:
        """Whether the words before an ending like 高新区 can be a place's name, not a description."""
        if stem.isascii():
            return not re.match(r"(?:The|National|Chinese|Industrial|High)\b", stem)
        return not any(word in stem for word in self.cues.not_names)


def _denominator(opening: str) -> str:
    """The end of a unit that the opening of an intensity states: "/万元", " per 10,000 yuan", or nothing for 单位."""
    if native := re.search(r"[万亿]元$", opening):
        return f"/{native[0]}"
    foreign = re.search(r"per\s(?:10[, ]000|ten thousand)\s(?:yuan|RMB)", opening, re.IGNORECASE)
    return f" {foreign[0]}" if foreign else ""


def _units(names: dict[str, str]) -> str:
    """Unit spellings, longest first; Latin ones end where the letters end, and keep their case."""
    ordered = sorted(names, key=lambda name: (-len(name), name))
    return (
        "(?:"
        + "|".join(
            re.escape(name).replace(r"\ ", r"\s+")
            + ("(?![A-Za-z])" if name[-1].isascii() and name[-1].isalpha() else "")
            for name in ordered
        )
        + ")"
    )


def _quantity(entry: QuantityWords) -> Quantity:
    return Quantity(
        entry.id, entry.families, entry.counted, entry.title, entry.rate, entry.intensive, entry.share, entry.in_zones
    )


def _parts(parts: tuple[IntensityPart, ...]) -> dict[str, IntensityPart]:
    return {name.lower(): part for part in parts for name in (*part.zh, *part.en)}


def _native(words: tuple[str, ...]) -> str:
    return alternation(word for word in words if not word.isascii())


def _foreign(words: tuple[str, ...]) -> str:
    return alternation(word for word in words if word.isascii())
