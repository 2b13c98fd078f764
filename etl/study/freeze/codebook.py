"""The codebook of a frozen data set: columns, codes and the study's variables, as CSV and as one page of Markdown."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.study.definition.study_file import Level, StudyFile
from etl.study.freeze.folder import write_private
from etl.study.freeze.tables import FrozenTable

if TYPE_CHECKING:
    import duckdb

CODEBOOK = "codebook.csv"
CODE_LISTS = "code_lists.csv"
VARIABLES = "variables.csv"
PAGE = "codebook.md"
COLUMNS = ("table", "position", "column", "type", "unit", "code_list", "meaning")
CODE_COLUMNS = ("code_list", "code", "label", "label_ko", "source")
VARIABLE_COLUMNS = (
    "variable",
    "label",
    "label_ko",
    "column",
    "unit",
    "divide_by",
    "position",
    "level",
    "level_label",
    "level_label_ko",
    "holds",
)

Rows = Sequence[Sequence[Any]]


def write_codebook(
    con: "duckdb.DuckDBPyConnection", study: StudyFile, *, tables: Sequence[FrozenTable], folder: Path
) -> None:
    """Write the codebook: what every column means, what every code means, and how the study cuts its variables."""
    columns = [
        (table.name, position, column.name, column.type, column.unit, column.code_list, column.comment)
        for table in tables
        for position, column in enumerate(table.columns, start=1)
    ]
    lists = sorted({column.code_list for table in tables for column in table.columns if column.code_list})
    codes = con.execute(
        "SELECT code_list, code, label, label_ko, source FROM reference.code "
        "WHERE list_contains(?, code_list) ORDER BY code_list, position",
        [lists],
    ).fetchall()
    variables = list(_variables(study))
    write_csv(folder / CODEBOOK, COLUMNS, columns)
    write_csv(folder / CODE_LISTS, CODE_COLUMNS, codes)
    write_csv(folder / VARIABLES, VARIABLE_COLUMNS, variables)
    write_private(folder / PAGE, _page(study, tables, codes=codes, variables=variables).encode())


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a CSV file of the data set: UTF-8, commas, lines that end with LF, an empty cell for None."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    write_private(path, text.getvalue().encode())


def read_types(path: Path) -> dict[str, dict[str, str]]:
    """Read DuckDB's type of every column, by table, from the codebook."""
    types: dict[str, dict[str, str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            types.setdefault(row["table"], {})[row["column"]] = row["type"]
    return types


def _variables(study: StudyFile) -> Iterable[tuple[Any, ...]]:
    for name, variable in study.variables.items():
        about = (name, variable.label.en, variable.label.korean, variable.column, variable.unit, variable.divide_by)
        if variable.kind == "number":
            yield *about, None, None, None, None, "numbers"
        for position, (level, form) in enumerate(variable.all_levels.items(), start=1):
            label = form.label
            yield (
                *about,
                position,
                level,
                label.en if label else level,
                label.korean if label else level,
                _holds(form),
            )


def _holds(level: Level) -> str:
    """Say in words which cells belong to a level."""
    if level.values:
        return ", ".join(map(str, level.values))
    bounds = {"above": level.above, "from": level.at_least, "below": level.below, "up to": level.at_most}
    return " and ".join(f"{word} {bound:g}" for word, bound in bounds.items() if bound is not None)


def _page(study: StudyFile, tables: Sequence[FrozenTable], *, codes: Rows, variables: Rows) -> str:
    parts = [f"# Codebook: {study.title.en}"]
    for table in tables:
        parts.append(f"## {table.name}\n\n{table.comment}\n\nFile: `{table.path}`, {table.row_count} rows.")
        parts.append(
            _markdown(
                ("column", "type", "unit", "code list", "meaning"),
                [(column.name, column.type, column.unit, column.code_list, column.comment) for column in table.columns],
            )
        )
    parts += ["## Variables of the study", _markdown(VARIABLE_COLUMNS, variables)]
    parts += ["## Code lists", _markdown(CODE_COLUMNS, codes)]
    return "\n\n".join(parts) + "\n"


def _markdown(header: Sequence[str], rows: Rows) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(value: Any) -> str:
    return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")
