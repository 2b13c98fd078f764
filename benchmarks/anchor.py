"""The benchmark's anchor: the least hand-written SQL that gets the laboratory results into a table.

FROZEN. The speed of reading to staging is reported as a multiple of this script, because seconds differ from machine to
machine and a multiple does not. It stays a measure only while nobody improves or burdens it: when the mapping, the
model or DuckDB's idioms change, leave this file as it is; when it no longer runs, replace it once, measure again, and
say so in README.md. So it imports nothing of the project, and its code lists are copies.

One `CREATE TABLE ... AS SELECT` from the file as text, of the same columns that the mapping fills: dates by
try_strptime, numbers by TRY_CAST, codes and units by three small joins. No identity, no address, no check, no record of
what did not fit.
"""

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import duckdb

SQL = r"""
CREATE TABLE lab_result AS
SELECT
    file."연구등록번호" AS patient_id,
    try_strptime(file."검사일자", '%Y-%m-%d')::DATE AS taken_on,
    analyte.value AS analyte_code,
    file."결과" AS reported_value_text,
    nullif(regexp_extract(file."결과", '^[<>≤≥]=?'), '') AS value_qualifier,
    TRY_CAST(ltrim(file."결과", '<>≤≥= ') AS DECIMAL(18, 6)) AS reported_value,
    unit.value AS reported_unit,
    conversion.factor AS unit_factor,
    CASE
        WHEN conversion.factor = 1 THEN TRY_CAST(ltrim(file."결과", '<>≤≥= ') AS DECIMAL(18, 6))
        ELSE CAST(
            TRY_CAST(ltrim(file."결과", '<>≤≥= ') AS DECIMAL(38, 12)) * conversion.factor AS DECIMAL(18, 6)
        )
    END AS value,
    conversion.to_unit AS unit,
    TRY_CAST(file."참고하한" AS DECIMAL(18, 6)) AS lower_limit,
    TRY_CAST(file."참고상한" AS DECIMAL(18, 6)) AS upper_limit,
    'result' AS limits_source_code
FROM read_csv(?, all_varchar = true) AS file
LEFT JOIN (
    VALUES
        ('L101', 'ast'), ('L102', 'alt'), ('L103', 'alp'), ('L104', 'ggt'), ('L105', 'bilirubin_total'),
        ('L106', 'bilirubin_direct'), ('L107', 'albumin'), ('L108', 'protein_total'), ('L201', 'creatinine'),
        ('L202', 'bun'), ('L203', 'sodium'), ('L204', 'potassium'), ('L205', 'chloride'), ('L206', 'calcium_total'),
        ('L207', 'phosphate'), ('L208', 'magnesium'), ('L209', 'glucose'), ('L210', 'uric_acid'), ('L211', 'crp'),
        ('L212', 'amylase'), ('L213', 'lipase'), ('L301', 'hemoglobin'), ('L302', 'wbc'), ('L303', 'neutrophils'),
        ('L304', 'lymphocytes'), ('L305', 'platelets'), ('L401', 'inr'), ('L402', 'prothrombin_time'), ('L501', 'afp'),
        ('L502', 'pivka_ii')
) AS analyte (code, value) ON analyte.code = file."검사코드"
LEFT JOIN (
    VALUES
        ('mg/dL', 'mg/dL'), ('mg/dl', 'mg/dL'), ('g/dL', 'g/dL'), ('IU/L', 'U/L'), ('U/L', 'U/L'),
        ('mmol/L', 'mmol/L'), ('10^3/uL', '10*3/uL'), ('INR', '1'), ('sec', 's'), ('ng/mL', 'ng/mL'),
        ('mg/L', 'mg/L'), ('mAU/mL', 'm[AU]/mL')
) AS unit (code, value) ON unit.code = file."단위"
LEFT JOIN (
    SELECT column0 AS analyte, column1 AS from_unit, column2 AS to_unit, column3::DECIMAL(18, 9) AS factor
    FROM (VALUES
        ('afp', 'ng/mL', 'ng/mL', 1.000000000), ('albumin', 'g/dL', 'g/dL', 1.000000000),
        ('alp', 'U/L', 'U/L', 1.000000000), ('alt', 'U/L', 'U/L', 1.000000000),
        ('amylase', 'U/L', 'U/L', 1.000000000), ('ast', 'U/L', 'U/L', 1.000000000),
        ('bilirubin_direct', 'mg/dL', 'mg/dL', 1.000000000), ('bilirubin_total', 'mg/dL', 'mg/dL', 1.000000000),
        ('bun', 'mg/dL', 'mg/dL', 1.000000000), ('bun', 'mmol/L', 'mg/dL', 2.801000000),
        ('calcium_total', 'mg/dL', 'mg/dL', 1.000000000), ('calcium_total', 'mmol/L', 'mg/dL', 4.008000000),
        ('chloride', 'mmol/L', 'mmol/L', 1.000000000), ('creatinine', 'mg/dL', 'mg/dL', 1.000000000),
        ('crp', 'mg/L', 'mg/L', 1.000000000), ('crp', 'mg/dL', 'mg/L', 10.000000000),
        ('ggt', 'U/L', 'U/L', 1.000000000), ('glucose', 'mg/dL', 'mg/dL', 1.000000000),
        ('glucose', 'mmol/L', 'mg/dL', 18.016000000), ('hemoglobin', 'g/dL', 'g/dL', 1.000000000),
        ('hemoglobin', 'mmol/L', 'g/dL', 1.611344000), ('inr', '1', '1', 1.000000000),
        ('lipase', 'U/L', 'U/L', 1.000000000), ('lymphocytes', '10*3/uL', '10*9/L', 1.000000000),
        ('magnesium', 'mg/dL', 'mg/dL', 1.000000000), ('magnesium', 'mmol/L', 'mg/dL', 2.430500000),
        ('neutrophils', '10*3/uL', '10*9/L', 1.000000000), ('phosphate', 'mg/dL', 'mg/dL', 1.000000000),
        ('phosphate', 'mmol/L', 'mg/dL', 3.097000000), ('pivka_ii', 'm[AU]/mL', 'm[AU]/mL', 1.000000000),
        ('platelets', '10*3/uL', '10*9/L', 1.000000000), ('potassium', 'mmol/L', 'mmol/L', 1.000000000),
        ('protein_total', 'g/dL', 'g/dL', 1.000000000), ('prothrombin_time', 's', 's', 1.000000000),
        ('sodium', 'mmol/L', 'mmol/L', 1.000000000), ('uric_acid', 'mg/dL', 'mg/dL', 1.000000000),
        ('uric_acid', 'mmol/L', 'mg/dL', 16.811000000), ('wbc', '10*3/uL', '10*9/L', 1.000000000)
    ) AS t (column0, column1, column2, column3)
) AS conversion ON conversion.analyte = analyte.value AND conversion.from_unit = unit.value
"""


def run_anchor(labs: Path, database: Path, *, threads: int, memory_limit: str) -> dict[str, float]:
    """Make the table in a new database file; report seconds (connecting apart), peak memory (MB) and records."""
    with duckdb.connect(str(database), config={"threads": threads, "memory_limit": memory_limit}) as con:
        con.execute("SET enable_progress_bar = false")
        started = time.perf_counter()
        con.execute(SQL, [str(labs)]).fetchall()
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        ((records,),) = con.execute("SELECT count(*) FROM lab_result").fetchall()
    return {"seconds": seconds, "peak_mb": peak / 1e6, "records": records}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Time one CREATE TABLE ... AS SELECT.")
    parser.add_argument("labs", type=Path, help="the laboratory file")
    parser.add_argument("database", type=Path, help="the DuckDB file to make")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--memory-limit", required=True)
    options = parser.parse_args()
    print(
        json.dumps(
            run_anchor(options.labs, options.database, threads=options.threads, memory_limit=options.memory_limit)
        )
    )
