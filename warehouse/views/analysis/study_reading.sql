-- What every study reads of every patient, whether it applies to the patient or not (analysis.study_value: where it
-- applies): one row per study, patient and variable. What is not known has no row.
-- Reads analysis.cohort by the variables of the study files (reference.study_variable, study_level_value).
-- @study_id: The study.
-- @variable: The variable.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @level: The level that the patient has; empty for a number. A cell that belongs to no level has no row.
-- @level_position: Place of the level, from 1; 1 is the reference of models.
-- @number: The number, divided as the study file says; empty for levels.
WITH asked AS (
    SELECT
        study_variable.study_id,
        study_variable.variable,
        study_variable.is_number,
        study_variable.divide_by,
        cell.site_id,
        cell.patient_id,
        cell.cell
    FROM analysis.cohort_cell AS cell
    INNER JOIN reference.study_variable AS study_variable
        ON cell.column_name = study_variable.column_name
),

by_word AS (
    SELECT
        asked.study_id,
        asked.variable,
        asked.site_id,
        asked.patient_id,
        level_value.level
    FROM asked
    INNER JOIN reference.study_level_value AS level_value
        ON
            asked.study_id = level_value.study_id
            AND asked.variable = level_value.variable
            AND asked.cell = level_value.cell
    WHERE NOT asked.is_number
),

by_interval AS (
    SELECT
        asked.study_id,
        asked.variable,
        asked.site_id,
        asked.patient_id,
        level_value.level
    FROM asked
    INNER JOIN reference.study_level_value AS level_value
        ON
            asked.study_id = level_value.study_id
            AND asked.variable = level_value.variable
            AND level_value.cell IS NULL
    WHERE
        NOT asked.is_number
        AND (
            level_value.lower_bound IS NULL
            OR CAST(asked.cell AS DOUBLE) > level_value.lower_bound
            OR (level_value.is_lower_included AND CAST(asked.cell AS DOUBLE) = level_value.lower_bound)
        )
        AND (
            level_value.upper_bound IS NULL
            OR CAST(asked.cell AS DOUBLE) < level_value.upper_bound
            OR (level_value.is_upper_included AND CAST(asked.cell AS DOUBLE) = level_value.upper_bound)
        )
),

levelled AS (
    SELECT *
    FROM by_word
    UNION ALL
    SELECT *
    FROM by_interval
)

SELECT
    asked.study_id,
    asked.variable,
    asked.site_id,
    asked.patient_id,
    CAST(NULL AS VARCHAR) AS level,
    CAST(NULL AS INTEGER) AS level_position,
    CAST(asked.cell AS DOUBLE) / asked.divide_by AS number
FROM asked
WHERE asked.is_number
UNION ALL
SELECT
    levelled.study_id,
    levelled.variable,
    levelled.site_id,
    levelled.patient_id,
    levelled.level,
    study_level.position AS level_position,
    CAST(NULL AS DOUBLE) AS number
FROM levelled
INNER JOIN reference.study_level AS study_level
    ON
        levelled.study_id = study_level.study_id
        AND levelled.variable = study_level.variable
        AND levelled.level = study_level.level
