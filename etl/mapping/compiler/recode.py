"""Recode: the hospital's codes into canonical ones, by an inline map or a code list of the site.

Under `ignore_case` codes are compared in small letters and half width: `Ｍ`, `M` and `m` are the same code.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from sqlglot import exp

from etl.mapping.compiler import sql
from etl.mapping.compiler.operation import Cell, Failure, Reading
from etl.mapping.language.column_mapping import Scalar

SHOWN = 8
WIDE, NARROW = "".join(map(chr, (0x3000, *range(0xFF01, 0xFF5F)))), "".join(map(chr, range(0x20, 0x7F)))
"""The blank and the signs of ASCII in full width, as they are typed between Korean, and in half width."""
_NARROW = str.maketrans(WIDE, NARROW)


def recode_cell(cell: Cell) -> Reading:
    """Look a cell up; a code that is not listed is a finding, a code listed with no value is known to be empty.

    With `default` an unlisted code takes that value, and the finding is a note that counts and addresses such cells.
    """
    recode = cell.options.recode
    assert recode is not None
    return _by_code_file(cell, recode) if isinstance(recode, str) else _by_map(cell, recode)


def scalar_text(value: Scalar) -> str:
    """Write a YAML scalar as its text in a code list."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _by_map(cell: Cell, entries: Mapping[str, Scalar | None]) -> Reading:
    text = _compared(cell.text, cell)
    known = {folded(code) if cell.options.ignore_case else code.strip(): value for code, value in entries.items()}
    arms = [
        exp.If(this=sql.text(code), true=sql.text(scalar_text(value)))
        for code, value in known.items()
        if value is not None
    ]
    recoded = exp.Case(this=text.copy(), ifs=arms) if arms else exp.null()
    unlisted = sql.all_of((sql.is_filled(cell.text), exp.not_(sql.one_of(text, known))))
    return _with_default(recoded, unlisted, cell, expected=_shown(entries))


def _by_code_file(cell: Cell, reference: str) -> Reading:
    code_file = cell.code_files[reference]
    alias = f"{cell.target.name}_list"
    join = exp.Join(
        this=sql.code_table(code_file.name, alias),
        side="LEFT",
        on=exp.EQ(this=_compared(sql.column("code", alias), cell), expression=_compared(cell.text.copy(), cell)),
    )
    unlisted = sql.all_of((sql.is_filled(cell.text), sql.is_empty(sql.column("code", alias))))
    shown = f"{reference}: {_shown(code_file.entries)}"
    return replace(_with_default(sql.column("value", alias), unlisted, cell, expected=shown), joins=(join,))


def _with_default(recoded: exp.Expr, unlisted: exp.Expr, cell: Cell, *, expected: str) -> Reading:
    """Give an unlisted code the default, where there is one; whichever it is, the cell is reported."""
    default = cell.options.default
    if default is None:
        failure = Failure("unlisted_code", unlisted, cell.text, sql.text(expected))
        return Reading(_typed(recoded, cell), (failure,))
    taken = scalar_text(default)
    value = sql.when(unlisted, sql.text(taken)).else_(recoded)
    return Reading(_typed(value, cell), (Failure("default_taken", unlisted.copy(), cell.text, sql.text(taken)),))


def _shown(entries: Iterable[str]) -> str:
    """List the first codes."""
    codes = list(entries)
    return ", ".join(codes[:SHOWN]) + (f" and {len(codes) - SHOWN:,} more" if len(codes) > SHOWN else "")


def same_but_for_case(codes: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pair each code with an earlier one that is the same under `ignore_case`."""
    first: dict[str, str] = {}
    for code in codes:
        earlier = first.setdefault(folded(code), code)
        if earlier != code:
            yield code, earlier


def folded(code: str) -> str:
    """Write a code in half width and small letters, letter by letter as the engine's LOWER does."""
    small = (letter.lower() for letter in code.strip().translate(_NARROW))
    return "".join(after if len(after) == 1 else before for before, after in zip(code.strip(), small, strict=True))


def _compared(text: exp.Expr, cell: Cell) -> exp.Expr:
    if not cell.options.ignore_case:
        return text
    return sql.call("LOWER", sql.call("TRANSLATE", text, sql.text(WIDE), sql.text(NARROW)))


def _typed(value: exp.Expr, cell: Cell) -> exp.Expr:
    return value if cell.target.sql_type == "VARCHAR" else sql.cast(value, cell.target.sql_type)
