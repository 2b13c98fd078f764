"""Read a user's CSV file as text, every row with its number, and write it again with more columns."""

import codecs
import csv
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from etl.own_files.csv_cells import line_of_cells, quoted
from etl.readers.text.swallowed_lines import SwallowedLines
from warehouse.errors import DeliveryError, EnvironmentRefusal, NotFoundError
from warehouse.file.whole_file import whole_file
from warehouse.quoting import quote_name

RECORD, DEFECT = "_record", "_defect"
"""Columns added to those of the file: the row's number, from 1, header not counted; what is wrong with its form."""

_ROWS_AT_ONCE = 20_000
_ENCODINGS = ("utf-8-sig", "cp949")
_DELIMITERS = (",", ";", "\t")


def read_plain_file(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    *,
    needed: Sequence[str],
    optional: Sequence[str] = (),
    added: Collection[str] = (),
    line_breaks_in: Collection[str] = (),
) -> list[str]:
    """Read a CSV file into the tables `file_row` (as it is) and `cell` (the columns asked for, blank cells NULL).

    Both carry `_record` and `_defect`. A row with too few or too many cells stays, and `_defect` names the fault. Names of
    columns match whatever their case. UTF-8, UTF-16 with its mark, or else the encoding of Korean Windows; comma,
    semicolon or tab.

    Args:
        con: the database in which the tables are made.
        path: the file.
        needed: columns that must be there; `day|visit_date` asks for either.
        optional: columns that may be there; NULL in `cell` when they are absent.
        added: columns that the answer will add, which the file must therefore not have.
        line_breaks_in: columns whose cells may hold several lines that look like rows.

    Returns:
        the file's columns as it writes them.

    Raises:
        NotFoundError: there is no such file.
        DeliveryError: it is not a CSV file, or a needed column is missing.
    """
    if path.is_dir():
        raise NotFoundError(f"{path}: this is a folder. Name a CSV file.")
    if not path.is_file():
        raise NotFoundError(f"{path}: there is no such file. Check the path.")
    encoding = _encoding(path)
    try:
        with path.open(encoding=encoding, newline="") as file:
            rows = _rows(file, path, line_breaks_in)
            header = [name.strip() for name in next(rows, [])]
            _check_header(path, header, needed=needed, added=added)
            _check_line_breaks(path, header, line_breaks_in)
            _make_file_row(con, header, rows)
    except csv.Error as error:
        raise DeliveryError(f"{path}: it cannot be read as CSV ({error}). Save it as CSV again.") from error
    _make_cell(con, header, [name for either in (*needed, *optional) for name in either.split("|")])
    return header


def write_plain_file(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, is_as_given: bool = False
) -> int:
    """Write a CSV file in UTF-8, whole or not at all; return how many rows.

    Args:
        path: the file.
        columns: the header.
        rows: taken once.
        is_as_given: leave the cells of a user's own file as they came, without guard and quotes that they do not need;
            a boolean is yes or no. Else the file is written in the dialect of `hcc export`.

    Raises:
        EnvironmentRefusal: the folder does not exist or cannot be written.
    """
    count = 0
    try:
        with whole_file(path) as draft, draft.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            if is_as_given:
                writer.writerow(columns)
            else:
                file.write(",".join(map(quoted, columns)) + "\n")
            for count, row in enumerate(rows, start=1):  # noqa: B007  # it is the answer
                if is_as_given:
                    writer.writerow([_plain(cell) for cell in row])
                else:
                    file.write(line_of_cells(row))
    except OSError as error:
        raise EnvironmentRefusal(
            f"{path}: it cannot be written ({error.strerror}). Name a file in a folder that can be written."
        ) from error
    return count


def stream_rows(con: duckdb.DuckDBPyConnection, sql: str) -> Iterator[tuple[Any, ...]]:
    """Ask at once and yield the rows in parts; the connection is closed after the last one."""
    cursor = con.execute(sql)

    def fetch() -> Iterator[tuple[Any, ...]]:
        with con:
            while rows := cursor.fetchmany(_ROWS_AT_ONCE):
                yield from rows

    return fetch()


def _encoding(path: Path) -> str:
    """Find the encoding that reads the whole file."""
    with path.open("rb") as file:  # Excel's "Unicode text" begins with a mark
        is_marked = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    for encoding in ("utf-16",) if is_marked else _ENCODINGS:
        try:
            with path.open(encoding=encoding, newline="") as file:
                while file.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise DeliveryError(
        f"{path}: it is text in neither UTF-8, UTF-16 nor the encoding of Korean Windows. Save it as UTF-8 CSV."
    )


