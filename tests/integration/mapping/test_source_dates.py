"""Formats of dates, stated once for a source."""

from datetime import date

import pytest
from support.mapping_site import HEAD, read_site, run_table

from warehouse.errors import MappingError

SOURCE = HEAD.replace('"visits*.csv"', '"visits*.csv", dates: ["%Y.%m.%d", "%Y.%m"]')
COLUMNS = """\
  follow_up:
    from: visits
    columns:
      patient_id: pid
      last_contact_on: {coalesce: [later, seen]}
      died_on: {column: died, date: {precision: died_on_precision}}
"""


def test_a_column_without_formats_reads_those_of_its_source(tmp_path):
    outcome = run_table(
        read_site(tmp_path, SOURCE + COLUMNS),
        "follow_up",
        ["pid", "seen", "later", "died"],
        [
            ["P1", "2010.03.05", "", "2011.02"],
            ["P2", "2010.03.05", "2010.4.6", "2011.02.03"],
            ["P3", "2010-03-05", "", ""],
        ],
    )
    found = [(row["last_contact_on"], row["died_on"], row["died_on_precision"]) for row in outcome.rows]
    assert found == [
        (date(2010, 3, 5), date(2011, 2, 1), "month"),
        (date(2010, 4, 6), date(2011, 2, 3), "day"),
        (None, None, None),
    ]
    told = [(problem["_record"], problem["rule"], problem["expected"]) for problem in outcome.problems]
    assert told == [(3, "not_a_date", "%Y.%m.%d, %Y.%m")]


def test_formats_of_the_column_come_first_and_an_expression_keeps_iso(tmp_path):
    own = COLUMNS.replace("{coalesce: [later, seen]}", '{column: seen, date: "%Y-%m-%d"}').replace(
        "{column: died, date: {precision: died_on_precision}}",
        "{expression: \"CASE WHEN died IS NOT NULL THEN '2012-01-01' END\"}",
    )
    outcome = run_table(
        read_site(tmp_path, SOURCE + own),
        "follow_up",
        ["pid", "seen", "died"],
        [["P1", "2010-03-05", "x"], ["P2", "2010.03.05", ""]],
    )
    assert outcome.values("last_contact_on") == [date(2010, 3, 5), None]
    assert outcome.values("died_on") == [date(2012, 1, 1), None]


def test_formats_of_the_hospital_hold_for_every_source_that_states_none(tmp_path):
    head = HEAD.replace("sources:\n", 'dates: ["%d.%m.%Y"]\nsources:\n  others: {file: o.csv, dates: "%Y"}\n')
    others = "    - from: others\n      columns: {patient_id: pid, last_contact_on: seen}\n"
    text = head + "  follow_up:\n    - from: visits\n      columns: {patient_id: pid, last_contact_on: seen}\n" + others
    outcome = run_table(
        read_site(tmp_path, text),
        "follow_up",
        ["pid", "seen"],
        [["P1", "05.03.2010"], ["P2", "2010"]],
        beside={"others": (["pid", "seen"], [["P3", "2011"], ["P4", "05.03.2010"]])},
    )
    assert outcome.values("last_contact_on") == [date(2010, 3, 5), None, date(2011, 1, 1), None]
    with pytest.raises(MappingError, match=r"mapping\.yaml:6: '%y' reads a two-digit year") as raised:
        read_site(tmp_path, text.replace("%d.%m.%Y", "%y"))
    assert len(str(raised.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        (HEAD + COLUMNS, 13, "'follow_up.last_contact_on' is a date; say its formats, such as date:"),
        (HEAD + COLUMNS, 14, "'follow_up.died_on' is a date; say its formats, such as date:"),
        (SOURCE.replace("%Y.%m.%d", "%y.%m.%d") + COLUMNS, 7, "'%y.%m.%d' reads a two-digit year"),
        (SOURCE.replace("dates:", "date:") + COLUMNS, 7, "'date' is not an option here. Did you mean 'dates'?"),
    ],
)
def test_a_mistake_is_reported_with_its_line(tmp_path, text, line, sentence):
    with pytest.raises(MappingError) as raised:
        read_site(tmp_path, text)
    assert any(f"mapping.yaml:{line}: " in told and sentence in told for told in str(raised.value).splitlines()), str(
        raised.value
    )
