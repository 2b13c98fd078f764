"""A column that is far emptier than at the other hospitals is reported; custom, chance and few rows are not."""

import pytest

from etl.quality.fill_rates import Filling, find_emptier

AST = ("lab_result", "value")


def filling(percent: float, *, rows: int = 1000, patients: int = 200) -> Filling:
    return Filling(rows, round(rows * percent / 100), patients)


def found(here: Filling, *there: Filling) -> list[str]:
    return [
        f"{each.table}.{each.column}: {each.found}; {each.expected}"
        for each in find_emptier({AST: here}, [{AST: other} for other in there])
    ]


def test_a_column_that_is_far_emptier_is_reported_with_all_that_it_was_judged_by() -> None:
    assert found(filling(42), filling(96), filling(93), filling(99)) == [
        "lab_result.value: value is filled in 42 % of 1,000 rows; 96 % in the middle of 3 other hospitals (93 % to 99 %)"
    ]


@pytest.mark.parametrize(
    ("why", "here", "there"),
    [
        ("as full", filling(96), [filling(96), filling(93)]),
        ("fuller", filling(100), [filling(50), filling(52)]),
        ("a small gap", filling(75), [filling(96), filling(93)]),
        ("one other hospital", filling(42), [filling(96)]),
        ("differs from place to place", filling(20), [filling(90), filling(50), filling(15), filling(70)]),
        ("few patients", filling(50, rows=40, patients=6), [filling(95), filling(96)]),
    ],
)
def test_what_says_little_is_not_reported(why: str, here: Filling, there: list[Filling]) -> None:
    assert found(here, *there) == [], why


def test_an_empty_column_and_a_nearly_empty_one_are_not_called_the_same() -> None:
    assert "filled in 0 % of 1,000" in found(filling(0), filling(96), filling(93))[0]
    assert "filled in < 1 % of 1,000" in found(filling(0.1), filling(96), filling(93))[0]
