"""The clinical rules in words: a page for each domain, rendered from a template in rule_pages/ by `make docs`.

A template is Markdown with three kinds of marks, so that no page can disagree with the program:

- `{option:NAME}` becomes the default of a study option,
- `{TABLE(column=value, ...).COLUMN}` becomes a cell of a file under schemas/reference,
- `{case:TITLE :: CELLS}` becomes a link to the first case of a table (its title, or the title's beginning) whose row holds
  the cells. A test executes that case; the row gets an anchor in the document of all cases.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from spec.table import CaseTable, SpecTable
from support.csv_rows import read_csv_rows

HERE = Path(__file__).parent
TEMPLATES = HERE / "rule_pages"
FOLDER = HERE.parents[1] / "docs" / "reference" / "rules"
REFERENCE = HERE.parents[1] / "schemas" / "reference"
DOMAINS = ("laboratory", "events", "response", "scores", "endpoints", "eligibility")

OPTION = re.compile(r"\{option:(\w+)\}")
CELL = re.compile(r"\{(\w+)\(([^)]*)\)\.(\w+)\}")
CASE = re.compile(r"\{case:(.+?) :: (.*?)\}", re.DOTALL)


@dataclass(frozen=True)
class CaseRow:
    """A case that a page refers to: its table's title, its number there from 1, its cells."""

    title: str
    number: int
    line: str

    @property
    def anchor(self) -> str:
        """The name of its row in the document of all cases."""
        return f"{re.sub(r'[^a-z0-9]+', '-', self.title.lower()).strip('-')}-{self.number}"


def read_template(domain: str) -> str:
    """Read a page's template."""
    return (TEMPLATES / f"{domain}.md").read_text(encoding="utf-8")


def render_page(domain: str) -> str:
    """Render the page of a domain, with the options that it names as a table at its end.

    Raises:
        LookupError: a mark names no option, no cell or no case, or several cells that differ.
    """
    template = read_template(domain)
    text = CASE.sub(lambda mark: f"[case](cases.md#{find_case(mark[1], mark[2]).anchor})", template)
    text = CELL.sub(lambda mark: find_cell(mark[1], mark[2], mark[3]), text)
    text = OPTION.sub(lambda mark: _as_value(option(mark[1])), text)
    head, _, rest = text.partition("\n\n")
    about = f"Rendered from `tests/spec/rule_pages/{domain}.md` by `make docs`; not to be edited here."
    return f"{head}\n\n{about}\n\n{rest.rstrip()}\n\n{_render_options(template)}"


def referred_cases() -> dict[tuple[str, int], CaseRow]:
    """Find every case that a page refers to, by its table's title and its number."""
    rows = [find_case(*mark) for domain in DOMAINS for mark in CASE.findall(read_template(domain))]
    return {(row.title, row.number): row for row in rows}


def named_options(template: str) -> list[str]:
    """List the study options that a template names, in the order of their file."""
    named = {*OPTION.findall(template), *re.findall(r"`(\w+)`", template)}
    return [name for name in _options() if name in named]


def option(name: str) -> str:
    """Give a study option's default."""
    if name not in _options():
        raise LookupError(f"There is no study option {name}.")
    return _options()[name]["value"]


def find_cell(table: str, conditions: str, column: str) -> str:
    """Give the one value that a column of a reference file has in the rows that meet the conditions."""
    wanted = dict(condition.split("=", 1) for condition in conditions.split(", "))
    rows = [row for row in _rows(table) if all(row[name] == value for name, value in wanted.items())]
    values = {row[column] for row in rows}
    if len(values) != 1:
        raise LookupError(f"{table}({conditions}).{column} has {len(values)} values: {sorted(values)}.")
    return values.pop()


def find_case(title: str, cells: str) -> CaseRow:
    """Give the first case of a table whose row holds the cells, written `one | two`."""
    wanted = " ".join(cells.split())
    tables = [table for table in spec_tables() if table.title == title]
    tables = tables or [table for table in spec_tables() if table.title.startswith(title)]
    if len(tables) != 1:
        raise LookupError(f"{len(tables)} tables are called {title}: {[table.title for table in tables]}.")
    for number, case in enumerate(tables[0].cases, start=1):
        line = " ".join(f"| {' | '.join(case.values())} |".split())
        if wanted in line:
            return CaseRow(tables[0].title, number, line)
    raise LookupError(f"No case of '{tables[0].title}' holds '{wanted}'.")


@cache
def spec_tables() -> tuple[SpecTable | CaseTable, ...]:
    """All tables of cases, in the order of their document."""
    modules = [import_module(f"spec.{path.stem}") for path in sorted(HERE.glob("*_tables.py"))]
    return tuple(table for module in modules for table in module.TABLES)


def _as_value(text: str) -> str:
    """Write numbers and days as they are, codes as codes."""
    return text if re.fullmatch(r"[\d. -]+", text) else f"`{text}`"


def _render_options(template: str) -> str:
    lines = ["## Options named here", "", "| option | default | may be | meaning |", "|---|---|---|---|"]
    for name in named_options(template):
        row = _options()[name]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in _cells(row)) + " |")
    lines += ["", "[All options](../options.md)."]
    return "\n".join(lines) + "\n"


def _cells(row: dict[str, str]) -> tuple[str, str, str, str]:
    return f"`{row['name']}`", row["value"], row["unit"], row["description"]


@cache
def _options() -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in _rows("study_option")}


@cache
def _rows(table: str) -> list[dict[str, str]]:
    return read_csv_rows(REFERENCE / f"{table}.csv")


def write_pages() -> None:
    """Write every page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for domain in DOMAINS:
        (FOLDER / f"{domain}.md").write_text(render_page(domain), encoding="utf-8")
