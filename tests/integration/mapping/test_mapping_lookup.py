"""Look-ups: what is brought beside a record, what is told when nothing or too much matches, what is refused."""

# ruff: noqa: E501 (a table is read across)

from decimal import Decimal

import pytest
from support.mapping_site import HEAD, read_site, run_table

from etl.mapping.compiler.compile import compile_table
from etl.mapping.compiler.source_columns import check_columns, identity_columns, used_columns
from warehouse.errors import DeliveryError, MappingError

SOURCES = HEAD.replace(
    '  visits: {file: "visits*.csv"}\n',
    '  visits: {file: "visits*.csv"}\n  people: {file: "people*.csv"}\n  ranges: {file: "ranges*.csv"}\n',
)
LABS = (
    SOURCES
    + """\
  lab_result:
    from: visits
    lookup:
      - from: people
        match: {pid: pid}
        take: {patient_sex: sex}
      - from: ranges
        match: {code: test, sex: patient_sex}
        effective: {date: day, formats: ["%Y%m%d"], range_formats: ["%Y-%m-%d"], from: since, to: until}
        take: {LLN: low, ULN: high}
    columns:
      patient_id: pid
      taken_on: {column: day, date: ["%Y%m%d"]}
      analyte_code: {column: test, recode: {AST: ast, ALB: albumin}}
      reported_value_text: result
      lower_limit: {column: LLN, number: {}}
      upper_limit: {column: ULN, number: {}}
"""
)
COLUMNS = ["pid", "day", "test", "result"]
PEOPLE = (["pid", "sex"], [["P1", "M"], ["P2", " F "], ["P3", "F"], ["P3", "M"], ["P5", "F"], ["P5", "F"], ["NA", "M"]])
RANGES = (
    ["code", "sex", "since", "until", "low", "high"],
    [
        ["AST", "M", "", "2010-06-30", "0", "40"],
        ["AST", "M", "2010-07-01", "", "0", "50"],
        ["AST", "F", "2010-01-01", "2010-12-31", "0", "35"],
        ["AST", "F", "2010-12-01", "2011-12-31", "0", "36"],
        ["ALB", "M", "2010-01-01", "someday", "3", "5"],
        ["ALB", "F", "", "", "3", "NA"],
        ["-", "F", "", "", "9", "9"],
    ],
)

CASES = [
    # patient, day, test -> lower, upper, rules with what was found
    ("P1", "20100630", "AST", "0", "40", []),
    ("P1", "20100701", "AST", "0", "50", []),
    ("P1", "19990101", " AST ", "0", "40", []),
    ("P2", "20100101", "AST", "0", "35", []),
    ("P2", "20101130", "AST", "0", "35", []),
    ("P2", "20101201", "AST", None, None, [("lookup_ambiguous", "AST, F, 20101201")]),
    ("P2", "20110101", "AST", "0", "36", []),
    ("P2", "20120101", "AST", None, None, [("lookup_missed", "AST, F, 20120101")]),
    ("P2", "20120101", "ALB", "3", None, []),
    ("P1", "20120101", "ALB", None, None, [("lookup_ambiguous", "ALB, M, 20120101")]),  # its end cannot be read
    ("P1", "20091231", "ALB", None, None, [("lookup_missed", "ALB, M, 20091231")]),  # its beginning can
    ("P3", "20100101", "AST", None, None, [("lookup_ambiguous", "P3")]),  # and no second finding for what follows
    ("P5", "20100101", "AST", "0", "35", []),  # two records there that say the same are one answer
    ("P4", "20100101", "AST", None, None, [("lookup_missed", "P4")]),
    ("P1", "", "AST", None, None, [("lookup_missed", "AST, M")]),
    ("P1", "2010-07-01", "AST", None, None, [("not_a_date", "2010-07-01"), ("not_a_date", "2010-07-01")]),
    ("P2", "20100101", "-", None, None, [("lookup_missed", "F, 20100101")]),  # an empty key never matches an empty one
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(case[:3]))
def test_limits_are_looked_up_by_test_sex_and_day(tmp_path, case):
    patient, day, test, lower, upper, told = case
    records = [[patient, day, test, "12"]]
    outcome = run_table(
        read_site(tmp_path, LABS), "lab_result", COLUMNS, records, beside={"people": PEOPLE, "ranges": RANGES}
    )
    (row,) = outcome.rows
    assert [row["lower_limit"], row["upper_limit"]] == [limit and Decimal(limit) for limit in (lower, upper)]
    assert sorted((problem["rule"], problem["found"]) for problem in outcome.problems) == sorted(told)


