"""Severance's free text: every kind of text is there, and the rules read each as the study drew it."""

import csv
import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from support.drawn_study import study

from etl.own_files.grading.events import grade_events
from etl.synthetic.hospitals.severance import words
from etl.synthetic.hospitals.severance.export import SITE, as_reported, render
from etl.synthetic.truth.study import of_site

DAYS_AFTER_LAST_DOSE = 30
NO_EVENT = ("negated", "doubtful")
KINDS = {
    "grade glued to its name": r"^(HFSR|HTN)[1-5]$",
    "grade after an equals sign": r"^(HFSR|HTN) = [1-5]$",
    "grade in Korean degrees": r" [1-5]도$",
    "version next to the grade": r"\(CTCAE 4\.03\)$",
    "sign next to a graded event": r"\(\+\) G[1-5]$",
    "signs in order": r"^(N/V|N/V/D|오심/.+)\([+/-]+\+[+/-]*\)$",
    "course with an arrow of two letters": r"G3 -> 감량 후 G2$",
    "course with an arrow": r"Gr III → 휴약 후 Gr II$",
    "what was given in Korean": r"G[1-3] (- )?(loperamide|보습제|antihistamine) 처방$",
    "what was given in English": r"- amlodipine 5mg start$",
    "site": r"both soles > palms$|\(trunk\)$|both legs$",
    "one denied and another affirmed": r"^no \w+ but .* G[1-3]$",
    "name of a test with an arrow": r"^(PLT↓|AST↑|ALT↑) [0-9]+K? G[1-4]$",
    "name of a test with a word": r"^(PLT 감소|AST 상승|ALT 상승) G[1-4] \([0-9]+K?\)$",
    "list with brackets": r"^1\) .* 2\) ",
    "list with circles": "^① .* ② ",
    "list with number signs": "^#1 .* #2 ",
    "list with dots": r"^1\. .* 2\. ",
    **{f"no event: {text}": f"^{re.escape(text)}$" for text in words.NOT_AN_EVENT},
}


@pytest.fixture(scope="module")
def notes() -> pd.DataFrame:
    return as_reported(study(), True)["adverse_event"]


@pytest.fixture(scope="module")
def coded(notes: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Every event that the rules read in the notes: patient_id, onset_on, ctcae_term, reported_grade, reason."""
    return code_notes(notes, tmp_path_factory.mktemp("notes"))


def code_notes(notes: pd.DataFrame, folder: Path) -> pd.DataFrame:
    path = folder / "notes.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "verbatim", "reported_grade", "ctcae_version"))
        for number, row in enumerate(notes.itertuples()):
            grade = "" if pd.isna(row.reported_grade) else int(str(row.reported_grade).removesuffix(".0"))
            writer.writerow((number, row.verbatim_text, grade, "4.03"))
    answer = grade_events(path)
    read = pd.DataFrame(answer.rows, columns=answer.columns)
    of_note = notes.iloc[read["id"].astype(int)]
    return pd.DataFrame(
        {
            "patient_id": of_note["patient_id"].to_numpy(),
            "onset_on": of_note["onset_on"].to_numpy(),
            "verbatim_text": of_note["verbatim_text"].to_numpy(),
            "ctcae_term": read["term"],
            "reported_grade": read["grade"].astype(float),
            "reason": read["reason"].fillna("").str.partition(":")[0],
        }
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_text_is_written(notes: pd.DataFrame, kind: str) -> None:
    assert any(re.search(KINDS[kind], text) for text in notes["verbatim_text"])


def test_every_text_is_read_as_the_event_that_was_drawn(coded: pd.DataFrame) -> None:
    truth = of_site(study(), SITE)["adverse_event"]
    assert events_in(coded) == events_in(truth)
    assert set(coded["reason"]) <= {*NO_EVENT, "grade_missing", "grade_is_range", ""}


def test_a_text_that_is_read_otherwise_is_noticed(notes: pd.DataFrame, tmp_path: Path) -> None:
    spoilt = notes.copy()
    spoilt.loc[spoilt["verbatim_text"].str.endswith("-> 감량 후 G2"), "verbatim_text"] += " 이후 G4"
    assert events_in(code_notes(spoilt, tmp_path)) != events_in(of_site(study(), SITE)["adverse_event"])


def test_every_event_that_counts_still_counts_when_its_words_are_coded(coded: pd.DataFrame) -> None:
    tables = of_site(study(), SITE)
    truth = tables["adverse_event"].assign(reported_grade=lambda rows: rows["reported_grade"].astype(float))
    told = coded[~coded["reason"].isin(NO_EVENT)]
    assert counted(told, tables) == counted(truth[~truth["is_present_before"].astype(bool)], tables)


def test_what_is_denied_has_no_grade_and_never_contradicts_its_visit(notes: pd.DataFrame, coded: pd.DataFrame) -> None:
    denied = notes[notes["verbatim_text"].isin(words.NOT_AN_EVENT)]
    assert len(denied) > 20
    assert denied["reported_grade"].isna().all()
    said = coded[coded["reason"].isin(NO_EVENT)]
    told = coded.drop(said.index)
    visit_terms = [
        set(rows[["patient_id", "onset_on", "ctcae_term"]].itertuples(index=False, name=None)) for rows in (said, told)
    ]
    assert not visit_terms[0] & visit_terms[1]
    for text, terms in words.NOT_AN_EVENT.items():
        assert set(coded.loc[coded["verbatim_text"] == text, "ctcae_term"].dropna()) == set(terms), text


def test_the_export_holds_letters_that_only_cp949_has() -> None:
    follow_up = next(sheet for sheet in render(study(), True) if sheet.file == "추적.csv")
    texts = "".join(follow_up.records["사인내용"])
    beyond = {letter for letter in texts if "가" <= letter <= "힣" and len(letter.encode("euc_kr")) > 2}
    assert beyond
    assert texts.encode("cp949").decode("cp949") == texts


def events_in(rows: pd.DataFrame) -> Counter[tuple[str, str, str]]:
    """Patient, term and grade of every event that took place."""
    took_place = rows[~rows["reason"].isin(NO_EVENT)] if "reason" in rows else rows
    grades = took_place["reported_grade"].astype(float).astype(str)
    return Counter(zip(took_place["patient_id"], took_place["ctcae_term"], grades, strict=True))


def counted(events: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> Counter[tuple[str, str, str]]:
    """Patient, term and grade of every event between the first dose and 30 days after the last one."""
    study_drug = tables["treatment_course"].query("role_code == 'study'").set_index("patient_id")
    last_dose = tables["exposure"].groupby("patient_id")["stopped_on"].max()
    begins = events["patient_id"].map(study_drug["started_on"])
    ends = events["patient_id"].map(last_dose) + pd.Timedelta(days=DAYS_AFTER_LAST_DOSE)
    return events_in(events[(events["onset_on"] >= begins) & (events["onset_on"] <= ends)])
