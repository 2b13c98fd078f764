"""What would fail or explode in the ingest, whatever the delivery holds, ends in `check-mapping` with its line."""

# ruff: noqa: E501 (a table is read across)

import pytest
from support.mapping_site import HEAD, read_site, run_table

from warehouse.errors import MappingError

PATIENT = "  patient:\n    from: visits\n    columns:\n      patient_id: pid\n"

EXPLODING = "x"
for _ in range(9):
    EXPLODING = f"replace({EXPLODING}, 'a', 'aaaaaaaaaa')"

REFUSED = [
    # an expression, and what it is refused for
    ("regexp_matches(x, '(')", "'(' is not a regular expression of RE2"),
    ("regexp_extract(x, '(?=a)', 1) = 'a'", "'(?=a)' is not a regular expression of RE2"),
    ("regexp_replace(x, '[', '') = 'a'", "'[' is not a regular expression of RE2"),
    ("regexp_extract(x, '(a{1000}){1000}', 1) = 'a'", "is not a regular expression of RE2, or is too large for it"),
    ("x ~ '*'", "'*' is not a regular expression of RE2"),
    ("regexp_matches(x, y)", "a pattern is written in quotes, and not taken from a cell"),
    ("regexp_matches(x, '(' || y)", "a pattern is written in quotes, and not taken from a cell"),
    ("regexp_extract(x, '(a)', 2) = 'a'", "'(a)' has no group 2"),
    ("regexp_extract(x, 'a', 12) = 'a'", "'a' has no group 12"),
    (f"{EXPLODING} = 'a'", "can make a text of more than 1,000,000 signs out of cells of 1,000; write fewer"),
    (f"{EXPLODING.replace('x', chr(39) + 'a' + chr(39), 1)} = x", "can make a text of more than 1,000,000 signs"),
    ("replace(replace(replace(x, 'a', x), 'a', x), 'a', x) = 'a'", "can make a text of more than 1,000,000 signs"),
    ("regexp_replace(regexp_replace(x, '', y, 'g'), '', y, 'g') = 'a'", "can make a text of more than 1,000,000 signs"),
    (f"x = {'9' * 1900}", "a number has at most 38 digits; found one of 1900"),
    (f"CAST('{'9' * 100}' AS DECIMAL(18,6)) > 1", "a value written in the expression does not convert to the type that it is used as"),
    ("CAST('x' AS INTEGER) = 1", "a value written in the expression does not convert"),
    ("CAST(x AS DATE) < CAST('2010-13-45' AS DATE)", "a value written in the expression does not convert"),
    ("CAST(9223372036854775807 AS BIGINT) + CAST(1 AS BIGINT) = CAST(x AS BIGINT)", "a value written in the expression does not convert"),
]  # fmt: skip

ALLOWED = [
    "regexp_matches(x, '^[가-힣]+ \\\\p{L}?$')",
    "regexp_extract(x, '(a)(b)', 2) = 'b'",
    "replace(replace(x, ',', ''), '개월', ' months') = '3 months'",
    "regexp_replace(x, '(a)(b)', '\\\\2\\\\1', 'g') = 'ba'",
    "concat(x, '-', y, '-', x) = 'a-b-a'",
    "CAST(x AS INTEGER) > 3",
    "CAST(x AS DATE) < CAST('2010-12-31' AS DATE)",
    "1 / 0 IS NULL",
]


@pytest.mark.parametrize("place", ["expression", "keep_if"])
@pytest.mark.parametrize(("expression", "sentence"), REFUSED, ids=[text[:40] for text, _ in REFUSED])
def test_what_cannot_be_run_is_refused_with_its_line(tmp_path, place, expression, sentence):
    quoted = "'" + expression.replace("'", "''") + "'"
    line = f"      aetiology: {{expression: {quoted}}}" if place == "expression" else f"    keep_if: {quoted}"
    with pytest.raises(MappingError, match=r"mapping\.yaml:13: ") as raised:
        read_site(tmp_path, HEAD + PATIENT + line + "\n")
    assert sentence in str(raised.value)
    assert len(str(raised.value)) < 500


@pytest.mark.parametrize("expression", ALLOWED)
def test_what_can_be_run_is_not(tmp_path, expression):
    line = f'    keep_if: "{expression}"\n'
    outcome = run_table(read_site(tmp_path, HEAD + PATIENT + line), "patient", ["pid", "x", "y"], [["P1", "", "b"]])
    assert len(outcome.rows) + len(outcome.excluded) == 1


VALUES = [
    ("age_reported_years: {constant: 40000}", "'40000' is beyond what the column holds (up to 32,767)."),
    (f'age_reported_years: {{constant: "{"9" * 5000}"}}', "' is beyond what the column holds (up to 32,767)."),
    ("age_reported_years: {column: x, recode: {A: 99999}}", "'99999' is beyond what the column holds (up to 32,767)."),
    ("age_reported_years: {column: x, recode: codes/age.csv}", "'99999' is beyond what the column holds"),
    ('age_reported_years: {constant: "1e400"}', "'1e400' is beyond what the column holds (up to 32,767)."),
]  # fmt: skip


@pytest.mark.parametrize(("line", "sentence"), VALUES, ids=[line[:40] for line, _ in VALUES])
def test_a_number_too_wide_for_its_column_is_refused(tmp_path, line, sentence):
    with pytest.raises(MappingError) as raised:
        read_site(tmp_path, HEAD + PATIENT + f"      {line}\n", codes={"age.csv": "code,value\nA,99999\n"})
    assert sentence in str(raised.value)
    assert len(str(raised.value)) < 500


@pytest.mark.parametrize("number", ["999999999999.5", "1000000000000"])
def test_a_number_with_decimals_has_its_own_limit(tmp_path, number):
    text = HEAD + (
        "  observation:\n    from: visits\n    columns:\n      patient_id: pid\n"
        '      observed_on: {column: day, date: "%Y-%m-%d"}\n      observation_code: {constant: weight}\n'
        f'      value_number: {{constant: "{number}"}}\n'
    )
    with pytest.raises(MappingError, match=r"is beyond what the column holds \(up to 999,999,999,999\)\."):
        read_site(tmp_path, text)
