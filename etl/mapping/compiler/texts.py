"""Extract text from a cell: one part of a split, or the match of a regular expression."""

import re

import duckdb
from sqlglot import exp

from etl.mapping.compiler import sql
from etl.mapping.compiler.sandbox import try_query
from etl.mapping.language.column_mapping import Split


def split_text(text: exp.Expr, split: Split) -> exp.Expr:
    """Take one part of a cell; NULL when there is no such part."""
    part = sql.call("SPLIT_PART", text, sql.text(split.separator), exp.Literal.number(split.part))
    return sql.call("TRIM", part)


def matches(text: exp.Expr, pattern: str) -> exp.Expr:
    """Write whether a regular expression is found in a cell."""
    return sql.call("REGEXP_MATCHES", text, sql.text(pattern))


def extract_text(text: exp.Expr, pattern: str, group: int | str | None) -> exp.Expr:
    """Take what a regular expression, or one of its groups, finds in a cell."""
    number = group_number(pattern, group)
    return sql.call("TRIM", sql.call("REGEXP_EXTRACT", text, sql.text(pattern), exp.Literal.number(number)))


def group_number(pattern: str, group: int | str | None) -> int:
    """Find a group by its name; the whole match when none is named."""
    return re.compile(pattern).groupindex[group] if isinstance(group, str) else group or 0


def check_pattern(pattern: str, group: int | str | None) -> str | None:
    """Explain what is wrong with a regular expression, if anything is."""
    try:
        compiled = re.compile(pattern)
    except (re.error, RecursionError):
        return f"'{pattern}' is not a regular expression."
    try:
        try_query("SELECT regexp_matches('', ?)", [pattern])
    except duckdb.Error:
        return f"'{pattern}' uses something that RE2 does not know, such as look-ahead or a back-reference."
    if isinstance(group, str) and group not in compiled.groupindex:
        return f"'{pattern}' has no group named '{group}'."
    if isinstance(group, int) and not 0 <= group <= compiled.groups:
        return f"'{pattern}' has {compiled.groups} groups, not {group}."
    return None
