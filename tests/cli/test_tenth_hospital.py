"""docs/tutorial/tenth_hospital.md, done as it says: a hospital that no program knows, from nothing to a published load."""

import shutil
from pathlib import Path

import pytest
from support.typed_commands import do_as_written
from support.written_page import TypedCommand, read_page

ROOT = Path(__file__).parents[2]
STEPS = read_page(ROOT / "docs" / "tutorial" / "tenth_hospital.md")


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that holds what the page's reader has before she begins; the settings' defaults lead into it."""
    mappings = tmp_path / "site_mappings"
    shutil.copytree(ROOT / "site_mappings" / "_template", mappings / "_template")
    shutil.copy(ROOT / "site_mappings" / "mapping.schema.json", mappings)
    monkeypatch.chdir(tmp_path)
    for name in ("HCC_DATA_DIR", "HCC_REPORTS_DIR", "HCC_MAPPINGS_DIR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_the_page_is_true(clone: Path) -> None:
    """One story, because each of its steps needs the ones before."""
    do_as_written(STEPS, clone)
    report = (clone / "reports" / "harbour.html").read_text(encoding="utf-8")
    assert "Harbour Hospital" in report
    assert "김하나" not in report
    assert "Harbour Hospital" in (clone / "reports" / "index.html").read_text(encoding="utf-8")


def test_a_page_that_lies_is_found() -> None:
    command = TypedCommand("x", "first\n...\nlast  \n")
    assert command.is_answered_by("first  \nlast\n")
    assert command.is_answered_by("first\nand\nmore\nlast\n\n")
    assert not command.is_answered_by("first\nand\nmore\n")
    assert not command.is_answered_by("first\nlast\nmore\n")
    assert not TypedCommand("x", "").is_answered_by("something\n")
