"""One pass over a table: its rows, and the extremes of every column, which decide how a format can hold it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from etl.own_files.csv_cells import FORMULA_START, PLAIN_NUMBER
from etl.study.freeze.tables import Column, read_columns, read_comment
from warehouse.quoting import quote_name, quote_text

if TYPE_CHECKING:
    import duckdb

WHOLE_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
MOMENTS = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")


@dataclass(frozen=True)
class ExportedColumn:
    """A column, and what its cells are like; `codes` are those of its code list in their order."""

    column: Column
    codes: tuple[str, ...]
    facts: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """What the column holds: text, whole, decimal, float, boolean, day, moment or other."""
        return kind_of(self.column.type)

    @property
    def is_coded(self) -> bool:
        """Whether every cell is a code of the column's list."""
        return bool(self.codes) and not self.facts.get("outside")

    @property
    def magnitude(self) -> int:
        """The size of the largest whole number, whatever its sign."""
        return max(abs(int(self.facts["least"] or 0)), abs(int(self.facts["greatest"] or 0)))

    def is_beyond(self, first_day: date) -> bool:
        """Return whether a day lies before the first one of a format, or after the year 9999."""
        days = [_day(self.facts[end]) for end in ("first", "last") if self.facts[end] is not None]
        return any(day is None or day < first_day for day in days)


@dataclass(frozen=True)
class ExportedTable:
    """A table or view (`schema.name`), its rows and its columns."""

    name: str
    comment: str
    row_count: int
    columns: tuple[ExportedColumn, ...]


def kind_of(type_: str) -> str:
    """Name what a column of a type of DuckDB holds."""
    if type_ in WHOLE_NUMBERS:
        return "whole"
    if type_.startswith("DECIMAL") and not type_.endswith("]"):
        return "decimal"
    if type_ in MOMENTS:
        return "moment"
    return {"VARCHAR": "text", "DOUBLE": "float", "FLOAT": "float", "BOOLEAN": "boolean", "DATE": "day"}.get(
        type_, "other"
    )


def read_facts(con: "duckdb.DuckDBPyConnection", name: str, code_lists: Mapping[str, Sequence[str]]) -> ExportedTable:
    """Read a table's facts.

    Args:
        con: the warehouse.
        name: schema and name.
        code_lists: the codes of every list, in their order.
    """
    columns = read_columns(con, name)
    asked: list[tuple[int, str, str]] = []
    for position, column in enumerate(columns):
        codes = code_lists.get(column.code_list or "", ())
        asked += [(position, fact, sql) for fact, sql in _aggregates(column, codes).items()]
    selected = ", ".join(["count(*)", *(sql for _, _, sql in asked)])
    (row,) = con.execute(f"SELECT {selected} FROM {name}").fetchall()
    facts: list[dict[str, Any]] = [{} for _ in columns]
    for (position, fact, _), value in zip(asked, row[1:], strict=True):
        facts[position][fact] = value
    described = tuple(
        ExportedColumn(column, tuple(code_lists.get(column.code_list or "", ())), known)
        for column, known in zip(columns, facts, strict=True)
    )
    return ExportedTable(name, read_comment(con, name), row[0], described)


def _aggregates(column: Column, codes: Sequence[str]) -> dict[str, str]:
    """Write what is asked of a column, by the name of the fact."""
    cell, kind = quote_name(column.name), kind_of(column.type)
    text = as_text(cell, column.type)
    asked = {
        "text": {
            "longest_bytes": f"coalesce(max(strlen({cell})), 0)",
            "total_bytes": f"coalesce(sum(strlen({cell})), 0)",
            "empty": f"count(*) FILTER ({cell} = '')",
            "null": f"count(*) FILTER ({cell} IS NULL)",
            "blank_end": f"count(*) FILTER ({cell} LIKE '% ')",
            "nul": f"count(*) FILTER (contains({cell}, chr(0)))",
            "formula": f"count(*) FILTER ({is_formula(cell)})",
        },
        "whole": {"least": f"min({cell})::VARCHAR", "greatest": f"max({cell})::VARCHAR"},
        "decimal": {"inexact": f"count(*) FILTER (CAST(CAST({cell} AS DOUBLE) AS {column.type}) <> {cell})"},
        "float": {
            "not_finite": f"count(*) FILTER (NOT isfinite({cell}))",
            "magnitude": f"max(abs({cell})) FILTER (isfinite({cell}))",
        },
        "day": _extreme_days(cell),
        "moment": _extreme_days(cell),
        "other": {
            "longest_bytes": f"coalesce(max(strlen({text})), 0)",
            "total_bytes": f"coalesce(sum(strlen({text})), 0)",
        },
    }.get(kind, {})
    if kind == "text" and codes:
        asked["outside"] = f"count(*) FILTER ({cell} NOT IN ({', '.join(map(quote_text, codes))}))"
    return asked


def _extreme_days(cell: str) -> dict[str, str]:
    return {
        "not_finite": f"count(*) FILTER (NOT isfinite({cell}))",
        "first": f"min(CAST({cell} AS DATE)) FILTER (isfinite({cell}))::VARCHAR",
        "last": f"max(CAST({cell} AS DATE)) FILTER (isfinite({cell}))::VARCHAR",
    }


def as_text(cell: str, type_: str) -> str:
    """Write as SQL the text of a cell: lists and structures as JSON, others as DuckDB prints them."""
    is_nested = type_.endswith("]") or type_.startswith(("STRUCT", "MAP", "UNION"))
    return f"CAST(to_json({cell}) AS VARCHAR)" if is_nested else f"CAST({cell} AS VARCHAR)"


def is_formula(text: str) -> str:
    """Write as SQL whether a spreadsheet that opens a CSV file could take a text for a formula; numbers and signs are none."""
    start, number = quote_text(FORMULA_START), quote_text(PLAIN_NUMBER)
    return f"(regexp_matches({text}, {start}) AND NOT regexp_full_match({text}, {number}))"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:  # before the year 1 or after 9999
        return None