def test_a_lookup_never_makes_two_rows_of_one(tmp_path):
    records = [["P3", "20101215", "AST", str(number)] for number in range(50)]
    outcome = run_table(
        read_site(tmp_path, LABS), "lab_result", COLUMNS, records, beside={"people": PEOPLE, "ranges": RANGES}
    )
    assert [row["_record"] for row in outcome.rows] == list(range(1, 51))


def test_what_is_told_names_the_columns_and_the_place(tmp_path):
    wrong = (RANGES[0], [["AST", "F", "", "", "low", "35"]])
    outcome = run_table(
        read_site(tmp_path, LABS),
        "lab_result",
        COLUMNS,
        [["P2", "20100101", "AST", "1"], ["P9", "20100101", "AST", "1"]],
        beside={"people": PEOPLE, "ranges": wrong},
    )
    told = {(p["_record"], p["column_name"], p["source_column"], p["rule"], p["expected"]) for p in outcome.problems}
    assert told == {
        (1, "lower_limit", "low (ranges)", "not_a_number", "a number such as 12.5"),
        (2, None, "pid", "lookup_missed", "people (pid)"),
    }


LIMITS = "code,low,high\nAST,0,40\nALB,3.5,5\nALB,3.4,5\n"
TABLE = (
    HEAD
    + """\
  lab_result:
    from: visits
    keep_if: "result <> 'lost'"
    lookup: {from: codes/limits.csv, match: {code: test}, take: {LLN: low, ULN: high}, optional: true}
    columns:
      patient_id: pid
      taken_on: {column: day, date: ["%Y%m%d"]}
      analyte_code: {column: test, recode: {AST: ast, ALB: albumin, INR: inr}}
      lower_limit: {coalesce: [own_low, LLN], number: {}}
      upper_limit: {expression: "CASE WHEN ULN IS NOT NULL THEN ULN END", number: {}}
"""
)


def test_a_table_of_the_sites_folder_is_looked_up_like_a_source(tmp_path):
    mapping = read_site(tmp_path, TABLE, codes={"limits.csv": LIMITS})
    records = [
        ["P1", "20100101", "AST", "12", ""],
        ["P1", "20100101", "AST", "12", "7"],
        ["P1", "20100101", "INR", "1", ""],
        ["P1", "20100101", "ALB", "4", ""],
        ["P1", "20100101", "AST", "lost", ""],
    ]
    outcome = run_table(mapping, "lab_result", [*COLUMNS, "own_low"], records)
    assert outcome.values("lower_limit") == [Decimal(0), Decimal(7), None, None]
    assert outcome.values("upper_limit") == [Decimal(40), Decimal(40), None, None]
    assert [(p["_record"], p["rule"], p["found"]) for p in outcome.problems] == [(4, "lookup_ambiguous", "ALB")]
    assert [row["_record"] for row in outcome.excluded] == [5]


def test_the_tables_bytes_are_part_of_the_mappings_fingerprint(tmp_path):
    before = read_site(tmp_path, TABLE, codes={"limits.csv": LIMITS}).sha256
    assert read_site(tmp_path, TABLE, codes={"limits.csv": LIMITS.replace("40", "41")}).sha256 != before


def test_a_source_that_is_only_looked_up_in_is_used_and_must_be_whole(tmp_path):
    mapping = read_site(tmp_path, LABS)
    delivered = {"visits": tuple(COLUMNS), "people": ("pid", "sex", "height"), "ranges": tuple(RANGES[0])}
    told = [(note.rule, note.source, note.source_column) for note in check_columns(mapping, delivered)]
    assert [note for note in told if note[0] in {"unused_source", "unused_column"}] == [
        ("unused_column", "people", "height")
    ]
    assert used_columns(mapping, "ranges") == set(RANGES[0])
    assert identity_columns(mapping)["people"] == {"pid"}
    with pytest.raises(
        DeliveryError, match=r"mapping\.yaml:17: the source 'ranges' \(ranges\*\.csv\) has no column 'low'"
    ):
        check_columns(mapping, delivered | {"ranges": ("code", "sex", "since", "until", "high")})
    with pytest.raises(DeliveryError, match=r"the source 'visits' .* has no column 'test'"):
        check_columns(mapping, delivered | {"visits": ("pid", "day", "result")})


