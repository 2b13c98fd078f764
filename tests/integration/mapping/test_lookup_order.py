"""A look-up that takes the first or the last of several records, against a slow reading of the same records."""

import random
from datetime import date
from itertools import groupby

import pytest
from support.mapping_site import HEAD, read_site, run_table

from warehouse.errors import MappingError

TEXT = (
    HEAD.replace("tables:\n", '  calls: {file: "calls.csv"}\ntables:\n')
    + """\
  patient:
    from: visits
    lookup: {from: calls, match: {no: no}, take: {found: word}, keep: KEEP, order_by: {column: at, HOW}}
    columns: {patient_id: pid, aetiology: found}
"""
)
KINDS = {
    "date": ('date: ["%Y-%m-%d", "%Y-%m"]', ["2010-01-09", "2010-01-10", "2010-02", "2009-12-31", "", "?", "NA"]),
    "number": ("number: true", ["9", "10", "-1", "2.5", "", "?", "NA"]),
}


def _place(kind: str, text: str) -> object:
    """Read a cell of the order; None where it is empty, an error where it cannot be read."""
    if text in {"", "NA"}:
        return None
    if kind == "number":
        return float(text)
    return date.fromisoformat(text if text.count("-") > 1 else f"{text}-01")


def _slow(kind: str, keep: str, there: list[list[str]]) -> tuple[str | None, str | None]:
    """Take a key's record by hand: its word, and the rule that is broken."""
    if not there:
        return None, "lookup_missed"
    if len(there) == 1:
        return there[0][2], None
    try:
        places = [_place(kind, record[1]) for record in there]
    except ValueError:
        return None, "lookup_ambiguous"
    known = [place for place in places if place is not None]
    best = (max if keep == "last" else min)(known) if known else None
    words = {record[2] for record, place in zip(there, places, strict=True) if place == best}
    return (words.pop(), None) if len(words) == 1 else (None, "lookup_ambiguous")


@pytest.mark.parametrize("keep", ["first", "last"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_record_that_comes_first_or_last_is_taken(tmp_path, kind, keep):
    how, cells = KINDS[kind]
    drawn = random.Random(5)  # noqa: S311
    calls = [
        [str(key), drawn.choices(cells, [6, 6, 6, 6, 2, 1, 2])[0], drawn.choice("abc")]
        for key in range(150)
        for _ in range(drawn.choice([0, 1, 2, 3]))
    ]
    visits = [[f"P{key}", str(key)] for key in range(150)]
    mapping = read_site(tmp_path, TEXT.replace("KEEP", keep).replace("HOW", how))
    outcome = run_table(mapping, "patient", ["pid", "no"], visits, beside={"calls": (["no", "at", "word"], calls)})

    there = {key: list(records) for key, records in groupby(calls, key=lambda call: call[0])}
    expected = [_slow(kind, keep, there.get(no, [])) for _, no in visits]
    rules = {problem["_record"]: problem["rule"] for problem in outcome.problems}
    found = [(row["aetiology"], rules.get(row["_record"])) for row in outcome.rows]
    assert found == expected
    assert {rule for _, rule in expected} == {None, "lookup_missed", "lookup_ambiguous"}
    assert sum(rule is None for _, rule in expected) > 60


MISTAKES = [
    ("keep: last", "'keep' and 'order_by' go together"),
    ("order_by: {column: at, number: true}", "'keep' and 'order_by' go together"),
    ("keep: last, order_by: {column: at}", "say what orders the column: 'date' with its formats, or 'number: true'"),
    ("keep: last, order_by: {column: at, number: true, date: '%Y'}", "say what orders the column"),
    ("keep: last, order_by: {colum: at, number: true}", "'colum' is not an option here. Did you mean 'column'?"),
    ("keep: last, order_by: {column: at, date: '%y'}", "'%y' reads a two-digit year"),
    ("keep: last, order_by: {column: pid, number: true}", "'pid' is pseudonymised under 'identity:' before this reads"),
    ("keep: last, order_by: {column: name, number: true}", "'name' is dropped under 'identity:'"),
    (
        "keep: last, order_by: {column: at, number: true}, effective: {date: d, formats: '%Y-%m-%d', from: a}",
        "'keep' and 'effective' exclude each other",
    ),
]


@pytest.mark.parametrize(("options", "sentence"), MISTAKES, ids=[options for options, _ in MISTAKES])
def test_a_mistake_is_reported_with_its_line(tmp_path, options, sentence):
    text = TEXT.replace("keep: KEEP, order_by: {column: at, HOW}", options)
    with pytest.raises(MappingError, match=r"mapping\.yaml:12: ") as raised:
        read_site(tmp_path, text)
    assert sentence in str(raised.value)
