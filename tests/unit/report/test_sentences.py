"""Findings read as sentences: where, what, expected, cost, advice; nothing in them steers a terminal."""

import pytest

from etl.findings import RULES
from etl.report.sentences import Address, show_text, write_address, write_sentence


def test_one_finding_reads_as_in_the_manual() -> None:
    sentence = write_sentence(
        "unlisted_code",
        address=Address("환자기본.csv", None, 212, 213, "성별"),
        found="X",
        expected="남, 여",
        cost="cell",
    )
    assert sentence == (
        "환자기본.csv record 212, column '성별': 'X' is not listed (남, 여). The cell is set aside. "
        "Correct the cell, or add the code to the mapping's list."
    )


@pytest.mark.parametrize(
    ("count", "tail"),
    [
        (1, "mg/dL. The row is"),
        (2, "mg/dL; 1 more is like it. These rows are"),
        (1500, "mg/dL; 1,499 more like it. These"),
    ],
)
def test_a_group_tells_how_many_are_like_the_first(count: int, tail: str) -> None:
    sentence = write_sentence(
        "unit_does_not_fit", address=Address("a.csv", None, 1), found="kg", expected="mg/dL", cost="row", count=count
    )
    assert f"the unit 'kg' does not fit {tail}" in sentence


@pytest.mark.parametrize(
    ("address", "written"),
    [
        (Address(None), "the delivery"),
        (Address("a.csv"), "a.csv"),
        (Address("a.csv", None, 9, 10), "a.csv record 9"),
        (Address("a.csv", None, 9, 14), "a.csv record 9 (line 14)"),
        (Address("영상.xlsx", "CT", 1234, None, "검사일"), "영상.xlsx, sheet 'CT', record 1,234, column '검사일'"),
    ],
)
def test_an_address_tells_the_line_only_where_it_differs(address: Address, written: str) -> None:
    assert write_address(address) == written


def test_a_file_that_no_source_names_is_named() -> None:
    sentence = write_sentence("unused_file", address=Address(None), found="메모.csv", expected=None, cost="none")
    assert sentence.startswith("the delivery: no source in the mapping names the file 메모.csv. ")


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("found", [None, "x", "{expected} {0} {}", "\x1b[31m"])
def test_every_rule_makes_a_sentence_whatever_was_found(rule: str, found: str | None) -> None:
    sentence = write_sentence(rule, address=Address("a.csv", None, 1), found=found, expected=None, cost="none")
    assert sentence.startswith("a.csv record 1: ")
    assert sentence.endswith(RULES[rule].advice)
    assert "\x1b" not in sentence


def test_a_rule_of_another_version_is_shown_by_its_name() -> None:
    assert (
        write_sentence("rule_of_old", address=Address("a.csv"), found=None, expected=None, cost=None)
        == "a.csv: rule of old."
    )


def test_what_cannot_be_seen_is_named() -> None:
    assert show_text("a\u202egnp.exe\x1b[2J\n") == "a<U+202E>gnp.exe<U+001B>[2J<U+000A>"
    assert show_text("가" * 300) == "가" * 200 + " …"
    assert show_text("정상 مرحبا") == "정상 مرحبا"