def test_a_patient_may_be_looked_up(tmp_path):
    mapping = read_site(
        tmp_path,
        SOURCES
        + """\
  lesion:
    from: visits
    lookup: {from: people, match: {scan: scan}, take: {patient: pid, day: day}}
    columns:
      patient_id: patient
      imaged_on: {column: day, date: "%Y%m%d"}
      lesion_label: n
""",
    )
    people = (["scan", "pid", "day"], [["S1", "P1", "20100101"], ["S2", "P2", "20100201"]])
    outcome = run_table(mapping, "lesion", ["scan", "n"], [["S2", "1"], ["S1", "1"]], beside={"people": people})
    assert outcome.values("patient_id") == ["P2", "P1"]


def test_the_sql_reads_top_down(tmp_path):
    mapping = read_site(tmp_path, TABLE, codes={"limits.csv": LIMITS})
    (plan,) = compile_table(mapping, "lab_result", {"visits": (*COLUMNS, "own_low")})
    assert (
        """\
lookup_1 AS (
  SELECT
    "_key_1",
    COUNT(DISTINCT {'said_1': "LLN", 'said_2': "ULN"}) AS _matches,
    CASE WHEN COUNT(DISTINCT {'said_1': "LLN", 'said_2': "ULN"}) = 1 THEN ANY_VALUE("LLN") END AS "LLN",
    CASE WHEN COUNT(DISTINCT {'said_1': "LLN", 'said_2': "ULN"}) = 1 THEN ANY_VALUE("ULN") END AS "ULN"
  FROM lookup_1_source
  WHERE
    "_key_1" IS NOT NULL
  GROUP BY
    "_key_1"
), kept AS (
  SELECT
    records.*,
    "lookup_1"."LLN",
    "lookup_1"."ULN",
    "lookup_1"."_matches" AS "_matches_1"
  FROM records
  LEFT JOIN lookup_1
    ON "records"."test" = "lookup_1"."_key_1"
)"""
        in plan.rows
    )


HEADER_LINES = SOURCES.count("\n")
MISTAKES = [
    # a look-up, and what is said of it
    ("{from: peple, match: {pid: pid}, take: {s: sex}}", "'peple' is neither a source nor a table codes/<name>.csv. Did you mean 'people'?"),
    ("{from: codes/none.csv, match: {a: b}, take: {c: d}}", "there is no file 'codes/none.csv' in the site's folder (found: limits.csv)."),
    ("{from: codes/limits.csv, match: {cod: test}, take: {c: low}}", "the table 'codes/limits.csv' has no column 'cod'. Did you mean 'code'?"),
    ("{from: people, match: {pid: pid}, take: {}}", "'tables.patient.lookup.take' must be at least 1 entry"),
    ("{from: people, match: {pid: pid}, tak: {s: sex}}", "'tak' is not an option here. Did you mean 'take'?"),
    ("{from: people, match: {pid: pid}, take: {x: sex}}", "'x' is read from the record itself above; choose another new name."),
    ("{from: people, match: {pid: pid}, take: {_s: sex}}", "'_s' begins with _; choose another new name."),
    ("{from: people, match: {pid: test}, take: {s: sex}}", "'pid' is pseudonymised under 'identity:' and 'test' is not, so the two never match."),
    ("{from: codes/limits.csv, match: {code: pid}, take: {s: low}}", "'pid' is pseudonymised under 'identity:' and 'code' is not, so the two never match."),
    ("{from: people, match: {pid: pid}, take: {s: name}}", "'name' is dropped under 'identity:', so nothing can read it."),
    ("[{from: people, match: {pid: pid}, take: {s: sex}}, {from: people, match: {pid: pid}, take: {s: age}}]", "'s' is brought twice; choose another new name."),
    ("[{from: ranges, match: {sex: s}, take: {low: low}}, {from: people, match: {pid: pid}, take: {s: sex}}]", "'s' is brought by this look-up or a later one; put the one that brings it first."),
    ("{from: ranges, match: {code: test}, take: {low: low}, effective: {date: day, formats: '%Y%m%d'}}", "'tables.patient.lookup.effective': say 'from', 'to' or both."),
    ("{from: ranges, match: {code: test}, take: {low: low}, effective: {date: day, formats: '%Y-%m', to: until}}", "'%Y-%m' has no day; what holds on a day is asked by the day."),
    ("{from: ranges, match: {code: test}, take: {low: low}, effective: {date: day, formats: '%y%m%d', to: until}}", "'%y%m%d' reads a two-digit year"),
    ("{from: ranges, match: {code: test}, take: {low: low}, effective: {dat: day, formats: '%Y', to: until}}", "'dat' is not an option here. Did you mean 'date'?"),
]  # fmt: skip


