"""The page of all hospitals in a real browser: it fits a desk and a phone, and hostile text does nothing."""

from pathlib import Path

import pytest
from support.browser_look import NEEDS_BROWSER, brightness, look
from support.quality_warehouse import HOSTILE, build_warehouse, plant_findings, stage_load

from etl.report.all_hospitals.write import write_index
from warehouse.file.connect import raw_connection

pytestmark = NEEDS_BROWSER

SITES = 9


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine hospitals, the first of hostile name and findings, the last with nothing but a refusal."""
    folder = tmp_path_factory.mktemp("browser")
    engine = build_warehouse(folder / "warehouse.duckdb")
    with raw_connection(engine) as con:
        for load_id in range(2, SITES + 1):
            stage_load(con, load_id)
        con.execute("update audit.load set site_id = 'site' || load_id where load_id > 1")
        con.execute("update audit.load set refusal = ?, state = 'refused' where load_id = ?", [HOSTILE, SITES])
        con.execute(
            "insert into audit.site (site_id, hospital) select site_id, ? from audit.load where load_id > 1", [HOSTILE]
        )
        con.execute(
            "update audit.site set current_load_id = (select load_id from audit.load where state = 'staged' "
            "and load.site_id = site.site_id), hospital = ?",
            [HOSTILE],
        )
        con.execute("update audit.load set delivery = ? where load_id = 3", ["2026-11" + "가나다라마바사" * 20])
        plant_findings(con, 1)
        con.execute(
            "insert into quality.finding (load_id, table_name, column_name, rule, category, severity, found, expected) "
            "values (1, 'lab_result', 'value', 'scale_changed', 'plausibility', 'error', $0, $0), "
            "(1, 'patient', 'sex', 'unlisted_code', 'conformance', 'error', $0, $0), "
            "(1, '', null, 'unused_file', 'completeness', 'note', $0, $0)".replace("$0", "$text"),
            {"text": HOSTILE},
        )
        page = write_index(con, reports_dir=folder)
    engine.dispose()
    return page


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_fits_and_is_readable(page: Path, tmp_path: Path, width: int, is_dark: bool) -> None:
    seen = look(page, tmp_path, width=width, is_dark=is_dark)
    assert seen["width"] == width
    assert seen["content"] <= width, f"these stick out: {seen['wide']}"
    assert seen["wide"] == []
    assert seen["answer"] < 800, "the figures are seen without scrolling"
    assert (brightness(seen["paper"]) < 0.3) == is_dark
    assert abs(brightness(seen["paper"]) - brightness(seen["ink"])) > 0.6
    assert (seen["owned"], seen["fetched"]) == ("", [])
