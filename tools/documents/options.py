"""The reference of the study options: each choice that the definitions leave open, with its default and its pages of rules."""

import csv
from pathlib import Path

from warehouse.reference.load import REFERENCE

RULES = Path(__file__).parents[2] / "docs" / "reference" / "rules"


def render_options() -> str:
    """Render every study option in the order of its file."""
    lines = [
        "# Study options",
        "",
        "Rendered from `schemas/reference/study_option.csv` by `make docs`; not to be edited here.",
        "",
        "What the published definitions leave open is an option. The file holds the defaults; `hcc option set NAME VALUE` chooses",
        "another value and records who did, `hcc option list` prints both. A value that is none of an option's own is refused,",
        "with exit code 11.",
        "",
        "| option | default | meaning, and what it may be | rules |",
        "|---|---|---|---|",
    ]
    with (REFERENCE / "study_option.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            meaning = f"{row['description']}. *{row['unit']}*"
            cells = (f"`{row['name']}`", f"`{row['value']}`", meaning, _pages(row["name"]))
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _pages(name: str) -> str:
    """Link the pages of rules that list an option at their end."""
    pages = [path for path in sorted(RULES.glob("*.md")) if f"\n| `{name}` |" in path.read_text(encoding="utf-8")]
    return ", ".join(f"[{path.stem}](rules/{path.name})" for path in pages)
