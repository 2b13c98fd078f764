"""Commands that query the warehouse read-only: `query`, `sql`, `describe`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from etl.commands.connections import asking
from etl.commands.options import AsJson, Output, read_settings
from etl.commands.show import print_on_stderr, show_answer, show_rows
from warehouse.errors import HccError


def query(
    sql: Annotated[str, typer.Argument(help="One SELECT.", metavar="SQL")],
    *,
    output: Output = None,
    as_json: AsJson = False,
) -> None:
    """Ask the warehouse one question in SQL, read-only; --json prints an array of row objects.

    Example:
    hcc query "select count(*) from analysis.cohort"
    hcc query --json "select site_id, patient_id, os_months from analysis.cohort limit 3"
    hcc query "from analysis.cohort" -o cohort.parquet
    """
    from warehouse.reading.query import ask_long

    with asking(read_settings()) as con:
        answer = ask_long(con, sql)
        show_answer(answer.columns, answer.rows, output=output, as_json=as_json)


def sql() -> None:
    """Ask the warehouse question after question, read-only, in the duckdb program when it is installed.

    Example:
    hcc sql
    """
    from warehouse.reading.query import search_path

    settings = read_settings()
    path = settings.warehouse_path
    with asking(settings) as con:  # a missing warehouse, and files that differ, are reported before the first question
        names = search_path(con)
    program = shutil.which("duckdb")
    if program is not None and sys.stdin.isatty():
        from warehouse.file.versions import newest_version

        version = newest_version(path)
        if version is not None and _opens(program, version):
            os.execv(program, [program, "-readonly", "-cmd", f"SET search_path = '{names}'", str(version)])  # noqa: S606
    _prompt(path)


def describe(
    name: Annotated[
        str | None,
        typer.Argument(help="A table such as analysis.cohort, or a schema such as clinical; all when not named."),
    ] = None,
    *,
    output: Output = None,
    as_json: AsJson = False,
) -> None:
    """Say what a table's rows and columns mean.

    Example:
    hcc describe
    hcc describe analysis.cohort
    """
    from warehouse.reading.describe import describe as read_comments

    settings = read_settings()
    with asking(settings):
        pass  # files that differ are reported before the answer
    answer = read_comments(settings.warehouse_path, name)
    show_answer(answer.columns, answer.rows, output=output, as_json=as_json)


def _opens(program: str, path: Path) -> bool:
    # An older duckdb program cannot read a newer file; running it is the only sure way to find out.
    asked = subprocess.run([program, "-readonly", str(path), "-c", "SELECT 1"], capture_output=True, check=False)  # noqa: S603
    return asked.returncode == 0


def _prompt(path: Path) -> None:
    from warehouse.reading.query import run_query

    is_asked = sys.stdin.isatty()
    if is_asked:
        print_on_stderr("Ask in SQL and end with a semicolon; Ctrl-D leaves.")
    for question in _questions(is_asked=is_asked):
        try:
            answer = run_query(path, question)
            show_rows(answer.columns, answer.rows, as_json=False)
        except HccError as error:
            print_on_stderr(str(error), style="red")


def _questions(*, is_asked: bool) -> Iterator[str]:
    """Read lines until one ends in a semicolon, or until the end of the input, and yield their statements one by one."""
    lines: list[str] = []
    while True:
        try:
            lines.append(input(("... " if lines else "hcc> ") if is_asked else ""))
        except EOFError:
            yield from _statements("\n".join(lines))
            return
        if lines[-1].rstrip().endswith(";"):
            yield from _statements("\n".join(lines))
            lines = []


def _statements(text: str) -> list[str]:
    import duckdb

    try:
        return [statement.query for statement in duckdb.extract_statements(text)]
    except duckdb.Error:
        return [text]  # executed as it is, it is refused with the reason
