"""Totals with a name: which methods of the profiles enter each view of CO2 and each basis of energy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from greenpark.model.knowledge import Method, Profile

BASES = ("calorific", "primary_energy")


@dataclass(frozen=True)
class View:
    """A total with a name: which methods enter it. ``variant`` is how figures and indicators call it.

    ``gwp_set`` turns its gases into CO2 equivalents; ``clean`` are the carriers of clean energy (empty: renewables).
    """

    variant: str
    methods: tuple[str, ...]
    gwp_set: str = ""
    clean: tuple[str, ...] = ()


def list_views(profiles: Sequence[Profile], methods: Mapping[str, Method]) -> tuple[View, ...]:
    """The CO2 views of the profiles: direct methods with those of each view; the first profile names ``direct``.

    A later profile that totals a view otherwise gets a variant of its own (``view=location@profile``).
    """
    return tuple(dict.fromkeys(view for _, _, view in _views(profiles, methods)))


def list_bases(profiles: Sequence[Profile], methods: Mapping[str, Method]) -> tuple[View, ...]:
    """The energy totals of the profiles: one per basis, and one more where a profile counts differently."""
    return tuple(dict.fromkeys(view for _, _, view in _bases(profiles, methods)))


def name_variants(profiles: Sequence[Profile], methods: Mapping[str, Method]) -> dict[str, str]:
    """Under which variant each profile's own total is found: ``basis=calorific@profile`` → the label of figures."""
    every = (*_views(profiles, methods), *_bases(profiles, methods))
    return {f"{plain}@{profile}": view.variant for profile, plain, view in every if plain}


def _views(profiles: Sequence[Profile], methods: Mapping[str, Method]) -> list[tuple[str, str, View]]:
    """Profile, plain label and view; views that total the same are the same view."""
    listed: list[tuple[str, str, View]] = []
    found: dict[tuple[object, ...], View] = {}
    for profile in profiles:
        members = [methods[name] for name in profile.methods if methods[name].produces == "emissions"]
        direct = tuple(method_name(each) for each in members if (each.view or "direct") == "direct")
        if profile is profiles[0]:
            listed.append((profile.id, "", View("", direct, profile.gwp_set)))
        for view in sorted({each.view for each in members} - {"", "direct"}):
            chosen = (*direct, *(method_name(each) for each in members if each.view == view))
            taken = any(name == view for name, *_ in found)
            label = f"view={view}@{profile.id}" if taken else f"view={view}"
            same = found.setdefault((view, chosen, profile.gwp_set), View(label, chosen, profile.gwp_set))
            listed.append((profile.id, f"view={view}", same))
    return listed


def _bases(profiles: Sequence[Profile], methods: Mapping[str, Method]) -> list[tuple[str, str, View]]:
    listed: list[tuple[str, str, View]] = []
    found: dict[tuple[object, ...], View] = {}
    for profile in profiles:
        for basis in BASES:
            members = tuple(method_name(methods[m]) for m in profile.methods if methods[m].basis == basis)
            label = f"basis={basis}" if profile is profiles[0] else f"basis={basis}@{profile.id}"
            if members:
                own = View(label, members, clean=profile.clean_carriers)
                listed.append((profile.id, f"basis={basis}", found.setdefault((members, own.clean), own)))
    return listed


def method_name(method: Method) -> str:
    """How results name a method: its id with its version."""
    return f"{method.id}@{method.version}"
