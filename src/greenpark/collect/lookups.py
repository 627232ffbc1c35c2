"""The names that a form's cells may use: units of the park, carriers, quantities, places, code lists."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import pyarrow as pa

from greenpark.collect.context import Context
from greenpark.collect.names import Names
from greenpark.model.forms import Form, FormSheet
from greenpark.model.text import Text

_RANK = re.compile(r"(维吾尔自治区|壮族自治区|回族自治区|自治区|特别行政区|省|市)$")


@dataclass(frozen=True)
class Lookups:
    """Names by what they name."""

    entities: Names
    areas: Names
    lists: dict[str, Names]

    def with_entities(self, tables: Iterable[pa.Table]) -> Lookups:
        """The same with the units of these tables."""
        return replace(self, entities=entity_names(tables))


def lookups_for(form: Form | None, context: Context) -> Lookups:
    """The lookups for a form before its own units are read."""
    return Lookups(
        entities=entity_names([context.entities] if context.entities is not None else []),
        areas=Names((area.id, (*spellings(area.name), short_area(area.name.zh))) for area in context.areas.values()),
        lists={
            each.id: Names((code.id, (*spellings(code.name, code.id), *code.synonyms)) for code in each.codes)
            for each in (form.lists if form else ())
        },
    )


def entity_names(tables: Iterable[pa.Table]) -> Names:
    """Names of the units in the tables."""
    named: dict[str, list[str]] = {}
    for table in tables:
        for entity, name in zip(table["entity"].to_pylist(), table["name"].to_pylist(), strict=True):
            known = named.setdefault(entity, [])
            if name and name not in known:
                known.append(name)
    return Names(named.items())


def carrier_names(sheet: FormSheet | None, context: Context) -> Names:
    """Names of the carriers that a sheet may use."""
    allowed = sheet.carriers if sheet and sheet.carriers else tuple(context.carriers)
    known = [context.carriers[each] for each in allowed if each in context.carriers]
    return Names((each.id, (*spellings(each.name, each.code), *each.synonyms)) for each in known)


def quantity_names(sheet: FormSheet | None, context: Context) -> Names:
    """Names of the quantities that a sheet may use."""
    allowed = sheet.quantities if sheet and sheet.quantities else tuple(context.quantities)
    known = [context.quantities[each] for each in allowed if each in context.quantities]
    return Names((each.id, (*spellings(each.name), *each.synonyms)) for each in known)


def spellings(name: Text, code: str = "") -> tuple[str, ...]:
    """The ways in which a bilingual name is written: first as in a drop-down list."""
    texts = [label(name, code), label(name), name.zh, name.en, *([f"{code}{name.zh}", code] if code else [])]
    return tuple(dict.fromkeys(text for text in texts if text))


def short_area(name: str) -> str:
    """The Chinese name of a province without the word for its rank."""
    return _RANK.sub("", name)


def label(name: Text, code: str = "") -> str:
    """A name as it stands in a drop-down list."""
    both = name.zh if name.zh == name.en else f"{name.zh} {name.en}"
    return f"{code} {both}" if code else both
