"""SPSS files (.sav, .zsav): codes declared as missing stay codes, value labels are returned next to the cells."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from etl.readers.encoding_doubt import TextDoubt
from etl.readers.file_hash import hash_file, looks_like
from etl.readers.header import name_columns
from etl.readers.reader import Examination, Reader, Reception
from etl.readers.repeated_header import drop_repeated_headers
from etl.readers.source import SourceFiles
from etl.readers.statistics.readstat import Calendar, call, explain_refusal, keeping_missing, labels_of, read_chunks
from etl.readers.statistics.spss_layout import is_whole_dictionary
from warehouse.errors import DeliveryError

if TYPE_CHECKING:
    import pyarrow as pa

_CALENDAR = Calendar(
    epoch=datetime(1582, 10, 14),  # noqa: DTZ001 - SPSS has no time zones
    days_unit=timedelta(seconds=1),
    dates=frozenset({"DATE", "ADATE", "EDATE", "JDATE", "SDATE", "QYR", "WKYR"}),
    months=frozenset({"MOYR"}),
    moments=frozenset({"DATETIME", "YMDHMS"}),
    durations=frozenset({"TIME", "MTIME", "DTIME"}),
)
_MAGIC = (b"$FL2", b"$FL3")
_ADVICE = "Save it again in SPSS in Unicode mode."


def examine_spss(path: Path, name: str, _: SourceFiles, advance: Callable[[int], None]) -> Examination:
    """Examine an SPSS file, which needs no options: it is self-describing.

    Raises:
        DeliveryError: it is not what it claims to be.
    """
    from pyreadstat import read_sav

    sha256, size_bytes = hash_file(path, name, advance)
    with path.open("rb") as file:
        if file.read(4) not in _MAGIC:
            raise DeliveryError(f"{name}: this is no SPSS file; it looks like {looks_like(path)}. Export it again.")
    damaged = DeliveryError(f"{name}: the SPSS file is damaged or was cut short. Ask for it again.")
    if not is_whole_dictionary(path):
        raise damaged
    read = partial(read_sav, path, user_missing=True)
    refuse = partial(
        explain_refusal,
        read,
        damaged=damaged,
        misread=DeliveryError(f"{name}: the text is not in the encoding that the file states. {_ADVICE}"),
    )
    meta = call(read, refuse, metadataonly=True)[1]
    columns = dict(zip(meta.column_names, name_columns(meta.column_names, name), strict=True))
    typed = {own: _CALENDAR.typed(meta.original_variable_types[own]) for own in columns}
    kept = {own: keeping_missing(view, meta.missing_ranges.get(own, ())) for own, view in typed.items()}
    encoding = meta.file_encoding or "utf-8"

    def read_batches(reception: Reception) -> "Iterator[pa.RecordBatch]":
        doubt = TextDoubt(encoding)
        doubt.look_at(meta.column_names)
        doubt.look_at(label for labels in meta.value_labels.values() for label in labels.values())
        batches = read_chunks(partial(call, read, refuse), tuple(columns.values()), tuple(kept.values()), doubt)
        yield from drop_repeated_headers(batches, tuple(columns.values()), reception)
        doubt.conclude(name, _ADVICE)

    return Examination(
        sheet=None,
        sha256=sha256,
        size_bytes=size_bytes,
        columns=tuple(columns.values()),
        record_count=meta.number_rows,
        has_final_newline=True,
        relation=None,
        read_batches=read_batches,
        labels=tuple(labels_of(meta, columns, typed)),
    )


SPSS = Reader(takes=frozenset(), examine=examine_spss)
