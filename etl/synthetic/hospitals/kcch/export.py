"""KCCH's export: SAS transport files in domains after SDTM, partial ISO dates in character variables."""

from collections.abc import Callable, Iterator

import pandas as pd

from etl.synthetic import reported_results
from etl.synthetic.hospitals.kcch import domains, tumour_domains
from etl.synthetic.hospitals.kcch import words as words_of
from etl.synthetic.hospitals.kcch.domains import STUDY, Tables
from etl.synthetic.rendering import words
from etl.synthetic.sheet import Sheet
from etl.synthetic.truth.study import Study, of_site

SITE = "kcch"
_SPECIMENS_TOO_SMALL = 6


def render(study: Study, is_first: bool) -> Iterator[Sheet]:
    """Render one replica of KCCH's delivery; in the first, some laboratory tests could not be done."""
    tables = as_reported(study, is_first)
    people = study.people[study.people["site_id"] == SITE]
    people = people.assign(patient_id=_subjects(people["patient_id"]))[["patient_id", "doctor"]]
    for name, make in _DOMAINS.items():
        records = make(tables, people)
        if name == "lb" and is_first:
            records = pd.concat([records, _not_done(records)], ignore_index=True)
        yield Sheet(f"{name}.xpt", records)


def as_reported(study: Study, _is_first: bool) -> dict[str, pd.DataFrame]:
    """State KCCH's canonical rows as the hospital reports them.

    Patients are known by their number in the study, drugs by the standard name; a condition that is absent is called by
    the name under which it was asked for. Adverse events carry their number within the patient.
    """
    tables = {
        name: rows.assign(patient_id=_subjects(rows["patient_id"])) for name, rows in of_site(study, SITE).items()
    }
    courses, history, labs = tables["treatment_course"], tables["medical_history"], tables["lab_result"]
    events = tables["adverse_event"]
    asked = pd.Series(words(history["condition_code"], words_of.CONDITION), index=history.index, dtype=object)
    return tables | {
        "treatment_course": courses.assign(drug_text=words(courses["drug_code"], words_of.DRUG)),
        "medical_history": history.assign(
            condition_text=history["condition_text"].where(history["condition_text"].notna(), asked)
        ),
        "adverse_event": events.assign(sequence_number=domains.sequence_numbers(events)),
        "lab_result": reported_results.as_reported(labs, reported_unit={}, texts=reported_results.result_texts(labs)),
    }


def _subjects(numbers: pd.Series) -> pd.Series:
    return f"{STUDY}-" + numbers


def _not_done(records: pd.DataFrame) -> pd.DataFrame:
    """Tests that were asked for and not done, at the end of the file."""
    last = records.iloc[-_SPECIMENS_TOO_SMALL:]
    number = (last["LBSEQ"].astype(int) + 1000).astype(str)
    return last.assign(LBSEQ=number, LBORRES="", LBSTAT="NOT DONE", LBREASND="검체 부족")


_DOMAINS: dict[str, Callable[[Tables, pd.DataFrame], pd.DataFrame]] = {
    "dm": domains.dm,
    "sc": domains.sc,
    "mh": domains.mh,
    "ex": domains.ex,
    "ds": domains.ds,
    "pr": tumour_domains.pr,
    "cm": domains.cm,
    "lb": domains.lb,
    "vs": domains.vs,
    "qs": domains.qs,
    "fa": tumour_domains.fa,
    "ae": domains.ae,
    "tu": tumour_domains.tu,
    "tr": tumour_domains.tr,
    "rs": tumour_domains.rs,
    "ss": domains.ss,
    "dd": domains.dd,
}
"""What becomes of each file, <domain>.xpt."""
