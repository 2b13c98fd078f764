"""The numbers in README.md and in the page of the published figures are those of the study, computed again from its first row."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from support.drawn_warehouse import make_drawn_warehouse
from support.r_session import run_r

from etl.study.analyses.patients import Patients
from etl.study.analyses.run import run_analyses
from etl.study.analyses.store import add_results, write_results
from etl.study.definition.load import load_studies
from etl.study.definition.read_study import Definition, read_study
from etl.study.published.compare_study import compare_published
from etl.study.published.document import PAGE, fill_page
from warehouse.errors import NotFoundError
from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.file.transaction import transaction
from warehouse.views.refresh import refill, refresh

pytestmark = pytest.mark.slow

STUDIES = Path("studies")
WRITTEN = "\nsensitivity:\n  landmark_months: [3]\n  time_dependent: [overall_survival]\n"
"""The sensitivity analyses that the pages have numbers of; the others take minutes."""
README = Path("README.md").read_text(encoding="utf-8").partition("## For the statistician\n")[2].partition("\n## ")[0]
QUESTIONS = re.findall(r"^```sql\n(.*?)^```\n\n((?:^\|[^\n]*\|\n)+)", README, flags=re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Computed:
    """A warehouse in which the study is computed."""

    con: duckdb.DuckDBPyConnection
    definition: Definition


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Computed]:
    folder = tmp_path_factory.mktemp("study")
    studies = folder / "studies"
    (studies / "published").mkdir(parents=True)
    for path in (STUDIES / "published").glob("*.csv"):
        (studies / "published" / path.name).write_bytes(path.read_bytes())
    text = (STUDIES / "sorafenib.yaml").read_text(encoding="utf-8")
    (studies / "sorafenib.yaml").write_text(text.partition("\nsensitivity:")[0] + WRITTEN, encoding="utf-8")
    definition = read_study(studies, "sorafenib")
    make_drawn_warehouse(folder / "warehouse.duckdb")
    engine = open_warehouse(folder / "warehouse.duckdb")
    with raw_connection(engine) as con:
        with transaction(con):
            load_studies(con, studies)
            refresh(con)
        with pytest.raises(NotFoundError, match=r"The study sorafenib is not computed .* Run 'make study' first\."):
            fill_page(PAGE.read_text(encoding="utf-8"), con, definition)
        sheets, _ = run_analyses(Patients(con, definition.study), lambda _: None)
        with transaction(con):
            write_results(con, definition, sheets)
            refill(con, reading="study")
            add_results(con, definition, [compare_published(con, definition)])
            refill(con, reading="study")
        yield Computed(con, definition)
    engine.dispose()


def test_the_comparison_with_the_publication_is_current(computed: Computed) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == fill_page(page, computed.con, computed.definition), "run `make comparison` after `make study`"


def test_every_question_of_the_readme_has_an_answer() -> None:
    assert len(QUESTIONS) == README.count("```sql\n") >= 6


@pytest.mark.parametrize(("sql", "table"), QUESTIONS, ids=lambda text: " ".join(text.split())[:60])
def test_the_readme_shows_real_answers(computed: Computed, sql: str, table: str) -> None:
    head, _, *body = ([cell.strip() for cell in line.strip("|\n").split("|")] for line in table.splitlines())
    asked = computed.con.execute(sql)
    columns = [name for name, *_ in asked.description]
    assert head[: len(columns)] == columns
    assert [row[: len(columns)] for row in body] == [[_written(value) for value in row] for row in asked.fetchall()]


def test_the_readme_warns_of_the_right_medians(computed: Computed) -> None:
    naive, days = computed.con.execute(
        "SELECT median(os_months), list((os_days, os_event) ORDER BY os_days) "
        "FROM analysis.cohort WHERE is_eligible AND survival_group = 'long_term'"
    ).fetchall()[0]
    survival, at_risk, right = 1.0, len(days), None
    for day in sorted({day for day, _ in days}):
        left = [is_event for other, is_event in days if other == day]
        survival *= 1 - sum(left) / at_risk
        at_risk -= len(left)
        if survival <= 1 / 2 and right is None:
            right = day / 30.4375
    assert right is not None
    assert f"long-term survivors it says {naive:.1f} months;\nKaplan-Meier says {right:.1f}." in README


def test_the_readme_shows_what_r_answers(computed: Computed) -> None:
    r = re.findall(r"^```r\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)[0]
    sql = re.findall(r'"\s*(SELECT cohort\..*?)"\)', r, flags=re.DOTALL)[0]
    call = re.findall(r"^(survfit\(.*\))  #", r, flags=re.MULTILINE)[0]
    frame = computed.con.execute(sql).df()[["os_days", "os_event"]]
    answer = run_r(f"library(survival)\nresult <- as.list(summary({call})$table)", {"eligible": frame})
    said = re.findall(r"  # of ([\d,]+) patients ([\d,]+) died; median (\S+) months \((\S+) to (\S+)\)", r)[0]
    names = ("records", "events", "median", "0.95LCL", "0.95UCL")
    formats = (",.0f", ",.0f", ".2f", ".2f", ".2f")
    assert said == tuple(format(answer[name], style) for name, style in zip(names, formats, strict=True))


def _written(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else re.sub(r"([<>])", r"\\\1", str(value))
