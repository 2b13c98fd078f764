"""The options of the mapping language, as the models state them, and those that a mapping makes use of."""

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from etl.mapping.language.base import Line
from etl.mapping.language.site_mapping import SiteMapping

Option = tuple[str, str]
"""A form of the language and one of its options, as it is written: ("Lookup", "from")."""

REMARKS = frozenset(Line.model_fields)
"""Options of every form; showing each once is enough."""


def all_options() -> set[Option]:
    """List every option of every form that a mapping can hold."""
    options = {(model.__name__, written) for model in _forms(SiteMapping, set()) for written, _ in _fields(model)}
    return {option for option in options if option[1] not in REMARKS} | {(Line.__name__, name) for name in REMARKS}


def used_options(value: Any) -> set[Option]:
    """List the options that a mapping, or a part of one, says something under."""
    match value:
        case Line():
            said = {(written, name) for written, name in _fields(type(value)) if name in value.model_fields_set}
            below = (used_options(getattr(value, name)) for _, name in said)
            own = {(Line.__name__ if name in REMARKS else type(value).__name__, written) for written, name in said}
            return own.union(*below)
        case dict():
            return set().union(*map(used_options, value.values()))
        case list():
            return set().union(*map(used_options, value))
        case _:
            return set()


def all_words() -> set[str]:
    """List the words between which options let choose: utf-8, pseudonymise, max ..."""
    annotations = [field.annotation for model in _forms(SiteMapping, set()) for field in model.model_fields.values()]
    return {str(word) for annotation in annotations for word in _words(annotation)}


def _fields(model: type[Line]) -> list[tuple[str, str]]:
    """Pair each option as it is written with its name in the model."""
    return [(field.alias or name, name) for name, field in model.model_fields.items()]


def _forms(model: type[Line], seen: set[type[Line]]) -> set[type[Line]]:
    """Collect a form and those that it is made of."""
    seen.add(model)
    for field in model.model_fields.values():
        for part in _parts(field.annotation):
            if isinstance(part, type) and issubclass(part, Line) and part not in seen:
                _forms(part, seen)
    return seen


def _words(annotation: Any) -> Iterator[Any]:
    for part in _parts(annotation):
        if get_origin(part) is Literal:
            yield from get_args(part)


def _parts(annotation: Any) -> Iterator[Any]:
    """Go through a type and all that it is made of."""
    yield annotation
    if get_origin(annotation) is not Literal:
        for part in get_args(annotation):
            yield from _parts(part)
