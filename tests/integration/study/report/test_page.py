"""The study's page over small studies: every number is its row, and states that are rare are written too."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.small_study import SMALL_STUDY, draw_onsets, draw_patients
from support.study_page import StudyPage, printed
from support.study_warehouse import StudyWarehouse, set_option, study_warehouse
from support.warehouse_rows import publish_by_hand

from etl.study.report.write import StudyReport, write_study_report
from warehouse.errors import NotFoundError
from warehouse.file.transaction import transaction

HOSTILE = """<script>document.body.dataset.owned = "1"</script>"><img src=x onerror=alert(1)>&'"""
PATIENTS = draw_patients(90)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudyWarehouse]:
    folder = tmp_path_factory.mktemp("small")
    with study_warehouse(folder, PATIENTS, study=SMALL_STUDY, onsets=draw_onsets(PATIENTS)) as made:
        made.compute()
        yield made


@pytest.fixture(scope="module")
def written(small: StudyWarehouse, tmp_path_factory: pytest.TempPathFactory) -> StudyReport:
    return write_study_report(small.con, "small", reports_dir=tmp_path_factory.mktemp("reports"))


@pytest.fixture(scope="module")
def page(written: StudyReport) -> StudyPage:
    return StudyPage(written.html)


def stored(made: StudyWarehouse, study: str) -> dict[str, tuple[float | None, str]]:
    """Raw value and print of every number of a study."""
    return {
        result: (raw, printed(formatted, text))
        for result, raw, formatted, text in made.rows(
            "SELECT result_id, raw_value, formatted_value, text FROM analysis.result WHERE study_id = ?", study
        )
    }


def assert_numbers_are_rows(page: StudyPage, rows: dict[str, tuple[float | None, str]]) -> int:
    """Compare every number on a page with the row that it names; return how many different rows it prints."""
    seen = set()
    for datum in page.data:
        if datum.result is None:
            assert datum.source, datum
            continue
        raw, shown = rows[datum.result]
        assert datum.shown == shown, datum
        assert (float(datum.value) if datum.value else None) == raw, datum
        if shown == "–":
            assert datum.why, f"{datum.result} is missing without a word"
        if datum.result.rsplit("|", 1)[1] == "p":
            assert not re.fullmatch(r"0(\.0*)?", datum.shown), datum
        seen.add(datum.result)
    assert page.bare_numbers() == []
    return len(seen)


def test_every_number_is_the_row_that_it_names(small: StudyWarehouse, page: StudyPage) -> None:
    assert assert_numbers_are_rows(page, stored(small, "small")) > 700


def test_a_number_that_is_changed_is_noticed(small: StudyWarehouse, page: StudyPage) -> None:
    rows = stored(small, "small")
    some = next(datum.result for datum in page.data if datum.result)
    raw, shown = rows[some]
    with pytest.raises(AssertionError):
        assert_numbers_are_rows(page, rows | {some: (raw, f"{shown}1")})
    with pytest.raises(AssertionError):
        assert_numbers_are_rows(page, rows | {some: (-1.0, shown)})


def test_anchors_are_unique_and_links_lead_somewhere(written: StudyReport, page: StudyPage) -> None:
    assert len(page.ids) == len(set(page.ids))
    files = [link for link in page.links if not link.startswith("#")]
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert files
    assert all((written.html.parent / link).is_file() for link in files)
    assert {path.relative_to(written.folder.parent).as_posix() for path in written.files} >= set(files)


def test_checklists_point_to_what_the_page_has(page: StudyPage) -> None:
    answers = [row[-1] for name in ("strobe", "record", "remark") for row in page.rows(f"checklist_{name}")]
    assert all(answers)
    assert "concordance" not in page.sections
    assert not any("Concordance" in answer for answer in answers)


def test_the_page_fetches_nothing_and_runs_nothing(page: StudyPage) -> None:
    assert "default-src 'none'" in page.text
    assert page.root.xpath("//script | //iframe | //object | //link[@rel='stylesheet']") == []
    assert page.root.xpath("//@src | //@*[starts-with(name(), 'on')]") == []
    assert re.findall(r"(?:url\(|@import)\s*['\"]?(?!#)[^)]", page.text) == []
    assert all(not link.startswith(("http:", "https:", "//", "/")) for link in page.links)


def test_tables_have_captions_and_scopes(page: StudyPage) -> None:
    for table in page.root.iter("table"):
        assert table.findtext("caption")
        assert table.xpath("./thead//th[not(@scope)] | ./tbody//th[not(@scope='row')]") == []
        width = len(table.xpath("./thead/tr[last()]/*"))
        assert {len(row) for row in table.xpath("./tbody/tr")} <= {width}, table.get("id")


