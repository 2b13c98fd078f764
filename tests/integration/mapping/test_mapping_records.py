"""What the mapping language makes of records: kept, excluded, empty, merged; and the unit stage of laboratory results."""

from datetime import date
from decimal import Decimal

import pytest
from support.mapping_site import HEAD, read_site, run_table

from schemas.catalogue import table_facts

LABS = (
    HEAD
    + """\
  lab_result:
    from: visits
    columns:
      patient_id: pid
      taken_on: {column: day, date: ["%Y-%m-%d"]}
      analyte_code: {column: test, recode: {Alb: albumin, T.Bil: bilirubin_total, INR: inr, AST: ast}}
      reported_value_text: result
      reported_value: {column: result, number: {qualifier: value_qualifier}}
      reported_unit: {column: unit, recode: {g/dL: g/dL, g/L: g/L, umol/L: umol/L, U/L: U/L}}
"""
)
LAB_COLUMNS = ["pid", "day", "test", "result", "unit"]

UNITS = [
    # analyte, result, unit -> qualifier, number, factor, value, common unit, rules
    ("Alb", "4.1", "g/dL", None, "4.1", "1", "4.1", "g/dL", []),
    ("Alb", "41", "g/L", None, "41", "0.1", "4.1", "g/dL", []),
    ("T.Bil", "17.1", "umol/L", None, "17.1", "0.058479532", "1.000000", "mg/dL", []),
    ("AST", "<5", "U/L", "<", "5", "1", "5", "U/L", []),
    ("AST", "≥ 5000", "U/L", ">=", "5000", "1", "5000", "U/L", []),
    ("INR", "1.1", "", None, "1.1", "1", "1.1", "1", []),
    ("Alb", "4.1", "", None, "4.1", None, None, None, ["unit_missing"]),
    ("Alb", "4.1", "U/L", None, "4.1", None, None, None, ["unit_does_not_fit"]),
    ("Alb", "4.1", "g%", None, "4.1", "1", "4.1", "g/dL", []),
    ("Alb", "4.1", "gram?", None, "4.1", None, None, None, ["unlisted_code"]),
    ("Alb", "trace", "g/dL", None, None, "1", None, "g/dL", ["not_a_number"]),
    ("Alb", "NA", "", None, None, None, None, None, []),
    ("XYZ", "4.1", "g/dL", None, "4.1", None, None, None, ["unlisted_code"]),
    ("Alb", "99999999999", "g/L", None, "99999999999", "0.1", "9999999999.9", "g/dL", []),
]


@pytest.mark.parametrize("case", UNITS, ids=lambda case: " ".join(case[:3]))
def test_a_result_keeps_what_was_reported_and_gains_the_common_unit(tmp_path, case):
    test, result, unit, qualifier, number, factor, value, common, rules = case
    outcome = run_table(
        read_site(tmp_path, LABS), "lab_result", LAB_COLUMNS, [["P1", "2010-03-05", test, result, unit]]
    )
    row = outcome.rows[0]
    found = (row["value_qualifier"], row["reported_value"], row["unit_factor"], row["value"], row["unit"])
    assert found == (qualifier, *(Decimal(text) if text else None for text in (number, factor, value)), common)
    assert [problem["rule"] for problem in outcome.problems] == rules


def test_a_unit_that_does_not_fit_names_those_that_would(tmp_path):
    outcome = run_table(
        read_site(tmp_path, LABS), "lab_result", LAB_COLUMNS, [["P1", "2010-03-05", "Alb", "4.1", "U/L"]]
    )
    problem = outcome.problems[0]
    assert (problem["column_name"], problem["source_column"], problem["found"]) == ("reported_unit", "unit", "U/L")
    assert set(problem["expected"].split(", ")) == {"g/dL", "g/L"}


@pytest.mark.parametrize("table", ["lab_result"])
def test_rows_have_the_models_columns_in_its_order_and_types(tmp_path, table):
    outcome = run_table(read_site(tmp_path, LABS), table, LAB_COLUMNS, [["P1", "2010-03-05", "Alb", "4.1", "g/dL"]])
    assert list(outcome.rows[0]) == ["_source_id", "_record", "_ordinal", *table_facts(table).column_names]
    assert (outcome.rows[0]["_source_id"], outcome.rows[0]["_record"], outcome.rows[0]["_ordinal"]) == (1, 1, 1)


PARTS = (
    HEAD
    + """\
  observation:
    - from: visits
      keep_if:
        - {name: not cancelled, when: "state <> 'cancelled'"}
        - "CAST(visit AS INTEGER) > 0"
      unless_empty: [ecog]
      columns:
        patient_id: pid
        observed_on: {column: day, date: "%Y-%m-%d"}
        observation_code: {constant: ecog}
        value_number: {column: ecog, number: {}}
    - from: visits
      unless_empty: weight
      columns:
        patient_id: pid
        observed_on: {column: day, date: "%Y-%m-%d"}
        observation_code: {constant: weight}
        value_number: {column: weight, number: {}}
        unit: {constant: kg}
"""
)
PART_COLUMNS = ["pid", "day", "state", "visit", "ecog", "weight"]


