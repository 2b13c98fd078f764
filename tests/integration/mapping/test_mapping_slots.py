"""What the mapping language makes of wide records and of cells that list: one row for each slot, each at its own address."""

from datetime import date

import pytest
from support.mapping_site import HEAD, Outcome, read_site, run_table

from etl.mapping.compiler.compile import compile_table

VISITS = (
    HEAD
    + """\
  imaging_visit:
    - from: visits
      columns: {patient_id: pid, imaged_on: {column: day, date: "%Y-%m-%d"}}
    - from: visits
      keep_if: "consent = 'Y'"
      unpivot:
        name: nth
        groups: "1..3"
        columns: {imaged: "{group}차 / 영상일", answer: "{group}차 / 판정"}
      unless_empty: [imaged, answer]
      deduplicate: {by: [patient_id, imaged_on], keep: first}
      columns:
        patient_id: pid
        imaged_on: {column: imaged, date: "%Y-%m-%d"}
        visit_text: nth
        response_physician_code: {column: answer, recode: {완전관해: CR, 진행: PD}}
"""
)
WIDE = ["pid", "day", "consent", *(f"{n}차 / {what}" for n in (1, 2, 3) for what in ("영상일", "판정"))]


def places(rows: list[dict]) -> list[tuple[int, int]]:
    return [(row["_record"], row["_ordinal"]) for row in rows]


def told(outcome: Outcome) -> set[tuple]:
    return {(p["_record"], p["_ordinal"], p["column_name"], p["source_column"], p["rule"]) for p in outcome.problems}


def test_every_slot_is_a_row_empty_or_merged_and_a_bad_one_costs_itself_alone(tmp_path):
    records = [
        ["P1", "2010-01-01", "Y", "2010-02-01", "완전관해", "2010-13-01", "진행", "2010-04-01", "?"],
        ["P2", "2010-01-01", "Y", "2010-02-01", "진행", "2010-02-01", "진행", "", "NA"],  # twice the same day
        ["P3", "2010-01-01", "N", "2010-02-01", "진행", "", "", "", ""],  # excluded, whole
        ["P4", "2010-01-01", "-", "", "", "", "", " 2010-05-01 ", "미시행"],  # consent unknown: kept, and told once
        ["P5", "2010-01-01", "Y", "", "", "", "", "", ""],
    ]
    outcome = run_table(read_site(tmp_path, VISITS), "imaging_visit", WIDE, records)
    rows = [row for row in outcome.rows if row["_ordinal"] > 1000]
    assert [(r["_record"], r["_ordinal"], r["imaged_on"], r["visit_text"], r["response_physician_code"]) for r in rows] == [
        (1, 1001, date(2010, 2, 1), "1", "CR"),
        (1, 1002, None, "2", "PD"),
        (1, 1003, date(2010, 4, 1), "3", None),
        (2, 1001, date(2010, 2, 1), "1", "PD"),
        (4, 1003, date(2010, 5, 1), "3", None),
    ]  # fmt: skip
    assert places(outcome.merged) == [(2, 1002)]
    assert places(outcome.empty) == [(2, 1003), (4, 1001), (4, 1002), (5, 1001), (5, 1002), (5, 1003)]
    assert [(row["_record"], row["rule"]) for row in outcome.excluded] == [(3, "consent = 'Y'")]
    assert told(outcome) == {
        (1, 1002, "imaged_on", "2차 / 영상일", "not_a_date"),
        (1, 1003, "response_physician_code", "3차 / 판정", "unlisted_code"),
        (4, 1001, None, "consent", "condition_unknown"),
    }


BOXES = (
    HEAD
    + """\
  adverse_event:
    from: visits
    unpivot: {name: which, groups: [오심, "발진"], columns: {box: "{group}___1", grade: "{group} 등급"}, ticked: box, WORDS}
    columns:
      patient_id: pid
      verbatim_text: which
      reported_grade: {column: grade, number: {}}
"""
)
BOX_COLUMNS = ["pid", "오심___1", "오심 등급", "발진___1", "발진 등급"]


