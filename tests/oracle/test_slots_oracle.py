"""The compiled SQL and a slow reading of the manual agree on generated records with several slots."""

from collections.abc import Callable, Iterator
from typing import Any

import mapping_oracle as oracle
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.mapping_site import HEAD, Outcome, read_site, run_table

MISSING = ["NA", "-", "미시행"]
ANALYTES = {"Alb": "albumin", "한 {글}": "bilirubin_total", "q'x\"": None}
GROUPS = ["Alb", "한 {글}", "q'x\"", "가"]
COLUMNS = {"값 '": "{group} v", "day": '"{group}" 날짜', "box": "{group}?"}
NAMES = ("patient_id", "taken_on", "analyte_code", "reported_value_text", "value_qualifier", "reported_value")

FIELDS = """\
      patient_id: pid
      taken_on: {column: day, date: ["%Y-%m-%d", "%Y"]}
      analyte_code: {column: TEST, recode: {Alb: albumin, "한 {글}": bilirubin_total, "q'x\\"": null}}
      reported_value_text: {coalesce: ["값 '", note]}
      reported_value: {column: "값 '", number: {qualifier: value_qualifier}}
"""
UNPIVOT = (
    HEAD
    + """\
  lab_result:
    from: visits
    keep_if: "state <> 'skip'"
    unpivot:
      name: "어느 {group}"
      groups: [Alb, "한 {글}", "q'x\\"", 가]
      columns: {"값 '": "{group} v", day: '"{group}" 날짜', box: "{group}?"}
      ticked: box
      tick_words: {true: [Y, 예], false: [N]}
    unless_empty: ["값 '", day]
    deduplicate: {by: [patient_id, taken_on], keep: last}
    columns:
"""
    + FIELDS.replace("TEST", '"어느 {group}"')
)
EXPLODE = (
    HEAD
    + """\
  lab_result:
    from: visits
    keep_if: "state <> 'skip'"
    explode: {columns: [test, "값 '", day], separator: '[,;]\\s*'}
    unless_empty: [test, "값 '"]
    deduplicate: {by: [patient_id, taken_on], keep: last}
    columns:
"""
    + FIELDS.replace("TEST", "test")
)
SINGLE = (
    HEAD
    + """\
  lab_result:
    from: visits
    explode: {columns: ["값 '"], separator: '[,;]\\s*'}
    unless_empty: ["값 '"]
    columns:
"""
    + FIELDS.replace("TEST", "test")
)

patients = st.sampled_from(["P1", "P2", "P2 ", "", "NA"])
states = st.sampled_from(["ok", "ok", "skip", "", " skip "])
notes = st.sampled_from(["", "as told", "-"])
values = st.sampled_from(["", " ", "NA", "1", " 2.5", "<0.5", "≥ 7", "x", "1,5", "-", "\u1102\u1161"])
days = st.sampled_from(["", "2010-02-01", "2010-02-01", "2010-2-30", "2011", "미시행", "?"])
boxes = st.sampled_from(["Y", "Y", "예", "N", "", "NA", "maybe", " Y "])
group = st.tuples(values, days, boxes)
wide = st.lists(st.tuples(patients, states, notes, *([group] * len(GROUPS))), min_size=1, max_size=12)


def lists_of(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    joint = st.sampled_from([";", ",", "; ", ",\n ", " ;"])
    return st.builds(lambda parts, sign: sign.join(parts), st.lists(part, max_size=4), joint)


tests = st.sampled_from(["Alb", "한 {글}", "q'x\"", "가", "", "NA"])
listed = st.lists(
    st.tuples(patients, states, notes, lists_of(tests), lists_of(values), lists_of(days)), min_size=1, max_size=12
)
quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory):
    texts = {"unpivot": UNPIVOT, "explode": EXPLODE, "single": SINGLE}
    return {name: read_site(tmp_path_factory.mktemp(name), text) for name, text in texts.items()}


