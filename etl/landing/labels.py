"""Write a file's own value labels to labels.parquet, identifiers removed."""

from collections.abc import Container, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from etl.identity.policy import IdentityPolicy
from etl.readers.reader import ValueLabel

_SCHEMA = pa.schema(
    [("source_column", pa.string()), ("code", pa.string()), ("label", pa.string()), ("is_missing", pa.bool_())]
)


def write_labels(path: Path, labels: Iterable[ValueLabel], *, columns: Container[str], policy: IdentityPolicy) -> None:
    """Write the labels of the columns given, of no others: a label may name a person as well as a cell may."""
    rows = [
        {
            "source_column": label.column,
            "code": policy.masked(label.column, label.code),
            "label": None if label.label is None else policy.masked(label.column, label.label),
            "is_missing": label.is_missing,
        }
        for label in labels
        if label.column in columns
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=_SCHEMA), path, compression="lz4")
