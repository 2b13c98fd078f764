"""Read an exported table back by another program's library, cell by cell, as the values that the warehouse has."""

import csv
import datetime as dt
import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

Rows = list[tuple[Any, ...]]


def expected(con: duckdb.DuckDBPyConnection, table: str) -> Rows:
    """Read the table itself."""
    return con.execute(f"SELECT * FROM {table}").fetchall()


def types(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [kind for _, kind, *_ in con.execute(f"DESCRIBE {table}").fetchall()]


def in_order(rows: Rows) -> Rows:
    return sorted(rows, key=repr)


def read_csv(path: Path) -> Rows:
    """Read every cell as its text; None where there is nothing between the commas, as DuckDB's own reader says it."""
    with duckdb.connect() as con:
        rows = con.execute(
            "SELECT * FROM read_csv(?, all_varchar=true, header=true, delim=',', quote='\"', escape='\"', "
            "auto_detect=false, allow_quoted_nulls=false, columns=?, strict_mode=true, max_line_size=10000000)",
            [str(path), dict.fromkeys(csv_header(path), "VARCHAR")],
        ).fetchall()
    return [tuple(None if cell is None else without_apostrophe(cell) for cell in row) for row in rows]


def csv_header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def without_apostrophe(text: str) -> str:
    """Take away the apostrophe that keeps a text from being a formula."""
    return text[1:] if re.match(r"'+[=+@\-\t\r\n＝＋－＠]", text) else text


def as_csv(value: Any) -> str | None:
    """Write a value of the warehouse as a CSV file has it."""
    match value:
        case None | str():
            return value
        case bool():
            return str(value).lower()
        case dt.datetime():
            return value.isoformat(sep=" ", timespec="microseconds")
        case Decimal():
            return f"{value:f}"
        case list():
            return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
        case _:
            return str(value)


def read_workbook(path: Path, sheet: str) -> Rows:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(str(path))
    _, *rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return [tuple(row) for row in rows]


def as_workbook(value: Any) -> Any:  # noqa: PLR0911  # one arm a type
    """Write a value of the warehouse as a reader of workbooks gives it; an empty cell is an empty text to it."""
    match value:
        case None:
            return ""
        case bool() | str():
            return value
        case int() if abs(value) < 10**15:
            return float(value)
        case Decimal() if len(value.as_tuple().digits) <= 15:
            return float(value)
        case float() if value - value == 0:
            return float(f"{value:.16G}")
        case dt.datetime() if value.year >= 1901 and not value.microsecond:
            return value if value.time() != dt.time() else value.date()
        case dt.datetime():
            return value.isoformat()
        case dt.date() if value.year >= 1901:
            return value
        case Decimal():
            return f"{value:f}"
        case list():
            return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
        case _:
            return str(value)


def as_statistics(types_: list[str]) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """Give what makes of a row what SPSS and Stata keep: no text for NULL, doubles, no infinite number."""

    def change(value: Any, kind: str) -> Any:
        match value:
            case None:
                return "" if kind == "VARCHAR" or kind.endswith("]") else None
            case bool():
                return float(value)
            case float():
                return value if value - value == 0 else None
            case int() | Decimal():
                return float(value)
            case list():
                return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
            case _:
                return value

    return lambda row: tuple(map(change, row, types_))


def plain_rows(frame: Any) -> Rows:
    """Take the rows of a frame, with None where it has a missing value, and numbers as floats."""
    import pandas as pd

    def plain(value: Any) -> Any:
        if isinstance(value, str):
            return value
        if value is None or pd.isna(value):
            return None
        if isinstance(value, pd.Timestamp):
            return value.to_pydatetime()
        if isinstance(value, dt.datetime | dt.date):
            return value
        return float(value)

    return [tuple(map(plain, row)) for row in frame.itertuples(index=False, name=None)]
