"""Laboratory grades in the warehouse: from results as reported, with the baseline, the limit and what worsened."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest
from oracle.lab_grading import TERMS, Lab, read_grade
from support.warehouse_rows import publish_by_hand

from etl.pipeline import ingest
from etl.settings import Settings
from etl.synthetic.hospitals import hospital_names
from etl.synthetic.synthesize import synthesize
from warehouse.file.connect import open_warehouse, raw_connection

INDEX = date(2010, 3, 31)


FACTORS = {"umol/L": "0.011312217", "g/L": "0.1", "/uL": "0.001", "mmol/L": "1.611344"}


def _lab(day: int, analyte: str, number: str, unit: str, **more: object) -> dict[str, object]:
    factor = FACTORS.get(unit, "1")
    return {
        "patient_id": "a",
        "analyte_code": analyte,
        "taken_on": INDEX + timedelta(days=day),
        "reported_value_text": number,
        "reported_value": number,
        "reported_unit": unit,
        "unit_factor": factor,
        "value": round(Decimal(number) * Decimal(factor), 6),
        **more,
    }


@pytest.fixture
def graded(warehouse_path: Path):  # type: ignore[no-untyped-def]
    """Publish laboratory results of one patient, and ask."""
    engine = open_warehouse(warehouse_path)

    def publish_and_ask(
        labs: list[dict[str, object]], sql: str, *, medication: Sequence[dict[str, object]] = (), **course: object
    ) -> list[tuple[Any, ...]]:
        tables = {
            "patient": [{"patient_id": "a"}],
            "treatment_course": [{"patient_id": "a", "drug_code": "sorafenib", "started_on": INDEX, **course}],
            "lab_result": labs,
            "medication": [{"patient_id": "a", "ingredient_code": "warfarin", **taken} for taken in medication],
        }
        with raw_connection(engine) as con:
            publish_by_hand(con, tables)
            return con.execute(sql).fetchall()

    yield publish_and_ask
    engine.dispose()


CREATININE = """
    SELECT taken_on - DATE '2010-03-31', grade, criterion, basis, limit_value, baseline, reason, warning
    FROM clinical.lab_grade WHERE lab_term = 'creatinine_increased' ORDER BY ALL
"""


def test_the_baseline_is_never_graded_against_itself(graded) -> None:  # type: ignore[no-untyped-def]
    limits = {"lower_limit": "0.7", "upper_limit": "1.4"}
    found = graded(
        [
            _lab(-40, "creatinine", "1.2", "mg/dL", **limits),
            _lab(-2, "creatinine", "1.0", "mg/dL", **limits),
            _lab(20, "creatinine", "1.3", "mg/dL", **limits),
            _lab(50, "creatinine", "2.2", "mg/dL", **limits),
        ],
        CREATININE,
    )
    nothing_met = "no criterion of grade 1, 2, 3, 4 is met"
    assert [tuple(None if cell is None else str(cell) for cell in row) for row in found] == [
        ("-40", "0", nothing_met, None, None, None, None, None),
        ("-2", "0", nothing_met, None, None, None, None, None),
        ("20", "1", "> baseline to 1.5 x baseline", "times_baseline", "1.000000000", "1.000000", None, "inside_normal_range"),
        ("50", "2", "> 1.5 x ULN to 3 x ULN", "times_uln", "2.100000000", None, None, None),
    ]  # fmt: skip


def test_without_a_baseline_a_normal_creatinine_is_ungradable(graded) -> None:  # type: ignore[no-untyped-def]
    found = graded([_lab(20, "creatinine", "1.3", "mg/dL", upper_limit="1.4")], CREATININE)
    assert [(row[1], row[6]) for row in found] == [(None, "baseline_missing")]


def test_a_baseline_in_another_unit_is_brought_into_the_results_own(graded) -> None:  # type: ignore[no-untyped-def]
    found = graded(
        [_lab(-2, "creatinine", "1.0", "mg/dL"), _lab(20, "creatinine", "265.3", "umol/L", upper_limit="900")],
        CREATININE,
    )
    assert [(row[0], row[1], row[3]) for row in found] == [(-2, None, None), (20, 3, "times_baseline")]


def test_the_unit_as_reported_decides(graded) -> None:  # type: ignore[no-untyped-def]
    found = graded(
        [
            _lab(20, "hemoglobin", "4.95", "mmol/L", lower_limit="8.1"),
            _lab(21, "hemoglobin", "7.976153", "g/dL", lower_limit="13"),
            _lab(22, "hemoglobin", "79", "", reported_unit=None, lower_limit="130"),
        ],
        "SELECT grade, reason, limit_value FROM clinical.lab_grade WHERE lab_term = 'anemia' ORDER BY taken_on",
    )
    assert [(grade, reason, limit and float(limit)) for grade, reason, limit in found] == [
        (2, None, 6.2),
        (3, None, 8.0),
        (None, "unit_missing", None),
    ]


def test_total_calcium_is_corrected_by_the_albumin_of_its_day(graded) -> None:  # type: ignore[no-untyped-def]
    limits = {"lower_limit": "8.8", "upper_limit": "10.5"}
    found = graded(
        [
            _lab(20, "calcium_total", "7.4", "mg/dL", **limits),
            _lab(20, "albumin", "30", "g/L"),
            _lab(21, "calcium_total", "7.4", "mg/dL", **limits),
        ],
        "SELECT grade, graded_value, reason FROM clinical.lab_grade WHERE lab_term = 'hypocalcemia' ORDER BY taken_on",
    )
    assert [(grade, float(value), reason) for grade, value, reason in found] == [
        (1, 8.2, None),
        (None, 7.4, "albumin_missing"),
    ]


MAY = date(2010, 5, 1)
INR = """
    SELECT given.is_anticoagulated, graded.grade, graded.basis
    FROM clinical_step.gradable_result AS given INNER JOIN clinical.lab_grade AS graded USING (lab_term, taken_on)
    WHERE lab_term = 'inr_increased' AND taken_on > DATE '2010-03-31' ORDER BY taken_on
