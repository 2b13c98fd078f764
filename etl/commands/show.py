"""Print answers: tables for people, JSON for programs, one red sentence for an error."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from etl.commands.safe_console import SafeConsole, is_steering, plain_text
from etl.commands.table_text import aligned_lines, plain, print_fitting

__all__ = ["distinct", "err", "json_text", "out", "plain", "print_on_stderr", "show_answer", "show_json", "show_rows"]

WIDTH_WITHOUT_TERMINAL = 200
WIDTH_OF_PIPED_ANSWER = 100_000
"""A table in a pipe or a file is as wide as its cells; a pager scrolls sideways, and cells stay whole."""
MOST_ROWS_ON_SCREEN = 1000


def show_rows(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], *, as_json: bool, title: str | None = None
) -> None:
    """Print rows as a table or, for programs, as a JSON array of objects; a pipe gets every row, a screen the first 1,000."""
    if as_json:
        show_json([dict(zip(distinct(columns), row, strict=True)) for row in rows])
        return
    console = out()
    if not console.is_terminal:
        if title is not None:
            sys.stdout.write(f"{plain_text(title)}\n")
        for line in aligned_lines(columns, rows):
            sys.stdout.write(f"{line}\n")
        return
    print_fitting(console, columns, rows[:MOST_ROWS_ON_SCREEN], title=title)
    if len(rows) > MOST_ROWS_ON_SCREEN:
        print_on_stderr(
            f"... and {len(rows) - MOST_ROWS_ON_SCREEN:,} rows more than a screen shows; a pipe or a file gets all of them."
        )


def show_answer(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, output: Path | None, as_json: bool) -> None:
    """Print rows, or write all of them into a file and report how many; a file takes more than memory holds."""
    if output is None:
        show_rows(columns, list(rows), as_json=as_json)
        return
    from etl.own_files.answer_file import write_answer

    count = write_answer(output, distinct(columns), rows)
    if as_json:
        show_json({"output": str(output), "rows": count})
    else:
        print_on_stderr(f"{output}: {count:,} rows.")


def show_json(value: Any) -> None:
    """Print a value as JSON: dates in ISO 8601, decimals as numbers with all their digits; one array element a line."""
    if isinstance(value, list) and value:
        sys.stdout.write("[" + ",\n ".join(json_text(element) for element in value) + "]\n")
    else:
        sys.stdout.write(json_text(value) + "\n")


def json_text(value: Any) -> str:  # noqa: PLR0911  # one arm a type
    """Write a value as JSON text. The json module would turn a Decimal into a float and lose digits."""
    match value:
        case None | bool() | int() | str():
            return _json_string(value) if isinstance(value, str) else json.dumps(value)
        case Decimal():
            return format(value, "f") if value.is_finite() else "null"
        case float():
            return json.dumps(value) if value - value == 0 else "null"
        case datetime() | date() | time():
            return json.dumps(value.isoformat())
        case Mapping():
            return "{" + ", ".join(f"{_json_string(str(key))}: {json_text(value[key])}" for key in value) + "}"
        case list() | tuple():
            return "[" + ", ".join(json_text(element) for element in value) + "]"
        case _:
            return _json_string(str(value))


def _json_string(text: str) -> str:
    """Write a JSON string as it reads, but with escapes for what could steer a terminal; a program reads the same text."""
    written = json.dumps(text, ensure_ascii=False)
    if written.isprintable():
        return written
    return "".join(json.dumps(char)[1:-1] if is_steering(char) else char for char in written)


def distinct(names: Iterable[str]) -> list[str]:
    """Number repeated column names, which a JSON object cannot hold twice: n, n_2, n_3."""
    given: list[str] = []
    for name in names:
        candidate, number = name, 1
        while candidate in given:
            number += 1
            candidate = f"{name}_{number}"
        given.append(candidate)
    return given


def print_on_stderr(message: str, *, style: str = "") -> None:
    """Print a sentence on stderr, unwrapped, so that stdout holds the answer alone."""
    err().print(Text(plain_text(message), style=style), soft_wrap=True)


def out() -> Console:
    """Return the console of the answers (stdout), wide when it is not a terminal."""
    return _console(is_stderr=False, width=WIDTH_OF_PIPED_ANSWER)


def err() -> Console:
    """Return the console of everything else (stderr); while a progress bar is on, its own, which prints above the bar."""
    return _bars[-1] if _bars else _console(is_stderr=True, width=WIDTH_WITHOUT_TERMINAL)


@contextmanager
def printing_above_a_bar(console: Console) -> Iterator[None]:
    """Print every sentence through the console of a bar, so that none begins in the middle of the bar's line."""
    _bars.append(console)
    try:
        yield
    finally:
        _bars.remove(console)


_bars: list[Console] = []


def _console(*, is_stderr: bool, width: int) -> Console:
    console = SafeConsole(stderr=is_stderr)
    return console if console.is_terminal else SafeConsole(stderr=is_stderr, width=width)
