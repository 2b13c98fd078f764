-- To whom a variable applies that does not apply to everyone, such as the duration of a response to those who have one:
-- patients with one of the named levels of every variable that the study file names (applies_to).
-- @study_id: The study.
-- @variable: The variable.
-- @site_id: The hospital; the person is (site_id, patient_id).
-- @patient_id: Pseudonym of the patient, unique within the site.
WITH asked AS (
    SELECT
        study_id,
        variable,
        COUNT(DISTINCT by_variable) AS conditions
    FROM reference.study_applicability
    GROUP BY study_id, variable
),

met AS (
    SELECT
        applicability.study_id,
        applicability.variable,
        reading.site_id,
        reading.patient_id,
        COUNT(DISTINCT applicability.by_variable) AS conditions
    FROM reference.study_applicability AS applicability
    INNER JOIN analysis_step.study_reading AS reading
        ON
            applicability.study_id = reading.study_id
            AND applicability.by_variable = reading.variable
            AND applicability.level = reading.level
    GROUP BY applicability.study_id, applicability.variable, reading.site_id, reading.patient_id
)

SELECT
    met.study_id,
    met.variable,
    met.site_id,
    met.patient_id
FROM met
INNER JOIN asked
    ON
        met.study_id = asked.study_id
        AND met.variable = asked.variable
        AND met.conditions = asked.conditions
