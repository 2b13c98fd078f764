"""Answers keep every digit, and nothing in a cell is taken for an instruction to the terminal."""

import io
import json
import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from rich.cells import cell_len
from rich.console import Console

from etl.commands.show import MOST_ROWS_ON_SCREEN, json_text, print_on_stderr, show_rows


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


def test_a_pipe_gets_every_row(capsys: pytest.CaptureFixture[str]) -> None:
    count = MOST_ROWS_ON_SCREEN + 5
    show_rows(["n"], [(n,) for n in range(count)], as_json=False)
    shown, said = capsys.readouterr()
    assert [line.strip() for line in shown.splitlines()] == ["n", *map(str, range(count))]
    assert said == ""


def test_a_pipe_keeps_a_record_on_the_lines_of_its_cells(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows(["이름", "n"], [("a\nbc", 1), ("다", 20)], as_json=False)
    assert capsys.readouterr().out.splitlines() == ["이름   n", "a      1", "bc", "다    20"]


def screen(monkeypatch: pytest.MonkeyPatch, *, width: int) -> io.StringIO:
    """A terminal of so many characters."""
    shown = io.StringIO()
    monkeypatch.setattr(
        "etl.commands.show.out", lambda: Console(file=shown, force_terminal=True, no_color=True, width=width)
    )
    return shown


def test_a_screen_says_what_it_leaves_out(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    shown = screen(monkeypatch, width=80)
    show_rows(["n"], [(n,) for n in range(MOST_ROWS_ON_SCREEN + 5)], as_json=False)
    assert str(MOST_ROWS_ON_SCREEN - 1) in shown.getvalue()
    assert str(MOST_ROWS_ON_SCREEN) not in shown.getvalue()
    said = capsys.readouterr().err
    assert said == "... and 5 rows more than a screen shows; a pipe or a file gets all of them.\n"


LEDGER = ("file", "table", "records", "contributing", "excluded", "unused", "produced", "loaded", "quarantined")


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
@pytest.mark.parametrize("length", [3, 40, 200])
def test_no_figure_wraps_at_any_width(width: int, length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = screen(monkeypatch, width=width)
    figures = (19516, 19516, 10000001, 0, 123456, Decimal("19516.25"), date(2013, 12, 4))
    show_rows(LEDGER, [("long name " * (length // 10) + "end", "lab_result", *figures)], as_json=False)
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in shown.getvalue().splitlines()]
    words = [word for line in lines for word in line.split()]
    assert all(str(figure) in words for figure in figures)
    assert set(LEDGER) <= set(words)
    assert all(cell_len(line) <= width for line in lines)
    assert all(line.strip() for line in lines)


def test_many_columns_are_shown_record_by_record(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = screen(monkeypatch, width=80)
    names = [f"column_of_the_cohort_{number}" for number in range(150)]
    show_rows(names, [tuple(range(150)), (None,) * 150], as_json=False)
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line).split() for line in shown.getvalue().splitlines()]
    assert lines[0] == ["--", "1", "of", "2", "--"]
    assert lines[1:151] == [[name, str(number)] for number, name in enumerate(names)]
    assert lines[152:] == [[name] for name in names]


def test_a_sentence_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_on_stderr("the file \x1b]0;title\x07 name\u202e\x9b1m is unread")
    said = capsys.readouterr().err
    assert said == "the file \\x1b]0;title\\x07 name\\u202e\\x9b1m is unread\n"
