"""Export tables of the warehouse into a folder of files, with codebook, loads and hashes; whole or not at all."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from etl.export.chosen import choose_tables
from etl.export.codebook import (
    CODE_COLUMNS,
    CODE_LISTS_FILE,
    CODEBOOK_FILE,
    COLUMNS,
    Placed,
    code_rows,
    codebook_rows,
    read_code_lists,
)
from etl.export.columnar_files import write_columnar
from etl.export.formats import Format
from etl.export.labels import CodeLists
from etl.export.plan_columns import plan_columns
from etl.export.replaceable import EXPORT, check_place
from etl.export.statistics_files import refuse_too_large, write_statistics
from etl.export.table_facts import ExportedTable, read_facts
from etl.export.workbooks import (
    CODE_LISTS,
    CODEBOOK,
    fits_a_sheet,
    name_sheets,
    workbook,
    write_sheet,
    write_table_sheets,
)
from etl.study.freeze.codebook import write_csv
from etl.study.freeze.folder import write_private
from etl.study.freeze.manifest import MANIFEST, hash_file, write_manifest
from etl.study.freeze.package import PSEUDONYMOUS
from etl.study.freeze.provenance import LOADS, read_versions, write_loads
from warehouse.errors import EnvironmentRefusal
from warehouse.file.whole_folder import whole_folder
from warehouse.progress import Progress, Silent

if TYPE_CHECKING:
    import duckdb

README = "README.txt"
SYNTHETIC = "SYNTHETIC: every hospital's load is made up. No patient stands behind these rows."
PERSONAL = "These rows are patients' data under pseudonyms: personal data, to be kept like the warehouse itself."
_LIBRARIES = ("duckdb", "pyarrow", "pyreadstat", "xlsxwriter")


@dataclass(frozen=True)
class Exported:
    """What was exported: `warning` says whose data it is, `sentences` what the format did not take as it was."""

    folder: Path
    form: Format
    tables: tuple[Placed, ...]
    seal: str
    warning: str
    sentences: tuple[str, ...]

    @property
    def row_count(self) -> int:
        """The rows of all tables."""
        return sum(each.table.row_count for each in self.tables)


def export(
    con: "duckdb.DuckDBPyConnection",
    names: Sequence[str],
    *,
    folder: Path,
    form: Format,
    language: str = "en",
    progress: Progress | None = None,
) -> Exported:
    """Write tables and views into a folder, readable by its owner alone.

    The folder also gets a codebook, the code lists, the hospitals' loads with the hashes of their files, the versions of
    program and libraries, and the SHA-256 of every file. An export that is there, and untouched, gives way as a whole.

    Args:
        con: the warehouse; reading is enough.
        names: schemas or tables; analysis, clinical and current when none is named.
        folder: the folder to make.
        form: the format of the tables.
        language: of the labels of values in .sav and .dta: en or ko.
        progress: where tables and rows are reported.

    Raises:
        NotFoundError: there is no such schema or table.
        RefusedError: the table does not leave the warehouse, or the folder is there and no untouched export.
        EnvironmentRefusal: the folder cannot be written, or the format cannot hold a table.
    """
    progress = progress or Silent()
    tables = choose_tables(con, names)
    check_place(folder)
    code_lists = read_code_lists(con)
    progress.begin("Looking through the tables", len(tables))
    placed = _place(con, tables, form=form, code_lists=code_lists, progress=progress)
    sentences = _sentences(placed, form)
    warning = SYNTHETIC if _is_all_synthetic(con) else PERSONAL
    try:
        with whole_folder(folder) as draft:
            _write_tables(
                con, placed, folder=draft, form=form, code_lists=code_lists, language=language, progress=progress
            )
            progress.begin("Writing codebook and hashes")
            write_csv(draft / CODEBOOK_FILE, COLUMNS, codebook_rows(placed, form))
            write_csv(draft / CODE_LISTS_FILE, CODE_COLUMNS, code_rows(placed, code_lists))
            write_loads(con, draft)
            _write_about(con, placed, folder=draft, form=form, lines=(warning, *sentences))
            write_manifest(draft)
            seal = hash_file(draft / MANIFEST)
    except OSError as error:
        raise EnvironmentRefusal(
            f"{folder}: it cannot be written ({error.strerror or 'the disk did not take it'}). "
            "Make room, or name a folder that can be written."
        ) from error
    return Exported(folder, form, tuple(placed), seal, warning, tuple(sentences))


def _place(
    con: "duckdb.DuckDBPyConnection",
    names: Sequence[str],
    *,
    form: Format,
    code_lists: CodeLists,
    progress: Progress,
) -> list[Placed]:
    """Read every table's facts, and decide how and where it is written, before anything is."""
    codes = {name: [code.code for code in listed] for name, listed in code_lists.items()}
    by_schema: dict[str, list[ExportedTable]] = {}
    for name in names:
        by_schema.setdefault(name.partition(".")[0], []).append(read_facts(con, name, codes))
        progress.advance(1)
    placed: list[Placed] = []
    for schema, tables in by_schema.items():
        sheets = name_sheets(tables) if form is Format.xlsx else [None] * len(tables)
        for table, sheet in zip(tables, sheets, strict=True):
            plans = plan_columns(table, form)
            if form in (Format.sav, Format.dta):
                refuse_too_large(table, plans, form=form)
            is_together = form is Format.xlsx and fits_a_sheet(table)
            placed.append(Placed(table, plans, f"{schema if is_together else table.name}.{form}", sheet))
    return placed


