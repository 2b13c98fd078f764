"""Write the comparison with the publication into docs/explanation/published_comparison.md: verdicts, contradictions, differences.

The page is written by hand; what stands between `<!-- begin NAME -->` and `<!-- end NAME -->` is filled in from the
warehouse of a computed study (`make study`), by `make comparison`.
"""

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from etl.study import MAIN_STUDY
from etl.study.audit.audit import audit
from etl.study.audit.figure import Figure
from etl.study.audit.finding import Finding
from etl.study.definition.load import published_figures
from etl.study.definition.read_study import Definition, read_study
from etl.study.published.comparison import CONTRADICTS_ITSELF, DIFFERS, NO_NUMBER, VERDICTS
from warehouse.errors import NotFoundError

if TYPE_CHECKING:
    import duckdb

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "published_comparison.md"
COMPARISON_SQL = """
SELECT figure_id, place, row_label, printed_group, statistic, printed, our_value, our_raw_value, difference, verdict
FROM analysis.published_comparison
WHERE study_id = ?
"""


@dataclass(frozen=True)
class Compared:
    """A printed figure next to our number; a row of analysis.published_comparison."""

    figure_id: str
    place: str
    row_label: str
    printed_group: str | None
    statistic: str
    printed: str
    our_value: str | None
    our_raw_value: float | None
    difference: float | None
    verdict: str | None


@dataclass(frozen=True)
class Point:
    """Something that a reader of the publication stumbles over, and the findings of the audit that show it.

    `findings` are pairs of a kind of finding and a figure that it names; see `etl.study.audit.finding.KINDS`.
    """

    number: int
    title: str
    findings: tuple[tuple[str, str], ...]

    def shows(self, finding: Finding) -> bool:
        """Whether the finding belongs to the point."""
        return any(kind == finding.kind and figure in finding.figure_ids for kind, figure in self.findings)


def fill_page(text: str, con: "duckdb.DuckDBPyConnection", definition: Definition) -> str:
    """Fill the marked blocks of the page from a warehouse in which the study is computed.

    Raises:
        NotFoundError: the warehouse has no verdicts of the study that are current.
    """
    figures = published_figures(definition)
    order = {figure.figure_id: place for place, figure in enumerate(figures)}
    rows = [Compared(*row) for row in con.execute(COMPARISON_SQL, [definition.name]).fetchall()]
    rows.sort(key=lambda row: order[row.figure_id])
    if not rows or any(row.verdict is None for row in rows):
        raise NotFoundError(f"The study {definition.name} is not computed for these loads. Run 'make study' first.")
    points = read_points(points_path(definition))
    blocks: dict[str, Callable[[], Iterable[str]]] = {
        "verdicts": lambda: _verdicts(rows),
        "points": lambda: _points(points, figures, rows),
        "distances": lambda: _distances(rows),
        "differences": lambda: _differences(rows),
        "without": lambda: _without(rows),
    }
    for name, lines in blocks.items():
        text = _fill(text, name, lines())
    return text


def points_path(definition: Definition) -> Path:
    """Give the file that groups the contradictions of a publication into points."""
    return definition.path.parent / "published" / f"{definition.name}_points.csv"


