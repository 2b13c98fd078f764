"""The options of a source are one model: the mapping, the readers and the landing's key ask it and state none of their own."""

import inspect

import pytest

from etl.mapping.language.source_form import Source
from etl.readers import READERS
from etl.readers.reader import Reader
from etl.readers.source import EVERY_FORMAT, NOT_TAKEN, SourceFiles, misplaced_options, taken_options

OPTIONS = SourceFiles.model_fields.keys() - {"file", "many"} - EVERY_FORMAT
OTHER = {
    "encoding": "cp949",
    "delimiter": ";",
    "header_rows": 2,
    "header_name_row": 1,
    "skip_rows": 3,
    "sheet": "CT",
    "dictionary": "d.csv",
    "rename": {"AST": ["AST_1", "AST_2"]},
    "line_breaks_in": ["비고"],
}


def test_every_option_says_why_a_format_does_not_take_it() -> None:
    assert set(NOT_TAKEN) == OPTIONS == set(OTHER)


def test_the_mapping_states_no_option_of_its_own() -> None:
    assert set(Source.__annotations__) == {"dates", "decimal", "ignore", "keep_if", "unless_empty"}
    for name, field in SourceFiles.model_fields.items():
        assert Source.model_fields[name].default == field.default
        assert Source.model_fields[name].description == field.description


@pytest.mark.parametrize("suffix", READERS)
@pytest.mark.parametrize("option", sorted(OPTIONS))
def test_an_option_is_taken_or_refused_with_its_reason(suffix: str, option: str) -> None:
    reader = READERS[suffix]
    source = SourceFiles.model_validate({"file": f"a{suffix}", option: OTHER[option]})
    misplaced = misplaced_options(source, reader, suffix)
    if option in reader.takes:
        assert misplaced == {}
        assert taken_options(source, reader)[option] == OTHER[option]
        assert taken_options(source, reader) != taken_options(SourceFiles(file=["a"]), reader)
    else:
        assert list(misplaced) == [option]
        assert NOT_TAKEN[option] in misplaced[option]
        assert option not in taken_options(source, reader)


@pytest.mark.parametrize("reader", {id(reader): reader for reader in READERS.values()}.values())
def test_a_reader_is_handed_the_typed_model(reader: Reader) -> None:
    assert reader.takes <= OPTIONS
    handed = list(inspect.signature(reader.examine, eval_str=True).parameters.values())
    assert handed[2].annotation is SourceFiles
