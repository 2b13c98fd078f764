"""What the commands share that answer for a user's own file: the study options they take, and the answer shown or written."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

import typer

from etl.commands.show import print_on_stderr, show_json, show_rows


def named_options(given: Sequence[str] | None, known: Collection[str], *, example: str) -> dict[str, str]:
    """Read `name=value` of study options; one that cannot change the answer is refused."""
    options = {}
    for text in given or ():
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or name not in known:
            raise typer.BadParameter(
                f"'{text[:80]}' is no study option that changes this answer; write it as in {example}. "
                f"The options: {', '.join(sorted(known))}",
                param_hint="--option",
            )
        options[name] = value
    return options


def check_not_overwritten(file: Path, output: Path | None) -> None:
    """Refuse to write the answer over the file that it is read from."""
    if output is not None and output.resolve() == file.resolve():
        raise typer.BadParameter("the answer would overwrite the file that it is read from", param_hint="--output")


def show_file_answer(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    not_read_count: int,
    *,
    file: Path,
    output: Path | None,
    as_json: bool,
) -> None:
    """Show the rows, or write them and report how many; then how many rows could not be read."""
    from etl.own_files.answer_file import write_answer

    if output is None:
        show_rows(columns, list(rows), as_json=as_json)
    else:
        count = write_answer(output, columns, rows, is_as_given=True)
        if as_json:
            show_json({"output": str(output), "rows": count, "rows_not_read": not_read_count})
        else:
            print_on_stderr(f"{output}: {count:,} rows.")
    if not_read_count:
        print_on_stderr(f"{not_read_count:,} rows of {file} could not be read; the column 'reason' says why.")
