"""docs/explanation/published_comparison.md: the contradictions are those of the audit, and every block is filled."""

import re
from pathlib import Path

import pytest

from etl.study.audit.audit import Audit, audit
from etl.study.audit.finding import KINDS
from etl.study.audit.read_figures import read_figures
from etl.study.published.document import PAGE, Point, read_points

FIGURES = read_figures(Path("studies/published/sorafenib.csv"))
POINTS = read_points(Path("studies/published/sorafenib_points.csv"))
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def audited() -> Audit:
    return audit(FIGURES)


def block(name: str) -> str:
    return TEXT.partition(f"<!-- begin {name} -->\n")[2].partition(f"<!-- end {name} -->")[0]


def bullets(text: str) -> list[str]:
    return [re.sub(r"\\([|*<>])", r"\1", line) for line in re.findall(r"^- (.*)$", text, flags=re.MULTILINE)]


def test_there_are_twelve_points() -> None:
    assert [point.number for point in POINTS] == list(range(1, 13))
    assert {kind for point in POINTS for kind, _ in point.findings} <= set(KINDS)
    assert {figure for point in POINTS for _, figure in point.findings} <= {each.figure_id for each in FIGURES}


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"point {point.number}")
def test_the_page_has_each_point_with_its_computations(point: Point, audited: Audit) -> None:
    section = block("points").partition(f"### {point.number}. {point.title}\n")[2].partition("\n### ")[0]
    sentences = [each.sentence for each in (*audited.contradictions, *audited.notes) if point.shows(each)]
    assert bullets(section) == list(dict.fromkeys(sentences)) != []


def test_the_page_has_every_contradiction(audited: Audit) -> None:
    listed = bullets(block("points"))
    assert [each.sentence for each in audited.contradictions if each.sentence not in listed] == []
    assert len(listed) == len(set(listed)), "a contradiction belongs to one point"


def test_the_counts_of_the_page_agree_with_its_lists() -> None:
    total = re.findall(r"^\| all \| (.*) \|$", block("verdicts"), flags=re.MULTILINE)[0].split(" | ")
    same, rounded, contradicts, differs, without = map(int, total)
    assert same + rounded + contradicts + differs + without == len(FIGURES)
    rows = re.findall(r"^\| (?!row |---).*\|$", block("differences"), flags=re.MULTILINE)
    assert len(rows) == contradicts + differs
    assert sum(row.endswith("| yes |") for row in rows) == contradicts
    assert len(re.findall(r"^\| (?!printed in |---).*\|$", block("without"), flags=re.MULTILINE)) == without
    far = re.findall(r"^\| all \| (.*) \|$", block("distances"), flags=re.MULTILINE)[0].split(" | ")
    assert sum(map(int, far)) <= differs  # a bound such as <0.001 has no distance
