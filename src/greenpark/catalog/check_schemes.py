"""Checks of schemes: indicators, criteria, choices, verdict, conditions and worked examples."""

from __future__ import annotations

from collections.abc import Iterator

from greenpark.catalog.check_factors import check_dates, check_source, check_sources
from greenpark.catalog.check_formulas import check_indicator
from greenpark.catalog.check_rules import check_rule
from greenpark.catalog.check_verdicts import check_verdict
from greenpark.catalog.check_verdicts import known as _known
from greenpark.catalog.library import Library
from greenpark.catalog.mistakes import PackMistake
from greenpark.catalog.read import ReadPack
from greenpark.model.contents import WorkedExample
from greenpark.model.fit import Path
from greenpark.model.schemes import Choice, Scheme
from greenpark.model.time import Period

# Ids of the result itself.
RESERVED = ("verdict", "index", "index_capped")
STATES = ("met", "not_met", "scored", "not_applicable", "excused", "not_evaluable")


def check_scheme(pack: ReadPack, library: Library) -> Iterator[PackMistake]:
    """Every mistake of a scheme."""
    scheme: Scheme = pack.definition
    yield from check_sources(pack, scheme.sources)
    yield from check_dates(pack, (), scheme.since, scheme.until)
    if scheme.rounds is not None:
        yield from check_source(pack, ("rounds", "source"), scheme.rounds.source, scheme.sources)
        first, last = scheme.rounds.first, scheme.rounds.last
        if first is not None and last is not None and last < first:
            yield pack.mistake(("rounds", "last"), "catalog.low_above_high", low=first, high=last)
    if scheme.profile:
        yield from library.reference(pack, ("profile",), "profile", scheme.profile)
    yield from _check_ids(pack, scheme)
    for index, indicator in enumerate(scheme.indicators):
        path = ("indicators", index)
        yield from check_indicator(pack, path, indicator, library)
        yield from check_source(pack, (*path, "source"), indicator.source, scheme.sources)
    yield from _check_criteria(pack, scheme, library)
    for index, condition in enumerate(scheme.conditions):
        path = ("conditions", index)
        yield from check_source(pack, (*path, "source"), condition.source, scheme.sources)
        if condition.fact:
            yield from library.reference(pack, (*path, "fact"), "quantity", condition.fact)
    yield from _check_choices(pack, scheme)
    yield from check_verdict(pack, scheme, library)
    yield from _check_switches(pack, scheme, library)
    for name, example in pack.examples.items():
        yield from _check_example(pack, ("examples", name), example, scheme, library)


def _check_ids(pack: ReadPack, scheme: Scheme) -> Iterator[PackMistake]:
    """Ids that stand twice: nodes of the result share one name space, because results are kept by node."""
    nodes = [("groups", i, each.id) for i, each in enumerate(scheme.groups)]
    nodes += [("criteria", i, each.id) for i, each in enumerate(scheme.criteria)]
    nodes += [("choices", i, each.id) for i, each in enumerate(scheme.choices)]
    nodes += [("subscores", i, each.id) for i, each in enumerate(scheme.subscores)]
    nodes += [("standings", i, each.id) for i, each in enumerate(scheme.standings)]
    others = [("indicators", i, each.id) for i, each in enumerate(scheme.indicators)]
    conditions = [("conditions", i, each.id) for i, each in enumerate(scheme.conditions)]
    switches = [("switches", i, each.id) for i, each in enumerate(scheme.switches)]
    references = [("references", i, each.id) for i, each in enumerate(scheme.references)]
    for family in (nodes, others, conditions, switches, references):
        seen: dict[str, Path] = {}
        for key, index, name in family:
            path = (key, index, "id")
            if name in seen:
                first = pack.mistake(seen[name], "").place
                yield pack.mistake(path, "catalog.duplicate_id", name=name, first=first)
            elif name in RESERVED:
                yield pack.mistake(path, "catalog.reserved_id", name=name)
            seen.setdefault(name, path)


def _check_criteria(pack: ReadPack, scheme: Scheme, library: Library) -> Iterator[PackMistake]:
    indicators = {each.id for each in scheme.indicators}
    groups = {each.id for each in scheme.groups}
    for index, criterion in enumerate(scheme.criteria):
        path = ("criteria", index)
        if criterion.indicator:
            yield from _known(pack, (*path, "indicator"), "indicator", criterion.indicator, sorted(indicators))
        yield from _known(pack, (*path, "group"), "group", criterion.group, sorted(groups))
        yield from check_source(pack, (*path, "source"), criterion.source, scheme.sources)
        if criterion.excuse and not criterion.may_be_excused:
            yield pack.mistake((*path, "excuse"), "catalog.excuse_not_allowed")
        if not criterion.indicator or criterion.indicator in indicators:
            yield from check_rule(pack, path, criterion, scheme, library)


