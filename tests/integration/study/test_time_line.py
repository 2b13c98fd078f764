"""The time line of one patient: what the warehouse knows of the patient is what the picture's rows say."""

import csv
import stat
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from support.drawn_warehouse import make_drawn_warehouse

from etl.study.patient.time_line import draw_time_line
from warehouse.errors import EnvironmentRefusal, NotFoundError


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("drawn") / "warehouse.duckdb"
    make_drawn_warehouse(path)
    with duckdb.connect(str(path), read_only=True) as con:
        yield con


@pytest.fixture(scope="module")
def patient(con: duckdb.DuckDBPyConnection) -> tuple[str, str]:
    found = con.execute(
        "SELECT site_id, patient_id FROM analysis.cohort WHERE is_eligible AND os_event AND has_salvage_treatment "
        "AND best_overall_response = 'PR' AND worst_grade_any >= 2 ORDER BY ALL LIMIT 1"
    ).fetchone()
    assert found is not None
    return found


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def test_the_picture_has_what_the_warehouse_knows(
    con: duckdb.DuckDBPyConnection, patient: tuple[str, str], tmp_path: Path
) -> None:
    site, pseudonym = patient
    written = draw_time_line(con, site, pseudonym, folder=tmp_path / "out", analytes=["afp"])
    rows = rows_of(written.csv)
    counted = {kind: sum(row["kind"] == kind for row in rows) for kind in ("scan", "adverse_event", "lab", "death")}
    known = con.execute(
        "SELECT (SELECT count(*) FROM clinical.visit_response WHERE site_id = $site AND patient_id = $patient), "
        "(SELECT count(*) FROM clinical.adverse_event WHERE site_id = $site AND patient_id = $patient AND is_event "
        "AND onset_on IS NOT NULL), "
        "(SELECT count(*) FROM current.lab_result WHERE site_id = $site AND patient_id = $patient "
        "AND analyte_code = 'afp' AND value IS NOT NULL)",
        {"site": site, "patient": pseudonym},
    ).fetchone()
    assert known is not None
    assert (counted["scan"], counted["adverse_event"], counted["lab"]) == known
    assert min(known) > 0
    months = con.execute("SELECT os_months FROM analysis.cohort WHERE site_id = ? AND patient_id = ?", [*patient])
    (death,) = [row for row in rows if row["kind"] == "death"]
    assert float(death["start"]) == pytest.approx(float(months.fetchone()[0]), abs=1e-3)  # type: ignore[index]


def test_nothing_of_the_patient_stands_in_the_files_and_they_are_their_owners(
    con: duckdb.DuckDBPyConnection, patient: tuple[str, str], tmp_path: Path
) -> None:
    written = draw_time_line(con, *patient, folder=tmp_path / "out", language="ko")
    for path in (written.svg, written.csv):
        text = path.read_text(encoding="utf-8")
        assert patient[1] not in text + path.name
    assert "합성" in written.svg.read_text(encoding="utf-8")
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("site", "pseudonym", "analytes", "sentence"),
    [
        ("", "nobody", ["afp"], "has no patient with this pseudonym"),
        ("nowhere", "nobody", ["afp"], "nowhere has no patient"),
        ("", "'; DROP TABLE analysis.cohort; --", ["afp"], "has no patient with this pseudonym"),
        ("", "", ["bilirubine"], "There is no analyte 'bilirubine'. Did you mean"),
    ],
)
def test_what_is_not_there_is_said(
    con: duckdb.DuckDBPyConnection,
    patient: tuple[str, str],
    tmp_path: Path,
    *,
    site: str,
    pseudonym: str,
    analytes: list[str],
    sentence: str,
) -> None:
    with pytest.raises(NotFoundError, match=sentence):
        draw_time_line(con, site or patient[0], pseudonym or patient[1], folder=tmp_path, analytes=analytes)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_said(
    con: duckdb.DuckDBPyConnection, patient: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(EnvironmentRefusal, match="taken: the folder cannot be made"):
        draw_time_line(con, *patient, folder=tmp_path / "taken")
