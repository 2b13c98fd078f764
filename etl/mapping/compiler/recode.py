"""Recode: the hospital's codes into canonical ones, by an inline map or a code list of the site."""

from collections.abc import Iterable, Iterator, Mapping

from sqlglot import exp

from etl.mapping.compiler import sql
from etl.mapping.compiler.operation import Cell, Failure, Reading
from etl.mapping.language.column_mapping import Scalar

SHOWN = 8


def recode_cell(cell: Cell) -> Reading:
    """Look a cell up; a code that is not listed is a finding, a code listed with no value is known to be empty."""
    recode = cell.options.recode
    assert recode is not None
    return _by_code_file(cell, recode) if isinstance(recode, str) else _by_map(cell, recode)


def scalar_text(value: Scalar) -> str:
    """Write a YAML scalar as its text in a code list."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _by_map(cell: Cell, entries: Mapping[str, Scalar | None]) -> Reading:
    text = _compared(cell.text, cell)
    arms = [
        exp.If(this=_compared(sql.text(code.strip()), cell), true=sql.text(scalar_text(value)))
        for code, value in entries.items()
        if value is not None
    ]
    recoded = exp.Case(this=text.copy(), ifs=arms) if arms else exp.null()
    listed = [exp.EQ(this=text.copy(), expression=_compared(sql.text(code.strip()), cell)) for code in entries]
    unlisted = (
        exp.not_(exp.paren(sql.any_of(listed)))
        if cell.options.ignore_case
        else exp.not_(sql.one_of(cell.text, (code.strip() for code in entries)))
    )
    is_unlisted = sql.all_of((sql.is_filled(cell.text), unlisted))
    failure = Failure("unlisted_code", is_unlisted, cell.text, sql.text(_shown(entries)))
    return Reading(_typed(recoded, cell), (failure,))


def _by_code_file(cell: Cell, reference: str) -> Reading:
    code_file = cell.code_files[reference]
    alias = f"{cell.target.name}_list"
    join = exp.Join(
        this=sql.code_table(code_file.name, alias),
        side="LEFT",
        on=exp.EQ(this=_compared(sql.column("code", alias), cell), expression=_compared(cell.text.copy(), cell)),
    )
    unlisted = sql.all_of((sql.is_filled(cell.text), sql.is_empty(sql.column("code", alias))))
    failure = Failure("unlisted_code", unlisted, cell.text, sql.text(f"{reference}: {_shown(code_file.entries)}"))
    return Reading(_typed(sql.column("value", alias), cell), (failure,), joins=(join,))


def _shown(entries: Iterable[str]) -> str:
    """List the first codes."""
    codes = list(entries)
    return ", ".join(codes[:SHOWN]) + (f" and {len(codes) - SHOWN:,} more" if len(codes) > SHOWN else "")


def same_but_for_case(codes: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pair each code with an earlier one that differs from it in case alone."""
    first: dict[str, str] = {}
    for code in codes:
        earlier = first.setdefault(code.strip().lower(), code)
        if earlier != code:
            yield code, earlier


def _compared(text: exp.Expr, cell: Cell) -> exp.Expr:
    return sql.call("LOWER", text) if cell.options.ignore_case else text


def _typed(value: exp.Expr, cell: Cell) -> exp.Expr:
    return value if cell.target.sql_type == "VARCHAR" else sql.cast(value, cell.target.sql_type)
