"""Write the results where people read them: mutation.md with figures, mutation.csv with every mutant."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tools.mutate.areas import AREAS, Key
from tools.mutate.results import Result, reason_of

_PAGE = """\
# Do the tests see a fault?

`make mutate` changes one comparison, condition, constant, join, operator or aggregate at a time in a copy of the tree and
runs the fast tests that can notice it, nearest first, until one fails. A mutant is *noticed* when a test fails or hangs, and
*survives* when none does. Some changes alter nothing that a test could see; these *equivalent* ones are set apart by hand,
each with its reason, in `tools/mutate/equivalent.csv`, and count neither way.

Mutants tried: {tried}, drawn with seed {seed}: as many of each area, and of each kind within an area, as there are.
[Every one of them](mutation.csv), with the test that noticed it.{note}

{by_area}

`at first` is before tests were written for what survived; `now` is with them.

{by_kind}

## What survives

{survivors}

## Equivalent

{equivalents}

## How the tests of a mutant are chosen

Once for all mutants, every test file runs alone under coverage; its lines, the files that it opens and its time are kept in
`.cache/mutate`. A line of Python is tried with the test files that run it: first those that name its module, then those
that run more of the module than its import. A view is tried with the test files that name it, then with those that name a
view that it feeds, then with the rest that build it. Slow tests (`make test-all`) and tests of the browser without one take
no part, so that some survivors of this page may be known to them.

mutmut and cosmic-ray were looked at and not taken: both change Python only, by their own copy of the syntax tree, while
half of what is derived here is SQL; and both run one test command for every mutant, where here the choice of tests
is what makes a mutant cost seconds instead of the whole suite.
"""


def write_page(
    docs: Path,
    results: Sequence[Result],
    *,
    seed: int,
    equivalents: Mapping[tuple[str, str, str, str], str],
    note: str = "",
) -> None:
    """Write the page and the table.

    Args:
        docs: the folder.
        results: of every mutant that was tried.
        seed: with which they were drawn.
        equivalents: why mutants are equivalent, as `read_equivalents` reads them.
        note: what readers must know of this run.
    """
    reasons = {result.key: reason_of(result, equivalents) for result in results}
    counted = [result for result in results if not reasons[result.key]]
    survivors = [result for result in counted if not result.is_noticed]
    text = _PAGE.format(
        tried=len(results),
        seed=seed,
        note=f" {note}" if note else "",
        by_area=_figures("area", AREAS, results, reasons, field="area"),
        by_kind=_figures("kind of change", sorted({each.kind for each in results}), results, reasons, field="kind"),
        survivors=_listed(survivors) or "Nothing.",
        equivalents=_listed([each for each in results if reasons[each.key]], reasons) or "None.",
    )
    (docs / "mutation.md").write_text(text, encoding="utf-8")
    with (docs / "mutation.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["area", "file", "line", "kind", "from", "to", "at_first", "now", "noticed_by"])
        for each in sorted(results, key=lambda result: (result.path, result.start)):
            outcomes = ["equivalent"] * 2 if reasons[each.key] else [each.at_first, each.outcome]
            changed = [_short(each.before), _short(each.after)]
            writer.writerow([each.area, each.path, each.line, each.kind, *changed, *outcomes, each.noticed_by])


def _figures(
    head: str, groups: Iterable[str], results: Sequence[Result], reasons: Mapping[Key, str], *, field: str
) -> str:
    lines = [
        f"| {head} | mutants | equivalent | noticed at first | noticed now | share now |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for group in [*groups, "all"]:
        members = [each for each in results if group in ("all", getattr(each, field))]
        counted = [each for each in members if not reasons[each.key]]
        first = sum(each.at_first in {"noticed", "hung"} for each in counted)
        now = sum(each.is_noticed for each in counted)
        share = f"{100 * now / len(counted):.0f} %" if counted else ""
        lines.append(f"| {group} | {len(members)} | {len(members) - len(counted)} | {first} | {now} | {share} |")
    return "\n".join(lines)


def _listed(results: Sequence[Result], reasons: Mapping[Key, str] | None = None) -> str:
    return "\n".join(
        f"- `{each.path}`, `{each.code.replace('`', '')}`: `{_short(each.before)}` becomes `{_short(each.after)}`"
        + (f". {reasons[each.key]}" if reasons else " (no fast test runs it)" if each.outcome == "unreached" else "")
        for each in results
    )


def _short(text: str) -> str:
    return " ".join(text.split()).replace("`", "") or "nothing"