def _sentences(placed: Sequence[Placed], form: Format) -> list[str]:
    """Say what a reader of the files should know before the codebook is opened."""
    sentences = [
        f"{each.table.name} has {each.table.row_count:,} rows, more than a sheet holds: it is in {each.file}, on several sheets."
        for each in placed
        if form is Format.xlsx and not fits_a_sheet(each.table)
    ]
    noted = sum(bool(plan.notes) for each in placed for plan in each.plans)
    if noted:
        sentences.append(
            f"Columns that are not written exactly as they are: {noted:,}. The column 'note' of {CODEBOOK_FILE} says how and why."
        )
    return sentences


def _write_tables(
    con: "duckdb.DuckDBPyConnection",
    placed: Sequence[Placed],
    *,
    folder: Path,
    form: Format,
    code_lists: CodeLists,
    language: str,
    progress: Progress,
) -> None:
    if form is Format.xlsx:
        for file in dict.fromkeys(each.file for each in placed):
            together = [each for each in placed if each.file == file]
            _write_workbook(con, together, path=folder / file, code_lists=code_lists, progress=progress)
        return
    for each in placed:
        progress.begin(f"Exporting {each.table.name}", each.table.row_count)
        path = folder / each.file
        if form in (Format.sav, Format.dta):
            write_statistics(
                con,
                each.table,
                each.plans,
                path=path,
                form=form,
                code_lists=code_lists,
                language=language,
                progress=progress,
            )
        else:
            write_columnar(con, each.table, each.plans, path=path, form=form, progress=progress)


def _write_workbook(
    con: "duckdb.DuckDBPyConnection",
    together: Sequence[Placed],
    *,
    path: Path,
    code_lists: CodeLists,
    progress: Progress,
) -> None:
    with workbook(path) as (book, formats):
        write_sheet(book, CODEBOOK, COLUMNS, list(codebook_rows(together, Format.xlsx)), formats=formats)
        write_sheet(book, CODE_LISTS, CODE_COLUMNS, list(code_rows(together, code_lists)), formats=formats)
        for each in together:
            progress.begin(f"Exporting {each.table.name}", each.table.row_count)
            assert each.sheet is not None, "a workbook has sheets"
            write_table_sheets(
                con, each.table, each.plans, book=book, sheet=each.sheet, formats=formats, progress=progress
            )


def _write_about(
    con: "duckdb.DuckDBPyConnection", placed: Sequence[Placed], *, folder: Path, form: Format, lines: Sequence[str]
) -> None:
    """Write what the folder is: for programs as JSON, for people as text."""
    about = read_versions(con, _LIBRARIES) | {
        "format": str(form),
        "loads": [
            {"site_id": site, "load_id": load, "delivery": delivery} for site, load, delivery in _current_loads(con)
        ],
        "tables": [
            {
                "table": each.table.name,
                "file": each.file,
                "sheet": each.sheet,
                "rows": each.table.row_count,
                "columns": len(each.plans),
            }
            for each in placed
        ],
    }
    write_private(folder / EXPORT, (json.dumps(about, indent=2) + "\n").encode())
    text = [
        *lines,
        PSEUDONYMOUS,
        "",
        *(
            f"{file:16} {what}"
            for file, what in (
                (f"*.{form}", f"the tables: {len(placed)}"),
                (CODEBOOK_FILE, "every column: what it means, its unit, its code list, how it is written"),
                (CODE_LISTS_FILE, "every code with its labels"),
                (LOADS, "hospitals, loads, deliveries, and the hashes of their files"),
                (EXPORT, "tables, loads, versions of program and libraries"),
                (MANIFEST, f"SHA-256 of every file: sha256sum --check {MANIFEST}"),
            )
        ),
        "",
    ]
    write_private(folder / README, "\n".join(text).encode())


def _current_loads(con: "duckdb.DuckDBPyConnection") -> list[tuple[str, int, str]]:
    return con.execute(
        "SELECT site.site_id, load.load_id, load.delivery FROM audit.site AS site "
        "INNER JOIN audit.load AS load ON load.load_id = site.current_load_id ORDER BY site.site_id"
    ).fetchall()


def _is_all_synthetic(con: "duckdb.DuckDBPyConnection") -> bool:
    """Return whether there are loads, and all of them are synthetic."""
    (row,) = con.execute(
        "SELECT coalesce(bool_and(load.is_synthetic), false) FROM audit.site AS site "
        "INNER JOIN audit.load AS load ON load.load_id = site.current_load_id"
    ).fetchall()
    return row == (True,)
