"""docs/how_to/second_study.md, done as it says: a study that no program knows, from a question to its report."""

import shutil
from pathlib import Path

import pytest
from support.drawn_warehouse import make_drawn_warehouse
from support.typed_commands import do_as_written
from support.written_page import WrittenFile, read_page

ROOT = Path(__file__).parents[2]
STEPS = read_page(ROOT / "docs" / "how_to" / "second_study.md")
FILE = "studies/chemoembolisation.yaml"
CHANGED = "    ties: efron"


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that holds what the page's reader has before she begins: the synthetic study, published."""
    (tmp_path / "studies").mkdir()
    shutil.copy(ROOT / "studies" / "study.schema.json", tmp_path / "studies")
    (tmp_path / "data").mkdir()
    make_drawn_warehouse(tmp_path / "data" / "warehouse.duckdb")
    # The drawn patients came by no delivery, so there are no mappings to compare the warehouse with.
    monkeypatch.setattr("etl.derivation.freshness.stale_sentence", lambda *_: None)
    monkeypatch.chdir(tmp_path)
    for name in ("HCC_DATA_DIR", "HCC_REPORTS_DIR", "HCC_STUDIES_DIR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.mark.slow
def test_the_page_is_true(clone: Path) -> None:
    """One story, because each of its steps needs the ones before."""
    do_as_written(STEPS, clone)
    report = (clone / "reports" / "study_chemoembolisation.html").read_text(encoding="utf-8")
    assert "Survival by BCLC stage of patients with chemoembolisation next to sorafenib" in report
    assert list((clone / "reports" / "study_chemoembolisation").rglob("*.svg"))


def test_the_page_writes_the_study_that_is_there(tmp_path: Path) -> None:
    for step in STEPS:
        if isinstance(step, WrittenFile) and step.old != CHANGED:
            step.write_in(tmp_path)
    assert (tmp_path / FILE).read_text(encoding="utf-8") == (ROOT / FILE).read_text(encoding="utf-8")
