"""Units as hospitals write them, read by rule where the mapping lists no word of its own."""

from decimal import Decimal

import pytest
from support.mapping_site import HEAD, read_site, run_table

LABS = (
    HEAD
    + """\
  lab_result:
    from: visits
    columns:
      patient_id: pid
      taken_on: {column: day, date: "%Y-%m-%d"}
      analyte_code: {column: test, recode: {PLT: platelets, Hb: hemoglobin, ALB: albumin, Na: sodium, ALT: alt}}
      reported_value: {column: x, number: {}}
      reported_unit: UNIT
"""
)
COLUMNS = ["pid", "day", "test", "x", "u"]
FORMS = {
    "no list": "u",
    "a list": '{column: u, recode: {odd: "10*3/uL"}}',
    "a list that ignores case": '{column: u, recode: {ODD: "10*3/uL"}, ignore_case: true}',
}
CASES = [
    # test, number, unit as written, unit, number in the common unit
    ("PLT", "150", "10³/㎕", "10*3/uL", "150"),
    ("PLT", "150", "×10³/㎕", "10*3/uL", "150"),
    ("PLT", "150", "K/uL", "10*3/uL", "150"),
    ("PLT", "150", "천/uL", "10*3/uL", "150"),
    ("PLT", "15", "만/uL", "10*4/uL", "150"),
    ("PLT", "0.15", "백만/㎕", "10*6/uL", "150"),
    ("PLT", "150000", "10^3/mL", "/uL", "150"),
    ("PLT", "150000", "1/uL", "/uL", "150"),
    ("PLT", "150", "G/L", "10*9/L", "150"),
    ("Hb", "130", "G/L", "g/L", "13"),
    ("ALB", "4.1", "g/㎗", "g/dL", "4.1"),
    ("Na", "140", "mEq/ℓ", "meq/L", "140"),
    ("ALT", "31", "IU/ℓ", "U/L", "31"),
]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_spelling_is_harmonised(tmp_path, form):
    mapping = read_site(tmp_path, LABS.replace("UNIT", form))
    records = [[f"P{n}", "2010-03-05", *case[:3]] for n, case in enumerate(CASES)]
    outcome = run_table(mapping, "lab_result", COLUMNS, records)
    found = {row["patient_id"]: (row["reported_unit"], row["value"]) for row in outcome.rows}
    assert [found[f"P{n}"] for n in range(len(CASES))] == [(case[3], Decimal(case[4])) for case in CASES]
    assert outcome.problems == []


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_what_is_no_unit_is_reported_and_what_is_another_number_does_not_fit(tmp_path, form):
    mapping = read_site(tmp_path, LABS.replace("UNIT", form))
    records = [["P1", "2010-03-05", "PLT", "150", "furlong"], ["P2", "2010-03-05", "PLT", "150", "㎎/㎗"]]
    outcome = run_table(mapping, "lab_result", COLUMNS, records)
    assert [(row["reported_unit"], row["value"]) for row in outcome.rows] == [(None, None), ("mg/dL", None)]
    assert [(problem["_record"], problem["rule"], problem["found"]) for problem in outcome.problems] == [
        (1, "unlisted_code", "furlong"),
        (2, "unit_does_not_fit", "㎎/㎗"),
    ]


def test_the_mappings_own_list_goes_first(tmp_path):
    form = '{column: u, recode: {"10^3/uL": "10*9/L", "K/uL": }}'
    mapping = read_site(tmp_path, LABS.replace("UNIT", form))
    records = [[f"P{n}", "2010-03-05", "PLT", "150", unit] for n, unit in enumerate(("10^3/uL", "K/uL", "10³/uL"))]
    outcome = run_table(mapping, "lab_result", COLUMNS, records)
    assert [row["reported_unit"] for row in outcome.rows] == ["10*9/L", None, "10*3/uL"]
    assert {problem["rule"] for problem in outcome.problems} <= {"unit_does_not_fit"}


def test_a_code_file_is_completed_likewise(tmp_path):
    text = LABS.replace("UNIT", "{column: u, recode: codes/units.csv}")
    mapping = read_site(tmp_path, text, codes={"units.csv": "code,value\nodd,g/dL\n"})
    records = [[f"P{n}", "2010-03-05", "Hb", "13", unit] for n, unit in enumerate(("odd", "ｇ／㎗", "even"))]
    outcome = run_table(mapping, "lab_result", COLUMNS, records)
    assert [row["reported_unit"] for row in outcome.rows] == ["g/dL", "g/dL", None]
    assert [(problem["_record"], problem["rule"]) for problem in outcome.problems] == [(3, "unlisted_code")]


def test_a_length_in_the_unit_of_its_row(tmp_path):
    text = (
        HEAD
        + """\
  tumour_baseline:
    from: visits
    columns:
      patient_id: pid
      largest_diameter_mm: {column: x, unit: {column: u, recode: {센티: cm, inch: "[in_i]"}}}
"""
    )
    records = [[f"P{n}", "2", unit] for n, unit in enumerate(("센티", "㎝", "MM", "inch", "㎏", "furlong"))]
    outcome = run_table(read_site(tmp_path, text), "tumour_baseline", ["pid", "x", "u"], records)
    assert outcome.values("largest_diameter_mm") == [Decimal(20), Decimal(20), Decimal(2), Decimal("50.8"), None, None]
    assert [(problem["_record"], problem["rule"]) for problem in outcome.problems] == [
        (5, "unlisted_unit"),
        (6, "unlisted_unit"),
    ]
