"""Draw the time line of one patient: doses, treatments, scans, adverse events, laboratory values, death."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from etl.mapping.language.near_name import did_you_mean
from warehouse.errors import EnvironmentRefusal, NotFoundError

if TYPE_CHECKING:
    import duckdb

    from etl.study.figures.write import Written

SQL = Path(__file__).with_suffix(".sql")
SYNTHETIC_SQL = """
SELECT load.is_synthetic
FROM audit.site AS site
INNER JOIN audit.load AS load ON site.current_load_id = load.load_id
WHERE site.site_id = ?
"""


def draw_time_line(
    con: "duckdb.DuckDBPyConnection",
    site_id: str,
    patient_id: str,
    *,
    folder: Path,
    analytes: Sequence[str] = ("afp",),
    language: Literal["en", "ko"] = "en",
) -> "Written":
    """Draw one patient's time line into SVG, PNG and CSV files of a folder.

    Args:
        con: a warehouse, read-only will do.
        site_id: the hospital.
        patient_id: the patient's pseudonym.
        folder: where the files go; nothing of the patient stands in their names.
        analytes: laboratory values that are shown (code list analyte).
        language: of the words.

    Raises:
        NotFoundError: there is no such patient, the patient has no index date, or there is no such analyte.
        EnvironmentRefusal: the folder cannot be made.
    """
    from etl.study.figures.drawing import Setting
    from etl.study.figures.time_line import patient_time_line
    from etl.study.figures.write import write_drawing

    _check_analytes(con, analytes)
    found = con.execute(SYNTHETIC_SQL, [site_id]).fetchone()
    con.execute(
        "CREATE OR REPLACE TEMP TABLE asked AS SELECT ? AS site_id, ? AS patient_id, ? AS analytes",
        [site_id, patient_id, list(analytes)],
    )
    events = con.execute(SQL.read_text(encoding="utf-8")).df()
    if found is None or events.empty:
        raise NotFoundError(
            f"{site_id} has no patient with this pseudonym and a first dose known to the day. Pseudonyms are in "
            "analysis.cohort, column patient_id."
        )
    events = events.rename(columns={"start_month": "start", "end_month": "end"})
    events = events.astype({"start": "float64", "end": "float64", "value": "float64", "label": "object"})
    drawing = patient_time_line(events, Setting(language, is_synthetic=bool(found[0])))
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise EnvironmentRefusal(f"{folder}: the folder cannot be made ({error.strerror}). Choose another.") from error
    return write_drawing(drawing, folder)


def _check_analytes(con: "duckdb.DuckDBPyConnection", analytes: Sequence[str]) -> None:
    known = [code for (code,) in con.execute("SELECT analyte_code FROM reference.analyte ORDER BY ALL").fetchall()]
    for analyte in analytes:
        if analyte not in known:
            raise NotFoundError(
                f"There is no analyte '{analyte}'.{did_you_mean(analyte, known)} Known ones: {', '.join(known)}."
            )