"""


@pytest.mark.parametrize(
    ("medication", "wanted"),
    [
        ([], [(None, 1, "times_uln"), (None, 1, "times_uln")]),
        ([{"ingredient_code": "metformin"}], [(False, 1, "times_uln"), (False, 1, "times_uln")]),
        ([{"started_on": MAY}], [(False, 1, "times_uln"), (True, 2, "times_baseline")]),
        ([{"stopped_on": MAY}], [(True, 2, "times_baseline"), (False, 1, "times_uln")]),
        (
            [{"started_on": date(2010, 4, 1), "started_on_precision": "month"}],
            [(None, 1, "times_uln"), (True, 2, "times_baseline")],
        ),
    ],
)
def test_inr_is_held_against_the_baseline_on_days_with_warfarin(  # type: ignore[no-untyped-def]
    graded, medication: list[dict[str, object]], wanted: list[tuple[Any, ...]]
) -> None:
    labs = [_lab(day, "inr", value, "1", upper_limit="1.2") for day, value in ((-2, "0.9"), (10, "1.6"), (60, "1.6"))]
    assert graded(labs, INR, medication=medication) == wanted


def test_what_ctcae_does_not_grade_is_there_without_a_grade(graded) -> None:  # type: ignore[no-untyped-def]
    found = graded(
        [
            _lab(1, "ldh", "500", "U/L", upper_limit="250"),
            {
                **_lab(1, "platelets", "1", "/uL"),
                "reported_value_text": "hemolysed",
                "reported_value": None,
                "value": None,
            },
        ],
        "SELECT analyte_code, grade, reason FROM clinical.lab_grade ORDER BY ALL",
    )
    assert found == [("ldh", None, "not_in_ctcae_4_03"), ("platelets", None, "value_not_a_number")]


def test_the_summary_tells_what_worsened_on_treatment(graded) -> None:  # type: ignore[no-untyped-def]
    def platelets(day: int, value: str) -> dict[str, object]:
        return _lab(day, "platelets", value, "10*9/L", lower_limit="150", upper_limit="400")

    labs = [platelets(-3, "90"), platelets(30, "60"), platelets(40, "60"), platelets(60, "80"), platelets(91, "20")]
    found = graded(
        labs,
        "SELECT * EXCLUDE (site_id, patient_id) FROM clinical.lab_grade_summary WHERE lab_term = 'platelets_decreased'",
        stopped_on=INDEX + timedelta(days=60),
    )
    assert found == [
        (
            *("platelets_decreased", "Platelet count decreased", 1, INDEX - timedelta(days=3), 2),
            *(None, INDEX + timedelta(days=30), 1, True, 3, 0),
        )
    ]


def test_a_bound_proves_what_worsened_at_the_least(graded) -> None:  # type: ignore[no-untyped-def]
    labs = [
        _lab(-3, "platelets", "160", "10*9/L", lower_limit="150"),
        _lab(30, "platelets", "60", "10*9/L", lower_limit="150"),
        _lab(40, "platelets", "30", "10*9/L", value_qualifier="<"),
    ]
    found = graded(
        labs,
        "SELECT baseline_grade, worst_grade, worst_grade_at_least, grades_worsened "
        "FROM clinical.lab_grade_summary WHERE lab_term = 'platelets_decreased'",
        stopped_on=INDEX + timedelta(days=60),
    )
    assert found == [(0, 2, 3, 2)]


DOUBTFUL = """
    SELECT doubtful.taken_on - DATE '2010-03-31', value_fault, lower_limit_fault, upper_limit_fault, grade, reason, warning
    FROM clinical_step.doubtful_result AS doubtful
    INNER JOIN clinical.lab_grade USING (site_id, patient_id, taken_on, analyte_code)
    WHERE lab_term IN ('hyponatremia', 'inr_increased', 'bilirubin_increased', 'anemia') ORDER BY ALL
