"""Write the report of a study: the page, and next to it its figures, its tables as files, and its results as JSON."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from etl.study import MAIN_STUDY
from etl.study.report.build import build_document
from etl.study.report.numbers import read_numbers
from etl.study.report.outline import read_outline
from etl.study.report.page import render_page
from etl.study.report.pictures import Pictures
from etl.study.report.provenance import read_state
from etl.study.report.results_json import results_text
from etl.study.report.word import word_bytes
from etl.study.report.workbook import workbook_bytes
from warehouse.errors import EnvironmentRefusal, NotFoundError
from warehouse.file.whole_file import write_whole

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class StudyReport:
    """The files of a report.

    Attributes:
        html: the page.
        folder: figures, tables and results next to it.
        files: every file in the folder.
    """

    html: Path
    folder: Path
    files: tuple[Path, ...]


def write_study_report(con: "duckdb.DuckDBPyConnection", study_id: str, *, reports_dir: Path) -> StudyReport:
    """Write the report of a study whose views are up to date and whose results are stored.

    The same warehouse gives the same bytes. Files of an earlier report that this one does not have are removed.

    Raises:
        NotFoundError: the warehouse has no such study.
        EnvironmentRefusal: the folder cannot be written.
    """
    outline = read_outline(con, study_id)
    if outline is None:
        raise NotFoundError(f"The warehouse has no study '{study_id}'.")
    name = "study" if study_id == MAIN_STUDY else f"study_{study_id}"
    page, folder = reports_dir / f"{name}.html", reports_dir / name
    state = read_state(con, study_id)
    numbers = read_numbers(con, study_id)
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        pictures = Pictures(folder, name, is_synthetic=state.is_synthetic)
        document = build_document(con, outline, numbers=numbers, state=state, pictures=pictures)
        tables = (folder / "tables.docx", folder / "tables.xlsx", folder / "results.json")
        write_whole(tables[0], word_bytes(document))
        write_whole(tables[1], workbook_bytes(document))
        write_whole(tables[2], results_text(con, outline))
        write_whole(page, render_page(document))
    except OSError as error:
        raise EnvironmentRefusal(
            f"{reports_dir}: the study's report cannot be written ({error.strerror}). Free the disk or the folder."
        ) from error
    return StudyReport(page, folder, (*pictures.files, *tables))
