"""A pseudonymised column compared with a word never matches: a mapping that does so is refused, wherever it does."""

import pytest
from support.mapping_site import HEAD, read_site

from warehouse.errors import MappingError

PATIENT = "  patient:\n    from: visits\n    columns:\n      patient_id: pid\n"
TWO = HEAD.replace("pid: pseudonymise,", "pid: pseudonymise, 번호2: pseudonymise,")

CONDITIONS = [
    "pid <> '계'",
    "pid = '계' OR x = '1'",
    "'계' = (pid)",
    "pid IS DISTINCT FROM '계'",
    "pid IN ('계', '합계')",
    "x IN ('1', pid)",
    "pid LIKE 'S%'",
    "pid ILIKE '%계'",
    "NOT regexp_matches(pid, '[0-9]+')",
    "length(pid) > 3",
    "left(pid, 1) = 'S'",
    "upper(pid) = x",
    "pid = x",
    "pid BETWEEN '1' AND '9'",
    "CAST(pid AS INTEGER) > 0",
    "starts_with(pid, 'S')",
    "coalesce(pid, '계') = '계'",
    "nullif(pid, '계') IS NOT NULL",
    "CASE WHEN pid = '계' THEN FALSE ELSE TRUE END",
    "CASE pid WHEN '계' THEN FALSE ELSE TRUE END",
    "(pid || x) = '계1'",
    "concat(pid, x) LIKE '계%'",
    "pid IS TRUE",
    "CAST(pid AS BOOLEAN)",
]
READINGS = [
    "{expression: \"CASE WHEN pid = '계' THEN 'male' ELSE 'female' END\"}",
    "{expression: \"CASE pid WHEN '계' THEN 'male' ELSE 'female' END\"}",
    '{expression: "substring(pid, 8, 1)", recode: {"1": male}}',
    "{expression: \"CASE WHEN x = '1' THEN pid END\", recode: {계: male}}",
    '{expression: "coalesce(x, pid)", recode: {계: male}}',
    "{column: pid, recode: {계: male}}",
    "{column: pid, recode: codes/sex.csv}",
    "{coalesce: [x, pid], recode: {계: male}}",
    "{column: pid, extract: 'S'}",
    "{column: pid, split: {separator: '-', part: 1}}",
    '{column: pid, missing: ["999"]}',
]
OTHERS = [
    ("      age_reported_years: {column: pid, number: {}}\n"),
    ("      birth_date: {column: pid, date: '%Y'}\n"),
    ("      is_unresectable: {column: pid, boolean: {true: [Y]}}\n"),
    ("    unpivot: {name: v, groups: [pi], columns: {a: '{group}d'}, ticked: a}\n"),
    ("      sex: {column: a, recode: {계: male}}\n    unpivot: {name: v, groups: [pi], columns: {a: '{group}d'}}\n"),
    ("    explode: {columns: [pid], separator: ';'}\n"),
    ("      sex: {column: b, recode: {계: male}}\n    lookup: {from: visits, match: {x: x}, take: {b: pid}}\n"),
    ("    lookup: {from: visits, match: {x: x}, take: {b: y}, effective: {date: pid, formats: '%Y-%m-%d', from: z}}\n"),
    ("    lookup: {from: visits, match: {x: x}, take: {b: y}, effective: {date: z, formats: '%Y-%m-%d', from: pid}}\n"),
]
FAIR = [
    "    keep_if: pid IS NOT NULL\n",
    "    keep_if: coalesce(pid, 번호2) IS NOT NULL AND x <> '계'\n",
    "    keep_if: pid = 번호2 OR (pid) IS DISTINCT FROM (번호2)\n",
    "    keep_if: CASE WHEN pid IS NULL THEN x = '1' ELSE TRUE END\n",
    "    unless_empty: pid\n",
    "      aetiology: {expression: \"pid || '-' || x\"}\n",
    "      aetiology: {expression: \"CASE WHEN x = '1' THEN pid ELSE 번호2 END\"}\n",
    "      aetiology: {expression: \"CASE WHEN pid = 번호2 THEN 'same' END\"}\n",
    "      aetiology: {coalesce: [pid, 번호2]}\n",
    "      sex: {column: x, missing: ['9'], recode: {'1': male}}\n",
]


def _refusal(tmp_path, lines: str) -> str:
    with pytest.raises(MappingError) as raised:
        read_site(tmp_path, HEAD + PATIENT + lines, codes={"sex.csv": "code,value\n계,male\n"})
    return str(raised.value)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_on_a_pseudonymised_column_is_refused(tmp_path, condition):
    said = _refusal(tmp_path, "    keep_if: {when: " + '"' + condition + '"}\n')
    assert "mapping.yaml:13: 'pid' is pseudonymised under 'identity:' before this reads it, so no word" in said
    assert '"pid IS NOT NULL"' in said


@pytest.mark.parametrize("reading", READINGS)
def test_a_meaning_read_out_of_a_pseudonym_is_refused(tmp_path, reading):
    assert "mapping.yaml:13: 'pid' is pseudonymised" in _refusal(tmp_path, f"      sex: {reading}\n")


@pytest.mark.parametrize("lines", OTHERS)
def test_every_other_place_is_refused(tmp_path, lines):
    assert "is pseudonymised under 'identity:' before this reads it" in _refusal(tmp_path, lines)


@pytest.mark.parametrize("lines", FAIR)
def test_what_a_pseudonym_can_answer_is_allowed(tmp_path, lines):
    assert read_site(tmp_path, TWO + PATIENT + lines).site == "demo"
