"""The list of the decisions: a line for each record, with its title."""

from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "explanation" / "decisions"


def render_decisions() -> str:
    """Render the list in the order of their numbers."""
    about = "Rendered from the records next to this page by `make docs`; not to be edited here."
    records = sorted(path for path in FOLDER.glob("*.md") if path.name != "index.md")
    lines = [f"- [{_title(path)}]({path.name})" for path in records]
    kind = (
        "What was decided, why, and its price. A record is written when the decision is made, and rewritten when it is no longer "
        "what the program does."
    )
    return "\n".join(["# Decisions", "", about, "", kind, "", *lines, ""])


def _title(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return file.readline().removeprefix("# ").strip()