def _rows(file: Iterable[str], path: Path, line_breaks_in: Collection[str]) -> Iterator[list[str]]:
    """Split the lines into cells; blank lines are skipped. DeliveryError for a stray quote that swallows rows."""
    lines = iter(file)
    first = next(lines, "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(_again(first, lines), delimiter=delimiter, strict=True)
    swallowed: SwallowedLines | None = None
    line = 1
    for row in reader:
        if row and swallowed is None:
            header = [name.strip().lower() for name in row]
            swallowed = SwallowedLines(
                header, delimiter, line_breaks_in=line_breaks_in, way_out="name its column: --line-breaks-in {column}"
            )
        elif row and swallowed is not None:
            swallowed.look_at(line, row)
        line = reader.line_num + 1
        if row:
            yield row
    if swallowed is not None:
        swallowed.conclude(str(path))


def _again(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _check_header(path: Path, header: list[str], *, needed: Sequence[str], added: Collection[str]) -> None:
    if not header:
        raise DeliveryError(f"{path}: the file is empty. It needs a header with {_listed(needed)}.")
    names = [name.lower() for name in header]
    if "" in names:
        raise DeliveryError(f"{path}: column {names.index('') + 1} has no name in the header. Name it, or remove it.")
    own = [name for name in (RECORD, DEFECT) if name in names]
    if own:
        raise DeliveryError(f"{path}: the header names {_listed(own)}, a name that is taken here. Rename the column.")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DeliveryError(f"{path}: the header names {', '.join(twice)} twice. Rename or remove one of them.")
    missing = [either for either in needed if not set(either.split("|")) & set(names)]
    if missing:
        raise DeliveryError(f"{path}: the header lacks {_listed(missing)}. It needs {_listed(needed)}.")
    taken = [name for name in added if name in names]
    if taken:
        raise DeliveryError(
            f"{path}: it already has {_listed(taken)}, which the answer adds. Rename or remove it in the file."
        )


def _check_line_breaks(path: Path, header: Collection[str], line_breaks_in: Collection[str]) -> None:
    names = {name.lower() for name in header}
    for name in line_breaks_in:
        if name.lower() not in names:
            raise DeliveryError(
                f"{path}: the header lacks '{name}', which --line-breaks-in names. It has {', '.join(header)}."
            )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(name.replace("|", " or ") for name in names)


def _make_file_row(con: duckdb.DuckDBPyConnection, header: list[str], rows: Iterator[list[str]]) -> None:
    """Append the rows in parts, so that a large file needs little memory."""
    import pyarrow as pa

    names = [f"c{position}" for position in range(len(header))]
    columns = ", ".join(f"{quote_name(name)} VARCHAR" for name in header)
    con.execute(f"CREATE TABLE file_row ({RECORD} BIGINT, {DEFECT} VARCHAR, {columns})")
    record = 0
    while part := list(islice(rows, _ROWS_AT_ONCE)):
        defects = [None if len(row) == len(header) else _defect(len(row), len(header)) for row in part]
        whole = [(*row, *[""] * (len(header) - len(row)))[: len(header)] for row in part]
        cells = [pa.array(column, pa.string()) for column in zip(*whole, strict=True)]
        numbers = pa.array(range(record + 1, record + 1 + len(part)), pa.int64())
        table = pa.table([numbers, pa.array(defects, pa.string()), *cells], names=[RECORD, DEFECT, *names])
        con.register("part_of_file", table)
        con.execute("INSERT INTO file_row SELECT * FROM part_of_file")
        con.unregister("part_of_file")
        record += len(part)


def _defect(found: int, expected: int) -> str:
    return f"the row has {found} cells, the header has {expected}"


def _make_cell(con: duckdb.DuckDBPyConnection, header: list[str], wanted: list[str]) -> None:
    by_name = {name.lower(): name for name in header}
    cells = ", ".join(
        f"NULLIF(TRIM({quote_name(by_name[name])}), '') AS {name}" if name in by_name else f"NULL::VARCHAR AS {name}"
        for name in wanted
    )
    con.execute(f"CREATE VIEW cell AS SELECT {RECORD}, {DEFECT}, {cells} FROM file_row")


def _plain(cell: Any) -> Any:
    """Write a decimal without an exponent, and a boolean as yes or no."""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return {True: "yes", False: "no"}[cell] if isinstance(cell, bool) else cell
