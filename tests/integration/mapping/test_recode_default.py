"""The default of a recode: words that are not listed take it, and every cell that does is reported."""

import pytest
from support.mapping_site import HEAD, read_site, run_table

from etl.findings import RULES
from warehouse.errors import MappingError

PATIENT = "  patient:\n    from: visits\n    columns:\n      patient_id: pid\n      aetiology: {column: x, RECODE}\n"
WORDS = ["HBV", "hbv", "ＨＢＶ", "Alcohol", "?", "other", "", "NA", "ｈｂｖ ", "남"]
CODES = {"HBV": "hbv", "alcohol": "alcohol", "?": None}


def _known(word: str, *, ignores_case: bool) -> str:
    """Fold a word by hand: full width to half, capitals to small."""
    half = "".join(chr(ord(sign) - 0xFEE0) if 0xFF01 <= ord(sign) <= 0xFF5E else sign for sign in word.strip(" "))
    return half.lower() if ignores_case else word.strip(" ")


@pytest.mark.parametrize("how", ["map", "list"])
@pytest.mark.parametrize("ignores", [True, False])
@pytest.mark.parametrize("default", ["other", None])
def test_a_word_that_is_not_listed_takes_the_default_and_is_reported(tmp_path, how, ignores, default):
    inline = "{" + ", ".join(f"'{code}': {value or 'null'}" for code, value in CODES.items()) + "}"
    options = f"recode: {inline if how == 'map' else 'codes/cause.csv'}, ignore_case: {str(ignores).lower()}"
    options += f", default: {default}" if default else ""
    listed = "code,value\n" + "".join(f"{code},{value or ''}\n" for code, value in CODES.items())
    mapping = read_site(tmp_path, HEAD + PATIENT.replace("RECODE", options), codes={"cause.csv": listed})
    outcome = run_table(mapping, "patient", ["pid", "x"], [[f"P{n}", word] for n, word in enumerate(WORDS)])

    codes = {_known(code, ignores_case=ignores): value for code, value in CODES.items()}
    keys = [_known(word, ignores_case=ignores) for word in WORDS]
    filled = [key if word not in {"", "NA"} else None for word, key in zip(WORDS, keys, strict=True)]
    assert outcome.values("aetiology") == [None if key is None else codes.get(key, default) for key in filled]
    unlisted = [word.strip() for word, key in zip(WORDS, filled, strict=True) if key is not None and key not in codes]
    assert [problem["found"] for problem in outcome.problems] == unlisted
    assert {problem["rule"] for problem in outcome.problems} == {"default_taken" if default else "unlisted_code"}
    assert not default or {problem["expected"] for problem in outcome.problems} == {"other"}


def test_a_default_costs_no_cell():
    assert (RULES["default_taken"].costs, RULES["default_taken"].severity) == ("none", "note")


MISTAKES = [
    ("default: other", "'default' goes with 'recode'"),
    (
        "recode: {A: hbv}, default: null",
        "'default' is a canonical value; a word that says nothing is listed in 'recode' as null",
    ),
    ("recode: {A: mle}, default: oter, number: {}", "recode and number exclude each other"),
    ("recode: {M: male}, default: mle", "'mle' is not a code of the list 'sex'. Did you mean 'male'?"),
    (
        "recode: {Ａ: male, a: male}, ignore_case: true",
        "'a' and 'Ａ' are the same under 'ignore_case'; list one of them.",
    ),
]


@pytest.mark.parametrize(("options", "sentence"), MISTAKES, ids=[options for options, _ in MISTAKES])
def test_a_mistake_is_reported_with_its_line(tmp_path, options, sentence):
    text = HEAD + PATIENT.replace("aetiology", "sex").replace("RECODE", options)
    with pytest.raises(MappingError, match=r"mapping\.yaml:13: ") as raised:
        read_site(tmp_path, text)
    assert sentence in str(raised.value)
