"""Record numbers as a column: for exports in which no column names the patient, or distinguishes two equal records."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from etl.readers.header import name_columns
from etl.readers.reader import RECORD, Examination, Reception
from warehouse.errors import DeliveryError

if TYPE_CHECKING:
    import pyarrow as pa


def numbered(examination: Examination, column: str, name: str) -> Examination:
    """Add a column that holds each record's number in its file, as `#1`, for whichever format.

    The sign before the number keeps it from being taken for a code that stands for a missing value, such as 999. The engine's
    own reader knows no numbers, so the records are read one by one.

    Raises:
        DeliveryError: the file has a column of that name, or the name is reserved.
    """
    if column.lower() in {own.lower() for own in examination.columns}:
        raise DeliveryError(
            f"{name}: the file has a column '{column}' itself. Give 'record_number' in mapping.yaml another name."
        )
    return replace(
        examination,
        columns=name_columns([*examination.columns, column], name),
        number_column=column,
        relation=None,
        read_batches=_numbered_batches(examination.read_batches, column),
    )


def _numbered_batches(
    read_batches: "Callable[[Reception], Iterator[pa.RecordBatch]]", column: str
) -> "Callable[[Reception], Iterator[pa.RecordBatch]]":
    def read(reception: Reception) -> "Iterator[pa.RecordBatch]":
        import pyarrow as pa
        import pyarrow.compute as pc

        for batch in read_batches(reception):
            numbers = pc.cast(batch.column(RECORD), pa.string())
            yield batch.append_column(column, pc.binary_join_element_wise("#", numbers, ""))

    return read
