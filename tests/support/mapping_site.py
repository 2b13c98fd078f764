"""A small site for tests of the mapping language: a mapping written as YAML, records as tuples, a real DuckDB."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from etl.mapping.compiler.compile import TablePlan, compile_table, create_code_tables
from etl.mapping.language.site_mapping import SiteMapping
from etl.mapping.read_mapping import read_mapping
from warehouse.quoting import quote_name

CONVERSIONS = Path(__file__).parents[2] / "schemas" / "reference" / "unit_conversion.csv"

HEAD = """\
site: demo
hospital: Demonstration Hospital
version: 1
missing: ["NA", "-", "미시행"]
identity: {pid: pseudonymise, name: drop}
sources:
  visits: {file: "visits*.csv"}
tables:
"""


def write_site(folder: Path, mapping: str, *, codes: dict[str, str] | None = None) -> Path:
    """Write the site `demo` with its code lists; the folder of all mappings comes back."""
    site = folder / "site_mappings" / "demo"
    (site / "codes").mkdir(parents=True, exist_ok=True)
    (site / "mapping.yaml").write_text(mapping, encoding="utf-8")
    for name, text in (codes or {}).items():
        (site / "codes" / name).write_text(text, encoding="utf-8")
    return folder / "site_mappings"


def read_site(folder: Path, mapping: str, *, codes: dict[str, str] | None = None) -> SiteMapping:
    """Write and read the site `demo`."""
    return read_mapping(write_site(folder, mapping, codes=codes), "demo")


@dataclass(frozen=True)
class Outcome:
    """What the plans of one table made of some records; every query's rows as dicts."""

    rows: list[dict[str, Any]]
    problems: list[dict[str, Any]]
    excluded: list[dict[str, Any]]
    empty: list[dict[str, Any]]
    merged: list[dict[str, Any]]

    def values(self, column: str) -> list[Any]:
        """One canonical column, in the order of the records."""
        return [row[column] for row in self.rows]


Records = tuple[Sequence[str], Sequence[Sequence[str]]]
"""The columns of a source and its records."""


def run_table(
    mapping: SiteMapping,
    table: str,
    columns: Sequence[str],
    records: Sequence[Sequence[str]],
    *,
    beside: Mapping[str, Records] | None = None,
) -> Outcome:
    """Compile a table of the site and run it over the records of the source `visits`, with other sources beside it."""
    beside = beside or {}
    with duckdb.connect() as con:
        expose_records(con, columns, records)
        for source, (names, rows) in beside.items():
            add_records(con, source, names, rows)
        create_code_tables(con, mapping)
        columns_of = {"visits": tuple(columns)} | {source: tuple(names) for source, (names, _) in beside.items()}
        plans = compile_table(mapping, table, columns_of)
        return Outcome(*(_collect(con, plans, query) for query in ("rows", "problems", "excluded", "empty", "merged")))


def expose_records(con: duckdb.DuckDBPyConnection, columns: Sequence[str], records: Sequence[Sequence[str]]) -> None:
    """Make the scratch catalog and the reference table that plans read."""
    con.execute("ATTACH ':memory:' AS delivery; CREATE SCHEMA reference")
    con.execute(
        "CREATE TABLE reference.unit_conversion"
        " (analyte_code VARCHAR, from_unit VARCHAR, to_unit VARCHAR, factor DECIMAL(18,9), source VARCHAR)"
    )
    with CONVERSIONS.open(encoding="utf-8", newline="") as file:
        columns_of_file = [list(column) for column in zip(*list(csv.reader(file))[1:], strict=True)]
    con.execute(
        "INSERT INTO reference.unit_conversion"
        " SELECT a, b, c, d::DECIMAL(18,9), e FROM (SELECT unnest(?) a, unnest(?) b, unnest(?) c, unnest(?) d, unnest(?) e)",
        columns_of_file,
    )
    add_records(con, "visits", columns, records)


def add_records(
    con: duckdb.DuckDBPyConnection, source: str, columns: Sequence[str], records: Sequence[Sequence[str]]
) -> None:
    """Put the records of a source into the scratch catalog."""
    names = ", ".join(f"{quote_name(name)} VARCHAR" for name in columns)
    con.execute(f'CREATE TABLE delivery."{source}" (_source_id INTEGER, _record BIGINT, _line BIGINT, {names})')
    marks = ", ".join("?" for _ in columns)
    rows = [[1, number, number + 1, *record] for number, record in enumerate(records, start=1)]
    if rows:
        con.executemany(f'INSERT INTO delivery."{source}" VALUES (?, ?, ?, {marks})', rows)


def _collect(con: duckdb.DuckDBPyConnection, plans: Sequence[TablePlan], query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for plan in plans:
        select = getattr(plan, query)
        if select is not None:
            cursor = con.execute(f"SELECT * FROM ({select}) ORDER BY ALL")
            names = [column[0] for column in cursor.description]
            found += [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return found
