"""Delimited text (CSV and its kin): by the engine where the witness finds one record per line, else with care."""

import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from etl.errors import DeliveryError
from etl.identity.scan import find_identifiers
from etl.readers.careful import read_carefully, read_header
from etl.readers.reading import RESERVED_NAMES, Examination, Reader
from etl.readers.witness import Witness, examine_bytes
from warehouse.quoting import quote_path, quote_text


class DelimitedSource(Protocol):
    """What reading needs to know of a mapping's source."""

    @property
    def file(self) -> str:
        """The pattern of its files, for messages."""

    @property
    def encoding(self) -> str:
        """The declared encoding, as Python names it."""

    @property
    def delimiter(self) -> str:
        """One character between cells."""


@dataclass(frozen=True)
class DelimitedOptions:
    """Everything but the bytes that decides what is read."""

    encoding: str = "utf-8"
    delimiter: str = ","


def options_of(source: DelimitedSource) -> DelimitedOptions:
    """Take the options from a mapping's source; DeliveryError for one that delimited text cannot honour yet."""
    if getattr(source, "skip_rows", 0) or getattr(source, "header_rows", 1) != 1:
        raise DeliveryError(
            f"{source.file}: 'skip_rows' and 'header_rows' are not read in delimited text; its header is the first line. "
            f"Remove the rows above it from the file, and the two options from mapping.yaml."
        )
    return DelimitedOptions(source.encoding, source.delimiter)


def examine_delimited(path: Path, name: str, options: DelimitedOptions, advance: Callable[[int], None]) -> Examination:
    """Examine a delimited file; DeliveryError when it is not what it claims to be."""
    try:
        witness = examine_bytes(path, name, encoding=options.encoding, delimiter=options.delimiter, advance=advance)
        header = read_header(path, name, encoding=options.encoding, delimiter=options.delimiter)
    except LookupError:
        raise DeliveryError(f"{name}: '{options.encoding}' is not an encoding. Correct it in mapping.yaml.") from None
    except OSError as error:
        raise DeliveryError(f"{name}: the file cannot be read ({error.strerror}). Check that it is there.") from error
    columns = name_columns(header, name)
    careful = partial(read_carefully, path, name, columns, encoding=options.encoding, delimiter=options.delimiter)
    return Examination(
        sheet=None,
        sha256=witness.sha256,
        size_bytes=witness.size_bytes,
        columns=columns,
        record_count=witness.record_count,
        has_final_newline=witness.has_final_newline,
        relation=_relation(path, columns, options, witness),
        read_batches=careful,
    )


def name_columns(header: list[str], name: str) -> tuple[str, ...]:
    """Name the columns by the header, in NFC and without outer blanks; one without a name becomes `unnamed_<place>`.

    Raises DeliveryError for names that repeat (compared as the engine does, without case), are reserved, or hold an
    identifier.
    """
    columns = tuple(
        unicodedata.normalize("NFC", cell).strip().lstrip("\ufeff") or f"unnamed_{place}"
        for place, cell in enumerate(header, start=1)
    )
    for place, column in enumerate(columns, start=1):
        kinds = find_identifiers(column)
        if kinds:
            raise DeliveryError(
                f"{name}: the header of column {place} holds a {kinds[0]}. Does the file lack its header? "
                f"Export it again with column names."
            )
    counts = Counter(column.lower() for column in columns)
    repeated = [column for column in columns if counts[column.lower()] > 1]
    if repeated:
        raise DeliveryError(
            f"{name}: the header names column '{repeated[0]}' {counts[repeated[0].lower()]} times; names must differ. "
            f"Rename the columns in the export."
        )
    reserved = [column for column in columns if column.lower() in RESERVED_NAMES]
    if reserved:
        raise DeliveryError(f"{name}: the column name '{reserved[0]}' is reserved. Rename it in the export.")
    return columns


def _relation(path: Path, columns: tuple[str, ...], options: DelimitedOptions, witness: Witness) -> str | None:
    """The engine's own reading, bound to the file's header order; it raises on a ragged record."""
    is_utf8 = options.encoding.lower().replace("_", "-") in {"utf-8", "utf8", "utf-8-sig"}
    if not (witness.is_plain(len(columns)) and is_utf8 and options.delimiter.isascii()):
        return None
    types = ", ".join(f"{quote_text(column)}: 'VARCHAR'" for column in columns)
    names = ", ".join(quote_text(column) for column in columns)
    return (
        f"read_csv({quote_path(path)}, columns = {{{types}}}, force_not_null = [{names}], auto_detect = false, "
        f"header = true, delim = {quote_text(options.delimiter)}, quote = '\"', escape = '\"', comment = '', "
        f"strict_mode = true, null_padding = false, compression = 'none')"
    )


DELIMITED = Reader(options_of=options_of, examine=examine_delimited)
