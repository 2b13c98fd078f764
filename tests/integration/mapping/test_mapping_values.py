"""What the mapping language makes of a value: tables of text in, value or finding out, on a real DuckDB."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from support.mapping_site import HEAD, read_site, run_table

D = Decimal


def _value(tmp_path: Path, table: str, column: str, options: str, text: str, *, codes: dict[str, str] | None = None):
    """The canonical value and the rules that the text breaks."""
    required = {
        "patient": "",
        "tumour_baseline": "",
        "adverse_event": "",
        "exposure": "      drug_code: {constant: sorafenib}\n      started_on: {constant: '2010-01-01'}\n",
    }[table]
    mapping = read_site(
        tmp_path,
        HEAD
        + f"  {table}:\n    from: visits\n    columns:\n      patient_id: pid\n{required}      {column}: {options}\n",
        codes=codes,
    )
    outcome = run_table(mapping, table, ["pid", "x", "y"], [["P1", text, "second"]])
    return outcome.rows[0], [(problem["rule"], problem["found"]) for problem in outcome.problems]


NUMBERS = [
    # text, number option, decimal sign -> value or None with a finding
    ("12", "{}", D(12)),
    ("12.5", "{}", D("12.5")),
    (" 12.5 ", "{}", D("12.5")),
    (".5", "{}", D("0.5")),
    ("+3", "{}", D(3)),
    ("-3", "{}", D(-3)),
    ("0", "{}", D(0)),
    ("1234.5678", "{}", D("1234.5678")),
    ("12,5", "{decimal: ','}", D("12.5")),
    ("1.234,5", "{decimal: ',', thousands: '.'}", D("1234.5")),
    ("1,234", "{thousands: ','}", D(1234)),
    ("1,234,567.5", "{thousands: ','}", D("1234567.5")),
    ("1234", "{thousands: ','}", D(1234)),
    ("1,23", "{thousands: ','}", None),
    ("12,5", "{}", None),
    ("1,234", "{}", None),
    ("1e3", "{}", None),
    ("1_000", "{}", None),
    ("inf", "{}", None),
    ("nan", "{}", None),
    ("0x10", "{}", None),
    ("１２", "{}", None),
    ("12 mg", "{}", None),
    ("<0.5", "{}", None),
    ("--3", "{}", None),
    ("1234567890123", "{}", None),
    ("", "{}", "missing"),
    ("NA", "{}", "missing"),
    (" - ", "{}", "missing"),
]


@pytest.mark.parametrize(("text", "option", "expected"), NUMBERS)
def test_a_number_is_digits_and_nothing_else(tmp_path, text, option, expected):
    row, problems = _value(tmp_path, "exposure", "dose_mg", f"{{column: x, number: {option}}}", text)
    if expected == "missing":
        assert (row["dose_mg"], problems) == (None, [])
    elif expected is None:
        assert (row["dose_mg"], problems) == (None, [("not_a_number", text.strip())])
    else:
        assert (row["dose_mg"], problems) == (expected, [])


@pytest.mark.parametrize(
    ("text", "expected"), [("3", 3), ("3.0", 3), ("3.5", None), ("99999", None), ("three", None), ("0", 0)]
)
def test_a_whole_number_is_never_rounded(tmp_path, text, expected):
    row, problems = _value(tmp_path, "adverse_event", "reported_grade", "{column: x, number: {}}", text)
    assert row["reported_grade"] == expected
    assert problems == ([] if expected is not None else [("not_a_number", text)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("58.7652", "a whole number such as 12"),
        ("three", "a whole number such as 12"),
        ("99999", "a whole number that the column can hold (32,767 at most)"),
    ],
)
def test_what_was_expected_of_a_whole_number_is_said(tmp_path, text, expected):
    mapping = read_site(
        tmp_path,
        HEAD
        + "  adverse_event:\n    from: visits\n    columns: {patient_id: pid, reported_grade: {column: x, number: {}}}\n",
    )
    problems = run_table(mapping, "adverse_event", ["pid", "x"], [["P1", text]]).problems
    assert [(problem["found"], problem["expected"]) for problem in problems] == [(text, expected)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12,5", "a number such as 12.5"),
        ("1234567890123", "a number that the column can hold (999,999,999,999 at most)"),
    ],
)
def test_what_was_expected_of_a_number_is_said(tmp_path, text, expected):
    columns = "patient_id: pid, drug_code: {constant: sorafenib}, started_on: {constant: '2010-01-01'}"
    mapping = read_site(
        tmp_path,
        HEAD + f"  exposure:\n    from: visits\n    columns: {{{columns}, dose_mg: {{column: x, number: {{}}}}}}\n",
    )
    problems = run_table(mapping, "exposure", ["pid", "x"], [["P1", text]]).problems
    assert [(problem["found"], problem["expected"]) for problem in problems] == [(text, expected)]


DATES = [
    ("2010-03-05", '["%Y-%m-%d"]', date(2010, 3, 5), "day"),
    ("2010-3-5", '["%Y-%m-%d"]', date(2010, 3, 5), "day"),
    ("20100305", '["%Y%m%d"]', date(2010, 3, 5), "day"),
    ("201035", '["%Y%m%d"]', None, None),
    ("2010.3.5", '["%Y-%m-%d", "%Y.%m.%d"]', date(2010, 3, 5), "day"),
    ("10.3.5", '["%Y.%m.%d"]', None, None),
    ("0010.3.5", '["%Y.%m.%d"]', None, None),
    ("1899-12-31", '["%Y-%m-%d"]', None, None),
    ("2010-13-05", '["%Y-%m-%d"]', None, None),
    ("2010-13-05", '["%Y-%m-%d", "%Y-%d-%m"]', date(2010, 5, 13), "day"),
    ("2010-02-30", '["%Y-%m-%d"]', None, None),
    ("2010-03-05x", '["%Y-%m-%d"]', None, None),
    ("2010-03-05 13:20", '["%Y-%m-%d %H:%M"]', date(2010, 3, 5), "day"),
    ("2010-03", '["%Y-%m-%d", "%Y-%m", "%Y"]', date(2010, 3, 1), "month"),
    ("2010", '["%Y-%m-%d", "%Y-%m", "%Y"]', date(2010, 1, 1), "year"),
    ("2010년 3월", '["%Y년 %m월 %d일", "%Y년 %m월"]', date(2010, 3, 1), "month"),
    ("2010년 3월 5일", '["%Y년 %m월 %d일", "%Y년 %m월"]', date(2010, 3, 5), "day"),
    ("05/03/2010", '["%d/%m/%Y"]', date(2010, 3, 5), "day"),
    ("5/3/2010", '["%d/%m/%Y"]', date(2010, 3, 5), "day"),
    ("5-Mar-2010", '["%d-%b-%Y"]', date(2010, 3, 5), "day"),
    ("20100305", '["%Y%m%d"]', date(2010, 3, 5), "day"),
    ("2010035", '["%Y%m%d"]', None, None),  # without a sign between, nobody knows which part has one digit
    ("5032010", '["%d%m%Y"]', None, None),
    ("05-Mar-2010", '["%d-%b-%Y"]', date(2010, 3, 5), "day"),
    ("40242", '["excel"]', date(2010, 3, 5), "day"),
    ("40242.99", '["excel"]', date(2010, 3, 5), "day"),
    ("40242,5", '["excel"]', date(2010, 3, 5), "day"),
    ("1", '["excel"]', date(1900, 1, 1), "day"),
    ("59", '["excel"]', date(1900, 2, 28), "day"),
    ("60", '["excel"]', None, None),  # the 29 February 1900 that never was
    ("61", '["excel"]', date(1900, 3, 1), "day"),
    ("0", '["excel"]', None, None),
    ("-1", '["excel"]', None, None),
    ("4.0E4", '["excel"]', None, None),
    ("73050", '["excel"]', date(2099, 12, 31), "day"),
    ("73051", '["excel"]', None, None),
    ("20100305", '["excel"]', None, None),
    ("38780", '["excel1904"]', date(2010, 3, 5), "day"),
    ("0", '["excel1904"]', date(1904, 1, 1), "day"),
    ("71589", '["excel1904"]', None, None),
    ("2010", '["%Y", "excel"]', date(2010, 1, 1), "year"),
    ("40242", '["%Y-%m-%d", "excel"]', date(2010, 3, 5), "day"),
]


@pytest.mark.parametrize(("text", "formats", "expected", "precision"), DATES)
def test_a_date_has_a_declared_form_and_a_precision(tmp_path, text, formats, expected, precision):
    options = f"{{column: x, date: {{formats: {formats}, precision: birth_date_precision}}}}"
    row, problems = _value(tmp_path, "patient", "birth_date", options, text)
    assert (row["birth_date"], row["birth_date_precision"]) == (expected, precision)
    assert problems == ([] if expected else [("not_a_date", text)])


@pytest.mark.parametrize(
    ("text", "expected", "rules"),
    [
        ("Y", True, []),
        ("예", True, []),
        ("N", False, []),
        ("y", None, ["not_a_boolean"]),
        ("NA", None, []),
        ("?", None, ["not_a_boolean"]),
    ],
)
def test_yes_and_no_are_listed_words(tmp_path, text, expected, rules):
    options = "{column: x, boolean: {true: [Y, 예], false: [N]}}"
    row, problems = _value(tmp_path, "patient", "is_unresectable", options, text)
    assert row["is_unresectable"] is expected
    assert [rule for rule, _ in problems] == rules


@pytest.mark.parametrize(
    ("text", "expected", "rules"),
    [
        ("남", "male", []),
        ("\u1102\u1161\u11b7", "male", []),  # 남, decomposed
        ("여", "female", []),
        ("01", "male", []),
        ("1", None, ["unlisted_code"]),
        ("?", None, []),  # listed, and known to say nothing
        ("M", None, ["unlisted_code"]),
        ("미시행", None, []),
    ],
)
def test_a_code_is_recoded_or_found(tmp_path, text, expected, rules):
    inline = "{column: x, recode: {남: male, 여: female, 01: male, '?': null}}"
    listed = {"sexes.csv": "code,value,note\n남,male,\n여,female,\n01,male,old system\n?,,known to say nothing\n"}
    for options in (inline, "{column: x, recode: codes/sexes.csv}"):
        row, problems = _value(tmp_path, "patient", "sex", options, text, codes=listed)
        assert row["sex"] == expected
        assert [rule for rule, _ in problems] == rules


@pytest.mark.parametrize(
    ("options", "text", "expected", "rules"),
    [
        ("x", " as it is ", "as it is", []),
        ("{coalesce: [x, y]}", "NA", "second", []),
        ("{coalesce: [x, y]}", "first", "first", []),
        ("{constant: fixed}", "whatever", "fixed", []),
        ("{column: x, missing: ['999']}", "999", None, []),
        ("{column: x, split: {separator: /, part: 2}}", "120 / 80", "80", []),
        ("{column: x, split: {separator: /, part: 2}}", "120 / -", None, []),
        ("{column: x, split: {separator: /, part: 3}}", "120/80", None, []),
        ("{column: x, split: {separator: /, part: -1}}", "120/80", "80", []),
        ("{column: x, extract: 'G(?P<grade>[0-5])', group: grade}", "HFS G2", "2", []),
        ("{column: x, extract: 'G([0-5])', group: 1}", "HFS", None, ["no_match"]),
        ("{column: x, extract: 'G[0-5]'}", "HFS G3", "G3", []),
        ("{expression: \"upper(x) || ':' || y\"}", "a", "A:second", []),
        ("{expression: \"CASE WHEN x = 'a' THEN y END\"}", "b", None, []),
        ('{expression: "TRY_CAST(x AS INTEGER) + 1"}', "b", None, []),
        ('{expression: "CAST(x AS INTEGER) + 1"}', "b", None, ["no_match"]),
        ('{expression: "CAST(x AS INTEGER) + 1"}', "4", "5", []),
    ],
)
def test_a_text_is_taken_cut_or_made(tmp_path, options, text, expected, rules):
    row, problems = _value(tmp_path, "adverse_event", "verbatim_text", options, text)
    assert row["verbatim_text"] == expected
    assert [rule for rule, _ in problems] == rules


@pytest.mark.parametrize(
    ("options", "text", "expected"),
    [
        ("{column: x, extract: 'G([0-5])', group: 1, number: {}}", "HFS G2", 2),
        ("{column: x, extract: 'G([0-5])', group: 1}", "HFS G2", 2),
        ("{column: x, recode: {경증: 1, 중증: 3}}", "중증", 3),
        ("{column: x, split: {separator: ' ', part: 2}, recode: {II: 2}}", "Gr II", 2),
        ("{expression: \"replace(x, 'G', '')\", recode: {'2': 3}}", "G2", 3),
    ],
)
def test_a_cut_goes_before_a_meaning(tmp_path, options, text, expected):
    row, problems = _value(tmp_path, "adverse_event", "reported_grade", options, text)
    assert (row["reported_grade"], problems) == (expected, [])


def test_a_constant_unit_is_converted(tmp_path):
    row, problems = _value(tmp_path, "tumour_baseline", "largest_diameter_mm", "{column: x, unit: cm}", "3.25")
    assert (row["largest_diameter_mm"], problems) == (D("32.5"), [])
    row, problems = _value(tmp_path, "tumour_baseline", "largest_diameter_mm", "{column: x, unit: cm}", "999999999999")
    assert (row["largest_diameter_mm"], problems) == (None, [("not_a_number", "999999999999")])


@pytest.mark.parametrize(
    ("text", "unit", "expected", "told"),
    [
        ("3.25", "cm", D("32.5"), []),
        ("3.25", " mm ", D("3.25"), []),
        ("3.25", "센티", D("32.5"), []),
        ("3.25", "inch", None, [("unlisted_unit", "y", "inch")]),
        ("3.25", "NA", None, [("no_unit", "y", None)]),
        ("x", "cm", None, [("not_a_number", "x", "x")]),
        ("x", "", None, [("no_unit", "y", None), ("not_a_number", "x", "x")]),
        ("", "inch", None, []),
        ("99999999999", "cm", D("999999999990"), []),
        ("999999999999", "cm", None, [("not_a_number", "x", "999999999999")]),
    ],
)
def test_a_number_is_converted_by_the_unit_in_its_row(tmp_path, text, unit, expected, told):
    mapping = read_site(
        tmp_path,
        HEAD
        + """\
  tumour_baseline:
    from: visits
    columns:
      patient_id: pid
      largest_diameter_mm: {column: x, unit: {column: y, recode: {cm: cm, 센티: cm, mm: mm}}}
""",
    )
    outcome = run_table(mapping, "tumour_baseline", ["pid", "x", "y"], [["P1", text, unit]])
    assert outcome.values("largest_diameter_mm") == [expected]
    problems = [(problem["rule"], problem["source_column"], problem["found"]) for problem in outcome.problems]
    assert sorted(problems, key=str) == sorted(told, key=str)
    assert {problem["column_name"] for problem in outcome.problems} <= {"largest_diameter_mm"}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [("x = 'a'", True), ("x = 'b'", False), ("TRY_CAST(x AS INTEGER) > 1", None)],
)
def test_an_expression_may_answer_yes_or_no(tmp_path, expression, expected):
    row, problems = _value(tmp_path, "patient", "is_unresectable", f'{{expression: "{expression}"}}', "a")
    assert (row["is_unresectable"], problems) == (expected, [])
