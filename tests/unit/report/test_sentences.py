"""Findings read as sentences: where, what, expected, cost, advice for two readers; nothing in them steers a terminal."""

import pytest

from etl.findings import RULES
from etl.report.sentences import Address, Paid, show_text, write_address, write_advice, write_paid, write_sentence


def test_one_finding_reads_as_in_the_manual() -> None:
    sentence = write_sentence(
        "unlisted_code",
        address=Address("환자기본.csv", None, 212, 213, "성별"),
        found="X",
        expected="남, 여",
        paid=Paid(cells=1),
    )
    assert sentence == (
        "환자기본.csv record 212 (line 213), column '성별': 'X' is not listed (남, 여). The cell is set aside."
    )
    assert write_advice("unlisted_code") == (
        "For the hospital: Correct the cell, or say what the code means. "
        "For the data manager: Add the code to the mapping's list, once its meaning is known."
    )


@pytest.mark.parametrize(
    ("count", "tail"),
    [(1, "(mg/dL). 7 rows"), (2, "(mg/dL); 1 more is like it. 7 rows"), (1500, "(mg/dL); 1,499 more like it. 7 rows")],
)
def test_a_group_says_how_many_are_like_the_first(count: int, tail: str) -> None:
    sentence = write_sentence(
        "unit_does_not_fit",
        address=Address("a.csv", None, 1),
        found="kg",
        expected="mg/dL",
        paid=Paid(rows=7),
        count=count,
    )
    assert f"the unit 'kg' is none of those that fit {tail}" in sentence


def test_two_things_found_in_one_cell_are_one_finding() -> None:
    sentence = write_sentence(
        "unlisted_code", address=Address("a.csv", None, 1), found="X", expected="남, 여", found_count=3
    )
    assert sentence.endswith("'X' is not listed (남, 여), and 2 more in the same cell.")


@pytest.mark.parametrize(
    ("paid", "written"),
    [
        (Paid(), ""),
        (Paid(cells=1), "The cell is set aside."),
        (Paid(rows=1, tables=("patient",)), "The row is quarantined."),
        (Paid(rows=30, cells=2, tables=("lab_result",)), "30 rows are quarantined and 2 cells are set aside."),
        (Paid(rows=1, cells=1, tables=("a", "b")), "1 row is quarantined and 1 cell is set aside in a, b."),
    ],
)
def test_what_a_finding_costs_is_said_once_for_all_that_it_touches(paid: Paid, written: str) -> None:
    assert write_paid(paid) == written


@pytest.mark.parametrize(
    ("address", "written"),
    [
        (Address(None), "the delivery"),
        (Address("a.csv"), "a.csv"),
        (Address("a.csv", None, 9, 10), "a.csv record 9 (line 10)"),
        (Address("a.csv", None, 9, 14), "a.csv record 9 (line 14)"),
        (Address("a.sav", None, 9, 9), "a.sav record 9"),
        (Address("영상.xlsx", "CT", 1234, None, "검사일"), "영상.xlsx, sheet 'CT', record 1,234, column '검사일'"),
        (Address("a.xlsx", "CT", 7, 9), "a.xlsx, sheet 'CT', record 7 (row 9)"),
        (Address("a.xlsx", "CT", 7, 9, "AST", "CQ9"), "a.xlsx, sheet 'CT', record 7, cell CQ9, column 'AST'"),
    ],
)
def test_an_address_is_one_that_a_person_can_go_to(address: Address, written: str) -> None:
    assert write_address(address) == written


def test_the_format_of_a_date_is_shown_by_a_date() -> None:
    sentence = write_sentence(
        "not_a_date", address=Address("a.csv"), found="05/03", expected="%Y-%m-%d, %Y년 %-m월, excel_1900"
    )
    assert sentence.endswith("of the form 2010-03-05 (%Y-%m-%d), 2010년 3월 (%Y년 %-m월), excel_1900.")


def test_a_file_that_no_source_names_is_named() -> None:
    sentence = write_sentence("unused_file", address=Address(None), found="메모.csv", expected=None)
    assert sentence == "the delivery: no source in the mapping names the file 메모.csv."


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("found", [None, "x", "{expected} {0} {}", "\x1b[31m"])
def test_every_rule_makes_a_sentence_whatever_was_found(rule: str, found: str | None) -> None:
    sentence = write_sentence(rule, address=Address("a.csv", None, 1), found=found, expected=None)
    assert sentence.startswith("a.csv record 1: ")
    assert write_advice(rule).endswith(RULES[rule].for_data_manager)
    assert "\x1b" not in sentence


def test_a_rule_of_another_version_is_shown_by_its_name() -> None:
    assert write_sentence("rule_of_old", address=Address("a.csv"), found=None, expected=None) == "a.csv: rule of old."


def test_what_cannot_be_seen_is_named() -> None:
    assert show_text("a\u202egnp.exe\x1b[2J\n") == "a<U+202E>gnp.exe<U+001B>[2J<U+000A>"
    assert show_text("가" * 300) == "가" * 200 + " …"
    assert show_text("정상 مرحبا") == "정상 مرحبا"
