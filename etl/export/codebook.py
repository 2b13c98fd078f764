"""The codebook of an export: every column, how it is written, and every code with its labels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from etl.export.column_plan import ColumnPlan
from etl.export.formats import LIMITS, Format
from etl.export.labels import CodeLists, LabelledCode, label_of
from etl.export.table_facts import ExportedTable

if TYPE_CHECKING:
    import duckdb

CODEBOOK_FILE, CODE_LISTS_FILE = "codebook.csv", "code_lists.csv"
COLUMNS = (
    "table",
    "file",
    "sheet",
    "position",
    "column",
    "name_in_file",
    "type",
    "stored_as",
    "unit",
    "code_list",
    "label",
    "meaning",
    "note",
)
CODE_COLUMNS = ("code_list", "code", "number", "label", "label_ko", "source")


@dataclass(frozen=True)
class Placed:
    """A table, how its columns are written, and where: `sheet` is None in formats without sheets."""

    table: ExportedTable
    plans: tuple[ColumnPlan, ...]
    file: str
    sheet: str | None


def read_code_lists(con: "duckdb.DuckDBPyConnection") -> dict[str, list[LabelledCode]]:
    """Read the codes of every list in their order."""
    lists: dict[str, list[LabelledCode]] = {}
    rows = con.execute(
        "SELECT code_list, code, label, label_ko, source FROM reference.code ORDER BY code_list, position"
    ).fetchall()
    for code_list, code, label, label_ko, source in rows:
        codes = lists.setdefault(code_list, [])
        codes.append(LabelledCode(code_list, code, len(codes) + 1, label, label_ko, source))
    return lists


def codebook_rows(placed: Sequence[Placed], form: Format) -> Iterator[tuple[Any, ...]]:
    """Describe every column of the tables, in their order."""
    for each in placed:
        for position, plan in enumerate(each.plans, 1):
            column = plan.column.column
            yield (
                each.table.name,
                each.file,
                each.sheet,
                position,
                column.name,
                plan.name,
                column.type,
                plan.stored,
                column.unit,
                column.code_list,
                label_of(column.comment, LIMITS.get(form)),
                column.comment,
                " ".join(plan.notes),
            )


def code_rows(placed: Sequence[Placed], code_lists: CodeLists) -> Iterator[tuple[Any, ...]]:
    """List the codes of the lists that the tables name; the number stands for the code in a Stata file."""
    named = {plan.column.column.code_list for each in placed for plan in each.plans}
    for name in (name for name in sorted(code_lists) if name in named):
        for code in code_lists[name]:
            yield code.code_list, code.code, code.number, code.label, code.label_ko, code.source
