"""How a value and what stands beside it become cells of a table of statistics."""

from __future__ import annotations

from greenpark.model.text import Text
from greenpark.model.time import Period
from greenpark.pipeline.statistics.reading import Read, Row
from greenpark.publish.naming import plain
from greenpark.publish.shown import Number, number_of

Cells = dict[str, object]


def head(read: Read, row: Row) -> Cells:
    """What a value is of: quantity, entity, variant, period, unit."""
    return {
        "quantity": read.names.quantity(row["quantity"]),
        "entity": entity_name(read, row["entity"]),
        "variant": read.names.variant(row["variant"]),
        "period": str(Period(row["start"], row["end"])),
        "unit": read.names.unit(row["unit"]),
    }


def entity_name(read: Read, entity: str) -> Text:
    """The name of an entity; nothing where none is stated."""
    return read.names.entity(entity) if entity else plain("")


def marks(read: Read, row: Row, confidence: str) -> Cells:
    """What a reader must know of a value: status, vintage, source, place, confidence."""
    return {
        "status": read.names.word("status", row["status"]),
        "vintage": vintage_name(read, row),
        "source": row["source"],
        "place": row["place"],
        **confidence_marks(read, confidence),
    }


def confidence_marks(read: Read, confidence: str) -> Cells:
    """The confidence in words; what rests on an unchecked value is provisional."""
    word = read.names.word("confidence", confidence)
    if confidence != "low":
        return {"confidence": word}
    mark = read.names.say("publish.provisional")
    return {"confidence": Text(zh=f"{word.zh}（{mark.zh}）", en=f"{word.en} ({mark.en})")}


def vintage_name(read: Read, row: Row) -> Text:
    """The vintage in words; nothing where nobody said."""
    return read.names.words("vintage", row["vintage"]) if row["vintage"] else plain("")


def pair_of_texts(one: Text, other: Text) -> Text:
    """Two texts with a stroke between; nothing where both are empty."""
    if not one.zh and not other.zh:
        return plain("")
    return Text(zh=f"{one.zh or '—'} / {other.zh or '—'}", en=f"{one.en or '—'} / {other.en or '—'}")


def number(read: Read, row: Row, value: float | None) -> Number:
    """A value of a series as it is shown, with its reference."""
    return number_of(value, read.names.unit(row["unit"]), row["place"])


def percent(value: float | None) -> Number:
    """A fraction as a percentage."""
    return number_of(None if value is None else 100 * value, plain("%"))
