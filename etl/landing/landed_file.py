"""Landed files: the Parquet files that landing writes for a file, and their description for the later stations.

A landed file is a folder of its own: rows.parquet (the cells that may be kept, as text), unreadable.parquet (records
that could not become rows), findings.parquet (what a person should know), labels.parquet (what the file itself says of
its codes) and landed.json (this dataclass).
"""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from etl.readers.workbook.typed_dates import ONLY_DATES, TYPED_DATE
from warehouse.quoting import quote_name, quote_path, quote_text

if TYPE_CHECKING:
    import duckdb

ROWS, UNREADABLE, FINDINGS = "rows.parquet", "unreadable.parquet", "findings.parquet"
LABELS, SIDECAR = "labels.parquet", "landed.json"
_HELD_RECORDS = 100_000


@dataclass(frozen=True)
class LandedFile:
    """One file of a source, landed.

    `record_count` counts every record but the header, unreadable ones included. `header` names the file's columns in
    their order, `columns` those that were landed, `column_use` says 'dropped', 'pseudonymised' or 'masked' where
    identity took hold. `sheets` names the visible sheets of a workbook. `has_addresses` says that the rows carry
    `_record` and `_line` themselves; else row n is record n on line n + 1. `letters` are those
    of the header's columns in a sheet, as Excel shows them; None for a column that no sheet has. `path` is the folder.
    """

    source: str
    file: str
    sheet: str | None
    sha256: str
    size_bytes: int
    record_count: int
    unreadable_count: int
    masked_count: int
    header: tuple[str, ...]
    columns: tuple[str, ...]
    column_use: dict[str, str]
    has_addresses: bool
    sheets: tuple[str, ...]
    letters: tuple[str | None, ...]
    path: Path

    def rows_sql(self, source_id: int) -> str:
        """Select the rows with `_source_id, _record, _line` before the columns."""
        names = "".join(f", {quote_name(column)}" for column in self.columns)
        if self.has_addresses:
            return f"SELECT {source_id}::INTEGER AS _source_id, _record, _line{names} FROM {self._parquet(ROWS)}"
        return (
            f"SELECT {source_id}::INTEGER AS _source_id, file_row_number + 1 AS _record, "
            f"file_row_number + 2 AS _line{names} "
            f"FROM read_parquet({quote_path(self.path / ROWS)}, file_row_number = true)"
        )

    def findings_sql(self, source_id: int, *, undated: Collection[str] = ()) -> str:
        """Select the findings of reading; dates alone are one in the columns `undated`, which are read as something else."""
        named = ", ".join(map(quote_text, sorted(undated)))
        return (
            f"SELECT {source_id}::INTEGER AS source_id, * REPLACE (if(rule = '{ONLY_DATES}', '{TYPED_DATE}', rule) AS rule) "
            f"FROM {self._parquet(FINDINGS)} "
            f"WHERE rule <> '{ONLY_DATES}' OR list_contains([{named}]::VARCHAR[], source_column)"
        )

    def unreadable_sql(self, source_id: int) -> str:
        """Select the records that could not become rows."""
        return f"SELECT {source_id}::INTEGER AS source_id, * FROM {self._parquet(UNREADABLE)}"

    def runs_sql(self, source_id: int) -> str:
        """Select `source_id, from_record, from_line` of each run of records of which each begins on the next line.

        A format without lines counts a record's number as its line; no file with a header has that, and so no run.
        """
        if not self.has_addresses:
            return f"SELECT {source_id}::INTEGER AS source_id, 1::BIGINT AS from_record, 2::BIGINT AS from_line"
        return (
            f"SELECT {source_id}::INTEGER AS source_id, min(record) AS from_record, min(line) AS from_line FROM ("
            f"SELECT _record AS record, _line AS line FROM {self._parquet(ROWS)} "
            f"UNION ALL SELECT source_record, source_line FROM {self._parquet(UNREADABLE)}"
            ") WHERE line > record GROUP BY line - record"  # it never falls from one record to the next
        )

    def labels_sql(self, source_id: int) -> str:
        """Select the codes that the file itself labels or declares as missing, for the columns that were landed."""
        return f"SELECT {source_id}::INTEGER AS source_id, * FROM {self._parquet(LABELS)}"

    def _parquet(self, name: str) -> str:
        return f"read_parquet({quote_path(self.path / name)})"