@pytest.mark.parametrize(("lookup", "sentence"), MISTAKES, ids=[lookup for lookup, _ in MISTAKES])
def test_a_mistake_is_told_with_its_line(tmp_path, lookup, sentence):
    mapping = f"{SOURCES}  patient:\n    from: visits\n    keep_if: \"x = '1'\"\n    lookup: {lookup}\n    columns: {{patient_id: pid}}\n"
    with pytest.raises(MappingError) as raised:
        read_site(tmp_path, mapping, codes={"limits.csv": LIMITS})
    assert f"demo/mapping.yaml:{HEADER_LINES + 4}: " in str(raised.value)
    assert sentence in str(raised.value)


TABLES = [
    ("", 1, "every column of the header needs a name."),
    ("code,,high\nAST,0,40\n", 1, "every column of the header needs a name."),
    ("code,low,Code\nAST,0,40\n", 1, "the column 'code' is named twice."),
    ("code,low,high\n", 1, "the table holds no row."),
    ("code,low,high\nAST,0\n", 2, "the line has 2 fields, the header 3."),
    ('code,low,high\nAST,0,"40\n', 2, "the line is not valid CSV; check its quotes."),
]


@pytest.mark.parametrize(("text", "line", "sentence"), TABLES)
def test_a_mistake_in_a_table_is_told_in_the_table(tmp_path, text, line, sentence):
    with pytest.raises(MappingError) as raised:
        read_site(tmp_path, TABLE, codes={"limits.csv": text})
    assert f"demo/codes/limits.csv:{line}: {sentence}" in str(raised.value)


def test_a_day_of_a_table_that_cannot_be_read_is_told_before_anything_is(tmp_path):
    effective = 'effective: {date: day, formats: ["%Y%m%d"], from: since}, take: {LLN: low'
    text = "code,since,low,high\nAST,20100101,0,1\n\nAST,,0,1\nALB,2010,0,1\n"
    with pytest.raises(MappingError, match=r"limits\.csv:5: '2010' in 'since' fits none of %Y%m%d\."):
        read_site(tmp_path, TABLE.replace("take: {LLN: low", effective), codes={"limits.csv": text})


FINDINGS = (
    SOURCES
    + """\
  patient:
    from: visits
    lookup:
      - {from: people, match: {pid: pid}, where: {test: SEX}, take: {found_sex: answer}}
      - {from: people, match: {pid: pid}, where: {test: CAUSE}, take: {cause: answer}, optional: true}
    columns:
      patient_id: pid
      sex: {column: found_sex, recode: {F: female, M: male}}
      aetiology: {column: cause, recode: {B: hbv}}
"""
)


def test_a_lookup_takes_only_records_that_hold_a_word(tmp_path):
    people = (["pid", "test", "answer"], [["P1", "SEX", "F"], ["P1", "CAUSE", " B"], ["P2", "CAUSE", "B"]])
    outcome = run_table(read_site(tmp_path, FINDINGS), "patient", ["pid"], [["P1"], ["P2"]], beside={"people": people})
    assert [(row["sex"], row["aetiology"]) for row in outcome.rows] == [("female", "hbv"), (None, "hbv")]
    (told,) = outcome.problems
    assert (told["rule"], told["found"], told["expected"]) == ("lookup_missed", "P2", "people (pid, SEX)")


def test_a_word_is_not_looked_for_in_a_pseudonym(tmp_path):
    with pytest.raises(MappingError, match=r"'pid' is pseudonymised under 'identity:', so it never holds a word\."):
        read_site(
            tmp_path,
            "identity: {pid: pseudonymise}\n" + FINDINGS.replace("where: {test: SEX}", "where: {pid: P1}"),
        )