@pytest.mark.slow
def test_the_same_warehouse_gives_the_same_bytes(small: StudyWarehouse, written: StudyReport, tmp_path: Path) -> None:
    again = write_study_report(small.con, "small", reports_dir=tmp_path)
    assert again.html.read_bytes() == written.html.read_bytes()
    first, second = (
        {path.relative_to(report.folder): path.read_bytes() for path in report.folder.rglob("*") if path.is_file()}
        for report in (written, again)
    )
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


@pytest.mark.slow
def test_files_of_an_earlier_report_go(small: StudyWarehouse, tmp_path: Path) -> None:
    old = tmp_path / "study_small" / "figures" / "old.svg"
    old.parent.mkdir(parents=True)
    old.write_text("old")
    report = write_study_report(small.con, "small", reports_dir=tmp_path)
    assert not old.exists()
    assert {path for path in report.folder.rglob("*") if path.is_file()} == set(report.files)


def test_a_study_that_is_not_there_is_refused(small: StudyWarehouse, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no study 'other'"):
        write_study_report(small.con, "other", reports_dir=tmp_path)


@pytest.mark.slow
def test_the_page_says_that_results_are_stale(tmp_path: Path) -> None:
    with study_warehouse(tmp_path, PATIENTS, study=SMALL_STUDY, onsets=draw_onsets(PATIENTS)) as made:
        made.compute()
        before = StudyPage(write_study_report(made.con, "small", reports_dir=tmp_path).html)
        with transaction(made.con):
            set_option(made.con, "survival_interval", "plain")
        made.show()
        after = StudyPage(write_study_report(made.con, "small", reports_dir=tmp_path).html)
        assert "Not current." not in before.text
        assert "Not current." in after.text
        assert "not current: loads, options or the study file have changed" in after.text
        assert assert_numbers_are_rows(after, stored(made, "small")) > 100
        assert "models" in before.sections
        assert "models" not in after.sections


@pytest.mark.parametrize("count", [0, 1])
def test_a_study_of_nobody_or_of_one_patient_has_its_page(tmp_path: Path, count: int) -> None:
    few = PATIENTS[:count]
    with study_warehouse(tmp_path, few, study=SMALL_STUDY, onsets=draw_onsets(few)) as made:
        made.compute()
        page = StudyPage(write_study_report(made.con, "small", reports_dir=tmp_path).html)
        assert_numbers_are_rows(page, stored(made, "small"))
        assert {"flow", "characteristics", "survival", "checklists", "options", "provenance"} <= set(page.sections)
        assert all(link[1:] in page.ids for link in page.links if link.startswith("#"))


@pytest.mark.slow
def test_the_banner_is_there_when_any_load_is_synthetic_and_when_nobody_knows(tmp_path: Path) -> None:
    with study_warehouse(tmp_path, PATIENTS[:9], study=SMALL_STUDY) as made:
        made.compute()

        def banner() -> bool:
            page = StudyPage(write_study_report(made.con, "small", reports_dir=tmp_path).html)
            seen = [
                text in page.text
                for text in ('class="synthetic"', "Data on this page are synthetic", ">Synthetic data<")
            ]
            assert len(set(seen)) == 1, "the page and its figures agree"
            return seen[0]

        assert banner(), "no load says that the patients are real"
        publish_by_hand(made.con, {}, site_id="hill", is_synthetic=False)
        assert not banner()
        publish_by_hand(made.con, {}, site_id="vale", is_synthetic=True)
        assert banner()


@pytest.mark.slow
def test_hostile_labels_are_words(tmp_path: Path) -> None:
    quoted = '"' + HOSTILE.replace("\\", "\\\\").replace('"', '\\"') + '"'
    study = (
        SMALL_STUDY.replace("A small study", quoted)
        .replace("label: Stage", f"label: {quoted}")
        .replace("title: By group", f"title: {quoted}")
        .replace("title: By stage", f"title: {quoted}")
        .replace("title: Each", f"title: {quoted}")
        .replace("label: Survival,", f"label: {quoted},")
    )
    assert study.count("<script>") >= 6
    with study_warehouse(tmp_path, PATIENTS, study=study, onsets=draw_onsets(PATIENTS)) as made:
        made.compute()
        page = StudyPage(write_study_report(made.con, "small", reports_dir=tmp_path).html)
        assert "<script" not in page.text.lower()
        assert page.root.xpath("//img | //script | //@onerror") == []
        assert page.root.findtext(".//h1") == HOSTILE
        assert any(HOSTILE in caption for caption in page.captions)
        assert_numbers_are_rows(page, stored(made, "small"))
