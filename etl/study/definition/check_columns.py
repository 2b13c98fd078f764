"""Check that the columns that a study file names hold what it takes them for: numbers, whole days, true and false."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from etl.mapping.language.yaml_lines import read_yaml
from etl.study.definition.mistake import Mistake
from etl.study.definition.read_study import Definition
from etl.study.definition.study_file import StudyFile, Variable
from warehouse.errors import StudyError

if TYPE_CHECKING:
    import duckdb

WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
FRACTIONS = ("DECIMAL", "DOUBLE", "FLOAT")
TRUTH = "BOOLEAN"


def check_columns(con: "duckdb.DuckDBPyConnection", definition: Definition) -> None:
    """Check every column that the study names against its type in analysis.cohort.

    A warehouse whose views were never built has no types to check; then nothing is.

    Raises:
        StudyError: a column holds something else; one line for every mistake, `file:line: sentence`.
    """
    types = _types(con)
    mistakes = [*_check_variables(definition.study, types), *_check_endpoints(definition.study, types)]
    if types and mistakes:
        lines = read_yaml(definition.path.read_text(encoding="utf-8-sig")).lines
        found = sorted({(lines.line_of(at), sentence) for at, sentence in mistakes})
        raise StudyError("\n".join(f"{definition.path.as_posix()}:{line}: {sentence}" for line, sentence in found))


def _types(con: "duckdb.DuckDBPyConnection") -> dict[str, str]:
    """Name the type of every column, DECIMAL without its size."""
    rows = con.execute(
        "SELECT column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = current_database() AND schema_name = 'analysis' AND table_name = 'cohort'"
    ).fetchall()
    return {name: kind.partition("(")[0] for name, kind in rows}


def _check_variables(study: StudyFile, types: Mapping[str, str]) -> Iterator[Mistake]:
    for name, variable in study.variables.items():
        kind = types.get(variable.column, "")
        for sentence in _check_variable(variable, kind):
            yield ("variables", name, "column"), f"'{variable.column}' {sentence}"


def _check_variable(variable: Variable, kind: str) -> Iterator[str]:
    levels = variable.all_levels.values()
    is_measured = variable.kind == "number" or any(not level.values for level in levels)
    if is_measured and kind not in WHOLE + FRACTIONS:
        yield "does not hold numbers; name its values."
    if kind in FRACTIONS and any(level.values for level in levels):
        yield "holds fractions; give bounds (above, at_least, below, at_most) in place of values."
    if variable.kind == "yes_no" and not variable.levels and kind != TRUTH:
        yield "does not hold true and false; give the levels 'no' and 'yes' their values."


def _check_endpoints(study: StudyFile, types: Mapping[str, str]) -> Iterator[Mistake]:
    for name, endpoint in study.endpoints.items():
        for key in ("time", "competing_time"):
            column = getattr(endpoint, key)
            if column is not None and types.get(column) not in WHOLE:
                yield ("endpoints", name, key), f"'{column}' does not hold whole days."
        for key in ("event", "competing_event"):
            column = getattr(endpoint, key)
            if column is not None and types.get(column) != TRUTH:
                yield ("endpoints", name, key), f"'{column}' does not hold true and false."
