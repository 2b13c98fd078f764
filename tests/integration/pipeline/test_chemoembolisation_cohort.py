"""A cohort of chemoembolisation, without any sorafenib in its question: a mapping file and one study option, no program."""

from typing import Any

import duckdb
import pytest
from support.small_site import settings_in

from etl.derive import set_option
from etl.pipeline import ingest
from etl.settings import Settings

pytestmark = pytest.mark.slow

MAPPING = """\
site: embo
hospital: A clinic of chemoembolisation
version: 1
missing: [""]
dates: ["%Y-%m-%d"]
ceilings: {refused_rows_percent: 100, refused_cells_percent: 100}
identity: {id: pseudonymise}
sources:
  patients: {file: patients.csv}
  sessions: {file: sessions.csv}
  others: {file: others.csv}
  labs: {file: labs.csv}
  status: {file: status.csv}
  scans: {file: scans.csv}
  events: {file: events.csv}
tables:
  patient:
    from: patients
    columns:
      patient_id: id
      sex: {column: sex, recode: {M: male, F: female}}
      birth_date: {column: born, date: {}}
      diagnosed_on: {column: hcc, date: {}}
  procedure:
    - from: sessions
      columns:
        patient_id: id
        procedure_code: {constant: tace}
        started_on: {column: day, date: {formats: ["%Y-%m-%d", "%Y-%m"], precision: started_on_precision}}
    - from: others
      keep_if: {when: "what = 'RFA'", name: other_procedure}
      columns:
        patient_id: id
        procedure_code: {constant: rfa}
        started_on: {column: day, date: {}}
  treatment_course:
    from: others
    keep_if: {when: "what = 'Nexavar'", name: drug}
    columns:
      patient_id: id
      drug_code: {constant: sorafenib}
      started_on: {column: day, date: {}}
  follow_up:
    from: patients
    columns:
      patient_id: id
      vital_status_code: {column: status, recode: {dead: dead, alive: alive}}
      last_contact_on: {column: seen, date: {}}
      died_on: {column: died, date: {}}
  lab_result:
    from: labs
    columns:
      patient_id: id
      taken_on: {column: day, date: {}}
      analyte_code: {column: test, recode: {BIL: bilirubin_total, ALB: albumin, INR: inr, ALT: alt}}
      reported_value_text: result
      reported_value: {column: result, number: {qualifier: value_qualifier}}
      reported_unit: {column: unit, recode: {mg/dL: mg/dL, g/dL: g/dL, "1": "1", U/L: U/L}}
      upper_limit: {column: uln, number: {}}
  observation:
    - from: status
      columns:
        patient_id: id
        observed_on: {column: day, date: {}}
        observation_code: {constant: ecog}
        value_number: {column: ecog, number: {}}
    - from: status
      columns:
        patient_id: id
        observed_on: {column: day, date: {}}
        observation_code: {constant: ascites}
        value_code: {column: ascites, recode: {"no": none}}
    - from: status
      columns:
        patient_id: id
        observed_on: {column: day, date: {}}
        observation_code: {constant: encephalopathy}
        value_code: {constant: none}
  lesion:
    from: scans
    columns:
      patient_id: id
      imaged_on: {column: day, date: {}}
      lesion_label: lesion
      organ_code: {constant: liver}
      viable_diameter_mm: {column: viable, number: {}}
      enhancement_code: {constant: arterial}
  adverse_event:
    from: events
    columns:
      patient_id: id
      verbatim_text: text
      reported_grade: {column: grade, number: {}}
      onset_on: {column: day, date: {}}
"""

