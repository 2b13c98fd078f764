"""The compiled SQL and a slow reading of the manual agree on generated cells, for every operation of the language."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import mapping_oracle as oracle
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.mapping_site import HEAD, read_site, run_table

MISSING = ["NA", "-", "미시행"]
DATES = ["%Y-%m-%d", "%Y.%m.%d", "%Y년 %m월 %d일", "%Y-%m", "%Y"]

ANALYTES = {"Alb": "albumin", "T.Bil": "bilirubin_total", "알부민": "albumin", "?": None}

MAPPING = (
    HEAD
    + """\
  lab_result:
    from: visits
    keep_if: "test <> 'skip'"
    unless_empty: [value, low]
    columns:
      patient_id: pid
      taken_on: {column: day, date: ["%Y-%m-%d", "%Y.%m.%d", "%Y년 %m월 %d일", "%Y-%m", "%Y"]}
      analyte_code: {column: test, recode: {Alb: albumin, T.Bil: bilirubin_total, 알부민: albumin, "?": null}}
      reported_value_text: {coalesce: [value, low]}
      reported_value: {column: value, number: {qualifier: value_qualifier}}
      lower_limit: {column: low, number: {decimal: ",", thousands: "."}}
      upper_limit: {column: low, split: {separator: "~", part: 2}, number: {}}
      is_fasting: {column: fasting, boolean: {true: [Y, 예], false: [N]}}
"""
)
COLUMNS = ["pid", "day", "test", "value", "low", "fasting"]

FORMS = [
    "{y}-{m}-{d}",
    "{y}-{m:02}-{d:02}",
    "{y}.{m}.{d}",
    "{y}년 {m}월 {d}일",
    "{y}-{m}",
    "{y}",
    "{d}.{m}.{y}",
    "{y}-{m}-{d} ",
]
noise = st.sampled_from(
    ["", " ", "NA", " - ", "미시행", "inf", "nan", "1e3", "1_000", "--1", "1.2.3", "+", ".", "５", "\u1102\u1161"]
)
numbers = st.one_of(
    noise,
    st.from_regex(r"[+-]?[0-9]{1,5}([.,][0-9]{1,8})?", fullmatch=True),
    st.from_regex(r"(<|>|<=|>=|≤|≥) ?[0-9]{1,3}(\.[0-9]{1,3})?", fullmatch=True),
    st.from_regex(r"[0-9]{1,3}(\.[0-9]{2,3}){1,3}(,[0-9]{1,2})?", fullmatch=True),
    st.from_regex(r"[0-9]{10,14}(\.[0-9])?", fullmatch=True),
    st.from_regex(r"[0-9]{1,2}~[0-9.]{0,4}", fullmatch=True),
)
days = st.one_of(
    noise,
    st.builds(
        lambda form, year, month, day: form.format(y=year, m=month, d=day),
        st.sampled_from(FORMS),
        st.sampled_from([1, 10, 99, 1899, 1900, 2010, 2012, 2099, 2100]),
        st.integers(0, 13),
        st.integers(0, 32),
    ),
)  # fmt: skip
tests = st.sampled_from(
    [
        "Alb",
        "alb",
        "T.Bil",
        "알부민",
        "\u110b\u1161\u11af\u1107\u116e\u1106\u1175\u11ab",
        "?",
        "skip",
        "NA",
        "",
        " Alb ",
    ]
)
fasting = st.sampled_from(["Y", "예", "N", "y", "NA", "", " N", "Y N"])
records = st.lists(st.tuples(st.just("P1"), days, tests, numbers, numbers, fasting), min_size=1, max_size=30)


@pytest.fixture(scope="module")
def mapping(tmp_path_factory: pytest.TempPathFactory):
    return read_site(tmp_path_factory.mktemp("site"), MAPPING)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(records)
def test_the_sql_reads_every_cell_as_the_manual_says(mapping, generated):
    outcome = run_table(mapping, "lab_result", COLUMNS, generated)
    names = (
        "taken_on",
        "analyte_code",
        "reported_value_text",
        "value_qualifier",
        "reported_value",
        "lower_limit",
        "upper_limit",
        "is_fasting",
    )
    rows = {row["_record"]: {name: row[name] for name in names} for row in outcome.rows}
    problems = {(row["_record"], row["column_name"], row["rule"]) for row in outcome.problems}
    problems = {problem for problem in problems if not str(problem[2]).startswith("unit_")}
    excluded = {row["_record"] for row in outcome.excluded}
    empty = {row["_record"] for row in outcome.empty}
    assert (rows, problems, excluded, empty) == _read_slowly(generated)


def _read_slowly(generated: list[tuple[str, ...]]) -> tuple[dict, set, set, set]:
    rows: dict[int, dict[str, Any]] = {}
    problems, excluded, empty = set(), set(), set()
    for record, cells in enumerate(generated, start=1):
        _, day, test, value, low, fast = (oracle.clean(cell, MISSING) for cell in cells)
        if test == "skip":
            excluded.add(record)
            continue
        if value is None and low is None:
            empty.add(record)
            continue
        if test is None:
            problems.add((record, None, "condition_unknown"))

        def attempt(name: str, text: str | None, read: Callable[[str], Any], *, record: int = record) -> Any:
            if text is None:
                return None
            try:
                return read(text)
            except oracle.UnreadableError as wrong:
                problems.add((record, name, str(wrong)))
                return None

        found = attempt("reported_value", value, oracle.qualified)
        upper = None if low is None else oracle.clean(oracle.part_of(low, "~", 2), MISSING)
        rows[record] = {
            "taken_on": (attempt("taken_on", day, lambda text: oracle.day(text, DATES)) or [None])[0],
            "analyte_code": attempt("analyte_code", test, lambda text: _listed(text, ANALYTES, "unlisted_code")),
            "reported_value_text": value if value is not None else low,
            "value_qualifier": found and found[0],
            "reported_value": found and found[1],
            "lower_limit": attempt("lower_limit", low, lambda text: oracle.number(text, decimal=",", thousands=".")),
            "upper_limit": attempt("upper_limit", upper, oracle.number),
            "is_fasting": attempt(
                "is_fasting", fast, lambda text: _listed(text, {"Y": True, "예": True, "N": False}, "not_a_boolean")
            ),
        }
    return rows, problems, excluded, empty


def _listed(text: str, known: dict[str, Any], rule: str) -> Any:
    if text not in known:
        raise oracle.UnreadableError(rule)
    return known[text]


def test_the_oracle_can_tell_right_from_wrong():
    assert oracle.day("2010-02-28", DATES) == (date(2010, 2, 28), "day")
    assert oracle.number("1.234,5", decimal=",", thousands=".") == Decimal("1234.5")
    with pytest.raises(oracle.UnreadableError, match="not_a_date"):
        oracle.day("10.3.5", DATES)
