"""Repeated headers: records that repeat the file's header, where several exports were concatenated."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from etl.identity.invisible import strip_invisible
from etl.readers.reader import Reception

if TYPE_CHECKING:
    import pyarrow as pa


class RepeatedHeader:
    """Recognises a file's header by its rows, as they are in the file."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        """`rows` are one, or several where the header is stacked."""
        self._rows = {_plain(row) for row in rows if any(map(strip_invisible, row))}
        self._firsts = {row[0] for row in self._rows}

    def is_met_by(self, cells: Sequence[str]) -> bool:
        """Whether a record repeats one of the rows: invisible characters and blanks at its end aside."""
        return bool(cells) and _plain_cell(cells[0]) in self._firsts and _plain(cells) in self._rows


def drop_repeated_headers(
    batches: "Iterator[pa.RecordBatch]", names: Sequence[str], reception: Reception
) -> "Iterator[pa.RecordBatch]":
    """Take out of batches the records whose cells are the names of their columns, in capitals or not.

    A statistics file holds such a record where a text with two headers was imported, as every variable then is text.
    """
    header = RepeatedHeader([[name.casefold() for name in names]])
    for batch in batches:
        repeated = [place for place in _candidates(batch, names[0]) if header.is_met_by(_folded(batch, place))]
        for place in repeated:
            reception.take_repeated_header(batch.column(0)[place].as_py(), batch.column(1)[place].as_py())
        yield _without(batch, repeated) if repeated else batch


def _candidates(batch: "pa.RecordBatch", name: str) -> list[int]:
    """Find the records whose first cell is the name of the first column."""
    import pyarrow.compute as pc

    cells = pc.utf8_lower(pc.utf8_trim_whitespace(batch.column(2)))
    return [*map(int, pc.indices_nonzero(pc.equal(cells, name.lower())).to_pylist())]


def _folded(batch: "pa.RecordBatch", place: int) -> list[str]:
    return [str(column[place].as_py()).casefold() for column in batch.columns[2:]]


def _without(batch: "pa.RecordBatch", places: Sequence[int]) -> "pa.RecordBatch":
    import pyarrow as pa

    dropped = {*places}
    return batch.filter(pa.array([place not in dropped for place in range(batch.num_rows)], pa.bool_()))


def _plain(cells: Sequence[str]) -> tuple[str, ...]:
    plain = [_plain_cell(cell) for cell in cells]
    while len(plain) > 1 and not plain[-1]:
        plain.pop()
    return tuple(plain)


def _plain_cell(cell: str) -> str:
    return unicodedata.normalize("NFC", strip_invisible(cell))
