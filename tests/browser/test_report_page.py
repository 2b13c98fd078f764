"""The report in a real browser: it fits a desk and a phone, in light and dark, and hostile text does nothing."""

from pathlib import Path

import pytest
from support.browser_look import NEEDS_BROWSER, brightness, look
from support.quality_warehouse import HOSTILE, build_warehouse, plant_findings

from etl.loads.publish import publish
from etl.report.load.write import write_report
from warehouse.file.connect import raw_connection

pytestmark = NEEDS_BROWSER


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    engine = build_warehouse(folder / "warehouse.duckdb")
    with raw_connection(engine) as con:
        plant_findings(con, 1)
        con.execute("update audit.source_file set file = ? || file where source = 'patient'", [HOSTILE])
        con.execute("update audit.load set delivery = ?", ["2026-11" + "가나다라마바사" * 20])
        publish(con, 1, assessment="with_failures")
        con.execute(
            "insert into clinical.clinical_question "
            "select 'snuh', 'p' || i, 'response', 'physician_against_lesions', $1, $1, date '2010-03-01', $1, $1, i, 1 "
            "from range(20) as t(i)",
            [HOSTILE],
        )
        page = write_report(con, "snuh", load_id=1, reports_dir=folder)
    engine.dispose()
    return page


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_fits_and_is_readable(page: Path, tmp_path: Path, width: int, is_dark: bool) -> None:
    seen = look(page, tmp_path, width=width, is_dark=is_dark)
    assert seen["width"] == width
    assert seen["content"] <= width, f"these stick out: {seen['wide']}"
    assert seen["wide"] == []
    assert seen["answer"] < 800, "the verdict is seen without scrolling"
    assert (brightness(seen["paper"]) < 0.3) == is_dark
    assert abs(brightness(seen["paper"]) - brightness(seen["ink"])) > 0.6


def test_the_clinical_questions_are_there(page: Path) -> None:
    assert "First 12 rows, " in page.read_text(encoding="utf-8")


def test_hostile_text_does_nothing_and_nothing_is_fetched(page: Path, tmp_path: Path) -> None:
    seen = look(page, tmp_path, width=1280, is_dark=False)
    assert seen["owned"] == ""
    assert seen["fetched"] == []
