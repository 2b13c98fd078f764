"""Write the figures of a run where people read them: docs/reference/kills.md."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kills.__main__ import Tally

_BEGIN, _END = "<!-- figures -->\n", "<!-- end of figures -->\n"


def write_page(path: Path, tallies: Mapping[str, "Tally"], *, seed: int, minutes: float) -> None:
    """Put the figures between the two marks of the page."""
    before, _, rest = path.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    total = sum(tally.outcomes.total() for tally in tallies.values())
    lines = [
        f"\n{total:,} kills, seed {seed}, {minutes:.0f} minutes.\n",
        "| command | kills | the state before | the state after | failed |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, tally in tallies.items():
        counts = tally.outcomes
        lines.append(f"| {name} | {counts.total()} | {counts['before']} | {counts['after']} | {counts['failed']} |")
    path.write_text(before + _BEGIN + "\n".join(lines) + "\n\n" + _END + after, encoding="utf-8")
