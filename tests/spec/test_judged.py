"""Every case of what a laboratory result cannot be, each as a hospital of its own; other files of one hospital, too."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from spec.judged_tables import COLUMNS, RESULTS

from warehouse.views.rules import apply_rule, open_rules

DAY = date(2010, 3, 31)
RESULT = """
CREATE TABLE current.lab_result (
    site_id VARCHAR, patient_id VARCHAR, taken_on DATE, analyte_code VARCHAR, reported_value DECIMAL(18, 6),
    value_qualifier VARCHAR, reported_unit VARCHAR, lower_limit DECIMAL(18, 6), upper_limit DECIMAL(18, 6),
    source_file VARCHAR, source_sheet VARCHAR, source_record BIGINT, source_ordinal INTEGER,
    value DECIMAL(18, 6), unit VARCHAR
)
"""
Result = tuple[Any, ...]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_rules() as con:
        con.execute("CREATE SCHEMA current")
        con.execute(RESULT)
        yield con


def ask(con: duckdb.DuckDBPyConnection, results: Sequence[Result], query: str) -> list[tuple[Any, ...]]:
    """Judge results, each without its number in the common unit, and answer a query."""
    con.executemany(
        "INSERT INTO current.lab_result BY POSITION SELECT *, NULL, NULL FROM (VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))",
        results,
    )
    con.execute(
        "UPDATE current.lab_result SET value = reported_value::DOUBLE * factor::DOUBLE, unit = to_unit "
        "FROM reference.unit_conversion AS c WHERE c.analyte_code = lab_result.analyte_code AND c.from_unit = reported_unit"
    )
    for rule in ("clinical.laboratory_question", "clinical.column_question"):
        apply_rule(con, rule)
    return con.execute(query).fetchall()


ASKED = (
    "SELECT site_id, question, reported, derived FROM clinical.laboratory_question "
    "UNION ALL SELECT site_id, question, reported, derived FROM clinical.column_question"
)


def result(
    site: int | str,
    number: int,
    analyte: str,
    value: str,
    unit: str,
    *,
    limits: tuple[str, str] = ("", ""),
    **other: Any,
) -> Result:
    lower, upper = (limit or None for limit in limits)
    named = {
        "patient": f"p{number}",
        "file": "labs.csv",
        "sheet": None,
        "qualifier": None,
        "day": DAY + timedelta(number),
    } | other
    return (
        str(site), named["patient"], named["day"], analyte, value, named["qualifier"], unit, lower, upper, named["file"],
        named["sheet"], number, 1000,
    )  # fmt: skip


def test_every_result(con: duckdb.DuckDBPyConnection) -> None:
    results = [
        result(number, 1, case["analyte"], case["value"], case["unit"], limits=(case["lower"], case["upper"]))
        for number, case in enumerate(RESULTS.cases)
    ]
    asked = {site: (question, derived or "") for site, question, _, derived in ask(con, results, ASKED)}
    judged = dict(con.execute("SELECT site_id, value_fault FROM clinical_step.doubtful_result").fetchall())
    wrong = []
    for number, case in enumerate(RESULTS.cases):
        fault = judged.get(str(number)) or ""
        found = (case["judgement"] and fault, case["usable"], *asked.get(str(number), ("", "")))
        if (fault, "no" if fault else "yes", *found[2:]) != (
            case["judgement"],
            case["usable"],
            case["asked"],
            case["fits"],
        ):
            wrong.append((case, fault, found[2:]))
    assert wrong == []


def test_every_column(con: duckdb.DuckDBPyConnection) -> None:
    results = [
        each
        for number, case in enumerate(COLUMNS.cases)
        for each in column(number, case["analyte"], case["values"], case["unit"])
    ]
    asked = {site: question for site, question, _, _ in ask(con, results, ASKED)}
    unused: dict[str, list[float]] = {}
    for site, value in con.execute(
        "SELECT site_id, reported_value FROM clinical_step.doubtful_result WHERE value_fault IS NOT NULL ORDER BY source_record"
    ).fetchall():
        unused.setdefault(site, []).append(float(value))
    wrong = []
    for number, case in enumerate(COLUMNS.cases):
        found = (unused.get(str(number), []), asked.get(str(number), ""))
        if found != ([float(value) for value in case["unused"].split()], case["asked"]):
            wrong.append((case, found))
    assert wrong == []


def column(site: int, analyte: str, values: str, unit: str) -> list[Result]:
    """Write out `0 1 x 20`, and limits behind a value as in `6(0.8-1.2)`."""
    once, _, times = values.partition(" x ")
    cells = [re.fullmatch(r"([\d.]+)(?:\(([\d.]+)-([\d.]+)\))?", cell) for cell in once.split() * int(times or 1)]
    return [
        result(site, number, analyte, cell[1], unit, limits=(cell[2] or "", cell[3] or ""))
        for number, cell in enumerate(cells, start=1)
        if cell
    ]


@pytest.mark.parametrize(
    ("analyte", "values", "unit", "reported"),
    [
        (
            "inr", "1.2(0.8-1.2) 11(9.5-11) 12(9.5-12.4) 1.1(9.5-12)", "1",
            "3 of 4 results of International normalised ratio have an upper limit of 11 to 12.4; not used: 2 values, 11 to 12",
        ),
        ("inr", "12 13 14", "1", "3 of 3 results of International normalised ratio: 12 to 14, not used"),
        ("platelets", "150 93000 93000", "10*9/L", "2 of 3 results of Platelets in 10*9/L: 93000, not used"),
        (
            "albumin", "4(5.2-3.5) 4.1(5.1-3.4)", "g/dL",
            "2 of 2 results of Albumin in g/dL have a lower limit above the upper one, such as 5.2 and 3.5",
        ),
        ("crp", "0 1 x 20", "mg/L", "40 results of C-reactive protein are 0 or 1"),
        ("crp", "1 x 30", "mg/L", "30 results of C-reactive protein are 1 each"),
    ],
)  # fmt: skip
def test_a_question_says_how_many_and_what_they_hold(
    con: duckdb.DuckDBPyConnection, analyte: str, values: str, unit: str, reported: str
) -> None:
    assert [row[2] for row in ask(con, column(1, analyte, values, unit), ASKED)] == [reported]


def test_a_question_has_the_address_of_its_first_result(con: duckdb.DuckDBPyConnection) -> None:
    results = [
        result("a", number, "inr", value, "1") for number, value in enumerate(("1.1", "12.4", "13", "14"), start=1)
    ]
    asked = ask(con, results, "SELECT patient_id, noted_on, source_file, source_sheet, source_record, source_ordinal, derived "
                "FROM clinical.laboratory_question")  # fmt: skip
    assert asked == [("p2", DAY + timedelta(2), "labs.csv", None, 2, 1000, "Prothrombin time, s?")]


def test_files_and_sheets_are_judged_apart(con: duckdb.DuckDBPyConnection) -> None:
    sheets = [("a.xlsx", "old"), ("a.xlsx", "new"), ("b.csv", None)]
    results = [
        result("a", number, "inr", "12" if sheet == "old" else "1.1", "1", file=file, sheet=sheet)
        for file, sheet in sheets
        for number in range(1, 5)
    ]
    asked = ask(con, results, "SELECT source_file, source_sheet, reported FROM clinical.laboratory_question")
    assert asked == [("a.xlsx", "old", "4 of 4 results of International normalised ratio: 12, not used")]


@pytest.mark.parametrize(
    ("factor", "patients", "is_asked"),
    [(0.1, 30, True), (10, 30, True), (0.011312, 30, True), (1, 30, False), (2, 30, False), (10, 1, False), (10, 12, False)],
)  # fmt: skip
def test_a_file_off_by_the_step_of_a_unit(
    con: duckdb.DuckDBPyConnection, factor: float, patients: int, is_asked: bool
) -> None:
    """Of 12 patients there are 12 results: too few; of one patient there are 30, which go together."""
    results = [
        result(
            "a",
            number,
            "ast",
            f"{(30 + number % 20) * times:.4f}",
            "U/L",
            file=file,
            patient=f"{file}{number % patients}",
        )
        for file, times in (("seoul.csv", 1), ("busan.csv", factor))
        for number in range(1, (12 if patients == 12 else 30) + 1)
    ]
    if factor == 0.011312:
        results = [(*each[:3], "creatinine", *each[4:6], "mg/dL", *each[7:]) for each in results]
    asked = ask(con, results, "SELECT source_file, question FROM clinical.column_question ORDER BY ALL")
    assert asked == [("busan.csv", "file_off_by_factor"), ("seoul.csv", "file_off_by_factor")] * is_asked


@pytest.mark.parametrize(
    ("direct", "unit", "total", "is_asked"),
    [
        ("2.1", "mg/dL", "1.4", True),
        ("1.4", "mg/dL", "1.4", False),
        ("1.45", "mg/dL", "1.4", False),  # rounded
        ("1.46", "mg/dL", "1.4", True),
        ("30", "umol/L", "1.4", True),
        ("20", "umol/L", "1.4", False),
    ],
)
def test_direct_above_total_bilirubin_of_one_day(
    con: duckdb.DuckDBPyConnection, direct: str, unit: str, total: str, is_asked: bool
) -> None:
    results = [
        result("a", 1, "bilirubin_total", total, "mg/dL", patient="p", day=DAY),
        result("a", 2, "bilirubin_direct", direct, unit, patient="p", day=DAY),
        result("a", 3, "bilirubin_direct", "9", "mg/dL", patient="p", day=DAY + timedelta(1)),
        result("a", 4, "bilirubin_direct", "9", "mg/dL", patient="q", day=DAY),
        result("a", 5, "bilirubin_direct", "9", "mg/dL", patient="p", day=DAY, qualifier="<"),
    ]
    asked = ask(con, results, "SELECT question, derived, patient_id, source_record FROM clinical.laboratory_question")
    assert asked == [("direct_above_total", "1.4 mg/dL", "p", 2)] * is_asked
