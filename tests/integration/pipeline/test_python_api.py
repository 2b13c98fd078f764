"""docs/reference/python_api.md: its examples, executed from top to bottom as they stand there."""

import doctest
import re
import shutil
from pathlib import Path

import pytest
from support.drawn_warehouse import make_drawn_warehouse
from support.new_warehouse import copy_new_warehouse
from support.small_site import write_delivery

from etl.settings import Settings

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "reference" / "python_api.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^(<!-- slow -->\n)?```pycon\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the page describes, as the working directory; no setting comes from outside."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"HCC_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def execute(text: str) -> list[str]:
    """Execute examples in one namespace; give the report of each that does not answer as written."""
    failed: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
    runner.run(doctest.DocTestParser().get_doctest(text, {}, "python_api.md", None, 0), out=failed.append)
    return failed


def test_the_examples_answer_as_written(folder: Path) -> None:
    settings = Settings(mappings_dir=folder / "site_mappings", data_dir=folder / "data")
    write_delivery(settings, "2026-11")
    copy_new_warehouse(settings.warehouse_path)
    failed = execute("".join(block for slow, block in BLOCKS if not slow))
    assert failed == [], "\n".join(failed)


@pytest.mark.slow
def test_the_example_of_a_study_answers_as_written(folder: Path) -> None:
    shutil.copytree(ROOT / "studies", folder / "studies")
    (folder / "data").mkdir()
    make_drawn_warehouse(folder / "data" / "warehouse.duckdb")
    (example,) = [block for slow, block in BLOCKS if slow]
    failed = execute(example)
    assert failed == [], "\n".join(failed)


def test_an_answer_that_is_not_the_pages_is_reported() -> None:
    assert len(execute(">>> 1 + 1\n3\n")) == 1


def test_every_call_that_the_page_lists_is_there() -> None:
    from importlib import import_module

    calls = re.findall(r"`((?:etl|warehouse)(?:\.\w+)+)`", PAGE.partition("## Settings")[0])
    assert len(calls) >= 8
    for call in calls:
        module, _, name = call.rpartition(".")
        if call != "etl.study.statistics":
            assert callable(getattr(import_module(module), name)), call