@pytest.mark.parametrize(
    ("words", "yes", "no"), [("", "1", "0"), ("tick_words: {true: [Checked, ' v ']}", "v", "Checked ")]
)
def test_a_box_that_is_not_ticked_is_an_empty_slot(tmp_path, words, yes, no):
    mapping = read_site(tmp_path, BOXES.replace(", WORDS", f", {words}" if words else ""))
    records = [["P1", yes, "2", "", "3"], ["P2", "maybe", "2", f" {yes} ", "?"], ["P3", "NA", "", "0", "x"]]
    outcome = run_table(mapping, "adverse_event", BOX_COLUMNS, records)
    assert [(r["_record"], r["_ordinal"], r["verbatim_text"], r["reported_grade"]) for r in outcome.rows] == [
        (1, 1, "오심", 2),
        (2, 2, "발진", None),
    ]
    assert places(outcome.empty) == [(1, 2), (2, 1), (3, 1), (3, 2)]
    unknown = {(2, 1, None, "오심___1", "not_a_boolean"), (2, 2, "reported_grade", "발진 등급", "not_a_number")}
    zero = {(3, 2, None, "발진___1", "not_a_boolean")} if words else set()  # 0 is none of the words that were said
    assert told(outcome) == unknown | zero


LISTED = (
    HEAD
    + """\
  adverse_event:
    from: visits
    keep_if: "events <> 'none'"
    explode: {columns: [events], separator: '[,;]\\s*'}
    unless_empty: [events]
    columns:
      patient_id: pid
      verbatim_text: {column: events, extract: "^([^(]+)", group: 1}
      reported_grade: {column: events, extract: "G([1-9])", group: 1, number: {}}
"""
)


def test_a_cell_that_lists_yields_a_row_for_each_part(tmp_path):
    records = [
        ["P1", "nausea (G1); rash (G2),,  pain"],
        ["P2", "none"],
        ["P3", " "],
        ["P4", "; - ;NA,"],
        ["P5", "-"],
        ["P6", "ascites (G3)"],
    ]
    outcome = run_table(read_site(tmp_path, LISTED), "adverse_event", ["pid", "events"], records)
    assert [(r["_record"], r["_ordinal"], r["verbatim_text"], r["reported_grade"]) for r in outcome.rows] == [
        (1, 1, "nausea", 1),
        (1, 2, "rash", 2),
        (1, 3, "pain", None),
        (6, 1, "ascites", 3),
    ]
    assert places(outcome.empty) == [(3, 1), (4, 1), (5, 1)]
    assert [row["_record"] for row in outcome.excluded] == [2]
    assert told(outcome) == {
        (1, 3, "reported_grade", "events", "no_match"),
        (3, 1, None, "events", "condition_unknown"),
        (5, 1, None, "events", "condition_unknown"),
    }


PAIRED = (
    HEAD
    + """\
  imaging_visit:
    from: visits
    explode: {columns: [RESP, RESPDT], separator: ';'}
    unless_empty: [RESP, RESPDT]
    columns:
      patient_id: pid
      imaged_on: {column: RESPDT, date: "%Y-%m-%d"}
      response_physician_code: {column: RESP, recode: {PR: PR, PD: PD}}
      visit_text: whole
"""
)


