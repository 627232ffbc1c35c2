"""Jobs and mappings: read, and compared with the packs they refer to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from greenpark.catalog.mistakes import PackError, PackMistake, Phrase, sorted_mistakes
from greenpark.catalog.packs import Packs
from greenpark.catalog.read_one import ReadFile, read_file
from greenpark.catalog.suggest import suggestion
from greenpark.model.contents import FLOWS
from greenpark.model.fit import Path as KeyPath
from greenpark.model.forms import Mapping
from greenpark.model.job import ALL_SCHEMES, Input, Job
from greenpark.model.programmes import days_of

# What an input of each kind must name.
_INPUT_NEEDS: dict[str, str] = {"form": "form", "mapping": "mapping"}


def load_job(path: Path, packs: Packs | None = None) -> Job:
    """The job in a file; with ``packs`` its ids are looked up in them.

    Raises
    ------
    PackError
        With every mistake in the file.
    """
    file = read_file(path, Job)
    mistakes = [*_check_inputs(file), *(_check_job(file, packs) if packs else ())]
    if mistakes:
        raise PackError(sorted_mistakes(mistakes))
    return file.definition


def load_mapping(path: Path, packs: Packs | None = None) -> Mapping:
    """The mapping in a file; with ``packs`` its ids are looked up in them.

    Raises
    ------
    PackError
        With every mistake in the file.
    """
    file = read_file(path, Mapping)
    mistakes = [*(_check_mapping(file, packs) if packs else ())]
    if mistakes:
        raise PackError(sorted_mistakes(mistakes))
    return file.definition


def _known(
    file: ReadFile[Job] | ReadFile[Mapping], path: KeyPath, sort: str, found: str, options: Iterable[str]
) -> Iterator[PackMistake]:
    known = tuple(options)
    if found and found not in known:
        values = {"sort": Phrase(f"catalog.sort.{sort}"), "found": found}
        yield file.mistake(path, "catalog.unknown_id", hint=suggestion(found, known), **values)


def _check_inputs(file: ReadFile[Job]) -> Iterator[PackMistake]:
    for index, each in enumerate(file.definition.inputs):
        name = _INPUT_NEEDS.get(each.kind, "")
        needed = [*([name] if name else []), *(["file"] if each.kind != "accepted" else [])]
        for name in needed:
            if not getattr(each, name):
                yield file.mistake(("inputs", index), "catalog.missing_key", name=name)


def _check_job(file: ReadFile[Job], packs: Packs) -> Iterator[PackMistake]:
    job = file.definition
    for index, each in enumerate(job.inputs):
        yield from _check_form(file, ("inputs", index), each, packs)
    yield from _known(file, ("profile",), "profile", job.profile, packs.profiles)
    yield from _check_steering(file, packs)
    yield from _check_titles(file, packs)
    for key, sort, names, options in (
        ("schemes", "scheme", job.schemes, packs.schemes),
        ("targets", "target_set", job.targets, packs.targets),
        ("checks", "checks", job.checks or (), packs.checks),
    ):
        for place, name in enumerate(names):
            if (key, name) != ("schemes", ALL_SCHEMES):
                yield from _known(file, (key, place), sort, name, options)
    asked = packs.schemes if ALL_SCHEMES in job.schemes else job.schemes
    if ALL_SCHEMES in job.schemes and job.round is None and not job.years:
        yield file.mistake(("schemes",), "catalog.missing_key", name="round")
    choices = [choice.id for name in asked if name in packs.schemes for choice in packs.schemes[name].choices]
    for name in job.chosen:
        yield from _known(file, ("chosen", name), "choice", name.split(".")[-1], choices)
    for index, compared in enumerate(job.compare):
        for key in ("activity", "computed", "reported"):
            path = ("compare", index, key)
            yield from _known(file, path, "quantity", getattr(compared, key), packs.quantities)
    for index, check in enumerate(job.range_checks):
        path = ("range_checks", index, "factor_set")
        yield from _known(file, path, "factor_set", check.factor_set, packs.factor_sets)
        for key in ("numerator", "denominator"):
            yield from _known(file, ("range_checks", index, key), "quantity", getattr(check, key), packs.quantities)


def _check_steering(file: ReadFile[Job], packs: Packs) -> Iterator[PackMistake]:
    """What the job says of lights, plan and uncertainty."""
    job = file.definition
    if packs.lights:
        yield from _known(file, ("steering", "rule"), "light", job.steering.rule, packs.lights)
    for index, line in enumerate(job.steering.plan):
        for key in ("quantity", "over"):
            yield from _known(file, ("steering", "plan", index, key), "quantity", getattr(line, key), packs.quantities)
    if packs.uncertainties:
        yield from _known(file, ("uncertainty", "pack"), "uncertainty", job.uncertainty.pack, packs.uncertainties)


def _check_titles(file: ReadFile[Job], packs: Packs) -> Iterator[PackMistake]:
    """Titles of programmes that no pack has, at times that are none."""
    known = [each.id for pack in packs.programmes.values() for each in pack.programmes]
    for index, title in enumerate(file.definition.titles):
        yield from _known(file, ("titles", index, "programme"), "programme", title.programme, known)
        try:
            days_of(title.when)
        except ValueError:
            yield file.mistake(("titles", index, "when"), "catalog.not_a_when", found=title.when)


def _check_form(file: ReadFile[Job], path: KeyPath, each: Input, packs: Packs) -> Iterator[PackMistake]:
    yield from _known(file, (*path, "form"), "form", each.form, packs.forms)
    if each.sheet and each.form in packs.forms:
        sheets = [sheet.id for sheet in packs.forms[each.form].sheets]
        yield from _known(file, (*path, "sheet"), "sheet", each.sheet, sheets)


def _check_mapping(file: ReadFile[Mapping], packs: Packs) -> Iterator[PackMistake]:
    mapping = file.definition
    yield from _known(file, ("area",), "area", mapping.area, packs.areas)
    yield from _known(file, ("carrier",), "carrier", mapping.carrier, packs.carriers)
    for index, value in enumerate(mapping.values):
        path = ("values", index)
        yield from _known(file, (*path, "quantity"), "quantity", value.quantity, packs.quantities)
        yield from _known(file, (*path, "flow"), "flow", value.flow, FLOWS)
