"""Codes that differ in case alone, by an inline map and by a code list."""

import pytest
from support.mapping_site import HEAD, read_site, run_table

from warehouse.errors import MappingError

PATIENT = (
    "  patient:\n    from: visits\n    columns:\n      patient_id: pid\n      sex: {column: x, recode: RECODE, CASE}\n"
)
WORDS = ["M", "m", "F", "Female", "FEMALE", "Ä", "ä", "남", "q", "", "?"]
CODES = {"m": "male", "F": "female", "female": "female", "Ä": "female", "남": "male", "?": None}


@pytest.mark.parametrize("how", ["map", "list"])
@pytest.mark.parametrize("ignores", [True, False])
def test_case_counts_or_not(tmp_path, how, ignores):
    inline = "{" + ", ".join(f"'{code}': {value or 'null'}" for code, value in CODES.items()) + "}"
    text = HEAD + PATIENT.replace("RECODE", inline if how == "map" else "codes/sex.csv").replace(
        "CASE", f"ignore_case: {str(ignores).lower()}"
    )
    listed = "code,value\n" + "".join(f"{code},{value or ''}\n" for code, value in CODES.items())
    mapping = read_site(tmp_path, text, codes={"sex.csv": listed})
    outcome = run_table(mapping, "patient", ["pid", "x"], [[f"P{n}", word] for n, word in enumerate(WORDS)])

    known = {code.lower() if ignores else code: value for code, value in CODES.items()}
    keys = [word.lower() if ignores else word for word in WORDS]
    assert outcome.values("sex") == [known.get(key) for key in keys]
    told = [problem["found"] for problem in outcome.problems]
    assert sorted(told) == sorted(word for word, key in zip(WORDS, keys, strict=True) if word and key not in known)
    assert {problem["rule"] for problem in outcome.problems} == {"unlisted_code"}


@pytest.mark.parametrize(
    ("recode", "case", "place", "sentence"),
    [
        (
            "{M: male, m: male}",
            "ignore_case: true",
            "mapping.yaml:13",
            "'m' and 'M' are the same under 'ignore_case'; list one of them.",
        ),
        (
            "codes/sex.csv",
            "ignore_case: true",
            "sex.csv:3",
            "'m' and 'M' are the same under 'ignore_case'; list one of them.",
        ),
        (
            "{M: male}",
            "ignore_cases: true",
            "mapping.yaml:13",
            "'ignore_cases' is not an option here. Did you mean 'ignore_case'?",
        ),
    ],
)
def test_a_mistake_is_reported_with_its_line(tmp_path, recode, case, place, sentence):
    text = HEAD + PATIENT.replace("RECODE", recode).replace("CASE", case)
    with pytest.raises(MappingError) as raised:
        read_site(tmp_path, text, codes={"sex.csv": "code,value\nM,male\nm,male\n"})
    assert f"{place}: {sentence}" in str(raised.value)


def test_it_goes_with_a_recode(tmp_path):
    with pytest.raises(MappingError, match="'ignore_case' goes with 'recode'"):
        read_site(tmp_path, HEAD + PATIENT.replace("recode: RECODE, CASE", "ignore_case: true"))
