"""Laboratory results in a CSV file, graded by CTCAE 4.03: clinical.lab_grade on one relation made from the file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from etl.errors import EnvironmentRefusal
from etl.grading.cells import make_cell_macros
from etl.grading.csv_table import CsvTable, check_headers, read_csv_table
from warehouse.quoting import quote_name, quote_path
from warehouse.rules import apply_rule, open_rules, set_options

REQUIRED = (("id",), ("term", "analyte"), ("value",), ("unit",), ("lln",), ("uln",), ("baseline",))
YES_NO = (
    "fasting",
    "anticoagulated",
    "symptomatic",
    "physiologic_consequences",
    "transfusion",
    "hospitalized",
    "life_threatening",
    "hemorrhage",
    "is_baseline",
)
NUMBERS = ("percent_change", "infarction_cutoff", "albumin_g_dl")
ADDED = ("grade", "criterion", "reason")

_INPUT = Path(__file__).with_name("labs.sql")
_IN_ORDER = "SELECT * EXCLUDE (row_number, lab_term_of_row) FROM answer ORDER BY row_number, lab_term_of_row"
_RENAMED = {"value": "value_cell", "unit": "unit_cell"}


@dataclass(frozen=True)
class GradedLabs:
    """The answer as a relation in DuckDB: the file's own columns, then the grade, its criterion and the reason."""

    con: duckdb.DuckDBPyConnection
    columns: tuple[str, ...]

    def rows(self) -> list[tuple[Any, ...]]:
        """Read all rows, in the order of the file."""
        return self.con.execute(_IN_ORDER).fetchall()

    def write(self, path: Path) -> None:
        """Write all rows as CSV; a file that was there stays until the new one is whole.

        Raises:
            EnvironmentRefusal: the file cannot be written there.
        """
        new = path.with_name(path.name + ".new")
        try:
            self.con.execute(f"COPY ({_IN_ORDER}) TO {quote_path(new)} (FORMAT csv, HEADER true)")
            new.replace(path)
        except (duckdb.IOException, OSError) as error:
            new.unlink(missing_ok=True)
            raise EnvironmentRefusal(f"{path}: the file cannot be written. Choose another with -o.") from error

    def counts(self) -> list[tuple[Any, ...]]:
        """Count the rows by grade and, where there is none, by the code of the reason."""
        return self.con.execute(
            "SELECT grade, CASE WHEN grade IS NULL THEN split_part(reason, ':', 1) END AS reason, count(*) AS rows "
            "FROM answer GROUP BY ALL ORDER BY ALL"
        ).fetchall()


def grade_labs(path: Path, *, options: dict[str, str] | None = None) -> GradedLabs:
    """Grade the laboratory results of a CSV file.

    A row that cannot be graded keeps an empty grade and its reason; a graded one may have a warning there. A row that
    names an analyte and no term gives one row for every term of the analyte; where the file has a column `analyte`, the
    answer tells the term in `ctcae_term`.

    Args:
        path: the file; its columns are REQUIRED, and any of YES_NO, NUMBERS and others, which are handed through.
        options: study options (reference.study_option) that shall differ from their defaults.

    Raises:
        NotFoundError: there is no such file.
        DeliveryError: it is not a CSV file, or a required column is missing.
    """
    con = open_rules()
    set_options(con, options or {})
    make_cell_macros(con)
    table = read_csv_table(con, path, "csv")
    added = ADDED if table.column_of("analyte") is None else ("ctcae_term", *ADDED)
    check_headers(table, path, required=REQUIRED, added=added)
    _make_cells(con, table)
    con.execute(f"CREATE TABLE clinical.gradable_result AS {_INPUT.read_text(encoding='utf-8')}")
    apply_rule(con, "clinical.lab_grade")
    _make_answer(con, table, added)
    return GradedLabs(con, (*table.headers, *added))


def _make_cells(con: duckdb.DuckDBPyConnection, table: CsvTable) -> None:
    """Lay the file's columns under the names that labs.sql reads; a column that the file has not is empty."""
    known = [*(name for either in REQUIRED for name in either), *YES_NO, *NUMBERS]
    cells = ", ".join(f"{table.column_of(name) or 'NULL::VARCHAR'} AS {_RENAMED.get(name, name)}" for name in known)
    con.execute(f"CREATE TABLE cell AS SELECT row_number, {cells} FROM {table.name}")


def _make_answer(con: duckdb.DuckDBPyConnection, table: CsvTable, added: tuple[str, ...]) -> None:
    """Put grade, criterion and reason beside the file's own cells; a code of a reason is followed by its words."""
    own = ", ".join(f"c{number} AS {quote_name(header)}" for number, header in enumerate(table.headers, start=1))
    columns = {"ctcae_term": "graded.term AS ctcae_term", "reason": "told.code || ': ' || told.label AS reason"}
    con.execute(
        f"""
        CREATE TABLE answer AS
        SELECT csv.row_number, graded.lab_term AS lab_term_of_row, {own}, {", ".join(columns.get(name, name) for name in added)}
        FROM {table.name} AS csv
        INNER JOIN clinical.lab_grade AS graded ON csv.row_number = graded.source_record
        LEFT JOIN reference.code AS told
            ON told.code_list = 'grade_reason' AND coalesce(graded.reason, graded.warning) = told.code
        """
    )