def read_points(path: Path) -> list[Point]:
    """Read the points of a publication: a CSV with point, title, kind and figure_id, a finding a line."""
    titles: dict[int, str] = {}
    findings: dict[int, list[tuple[str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            number = int(line["point"])
            titles[number] = line["title"] or titles[number]
            findings.setdefault(number, []).append((line["kind"], line["figure_id"]))
    return [Point(number, titles[number], tuple(found)) for number, found in findings.items()]


def _fill(text: str, name: str, lines: Iterable[str]) -> str:
    begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    assert found and closed, f"the page has no block {name}"
    body = "\n".join(lines).rstrip("\n")
    return f"{before}{begin}\n{body}\n\n{end}{after}"


def _verdicts(rows: Sequence[Compared]) -> Iterable[str]:
    places = list(dict.fromkeys(row.place for row in rows))
    body = [[place, *(_count(rows, place, verdict) for verdict in VERDICTS)] for place in places]
    total = ["all", *(sum(row.verdict == verdict for row in rows) for verdict in VERDICTS)]
    return _table(["printed in", *VERDICTS], [*body, total], numbers=len(VERDICTS))


def _count(rows: Sequence[Compared], place: str, verdict: str) -> int:
    return sum(row.place == place and row.verdict == verdict for row in rows)


def _points(points: Sequence[Point], figures: Sequence[Figure], rows: Sequence[Compared]) -> Iterable[str]:
    """List each point's computations, and what became of the figures that they question."""
    audited = audit(figures)
    findings = [*audited.contradictions, *audited.notes]
    verdicts = {row.figure_id: row.verdict for row in rows}
    for point in points:
        shown = [finding for finding in findings if point.shows(finding)]
        unseen = [pair for pair in point.findings if not any(_names(finding, pair) for finding in shown)]
        assert not unseen, f"point {point.number}: the audit finds no {unseen}"
        yield from _section(f"{point.number}. {point.title}", shown, verdicts)
    beyond = [finding for finding in audited.contradictions if not any(point.shows(finding) for point in points)]
    yield from _section("Beyond these points", beyond, verdicts)


def _names(finding: Finding, pair: tuple[str, str]) -> bool:
    return finding.kind == pair[0] and pair[1] in finding.figure_ids


def _section(title: str, findings: Sequence[Finding], verdicts: dict[str, str | None]) -> Iterable[str]:
    yield f"### {title}"
    yield ""
    yield from (f"- {_markdown(sentence)}" for sentence in dict.fromkeys(finding.sentence for finding in findings))
    questioned = dict.fromkeys(
        figure for finding in findings if finding.is_contradiction for figure in finding.questioned
    )
    differing = sum(verdicts.get(figure) == CONTRADICTS_ITSELF for figure in questioned)
    yield ""
    yield f"*Printed figures that this questions: {len(questioned)}, of which ours differ: {differing}.*"
    yield ""


def _distances(rows: Sequence[Compared]) -> Iterable[str]:
    """Count how far our numbers lie from the printed ones, in percent of these."""
    edges = (1.0, 5.0, 10.0, 25.0)
    heads = [*(f"up to {edge:g} %" for edge in edges), f"above {edges[-1]:g} %"]
    kinds: dict[str, list[int]] = {}
    for row in rows:
        if row.verdict != DIFFERS or row.difference is None or row.our_raw_value is None:
            continue
        printed = row.our_raw_value - row.difference
        percent = abs(row.difference / printed) * 100 if printed else float("inf")
        counts = kinds.setdefault(row.statistic.replace("_", " "), [0] * len(heads))
        counts[next((place for place, edge in enumerate(edges) if percent <= edge), len(edges))] += 1
    body = [[kind, *counts] for kind, counts in sorted(kinds.items())]
    total = ["all", *(sum(counts[place] for counts in kinds.values()) for place in range(len(heads)))]
    return _table(["statistic", *heads], [*body, total], numbers=len(heads))


def _differences(rows: Sequence[Compared]) -> Iterable[str]:
    head = ["row", "group", "statistic", "printed", "ours", "the paper contradicts itself"]
    for place in dict.fromkeys(row.place for row in rows):
        differing = [row for row in rows if row.place == place and row.verdict in (DIFFERS, CONTRADICTS_ITSELF)]
        if not differing:
            continue
        yield f"### {place}"
        yield ""
        body = [
            [*_cells(row), row.our_value or "", "yes" if row.verdict == CONTRADICTS_ITSELF else ""] for row in differing
        ]
        yield from _table(head, body)
        yield ""


def _without(rows: Sequence[Compared]) -> Iterable[str]:
    body = [[row.place, *_cells(row)] for row in rows if row.verdict == NO_NUMBER]
    return _table(["printed in", "row", "group", "statistic", "printed"], body)


def _cells(row: Compared) -> list[str]:
    return [row.row_label, row.printed_group or "", row.statistic.replace("_", " "), row.printed]


def _table(head: Sequence[str], body: Iterable[Sequence[object]], *, numbers: int = 0) -> list[str]:
    """Write a table; the last columns are numbers, set to the right."""
    rule = ["---"] * (len(head) - numbers) + ["---:"] * numbers
    lines = [head, rule, *([_markdown(str(cell)) for cell in row] for row in body)]
    return [f"| {' | '.join(line)} |" for line in lines]


def _markdown(text: str) -> str:
    return re.sub(r"([|*<>])", r"\\\1", text)


def main() -> None:
    """Fill the page from the warehouse that the settings name."""
    from etl.settings import Settings
    from warehouse.errors import HccError
    from warehouse.file.whole_file import write_whole
    from warehouse.reading.query import reading

    settings = Settings()
    try:
        definition = read_study(settings.studies_dir, MAIN_STUDY)
        with reading(settings.warehouse_path) as con:
            filled = fill_page(PAGE.read_text(encoding="utf-8"), con, definition)
    except HccError as error:
        raise SystemExit(str(error)) from None
    write_whole(PAGE, filled)


if __name__ == "__main__":
    main()
