"""Texts as charts have them: none is answered wrongly, and as many are answered whole as when this was written."""

from pathlib import Path

import pytest
from support.csv_rows import read_csv_rows

from benchmarks.event_texts import Scored, score_texts
from warehouse.views.rules import open_rules

FOLDER = Path(__file__).with_name("event_texts")
RIGHT = {"cases": 0.84, "hold_out": 0.94}
"""The least share of each file that is answered whole and right; the rest is asked."""


@pytest.mark.parametrize("name", RIGHT)
def test_no_text_is_answered_wrongly(name: str) -> None:
    scored = score_texts(FOLDER / f"{name}.csv")
    assert [_shown(one) for one in scored if one.verdict == "wrong"] == []
    assert sum(one.verdict == "right" for one in scored) >= RIGHT[name] * len(scored)


def test_a_wrong_answer_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    path.write_text(
        "id,kind,verbatim,grade_cell,expected,alternative\n"
        "1,x,설사 G2,,Diarrhea 3,none\n2,x,설사 G2,,none,Diarrhea 1 / Diarrhea 2\n"
        "3,x,'HFS G2, 찌뿌드드함',,Nausea,\n4,x,찌뿌드드함,,none,\n5,x,설사 없음,,Diarrhea,\n".replace("'", '"'),
        encoding="utf-8",
    )
    assert [one.verdict for one in score_texts(path)] == ["wrong", "right", "wrong", "asked", "wrong"]


def test_expected_events_are_terms() -> None:
    terms = {term for (term,) in open_rules().execute("SELECT term FROM reference.ctcae_term").fetchall()}
    for name in RIGHT:
        for case in read_csv_rows(FOLDER / f"{name}.csv"):
            for answer in (case["expected"], *case["alternative"].split(" / ")):
                events = {event.rstrip("12345").rstrip() for event in answer.split("; ")} - {"", "none"}
                assert events <= terms, case["id"]


@pytest.mark.parametrize("word", ["event_remark", "event_analyte"])
def test_a_word_is_listed_once_for_one_meaning(word: str) -> None:
    column, meaning = ("words", "kind") if word == "event_remark" else ("spelling", "source")
    twice = open_rules().execute(
        f"SELECT lower({column}) FROM reference.{word} GROUP BY lower({column}) HAVING count(DISTINCT {meaning}) > 1"
    )
    assert twice.fetchall() == []


def test_remarks_are_of_known_kinds_and_analytes_of_known_terms() -> None:
    con = open_rules()
    kinds = con.execute("SELECT DISTINCT kind FROM reference.event_remark ORDER BY kind").fetchall()
    assert [kind for (kind,) in kinds] == [
        *("all", "but", "course", "disease", "heading", "join", "lowered", "nothing", "particle", "past heading"),
        *("present", "raised", "severity", "site", "treatment", "worse"),
    ]
    strange = con.execute(
        "SELECT spelling FROM reference.event_analyte WHERE term <> '' "
        "AND (term NOT IN (SELECT term FROM reference.ctcae_term) OR direction NOT IN ('raised', 'lowered'))"
    )
    assert strange.fetchall() == []


def _shown(one: Scored) -> tuple[str, str, list[tuple[str, int | None]], str]:
    return one.case["id"], one.case["verbatim"], sorted(one.found, key=str), one.case["expected"]
