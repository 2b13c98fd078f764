"""docs/rules.md: the tables of the clinical rules, rendered from tests/spec; `make docs` writes it anew.

Every module `*_tables.py` in this folder offers `CHAPTER`, its title, and `TABLES`.
"""

from importlib import import_module
from pathlib import Path

from spec.table import SpecTable

HERE = Path(__file__).parent
PATH = HERE.parents[1] / "docs" / "rules.md"


def render_rules() -> str:
    """Render all chapters as Markdown."""
    chapters = [import_module(f"spec.{path.stem}") for path in sorted(HERE.glob("*_tables.py"))]
    count = sum(len(table.cases) for chapter in chapters for table in chapter.TABLES)
    about = (
        f"Rendered from `tests/spec` by `make docs`; not to be edited here. The tests hold each of the {count} cases "
        "against the rules in `warehouse/views/clinical`."
    )
    parts = ["# The clinical rules, case by case", about]
    for chapter in chapters:
        parts += [f"## {chapter.CHAPTER}", *(render_table(table) for table in chapter.TABLES)]
    return "\n\n".join(parts) + "\n"


def render_table(table: SpecTable) -> str:
    """Render one table with its heading."""
    lines = [table.columns, ["---"] * len(table.columns), *(list(case.values()) for case in table.cases)]
    return f"### {table.title}\n\n{table.intro}\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    PATH.write_text(render_rules(), encoding="utf-8")
