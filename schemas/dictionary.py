"""The data dictionary, projected from the models: every table, column and code as Markdown.

`python -m schemas.dictionary` writes docs/reference/dictionary.md.
"""

from pathlib import Path
from typing import Any

from schemas.catalogue import ColumnFacts, TableFacts, all_tables
from schemas.code_list import CodeList, code_list_names, read_code_list

PATH = Path(__file__).parent.parent / "docs" / "reference" / "dictionary.md"

ADDRESS = (
    "Every row also carries its load (`load_id`) and its address: `source_id` (file and sheet), `source_record` "
    "(its number in the file) and `source_ordinal` (which of the rows that the record yields). In the schema "
    "`current`, `site_id` stands first and the file's name is spelt out. A person is (`site_id`, `patient_id`)."
)

SAYS = {
    "greater_than": "> {min_value}",
    "greater_than_or_equal_to": "≥ {min_value}",
    "less_than": "< {max_value}",
    "less_than_or_equal_to": "≤ {max_value}",
    "in_range": "{min_value} to {max_value}",
    "str_matches": "matches `{pattern}`",
    "str_length": "{min_value} to {max_value} characters",
}
"""How a check reads; `isin` is described by the code list."""


def render_dictionary() -> str:
    """Render the whole dictionary as Markdown."""
    tables = all_tables()
    parts = [
        "# Data dictionary",
        "Rendered from the canonical model in `schemas/` by `make docs`; not to be edited here.",
        ADDRESS,
        "A bad cell costs the *cell* (it becomes NULL, with a finding) or the *row* (it is quarantined).",
        "## Tables",
        "\n".join(
            f"- [{table.name}](#{table.name}): one row per {table.grain.removeprefix('one ')}" for table in tables
        ),
        *(render_table(table) for table in tables),
        "## Code lists",
        *(render_code_list(read_code_list(name)) for name in code_list_names()),
    ]
    return "\n\n".join(parts) + "\n"


def render_table(table: TableFacts) -> str:
    """Render one table: what a row is, its key, its columns."""
    return "\n".join(
        [
            f"### {table.name}",
            "",
            f"One row is {table.grain}. Key within a load: {', '.join(f'`{name}`' for name in table.key)}."
            + (f" `patient_id` refers to `{table.parent}`." if table.parent else ""),
            "",
            "| column | type | meaning | may hold | bad cell costs |",
            "|---|---|---|---|---|",
            *(render_column(column) for column in table.columns),
        ]
    )


def render_column(column: ColumnFacts) -> str:
    """Render one column as a line of its table."""
    unit = (
        f" In {column.unit}."
        if column.unit
        else f" In the unit of `{column.unit_column}`."
        if column.unit_column
        else ""
    )
    meaning = f"**{column.title}.** {column.description}{unit}"
    cells = (f"`{column.name}`", column.sql_type, meaning, render_domain(column), column.cost)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def render_domain(column: ColumnFacts) -> str:
    """Say what a column may hold, from its code list and its checks."""
    said = ["required"] if column.required else []
    if column.codes:
        said.append(f"codes of [{column.codes}](#codes-{column.codes.replace('_', '-')})")
    said += [_render_check(name, arguments) for name, arguments in column.checks.items() if name != "isin"]
    return ", ".join(said)


def render_code_list(codes: CodeList) -> str:
    """Render one code list with its English and Korean labels."""
    lines = [
        f"### Codes {codes.name.replace('_', ' ')}",
        "",
        "| code | English | 한국어 | source |",
        "|---|---|---|---|",
    ]
    lines += [f"| `{entry.code}` | {entry.label} | {entry.label_ko} | {entry.source} |" for entry in codes.entries]
    return "\n".join(lines)


def _render_check(name: str, arguments: dict[str, Any]) -> str:
    return SAYS[name].format(**arguments) if name in SAYS else name.replace("_", " ")


if __name__ == "__main__":
    PATH.write_text(render_dictionary(), encoding="utf-8")
