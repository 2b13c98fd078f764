"""Conditions on what look-ups bring and on what slots hold."""

import pytest
from support.mapping_site import HEAD, read_site, run_table

from etl.mapping.compiler.source_columns import check_columns
from warehouse.errors import DeliveryError, MappingError

TWO = HEAD.replace("tables:\n", '  people: {file: "people.csv"}\ntables:\n')
THEN = "then_keep_if: [{name: treated, when: \"arm <> 'control'\"}, \"arm <> 'x' OR kind = 'late'\"]"
LOOKED_UP = (
    TWO
    + f"""\
  patient:
    from: visits
    keep_if: "kind <> 'skip'"
    unless_empty: note
    lookup: {{from: people, match: {{pid: pid}}, take: {{arm: group}}}}
    {THEN}
    columns: {{patient_id: pid, aetiology: arm}}
"""
)
PEOPLE = (["pid", "group"], [["P1", "a"], ["P2", "control"], ["P3", "x"], ["P4", "x"], ["P6", ""], ["P7", "control"]])
VISITS = [
    ["P1", "early", "n"], ["P2", "early", "n"], ["P3", "early", "n"], ["P4", "late", "n"], ["P5", "early", "n"],
    ["P6", "late", "n"], ["P7", "skip", "n"], ["P2", "early", ""], ["P3", "", "n"],
]  # fmt: skip


def _slow(arm: str, kind: str) -> tuple[str | None, bool]:
    """Decide by hand: the condition that turns a record away, and whether one cannot be decided."""
    first = None if not arm else arm != "control"
    second = True if kind == "late" or (arm and arm != "x") else (None if not arm or not kind else False)
    if first is False:
        return "treated", False
    if second is False:
        return "arm <> 'x' OR kind = 'late'", False
    return None, first is None or second is None


def test_a_record_is_excluded_by_what_was_looked_up_for_it(tmp_path):
    outcome = run_table(
        read_site(tmp_path, LOOKED_UP), "patient", ["pid", "kind", "note"], VISITS, beside={"people": PEOPLE}
    )
    arms = dict(PEOPLE[1])
    counted = {n: record for n, record in enumerate(VISITS, 1) if record[1] != "skip" and record[2]}
    decided = {n: _slow(arms.get(pid, ""), kind) for n, (pid, kind, _) in counted.items()}
    assert [row["_record"] for row in outcome.rows] == [n for n, (rule, _) in decided.items() if rule is None]
    excluded = {(n, rule) for n, (rule, _) in decided.items() if rule} | {(7, "kind <> 'skip'")}
    assert {(row["_record"], row["rule"]) for row in outcome.excluded} == excluded
    assert {rule for _, rule in excluded} == {"treated", "arm <> 'x' OR kind = 'late'", "kind <> 'skip'"}
    assert [row["_record"] for row in outcome.empty] == [8]
    unknown = {(p["_record"], p["source_column"]) for p in outcome.problems if p["rule"] == "condition_unknown"}
    assert {n for n, _ in unknown if n != 9} == {
        n for n, (rule, is_unknown) in decided.items() if is_unknown and n != 9
    }
    assert (5, "group (people)") in unknown
    assert [p["_record"] for p in outcome.problems if p["rule"] == "lookup_missed"] == [5]


SLOTS = (
    HEAD
    + """\
  imaging_visit:
    from: visits
    unpivot: {name: nth, groups: "1..3", columns: {kind: "k{group}", word: "w{group}"}}
    unless_empty: [kind, word]
    then_keep_if: {name: scans only, when: "kind = 'CT' AND grade <> nth"}
    columns:
      patient_id: pid
      imaged_on: {constant: "2010-01-01"}
      visit_text: nth
      modality_code: {column: word, recode: {ct: ct}}
"""
)


def test_a_slot_is_left_out_by_what_it_holds(tmp_path):
    columns = ["pid", "grade", *(f"{what}{n}" for n in (1, 2, 3) for what in "kw")]
    records = [
        ["P1", "9", "CT", "ct", "US", "?", "", ""],
        ["P2", "1", "CT", "ct", "CT", "??", "", "ct"],
        ["P3", "", "", "", "US", "", "CT", ""],
    ]
    outcome = run_table(read_site(tmp_path, SLOTS), "imaging_visit", columns, records)
    assert [(row["_record"], row["_ordinal"]) for row in outcome.rows] == [(1, 1), (2, 2), (2, 3), (3, 3)]
    assert sorted((row["_record"], row["_ordinal"], row["rule"]) for row in outcome.empty) == [
        (1, 2, "scans only"),
        (1, 3, "unless_empty"),
        (2, 1, "scans only"),
        (3, 1, "unless_empty"),
        (3, 2, "scans only"),
    ]
    assert outcome.excluded == []
    told = {(p["_record"], p["_ordinal"], p["rule"], p["source_column"], p["found"]) for p in outcome.problems}
    assert told == {
        (2, 2, "unlisted_code", "w2", "??"),
        (2, 3, "condition_unknown", "k3, grade", "kind empty"),
        (3, 3, "condition_unknown", "k3, grade", "grade empty"),
    }
    assert {p["expected"] for p in outcome.problems if p["rule"] == "condition_unknown"} == {
        "'then_keep_if': kind = 'CT' AND grade <> nth"
    }


def test_a_column_that_is_not_delivered_is_reported_at_the_condition(tmp_path):
    with pytest.raises(DeliveryError, match=r"mapping\.yaml:15: the source 'visits' .* has no column 'kind'"):
        mapping = read_site(tmp_path, LOOKED_UP.replace("    keep_if: \"kind <> 'skip'\"\n", "    note: x\n"))
        check_columns(mapping, {"visits": ("pid", "note"), "people": ("pid", "group")})


MISTAKES = [
    ("arm <>", "the expression is not valid SQL."),
    ("name = 'x'", "'name' is dropped under 'identity:'"),
    ("pid = 'P1'", "'pid' is pseudonymised under 'identity:' before this reads"),
]


@pytest.mark.parametrize(("condition", "sentence"), MISTAKES)
def test_a_mistake_is_reported_with_its_line(tmp_path, condition, sentence):
    with pytest.raises(MappingError, match=r"mapping\.yaml:15: ") as raised:
        read_site(tmp_path, LOOKED_UP.replace(THEN, f'then_keep_if: "{condition}"'))
    assert sentence in str(raised.value)


def test_it_goes_with_what_comes_before_it(tmp_path):
    text = HEAD + "  patient:\n    from: visits\n    then_keep_if: \"x = '1'\"\n    columns: {patient_id: pid}\n"
    with pytest.raises(
        MappingError, match="'then_keep_if' goes with 'lookup', 'unpivot' or 'explode'; write 'keep_if'"
    ):
        read_site(tmp_path, text)
