"""What a source states once for every part that reads it: columns of which a record has one that is filled."""

import pytest
from support.mapping_site import HEAD, read_site, run_table

from etl.mapping.compiler.source_columns import check_columns
from warehouse.errors import DeliveryError, MappingError

SOURCE = HEAD.replace('"visits*.csv"', '"visits*.csv", unless_empty: [pid, day]')
PARTS = """\
  patient:
    - from: visits
      columns: {patient_id: pid}
    - from: visits
      unless_empty: [cause, sex]
      columns: {patient_id: pid, aetiology: cause, sex: {column: sex, recode: {M: male}}}
    - from: visits
      explode: {columns: [causes], separator: ";"}
      unless_empty: causes
      columns: {patient_id: pid, aetiology: causes}
"""
COLUMNS = ["pid", "day", "cause", "sex", "causes"]
RECORDS = [
    ["P1", "1", "a", "", "x;y"],
    ["", "NA", "a", "M", "x"],
    ["", "2", "", "M", ""],
    ["P4", "", "NA", "", ""],
    ["", "", "", "", ""],
]


def test_a_record_that_is_empty_for_its_source_yields_no_row_anywhere(tmp_path):
    outcome = run_table(read_site(tmp_path, SOURCE + PARTS), "patient", COLUMNS, RECORDS)

    def is_empty(record, names):
        return all(record[COLUMNS.index(name)] in {"", "NA"} for name in names)

    kept = [[n for n, record in enumerate(RECORDS, 1) if not is_empty(record, ["pid", "day"])]]
    kept += [[n for n in kept[0] if not is_empty(RECORDS[n - 1], names)] for names in (["cause", "sex"], ["causes"])]
    assert kept == [[1, 3, 4], [1, 3], [1]]
    parts = [[row["_record"] for row in outcome.rows if row["_ordinal"] // 1000 == part] for part in range(3)]
    assert parts == [kept[0], kept[1], [1, 1]]
    for part in range(3):
        empty = [row["_record"] for row in outcome.empty if row["_ordinal"] // 1000 == part]
        assert sorted({*empty, *parts[part]}) == [1, 2, 3, 4, 5]
    assert {row["rule"] for row in outcome.empty} == {"unless_empty"}


def test_a_column_that_is_not_delivered_is_reported_once_at_the_source(tmp_path):
    mapping = read_site(tmp_path, SOURCE.replace("day", "dey") + PARTS)
    with pytest.raises(DeliveryError) as raised:
        check_columns(mapping, {"visits": tuple(COLUMNS)})
    (told,) = str(raised.value).splitlines()
    assert "mapping.yaml:7: the source 'visits'" in told
    assert "has no column 'dey'. Did you mean 'day'?" in told


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("[pid, day]", "name"), "'name' is dropped under 'identity:', so nothing can read it."),
        (("unless_empty", "unles_empty"), "'unles_empty' is not an option here. Did you mean 'unless_empty'?"),
        (("[pid, day]", "[1]"), 'must be text in quotes; found 1 (write "1" for a code)'),
    ],
)
def test_a_mistake_is_reported_with_its_line(tmp_path, change, sentence):
    with pytest.raises(MappingError) as raised:
        read_site(tmp_path, SOURCE.replace(*change) + PARTS)
    assert any("mapping.yaml:7: " in row and sentence in row for row in str(raised.value).splitlines()), str(
        raised.value
    )
