"""What is wrong with how a mapping reads its sources, at the line of the source or of the patient."""

# ruff: noqa: E501 (a table is read across)

import pytest
from support.mapping_site import read_site

from warehouse.errors import MappingError

MAPPING = """\
site: demo
hospital: Demonstration Hospital
version: 1
identity: {pid: pseudonymise, nr: pseudonymise}
sources:
  visits: SOURCE
  labs: {file: "labs.csv"}
tables:
  patient:
    - from: visits
      columns: {patient_id: PATIENT}
  follow_up:
    - from: OTHER
      columns: {patient_id: LOOKED}
"""


def written(source: str, *, patient: str = "pid", other: str = "labs", looked: str = "pid") -> str:
    return (
        MAPPING.replace("SOURCE", source).replace("PATIENT", patient).replace("OTHER", other).replace("LOOKED", looked)
    )


RIGHT = [
    written('{file: "a.csv"}'),
    written('{file: ["a.csv", "b*.xlsx"], header_rows: 3, header_name_row: 3, rename: {x: [y, z], w: v}}'),
    written('{file: "a.csv", rename: {pid: [pid, nr]}}'),
    written('{file: ["a.csv", "b.sav"], many: true, record_number: row}'),
    written('{file: "a.xpt", record_number: nr}', patient="nr", other="visits", looked="nr"),
    written(
        '{file: "a.csv", record_number: nr}',
        patient="nr",
        looked="who}\n      lookup: {from: visits, match: {stay: stay}, take: {who: nr}",
    ),
]
NUMBERED = '{file: "a.csv", record_number: nr}'
WRONG = [
    # the source, the line, what the message says
    (written("{file: []}"), 6, "'sources.visits.file' must be at least 1 entry; found a list."),
    (written("{file: 3}"), 6, "'sources.visits.file' must be a list; found 3"),
    (written('{file: ["a.csv", ""]}'), 6, "'sources.visits.file' must be at least 1 character"),
    (written('{file: ["a.csv", "../b.csv"]}'), 6, "'../b.csv' may not leave the delivery's folder"),
    (written('{file: ["a.csv", "b.sav"], delimiter: ";"}'), 6, "'delimiter' does not go with a .sav file"),
    (written('{file: "a.csv", header_name_row: 2}'), 6, "'header_name_row' is 2, but 'header_rows' gives the header 1 row."),
    (written('{file: "a.csv", header_rows: 3, header_name_row: 4}'), 6, "'header_name_row' is 4, but 'header_rows' gives the header 3 rows."),
    (written('{file: "a.csv", header_rows: 3, header_name_row: 0}'), 6, "'sources.visits.header_name_row' must be 1 or more; found 0"),
    (written('{file: "a.xpt", header_name_row: 1}'), 6, "'header_name_row' does not go with a .xpt file: the names of its columns are not in rows."),
    (written('{file: "a.sav", rename: {x: [y, z]}}'), 6, "'rename' does not go with a .sav file: no two of its columns can bear the same name."),
    (written('{file: "a.xlsx", line_breaks_in: [x]}'), 6, "'line_breaks_in' does not go with a .xlsx file: only in delimited text can a quote swallow lines."),
    (written('{file: "a.csv", rename: {x: []}}'), 6, "must be at least 1 entry"),
    (written('{file: "a.csv", rename: {x: {2: y}}}'), 6, "must be a list; found a map."),
    (written('{file: "a.csv", rename: {x: [y, Y]}}'), 6, "'y' is given to 2 columns; names must differ."),
    (written('{file: "a.csv", rename: {x: [y, z], w: z}}'), 6, "'z' is given to 2 columns; names must differ."),
    (written('{file: "a.csv", rename: {x: [y, z], X: [v]}}'), 6, "'rename' names a column twice, but for its case"),
    (written('{file: "a.csv", dictionary: "d.csv", rename: {x: y}}'), 6, "'rename' does not go with 'dictionary'"),
    (written('{file: "a.csv", rename: {pid: [pid, other]}}'), 6, "'other' bears the name 'pid' in the file, which is under 'identity:'; name 'other' there too."),
    (written('{file: "a.csv", rename: {PID: [one, pid]}}'), 6, "'one' bears the name 'PID' in the file, which is under 'identity:'; name 'one' there too."),
    (written('{file: "a.csv", record_number: ""}'), 6, "must be at least 1 character"),
    (written('{file: "a.csv", record_nummer: x}'), 6, "'record_nummer' is not an option here. Did you mean 'record_number'?"),
    (written('{file: "a.csv", record_number: row}', patient="row"), 11, "'row' names the patient and is not under 'identity:'"),
    (written(NUMBERED, patient="nr"), 14, "the patients are the records of 'visits' ('nr'), which 'labs' does not know: these rows would be nobody's."),
    (written(NUMBERED, patient="nr", looked="nr"), 14, "the patients are the records of 'visits' ('nr'), which 'labs' does not know"),
    (written(NUMBERED, other="visits", looked="nr"), 11, "the patients are the records of 'visits' ('nr'), which 'visits' does not know"),
    (written(NUMBERED, patient="{coalesce: [pid, nr]}", other="visits", looked="nr"), 11, "'nr' is the record's number: it names the patient in every record or in none; take it alone."),
    (written('{file: "a*.csv", many: true, record_number: nr}', patient="nr", other="visits", looked="nr"), 11, "'visits' may have several: their first records would be one patient."),
    (written('{file: ["a.csv", "b.csv"], record_number: nr}', patient="nr", other="visits", looked="nr"), 14, "'visits' may have several: their first records would be one patient."),
]  # fmt: skip


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_raises_nothing(tmp_path, text):
    assert read_site(tmp_path, text).sources["visits"].file


@pytest.mark.parametrize(("text", "line", "sentence"), WRONG, ids=[sentence for _, _, sentence in WRONG])
def test_a_mistake_is_reported_with_its_line(tmp_path, text, line, sentence):
    with pytest.raises(MappingError) as raised:
        read_site(tmp_path, text)
    rows = str(raised.value).splitlines()
    assert any(f"demo/mapping.yaml:{line}: " in row and sentence in row for row in rows), rows
