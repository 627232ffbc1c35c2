"""Scheme verdicts as they are printed: the verdict of each entity, what it rests on, and what was chosen."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from greenpark.model.job import Job
from greenpark.model.schemes import Scheme, TreeVerdict
from greenpark.model.text import Text
from greenpark.publish.criteria import CriterionLine, criterion_lines, merged
from greenpark.publish.inputs import InputLine, input_lines
from greenpark.publish.naming import Names, cited, plain
from greenpark.publish.shown import Number, Row, Shown, newest, number_of, period_of

DETAIL_LIMIT = 3
_KEPT = "_scheme_reports"
STATES: tuple[str, ...] = ("met", "not_met", "scored", "not_evaluable", "excused", "not_applicable")


@dataclass(frozen=True)
class VerdictCard:
    """The verdict of one scheme for one entity, period and variant."""

    scheme: Text
    document: str
    entity: Text
    period: str
    variant: Text
    reference: str
    state: str
    provisional: bool
    confidence: str
    score: Number | None
    span: tuple[Number, Number] | None
    reason: Text
    counts: tuple[tuple[str, int], ...]
    ranged: bool = False  # the range belongs beside the score: it comes from weights that are not public


@dataclass(frozen=True)
class Choosing:
    """A choice or an open point of a scheme, and what was chosen here."""

    text: Text
    chosen: Text
    alternatives: Text


@dataclass(frozen=True)
class SchemeDetail:
    """One entity in the newest period: its verdicts, those of each variant where they differ, criteria and inputs."""

    cards: tuple[VerdictCard, ...]
    variants: tuple[VerdictCard, ...]
    lines: tuple[CriterionLine, ...]
    inputs: tuple[InputLine, ...]


@dataclass(frozen=True)
class SchemeReport:
    """Everything about one scheme."""

    id: str
    title: Text
    issuer: Text
    document: str
    cards: tuple[VerdictCard, ...]
    earlier: tuple[VerdictCard, ...]
    details: tuple[SchemeDetail, ...]
    choices: tuple[Choosing, ...]
    sources: tuple[str, ...]


def scheme_reports(shown: Shown) -> tuple[SchemeReport, ...]:
    """One report per scheme that has scores, in the order of the job; made once and kept with the release."""
    kept: dict[str, tuple[SchemeReport, ...]] = shown.__dict__
    if _KEPT not in kept:
        kept[_KEPT] = _reports(shown)
    return kept[_KEPT]


def _reports(shown: Shown) -> tuple[SchemeReport, ...]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in shown.scores:
        grouped[row["scheme"]].append(row)
    order = list(shown.release.job.schemes)
    ranked = sorted(grouped, key=lambda scheme: (order.index(scheme) if scheme in order else len(order), scheme))
    return tuple(_report(shown, scheme, grouped[scheme]) for scheme in ranked)


def verdict_cards(shown: Shown) -> list[VerdictCard]:
    """The newest verdicts of all schemes."""
    return [card for report in scheme_reports(shown) for card in report.cards]


def _report(shown: Shown, scheme_id: str, rows: list[Row]) -> SchemeReport:
    scheme = shown.names.definitions.schemes.get(scheme_id)
    period = newest(rows)
    cases: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        cases[row["entity"], period_of(row)].append(row)
    cards = {key: _cards(shown, scheme, case) for key, case in cases.items()}
    now = [key for key in cases if key[1] == period]
    return SchemeReport(
        id=scheme_id,
        title=shown.names.scheme(scheme_id),
        issuer=scheme.issuer if scheme else plain(""),
        document=scheme.document if scheme else "",
        cards=tuple(card for key in now for card in cards[key]),
        earlier=tuple(card for key in cases if key[1] != period for card in cards[key]),
        details=tuple(_detail(shown, scheme, cases[key], cards[key]) for key in _detailed(shown, now)),
        choices=tuple(_choices(shown.names, scheme, shown.release.job)) if scheme else (),
        sources=tuple(cited(source.title, source.document) for source in scheme.sources) if scheme else (),
    )


def _detailed(shown: Shown, keys: list[tuple[str, str]]) -> list[tuple[str, str]]:
    entities = sorted({key[0] for key in keys}, key=lambda entity: (entity not in shown.focus, entity))
    kept = set(entities[:DETAIL_LIMIT])
    return [key for key in keys if key[0] in kept]


def _detail(shown: Shown, scheme: Scheme | None, rows: list[Row], cards: tuple[VerdictCard, ...]) -> SchemeDetail:
    verdicts = [row for row in rows if row["kind"] == "verdict" and row["variant"]]
    variants = [_card(shown, scheme, rows, row) for row in verdicts] if len(cards) < len(verdicts) else []
    lines = merged(criterion_lines(shown, scheme, rows))
    return SchemeDetail(cards, tuple(variants), tuple(lines), tuple(input_lines(shown, scheme, rows)))


def _cards(shown: Shown, scheme: Scheme | None, rows: list[Row]) -> tuple[VerdictCard, ...]:
    """The verdict over all variants where there is one, else that of each variant."""
    verdicts = [row for row in rows if row["kind"] == "verdict"]
    over_all = [row for row in verdicts if not row["variant"]]
    chosen = over_all or verdicts or [{**rows[0], **_NO_VERDICT}]
    return tuple(_card(shown, scheme, rows, row) for row in chosen)


def _card(shown: Shown, scheme: Scheme | None, rows: list[Row], verdict: Row) -> VerdictCard:
    names = shown.names
    counts = Counter(row["state"] for row in _judged(rows, verdict))
    score = number_of(verdict["score"], plain(""), verdict["reference"]) if verdict["score"] is not None else None
    return VerdictCard(
        scheme=names.scheme(verdict["scheme"]),
        document=scheme.document if scheme else "",
        entity=names.entity(verdict["entity"]),
        period=period_of(verdict),
        variant=names.variant(verdict["variant"]),
        reference=verdict["reference"],
        state=verdict["state"],
        provisional=bool(verdict["provisional"]),
        confidence=verdict["confidence"],
        score=score,
        span=_span(verdict),
        reason=names.reason(verdict["reason"], verdict["detail"], verdict["scheme"]),
        counts=tuple((state, counts[state]) for state in STATES if counts[state]),
        ranged=score is not None and scheme is not None and isinstance(scheme.verdict, TreeVerdict),
    )


def _span(verdict: Row) -> tuple[Number, Number] | None:
    """The range of the score over the open points; None where there is no score or it is one number."""
    low, high = verdict["low"], verdict["high"]
    if low is None or high is None or low == high:
        return None
    return number_of(low, plain(""), verdict["reference"]), number_of(high, plain(""), verdict["reference"])


def _judged(rows: list[Row], verdict: Row) -> list[Row]:
    """The criteria behind a verdict; behind one over all variants stand those of the variant that decided it."""
    criteria = [row for row in rows if row["kind"] == "criterion"]
    variants = [row["variant"] for row in rows if row["kind"] == "verdict" and row["state"] == verdict["state"]]
    own = [row for row in criteria if row["variant"] == verdict["variant"]]
    decided = next((variant for variant in variants if variant), "")
    return own or [row for row in criteria if row["variant"] == decided]


_NO_VERDICT: Row = {
    "state": "not_evaluable",
    "score": None,
    "low": None,
    "high": None,
    "reason": None,
    "detail": None,
    "provisional": False,
    "confidence": "low",
    "reference": "",
}


def _choices(names: Names, scheme: Scheme, job: Job) -> list[Choosing]:
    titles = {criterion.id: criterion.title for criterion in scheme.criteria}
    found = []
    for choice in scheme.choices:
        full = f"{scheme.head.id}.{choice.id}"
        members = job.chosen.get(full) or job.chosen.get(choice.id, ())
        by = job.chosen_by.get(full) or job.chosen_by.get(choice.id, "")
        text = names.say(
            f"publish.choice.{choice.meaning}", k=choice.k, n=len(choice.members), title=choice.title or ""
        )
        picked = [titles.get(each, plain(each)) for each in members]
        others = [titles.get(each, plain(each)) for each in choice.members if each not in members]
        said = _listed(picked) if picked else names.say("publish.choice.none")
        said = names.say("publish.choice.by", chosen=said, by=by) if picked and by else said
        found.append(Choosing(text, said, _listed(others)))
    for switch in scheme.switches:
        others = [_option(names, switch.id, each) for each in switch.alternatives]
        found.append(Choosing(switch.text, _option(names, switch.id, switch.chosen), _listed(others)))
    return found


def _option(names: Names, switch: str, option: str) -> Text:
    """An option of an open point: its word there, its word anywhere, else its id as words."""
    own = names.word("option", f"{switch}.{option}")
    known = own if own.zh != f"{switch}.{option}" else names.word("option", option)
    return known if known.zh != option else plain(option.replace("_", " "))


def _listed(texts: list[Text]) -> Text:
    return Text(zh="、".join(text.zh for text in texts), en="; ".join(text.en for text in texts))
