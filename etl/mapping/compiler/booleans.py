"""Parse booleans (yes and no): only by the words that the mapping lists."""

from sqlglot import exp

from etl.mapping.compiler import sql
from etl.mapping.compiler.operation import Cell, Failure, Reading
from etl.mapping.language.column_mapping import BooleanWords

_SQL_WORDS = BooleanWords(true=["true"], false=["false"])


def read_boolean(cell: Cell) -> Reading:
    """Read yes or no; an expression's own true and false need no words."""
    words = cell.options.boolean or _SQL_WORDS
    value = sql.when(sql.one_of(cell.text, (word.strip() for word in words.true)), exp.true())
    if words.false:
        value = value.when(sql.one_of(cell.text, (word.strip() for word in words.false)), exp.false())
    is_wrong = sql.all_of((sql.is_filled(cell.text), sql.is_empty(value)))
    expected = ", ".join((*words.true, *words.false))
    return Reading(value, (Failure("not_a_boolean", is_wrong, cell.text, sql.text(expected)),))
