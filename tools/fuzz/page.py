"""Write the figures of a run where people read them: docs/reference/fuzzing.md."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.fuzz.case import ALONE, EQUAL, FAILED, REFUSED, REPORTED

_BEGIN, _END = "<!-- figures -->\n", "<!-- end of figures -->\n"
_OUTCOMES = (EQUAL, REPORTED, REFUSED, ALONE, FAILED)


@dataclass(frozen=True)
class Figures:
    """What became of a target's cases, how long all of them and the slowest took, and the most memory of a process."""

    target: str
    says: str
    tried: int
    outcomes: Counter[str]
    seconds: float
    slowest_seconds: float
    peak_mb: int

    def line(self) -> str:
        """Say it in a line."""
        counts = ", ".join(f"{self.outcomes[outcome]:,} {outcome}" for outcome in _OUTCOMES)
        return (
            f"{self.target}: {self.tried:,} cases: {counts}; {self.seconds:.0f} s, the slowest {self.slowest_seconds:.1f} s, "
            f"at most {self.peak_mb:,} MB"
        )


def write_page(path: Path, figures: Sequence[Figures], *, seed: int) -> None:
    """Put the figures between the two marks of the page."""
    before, _, rest = path.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    path.write_text(f"{before}{_BEGIN}{_table(figures, seed)}{_END}{after}", encoding="utf-8")


def _table(figures: Sequence[Figures], seed: int) -> str:
    heads = ("target", "tried", *_OUTCOMES, "seconds", "slowest", "peak MB")
    lines = [f"\nSeed {seed}.\n", f"| {' | '.join(heads)} |", f"|---|{'---:|' * (len(heads) - 1)}"]
    for each in figures:
        counts = " | ".join(f"{each.outcomes[outcome]:,}" for outcome in _OUTCOMES)
        lines.append(
            f"| {each.target}: {each.says} | {each.tried:,} | {counts} | {each.seconds:.0f} | {each.slowest_seconds:.1f} "
            f"| {each.peak_mb:,} |"
        )
    return "\n".join(lines) + "\n\n"
