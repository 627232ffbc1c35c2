"""Fitting plain data to a definition, with every misfit at once and where it stands."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

Path = tuple[str | int, ...]
Definition = TypeVar("Definition", bound=BaseModel)

# Endings of pydantic's error types and the word for what was expected there.
_EXPECTED = {
    "string": "text",
    "float": "number",
    "int": "whole_number",
    "bool": "true_or_false",
    "date": "date",
    "tuple": "list",
    "list": "list",
    "dict": "mapping",
    "model": "mapping",
    "finite": "number",
}


@dataclass(frozen=True)
class Misfit:
    """One point at which data does not fit its definition.

    ``problem`` is missing, unknown, type or option; ``expected`` is a word of ``_EXPECTED`` or ``two_languages``;
    ``options`` are the values (or keys) that are possible there.
    """

    path: Path
    problem: str
    expected: str = ""
    found: object = None
    options: tuple[str, ...] = ()


def fit(definition: type[Definition], data: object) -> tuple[Definition | None, tuple[Misfit, ...]]:
    """The definition made from ``data``, or None with every misfit.

    Nothing is converted on the way: a number in quotes is text, and text is no number.
    """
    try:
        # JSON mode is strict about types, yet takes lists for tuples and ISO text for dates.
        return definition.model_validate_json(json.dumps(data, ensure_ascii=False), strict=True), ()
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=True)
        return None, tuple(_misfit(definition, data, each) for each in details)


def _misfit(definition: type[BaseModel], data: object, detail: ErrorDetails) -> Misfit:
    kind = detail["type"]
    path = _path_in(data, detail["loc"], kind == "missing")
    context = detail.get("ctx", {})
    found = detail["input"]
    if kind == "missing":
        return Misfit(path, "missing")
    if kind == "extra_forbidden":
        return Misfit(path, "unknown", found=path[-1], options=_keys_at(definition, data, path[:-1]))
    if kind == "literal_error":
        return Misfit(path, "option", found=found, options=_options(str(context["expected"])))
    if kind == "union_tag_invalid":
        return Misfit((*path, "kind"), "option", found=context["tag"], options=_options(str(context["expected_tags"])))
    if kind == "union_tag_not_found":
        return Misfit((*path, "kind"), "missing")
    expected = _EXPECTED.get(kind.split("_")[0], "text")
    two = context.get("class_name") == "Text"
    return Misfit(path, "type", expected="two_languages" if two else expected, found=found)


def _path_in(data: object, location: tuple[str | int, ...], missing: bool) -> Path:
    """The location without the names of union members, which pydantic puts between the keys."""
    path: list[str | int] = []
    here: Any = data
    for index, step in enumerate(location):
        in_list = isinstance(here, list) and isinstance(step, int) and step < len(here)
        if in_list or (isinstance(here, dict) and step in here):
            here = here[step]
        elif not (missing and index == len(location) - 1):
            continue
        path.append(step)
    return tuple(path)


def _options(listed: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("'") for part in listed.replace(" or ", ", ").split(", "))


def _keys_at(definition: type[BaseModel], data: object, path: Path) -> tuple[str, ...]:
    """The keys that the definition knows at a path."""
    models = [definition]
    here: Any = data
    for step in path:
        here = here[step]
        if isinstance(step, str):
            fields = [model.model_fields[step] for model in models if step in model.model_fields]
            models = [inner for each in fields for inner in _models_in(each.annotation)]
    tag = here.get("kind") if isinstance(here, dict) else None
    named = [model for model in models if _tag(model) == tag]
    return tuple(sorted({key for model in named or models for key in model.model_fields}))


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Union, types.UnionType, tuple, list, dict, Annotated):
        for part in get_args(annotation):
            yield from _models_in(part)


def _tag(model: type[BaseModel]) -> object:
    options = get_args(model.model_fields["kind"].annotation) if "kind" in model.model_fields else ()
    return options[0] if len(options) == 1 else None
