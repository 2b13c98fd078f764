"""Severance's free text: what its notes still say of the events is enough to count them."""

import re
from collections import Counter

import pandas as pd
import pytest

from etl.synthetic.hospitals.severance import words
from etl.synthetic.hospitals.severance.export import SITE, as_reported, render
from etl.synthetic.truth.event_words import terms
from etl.synthetic.truth.study import Study, draw_study, of_site

KINDS = ("skin", "gut", "pressure", "other", "liver")
TERM_OF = {text: term.ctcae_term for term in terms(*KINDS) for text in term.texts}
DAYS_AFTER_LAST_DOSE = 30


@pytest.fixture(scope="module")
def study() -> Study:
    return draw_study(2021)


def term_of(text: str) -> str:
    """The term of a text, its grade left off."""
    return TERM_OF[re.sub(r"\s*\(?(Gr?|grade)[. ]*([0-9]|[IV]+)\)?$", "", text)]


def counted(events: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> Counter[tuple[str, str, str]]:
    """Patient, term and grade of every event between the first dose and 30 days after the last one."""
    study_drug = tables["treatment_course"].query("role_code == 'study'").set_index("patient_id")
    last_dose = tables["exposure"].groupby("patient_id")["stopped_on"].max()
    begins = events["patient_id"].map(study_drug["started_on"])
    ends = events["patient_id"].map(last_dose) + pd.Timedelta(days=DAYS_AFTER_LAST_DOSE)
    inside = events[(events["onset_on"] >= begins) & (events["onset_on"] <= ends)]
    return Counter(zip(inside["patient_id"], inside["ctcae_term"], inside["reported_grade"].astype(str), strict=True))


def test_every_event_that_counts_still_counts_when_its_words_are_coded(study: Study) -> None:
    tables = of_site(study, SITE)
    notes = as_reported(study, True)["adverse_event"]
    notes = notes[~notes["verbatim_text"].isin(words.NOT_AN_EVENT)]
    truth = tables["adverse_event"].assign(reported_grade=lambda rows: rows["reported_grade"].astype(float))
    coded = notes.assign(
        ctcae_term=[term_of(text) for text in notes["verbatim_text"]],
        reported_grade=notes["reported_grade"].astype(float),
    )
    assert counted(coded, tables) == counted(truth[~truth["is_present_before"].astype(bool)], tables)
    assert len(notes) == len(truth)


def test_what_is_denied_has_no_grade_and_never_contradicts_its_visit(study: Study) -> None:
    notes = as_reported(study, True)["adverse_event"]
    denied = notes[notes["verbatim_text"].isin(words.NOT_AN_EVENT)]
    assert len(denied) > 20
    assert denied["reported_grade"].isna().all()
    told = notes.drop(denied.index)
    told_terms = set(zip(told["patient_id"], told["onset_on"], map(term_of, told["verbatim_text"]), strict=True))
    for row in denied.itertuples():
        assert (row.patient_id, row.onset_on, words.NOT_AN_EVENT[str(row.verbatim_text)]) not in told_terms


def test_the_export_holds_letters_that_only_cp949_has(study: Study) -> None:
    follow_up = next(sheet for sheet in render(study, True) if sheet.file == "추적.csv")
    texts = "".join(follow_up.records["사인내용"])
    beyond = {letter for letter in texts if "가" <= letter <= "힣" and len(letter.encode("euc_kr")) > 2}
    assert beyond
    assert texts.encode("cp949").decode("cp949") == texts
