"""Delimited text (CSV and its kin): by the engine where the witness finds one record per line, else with care."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from etl.readers.header import name_columns
from etl.readers.reader import Examination, Reader
from etl.readers.source import read_options
from etl.readers.text.byte_scan import Witness, examine_bytes
from etl.readers.text.record_by_record import TextForm, read_carefully, read_header
from etl.readers.text.redcap import hold_against_dictionary
from warehouse.errors import DeliveryError
from warehouse.quoting import quote_path, quote_text


@dataclass(frozen=True)
class DelimitedOptions:
    """How the text is written, and REDCap's dictionary beside it, where there is one."""

    form: TextForm
    dictionary: str | None = None


def options_of(source: Any) -> DelimitedOptions:
    """Take the options from a mapping's source."""
    form = TextForm(**read_options(source, "encoding", "delimiter", "skip_rows", "header_rows"))
    return DelimitedOptions(form, **read_options(source, "dictionary"))


def examine(path: Path, name: str, options: DelimitedOptions, advance: Callable[[int], None]) -> Examination:
    """Examine a delimited file, with its dictionary; DeliveryError when it is not what it claims to be."""
    examination = examine_text(path, name, options.form, advance)
    if options.dictionary is None:
        return examination
    return hold_against_dictionary(
        path,
        name,
        examination,
        pattern=options.dictionary,
        examine=lambda beside, its_name: examine_text(beside, its_name, TextForm(), lambda _: None),
    )


def examine_text(path: Path, name: str, options: TextForm, advance: Callable[[int], None]) -> Examination:
    """Examine a delimited file by itself; DeliveryError when it is not what it claims to be."""
    try:
        witness = examine_bytes(path, name, encoding=options.encoding, delimiter=options.delimiter, advance=advance)
        header = read_header(path, name, options)
    except LookupError:
        raise DeliveryError(f"{name}: '{options.encoding}' is not an encoding. Correct it in mapping.yaml.") from None
    except OSError as error:
        raise DeliveryError(f"{name}: the file cannot be read ({error.strerror}). Check that it is there.") from error
    columns = name_columns(header, name)
    careful = partial(read_carefully, path, name, columns, form=options)
    return Examination(
        sheet=None,
        sha256=witness.sha256,
        size_bytes=witness.size_bytes,
        columns=columns,
        record_count=_count_records(witness, options),
        has_final_newline=witness.has_final_newline,
        relation=_relation(path, columns, options, witness),
        read_batches=careful,
    )


def _count_records(witness: Witness, options: TextForm) -> int | None:
    """What the witness counts; it cannot tell blank lines above the header, which are skipped, from those below."""
    above = options.skip_rows + options.header_rows - 1
    if witness.record_count is None or (above and witness.blank_line_count):
        return None
    return max(0, witness.record_count - above)


def _relation(path: Path, columns: tuple[str, ...], options: TextForm, witness: Witness) -> str | None:
    """The engine's own reading, bound to the file's header order; it raises on a ragged record."""
    has_plain_header = (options.skip_rows, options.header_rows) == (0, 1)
    is_utf8 = options.encoding.lower().replace("_", "-") in {"utf-8", "utf8", "utf-8-sig"}
    if not (has_plain_header and witness.is_plain(len(columns)) and is_utf8 and options.delimiter.isascii()):
        return None
    types = ", ".join(f"{quote_text(column)}: 'VARCHAR'" for column in columns)
    names = ", ".join(quote_text(column) for column in columns)
    return (
        f"read_csv({quote_path(path)}, columns = {{{types}}}, force_not_null = [{names}], auto_detect = false, "
        f"header = true, delim = {quote_text(options.delimiter)}, quote = '\"', escape = '\"', comment = '', "
        f"strict_mode = true, null_padding = false, compression = 'none')"
    )


DELIMITED = Reader(
    takes=frozenset({"encoding", "delimiter", "skip_rows", "header_rows", "dictionary"}),
    options_of=options_of,
    examine=examine,
)
