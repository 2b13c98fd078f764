"""The manual and the template against the language: every option is shown, and every example is right."""

import json
import re
from pathlib import Path

import pytest
from support.manual_examples import files_named, read_examples, whole_mapping
from support.mapping_options import all_options, all_words, used_options
from support.mapping_site import read_site

from etl.mapping.compiler.compile import compile_table
from etl.mapping.compiler.source_columns import used_columns
from etl.mapping.language.site_mapping import SiteMapping
from etl.mapping.language.slot_forms import Unpivot
from etl.mapping.read_mapping import read_mapping
from etl.readers import READERS

ROOT = Path(__file__).parents[3]
TEMPLATE = ROOT / "site_mappings" / "_template" / "mapping.yaml"
MANUAL = ROOT / "docs" / "reference" / "mapping.md"
EXAMPLES = read_examples(MANUAL)


@pytest.fixture(scope="module")
def template() -> SiteMapping:
    return read_mapping(TEMPLATE.parents[1], TEMPLATE.parent.name)


def test_the_template_shows_every_option(template: SiteMapping) -> None:
    assert all_options() - used_options(template) == set()


def test_the_template_crosses_axes_too(template: SiteMapping) -> None:
    unpivots = [part.unpivot for parts in template.tables.values() for part in parts if part.unpivot]
    assert {isinstance(unpivot.groups, dict) for unpivot in unpivots} == {True, False}


def test_the_manual_shows_every_option() -> None:
    shown = [used_options(SiteMapping.model_validate(whole_mapping(example))) for example in EXAMPLES.values()]
    assert all_options() - set().union(*shown) == set()


@pytest.mark.parametrize("path", [TEMPLATE, MANUAL], ids=lambda path: path.name)
def test_every_word_that_an_option_takes_is_named(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert {word for word in all_words() if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)} == set()


@pytest.mark.parametrize("suffix", READERS)
def test_the_manual_names_every_kind_of_file(suffix: str) -> None:
    assert f"`{suffix}`" in MANUAL.read_text(encoding="utf-8")


@pytest.mark.parametrize("line", EXAMPLES)
def test_an_example_of_the_manual_is_right(line: str, tmp_path: Path) -> None:
    whole = whole_mapping(EXAMPLES[line]) | {"site": "demo"}
    mapping = read_site(tmp_path, json.dumps(whole, ensure_ascii=False), codes=files_named(whole))
    columns_of = {source: tuple(used_columns(mapping, source)) for source in mapping.sources}
    for table in mapping.tables:
        assert compile_table(mapping, table, columns_of)


def test_the_options_are_those_of_the_models() -> None:
    """The derivation itself: a form deep within, an alias, and a remark that every form may carry."""
    deep = {("Effective", "range_formats"), ("Lookup", "from"), ("Line", "note"), ("Ceilings", "refused_rows_percent")}
    assert deep <= all_options()
    assert ("Unit", "note") not in all_options()
    unpivot = Unpivot.model_validate({"name": "v", "groups": "1..2", "columns": {"x": "{group}"}})
    assert used_options({"a": [unpivot]}) == {("Unpivot", "name"), ("Unpivot", "groups"), ("Unpivot", "columns")}
    assert {"utf-16-le", "pseudonymise", "max"} <= all_words()
