"""Write a Pydantic validation error in a hand-written file as a sentence for its author."""

import re
from collections.abc import Callable, Collection
from typing import Any

from pydantic_core import ErrorDetails

from etl.mapping.language.near_name import did_you_mean

_EXPECTED = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a map",
    "model_type": "a map",
    "model_attributes_type": "a map",
    "literal_error": "one of {expected}",
    "string_pattern_mismatch": "text of the form {pattern}",
    "string_too_short": "at least {min_length} characters long",
    "string_too_long": "at most {max_length} characters long",
    "too_short": "at least {min_length} entry",
    "too_long": "at most {max_length} entries",
    "greater_than": "more than {gt:g}",
    "less_than": "less than {lt:g}",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "{le} or less",
}
_LENGTHS = {"string_too_short", "string_too_long"}


def form_mistake(
    detail: ErrorDetails, *, file: str, options_at: Callable[[tuple[str | int, ...]], Collection[str]]
) -> str:
    """Write one mistake of form as a sentence: the place, what was found, what was expected.

    Args:
        detail: the mistake as Pydantic reports it.
        file: name of the file, for what is missing at its top level.
        options_at: names the options that the part at a place takes.
    """
    place = ".".join(str(step) for step in detail["loc"] if not isinstance(step, int))
    name = str(detail["loc"][-1]) if detail["loc"] else ""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return f"'{name}' is not an option here.{did_you_mean(name, options_at(detail['loc'][:-1]))}"
    if kind == "missing":
        return f"'{name}' is missing in '{place.rpartition('.')[0] or file}'."
    if kind == "value_error":
        return f"'{place}': {context['error']}."
    if kind in _LENGTHS and isinstance(detail["input"], str):
        return f"'{place}' must be {_EXPECTED[kind].format(**context)}; found {len(detail['input']):,}."
    if kind == "string_pattern_mismatch" and (most := _longest(str(detail["input"]), str(context["pattern"]))):
        return f"'{place}' must be at most {most:,} characters long; found {len(str(detail['input'])):,}."
    expected = _EXPECTED.get(kind, "something else").format(**context)
    return f"'{place}' must be {expected}; found {_shown(detail['input'])}."


def _longest(text: str, pattern: str) -> int:
    """Return how long a text may be that has the right form and is only too long; 0 where its form is wrong."""
    return (
        next((most for most in range(len(text) - 1, 0, -1) if re.search(pattern, text[:most])), 0)
        if _is_plain(text, pattern)
        else 0
    )


def _is_plain(text: str, pattern: str) -> bool:
    """Return whether a text would have the form if the pattern did not bound how often a part is repeated."""
    return re.search(re.sub(r"\{\d+,\d+\}", "*", pattern), text) is not None


def _shown(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case dict():
            return "a map"
        case list():
            return "a list"
        case bool():
            return str(value).lower()
        case str():
            return f"'{value}'"
        case _:
            return f'{value} (write "{value}" for a code)'
