"""A condition on records, stated once for a source."""

from dataclasses import replace

import pytest
from support.mapping_site import HEAD, read_site, run_table

from warehouse.errors import MappingError

KEEP = "keep_if: {name: not cancelled, when: \"state <> 'cancelled'\"}"
SOURCE = HEAD.replace('"visits*.csv"', f'"visits*.csv", {KEEP}')
TABLES = """\
  patient:
    - from: visits
      columns: {patient_id: pid}
    - from: visits
      keep_if: "kind = 'b'"
      columns: {patient_id: pid, aetiology: kind}
"""
RECORDS = [["P1", "sent", "a"], ["P2", "cancelled", "b"], ["P3", "", "b"], ["P4", "cancelled", "a"]]


def test_every_part_begins_with_the_condition_of_its_source(tmp_path):
    once = run_table(read_site(tmp_path / "once", SOURCE + TABLES), "patient", ["pid", "state", "kind"], RECORDS)
    each = TABLES.replace(
        "    - from: visits\n      columns", f"    - from: visits\n      {KEEP}\n      columns"
    ).replace(
        "keep_if: \"kind = 'b'\"", "keep_if: [{name: not cancelled, when: \"state <> 'cancelled'\"}, \"kind = 'b'\"]"
    )
    assert each != TABLES
    written_out = run_table(read_site(tmp_path / "each", HEAD + each), "patient", ["pid", "state", "kind"], RECORDS)
    assert _without_key(once) == _without_key(written_out)
    assert once.values("patient_id") == ["P1", "P3", "P3"]
    assert [(row["_record"], row["rule"]) for row in once.excluded] == [
        (2, "not cancelled"),
        (4, "not cancelled"),
        (1, "kind = 'b'"),
        (2, "not cancelled"),
        (4, "not cancelled"),
    ]
    assert {(problem["rule"], problem["expected"]) for problem in once.problems} == {
        ("condition_unknown", "'keep_if' of the source visits: state <> 'cancelled'")
    }
    assert {problem["expected"] for problem in written_out.problems} == {"'keep_if': state <> 'cancelled'"}


def _without_key(outcome):
    """The outcome, but for the key of the mapping under which a condition stands."""
    problems = [{**each, "expected": each["expected"].partition(": ")[2]} for each in outcome.problems]
    return replace(outcome, problems=problems)


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        (SOURCE.replace("state <> 'cancelled'", "state <>") + TABLES, 7, "the expression is not valid SQL."),
        (SOURCE.replace("state <> 'cancelled'", "pid <> 'x'") + TABLES, 7, "'pid' is pseudonymised under 'identity:'"),
        (SOURCE.replace("state <> 'cancelled'", "name <> 'x'") + TABLES, 7, "'name' is dropped under 'identity:'"),
        (SOURCE + TABLES.replace("kind = 'b'", "kind ="), 13, "the expression is not valid SQL."),
        (
            SOURCE.replace("tables:\n", f'  unread: {{file: "u.csv", {KEEP.replace("state", "state (")}}}\ntables:\n')
            + TABLES,
            8,
            "not valid SQL",
        ),
        (SOURCE.replace("when:", "wen:") + TABLES, 7, "'wen' is not an option here."),
    ],
)
def test_a_mistake_is_reported_where_the_condition_is_written(tmp_path, text, line, sentence):
    with pytest.raises(MappingError) as raised:
        read_site(tmp_path, text)
    told = str(raised.value).splitlines()
    assert [row for row in told if f"mapping.yaml:{line}: " in row and sentence in row], told
    assert not [row for row in told if sentence in row and f"mapping.yaml:{line}: " not in row]
