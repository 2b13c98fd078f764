"""Time laboratory grading against the bare join and CASE that anyone would type.

Both read the same table of results in DuckDB, drawn once, and write a table with one row per result: its own columns,
the grade, and the criterion and limit behind it; ours first judges which values and limits can be so. The bare one joins
a table of limits and has a CASE over multiples of normal, absolute limits and multiples of the baseline, and two more for
words and limit; it checks nothing, and knows no missing limit, no unit but the right one, no conditions, no options, no
reasons and no warnings. One limit of normal in a hundred is one that cannot be used.
"""

import argparse
import time
from statistics import median

import duckdb

from benchmarks.measure import peak_mb, tell
from warehouse.views.refresh import VIEWS
from warehouse.views.rules import apply_rule, open_rules

RESULTS = """
CREATE TABLE clinical_step.gradable_result AS
WITH measured AS (
    SELECT lab_term, lab_term.analyte_code, ladder.unit, row_number() OVER (ORDER BY lab_term, ladder.unit) - 1 AS number,
        abs(coalesce(ladder.absolute_3, sqrt(upper_limit_from::DOUBLE * upper_limit_to), 40)) AS typical,
        coalesce(sqrt(lower_limit_from::DOUBLE * lower_limit_to), typical * 0.9) AS typical_lower,
        coalesce(sqrt(upper_limit_from::DOUBLE * upper_limit_to), typical * 1.1) AS typical_upper
    FROM reference.lab_term
    INNER JOIN clinical_step.lab_ladder AS ladder ON ladder.ladder_term = lab_term AND unit_fault IS NULL
    INNER JOIN reference.unit_conversion ON unit_conversion.analyte_code = lab_term.analyte_code AND from_unit = ladder.unit
    INNER JOIN clinical_step.lab_bound AS bound ON bound.analyte_code = lab_term.analyte_code AND bound.unit = ladder.unit
)
SELECT
    'site' AS site_id, 'P' || lpad((n // 200)::VARCHAR, 8, '0') AS patient_id, DATE '2010-01-01' + (n % 1000)::INTEGER AS taken_on,
    analyte_code, lab_term, (typical * (0.2 + (hash(n) % 2000000) / 1000000))::DECIMAL(18, 6) AS reported_value,
    CASE WHEN hash(n, 1) % 100 = 0 THEN '<' END AS value_qualifier, unit AS reported_unit,
    CASE WHEN hash(n, 2) % 20 > 0 THEN if(hash(n, 6) % 100 = 0, -1, typical_lower)::DECIMAL(18, 6) END AS lower_limit,
    CASE WHEN hash(n, 3) % 20 > 0 THEN if(hash(n, 7) % 100 = 0, 0, typical_upper)::DECIMAL(18, 6) END AS upper_limit,
    CASE WHEN hash(n, 4) % 20 > 0 THEN typical::DECIMAL(18, 6) END AS baseline,
    NULL::DECIMAL(18, 6) AS percent_change, false AS is_baseline, false AS is_before_treatment,
    NULL::DECIMAL(18, 6) AS infarction_cutoff, analyte_code = 'calcium_total' AS is_calcium_total,
    CASE WHEN analyte_code = 'calcium_total' THEN 3.5::DECIMAL(18, 6) END AS albumin_g_dl,
    hash(n, 5) % 2 = 0 AS is_fasting, NULL::BOOLEAN AS is_anticoagulated, NULL::BOOLEAN AS is_symptomatic,
    NULL::BOOLEAN AS has_physiologic_consequences, NULL::BOOLEAN AS has_transfusion, NULL::BOOLEAN AS is_hospitalized,
    NULL::BOOLEAN AS is_life_threatening, NULL::BOOLEAN AS has_hemorrhage, NULL::VARCHAR AS input_fault,
    NULL::VARCHAR AS lower_limit_fault, NULL::VARCHAR AS upper_limit_fault,
    'labs.csv' AS source_file, n AS source_record, 1000 AS source_ordinal
FROM range({records}) AS drawn (n)
INNER JOIN measured ON measured.number = drawn.n % (SELECT count(*) FROM measured)
"""

BARE_LIMITS = """
CREATE TABLE bare_limit AS
SELECT ladder_term, unit, term, is_low,
    normal_times_1, normal_times_2, normal_times_3, normal_times_4,
    abs(absolute_2) AS absolute_2, abs(absolute_3) AS absolute_3, abs(absolute_4) AS absolute_4,
    coalesce(baseline_times_1, baseline_from_1) AS baseline_1, coalesce(baseline_times_2, baseline_from_2) AS baseline_2,
    coalesce(baseline_times_3, baseline_from_3) AS baseline_3, coalesce(baseline_times_4, baseline_from_4) AS baseline_4,
    max(criterion) FILTER (WHERE grade = 0) AS words_0, max(criterion) FILTER (WHERE grade = 1) AS words_1,
    max(criterion) FILTER (WHERE grade = 2) AS words_2, max(criterion) FILTER (WHERE grade = 3) AS words_3,
    max(criterion) FILTER (WHERE grade = 4) AS words_4
FROM clinical_step.lab_ladder
INNER JOIN clinical_step.lab_rung ON rung_number // 100 = ladder_number
GROUP BY ALL
"""