def write_sidecar(landed: LandedFile) -> None:
    """Write landed.json, without what belongs to the delivery rather than to the bytes."""
    facts = asdict(landed)
    for name in ("source", "file", "path"):
        del facts[name]
    (landed.path / SIDECAR).write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_sidecar(path: Path, *, source: str, file: str) -> LandedFile | None:
    """Read a landed file back; None when it is not there or not whole."""
    if not all((path / name).is_file() for name in (ROWS, UNREADABLE, FINDINGS, LABELS, SIDECAR)):
        return None
    facts: dict[str, Any] = json.loads((path / SIDECAR).read_text(encoding="utf-8"))
    if set(facts) | {"source", "file", "path"} != {field.name for field in fields(LandedFile)}:
        return None
    facts |= {"source": source, "file": file, "path": path}
    facts |= {name: tuple(facts[name]) for name in ("header", "columns", "sheets", "letters")}
    return LandedFile(**facts)


def expose(con: "duckdb.DuckDBPyConnection", landed: Sequence[tuple[int, LandedFile]]) -> None:
    """Create the catalog `delivery`, in memory, with one table or view per source over all of its files.

    A small source is read once and held: a part of a table asks some five questions of it, and each would open its files
    and learn its columns again. A large one stays where it is: out of its dictionaries a text is read once for all of its
    rows, and many records may lie in few bytes.

    `landed` pairs each file with its source_id. Columns: `_source_id, _record, _line`, then the landed ones; a column
    that one of the files lacks is NULL there, an empty cell is ''.
    """
    con.execute("DETACH DATABASE IF EXISTS delivery; ATTACH ':memory:' AS delivery")
    by_source: defaultdict[str, list[tuple[int, LandedFile]]] = defaultdict(list)
    for source_id, file in landed:
        by_source[file.source].append((source_id, file))
    for source, files in by_source.items():
        records = sum(file.record_count for _, file in files)
        kind = "TABLE" if records <= _HELD_RECORDS else "VIEW"
        rows = " UNION ALL BY NAME ".join(file.rows_sql(source_id) for source_id, file in files)
        con.execute(f"CREATE OR REPLACE {kind} delivery.{quote_name(source)} AS {rows}").fetchall()


def raw_rows_sql(source: str, columns: Sequence[str], *, addresses: str) -> str:
    """Select `_source_id, _record, _line, raw` of the records at the given addresses.

    `columns` are the source's landed columns, `addresses` a select of `_source_id, _record`; `raw` is a JSON object of
    the landed cells.
    """
    cells = ", ".join(f"{quote_text(column)}, landed.{quote_name(column)}" for column in columns)
    return (
        f"SELECT landed._source_id, landed._record, landed._line, json_object({cells})::VARCHAR AS raw "
        f"FROM delivery.{quote_name(source)} AS landed "
        f"SEMI JOIN ({addresses}) AS wanted USING (_source_id, _record)"
    )


def reading_findings(
    landed: Sequence[tuple[int, LandedFile]], *, undated_of: Mapping[str, Collection[str]] = MappingProxyType({})
) -> str:
    """Select the findings of reading, for `write_findings`.

    `undated_of` names, by source, the columns that the mapping reads as anything but dates.
    """
    return " UNION ALL ".join(
        file.findings_sql(source_id, undated=undated_of.get(file.source, ())) for source_id, file in landed
    )


def unreadable_rows(landed: Sequence[tuple[int, LandedFile]]) -> str:
    """Select the unreadable records, with the names of the columns of quality.quarantined_row, load_id apart."""
    unreadable = " UNION ALL ".join(file.unreadable_sql(source_id) for source_id, file in landed)
    return (
        "SELECT '' AS table_name, source_id, source_record, source_line, NULL::INTEGER AS source_ordinal, "
        f"[rule] AS rules, 'error' AS severity FROM ({unreadable}) AS reading"
    )


def unreadable_cells(landed: Sequence[tuple[int, LandedFile]]) -> str:
    """Select the cells of the unreadable records, in the columns of quality.raw_record from source_id on (no load_id)."""
    return " UNION ALL ".join(
        f"SELECT source_id, source_record, raw FROM ({file.unreadable_sql(source_id)})" for source_id, file in landed
    )
