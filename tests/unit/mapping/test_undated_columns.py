"""Which columns a mapping reads as anything but dates: there a typed date is what a spreadsheet made of something else."""

import pytest
from support.mapping_site import HEAD, read_site

from etl.mapping.compiler.undated_columns import undated_columns

TWO = HEAD.replace("tables:\n", '  people: {file: "people.csv"}\ntables:\n')
VISIT = (
    TWO
    + """\
  imaging_visit:
    from: visits
    LINE
    columns:
      patient_id: pid
      imaged_on: {column: seen, date: "%Y-%m-%d"}
      visit_text: TEXT
"""
)


@pytest.mark.parametrize(
    ("line", "text", "expected"),
    [
        ("note: x", "label", {"pid", "label"}),
        ("note: x", "{coalesce: [label, other]}", {"pid", "label", "other"}),
        ("note: x", "seen", {"pid"}),
        ("note: x", '{expression: "left(label, 4)"}', {"pid"}),
        ("keep_if: \"label <> '2010-01-02'\"", "label", {"pid"}),
        ('unpivot: {name: nth, groups: "1..2", columns: {word: "w{group}"}}', "word", {"pid", "w1", "w2"}),
        ("lookup: {from: people, match: {pid: pid}, take: {word: group}}", "word", set()),
        ("lookup: {from: people, match: {day: label}, take: {word: group}}", "label", {"pid"}),
    ],
)
def test_what_fills_no_date_and_is_asked_nothing_is_undated(tmp_path, line, text, expected):
    mapping = read_site(tmp_path, VISIT.replace("LINE", line).replace("TEXT", text))
    assert undated_columns(mapping, "visits") == expected


def test_what_a_look_up_brings_is_judged_in_its_own_source(tmp_path):
    line = "lookup: {from: people, match: {pid: pid}, take: {word: group, started: start}}"
    text = VISIT.replace("LINE", line).replace("TEXT", "word").replace("column: seen", "column: started")
    assert undated_columns(read_site(tmp_path, text), "people") == {"group"}


def test_a_day_that_is_counted_from_is_a_date(tmp_path):
    text = VISIT.replace("LINE", "note: x").replace("TEXT", "start")
    text = text.replace('date: "%Y-%m-%d"', 'date: {since: start, unit: days, formats: "%Y-%m-%d"}')
    assert undated_columns(read_site(tmp_path, text), "visits") == {"pid"}