BARE = """
CREATE TABLE bare_grade AS
WITH graded AS (
    SELECT *,
        CASE
            WHEN is_low THEN CASE
                WHEN reported_value < normal_times_4 * lower_limit OR reported_value < absolute_4
                    OR reported_value < baseline_4 * baseline THEN 4
                WHEN reported_value < normal_times_3 * lower_limit OR reported_value < absolute_3
                    OR reported_value < baseline_3 * baseline THEN 3
                WHEN reported_value < normal_times_2 * lower_limit OR reported_value < absolute_2
                    OR reported_value < baseline_2 * baseline THEN 2
                WHEN reported_value < normal_times_1 * lower_limit OR reported_value < baseline_1 * baseline THEN 1
                ELSE 0
            END
            ELSE CASE
                WHEN reported_value > normal_times_4 * upper_limit OR reported_value > absolute_4
                    OR reported_value > baseline_4 * baseline THEN 4
                WHEN reported_value > normal_times_3 * upper_limit OR reported_value > absolute_3
                    OR reported_value > baseline_3 * baseline THEN 3
                WHEN reported_value > normal_times_2 * upper_limit OR reported_value > absolute_2
                    OR reported_value > baseline_2 * baseline THEN 2
                WHEN reported_value > normal_times_1 * upper_limit OR reported_value > baseline_1 * baseline THEN 1
                ELSE 0
            END
        END AS grade
    FROM clinical_step.gradable_result INNER JOIN bare_limit ON lab_term = ladder_term AND reported_unit = unit
)
SELECT site_id, patient_id, taken_on, analyte_code, lab_term, term, grade, reported_value, reported_unit, lower_limit,
    upper_limit, baseline, is_baseline, is_before_treatment, source_file, source_record, source_ordinal,
    CASE grade WHEN 0 THEN words_0 WHEN 1 THEN words_1 WHEN 2 THEN words_2 WHEN 3 THEN words_3 ELSE words_4 END AS criterion,
    CASE grade
        WHEN 1 THEN normal_times_1 * if(is_low, lower_limit, upper_limit)
        WHEN 2 THEN coalesce(absolute_2, normal_times_2 * if(is_low, lower_limit, upper_limit))
        WHEN 3 THEN coalesce(absolute_3, normal_times_3 * if(is_low, lower_limit, upper_limit))
        WHEN 4 THEN coalesce(absolute_4, normal_times_4 * if(is_low, lower_limit, upper_limit))
    END AS limit_value
FROM graded
"""


def time_lab_grading(records: int, *, threads: int, memory_limit: str) -> dict[str, object]:
    """Draw results, then time the bare grading and ours in turn, three times; report the median seconds and ratio."""
    con = open_rules()
    con.execute(f"SET threads = {threads}")
    con.execute(f"SET memory_limit = '{memory_limit}'")
    apply_rule(con, "clinical_step.lab_rung")
    apply_rule(con, "clinical_step.lab_option")
    con.execute(RESULTS.format(records=records))
    con.execute("CREATE SCHEMA current")
    con.execute(
        "CREATE VIEW current.lab_result AS SELECT *, NULL::VARCHAR AS source_sheet FROM clinical_step.gradable_result"
    )
    con.execute(BARE_LIMITS)
    judged, graded = (
        (VIEWS / folder / "laboratory" / f"{name}.sql").read_text(encoding="utf-8")
        for folder, name in (("clinical_step", "doubtful_result"), ("clinical", "lab_grade"))
    )
    ours = f"CREATE TABLE clinical_step.doubtful_result AS {judged};\nCREATE TABLE our_grade AS {graded}"
    pairs = [(_seconds(con, BARE), _seconds(con, ours)) for _ in range(3)]
    return {
        "records": records,
        "bare": median(bare for bare, _ in pairs),
        "ours": median(our for _, our in pairs),
        "ratio": median(our / bare for bare, our in pairs),
        "peak_mb": peak_mb(),
    }


def _seconds(con: duckdb.DuckDBPyConnection, sql: str) -> float:
    """Time one statement; the table that it makes goes before the next."""
    started = time.perf_counter()
    con.execute(sql)
    seconds = time.perf_counter() - started
    con.execute("DROP TABLE IF EXISTS bare_grade")
    con.execute("DROP TABLE IF EXISTS our_grade")
    con.execute("DROP TABLE IF EXISTS clinical_step.doubtful_result")
    return seconds


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Time laboratory grading against a bare join and CASE.")
    parser.add_argument("--records", type=int, default=10_000_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory-limit", default="8GB")
    options = parser.parse_args()
    tell(time_lab_grading(options.records, threads=options.threads, memory_limit=options.memory_limit))
