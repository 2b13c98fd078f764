"""The compiled aggregate, units by row and Excel's days agree with a slow reading of the manual on generated records."""

from collections.abc import Callable
from datetime import date
from typing import Any

import aggregate_oracle
import mapping_oracle as oracle
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.mapping_site import HEAD, read_site, run_table

MISSING = ["NA", "-", "미시행"]
UNITS = {"cm": 10, "mm": 1, "센티": 10}
HOW = ["first", "last", "min", "max"]
MAPPING = (
    HEAD
    + """\
  tumour_baseline:
    from: visits
    unless_empty: [day, size]
    aggregate: {by: [patient_id], columns: {imaged_on: DAY, largest_diameter_mm: SIZE, nodule_count: COUNT}}
    columns:
      patient_id: pid
      imaged_on: {column: day, date: [SYSTEM]}
      largest_diameter_mm: {column: size, unit: {column: unit, recode: {cm: cm, mm: mm, 센티: cm}}}
      nodule_count: {column: count, number: {qualifier: nodule_count_qualifier}}
      has_lung_metastasis: {column: lung, boolean: {true: [Y], false: [N]}}
"""
)
COLUMNS = ["pid", "day", "size", "unit", "count", "lung"]

days = st.one_of(
    st.sampled_from(["0", "1", "59", "60", "61", "71588", "71589", "73050", "73051"]),
    st.builds(str, st.integers(0, 73100)),
    st.from_regex(r"[0-9]{1,6}([.,][0-9]{0,3})?", fullmatch=True),
    st.sampled_from(["", "NA", "-1", "4e4", "2010-01-01", " 40000 "]),
)
sizes = st.one_of(
    st.from_regex(r"[0-9]{1,3}(\.[0-9])?", fullmatch=True), st.sampled_from(["", "x", "99999999999", "999999999999"])
)
units = st.sampled_from(["cm", "mm", "센티", "inch", "NA", "", " cm"])
counts = st.sampled_from(["1", "2", ">3", "<1", "", "many", "3"])
records = st.lists(
    st.tuples(
        st.sampled_from(["P1", "P2", "P3", "", "NA"]), days, sizes, units, counts, st.sampled_from(["Y", "N", "", "?"])
    ),
    min_size=1,
    max_size=14,
)


@pytest.fixture(scope="module", params=[("excel", "min"), ("excel1904", "max")], ids=lambda param: param[0])
def way(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    system, how = request.param
    other = HOW[(HOW.index(how) + 1) % 4]
    stated = {"imaged_on": how, "largest_diameter_mm": other, "nodule_count": "last" if how == "min" else "min"}
    text = MAPPING.replace("SYSTEM", system)
    for word, name in (("DAY", "imaged_on"), ("SIZE", "largest_diameter_mm"), ("COUNT", "nodule_count")):
        text = text.replace(word, stated[name])
    return read_site(tmp_path_factory.mktemp("site"), text), system, stated


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(records)
def test_the_sql_puts_rows_together_as_the_manual_says(way, generated):
    mapping, system, stated = way
    outcome = run_table(mapping, "tumour_baseline", COLUMNS, generated)
    rows, told, empty = _read_slowly(generated, is_1904=system == "excel1904")
    expected, merged = aggregate_oracle.aggregate(
        rows, "patient_id", stated, {"nodule_count_qualifier": "nodule_count"}
    )
    names = [name for name in rows[0] if name != "record"] if rows else []
    found = [{"record": row["_record"], **{name: row[name] for name in names}} for row in outcome.rows]
    assert sorted(found, key=lambda row: row["record"]) == expected
    assert {row["_record"] for row in outcome.merged} == merged
    assert {row["_record"] for row in outcome.empty} == empty
    assert {(p["_record"], p["column_name"], p["rule"]) for p in outcome.problems} == told


def _read_slowly(generated: list[tuple[str, ...]], *, is_1904: bool) -> tuple[list[dict[str, Any]], set, set]:
    rows: list[dict[str, Any]] = []
    told, empty = set(), set()
    for record, cells in enumerate(generated, start=1):
        patient, day, size, unit, count, lung = (oracle.clean(cell, MISSING) for cell in cells)
        if day is None and size is None:
            empty.add(record)
            continue

        def attempt(name: str, text: str | None, read: Callable[[str], Any], *, record: int = record) -> Any:
            if text is None:
                return None
            try:
                return read(text)
            except oracle.UnreadableError as wrong:
                told.add((record, name, str(wrong)))
                return None

        found = attempt("nodule_count", count, oracle.qualified)
        rows.append(
            {
                "record": record,
                "patient_id": patient,
                "imaged_on": attempt("imaged_on", day, lambda text: aggregate_oracle.excel_day(text, is_1904=is_1904)),
                "largest_diameter_mm": attempt(
                    "largest_diameter_mm", size, lambda text, unit=unit: aggregate_oracle.millimetres(text, unit, UNITS)
                ),
                "nodule_count": found and found[1],
                "nodule_count_qualifier": found and found[0],
                "has_lung_metastasis": attempt("has_lung_metastasis", lung, _yes_or_no),
            }
        )
        if size is not None and unit not in UNITS and not _is_number(size):
            told.add((record, "largest_diameter_mm", "no_unit" if unit is None else "unlisted_unit"))
    return rows, told, empty


def _is_number(text: str) -> bool:
    try:
        oracle.number(text)
    except oracle.UnreadableError:
        return False
    return True


def _yes_or_no(text: str) -> bool:
    if text not in {"Y", "N"}:
        raise oracle.UnreadableError("not_a_boolean")
    return text == "Y"


def test_the_oracle_can_tell_right_from_wrong():
    assert aggregate_oracle.excel_day("40242.7", is_1904=False) == date(2010, 3, 5)
    assert aggregate_oracle.excel_day("61", is_1904=False) == date(1900, 3, 1)
    rows = [{"record": 1, "k": "a", "x": None}, {"record": 2, "k": "a", "x": 3}, {"record": 3, "k": None, "x": 4}]
    kept = [{"record": 1, "k": "a", "x": 3}, {"record": 3, "k": None, "x": 4}]
    assert aggregate_oracle.aggregate(rows, "k", {}, {}) == (kept, {2})
    with pytest.raises(oracle.UnreadableError, match="no_unit"):
        aggregate_oracle.millimetres("3", None, UNITS)