def test_lists_that_belong_together_are_read_in_step(tmp_path):
    records = [
        ["P1", "PR; ;PD", "2010-01-01;2010-02-01;", "a;b"],
        ["P2", "PR;PD", "2010-01-01", ""],
        ["P3", "PR", "", ""],
        ["P4", "", "", ""],
        ["P5", "NA;;", "2010-01-01; ;2010-13-01", ""],
    ]
    outcome = run_table(read_site(tmp_path, PAIRED), "imaging_visit", ["pid", "RESP", "RESPDT", "whole"], records)
    assert [(r["_record"], r["_ordinal"], r["response_physician_code"], r["imaged_on"]) for r in outcome.rows] == [
        (1, 1, "PR", date(2010, 1, 1)),
        (1, 2, None, date(2010, 2, 1)),
        (1, 3, "PD", None),
        (2, 1, "PR", date(2010, 1, 1)),
        (2, 2, "PD", None),
        (3, 1, "PR", None),
        (5, 1, None, date(2010, 1, 1)),
        (5, 3, None, None),
    ]
    assert outcome.values("visit_text")[:3] == ["a;b"] * 3
    assert places(outcome.empty) == [(4, 1), (5, 2)]
    assert told(outcome) == {
        (2, 1, None, "RESP, RESPDT", "uneven_parts"),
        (5, 3, "imaged_on", "RESPDT", "not_a_date"),
    }
    assert [p["found"] for p in outcome.problems if p["rule"] == "uneven_parts"] == ["RESP 2, RESPDT 1"]


@pytest.mark.parametrize(("parts", "rows"), [(999, 999), (1000, 1)])
def test_a_list_too_long_for_slot_numbers_stays_whole(tmp_path, parts, rows):
    records = [["P1", ";".join(["PR"] * parts), "", ""], ["P2", "PR;PD", "", ""]]
    outcome = run_table(read_site(tmp_path, PAIRED), "imaging_visit", ["pid", "RESP", "RESPDT", "whole"], records)
    assert [row["_record"] for row in outcome.rows] == [1] * rows + [2, 2]
    assert max(row["_ordinal"] for row in outcome.rows) <= 999
    told_at = [(p["_record"], p["_ordinal"], p["found"]) for p in outcome.problems if p["rule"] == "too_many_parts"]
    assert told_at == ([(1, 1, "RESP 1000, RESPDT 0")] if parts > 999 else [])


HOSTILE = ["a'b", 'c"d', "{x}", "{group", "한 글", "--", "%s", "'; DROP TABLE x", "\\", "$1", "SELECT"]


def test_hostile_names_of_groups_and_columns_are_names(tmp_path):
    listed = ", ".join("'" + group.replace("'", "''") + "'" for group in HOSTILE)
    name, alias = "'n\"a ''me'", "'결\"과 {x}'"
    text = f"""\
  imaging_visit:
    from: visits
    unpivot: {{name: {name}, groups: [{listed}], columns: {{{alias}: "{{group}} {{y}}'s"}}}}
    unless_empty: [{alias}]
    columns:
      patient_id: pid
      visit_text: {{coalesce: [{alias}, {name}]}}
      modality_code: {{column: {name}, recode: {{none: ct}}}}
      imaged_on: {{column: {alias}, date: "%Y-%m-%d"}}
"""
    columns = ["pid", *(f"{group} {{y}}'s" for group in HOSTILE)]
    mapping = read_site(tmp_path, HEAD + text)
    outcome = run_table(mapping, "imaging_visit", columns, [["P1", *(f"v{n}" for n, _ in enumerate(HOSTILE))]])
    assert outcome.values("visit_text") == [f"v{n}" for n, _ in enumerate(HOSTILE)]
    named = [(p["source_column"], p["found"]) for p in outcome.problems if p["rule"] == "unlisted_code"]
    assert sorted(named) == sorted((f"{group} {{y}}'s", group) for group in HOSTILE)
    assert sorted(p["source_column"] for p in outcome.problems if p["rule"] == "not_a_date") == sorted(columns[1:])


def test_a_mapping_without_slots_compiles_without_them(tmp_path):
    mapping = read_site(tmp_path, VISITS)
    plain, slotted = compile_table(mapping, "imaging_visit", {"visits": tuple(WIDE)})
    assert (plain.has_slots, slotted.has_slots) == (False, True)
    assert "slot" not in plain.rows
    assert "UNNEST" in slotted.rows


