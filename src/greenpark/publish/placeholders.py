"""The values of a sentence: ids become names where the placeholder says what the id is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from greenpark.model.text import Text

if TYPE_CHECKING:
    from greenpark.publish.naming import Names


def fill(names: Names, values: Mapping[str, object], scheme: str = "") -> dict[str, object]:
    """The values with names in place of ids; ``scheme``, or the value of that name, says whose criteria are meant."""
    scheme = scheme or str(values.get("scheme", ""))
    quantity = values.get("quantity")
    named: dict[str, Callable[[str], Text]] = {
        "quantity": names.quantity,
        "quantities": names.quantity,
        "carrier": names.item,
        "item": names.item,
        "entity": names.entity,
        "receiver": names.entity,
        "indicator": names.compared,
        "criterion": partial(names.criterion, scheme=scheme),
        "criteria": partial(names.criterion, scheme=scheme),
        "terms": partial(names.criterion, scheme=scheme),
        "items": names.quantity,
        "conditions": partial(names.criterion, scheme=scheme),
        "level": partial(names.criterion, scheme=scheme),
        "scheme": names.scheme,
        "assessed": partial(names.word, "entity_kind"),
        "assesses": partial(names.word, "entity_kind"),
        "reference": partial(names.reference, scheme=scheme),
        "normalisation": partial(names.word, "normalisation"),
        "flow": partial(names.word, "flow"),
        "method": names.method,
        "area": names.area,
        "plan": names.plan,
        "target": partial(names.target, pack=str(values.get("plan", ""))),
        "unit": names.unit,
        "variant": partial(_variant, names, quantity if isinstance(quantity, str) else ""),
        "met": names.variant,
        "not_met": names.variant,
        "open": names.variant,
        "zero": names.variant,
        "vintage": partial(names.word, "vintage"),
        "newest": partial(names.word, "vintage"),
        "vintages": partial(_pairs, names.quantity, partial(names.word, "vintage")),
        "kinds": partial(_rates, names),
        "used": partial(names.word, "growth_kind"),
        "coverage": lambda told: names.words("coverage", told.replace(", ", "+")),
    }
    return {name: _named(named.get(name), value) for name, value in values.items()}


def _variant(names: Names, quantity: str, variant: str) -> Text:
    """What tells a number from its like, in brackets: it stands behind a name, and often there is nothing to say."""
    told = names.variant(variant, quantity)
    return Text(zh=f"（{told.zh}）", en=f" ({told.en})") if told.zh else told


def _pairs(name: Callable[[str], Text], word: Callable[[str], Text], told: str) -> Text:
    """Ids with the words behind each, as a finding lists them: ``energy.total flash/annual, …``."""
    parts: list[Text] = []
    for pair in told.split(", "):
        subject, _, behind = pair.rpartition(" ")
        named, words = name(subject), [word(each) for each in behind.split("/")]
        zh, en = "/".join(each.zh for each in words), "/".join(each.en for each in words)
        parts.append(Text(zh=f"{named.zh}（{zh}）", en=f"{named.en} ({en})") if zh else named)
    return Text(zh="、".join(each.zh for each in parts), en=", ".join(each.en for each in parts))


def _rates(names: Names, told: str) -> Text:
    """Kinds of growth with their rates, as a finding lists them: ``as_reported 1.2 %, …``."""
    pairs = [each.partition(" ")[::2] for each in told.split(", ")]
    kinds = [(names.word("growth_kind", kind), rate) for kind, rate in pairs]
    zh, en = (", ".join(f"{kind.in_language(each)} {rate}" for kind, rate in kinds) for each in ("zh", "en"))
    return Text(zh=zh.replace(", ", "、"), en=en)


def _named(name: Callable[[str], Text] | None, value: object) -> object:
    if name is None or not value:
        return value
    if isinstance(value, str):
        return name(value)
    return [_named(name, each) for each in value] if isinstance(value, list) else value
