"""Folders on disk → checked definitions: every mistake of every pack at once, or packs that fit together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from greenpark.catalog.check_checks import check_checks
from greenpark.catalog.check_confidentiality import check_confidentiality
from greenpark.catalog.check_factors import check_factors
from greenpark.catalog.check_knowledge import check_carriers, check_ids, check_places, check_quantities, check_units
from greenpark.catalog.check_programmes import check_programmes
from greenpark.catalog.check_references import check_form, check_methods, check_targets
from greenpark.catalog.check_schemes import check_scheme
from greenpark.catalog.check_steering import check_steering
from greenpark.catalog.check_uncertainty import check_uncertainty
from greenpark.catalog.confirm import confirmed, load_confirmations
from greenpark.catalog.layout import LAYOUTS, with_needs
from greenpark.catalog.library import Library
from greenpark.catalog.messages import load_messages
from greenpark.catalog.mistakes import PackError, PackMistake, sorted_mistakes
from greenpark.catalog.read import CONFIRMATIONS, ReadPack, read_pack
from greenpark.catalog.read_one import ReadFile
from greenpark.catalog.suggest import suggestion
from greenpark.model.confidentiality import ConfidentialityRule
from greenpark.model.contents import CheckPack, Confirmations, PagePack, PlausibleRange, WorkedExample
from greenpark.model.doubt import UncertaintyPack
from greenpark.model.forms import Form
from greenpark.model.knowledge import Area, Carrier, FactorSet, Method, PackHead, Profile, Quantity, Unit, Zone
from greenpark.model.programmes import ProgrammePack
from greenpark.model.schemes import Scheme, TargetSet
from greenpark.model.simulation import SimulationPack
from greenpark.model.steering import LightRule
from greenpark.model.submission import FeedBasis
from greenpark.model.text import Messages

BUILT_IN = Path(__file__).resolve().parent.parent / "packs"
PACK = "pack.yaml"

_CHECKS: Mapping[str, Callable[[ReadPack, Library], Iterator[PackMistake]]] = {
    "units": check_units,
    "quantities": check_quantities,
    "places": check_places,
    "carriers": check_carriers,
    "checks": check_checks,
    "factors": check_factors,
    "methods": check_methods,
    "uncertainty": check_uncertainty,
    "steering": check_steering,
    "schemes": check_scheme,
    "programmes": check_programmes,
    "targets": check_targets,
    "forms": check_form,
    "confidentiality": check_confidentiality,
}


@dataclass(frozen=True)
class Packs:
    """Checked packs: definitions by id, sets by pack id; heads, content hashes and folders by ``kind/id``.

    ``notes`` are things worth knowing that are no mistakes.
    """

    units: Mapping[str, Unit]
    quantities: Mapping[str, Quantity]
    carriers: Mapping[str, Carrier]
    areas: Mapping[str, Area]
    zones: Mapping[str, Zone]
    ranges: Mapping[str, PlausibleRange]
    checks: Mapping[str, CheckPack]
    factor_sets: Mapping[str, FactorSet]
    methods: Mapping[str, Method]
    profiles: Mapping[str, Profile]
    uncertainties: Mapping[str, UncertaintyPack]
    lights: Mapping[str, LightRule]
    schemes: Mapping[str, Scheme]
    targets: Mapping[str, TargetSet]
    forms: Mapping[str, Form]
    pages: Mapping[str, PagePack]
    feeds: Mapping[str, FeedBasis]
    simulations: Mapping[str, SimulationPack]
    confidentiality: Mapping[str, ConfidentialityRule]
    programmes: Mapping[str, ProgrammePack]
    examples: Mapping[str, Mapping[str, WorkedExample]]
    heads: Mapping[str, PackHead]
    hashes: Mapping[str, str]
    folders: Mapping[str, Path]
    messages: Messages
    notes: tuple[PackMistake, ...] = ()


@dataclass(frozen=True)
class _Found:
    """Packs and confirmations found in folders, and what is wrong with the folders."""

    packs: dict[str, tuple[ReadPack, Path]]
    confirmations: tuple[ReadFile[Confirmations], ...]
    mistakes: tuple[PackMistake, ...]


def load_packs(
    folders: Sequence[Path] | None = None, kinds: Sequence[str] | None = None, built_in: bool = True
) -> Packs:
    """The packs that come with greenpark and those in ``folders``, checked together.

    A folder is one pack, or holds packs as ``<kind>/<id>/``, or holds a confirmations file for a pack elsewhere.
    A pack of a later folder replaces one of the same kind and id. ``kinds`` (and what they refer to) are read; all
    when None. Without ``built_in`` the folders alone count: the packs that a run kept.

    Raises
    ------
    PackError
        With every mistake of every pack.
    """
    wanted = with_needs(tuple(kinds) if kinds is not None else tuple(LAYOUTS))
    found = _find((*((BUILT_IN,) if built_in else ()), *(folders or ())), wanted)
    packs, wrong = _with_confirmations(found)
    library = Library(packs)
    mistakes = [*found.mistakes, *wrong]
    for pack in packs:
        mistakes.extend(_mistakes_of(pack, library))
    ordered = sorted_mistakes(mistakes)
    if any(mistake.severity == "error" for mistake in ordered):
        raise PackError(ordered)
    folders_by_name = {name: folder for name, (_, folder) in found.packs.items()}
    return _packs(packs, library, folders_by_name, ordered)


def check_pack(folder: Path, folders: Sequence[Path] = ()) -> tuple[PackMistake, ...]:
    """Every mistake (and note) of the pack in a folder, and only of that pack.

    What it refers to is looked up in the packs that come with greenpark and in those of ``folders``.
    """
    pack = read_pack(folder, folder.as_posix())
    if pack.kind not in LAYOUTS:
        return sorted_mistakes(pack.mistakes)
    others = _find((BUILT_IN, *folders), with_needs((pack.kind,))).packs
    others.pop(pack.name, None)
    try:
        beside = _beside(folder)
    except PackError as error:
        return sorted_mistakes((*pack.mistakes, *error.mistakes))
    wrong: tuple[PackMistake, ...] = ()
    if pack.definition is not None:
        _, wrong = confirmed(pack, beside)
    library = Library((*(each for each, _ in others.values()), pack))
    return sorted_mistakes((*_mistakes_of(pack, library), *wrong))


def _mistakes_of(pack: ReadPack, library: Library) -> Iterator[PackMistake]:
    yield from pack.mistakes
    if pack.definition is None:
        return
    yield from check_ids(pack, library)
    if check := _CHECKS.get(pack.kind):
        yield from check(pack, library)


def _find(folders: Iterable[Path], wanted: Sequence[str]) -> _Found:
    packs: dict[str, tuple[ReadPack, Path]] = {}
    confirmations: list[ReadFile[Confirmations]] = []
    mistakes: list[PackMistake] = []
    for root in folders:
        for folder in _pack_folders(root, wanted, mistakes):
            built_in = root == BUILT_IN
            shown = f"packs/{folder.parent.name}/{folder.name}" if built_in else folder.as_posix()
            pack = read_pack(folder, shown)
            if pack.kind in LAYOUTS and pack.kind not in wanted:
                continue
            name = pack.name if pack.kind in LAYOUTS else shown
            mistakes.extend(_same_version(packs.get(name), pack))
            packs[name] = (pack, folder)
        path = root / CONFIRMATIONS
        if path.is_file() and not (root / PACK).is_file():
            try:
                confirmations.append(load_confirmations(path))
            except PackError as error:
                mistakes.extend(error.mistakes)
    order = {kind: place for place, kind in enumerate(LAYOUTS)}
    ordered = sorted(packs.items(), key=lambda each: (order.get(each[1][0].kind, -1), each[0]))
    return _Found(dict(ordered), tuple(confirmations), tuple(mistakes))


def _pack_folders(root: Path, wanted: Sequence[str], mistakes: list[PackMistake]) -> Iterator[Path]:
    """The folders that are packs: the root itself, or those under a kind."""
    if (root / PACK).is_file():
        yield root
        return
    inside = sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []
    found = False
    for kind in inside:
        packs = sorted(path for path in kind.iterdir() if path.is_dir() and any(path.iterdir()))
        if kind.name in LAYOUTS:
            found = True
            yield from packs if kind.name in wanted else ()
        elif any((path / PACK).is_file() for path in packs):
            values = {"found": kind.name, "hint": suggestion(kind.name, LAYOUTS)}
            mistakes.append(PackMistake(kind.as_posix(), "", 0, "", "catalog.unknown_kind", values))
            found = True
    if not found and not (root / CONFIRMATIONS).is_file():
        mistakes.append(PackMistake(root.as_posix(), "", 0, "", "catalog.no_pack_here"))


def _same_version(before: tuple[ReadPack, Path] | None, pack: ReadPack) -> Iterator[PackMistake]:
    """A pack that replaces another must say so by its version, or hold the same."""
    if before and before[0].version == pack.version and before[0].digest != pack.digest:
        values = {"name": pack.name, "version": pack.version, "first": before[0].shown}
        yield pack.mistake(("head", "version"), "catalog.same_version", **values)


def _beside(folder: Path) -> tuple[ReadFile[Confirmations], ...]:
    path = folder / CONFIRMATIONS
    return (load_confirmations(path),) if path.is_file() else ()


def _with_confirmations(found: _Found) -> tuple[tuple[ReadPack, ...], tuple[PackMistake, ...]]:
    """The packs with the confidence that confirmations give, and what is wrong with these."""
    packs: list[ReadPack] = []
    mistakes: list[PackMistake] = []
    for file in found.confirmations:
        if file.definition.pack not in found.packs:
            values = {"found": file.definition.pack, "hint": suggestion(file.definition.pack, found.packs)}
            mistakes.append(file.mistake(("pack",), "catalog.confirms_no_pack", **values))
    for name, (pack, folder) in found.packs.items():
        try:
            beside = _beside(folder)
        except PackError as error:
            mistakes.extend(error.mistakes)
            beside = ()
        files = (*beside, *(file for file in found.confirmations if file.definition.pack == name))
        if pack.definition is None or not files:
            packs.append(pack)
            continue
        raised, wrong = confirmed(pack, files)
        packs.append(raised)
        mistakes.extend(wrong)
    return tuple(packs), tuple(mistakes)


def _packs(
    packs: Iterable[ReadPack], library: Library, folders: Mapping[str, Path], notes: tuple[PackMistake, ...]
) -> Packs:
    by_kind: dict[str, dict[str, Any]] = {kind: {} for kind in LAYOUTS}
    read = tuple(packs)
    for pack in read:
        by_kind[pack.kind][pack.id] = pack.definition
    return Packs(
        units=library.all("unit"),
        quantities=library.all("quantity"),
        carriers=library.all("carrier"),
        areas=library.all("area"),
        zones=library.all("zone"),
        ranges=library.all("range"),
        checks=by_kind["checks"],
        factor_sets=by_kind["factors"],
        methods=library.all("method"),
        profiles=library.all("profile"),
        uncertainties=by_kind["uncertainty"],
        lights=library.all("light"),
        schemes=by_kind["schemes"],
        targets=by_kind["targets"],
        forms=by_kind["forms"],
        pages=by_kind["pages"],
        feeds={basis.id: basis for pack in by_kind["feeds"].values() for basis in pack.bases},
        simulations=by_kind["simulations"],
        confidentiality=library.all("confidentiality"),
        programmes=by_kind["programmes"],
        examples={pack.id: pack.examples for pack in read if pack.kind == "schemes"},
        heads={pack.name: pack.definition.head for pack in read},
        hashes={pack.name: pack.digest for pack in read},
        folders=folders,
        messages=load_messages(),
        notes=notes,
    )