TOGETHER = (
    HEAD
    + """\
  tumour_baseline:
    from: visits
    keep_if: "state <> 'skip'"
    unpivot:
      name: nth
      groups: [a, b, c]
      columns: {size: "{group} size", unit: "{group} unit", seen: "{group} seen"}
    unless_empty: [size, seen]
    lookup: {from: codes/kinds.csv, match: {group: nth, unit: unit}, take: {kind: modality}}
    aggregate: {by: [patient_id], columns: {largest_diameter_mm: max, imaged_on: min}}
    columns:
      patient_id: pid
      imaged_on: {column: seen, date: excel}
      largest_diameter_mm: {column: size, number: {}, unit: {column: unit, recode: {cm: cm, mm: mm}}}
      modality_code: kind
"""
)


def test_slots_are_looked_up_measured_and_aggregated(tmp_path):
    kinds = "group,unit,modality\na,cm,ct\nb,mm,mr\nb,cm,ct\n"
    columns = ["pid", "state", *(f"{group} {what}" for group in "abc" for what in ("size", "unit", "seen"))]
    records = [
        ["P1", "ok", "1.5", "cm", "40000", "12", "mm", "39999", "", "", ""],
        ["P2", "ok", "", "", "", "7", "inch", "40001", "9", "mm", ""],
        ["P3", "skip", "1", "cm", "40000", "", "", "", "", "", ""],
    ]
    mapping = read_site(tmp_path, TOGETHER, codes={"kinds.csv": kinds})
    outcome = run_table(mapping, "tumour_baseline", columns, records)
    names = ("patient_id", "_ordinal", "imaged_on", "largest_diameter_mm", "modality_code")
    assert [tuple(row[name] for name in names) for row in outcome.rows] == [
        ("P1", 1, date(2009, 7, 5), 15, "ct"),
        ("P2", 2, date(2009, 7, 7), 9, None),
    ]
    assert places(outcome.merged) == [(1, 2), (2, 3)]
    assert places(outcome.empty) == [(1, 3), (2, 1)]
    named = {(p["_record"], p["rule"], p["source_column"], p["found"]) for p in outcome.problems}
    assert named == {
        (2, "lookup_missed", "b size, b unit", "b, inch"),
        (2, "lookup_missed", "c size, c unit", "c, mm"),
        (2, "unlisted_unit", "b unit", "inch"),
    }


CROSSED = (
    HEAD
    + """\
  lab_result:
    from: visits
    unpivot:
      groups: {nth: "1..2", test: [AST, Alb]}
      columns: {day: "{nth}차 / 채혈일", result: "{nth}차 / {test}"}
    unless_empty: [result]
    columns:
      patient_id: pid
      taken_on: {column: day, date: "%Y-%m-%d"}
      analyte_code: {column: test, recode: {AST: ast, Alb: albumin}}
      reported_value_text: result
      reported_value: {column: result, number: {}}
      reported_unit: {column: test, recode: {AST: "U/L", Alb: g/dL}}
"""
)


def test_axes_that_cross_make_a_slot_for_every_pair_of_groups(tmp_path):
    columns = ["pid", *(f"{n}차 / {what}" for n in (1, 2) for what in ("채혈일", "AST", "Alb"))]
    records = [["P1", "2010-01-01", "40", "4.1", "2010-02-30", "", "low"]]
    outcome = run_table(read_site(tmp_path, CROSSED), "lab_result", columns, records)
    assert [(row["_ordinal"], row["taken_on"], row["analyte_code"], row["reported_value_text"]) for row in outcome.rows] == [
        (1, date(2010, 1, 1), "ast", "40"),
        (2, date(2010, 1, 1), "albumin", "4.1"),
        (4, None, "albumin", "low"),
    ]  # fmt: skip
    assert places(outcome.empty) == [(1, 3)]
    assert told(outcome) == {
        (1, 4, "taken_on", "2차 / 채혈일", "not_a_date"),
        (1, 4, "reported_value", "2차 / Alb", "not_a_number"),
    }