def test_every_record_of_a_part_is_a_row_excluded_or_an_empty_slot(tmp_path):
    records = [
        ["P1", "2010-01-01", "done", "1", "0", "70"],
        ["P2", "2010-01-02", "cancelled", "1", "1", ""],
        ["P3", "2010-01-03", "done", "0", "1", "71"],
        ["P4", "2010-01-04", "NA", "1", "2", "NA"],  # state unknown: kept and told
        ["P5", "2010-01-05", "done", "first", "2", "-"],  # a cast that fails: kept and told
        ["P6", "2010-01-06", "done", "1", "미시행", "72"],
    ]
    outcome = run_table(read_site(tmp_path, PARTS), "observation", PART_COLUMNS, records)
    assert [(row["_record"], row["_ordinal"], row["value_number"]) for row in outcome.rows] == [
        (1, 1, 0), (4, 1, 2), (5, 1, 2), (1, 1001, 70), (3, 1001, 71), (6, 1001, 72),
    ]  # fmt: skip
    assert [(row["_record"], row["rule"]) for row in outcome.excluded] == [
        (2, "not cancelled"),
        (3, "CAST(visit AS INTEGER) > 0"),
    ]
    assert [(row["_record"], row["_ordinal"]) for row in outcome.empty] == [(6, 1), (2, 1001), (4, 1001), (5, 1001)]
    told = [(p["_record"], p["_ordinal"], p["rule"], p["source_column"], p["found"]) for p in outcome.problems]
    assert told == [
        (4, 1, "condition_unknown", "state", "state empty"),
        (5, 1, "condition_unknown", "visit", "a value that does not convert"),
    ]
    for part in (0, 1):
        counted = [
            row["_record"]
            for row in (*outcome.rows, *outcome.empty, *outcome.excluded)
            if row.get("_ordinal", 1) == 1000 * part + 1
        ]
        assert sorted(counted) == [1, 2, 3, 4, 5, 6]


OWN_MISSING = (
    HEAD
    + """\
  observation:
    from: visits
    unless_empty: [ecog]
    columns:
      patient_id: pid
      observed_on: {column: day, date: ["%Y-%m-%d"]}
      observation_code: {constant: ecog}
      value_number: {column: ecog, missing: ["999"], number: {}}
"""
)


def test_a_cell_that_its_column_knows_as_missing_is_an_empty_slot(tmp_path):
    records = [["P1", "2010-01-01", "1"], ["P1", "2010-01-02", "999"], ["P1", "2010-01-03", ""]]
    outcome = run_table(read_site(tmp_path, OWN_MISSING), "observation", ["pid", "day", "ecog"], records)
    assert [row["_record"] for row in outcome.rows] == [1]
    assert [row["_record"] for row in outcome.empty] == [2, 3]
    both = OWN_MISSING.replace(
        "      observation_code: {constant: ecog}\n", "      observation_code: {constant: ecog}\n      unit: ecog\n"
    )
    outcome = run_table(read_site(tmp_path / "both", both), "observation", ["pid", "day", "ecog"], records)
    assert [row["_record"] for row in outcome.rows] == [1, 2], "another column takes 999 for what it says"


def test_of_rows_that_stand_for_the_same_thing_the_stated_one_wins(tmp_path):
    mapping = read_site(
        tmp_path,
        HEAD
        + """\
  imaging_visit:
    from: visits
    deduplicate: {by: [patient_id, imaged_on], keep: last}
    columns:
      patient_id: pid
      imaged_on: {column: day, date: "%Y-%m-%d"}
      visit_text: text
""",
    )
    records = [
        ["P1", "2010-01-01", "a"],
        ["P1", "2010-01-01", "b"],
        ["P2", "2010-01-01", "c"],
        ["", "2010-01-01", "d"],
        ["", "2010-01-01", "e"],
    ]
    outcome = run_table(mapping, "imaging_visit", ["pid", "day", "text"], records)
    assert outcome.values("visit_text") == ["b", "c", "d", "e"]
    assert [(row["_record"], row["rule"]) for row in outcome.merged] == [
        (1, "the last of the same patient_id, imaged_on")
    ]


def test_one_record_may_fail_in_several_ways(tmp_path):
    outcome = run_table(
        read_site(tmp_path, LABS), "lab_result", LAB_COLUMNS, [["P1", "05/03/2010", "XYZ", "?", "gram?"]]
    )
    told = {(p["column_name"], p["source_column"], p["rule"], p["found"], p["expected"]) for p in outcome.problems}
    assert told == {
        ("taken_on", "day", "not_a_date", "05/03/2010", "%Y-%m-%d"),
        ("analyte_code", "test", "unlisted_code", "XYZ", "Alb, T.Bil, INR, AST"),
        ("reported_value", "result", "not_a_number", "?", "a number such as 12.5 or <12.5"),
        ("reported_unit", "unit", "unlisted_code", "gram?", "g/dL, g/L, umol/L, U/L"),
    }
    assert outcome.rows[0]["taken_on"] is None
    assert outcome.values("taken_on") != [date(2010, 3, 5)]