"""


def test_what_cannot_be_so_is_judged_once_for_every_reader(graded) -> None:  # type: ignore[no-untyped-def]
    found = graded(
        [
            _lab(1, "sodium", "119", "mmol/L", unit_factor="1", value="119", lower_limit="145", upper_limit="135"),
            _lab(2, "inr", "10.5", "1", lower_limit="8.3", upper_limit="11.5"),
            _lab(3, "bilirubin_total", "12", "mg/dL", lower_limit="0", upper_limit="17"),
            _lab(4, "hemoglobin", "7.9", "g/dL", lower_limit="130", upper_limit="170"),
            _lab(5, "hemoglobin", "130", "g/dL", lower_limit="13", upper_limit="17"),
            _lab(6, "hemoglobin", "13", "g/dL", lower_limit="12", upper_limit="17"),
        ],
        DOUBTFUL,
    )
    another = "limit_in_another_unit"
    assert found == [
        (1, None, "limits_swapped", "limits_swapped", 4, None, "limits_swapped"),
        (2, "value_in_another_unit", another, another, None, "value_in_another_unit", None),
        (3, "value_in_another_unit", None, another, None, "value_in_another_unit", None),
        (4, None, another, another, 3, None, another),
        (5, "value_absurd", None, None, None, "value_absurd", None),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("site_id", hospital_names())
def test_every_grade_of_the_make_believe_study_is_the_oracles(site_id: str, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, reports_dir=tmp_path / "reports")
    synthesize(settings.raw_dir, sites=[site_id])
    ingest(site_id, settings=settings)
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        cursor = con.execute(
            "SELECT graded.term, graded.grade, graded.reason, given.* FROM clinical_step.gradable_result AS given "
            "INNER JOIN clinical.lab_grade AS graded ON given.source_file = graded.source_file "
            "AND given.source_record = graded.source_record AND given.source_ordinal = graded.source_ordinal "
            "AND given.lab_term = graded.lab_term WHERE given.value_qualifier IS NULL"
        )
        names = [column[0] for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        results = con.execute("SELECT count(*) FROM current.lab_result").fetchall()
    wrong = [row for row in rows if _oracle_grade(row) != row["grade"]]
    assert wrong[:3] == []
    # The study is drawn without such faults: none of the checks may find one.
    assert {row["reason"] for row in rows} & {
        "limit_in_another_unit",
        "baseline_in_another_unit",
        "value_absurd",
        "value_in_another_unit",
    } == set()
    assert bool(rows) == (results != [(0,)])


def _oracle_grade(row: dict[str, Any]) -> int | None:
    def number(name: str) -> Fraction | None:
        return None if row[name] is None else Fraction(str(row[name]))

    term = row["term"] + (", ionized" if row["analyte_code"] == "calcium_ionized" else "")
    assert term in TERMS
    if row["is_calcium_total"] and row["albumin_g_dl"] is None:
        return None
    is_own_baseline = row["is_before_treatment"] and term in (
        *("Creatinine increased", "Fibrinogen decreased", "INR increased"),
    )
    flags = {"fasting": row["is_fasting"], "anticoagulated": row["is_anticoagulated"]}
    lab = Lab(
        term=term,
        unit=row["reported_unit"] or "",
        value=number("reported_value"),
        lln=number("lower_limit"),
        uln=number("upper_limit"),
        # Up to the index date the limit of normal alone decides: as if nothing had changed since the baseline.
        baseline=number("reported_value") if is_own_baseline and row["reported_value"] else number("baseline"),
        albumin_g_dl=number("albumin_g_dl"),
        flags={name: is_there for name, is_there in flags.items() if is_there is not None},
    )
    return read_grade(lab, options={})
