"""Limits on expressions: what would fail, or grow too large, with any delivery is found before data is read.

Patterns must be written out and must compile; a number has no more digits than the engine computes with; and a text that the
expression makes must not be many times as long as the cells that it is made of.
"""

import duckdb
from sqlglot import exp

from etl.mapping.compiler.sandbox import try_query

LONGEST_NUMBER = 38
"""Digits of the widest number that the engine computes with."""
LONGEST_CELL, LONGEST_RESULT = 1_000, 1_000_000
"""Characters of a long cell, and the most that an expression may return for cells as long as that."""

_WITH_PATTERN = (exp.RegexpLike, exp.RegexpExtract, exp.RegexpReplace)


def find_excess(tree: exp.Expr) -> str | None:
    """Explain why an expression cannot be run over a delivery; None when it can."""
    for node in tree.walk():
        if isinstance(node, exp.Literal) and not node.is_string and len(node.this) > LONGEST_NUMBER:
            return f"a number has at most {LONGEST_NUMBER} digits; found one of {len(node.this)}"
        if isinstance(node, _WITH_PATTERN) and (sentence := _wrong_pattern(node)):
            return sentence
    if _length(tree) > LONGEST_RESULT:
        return (
            f"the expression can make a text of more than {LONGEST_RESULT:,} signs out of cells of {LONGEST_CELL:,}; "
            "write fewer replacements or repetitions"
        )
    return None


def _wrong_pattern(node: exp.Expr) -> str | None:
    pattern = node.expression
    if not isinstance(pattern, exp.Literal) or not pattern.is_string:
        return "a pattern is written in quotes, and not taken from a cell"
    try:
        try_query("SELECT regexp_matches('', ?)", [pattern.this])
    except duckdb.Error:
        return f"'{pattern.this[:60]}' is not a regular expression of RE2, or is too large for it"
    group = node.args.get("group")
    if isinstance(group, exp.Literal) and not group.is_string and not _has_group(pattern.this, int(group.this)):
        return f"'{pattern.this[:60]}' has no group {group.this}"
    return None


def _has_group(pattern: str, group: int) -> bool:
    """Ask RE2 itself: a replacement that names a group which the pattern lacks is refused."""
    if not 0 <= group <= _MOST_GROUPS:
        return False
    try:
        try_query("SELECT regexp_replace('', ?, ?)", [f"(?:{pattern})|", f"\\{group}"])
    except duckdb.Error:
        return False
    return True


_MOST_GROUPS = 9
"""The highest group that the engine extracts by its number."""


def _length(node: exp.Expr | None) -> int:
    """Bound the length of a node's value, over cells of LONGEST_CELL characters; never less than 1."""
    if node is None:
        return 1
    below = [] if isinstance(node, exp.Replace | exp.RegexpReplace) else [*map(_length, node.iter_expressions())]
    match node:
        case exp.Literal():
            return max(1, len(node.this))
        case exp.Column():
            return LONGEST_CELL
        case exp.Concat() | exp.DPipe():
            length = sum(below)
        case exp.Replace():
            sought, put = node.expression, node.args.get("replacement")
            shortest = max(1, len(sought.this)) if isinstance(sought, exp.Literal) else 1
            length = _length(node.this) * -(-_length(put) // shortest)
        case exp.RegexpReplace():
            put = node.args.get("replacement")
            copies = str(put.this).count("\\") if isinstance(put, exp.Literal) else LONGEST_CELL
            length = _length(node.this) * (copies + _length(put))
        case _:
            length = max(below, default=1)
    return max(1, length)
