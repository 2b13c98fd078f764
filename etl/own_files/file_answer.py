"""The answer for a file: its own columns, what was added to each row, and how many rows could not be used."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from etl.own_files.csv_file import stream_rows


@dataclass(frozen=True)
class FileAnswer:
    """A table whose rows are fetched lazily, and how many rows of the file could not be used."""

    columns: tuple[str, ...]
    rows: Iterator[Sequence[Any]]
    """To be taken once, in the order of the file."""
    not_read_count: int


def answer_of(con: duckdb.DuckDBPyConnection, header: Sequence[str], added: Sequence[str]) -> FileAnswer:
    """Put next to each row of `file_row` its row of `answer`, and its reason before that of the answer.

    Args:
        con: a database with `file_row`, `typed_row` (record, is_read, reason) and `answer` (record and what is added).
        header: the file's columns.
        added: the columns of the answer, the last of them `reason`.
    """
    *found, reason = (f"answer.{name}" for name in added)
    sql = f"""
        SELECT file_row.* EXCLUDE (_record, _defect), {", ".join(found)},
            NULLIF(CONCAT_WS('; ', typed_row.reason, {reason}), '')
        FROM file_row
        INNER JOIN typed_row ON file_row._record = typed_row.record
        LEFT JOIN answer ON typed_row.record = answer.record
        ORDER BY file_row._record
    """
    row = con.execute("SELECT count(*) FILTER (WHERE NOT is_read) FROM typed_row").fetchone()
    return FileAnswer(
        (*header, *added), (tuple(map(shortest, row)) for row in stream_rows(con, sql)), int(row[0]) if row else 0
    )


def shortest(cell: Any) -> Any:
    """Write 40 for 40.000000, as in the file."""
    if not isinstance(cell, Decimal):
        return cell
    whole = cell.to_integral_value()
    return whole if cell == whole else cell.normalize()
