"""The cases of the clinical rules as a document, rendered from tests/spec by `make docs`, with the pages in words.

Every module `*_tables.py` in this folder offers `CHAPTER`, its title, and `TABLES`. A case that a page in words refers to
has an anchor.
"""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from spec.rule_page import DOMAINS, FOLDER, CaseRow, referred_cases, write_pages
from spec.table import CaseTable, SpecTable

HERE = Path(__file__).parent
PATH = FOLDER / "cases.md"


def render_rules() -> str:
    """Render all chapters as Markdown."""
    chapters = [import_module(f"spec.{path.stem}") for path in sorted(HERE.glob("*_tables.py"))]
    count = sum(len(table.cases) for chapter in chapters for table in chapter.TABLES)
    about = (
        f"Rendered from `tests/spec` by `make docs`; not to be edited here. The tests compare each of the {count} cases "
        "with what the rules in `warehouse/views/clinical` answer. The rules in words: "
        + ", ".join(f"[{domain}]({domain}.md)" for domain in DOMAINS)
        + "."
    )
    referred = referred_cases()
    parts = ["# The clinical rules, case by case", about]
    for chapter in chapters:
        parts += [f"## {chapter.CHAPTER}", *(render_table(table, referred) for table in chapter.TABLES)]
    return "\n\n".join(parts) + "\n"


def render_table(table: SpecTable | CaseTable, referred: Mapping[tuple[str, int], CaseRow]) -> str:
    """Render one table with its heading, and an anchor in each row that a page refers to."""
    rows = [list(case.values()) for case in table.cases]
    for number, row in enumerate(rows, start=1):
        if (table.title, number) in referred:
            row[0] = f'<a id="{referred[table.title, number].anchor}"></a>{row[0]}'
    lines = [table.columns, ["---"] * len(table.columns), *rows]
    return f"### {table.title}\n\n{table.intro}\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    PATH.write_text(render_rules(), encoding="utf-8")
    write_pages()
