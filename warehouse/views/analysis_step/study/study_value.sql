-- What every study knows of every patient: one row per study, patient and variable. What is not known has no row, and
-- what does not apply to the patient has none either, also where the cohort has a value.
-- @study_id: The study.
-- @variable: The variable.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
-- @level: The level that the patient has; empty for a number. A cell that belongs to no level has no row.
-- @level_position: Place of the level, from 1; 1 is the reference of models.
-- @number: The number, divided as the study file says; empty for levels.
SELECT
    reading.study_id,
    reading.variable,
    reading.site_id,
    reading.patient_id,
    reading.level,
    reading.level_position,
    reading.number
FROM analysis_step.study_reading AS reading
WHERE
    NOT EXISTS (
        SELECT 1
        FROM reference.study_applicability AS applicability
        WHERE
            reading.study_id = applicability.study_id
            AND reading.variable = applicability.variable
    )
UNION ALL
SELECT
    reading.study_id,
    reading.variable,
    reading.site_id,
    reading.patient_id,
    reading.level,
    reading.level_position,
    reading.number
FROM analysis_step.study_reading AS reading
INNER JOIN analysis_step.study_applicable AS applicable
    ON
        reading.study_id = applicable.study_id
        AND reading.variable = applicable.variable
        AND reading.site_id = applicable.site_id
        AND reading.patient_id = applicable.patient_id
