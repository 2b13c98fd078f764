"""Find the places of a SQL text that can be changed, by sqlglot's tokens, which know where in the text they stand.

A tree written out again would lose comments and layout, so that a difference could no longer be read; tokens leave every
other character as it is. Whether the changed text is SQL still is for the caller to ask (`is_sql`): parsing takes time.
"""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tools.mutate.change import COMPARISONS, Change, next_number, other_word

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

_OPENS_CONDITION = frozenset({"WHERE", "ON", "HAVING", "QUALIFY", "WHEN"})
_KINDS_OF_JOIN = frozenset(
    {"LEFT", "INNER", "CROSS", "FULL", "ASOF", "ANTI", "SEMI", "RIGHT", "OUTER", "POSITIONAL", "NATURAL"}
)
_CLAUSES = (
    _OPENS_CONDITION | _KINDS_OF_JOIN | {"THEN", "ELSE", "END", "SELECT", "FROM", "GROUP", "ORDER", "LIMIT", "JOIN"}
)
_CLAUSES |= {"UNION", "EXCEPT", "INTERSECT", "AS", "FILTER", "USING", "BY", "WINDOW"}
"""Words at which a condition begins or ends."""
_AGGREGATES = {"min": "max", "max": "min", "arg_min": "arg_max", "arg_max": "arg_min", "bool_or": "bool_and"}
_AGGREGATES |= {"bool_and": "bool_or", "greatest": "least", "least": "greatest", "first": "last", "last": "first"}
_WORDS = {sign: (other, "comparison") for sign, other in COMPARISONS.items()}
_WORDS |= {
    word: (other, "operator") for word, other in (("AND", "OR"), ("OR", "AND"), ("ASC", "DESC"), ("DESC", "ASC"))
}
_WORDS |= {"TRUE": ("FALSE", "constant"), "FALSE": ("TRUE", "constant")}
_NUMBER = re.compile(r"\d+(\.\d+)?")
_TYPES = frozenset({"DECIMAL", "NUMERIC", "VARCHAR"})
_ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*"}


def sql_changes(text: str) -> tuple[Change, ...]:
    """Find every change of a SQL text of one statement, in the order of the text."""
    from sqlglot.dialects import DuckDB

    tokens = DuckDB().tokenize(text)
    return tuple(sorted({*_of_tokens(text, tokens), *_of_conditions(text, tokens)}))


def is_sql(text: str) -> bool:
    """Return whether a text is a statement that can be parsed."""
    import sqlglot

    try:
        sqlglot.parse_one(text, dialect="duckdb")
    except sqlglot.errors.SqlglotError:
        return False
    return True


def _of_tokens(text: str, tokens: Sequence["Token"]) -> Iterator[Change]:
    """Changes of one token, and of a join or a negation of several."""
    betweens = 0
    for number, token in enumerate(tokens):
        here = _source(text, token)
        word = here.upper()
        following = _source(text, tokens[number + 1]) if number + 1 < len(tokens) else ""
        betweens += word == "BETWEEN"
        if word == "AND" and betweens:
            betweens -= 1
        elif word in _WORDS:
            yield Change(token.start, here, *_WORDS[word])
        elif here.lower() in _AGGREGATES and following == "(":
            yield Change(token.start, here, _AGGREGATES[here.lower()], "aggregate")
        elif here.startswith("'") and here.endswith("'"):
            yield Change(token.start, here, f"'{other_word(here[1:-1])}'", "constant")
        elif word == "IS" and following.upper() == "NULL":
            yield Change(token.start, here, f"{here} NOT", "condition")
        elif word == "NOT":
            yield Change(token.start, text[token.start : tokens[number + 1].start], "", "condition")
        else:
            yield from _of_place(text, tokens, number)


