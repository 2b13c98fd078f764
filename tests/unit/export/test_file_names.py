"""Names and labels as a format allows them: what is too long is cut, what collides is made distinct."""

import pytest

from etl.export.file_names import column_names, sheet_names
from etl.export.formats import SPSS, STATA, Limits
from etl.export.labels import cut, label_of
from etl.export.workbooks import numbered_sheet

LONG = "x" * 40
NAMES = [
    # the program, the names, and those of its file
    (STATA, ["sex", "Sex", "SEX"], ["sex", "Sex_2", "SEX_3"]),
    (STATA, [f"{LONG}a", f"{LONG}b"], ["x" * 32, "x" * 30 + "_2"]),
    (SPSS, [f"{LONG}a", f"{LONG}b"], [f"{LONG}a", f"{LONG}b"]),
    (STATA, ["if", "str12", "float", "with"], ["if_2", "str12_2", "float_2", "with_2"]),
    (SPSS, ["with", "WITH", "if"], ["with_2", "WITH_3", "if"]),
    (SPSS, ["1st", "_a", "a b", "a.b", "체중"], ["v1st", "v_a", "a_b", "a_b_2", "v__"]),
    (STATA, ["a_2", "a", "A"], ["a_2", "a", "A_3"]),
]


@pytest.mark.parametrize(("limits", "names", "written"), NAMES)
def test_names_of_columns(limits: Limits, names: list[str], written: list[str]) -> None:
    assert column_names(names, longest=limits.name_length, reserved=limits.reserved) == written


def test_names_of_sheets() -> None:
    names = ["cohort", "codebook", "History", "a/b", "y" * 31 + "1", "y" * 31 + "2"]
    written = sheet_names(names, reserved=("codebook", "code_lists"))
    assert written == ["cohort", "codebook 2", "History 2", "a_b", "y" * 31, "y" * 29 + " 2"]
    assert numbered_sheet("y" * 31, 12) == "y" * 26 + " (12)"


@pytest.mark.parametrize(
    ("text", "most_bytes", "most_characters", "label"),
    [
        ("short", 10, None, "short"),
        ("0123456789", 10, None, "0123456789"),
        ("0123456789a", 10, None, "0123456..."),
        ("가나다라", 12, None, "가나다라"),
        ("가나다라마", 12, None, "가나다..."),
        ("가나다라마", 11, None, "가나..."),
        ("가나다라마", 300, 4, "가..."),
    ],
)
def test_a_label_is_cut_between_characters(text: str, most_bytes: int, most_characters: int | None, label: str) -> None:
    assert cut(text, most_bytes, most_characters) == label


def test_the_label_of_a_column_is_the_first_sentence_of_what_it_means() -> None:
    assert label_of("Days, e.g. 5. Code list: sex.") == "Days, e.g. 5."
    assert label_of("One sentence.") == "One sentence."
    assert label_of("") == ""
