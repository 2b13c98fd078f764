"""Read a case as a delivery's file is read: examined, then by the engine where that is allowed, and record by record."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from etl.readers import examine_file
from etl.readers.reader import Examination
from etl.readers.source import SourceFiles
from tools.fuzz.case import Case, Table
from warehouse.errors import DeliveryError
from warehouse.quoting import quote_name

if TYPE_CHECKING:
    import duckdb


@dataclass
class Ours:
    """What we find: the table, the records that cannot be rows by address, the cells with a finding, and what blanks there are."""

    columns: tuple[str, ...] = ()
    rows: dict[int, tuple[str, ...]] = field(default_factory=dict)
    set_apart: set[int] = field(default_factory=set)
    cells: dict[tuple[int, str | None], str] = field(default_factory=dict)
    blank_lines: int = 0
    by_engine: list[tuple[str, ...]] | None = None
    labels: frozenset[tuple[str, str, str | None]] = frozenset()

    def take_unreadable(self, record: int, line: int, cells: list[str] | None) -> None:  # noqa: ARG002 - as Reception
        """Note a record that cannot be a row."""
        self.set_apart.add(line)

    def take_repeated_header(self, record: int, line: int) -> None:  # noqa: ARG002 - as Reception
        """Note a record that repeats the header."""
        self.set_apart.add(line)

    def take_blank_line(self) -> None:
        """Count a blank line."""
        self.blank_lines += 1

    def take_cell(self, record: int, line: int, column: str | None, *, rule: str, found: str) -> None:  # noqa: ARG002
        """Note a cell with a finding."""
        self.cells[line, column] = rule


def read_ours(case: Case, folder: Path) -> Ours:
    """Write a case's files into a folder and read the first of them.

    Raises:
        DeliveryError: it is refused.
    """
    for name, data in case.files.items():
        (folder / name).write_bytes(data)
    path = folder / case.name
    source = SourceFiles.model_validate({"file": case.name, **case.options})
    _, examination = examine_file(path, source, lambda _: None)
    ours = Ours(examination.columns)
    for batch in examination.read_batches(ours):
        names = batch.schema.names
        assert names[2:] == list(examination.columns)
        _, lines, *cells = (batch.column(place).to_pylist() for place in range(batch.num_columns))
        for line, *texts in zip(lines, *cells, strict=True):
            assert line not in ours.rows, f"line {line} is read twice"
            ours.rows[line] = tuple(texts)
    count = len(ours.rows) + len(ours.set_apart)
    if examination.record_count not in {None, count}:
        raise DeliveryError(f"{count} records were read, {examination.record_count} were counted")  # as landing does
    ours.labels = frozenset((label.column, label.code, label.label) for label in examination.labels)
    ours.by_engine = _read_by_engine(examination)
    return ours


def as_table(ours: Ours) -> Table:
    """Return the rows as a table."""
    return Table(ours.columns, ours.rows)


def _read_by_engine(examination: Examination) -> list[tuple[str, ...]] | None:
    """Read by the engine as landing does, if it may; None where landing would then read record by record."""
    if examination.relation is None:
        return None
    import duckdb

    names = ", ".join(map(quote_name, examination.columns))
    try:
        rows: Sequence[tuple[str, ...]] = _engine().execute(f"SELECT {names} FROM {examination.relation}").fetchall()
    except duckdb.Error:
        return None
    return list(rows) if len(rows) == examination.record_count else None


@cache
def _engine() -> "duckdb.DuckDBPyConnection":
    import duckdb

    return duckdb.connect(config={"threads": 1, "memory_limit": "500MB"})
