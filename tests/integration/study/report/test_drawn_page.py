"""The pages of the project's two studies over the drawn patients: numbers, figures, links, and nobody's name."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from support.computed_study import MAIN, SECOND, copy_computed_study
from support.study_page import StudyPage, printed

from etl.study.report.safety import safety_lead
from etl.study.report.write import StudyReport, write_study_report

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = copy_computed_study(tmp_path_factory.mktemp("drawn") / "warehouse.duckdb")
    with duckdb.connect(str(path), read_only=True) as con:
        yield con


@pytest.fixture(scope="module")
def reports(con: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> dict[str, StudyReport]:
    folder = tmp_path_factory.mktemp("reports")
    return {study: write_study_report(con, study, reports_dir=folder) for study in (MAIN, SECOND)}


@pytest.fixture(scope="module")
def pages(reports: dict[str, StudyReport]) -> dict[str, StudyPage]:
    return {study: StudyPage(report.html) for study, report in reports.items()}


def test_the_main_study_has_the_plain_name(reports: dict[str, StudyReport]) -> None:
    assert [report.html.name for report in reports.values()] == ["study.html", f"study_{SECOND}.html"]
    assert [report.folder.name for report in reports.values()] == ["study", f"study_{SECOND}"]


@pytest.mark.parametrize(("study", "fewest"), [(MAIN, 2000), (SECOND, 60)])
def test_every_number_is_the_row_that_it_names(
    con: duckdb.DuckDBPyConnection, pages: dict[str, StudyPage], study: str, fewest: int
) -> None:
    rows = {
        result: (raw, printed(formatted, text))
        for result, raw, formatted, text in con.execute(
            "SELECT result_id, raw_value, formatted_value, text FROM analysis.result WHERE study_id = ?", [study]
        ).fetchall()
    }
    of_results = [datum for datum in pages[study].data if datum.result is not None]
    for datum in of_results:
        assert (float(datum.value) if datum.value else None, datum.shown) == rows[str(datum.result)], datum
        assert datum.shown != "–" or datum.why, datum
    assert len({datum.result for datum in of_results}) > fewest
    assert pages[study].bare_numbers() == []


def test_the_printed_figures_stand_next_to_ours(con: duckdb.DuckDBPyConnection, pages: dict[str, StudyPage]) -> None:
    found = con.execute(
        "SELECT figure_id, printed, difference, verdict FROM analysis.published_comparison WHERE study_id = ?", [MAIN]
    ).fetchall()
    sources = {datum.source: datum for datum in pages[MAIN].data if datum.source}
    for figure, said, difference, _ in found:
        assert sources[f"reference.published_figure|{figure}"].shown == said
        if difference is not None:
            assert float(sources[f"analysis.published_comparison|{figure}"].value) == difference
    shown = {label.lower(): int(count.replace(",", "")) for label, count in pages[MAIN].rows("verdicts")}
    assert shown == {verdict: sum(1 for row in found if row[3] == verdict) for verdict in {row[3] for row in found}}
    differing = sum(1 for row in found if row[3].startswith("differs"))
    assert sum(1 for row in pages[MAIN].rows("differs") if row[1]) == differing
    assert sum(1 for row in pages[MAIN].rows("concordance") if row[1]) == len(found) > 300


def test_events_are_those_of_the_warehouse(con: duckdb.DuckDBPyConnection, pages: dict[str, StudyPage]) -> None:
    labels = {"Any event": "any"}
    category = ""
    for row in pages[MAIN].rows("events"):
        if not row[0].startswith(("Grade", "Fatal")):
            category = labels.get(row[0], row[0].lower())
            continue
        grade = {"Grade not known": None, "Fatal (grade 5), apart": 5}.get(row[0], row[0].removeprefix("Grade "))
        found = con.execute(
            "SELECT format('{:,} ({:.1f})', patients, percent) FROM analysis.study_event_grade "
            "WHERE study_id = ? AND population = 'classified' AND group_variable = 'survival_group' AND category = ? "
            "AND grade IS NOT DISTINCT FROM CAST(? AS INTEGER) ORDER BY group_position",
            [MAIN, category, grade],
        ).fetchall()
        assert [cell for cell in row[1:] if cell != "0"] == [text for (text,) in found if not text.startswith("0 ")]


def test_the_commonest_events_stand_first(pages: dict[str, StudyPage]) -> None:
    heads = [row[0] for row in pages[MAIN].rows("events") if not row[0].startswith(("Grade", "Fatal"))]
    assert heads == ["Any event", "Dermatologic", "Gastroenterologic", "Other", "Bleeding", "Liver", "Hypertension"]


@pytest.mark.parametrize("study", [MAIN, SECOND])
def test_anchors_are_unique_and_links_lead_somewhere(
    reports: dict[str, StudyReport], pages: dict[str, StudyPage], study: str
) -> None:
    ids = pages[study].ids
    assert len(ids) == len(set(ids))
    for link in pages[study].links:
        assert link[1:] in ids if link.startswith("#") else (reports[study].html.parent / link).is_file(), link


def test_sections_are_those_that_the_study_asks_for(pages: dict[str, StudyPage]) -> None:
    assert pages[MAIN].sections == [
        "flow",
        "characteristics",
        "survival",
        "response",
        "models",
        "sensitivity",
        "validation",
        "safety",
        "concordance",
        "checklists",
        "options",
        "provenance",
    ]
    assert "concordance" not in pages[SECOND].sections
    assert "sorafenib" not in pages[SECOND].root.findtext(".//title").split(" next to ")[0]


def test_what_is_said_above_a_section_is_true_of_the_study(pages: dict[str, StudyPage]) -> None:
    def lead(study: str, section: str) -> str:
        paragraph = pages[study].root.find(f".//section[@id='{section}']/p")
        return "" if paragraph is None else " ".join("".join(paragraph.itertext()).split())

    assert lead(MAIN, "survival") == (
        "Kaplan-Meier curves. Population: All eligible patients. It is not that of every table: one that is chosen by the "
        "outcome would condition the curves on their own end. What begins after time zero is counted here as known at time "
        "zero. The section on sensitivity shows what that does."
    )
    assert lead(SECOND, "survival") == "Kaplan-Meier curves. Population: Eligible patients with chemoembolisation."
    assert "forward conditional selection" in lead(MAIN, "models")
    assert lead(SECOND, "models") == "Ratios with limits of 95 %; the methods stand below each table."


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("adverse_event_source", "recorded_clinical", "blood pressure are not counted."),
        ("adverse_event_source", "all", "blood pressure are counted, too,"),
        ("adverse_event_grade_5", "apart", "Fatal events stand apart"),
        ("adverse_event_grade_5", "included", "Fatal events count as grade 5."),
    ],
)
def test_the_options_say_which_events_count(option: str, value: str, said: str) -> None:
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA reference")
        con.execute("CREATE TABLE reference.study_option AS SELECT ? AS name, ? AS value", [option, value])
        assert said in safety_lead(con)


def test_nobody_is_named(con: duckdb.DuckDBPyConnection, reports: dict[str, StudyReport]) -> None:
    people = {person for (person,) in con.execute("SELECT patient_id FROM analysis.cohort").fetchall()}
    assert min(map(len, people)) > 4, "short names would be found by chance"
    assert all(re.fullmatch(r"[A-Z]\d+", person) for person in people), "a search for words finds them"
    for report in reports.values():
        for path in (report.html, *report.files):
            for text in _texts(path):
                assert not people & set(re.findall(r"[A-Z]\d+", text)), path


def _texts(path: Path) -> Iterator[str]:
    if path.suffix in {".docx", ".xlsx"}:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield archive.read(name).decode("utf-8", errors="replace")
    elif path.suffix != ".png":
        yield path.read_text(encoding="utf-8")