class Reading:
    """What the manual says becomes of records: rows, problems, and the slots and records that yield no row."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.problems: set[tuple] = set()
        self.excluded: set[int] = set()
        self.empty: set[tuple[int, int]] = set()
        self.merged: set[tuple[int, int]] = set()

    def counted(
        self, records: list[dict[str, str | None]], *, has_condition: bool = True
    ) -> Iterator[tuple[int, dict]]:
        for record, cells in enumerate(records, start=1):
            if has_condition and cells["state"] == "skip":
                self.excluded.add(record)
                continue
            if has_condition and cells["state"] is None:
                self.problems.add((record, 1, None, "condition_unknown", "state"))
            yield record, cells

    def row(self, record: int, slot: int, cells: dict[str, str | None], *, test: str | None, real: dict) -> None:
        """Read one slot; `real` names the source column behind each of the columns that it speaks of."""

        def attempt(name: str, column: str, text: str | None, read: Callable[[str], Any]) -> Any:
            if text is None:
                return None
            try:
                return read(text)
            except oracle.UnreadableError as wrong:
                self.problems.add((record, slot, name, str(wrong), real.get(column, column)))
                return None

        found = attempt("reported_value", "값 '", cells["값 '"], oracle.qualified)
        taken = attempt("taken_on", "day", cells["day"], lambda text: oracle.day(text, ["%Y-%m-%d", "%Y"]))
        self.rows.append(
            {
                "_record": record,
                "_ordinal": slot,
                "patient_id": cells["pid"],
                "taken_on": taken and taken[0],
                "analyte_code": attempt("analyte_code", "test", test, _analyte),
                "reported_value_text": cells["note"] if cells["값 '"] is None else cells["값 '"],
                "value_qualifier": found and found[0],
                "reported_value": found and found[1],
            }
        )

    def deduplicate(self) -> None:
        self.rows, merged = oracle.last_of_each(self.rows, ["patient_id", "taken_on"])
        self.merged = {(row["_record"], row["_ordinal"]) for row in merged}


def _analyte(text: str) -> str | None:
    if text not in ANALYTES:
        raise oracle.UnreadableError("unlisted_code")
    return ANALYTES[text]


def assert_agree(outcome: Outcome, said: Reading) -> None:
    rows = [{name: row[name] for name in ("_record", "_ordinal", *NAMES)} for row in outcome.rows]
    problems = {
        (p["_record"], p["_ordinal"], p["column_name"], p["rule"], p["source_column"])
        for p in outcome.problems
        if not p["rule"].startswith("unit_")
    }
    assert rows == said.rows
    assert problems == said.problems
    assert {row["_record"] for row in outcome.excluded} == said.excluded
    assert {(row["_record"], row["_ordinal"]) for row in outcome.empty} == said.empty
    assert {(row["_record"], row["_ordinal"]) for row in outcome.merged} == said.merged


@quick
@given(wide)
def test_groups_of_columns_become_slots_as_the_manual_says(sites, generated):
    columns = ["pid", "state", "note"]
    columns += [pattern.replace("{group}", group) for group in GROUPS for pattern in COLUMNS.values()]
    flat = [[*record[:3], *(cell for group in record[3:] for cell in group)] for record in generated]
    outcome = run_table(sites["unpivot"], "lab_result", columns, flat)
    said = Reading()
    clean = [dict(zip(columns, (oracle.clean(cell, MISSING) for cell in record), strict=True)) for record in flat]
    for record, cells in said.counted(clean):
        for slot, found in enumerate(oracle.groups_of(cells, GROUPS, COLUMNS), start=1):
            real = {new: pattern.replace("{group}", GROUPS[slot - 1]) for new, pattern in COLUMNS.items()}
            if found["box"] not in (None, "Y", "예", "N"):
                said.problems.add((record, slot, None, "not_a_boolean", real["box"]))
            if found["box"] not in ("Y", "예") or (found["값 '"] is None and found["day"] is None):
                said.empty.add((record, slot))
                continue
            said.row(record, slot, cells | found, test=GROUPS[slot - 1], real=real | {"test": real["값 '"]})
    said.deduplicate()
    assert_agree(outcome, said)


@quick
@given(listed)
def test_lists_in_step_become_slots_as_the_manual_says(sites, generated):
    names = ["test", "값 '", "day"]
    columns = ["pid", "state", "note", *names]
    outcome = run_table(sites["explode"], "lab_result", columns, generated)
    said = Reading()
    clean = [dict(zip(columns, (oracle.clean(cell, MISSING) for cell in record), strict=True)) for record in generated]
    for record, cells in said.counted(clean):
        lists = {name: oracle.parts_of(cells[name], ",;", MISSING) for name in names}
        lengths = {len(parts) for parts in lists.values() if parts}
        if len(lengths) > 1:
            said.problems.add((record, 1, None, "uneven_parts", ", ".join(names)))
        for slot in range(1, max(lengths, default=1) + 1):
            found = {name: parts[slot - 1] if slot <= len(parts) else None for name, parts in lists.items()}
            if found["test"] is None and found["값 '"] is None:
                said.empty.add((record, slot))
                continue
            said.row(record, slot, cells | found, test=found["test"], real={})
    said.deduplicate()
    assert_agree(outcome, said)


@quick
@given(listed)
def test_a_list_alone_becomes_the_slots_that_say_something(sites, generated):
    columns = ["pid", "state", "note", "test", "값 '", "day"]
    outcome = run_table(sites["single"], "lab_result", columns, generated)
    said = Reading()
    clean = [dict(zip(columns, (oracle.clean(cell, MISSING) for cell in record), strict=True)) for record in generated]
    for record, cells in said.counted(clean, has_condition=False):
        parts = [part for part in oracle.parts_of(cells["값 '"], ",;", MISSING) if part is not None]
        if not parts:
            said.empty.add((record, 1))
        for slot, part in enumerate(parts, start=1):
            said.row(record, slot, cells | {"값 '": part}, test=cells["test"], real={})
    assert_agree(outcome, said)


def test_the_oracle_can_tell_right_from_wrong():
    assert oracle.parts_of("a;\n b,, NA", ",;", MISSING) == ["a", "b", None, None]
    assert oracle.parts_of(None, ",;", MISSING) == []
    rows = [{"k": 1, "n": 1}, {"k": None, "n": 2}, {"k": 1, "n": 3}, {"k": None, "n": 4}]
    stay, gone = oracle.last_of_each(rows, ["k"])
    assert ([row["n"] for row in stay], [row["n"] for row in gone]) == ([2, 3, 4], [1])
