"""The encoding of a hospital's texts, stated once at the head of its mapping."""

import pytest
from support.mapping_site import HEAD, read_site

from warehouse.errors import MappingError

SOURCES = """\
  old: {file: "old.csv", encoding: utf-8}
  bars: {file: ["bars.txt", "bars_*.TSV"], delimiter: "|"}
  transport: {file: dm.xpt}
  book: {file: "book.xlsx"}
  both: {file: ["both.csv", "both.xlsx"]}
  coded: {file: coded.sav}
"""
TEXT = (
    HEAD.replace("sources:\n", f"encoding: cp949\nsources:\n{SOURCES}")
    + "  patient: {from: visits, columns: {patient_id: pid}}\n"
)


def test_it_holds_for_every_source_of_text_that_states_none(tmp_path):
    mapping = read_site(tmp_path, TEXT)
    assert {name: source.encoding for name, source in mapping.sources.items()} == {
        "visits": "cp949",
        "old": "utf-8",
        "bars": "cp949",
        "transport": "cp949",
        "book": "utf-8",
        "both": "utf-8",
        "coded": "utf-8",
    }


def test_without_it_a_text_is_utf8(tmp_path):
    mapping = read_site(tmp_path, TEXT.replace("encoding: cp949\n", ""))
    assert {source.encoding for source in mapping.sources.values()} == {"utf-8"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (TEXT.replace("cp949", "euc-kr"), "'encoding' must be one of 'utf-8'"),
        (
            HEAD.replace("sources:\n", "encoding: cp949\nsources:\n").replace("visits*.csv", "visits.xlsx")
            + "  patient: {from: visits, columns: {patient_id: pid}}\n",
            "'encoding' is of texts, and no source is one; remove it.",
        ),
    ],
)
def test_a_mistake_is_reported_with_its_line(tmp_path, text, sentence):
    with pytest.raises(MappingError) as raised:
        read_site(tmp_path, text)
    assert f"mapping.yaml:{text[: text.index('encoding:')].count(chr(10)) + 1}: {sentence}" in str(raised.value)
