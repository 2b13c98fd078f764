"""Score the reading of adverse-event texts: python -m benchmarks.event_texts TEXTS.csv [--show wrong|asked].

The file holds texts with what is right: id, kind, verbatim, grade_cell, expected, alternative. `expected` lists term and
grade of each event ("Nausea 1; Vomiting"), or none; `alternative` lists other right answers, with " / " between them. An
event that is named several times counts once, with its worst grade.

A text is right when every event was found and nothing else, asked when some words of it became a question and whatever
was answered is right, and wrong when anything that was answered is not. Asked is what should happen to words that are in
no list; wrong is what should never happen.
"""

import argparse
import csv
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from etl.own_files.grading.events import grade_events

VERDICTS = ("right", "asked", "wrong")
NO_EVENT = ("row_not_whole", "text_missing", "negated", "doubtful", "history", "disease", "grade_zero")
ASKED = ("unlisted", "grade_not_read", "grade_out_of_range")
EXAMPLES = """examples:
  python -m benchmarks.event_texts tests/spec/event_texts/cases.csv
  python -m benchmarks.event_texts tests/spec/event_texts/*.csv --show wrong"""

Events = frozenset[tuple[str, int | None]]


@dataclass(frozen=True)
class Scored:
    """One text, what was found in it, and the verdict."""

    case: dict[str, str]
    found: Events
    is_asked: bool
    verdict: str


def score_texts(path: Path) -> list[Scored]:
    """Code and grade every text of a file, and compare with what is right.

    Raises:
        KeyError: the file lacks one of the columns.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        cases = list(csv.DictReader(file))
    return [_judge(case, *answer) for case, answer in zip(cases, _answer(cases), strict=True)]


def _answer(cases: list[dict[str, str]]) -> list[tuple[Events, bool]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("id", "verbatim", "reported_grade", "ctcae_version"))
            for number, case in enumerate(cases):
                # A file on one line per text may spell a line break as a browser does.
                text = case["verbatim"].replace("<br>", "\n")
                writer.writerow((number, text, case["grade_cell"], "4.03"))
        answer = grade_events(path)
        named = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    found: list[dict[str, list[int | None]]] = [defaultdict(list) for _ in cases]
    asked = [False] * len(cases)
    for row in named:
        reason = str(row["reason"] or "").partition(":")[0]
        asked[int(row["id"])] |= reason in ASKED
        if row["term"] and reason not in NO_EVENT:
            found[int(row["id"])][row["term"]].append(row["grade"])
    return [
        (
            frozenset((term, max((grade for grade in grades if grade), default=None)) for term, grades in one.items()),
            is_asked,
        )
        for one, is_asked in zip(found, asked, strict=True)
    ]


def _judge(case: dict[str, str], found: Events, is_asked: bool) -> Scored:
    accepted = [_events(words) for words in (case["expected"], *case["alternative"].split(" / ")) if words]
    if is_asked:
        verdict = "asked" if any(found <= events for events in accepted) else "wrong"
    else:
        verdict = "right" if found in accepted else "wrong"
    return Scored(case, found, is_asked, verdict)


def _events(words: str) -> Events:
    """Read "Nausea 1; Vomiting" as its events."""
    events = [words.rstrip("012345").rstrip() for words in words.split("; ")]
    grades = [words[len(name) :].strip() for words, name in zip(words.split("; "), events, strict=True)]
    return frozenset(
        (name, int(grade) if grade else None) for name, grade in zip(events, grades, strict=True) if name != "none"
    )


def _print_table(scored: list[Scored]) -> None:
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for one in scored:
        kinds[one.case["kind"]][one.verdict] += 1
        kinds["all"][one.verdict] += 1
    print(f"{'kind':<14}{'texts':>6}" + "".join(f"{verdict:>14}" for verdict in VERDICTS))
    for kind, counts in kinds.items():
        if kind != "all":
            _print_line(kind, counts)
    _print_line("all", kinds["all"])


def _print_line(kind: str, counts: Counter[str]) -> None:
    texts = counts.total()
    print(f"{kind:<14}{texts:>6}" + "".join(f"{counts[one]:>6} ({counts[one] / texts:>4.0%})" for one in VERDICTS))


def main() -> None:
    """Print the score of each file, by kind of text."""
    parser = argparse.ArgumentParser(
        description=__doc__.partition("\n")[0], epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", type=Path, nargs="+", help="CSV files of texts with what is right")
    parser.add_argument("--show", choices=VERDICTS, action="append", default=[], help="list the texts of a verdict")
    asked = parser.parse_args()
    for path in asked.texts:
        scored = score_texts(path)
        print(path)
        _print_table(scored)
        for one in scored:
            if one.verdict in asked.show:
                found = "; ".join(f"{term} {grade or ''}".strip() for term, grade in sorted(one.found, key=str))
                print(f"  {one.verdict} {one.case['id']}: {one.case['verbatim']!r} [{one.case['grade_cell']}]")
                print(
                    f"      found {found or 'none'}{' and asked' if one.is_asked else ''}; right {one.case['expected']}"
                )


if __name__ == "__main__":
    main()
