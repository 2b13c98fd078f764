-- What every study reads of every patient, whether it applies to the patient or not (analysis_step.study_value: where
-- it applies): one row per study, patient and variable. What is not known has no row.
-- Reads analysis.cohort by the variables of the study files (reference.study_variable, study_level_value).
-- @study_id: The study.
-- @variable: The variable.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @level: The level that the patient has; empty for a number. A cell that belongs to no level has no row.
-- @level_position: Place of the level, from 1; 1 is the reference of models.
-- @number: The number, divided as the study file says; empty for levels.
WITH level_of_cell AS (
    SELECT
        study_variable.column_name,
        study_variable.study_id,
        study_variable.variable,
        level_value.level,
        level_value.cell,
        level_value.lower_bound,
        level_value.is_lower_included,
        level_value.upper_bound,
        level_value.is_upper_included,
        study_level.position
    FROM reference.study_variable AS study_variable
    INNER JOIN reference.study_level_value AS level_value
        ON
            study_variable.study_id = level_value.study_id
            AND study_variable.variable = level_value.variable
    INNER JOIN reference.study_level AS study_level
        ON
            level_value.study_id = study_level.study_id
            AND level_value.variable = study_level.variable
            AND level_value.level = study_level.level
    WHERE NOT study_variable.is_number
)

SELECT
    study_variable.study_id,
    study_variable.variable,
    cohort_cell.site_id,
    cohort_cell.patient_id,
    CAST(NULL AS VARCHAR) AS level,
    CAST(NULL AS INTEGER) AS level_position,
    CAST(cohort_cell.cell AS DOUBLE) / study_variable.divide_by AS number
FROM analysis_step.cohort_cell AS cohort_cell
INNER JOIN reference.study_variable AS study_variable
    ON cohort_cell.column_name = study_variable.column_name
WHERE study_variable.is_number
UNION ALL
SELECT
    by_word.study_id,
    by_word.variable,
    cohort_cell.site_id,
    cohort_cell.patient_id,
    by_word.level,
    by_word.position AS level_position,
    CAST(NULL AS DOUBLE) AS number
FROM analysis_step.cohort_cell AS cohort_cell
INNER JOIN level_of_cell AS by_word
    ON
        cohort_cell.column_name = by_word.column_name
        AND cohort_cell.cell = by_word.cell
UNION ALL
SELECT
    by_interval.study_id,
    by_interval.variable,
    cohort_cell.site_id,
    cohort_cell.patient_id,
    by_interval.level,
    by_interval.position AS level_position,
    CAST(NULL AS DOUBLE) AS number
FROM analysis_step.cohort_cell AS cohort_cell
INNER JOIN level_of_cell AS by_interval
    ON cohort_cell.column_name = by_interval.column_name
WHERE
    by_interval.cell IS NULL
    AND (
        by_interval.lower_bound IS NULL
        OR CAST(cohort_cell.cell AS DOUBLE) > by_interval.lower_bound
        OR (by_interval.is_lower_included AND CAST(cohort_cell.cell AS DOUBLE) = by_interval.lower_bound)
    )
    AND (
        by_interval.upper_bound IS NULL
        OR CAST(cohort_cell.cell AS DOUBLE) < by_interval.upper_bound
        OR (by_interval.is_upper_included AND CAST(cohort_cell.cell AS DOUBLE) = by_interval.upper_bound)
    )
