"""Tables of a site's folder to look up in: CSV files codes/<name>.csv with any columns, each with a name."""

import csv
import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from etl.mapping.code_files import check_reference
from etl.mapping.compiler import sql
from etl.mapping.compiler.dates import parse_date
from etl.mapping.compiler.sandbox import try_query
from etl.mapping.language.lookup_forms import CsvTable, Lookup
from etl.mapping.language.near_name import did_you_mean, list_nearest
from etl.mapping.language.yaml_lines import Flaw


def read_csv_table(folder: Path, reference: str) -> tuple[CsvTable | None, list[Flaw], str | None]:
    """Read codes/<name>.csv of a site's folder as it is, every cell trimmed and in Unicode NFC.

    Returns:
        the table; what is wrong inside the file, by line; and why the reference itself is refused, if it is.
    """
    refusal = check_reference(folder, reference)
    if refusal:
        return None, [], refusal
    path = folder / reference
    try:
        text = unicodedata.normalize("NFC", path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None, [Flaw(1, "the file is not UTF-8; save it as 'CSV UTF-8'.")], None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    flaws: list[Flaw] = []
    try:
        header = tuple(name.strip() for name in next(reader, []))
        flaws += _check_header(header)
        for row in reader:
            cells = tuple(cell.strip() for cell in row)
            if not any(cells):
                continue
            if len(cells) != len(header):
                flaws.append(Flaw(reader.line_num, f"the line has {len(cells)} fields, the header {len(header)}."))
                continue
            rows.append(cells)
            lines.append(reader.line_num)
    except csv.Error:
        flaws.append(Flaw(reader.line_num, "the line is not valid CSV; check its quotes."))
    if not rows and not flaws:
        flaws.append(Flaw(1, "the table holds no row."))
    return (None if flaws else CsvTable(Path(reference).stem, path, header, tuple(rows), tuple(lines))), flaws, None


def check_columns_there(table: CsvTable, lookup: Lookup) -> Iterator[str]:
    """List the columns that a look-up reads and the table does not have."""
    for name in lookup.columns_there:
        if name not in table.columns:
            yield (
                f"the table '{lookup.source}' has no column '{name}'.{did_you_mean(name, table.columns)} "
                f"It has {list_nearest(name, table.columns)}."
            )


def check_range(table: CsvTable, lookup: Lookup, missing: list[str]) -> Iterator[Flaw]:
    """List the days of the table that fit none of the formats of the range, by line."""
    if lookup.effective is None:
        return
    formats = lookup.effective.formats_there
    is_day = (
        f"SELECT {parse_date(sql.column('cell'), formats).sql('duckdb')} IS NOT NULL FROM (SELECT unnest(?) AS cell)"
    )
    for name in filter(None, (lookup.effective.begins, lookup.effective.ends)):
        cells = [row[table.columns.index(name)] for row in table.rows]
        for cell, line, (fits,) in zip(cells, table.lines, try_query(is_day, [cells]), strict=True):
            if not fits and cell and cell not in missing:
                yield Flaw(line, f"'{cell}' in '{name}' fits none of {', '.join(formats)}.")


def _check_header(header: tuple[str, ...]) -> list[Flaw]:
    if not header or not all(header):
        return [Flaw(1, "every column of the header needs a name.")]
    folded = [name.casefold() for name in header]
    twice = [name for name, fold in zip(header, folded, strict=True) if folded.count(fold) > 1]
    return [Flaw(1, f"the column '{twice[0]}' is named twice.")] if twice else []
