"""Reading a CSV file, as people write them, into a table of text cells."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from etl.errors import DeliveryError, NotFoundError
from warehouse.quoting import quote_path, quote_text

_BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_ENCODINGS = ("utf-8", "cp949")
_DELIMITERS = (",", ";", "\t")
_CHUNK = 1 << 20


@dataclass(frozen=True)
class CsvTable:
    """A table of text cells in DuckDB: column `row_number` from 1, and one column `c1`, `c2` ... per header."""

    name: str
    headers: tuple[str, ...]

    def column_of(self, wanted: str) -> str | None:
        """Find the column under a header, whatever its capitals and spaces; None when there is none."""
        names = [_plain(header) for header in self.headers]
        return f"c{names.index(wanted) + 1}" if wanted in names else None


def read_csv_table(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> CsvTable:
    """Read a CSV file (comma, semicolon or tab; UTF-8, UTF-16 or CP949) into the table `name`.

    Raises:
        NotFoundError: there is no such file.
        DeliveryError: it is not a CSV file, or its records are not whole.
    """
    encoding = _find_encoding(path)
    with TemporaryDirectory(prefix="hcc-") as folder:
        plain = path if encoding in ("utf-8", "utf-8-sig") else _transcode(path, encoding, Path(folder) / "plain.csv")
        headers, delimiter = _read_header(plain, path)
        columns = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(1, len(headers) + 1))
        try:
            con.execute(
                f"CREATE TABLE {name} AS SELECT row_number() OVER () AS row_number, * FROM read_csv({quote_path(plain)}, "
                f"auto_detect = false, header = true, columns = {{{columns}}}, delim = {quote_text(delimiter)}, "
                """quote = '"', escape = '"', new_line = '\\n')"""
            )
        except duckdb.Error as error:
            raise DeliveryError(_why_not_whole(plain, path.name, len(headers), delimiter)) from error
    return CsvTable(name, headers)


def check_headers(table: CsvTable, path: Path, *, required: Sequence[tuple[str, ...]], added: Sequence[str]) -> None:
    """See that every required column is there, under one of its names, and that none is in the way.

    Raises:
        DeliveryError: a column is missing, is there twice, or is called like one that the answer adds.
    """
    names = [_plain(header) for header in table.headers]
    missing = [" or ".join(f"'{name}'" for name in either) for either in required if not set(either) & set(names)]
    if missing:
        raise DeliveryError(
            f"{path.name}: there is no column {', '.join(missing)}; the header has {', '.join(table.headers) or 'nothing'}. "
            "Add it, and leave its cells empty where nothing is known."
        )
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        raise DeliveryError(f"{path.name}: the column '{name}' is there twice. Remove or rename one.")
    for name in added:
        if name in names:
            raise DeliveryError(f"{path.name}: there is a column '{name}' already, which the answer adds. Rename it.")


def _plain(header: str) -> str:
    return "_".join(header.strip().lower().split())


def _find_encoding(path: Path) -> str:
    if not path.is_file():
        raise NotFoundError(f"{path}: there is no such file. Check its name.")
    try:
        with path.open("rb") as file:
            start = file.read(4096)
        for mark, encoding in _BYTE_ORDER_MARKS.items():
            if start.startswith(mark):
                return encoding if _decodes(path, encoding) else _refuse(path)
        if b"\0" in start or start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
            _refuse(path)
        return next((encoding for encoding in _ENCODINGS if _decodes(path, encoding)), "") or _refuse(path)
    except OSError as error:
        raise DeliveryError(f"{path.name}: the file cannot be read ({error.strerror}). Check its rights.") from error


def _refuse(path: Path) -> str:
    raise DeliveryError(f"{path.name}: this is no CSV file (text, UTF-8). Save the table as CSV and name that file.")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _transcode(path: Path, encoding: str, target: Path) -> Path:
    with path.open(encoding=encoding, newline="") as source, target.open("w", encoding="utf-8", newline="") as plain:
        while text := source.read(_CHUNK):
            plain.write(text)
    return target


def _read_header(plain: Path, path: Path) -> tuple[tuple[str, ...], str]:
    with plain.open(encoding="utf-8-sig", newline="") as file:
        first_line = file.readline(_CHUNK)
    if not first_line.strip():
        raise DeliveryError(f"{path.name}: the first line must name the columns, and it is empty. Add a header.")
    delimiter = max(_DELIMITERS, key=first_line.count)
    try:
        cells = next(cells for _, cells in _records(plain, delimiter) if cells)
    except csv.Error:
        raise DeliveryError(f"{path.name}: the header's double quotes are not balanced. Correct them.") from None
    return tuple(cell.strip() or f"column_{number}" for number, cell in enumerate(cells, start=1)), delimiter


def _why_not_whole(plain: Path, name: str, width: int, delimiter: str) -> str:
    """Find the first record that is not as wide as the header."""
    try:
        for line, cells in _records(plain, delimiter):
            if cells and len(cells) != width:
                return (
                    f"{name} line {line}: there are {len(cells)} cells, and the header has {width} columns. "
                    "Put cells that hold a comma between double quotes."
                )
    except csv.Error:
        pass
    return f"{name}: the double quotes are not balanced, or a cell is endless. Save the table as CSV again."


def _records(plain: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    with plain.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        for cells in reader:
            yield reader.line_num, cells