def _of_place(text: str, tokens: Sequence["Token"], number: int) -> Iterator[Change]:
    """Changes of a token that depend on what stands around it."""
    token = tokens[number]
    here = _source(text, token)
    word = here.upper()
    previous = _source(text, tokens[number - 1]).upper() if number else ""
    following = _source(text, tokens[number + 1]).upper() if number + 1 < len(tokens) else ""
    if word in _ARITHMETIC and _is_operand(previous) and (_is_operand(following) or following == "("):
        yield Change(token.start, here, _ARITHMETIC[word], "operator")
    elif _NUMBER.fullmatch(here) and previous not in {"BY", "LIMIT"} and not _is_of_type(text, tokens, number):
        yield Change(token.start, here, next_number(here), "constant")
    elif word == "JOIN":
        yield from _of_join(text, tokens, number)
    elif word == "DISTINCT" and previous in {"SELECT", "("}:
        yield Change(token.start, text[token.start : tokens[number + 1].start], "", "operator")


def _of_join(text: str, tokens: Sequence["Token"], number: int) -> Iterator[Change]:
    """An inner join keeps the rows without a match, a left join drops them."""
    token, before = tokens[number], tokens[number - 1]
    word = _source(text, before).upper()
    if word == "LEFT":
        yield Change(before.start, text[before.start : token.end + 1], "INNER JOIN", "join")
    elif word == "INNER":
        yield Change(before.start, text[before.start : token.end + 1], "LEFT JOIN", "join")
    elif word not in _KINDS_OF_JOIN:
        yield Change(token.start, _source(text, token), "LEFT JOIN", "join")


def _of_conditions(text: str, tokens: Sequence["Token"]) -> Iterator[Change]:
    """Leave out one part of a condition: what stands before an AND or OR, or after it."""
    depths = list(_depths(text, tokens))
    betweens = 0
    for number, token in enumerate(tokens):
        word = _source(text, token).upper()
        betweens += word == "BETWEEN"
        if word not in {"AND", "OR"}:
            continue
        if word == "AND" and betweens:
            betweens -= 1
            continue
        last = number + 1
        while last + 1 < len(tokens) and not _ends_part(text, tokens, depths, number, last + 1):
            last += 1
        yield Change(token.start, text[token.start : tokens[last].end + 1], "", "condition")
        first = number - 1
        while first > 0 and not _ends_part(text, tokens, depths, number, first):
            first -= 1
        if _source(text, tokens[first]).upper() in {*_OPENS_CONDITION, "("}:  # the first part of a chain
            start = tokens[first + 1].start
            yield Change(start, text[start : tokens[number + 1].start], "", "condition")


def _ends_part(text: str, tokens: Sequence["Token"], depths: Sequence[int], operator: int, number: int) -> bool:
    """Return whether a part of the condition round an AND or OR ends before this token."""
    if depths[number] != depths[operator]:
        return depths[number] < depths[operator]
    word = _source(text, tokens[number]).upper()
    if word == "AND" and _is_bound(text, tokens, depths, number):
        return False
    return word in {*_CLAUSES, "AND", "OR", ",", ";"}


def _is_bound(text: str, tokens: Sequence["Token"], depths: Sequence[int], number: int) -> bool:
    """Return whether an AND belongs to a BETWEEN."""
    for before in range(number - 1, -1, -1):
        if depths[before] < depths[number]:
            return False
        word = _source(text, tokens[before]).upper()
        if depths[before] == depths[number] and word in {*_CLAUSES, "AND", "OR", "BETWEEN"}:
            return word == "BETWEEN"
    return False


def _depths(text: str, tokens: Sequence["Token"]) -> Iterator[int]:
    """How deep in brackets and CASE each token stands; what opens and closes stands outside."""
    depth = 0
    for token in tokens:
        word = _source(text, token).upper()
        depth -= word in {")", "]", "END"}
        yield depth
        depth += word in {"(", "[", "CASE"}


def _source(text: str, token: "Token") -> str:
    return text[token.start : token.end + 1]


def _is_of_type(text: str, tokens: Sequence["Token"], number: int) -> bool:
    """Return whether a number is a width or scale of a type, as in DECIMAL(18, 6)."""
    return any(_source(text, token).upper() in _TYPES for token in tokens[max(0, number - 4) : number])


def _is_operand(word: str) -> bool:
    return word not in {"", "(", ",", *_CLAUSES} and (word[0].isalnum() or word[0] in "_\"')]")
