"""docs/published_comparison.md is what the study, computed again from its first row, comes to."""

from pathlib import Path

import pytest
from drawn_warehouse import make_drawn_warehouse

from etl.study.analyses.patients import Patients
from etl.study.analyses.run import run_analyses
from etl.study.analyses.store import add_results, write_results
from etl.study.definition.load import load_studies
from etl.study.definition.read_study import read_study
from etl.study.published.compare_study import compare_published
from etl.study.published.document import PAGE, fill_page
from warehouse.connect import open_warehouse, raw_connection
from warehouse.errors import NotFoundError
from warehouse.refresh import refill, refresh
from warehouse.transaction import transaction

STUDIES = Path("studies")


@pytest.mark.slow
def test_the_page_is_current(tmp_path: Path) -> None:
    """Sensitivity analyses are left out: no printed figure is compared with one."""
    studies = tmp_path / "studies"
    (studies / "published").mkdir(parents=True)
    for path in (STUDIES / "published").glob("*.csv"):
        (studies / "published" / path.name).write_bytes(path.read_bytes())
    text = (STUDIES / "sorafenib.yaml").read_text(encoding="utf-8")
    (studies / "sorafenib.yaml").write_text(text.partition("\nsensitivity:")[0] + "\n", encoding="utf-8")
    definition = read_study(studies, "sorafenib")
    page = PAGE.read_text(encoding="utf-8")
    make_drawn_warehouse(tmp_path / "warehouse.duckdb")
    engine = open_warehouse(tmp_path / "warehouse.duckdb")
    with raw_connection(engine) as con:
        with transaction(con):
            load_studies(con, studies)
            refresh(con)
        with pytest.raises(NotFoundError, match=r"The study sorafenib is not computed .* Run 'make study' first\."):
            fill_page(page, con, definition)
        sheets, _ = run_analyses(Patients(con, definition.study), lambda _: None)
        with transaction(con):
            write_results(con, definition, sheets)
            refill(con, reading="study")
            add_results(con, definition, [compare_published(con, definition)])
            refill(con, reading="study")
        filled = fill_page(page, con, definition)
    engine.dispose()
    assert page == filled, "run `make comparison` after `make study`"