FILES = {
    "patients.csv": """\
id,sex,born,hcc,seen,status,died
T1,M,1950-01-01,2010-02-15,2011-03-10,dead,2011-03-10
T2,F,1960-06-30,2009-01-15,2014-01-05,alive,
T3,M,1955-05-05,2010-01-01,2012-01-01,alive,
T4,F,1949-09-09,2010-06-01,2012-01-01,alive,
""",
    "sessions.csv": """\
id,day
T1,2010-06-01
T1,2010-03-10
T2,2011-01-05
T4,2010-07
""",
    "others.csv": """\
id,what,day
T2,RFA,2009-02-01
T2,Nexavar,2011-06-01
T3,Nexavar,2010-02-01
""",
    "labs.csv": """\
id,day,test,result,unit,uln
T1,2010-03-05,BIL,1.0,mg/dL,1.2
T1,2010-03-05,ALB,4.1,g/dL,
T1,2010-03-05,INR,1.0,1,
T1,2010-03-05,ALT,200,U/L,40
T2,2011-01-04,BIL,2.5,mg/dL,1.2
T2,2011-01-04,ALB,3.0,g/dL,
T2,2011-01-04,INR,1.8,1,
""",
    "status.csv": """\
id,day,ecog,ascites
T1,2010-03-05,0,no
T2,2011-01-04,1,no
""",
    "scans.csv": """\
id,day,lesion,viable
T1,2010-03-01,A,40
T1,2010-05-01,A,20
T1,2010-08-01,A,30
T2,2011-01-02,A,30
T2,2011-03-05,A,30
T2,2011-08-01,A,60
""",
    "events.csv": """\
id,day,text,grade
T1,2010-03-12,fever,2
T1,2010-09-01,fatigue,3
""",
}
REASON = "no study drug: counted from first tace"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The option chosen, then the delivery brought in: all that a data manager does."""
    settings = settings_in(tmp_path_factory.mktemp("embo"))
    path = settings.mappings_dir / "embo" / "mapping.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(MAPPING, encoding="utf-8")
    folder = settings.raw_dir / "embo" / "1"
    folder.mkdir(parents=True)
    for name, text in {"SYNTHETIC.txt": "synthetic\n", **FILES}.items():
        (folder / name).write_text(text, encoding="utf-8")
    set_option("index_event", "first_procedure", settings=settings)
    ingest("embo", settings=settings)
    return settings


def ask(settings: Settings, columns: str, table: str = "analysis.cohort") -> list[tuple[Any, ...]]:
    """Ask of each patient in the order of the file."""
    with duckdb.connect(settings.warehouse_path, read_only=True) as con:
        return con.execute(
            f"SELECT {columns} FROM {table} AS answer INNER JOIN current.patient AS patient USING (site_id, patient_id) "
            "ORDER BY patient.source_record"
        ).fetchall()


def test_the_index_date_is_the_first_session(settings: Settings) -> None:
    assert ask(settings, "answer.index_date::VARCHAR, answer.reason", "clinical.index_date") == [
        ("2010-03-10", None),
        ("2011-01-05", None),
        (None, "no procedure tace"),
        (None, "first tace known to the month only"),
    ]


def test_baseline_and_scores_are_derived(settings: Settings) -> None:
    columns = "age_years, child_pugh_derived_points, child_pugh_derived_code, albi_grade, ecog, baseline_alt_grade"
    assert ask(settings, columns)[:3] == [
        (60, 5, "A", 1, 0, 2),
        (50, 8, "B", 2, 1, None),
        (None,) * 6,
    ]


def test_response_and_its_times_are_derived(settings: Settings) -> None:
    """The drug that T2 took after the procedure is new therapy: her progression under it is not counted."""
    columns = "best_overall_response, ttp_days, ttp_event, pfs_days, pfs_event"
    assert ask(settings, columns) == [
        ("PR", 144, True, 144, True),
        ("SD", 59, False, 59, False),
        (None,) * 5,
        (None,) * 5,
    ]


def test_survival_and_first_line_are_derived(settings: Settings) -> None:
    assert ask(settings, "os_days, os_event, survival_group, is_first_line") == [
        (365, True, "short_term", True),
        (1096, False, "long_term", False),
        (None, None, "undetermined", None),
        (None, None, "undetermined", None),
    ]


def test_adverse_events_count_up_to_the_days_after_the_last_session(settings: Settings) -> None:
    """The fatigue of T1 began 92 days after her last session."""
    assert sorted(ask(settings, "onset_on::VARCHAR, term, grade, is_treatment_emergent", "clinical.adverse_event")) == [
        ("2010-03-12", "Fever", 2, True),
        ("2010-09-01", "Fatigue", 3, False),
    ]


def test_what_is_the_drugs_own_is_empty_with_its_reason(settings: Settings) -> None:
    columns = (
        "last_dose_on, treatment_days, mean_daily_dose_mg, interruption_count, has_concomitant_treatment, "
        "has_salvage_treatment"
    )
    assert ask(settings, columns) == [(None,) * 6] * 4
    assert ask(settings, "answer.reason", "clinical.treatment") == [(REASON,)] * 2
    assert ask(settings, "answer.reason", "clinical.dose") == [(REASON,)] * 2
