"""Response plots: waterfall, swimmer and spider, from the lesions of every visit."""

from typing import TYPE_CHECKING

from etl.study.report.document import Block, Section
from etl.study.report.outline import Outline

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from etl.study.report.pictures import Pictures

LANES = 50
"""Patients in the swimmer plot: more lanes than this cannot be distinguished."""


def response_section(con: "duckdb.DuckDBPyConnection", *, outline: Outline, pictures: "Pictures") -> Section | None:
    """Draw the responses of the first population of the study; None when no visit of theirs was measured."""
    from etl.study.figures.spider import spider
    from etl.study.figures.swimmer import swimmer
    from etl.study.figures.waterfall import waterfall

    population = next(iter(outline.populations), None)
    scans = _scans(con, outline.study_id, population)
    if population is None or scans.empty:
        return None
    best = _best(con, outline.study_id, population)
    courses = _courses(con, outline.study_id, population)
    label = outline.populations[population].lower()
    blocks: tuple[Block, ...] = (
        pictures.draw(
            "waterfall",
            f"Best change of the target sum from the baseline, {label}; a seeded sample where there are many.",
            lambda setting: waterfall(best, setting),
        ),
        pictures.draw(
            "spider",
            f"Change of the target sum over time, {label}; a seeded sample where there are many.",
            lambda setting: spider(scans, setting),
        ),
        pictures.draw(
            "swimmer",
            f"Treatment, responses, progression and death of {LANES} patients drawn by a fixed seed, {label}.",
            lambda setting: swimmer(courses, setting, largest=LANES),
        ),
    )
    lead = "By mRECIST from the diameters of the lesions; what physician and radiologist read is compared in the hospital reports."
    return Section("response", "Response", lead, blocks)


def _scans(con: "duckdb.DuckDBPyConnection", study_id: str, population: str | None) -> "pd.DataFrame":
    """Every measured visit, the best response of the patient in each row; a patient is a key that nobody prints."""
    return con.execute(
        "SELECT member.site_id || '|' || member.patient_id AS patient, CAST(visit.months AS DOUBLE) AS months, "
        "visit.change_percent, cohort.best_overall_response AS response "
        "FROM analysis.study_member AS member JOIN analysis.study_response_visit AS visit USING (site_id, patient_id) "
        "JOIN analysis.cohort AS cohort USING (site_id, patient_id) "
        "WHERE member.study_id = ? AND member.population = ? ORDER BY patient, months",
        [study_id, population],
    ).df()


def _best(con: "duckdb.DuckDBPyConnection", study_id: str, population: str) -> "pd.DataFrame":
    return con.execute(
        "SELECT member.site_id || '|' || member.patient_id AS patient, "
        "min(visit.change_percent) FILTER (WHERE NOT visit.is_baseline AND visit.day > 0) AS change_percent, "
        "any_value(cohort.best_overall_response) AS response "
        "FROM analysis.study_member AS member JOIN analysis.cohort AS cohort USING (site_id, patient_id) "
        "LEFT JOIN analysis.study_response_visit AS visit USING (site_id, patient_id) "
        "WHERE member.study_id = ? AND member.population = ? GROUP BY patient ORDER BY patient",
        [study_id, population],
    ).df()


def _courses(con: "duckdb.DuckDBPyConnection", study_id: str, population: str) -> "pd.DataFrame":
    """When treatment, response, progression and death were, in months since the first dose."""
    return con.execute(
        "WITH visit AS (SELECT site_id, patient_id, "
        "min(months) FILTER (WHERE overall_response = 'CR' AND day > 0) AS cr_start, "
        "min(months) FILTER (WHERE overall_response = 'PR' AND day > 0) AS pr_start "
        "FROM analysis.study_response_visit GROUP BY ALL) "
        "SELECT member.site_id || '|' || member.patient_id AS patient, 0.0 AS start, "
        "CAST(cohort.treatment_months AS DOUBLE) AS stop, "
        "coalesce(NOT cohort.os_event AND cohort.last_dose_on >= cohort.last_contact_on, false) AS is_ongoing, "
        "CAST(visit.cr_start AS DOUBLE) AS cr_start, CAST(visit.pr_start AS DOUBLE) AS pr_start, "
        "CAST(CASE WHEN cohort.ttp_event THEN cohort.ttp_months END AS DOUBLE) AS progression, "
        "CAST(CASE WHEN cohort.os_event THEN cohort.os_months END AS DOUBLE) AS death, "
        "CAST(CASE WHEN NOT cohort.os_event THEN cohort.os_months END AS DOUBLE) AS last_contact "
        "FROM analysis.study_member AS member JOIN analysis.cohort AS cohort USING (site_id, patient_id) "
        "LEFT JOIN visit USING (site_id, patient_id) "
        "WHERE member.study_id = ? AND member.population = ? ORDER BY patient",
        [study_id, population],
    ).df()
