-- The cells of analysis.cohort that a study file asks for, one row each, as text; empty cells have no row.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @column_name: The column of analysis.cohort.
-- @cell: What it holds, as text.
WITH cell_of_cohort AS (
    UNPIVOT (
        SELECT
            site_id,
            patient_id,
            CAST(COLUMNS(* EXCLUDE (site_id, patient_id)) AS VARCHAR)
        FROM analysis.cohort
    )
    ON COLUMNS(* EXCLUDE (site_id, patient_id))
    INTO NAME column_name VALUE cell
),

asked AS (
    SELECT column_name
    FROM reference.study_variable
    UNION
    SELECT UNNEST([time_column, event_column, competing_time_column, competing_event_column]) AS column_name
    FROM reference.study_endpoint
)

SELECT
    cell_of_cohort.site_id,
    cell_of_cohort.patient_id,
    cell_of_cohort.column_name,
    cell_of_cohort.cell
FROM cell_of_cohort
WHERE cell_of_cohort.column_name IN (SELECT asked.column_name FROM asked)
