"""Answers keep every digit, and nothing in a cell is taken for an instruction to the terminal."""

import json
from datetime import date, datetime
from decimal import Decimal

import pytest

from etl.commands.show import MOST_ROWS_ON_SCREEN, json_text, show_rows


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (7, "7"),
        (Decimal("1.800000"), "1.800000"),
        (Decimal("1E+3"), "1000"),
        (Decimal("123456789012.123456"), "123456789012.123456"),
        (Decimal("NaN"), "null"),
        (0.1, "0.1"),
        (float("inf"), "null"),
        (float("nan"), "null"),
        (date(2013, 12, 4), '"2013-12-04"'),
        (datetime(2013, 12, 4, 5, 6), '"2013-12-04T05:06:00"'),  # noqa: DTZ001
        ('남 "x"\n', '"남 \\"x\\"\\n"'),
        (["a", Decimal("0.10")], '["a", 0.10]'),
        ({"성별": None}, '{"성별": null}'),
        ((), "[]"),
    ],
)
def test_json_holds_what_the_warehouse_holds(value: object, text: str) -> None:
    assert json_text(value) == text
    json.loads(text)


def test_rows_as_json_are_an_array_of_objects(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows(["n", "n", "m"], [(1, 2, "x"), (3, 4, None)], as_json=True)
    assert json.loads(capsys.readouterr().out) == [{"n": 1, "n_2": 2, "m": "x"}, {"n": 3, "n_2": 4, "m": None}]


def test_no_rows_as_json_are_an_empty_array(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows(["n"], [], as_json=True)
    assert json.loads(capsys.readouterr().out) == []


def test_a_table_shows_cells_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows(["found"], [("[red]x[/red]",), ("\x1b[31mred",)], as_json=False)
    shown = capsys.readouterr().out
    assert "[red]x[/red]" in shown
    assert "\\x1b[31mred" in shown
    assert "\x1b" not in shown


def test_a_long_table_says_what_it_leaves_out(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows(["n"], [(n,) for n in range(MOST_ROWS_ON_SCREEN + 5)], as_json=False)
    shown, said = capsys.readouterr()
    assert str(MOST_ROWS_ON_SCREEN - 1) in shown
    assert said == "... and 5 rows more; --json prints all of them.\n"
