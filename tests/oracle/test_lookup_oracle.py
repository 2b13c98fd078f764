"""The compiled look-up and a slow reading of the manual agree on generated records and ranges."""

from collections.abc import Sequence

import lookup_oracle
import mapping_oracle as oracle
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.mapping_site import HEAD, read_site, run_table

MISSING = ["NA", "-", "미시행"]
FORMATS = ["%Y-%m-%d"]
MAPPING = (
    HEAD.replace("tables:", '  people: {file: "people*.csv"}\n  ranges: {file: "ranges*.csv"}\ntables:')
    + """\
  adverse_event:
    from: visits
    keep_if: "test <> 'skip'"
    lookup:
      - {from: people, match: {pid: pid}, take: {patient_sex: sex}, optional: true}
      - from: ranges
        match: {code: test, sex: patient_sex}
        effective: {date: day, formats: "%Y-%m-%d", from: since, to: until}
        take: {found: low, also: high}
    columns:
      patient_id: pid
      verbatim_text: found
      ctcae_version: also
"""
)
COLUMNS = ["pid", "day", "test"]
THERE = ["code", "sex", "since", "until", "low", "high"]

# Few words and few days, so that records and ranges meet, touch and overlap often; the odd ones more rarely.
codes = st.sampled_from(["A"] * 6 + ["B", " A", "NA", "", "skip"])
people = st.sampled_from(["P1"] * 4 + ["P2", "P3", "NA", ""])
sexes = st.sampled_from(["M"] * 5 + ["F", "-", " M "])
january = st.builds("2010-01-{:02d}".format, st.integers(1, 6))
odd_days = st.sampled_from(["", "NA", "2010-01-40", "someday", "2010-1-5", "1899-12-31"])
days = st.one_of(january, january, january, odd_days)
ends = st.one_of(january, january, january, st.sampled_from(["", "NA", "later"]))
values = st.sampled_from(["1", "2", "3", "4", "NA", ""])
visits = st.lists(st.tuples(people, days, codes), min_size=5, max_size=25)
persons = st.lists(st.tuples(st.sampled_from(["P2", "P3", "P3", "NA", ""]), sexes), max_size=4).map(
    lambda rest: [("P1", "M"), *rest]
)
ranges = st.lists(st.tuples(codes, sexes, ends, ends, values, values), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def mapping(tmp_path_factory: pytest.TempPathFactory):
    return read_site(tmp_path_factory.mktemp("site"), MAPPING)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(visits, persons, ranges)
def test_the_sql_looks_up_as_the_manual_says(mapping, generated, known, limits):
    beside = {"people": (["pid", "sex"], known), "ranges": (THERE, limits)}
    outcome = run_table(mapping, "adverse_event", COLUMNS, generated, beside=beside)
    found = {row["_record"]: (row["verbatim_text"], row["ctcae_version"]) for row in outcome.rows}
    told = sorted(
        (p["_record"], p["rule"], p["expected"]) for p in outcome.problems if p["rule"] != "condition_unknown"
    )
    assert len(outcome.rows) == len(found)
    assert (found, told) == _read_slowly(generated, known, limits)


def _read_slowly(generated: Sequence, known: Sequence, limits: Sequence) -> tuple[dict, list]:
    persons = [dict(zip(["pid", "sex"], map(_clean, person), strict=True)) for person in known]
    there = [dict(zip(THERE, map(_clean, record), strict=True)) for record in limits]
    rows, told = {}, []
    for record, cells in enumerate(generated, start=1):
        patient, written, test = map(_clean, cells)
        if test == "skip":
            continue
        same = [person for person in persons if patient is not None and person["pid"] == patient]
        said = {person["sex"] for person in same}
        if len(said) > 1:
            told.append((record, "lookup_ambiguous", "people (pid)"))
        sex = said.pop() if len(said) == 1 else None
        try:
            day = oracle.day(written, FORMATS)[0] if written else None
        except oracle.UnreadableError as wrong:
            day = None
            told.append((record, str(wrong), "%Y-%m-%d"))
        found, rule = lookup_oracle.look_up((test, sex), day, there, ["code", "sex"], FORMATS, taken=["low", "high"])
        follows = rule == "lookup_missed" and (sex is None or (written is not None and day is None))
        if rule and not follows:
            told.append((record, rule, "ranges (code, sex)"))
        rows[record] = (found["low"], found["high"]) if found else (None, None)
    return rows, sorted(told)


def _clean(cell: str) -> str | None:
    return oracle.clean(cell, MISSING)


def test_the_oracle_can_tell_right_from_wrong():
    there = [
        {"code": "A", "since": "2010-01-02", "until": None, "low": "1"},
        {"code": "A", "since": None, "until": "x", "low": "1"},
    ]
    assert (
        lookup_oracle.look_up(("B",), oracle.day("2010-01-01", FORMATS)[0], there, ["code"], FORMATS, taken=["low"])[1]
        == "lookup_missed"
    )
    assert (
        lookup_oracle.look_up(
            ("A",), oracle.day("2010-01-01", FORMATS)[0], there[:1], ["code"], FORMATS, taken=["low"]
        )[1]
        == "lookup_missed"
    )
    assert (
        lookup_oracle.look_up(
            ("A",), oracle.day("2010-01-02", FORMATS)[0], there[:1], ["code"], FORMATS, taken=["low"]
        )[0]
        == there[0]
    )
    assert (
        lookup_oracle.look_up(("A",), oracle.day("2010-01-01", FORMATS)[0], there, ["code"], FORMATS, taken=["low"])[1]
        == "lookup_ambiguous"
    )
