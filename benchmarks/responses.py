"""Time the rules of response, from measured visits to best responses, against a bare DuckDB window of the same shape.

The bare statements are what anyone would type: two windows over the sums, a CASE for the response and one for the words
next to it, then one window for the first progression and the best of what stands before it. They know no options,
nothing that is unknown, no confirmation, no second rule, no minimum but 42 days.
"""

import argparse
import time
from collections.abc import Callable
from statistics import median

import duckdb

from benchmarks.measure import peak_mb, tell

VISITS = 6
_TURNS = 3

_DRAW = """
CREATE TABLE clinical_step.measured_visit AS
SELECT
    'site' || patient % 9 AS site_id, 'P-' || patient AS patient_id, visit * 56 AS day, visit * 56 AS last_day,
    visit = 0 AS is_baseline,
    CAST(20 + hash(patient * 7 + visit) % 80 AS DECIMAL(12, 6)) AS target_sum_mm,
    CASE WHEN hash(patient * 3 + visit) % 20 = 0 AND visit > 0 THEN 'some' ELSE 'all' END AS targets_measured,
    FALSE AS are_targets_gone,
    CASE hash(patient) % 3 WHEN 0 THEN 'none' ELSE 'IR/SD' END AS non_target_code,
    hash(patient * 5 + visit) % 15 = 0 AS has_new_lesion,
    CAST(NULL AS STRUCT(day BIGINT, sum_mm DECIMAL(12, 6))[]) AS sums_by_day,
    CASE WHEN hash(patient * 5 + visit) % 15 = 0 THEN visit * 56 END AS new_lesion_day,
    CAST(NULL AS BIGINT) AS non_target_pd_day, CAST(NULL AS VARCHAR) AS new_lesion_doubt,
    CAST(NULL AS DECIMAL(12, 6)) AS open_sum_mm
FROM range({patients}) AS patients(patient), range({visits}) AS visits(visit)
ORDER BY hash(patient * 11 + visit)
"""
_BARE = (
    """
    CREATE TABLE bare_response AS
    WITH course AS (
        SELECT *, max(CASE WHEN is_baseline THEN target_sum_mm END) OVER earlier AS baseline_sum_mm,
            min(CASE WHEN targets_measured = 'all' THEN target_sum_mm END) OVER earlier AS nadir_mm
        FROM clinical_step.measured_visit
        WINDOW earlier AS (
            PARTITION BY site_id, patient_id ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
    )
    SELECT *, CASE
        WHEN is_baseline THEN NULL
        WHEN has_new_lesion OR non_target_code = 'PD' OR target_sum_mm * 100 >= nadir_mm * 120 THEN 'PD'
        WHEN targets_measured <> 'all' THEN 'NE'
        WHEN are_targets_gone THEN CASE WHEN non_target_code IN ('CR', 'none') THEN 'CR' ELSE 'PR' END
        WHEN target_sum_mm * 100 <= baseline_sum_mm * 70 THEN 'PR'
        ELSE 'SD' END AS overall_response, CASE
        WHEN is_baseline THEN 'baseline'
        WHEN has_new_lesion THEN 'PD: new lesion'
        WHEN target_sum_mm * 100 >= nadir_mm * 120 THEN 'PD: sum at least 20 % above the nadir'
        WHEN non_target_code = 'PD' THEN 'PD: unequivocal growth of non-targets'
        WHEN targets_measured <> 'all' THEN 'NE: not every target was measured'
        WHEN are_targets_gone THEN 'CR: no viable target, or PR: non-targets persist'
        WHEN target_sum_mm * 100 <= baseline_sum_mm * 70 THEN 'PR: sum at least 30 % below the baseline'
        ELSE 'SD: neither response nor progression' END AS criterion
    FROM course
    """,
    """
    CREATE TABLE bare_best AS
    WITH followed AS (
        SELECT *, bool_or(overall_response = 'PD') OVER (
            PARTITION BY site_id, patient_id ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS has_pd_before
        FROM bare_response WHERE NOT is_baseline
    )
    SELECT site_id, patient_id, CASE
        WHEN count(*) FILTER (WHERE overall_response = 'CR') > 0 THEN 'CR'
        WHEN count(*) FILTER (WHERE overall_response = 'PR') > 0 THEN 'PR'
        WHEN count(*) FILTER (WHERE overall_response = 'SD' AND day >= 42) > 0 THEN 'SD'
        WHEN count(*) FILTER (WHERE overall_response = 'PD') > 0 THEN 'PD'
        ELSE 'NE' END AS best_overall_response
    FROM followed WHERE has_pd_before IS NOT TRUE GROUP BY site_id, patient_id
    """,
)
_REPORTED = """
CREATE VIEW clinical.reported_response AS
SELECT site_id, patient_id, 'lesions' AS reading, day, overall_response AS response,
    CAST(NULL AS BIGINT) AS new_therapy_day
FROM clinical.visit_response WHERE NOT is_baseline
"""


def time_responses(patients: int, *, threads: int, memory_limit: str) -> dict[str, float]:
    """Return the seconds of the bare windows and of ours, by turns, and the median of the ratios of the turns."""
    from warehouse.views.rules import apply_rule, open_rules

    seconds: dict[str, list[float]] = {"bare": [], "ours": []}
    with open_rules() as con:
        con.execute(f"SET threads = {threads}; SET memory_limit = '{memory_limit}'")
        con.execute(_DRAW.format(patients=patients, visits=VISITS))
        apply_rule(con, "clinical_step.response_option")
        given = _tables(con)

        def apply_ours() -> None:
            apply_rule(con, "clinical.visit_response")
            con.execute(_REPORTED)
            apply_rule(con, "clinical.best_response")

        def apply_bare() -> None:
            for statement in _BARE:
                con.execute(statement)

        for _ in range(_TURNS):
            seconds["bare"].append(_time(apply_bare))
            seconds["ours"].append(_time(apply_ours))
            differing = con.execute(
                "SELECT count(*) FROM bare_best FULL JOIN clinical.best_response AS ours USING (site_id, patient_id) "
                "WHERE bare_best.best_overall_response IS DISTINCT FROM ours.best_overall_response"
            ).fetchall()
            assert differing == [(0,)], "the bare statements answer another question"
            con.execute("DROP VIEW clinical.reported_response")
            for name in _tables(con) - given:
                con.execute(f"DROP TABLE {name}")
    ratios = [ours / bare for bare, ours in zip(seconds["bare"], seconds["ours"], strict=True)]
    return {
        "records": patients * VISITS,
        "bare": median(seconds["bare"]),
        "ours": median(seconds["ours"]),
        "ratio": median(ratios),
        "peak_mb": peak_mb(),
    }


def _time(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _tables(con: duckdb.DuckDBPyConnection) -> set[str]:
    rows = con.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
    return {str(name) for (name,) in rows}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Time the rules of response against bare windows.")
    parser.add_argument("--patients", type=int, default=1_000_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory-limit", default="2GB")
    options = parser.parse_args()
    tell({**time_responses(options.patients, threads=options.threads, memory_limit=options.memory_limit)})
