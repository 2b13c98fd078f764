"""Write a table as a file of SPSS or Stata, with labels of its variables and values.

The library (pyreadstat) makes such a file from a whole frame, so that the memory grows with the table: a table that would
need more than `MOST_BYTES` is refused before anything is read.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.export.column_plan import ColumnPlan, select_sql
from etl.export.formats import LIMITS, Format
from etl.export.labels import NO_YES, CodeLists, cut, label_of
from etl.export.table_facts import ExportedTable
from warehouse.errors import EnvironmentRefusal
from warehouse.progress import Progress

if TYPE_CHECKING:
    import duckdb

MOST_BYTES = 1_100_000_000
"""What a frame and its copies may take; with it the program stays below 1.5 GB."""
_BYTES_OF_A_NUMBER = 36
_BYTES_OF_A_TEXT = 110
_BYTES_OF_A_BYTE = 4
"""By the cell and by the byte of a text, the copies of DuckDB, pandas and pyreadstat counted; measured at 400,000 rows."""

_SAV_FORMATS = {"day": "DATE11", "moment": "DATETIME20", "boolean": "F1.0", "whole": "F11.0"}
_DTA_FORMATS = {"day": "%td", "moment": "%tc"}
_MOST_DECIMALS = 16
_WIDEST_NUMBER = 40


def refuse_too_large(table: ExportedTable, plans: Sequence[ColumnPlan], *, form: Format) -> None:
    """Refuse a table whose frame would take too much memory.

    Raises:
        EnvironmentRefusal: it would.
    """
    needed = sum(_bytes_of(plan, table.row_count) for plan in plans)
    if needed > MOST_BYTES:
        raise EnvironmentRefusal(
            f"{table.name}: as .{form} it would need about {needed / 1e9:,.1f} GB of memory, and {MOST_BYTES / 1e9:,.1f} GB are "
            "allowed, since such a file is made in one piece. Export it as parquet or csv, which these programs read too."
        )


def write_statistics(
    con: "duckdb.DuckDBPyConnection",
    table: ExportedTable,
    plans: Sequence[ColumnPlan],
    *,
    path: Path,
    form: Format,
    code_lists: CodeLists,
    language: str,
    progress: Progress,
) -> None:
    """Write a table into a new .sav or .dta file.

    Args:
        con: the warehouse.
        table: the table.
        plans: its columns, as the format holds them.
        path: the file.
        form: sav or dta.
        code_lists: the codes with their labels.
        language: of the labels of values; en or ko.
        progress: where rows are reported.
    """
    import pyreadstat

    limits = LIMITS[form]
    frame = con.sql(select_sql(table, plans)).df()
    options: dict[str, Any] = {
        "file_label": cut(table.name, 64),
        "column_labels": [label_of(plan.column.column.comment, limits) or None for plan in plans],
        "variable_value_labels": _value_labels(plans, code_lists=code_lists, language=language, form=form),
        "variable_format": {plan.name: shown for plan in plans if (shown := _shown(plan, form))},
    }
    if form is Format.sav:
        measures = {plan.name: "nominal" if _is_nominal(plan) else "scale" for plan in plans}
        pyreadstat.write_sav(frame, path, row_compress=True, variable_measure=measures, **options)
    else:
        pyreadstat.write_dta(frame, path, version=15, **options)
    progress.advance(table.row_count)


def _bytes_of(plan: ColumnPlan, row_count: int) -> int:
    if plan.stored != "text":
        return row_count * _BYTES_OF_A_NUMBER
    return row_count * _BYTES_OF_A_TEXT + _BYTES_OF_A_BYTE * int(plan.column.facts.get("total_bytes", row_count * 32))


def _value_labels(
    plans: Sequence[ColumnPlan], *, code_lists: CodeLists, language: str, form: Format
) -> dict[str, dict[Any, str]]:
    limits = LIMITS[form]
    labels: dict[str, dict[Any, str]] = {}
    for plan in plans:
        codes = code_lists.get(plan.column.column.code_list or "", ())
        said = {code: cut(code.in_language(language), limits.value_label_bytes) for code in codes}
        if plan.stored == "boolean":
            labels[plan.name] = dict(enumerate(NO_YES[language]))
        elif plan.stored == "code":
            labels[plan.name] = {code.number: label for code, label in said.items()}
        elif plan.stored == "text" and codes and form is Format.sav:
            labels[plan.name] = {code.code: label for code, label in said.items()}
    return labels


def _is_nominal(plan: ColumnPlan) -> bool:
    return plan.stored in ("text", "boolean", "code")


def _shown(plan: ColumnPlan, form: Format) -> str | None:
    """Say how the program shows the numbers of a column; what it keeps does not depend on it."""
    if form is Format.dta:
        return _DTA_FORMATS.get(plan.stored)
    if plan.stored != "double":
        return _SAV_FORMATS.get(plan.stored)
    if plan.column.kind == "decimal":
        width, decimals = map(int, plan.column.column.type.removeprefix("DECIMAL(").removesuffix(")").split(","))
        return f"F{min(width + 2, _WIDEST_NUMBER)}.{min(decimals, _MOST_DECIMALS)}"
    return "F20.0" if plan.column.kind == "whole" else "F16.6"
