"""SAS transport files (.xpt, versions 5 and 8). They state no encoding, so the mapping does, and it is verified."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from etl.readers.encoding_doubt import TextDoubt
from etl.readers.file_hash import hash_file
from etl.readers.header import name_columns
from etl.readers.reader import Examination, Reader, Reception, ValueLabel
from etl.readers.repeated_header import drop_repeated_headers
from etl.readers.source import SourceFiles
from etl.readers.statistics.readstat import Calendar, call, explain_refusal, read_chunks
from etl.readers.statistics.special_missing import find_special_missing, has_odd_number
from etl.readers.statistics.transport_layout import count_transport_records, find_numbers
from warehouse.errors import DeliveryError

if TYPE_CHECKING:
    import pyarrow as pa

_CALENDAR = Calendar(
    epoch=datetime(1960, 1, 1),  # noqa: DTZ001 - SAS has no time zones
    days_unit=timedelta(days=1),
    dates=frozenset(
        {"DATE", "DDMMYY", "DDMMYYB", "DDMMYYD", "DDMMYYN", "DDMMYYP", "DDMMYYS", "MMDDYY", "MMDDYYB", "MMDDYYD", "MMDDYYN",
         "MMDDYYP", "MMDDYYS", "YYMMDD", "YYMMDDB", "YYMMDDD", "YYMMDDN", "YYMMDDP", "YYMMDDS", "WEEKDATE", "WORDDATE",
         "WEEKDATX", "WORDDATX", "JULIAN", "E8601DA", "B8601DA", "IS8601DA", "MINGUO", "NENGO"}
    ),
    months=frozenset({"MONYY", "YYMM", "YYMMD", "YYMMN", "YYMMP", "YYMMS", "MMYY", "YYMON"}),
    moments=frozenset({"DATETIME", "DATEAMPM", "MDYAMPM", "E8601DT", "B8601DT", "IS8601DT"}),
    durations=frozenset({"TIME", "TIMEAMPM", "TOD", "HHMM", "MMSS", "E8601TM", "B8601TM", "IS8601TM"}),
)  # fmt: skip
_ENCODINGS = {"utf-8": "UTF-8", "cp949": "CP949"}


def examine_transport(path: Path, name: str, source: SourceFiles, advance: Callable[[int], None]) -> Examination:
    """Examine a SAS transport file; DeliveryError when it is not what it claims to be."""
    from pyreadstat import read_xport

    if source.encoding not in _ENCODINGS:
        raise DeliveryError(
            f"{name}: a .xpt file is read as {' or '.join(_ENCODINGS)}, not as {source.encoding}. "
            f"Correct 'encoding' in mapping.yaml."
        )
    sha256, size_bytes = hash_file(path, name, advance)
    record_count = count_transport_records(path, name)
    damaged = DeliveryError(f"{name}: the SAS transport file is damaged or was cut short. Ask for it again.")
    read = partial(read_xport, path)
    refuse = partial(
        explain_refusal,
        read,
        damaged=damaged,
        misread=DeliveryError(
            f"{name}: the text is not {source.encoding}, as mapping.yaml says. "
            f"State the file's true encoding, or export it again."
        ),
    )
    read_declared = partial(call, partial(read, encoding=_ENCODINGS[source.encoding]), refuse)
    _, meta = read_declared(metadataonly=True)
    columns = name_columns(meta.column_names, name)
    typed = [_CALENDAR.typed(meta.original_variable_types[own]) for own in meta.column_names]

    places = find_numbers(path, name)
    if has_odd_number(path, places, count=record_count or 0):
        raise damaged
    special = partial(find_special_missing, path, places)
    codes = sorted({(place, code) for _, place, code in special(begin=0, count=record_count or 0)})

    def read_batches(reception: Reception) -> "Iterator[pa.RecordBatch]":
        doubt = TextDoubt(source.encoding)
        batches = read_chunks(read_declared, columns, typed, doubt)
        coded = (_with_codes(batch, special) for batch in batches) if codes else batches
        yield from drop_repeated_headers(coded, columns, reception)
        doubt.conclude(name, "Correct 'encoding' in mapping.yaml.")

    return Examination(
        sheet=None,
        sha256=sha256,
        size_bytes=size_bytes,
        columns=columns,
        record_count=record_count,
        has_final_newline=True,
        relation=None,
        read_batches=read_batches,
        labels=tuple(ValueLabel(columns[place], code, None, is_missing=True) for place, code in codes),
    )


def _with_codes(batch: "pa.RecordBatch", special: Callable[..., Iterator[tuple[int, int, str]]]) -> "pa.RecordBatch":
    """Write the special missing values of a batch into its empty cells as their codes, such as `.A`."""
    import pyarrow as pa

    begin = batch.column(0)[0].as_py() - 1
    found: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for record, place, code in special(begin=begin, count=batch.num_rows):
        found[place][record - begin] = code
    arrays = batch.columns
    for place, code_of in found.items():
        texts = arrays[place + 2].to_pylist()
        for row, code in code_of.items():
            texts[row] = code
        arrays[place + 2] = pa.array(texts, pa.string())
    return pa.record_batch(arrays, schema=batch.schema)


TRANSPORT = Reader(takes=frozenset({"encoding"}), examine=examine_transport)
