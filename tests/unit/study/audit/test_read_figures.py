"""What the audit's file format reads, and what it refuses with the line."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from etl.study.audit.figure import Figure, read_print
from etl.study.audit.read_figures import read_figures
from warehouse.errors import DeliveryError, NotFoundError

HEADER = "row,group,statistic,printed\n"


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("1,309", (Fraction(1309), "", 0)),
        ("83.8%", (Fraction(838, 10), "", 1)),
        ("< 0.001", (Fraction(1, 1000), "<", 3)),
        (">0.99", (Fraction(99, 100), ">", 2)),
        ("9.0", (Fraction(9), "", 1)),
        ("−0.5", (Fraction(-1, 2), "", 1)),
        (".5", (Fraction(1, 2), "", 1)),
        ("eight", (None, "", 0)),
        ("3 (4)", (None, "", 0)),
    ],
)
def test_a_print_is_read(printed: str, read: tuple[Fraction | None, str, int]) -> None:
    assert read_print(printed) == read


def test_a_print_stands_for_half_a_unit_around_it() -> None:
    figure = Figure("f", "percent", "24.7", Fraction(247, 10), decimals=1)
    assert (figure.low, figure.high) == (Fraction(2465, 100), Fraction(2475, 100))
    assert figure.contains(Fraction(2475, 100))
    assert not figure.contains(Fraction(247501, 10000))


def test_a_bound_stands_for_all_below_it() -> None:
    figure = Figure("f", "p", "<0.001", Fraction(1, 1000), bound="<", decimals=3)
    assert (figure.low, figure.high) == (0, Fraction(1, 1000))


def test_counts_are_printed_as_they_are() -> None:
    """Means of 5 and 6 can both be 5.5; sizes of 5 and 6 cannot be one size."""
    five, six = (Figure(str(value), "size", str(value), Fraction(value)) for value in (5, 6))
    assert not five.overlaps(six)
    assert replace(five, statistic="mean").overlaps(replace(six, statistic="mean"))


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_line_ending_and_any_sign_in_quotes_are_read(ending: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes((HEADER + 'Sex\x85\u2028,a,n,"1,309"\n').replace("\n", ending).encode())
    (figure,) = read_figures(path)
    assert (figure.row, figure.value) == ("Sex", 1309)


def test_row_and_level_are_the_key_where_none_is_given(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("\ufeffrow,level,group,statistic,printed\nSex,male,a,n,12\n", encoding="utf-8")
    (figure,) = read_figures(path)
    assert (figure.figure_id, figure.variable, figure.level_code, figure.value) == ("line 2", "Sex", "male", 12)


def test_a_number_in_words_needs_its_value(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("row,group,statistic,printed,value\nCR,total,n,eight,8\n", encoding="utf-8")
    assert read_figures(path)[0].value == 8


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("row,group,printed\n", "the header lacks statistic"),
        ("", "the header lacks row, group, statistic, printed"),
        (HEADER + "Sex,a,mode,12\n", "line 2: 'mode' is not a statistic"),
        (HEADER + "Sex,a,n,12\nSex,a,n,many\n", "line 3: 'many' is not a number"),
        (HEADER + "Sex,a,n\n", "line 2: the line has not as many fields"),
        (HEADER + "Sex,a,n,12,13\n", "line 2: the line has not as many fields"),
        (HEADER + "Patients,a,size,0\n", "line 2: '0' is no number of patients"),
        (HEADER + "Sex,a,n,-1\n", "line 2: '-1' is no number of patients"),
        (HEADER + "Patients,a,size,5.5\n", "line 2: '5.5' is no number of patients"),
        (HEADER + "Patients,a,size,55%\n", "line 2: '55%' is no number of patients"),
        (HEADER + "Patients,a,size,<100\n", "line 2: '<100' is no number of patients"),
        (HEADER + "Patients,a,size,999999999999\n", "line 2: '999999999999' is no number of patients"),
        (HEADER + f"Age,a,mean,{'9' * 5000}\n", f"line 2: '{'9' * 40}...' is not a number"),
        (HEADER + f"{'x' * 200_000},a,n,5\n", "line 2: the line is not CSV"),
        (HEADER + 'never closed,a,n,"5\n', "line 2"),
        (HEADER + '"two\nlines",a,n,5\n\nSex,a,mode,12\n', "line 5: 'mode' is not a statistic"),
        ("row," + HEADER + "Sex,Sex,a,n,12\n", "the header names the column 'row' twice"),
        (HEADER + "Sex,a,n,12\n" * 20_001, "more than 20,000 figures"),
        ("part_of," + HEADER + "metastasis,Lung,a,n,1\n", "line 2: part_of must be variable=level, not 'metastasis'"),
        ("figure_id," + HEADER + "f,Sex,a,n,12\nf,Sex,b,n,12\n", "two figures are called 'f'"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DeliveryError, match=r"table\.csv") as refused:
        read_figures(path)
    assert says in str(refused.value)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes((HEADER + "성별,a,n,12\n").encode("cp949"))
    with pytest.raises(DeliveryError, match="UTF-8"):
        read_figures(path)


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no such file"):
        read_figures(tmp_path / "none.csv")