def _check_choices(pack: ReadPack, scheme: Scheme) -> Iterator[PackMistake]:
    criteria = {each.id: each for each in scheme.criteria}
    taken: dict[str, str] = {}
    for index, choice in enumerate(scheme.choices):
        path = ("choices", index)
        for place, member in enumerate(choice.members):
            key = (*path, "members", place)
            yield from _known(pack, key, "criterion", member, criteria)
            if choice.members.index(member) != place:
                yield pack.mistake(key, "catalog.member_twice", name=member)
            elif choice.meaning == "exactly":
                if member in taken:
                    yield pack.mistake(key, "catalog.choices_share", name=member, other=taken[member])
                elif member in criteria and criteria[member].role == "mandatory":
                    yield pack.mistake(key, "catalog.choice_of_mandatory", name=member)
                taken.setdefault(member, choice.id)
        if not 1 <= choice.k <= len(choice.members):
            yield pack.mistake((*path, "k"), "catalog.choice_size", found=choice.k, members=len(choice.members))


def _check_switches(pack: ReadPack, scheme: Scheme, library: Library) -> Iterator[PackMistake]:
    """Readings of open points: each is of an alternative, and what it puts in place is as right as what was there."""
    indicators = {each.id: each for each in scheme.indicators}
    criteria = {each.id for each in scheme.criteria}
    for index, switch in enumerate(scheme.switches):
        for name, reading in switch.readings.items():
            path = ("switches", index, "readings", name)
            yield from _known(pack, path, "alternative", name, switch.alternatives)
            if reading.profile:
                yield from library.reference(pack, (*path, "profile"), "profile", reading.profile)
            for target, formula in reading.formulas.items():
                yield from _known(pack, (*path, "formulas"), "indicator", target, sorted(indicators))
                if target in indicators:
                    changed = indicators[target].model_copy(update={"formula": formula})
                    yield from check_indicator(pack, (*path, "formulas", target), changed, library)
            for target in sorted({*reading.rules, *reading.roles}):
                yield from _known(pack, path, "criterion", target, sorted(criteria))


def _check_example(
    pack: ReadPack, path: Path, example: WorkedExample, scheme: Scheme, library: Library
) -> Iterator[PackMistake]:
    """Ids, periods and states of a worked example; the evaluation itself is run by ``greenpark pack check``."""
    criteria = {each.id for each in scheme.criteria}
    choices: dict[str, Choice] = {each.id: each for each in scheme.choices}
    yield from _check_period(pack, (*path, "period"), example.period)
    tables: list[tuple[Path, dict[str, dict[str, float | None]]]] = [(("figures",), example.figures)]
    tables += [(("variants", name), figures) for name, figures in example.variants.items()]
    tables += [(("others", name), figures) for name, figures in example.others.items()]
    for key, figures in tables:
        for quantity, values in figures.items():
            yield from library.reference(pack, (*path, *key, quantity), "quantity", quantity)
            for period in values:
                yield from _check_period(pack, (*path, *key, quantity, period), period)
    for name, members in example.chosen.items():
        yield from _known(pack, (*path, "chosen", name), "choice", name, choices)
        if name in choices:
            for place, member in enumerate(members):
                yield from _known(pack, (*path, "chosen", name, place), "criterion", member, choices[name].members)
    families = (scheme.groups, scheme.choices, scheme.conditions, scheme.subscores, scheme.standings)
    above = [node.id for family in families for node in family]
    for name in example.excused:
        yield from _known(pack, (*path, "excused", name), "criterion", name, criteria)
    for name in example.expect:
        yield from _known(pack, (*path, "expect", name), "criterion", name, (*criteria, *above))
    states = [((*path, "expect", name, "state"), each.state) for name, each in example.expect.items()]
    for key, state in [*states, ((*path, "verdict", "state"), example.verdict.state)]:
        if state not in STATES:
            yield pack.mistake(key, "catalog.not_an_option", found=state, options=STATES)


def _check_period(pack: ReadPack, path: Path, text: str) -> Iterator[PackMistake]:
    try:
        Period.parse(text)
    except ValueError:
        yield pack.mistake(path, "catalog.not_a_period", found=text)
