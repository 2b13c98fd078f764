"""The anchor: what anyone would type to get the laboratory results into a table, and not a thing more.

FROZEN. The speed of reading to staging is told as a multiple of this script, because seconds differ from machine to
machine and a multiple does not. It stays a measure only while nobody improves or burdens it: when the mapping, the
model or DuckDB's idioms change, leave this file as it is; when it no longer runs, replace it once, measure anew, and
say so in README.md. So it imports nothing of the project, and its code lists are copies.

One `CREATE TABLE ... AS SELECT` from the file as text: dates by try_strptime, numbers by TRY_CAST, codes by two small
joins. No identity, no address, no check, no conversion of units, no record of what did not fit.
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
    TRY_CAST(file."참고하한" AS DECIMAL(18, 6)) AS lower_limit,
    TRY_CAST(file."참고상한" AS DECIMAL(18, 6)) AS upper_limit
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
"""


def run_anchor(labs: Path, database: Path, *, threads: int, memory_limit: str) -> dict[str, float]:
    """Make the table in a new database file; tell seconds (connecting apart), peak memory (MB) and records."""
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
