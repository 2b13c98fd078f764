"""Delimited text (CSV, TSV): read by the engine where the byte scan finds one record per line, else record by record."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from etl.readers.header import name_columns, read_headings
from etl.readers.reader import Examination, Reader
from etl.readers.source import SourceFiles
from etl.readers.text.byte_scan import ByteScan, examine_bytes
from etl.readers.text.record_by_record import join_header, read_carefully, read_header
from etl.readers.text.redcap import compare_with_dictionary
from warehouse.errors import DeliveryError
from warehouse.quoting import quote_path, quote_text


def examine(path: Path, name: str, source: SourceFiles, advance: Callable[[int], None]) -> Examination:
    """Examine a delimited file, with its dictionary; DeliveryError when it is not what it claims to be."""
    examination = examine_text(path, name, source, advance)
    if source.dictionary is None:
        return examination
    return compare_with_dictionary(
        path,
        name,
        examination,
        pattern=source.dictionary,
        examine=lambda companion, its_name: examine_text(
            companion, its_name, SourceFiles(file=[its_name], line_breaks_in=source.line_breaks_in), lambda _: None
        ),
    )


def examine_text(path: Path, name: str, source: SourceFiles, advance: Callable[[int], None]) -> Examination:
    """Examine a delimited file by itself; DeliveryError when it is not what it claims to be."""
    try:
        scan = examine_bytes(path, name, encoding=source.encoding, delimiter=source.delimiter, advance=advance)
        header = join_header(read_header(path, name, source), source)
    except LookupError:
        raise DeliveryError(f"{name}: '{source.encoding}' is not an encoding. Correct it in mapping.yaml.") from None
    except OSError as error:
        raise DeliveryError(f"{name}: the file cannot be read ({error.strerror}). Check that it is there.") from error
    columns = name_columns(header, name, rename=source.rename)
    careful = partial(read_carefully, path, name, columns, form=source)
    return Examination(
        sheet=None,
        sha256=scan.sha256,
        size_bytes=scan.size_bytes,
        columns=columns,
        record_count=_count_records(scan, source),
        has_final_newline=scan.has_final_newline,
        relation=_relation(path, columns, source, scan),
        read_batches=careful,
        headings=read_headings(header),
    )


def _count_records(scan: ByteScan, source: SourceFiles) -> int | None:
    """Count records by the byte scan, which cannot distinguish blank lines above the header, which are skipped, from others."""
    above = source.skip_rows + source.header_rows - 1
    if scan.record_count is None or (above and scan.blank_line_count):
        return None
    return max(0, scan.record_count - above)


def _relation(path: Path, columns: tuple[str, ...], source: SourceFiles, scan: ByteScan) -> str | None:
    """Write the engine's read_csv call, bound to the file's header order; it raises on a ragged record."""
    has_plain_header = (source.skip_rows, source.header_rows) == (0, 1)
    is_utf8 = source.encoding.lower().replace("_", "-") in {"utf-8", "utf8", "utf-8-sig"}
    if not (has_plain_header and scan.is_plain(len(columns)) and is_utf8 and source.delimiter.isascii()):
        return None
    types = ", ".join(f"{quote_text(column)}: 'VARCHAR'" for column in columns)
    names = ", ".join(quote_text(column) for column in columns)
    return (
        f"read_csv({quote_path(path)}, columns = {{{types}}}, force_not_null = [{names}], auto_detect = false, "
        f"header = true, delim = {quote_text(source.delimiter)}, quote = '\"', escape = '\"', comment = '', "
        f"strict_mode = true, null_padding = false, compression = 'none')"
    )


DELIMITED = Reader(
    takes=frozenset(
        {
            "encoding",
            "delimiter",
            "skip_rows",
            "header_rows",
            "header_name_row",
            "rename",
            "line_breaks_in",
            "dictionary",
        }
    ),
    examine=examine,
)
