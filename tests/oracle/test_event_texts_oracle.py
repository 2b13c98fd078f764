"""Texts drawn from a grammar: the warehouse's rules, a slow reading and what the grammar meant agree."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from oracle.drawn_texts import Text, draw_texts
from oracle.event_grading import GRADES
from oracle.event_texts import read_text

from etl.own_files.grading.events import grade_events

NO_EVENT = ("negated", "doubtful", "history", "disease", "grade_zero", "text_missing")
ASKED = ("unlisted", "grade_not_read", "grade_out_of_range")
SHARE_ASKED = 0.001
"""How many texts the rules may ask about although the grammar knows them; "오심 감량" is cut behind 오심감."""


def _answers(texts: list[Text], folder: Path) -> list[tuple[dict[str, int | None], bool]]:
    path = folder / "texts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "verbatim", "reported_grade", "ctcae_version"))
        writer.writerows((number, text.words, "", "4.03") for number, text in enumerate(texts))
    answer = grade_events(path)
    found: list[dict[str, int | None]] = [{} for _ in texts]
    asked = [False] * len(texts)
    for row in answer.rows:
        named = dict(zip(answer.columns, row, strict=True))
        reason = str(named["reason"] or "").partition(":")[0]
        asked[int(named["id"])] |= reason in ASKED
        if named["term"] and reason not in NO_EVENT:
            found[int(named["id"])][named["term"]] = named["grade"]
    return list(zip(found, asked, strict=True))


def _standing(found: dict[str, int | None]) -> dict[str, int | None]:
    """Leave out grades that the term does not have."""
    return {term: grade if grade is not None and str(grade) in GRADES[term] else None for term, grade in found.items()}


def _compare(count: int, folder: Path, *, seed: int) -> tuple[list[object], Counter[str]]:
    texts = list({text.words: text for text in draw_texts(count, seed=seed)}.values())
    wrong: list[object] = []
    kinds: Counter[str] = Counter()
    for text, (found, is_asked) in zip(texts, _answers(texts, folder), strict=True):
        meant = (_standing(text.found), text.is_asked)
        oracle_found, oracle_asked = read_text(text.words)
        if (_standing(oracle_found), oracle_asked) != meant:
            wrong.append(("the slow reading", text.words, meant, (oracle_found, oracle_asked)))
        if (found, is_asked) == meant:
            kinds["right"] += 1
        elif is_asked and found.items() <= meant[0].items():
            kinds["asked"] += 1
        else:
            wrong.append(("the rules", text.words, meant, (found, is_asked)))
    return wrong[:5], kinds


def test_a_few_thousand_texts(tmp_path: Path) -> None:
    wrong, kinds = _compare(3_000, tmp_path, seed=1)
    assert wrong == []
    assert kinds["asked"] <= 10


@pytest.mark.slow
def test_a_hundred_thousand_texts(tmp_path: Path) -> None:
    wrong, kinds = _compare(115_000, tmp_path, seed=2)
    assert wrong == []
    assert kinds.total() >= 100_000
    assert kinds["asked"] <= SHARE_ASKED * kinds.total()
